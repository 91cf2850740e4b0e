"""A kind fitted to one list: what agreement is worth in it, found out from the list itself and without labels.

How often two rows taken at random agree is counted; how often two rows of one person do is not known, but can be told
from those that are surely one, and then who is surely one can be told better, and so on (the expectation maximisation
of Fellegi and Sunter's model). It begins with what is usual, and a list with few pairs stays near it.

Rows of one household, and of one office, agree in much without being one person. They are a class of pairs of their
own, so that what they share by nature does not count as if it were chance.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.dedupe.kinds import Feature, Graded, Kind, Model
from crm.dedupe.pairs import AnyInts, Ints, Pairs
from crm.dedupe.score import PIECE
from crm.dedupe.weights import UNKNOWN

Floats = NDArray[np.float64]
Levels = dict[str, Ints]

FEWEST = 200  # forms; a shorter list tells too little of itself
SAMPLE = 100_000  # pairs that are looked at, of candidates and at random
ROUNDS = 12
HELD = 30  # pairs that the usual shares stand for
LEAST_SHARE = 0.02  # pairs of one person a form, and of one household or office, that are reckoned with at least
MOST = 1500  # points that any level is worth
RAREST = 400  # points that the rarity of a value is worth


def fit(kind: Kind, model: Model, forms: Sequence[Any], left: AnyInts, right: AnyInts, total: int, scale: float) -> Kind:
    """The kind with the points that hold in a list of `total` forms. `left` and `right` are places in `forms` of one
    in `scale` of the pairs that have a key in common."""
    features = {one.name: one for one in kind.features if isinstance(one, Graded)}
    pairs = Pairs(forms, np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64))
    met = measure(features, pairs)
    said = {name: one for name, one in features.items() if (met[name] != one.scale.at(UNKNOWN)).any()}
    everyone = np.random.default_rng(0).integers(0, len(forms), (2, SAMPLE))
    everyone = everyone[:, everyone[0] != everyone[1]]
    anyhow = Pairs(forms, everyone[0], everyone[1])
    anyhow.cache = pairs.cache
    chance = {name: share_levels(said[name], levels) for name, levels in measure(said, anyhow).items()}
    rarity = make_rarity(model.rarity, forms)
    rare = np.concatenate([rarity.weigh(piece) for piece in pairs.chunks(PIECE)]) / 100
    usual = {name: list_shares(said[name], model.usual[name]) for name in chance}
    crowds = {
        crowd.name: {
            name: np.log2(1 - part + part * mark_levels(said[name], levels) / chance[name])
            for name, (levels, part) in crowd.shared.items()
            if name in chance
        }
        for crowd in model.crowds
    }
    crowded = {name: add_up(gains, met, len(rare)) for name, gains in crowds.items()}
    possible = total * (total - 1) / 2
    prior = {name: LEAST_SHARE * total / possible for name in ("one", *crowds)}
    prior["one"] *= 5
    shares, worth = usual, {}
    for _ in range(ROUNDS):
        worth = {name: np.log2(np.maximum(shares[name], 1e-4) / chance[name]) for name in chance}
        for name in worth:
            worth[name][said[name].scale.at(UNKNOWN)] = 0
        parts = {"one": add_up(worth, met, len(rare)) + rare, **crowded}
        odds = {name: prior[name] * np.exp2(np.clip(points, -60, 60)) for name, points in parts.items()}
        whole = 1 + sum(odds.values())
        likely = {name: of / whole for name, of in odds.items()}
        prior = {name: max(scale * of.sum(), LEAST_SHARE * total) / possible for name, of in likely.items()}
        shares = {
            name: pool(np.bincount(met[name], likely["one"] * scale, len(usual[name])), usual[name], said[name])
            for name in chance
        }
    fitted: list[Feature | Graded] = []
    for feature in kind.features:
        if feature.name in worth and isinstance(feature, Graded):
            points = to_points(rise(worth[feature.name], feature.scale.at(UNKNOWN)))
            fitted.append(replace(feature, scale=feature.scale.worth(points)))
        elif not isinstance(feature, Graded) and feature.name not in model.without:
            fitted.append(feature)
    fitted.append(rarity)
    for crowd in model.crowds:
        if crowds[crowd.name]:
            gains = {said[name]: gain for name, gain in crowds[crowd.name].items()}
            fitted.append(Feature(crowd.name, make_weigher(gains, prior[crowd.name], crowd.doc), crowd.say))
    start = to_points(np.log2([prior["one"] / (1 - prior["one"])]))
    return replace(kind, features=tuple(fitted), prior=kind.prior.worth(start))


def make_rarity(columns: Mapping[str, Callable[[Any], str]], forms: Sequence[Any]) -> Feature:
    """What it is worth that a value in common is rarer, or commoner, than most in the list."""
    tables: dict[str, dict[str, int]] = {}
    for name, read in columns.items():
        counts = Counter(value for form in forms if (value := read(form)))
        expected = sum(count * count for count in counts.values()) / max(1, counts.total())
        tables[name] = {value: rate(expected / count) for value, count in counts.items()} if counts else {}

    def weigh(pairs: Pairs) -> Ints:
        """A rare name in common tells more than a common one, as often as the list itself has it; so do a rare place
        and a rare job."""
        points = np.zeros(len(pairs), dtype=np.int64)
        for name, table in tables.items():
            if table:
                read = columns[name]
                if f"rarity of {name}" not in pairs.cache:
                    rarities = [table.get(read(form), 0) for form in pairs.forms]
                    pairs.cache[f"rarity of {name}"] = np.array(rarities, dtype=np.int64)
                agree = pairs.agreement(name, read) == 1
                points += np.where(agree, pairs.cache[f"rarity of {name}"][pairs.left], 0)
        return points

    return Feature("rarity", weigh, say_rarity)


def say_rarity(left: Any, right: Any, points: int) -> str:
    if not points:
        return "what both have in common is neither rare nor common here"
    return "what both have in common is rare here" if points > 0 else "what both have in common is common here"


def rate(times: float) -> int:
    """Points for a value that is so many times rarer than most."""
    return int(np.clip(round(100 * math.log2(times)), -RAREST, RAREST))


def make_weigher(gains: Mapping[Graded, Floats], prior: float, doc: str) -> Callable[[Pairs], Ints]:
    """How far it speaks against one person that the two may be of a crowd."""

    def weigh(pairs: Pairs) -> Ints:
        bits = np.zeros(len(pairs))
        for feature, gain in gains.items():
            bits += gain[feature.measure(pairs)]
        return to_points(-np.log2(1 + prior * np.exp2(bits)))

    weigh.__doc__ = doc
    return weigh


def measure(features: Mapping[str, Graded], pairs: Pairs) -> Levels:
    """The level of every pair, feature by feature."""
    pieces = pairs.chunks(PIECE)
    return {name: np.concatenate([one.measure(piece) for piece in pieces]) for name, one in features.items()}


def add_up(worth: Mapping[str, Floats], levels: Levels, count: int) -> Floats:
    total = np.zeros(count)
    for name, bits in worth.items():
        total += bits[levels[name]]
    return total


def share_levels(feature: Graded, levels: Ints) -> Floats:
    """Which share of pairs that both say something stands at each level."""
    counts = np.bincount(levels, minlength=len(feature.scale.levels)).astype(np.float64)
    unknown = feature.scale.at(UNKNOWN)
    counts[unknown] = 0
    shares = (counts + 0.5) / (counts.sum() + 0.5 * (len(counts) - 1))
    shares[unknown] = 1
    return shares


def list_shares(feature: Graded, said: Mapping[str, float]) -> Floats:
    return np.array([said.get(level, 0.0) for level in feature.scale.levels])


def mark_levels(feature: Graded, levels: tuple[str, ...]) -> Floats:
    return np.array([float(level in levels) for level in feature.scale.levels])


def pool(counts: Floats, usual: Floats, feature: Graded) -> Floats:
    """The shares that were found, held to the usual ones."""
    counts[feature.scale.at(UNKNOWN)] = 0
    return (counts + HELD * usual) / (counts.sum() + HELD)


def rise(bits: Floats, unknown: int) -> Floats:
    """The nearest values that do not fall from level to level; what says nothing stays nought."""
    answer = bits.copy()
    known = [at for at in range(len(bits)) if at != unknown]
    pools: list[tuple[float, int]] = []
    for value in bits[known].tolist():
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, n), (other, m) = pools[-2:]
            pools[-2:] = [((one * n + other * m) / (n + m), n + m)]
    answer[known] = np.repeat([value for value, _ in pools], [count for _, count in pools])
    return answer


def to_points(bits: Floats) -> Ints:
    """Hundredths of a bit, in whole numbers."""
    return np.rint(np.clip(bits * 100, -MOST, MOST)).astype(np.int64)
