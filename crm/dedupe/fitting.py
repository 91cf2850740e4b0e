"""A kind fitted to one list: what agreement is worth in it, found out from the list itself and without labels.

How often two rows taken at random agree is counted; how often two rows of one person do is not known, but can be told
from those that are surely one, and then who is surely one can be told better, and so on (the expectation maximisation
of Fellegi and Sunter's model). It begins with what is usual, and a list with few pairs stays near it.

Rows of one household, and of one office, agree in much without being one person. They are a class of pairs of their
own, so that what they share by nature does not count as if it were chance.
"""

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


def fit(kind: Kind, model: Model, forms: Sequence[Any], left: AnyInts, right: AnyInts, total: int, scale: float) -> Kind:
    """The kind with the points that hold in a list of `total` forms. `left` and `right` are places in `forms` of one
    in `scale` of the pairs that have a key in common."""
    features = {one.name: one for one in kind.features if isinstance(one, Graded)}
    rarity = next(one for one in kind.features if one.name == model.rarity)
    everyone = np.random.default_rng(0).integers(0, len(forms), (2, SAMPLE))
    everyone = everyone[:, everyone[0] != everyone[1]]
    chance = {
        name: share_levels(features[name], levels, forms)
        for name, levels in measure(features, Pairs(forms, everyone[0], everyone[1])).items()
    }
    chance = {name: shares for name, shares in chance.items() if shares is not None}
    pairs = Pairs(forms, np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64))
    met = measure({name: features[name] for name in chance}, pairs)
    rare = np.concatenate([rarity.weigh(piece) for piece in pairs.chunks(PIECE)]) / 100
    usual = {name: list_shares(features[name], model.usual[name]) for name in chance}
    crowds = {
        crowd.name: {
            name: np.log2(1 - part + part * mark_levels(features[name], levels) / chance[name])
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
            worth[name][features[name].scale.at(UNKNOWN)] = 0
        parts = {"one": add_up(worth, met, len(rare)) + rare, **crowded}
        odds = {name: prior[name] * np.exp2(np.clip(points, -60, 60)) for name, points in parts.items()}
        whole = 1 + sum(odds.values())
        likely = {name: of / whole for name, of in odds.items()}
        prior = {name: max(scale * of.sum(), LEAST_SHARE * total) / possible for name, of in likely.items()}
        shares = {
            name: pool(np.bincount(met[name], likely["one"] * scale, len(usual[name])), usual[name], features[name])
            for name in chance
        }
    return make_kind(kind, model, worth, crowds, prior)


def make_kind(
    kind: Kind, model: Model, worth: Mapping[str, Floats], crowds: Mapping[str, Mapping[str, Floats]], prior: Mapping[str, float]
) -> Kind:
    """The kind with these points."""
    fitted: list[Feature | Graded] = []
    for feature in kind.features:
        if feature.name in model.without:
            continue
        if isinstance(feature, Graded) and feature.name in worth:
            points = to_points(rise(worth[feature.name], feature.scale.at(UNKNOWN)))
            fitted.append(replace(feature, scale=feature.scale.worth(points)))
        else:
            fitted.append(feature)
    graded = {one.name: one for one in kind.features if isinstance(one, Graded)}
    for crowd in model.crowds:
        gains = crowds[crowd.name]
        if gains:
            weigh = make_weigher({graded[name]: gain for name, gain in gains.items()}, prior[crowd.name], crowd.doc)
            fitted.append(Feature(crowd.name, weigh, crowd.say))
    return replace(
        kind, features=tuple(fitted), prior=kind.prior.worth(to_points(np.log2([prior["one"] / (1 - prior["one"])])))
    )


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


def share_levels(feature: Graded, levels: Ints, forms: Sequence[Any]) -> Floats | None:
    """Which share of pairs that both say something stands at each level; None if there are none."""
    counts = np.bincount(levels, minlength=len(feature.scale.levels)).astype(np.float64)
    unknown = feature.scale.at(UNKNOWN)
    counts[unknown] = 0
    if not counts.sum():
        return None
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
