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
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.dedupe.kinds import Feature, Graded, Kind
from crm.dedupe.pairs import AnyInts, Ints, Pairs
from crm.dedupe.score import PIECE
from crm.dedupe.weights import UNKNOWN

Floats = NDArray[np.float64]
Levels = dict[str, Ints]
Tables = Mapping[str, Mapping[str, int]]

FEWEST = 60  # forms; a shorter list tells too little of itself
SAMPLE = 100_000  # pairs of rows taken at random
ROUNDS = 12
HELD = 30  # pairs that the usual shares stand for
MANY_TIMES = 3  # the usual share of what speaks against
CAUTION = 0.3  # bits: errors come together, which the model takes for independent
TINY = 1e-3  # pairs for which a level counts at which none stands
ONE = "one"
LEAST_SHARE = 0.02  # pairs of one person a form, and of one household or office, that are reckoned with at least
MOST = 15.0  # bits that any level is worth
RAREST = 400  # points that the rarity of a value is worth


@dataclass(frozen=True)
class Model:
    """What a kind learns from a list.

    `usual` are the shares of pairs of one thing at each level of a feature. `crowds` say who agrees in much without
    being one: in which features, and in which part of the pairs. `rarity` has for some features the value that tells
    the more, the rarer it is: the name of its column among the pairs, and how it is read. `without` names the features
    that a fitted kind has no use for.
    """

    usual: Mapping[str, Mapping[str, float]]
    crowds: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, tuple[str, Callable[[Any], str]]]
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Seen:
    """What is counted in a list of `total` forms: the features that it says something of, with the share of pairs taken
    at random at each level (`chance`); and for one in `scale` of the pairs that have a key in common the level (`met`)
    and the bits for rare values (`rare`), feature by feature."""

    total: int
    scale: float
    features: Mapping[str, Graded]
    chance: Mapping[str, Floats]
    met: Levels
    tables: Tables
    rare: Mapping[str, Floats]

    @property
    def possible(self) -> float:
        """How many pairs there can be."""
        return self.total * (self.total - 1) / 2


def fit(
    model: Model, kind: Kind, forms: Sequence[Any], left: AnyInts, right: AnyInts, total: int, scale: float
) -> Kind:
    """The kind with the points that hold in a list of `total` forms. `left` and `right` are places in `forms` of one
    in `scale` of the pairs that have a key in common. A list that is too short to tell keeps the points as they are."""
    if total < FEWEST:
        return kind
    seen = look(model, kind, Pairs(forms, left.astype(np.int64), right.astype(np.int64)), total, scale)
    return make_kind(model, kind, seen, *learn(model, seen))


def look(model: Model, kind: Kind, pairs: Pairs, total: int, scale: float) -> Seen:
    """Count what can be counted."""
    features = {one.name: one for one in kind.features if isinstance(one, Graded)}
    met = measure(features, pairs)
    said = {name: one for name, one in features.items() if (met[name] != one.scale.at(UNKNOWN)).any()}
    everyone = np.random.default_rng(0).integers(0, len(pairs.forms), (2, SAMPLE))
    anyhow = Pairs(pairs.forms, *everyone[:, everyone[0] != everyone[1]])
    anyhow.cache = pairs.cache
    chance = {name: share_levels(said[name], levels) for name, levels in measure(said, anyhow).items()}
    tables = {name: rate_values(read, pairs.forms) for name, (_, read) in model.rarity.items() if name in said}
    pieces = [weigh_rarity(piece, model, tables) for piece in pairs.chunks(PIECE)]
    rare = {name: np.concatenate([piece[name] for piece in pieces]) / 100 for name in tables}
    return Seen(total, scale, said, chance, met, tables, rare)


def learn(model: Model, seen: Seen) -> tuple[dict[str, Floats], dict[str, float]]:
    """What each level is worth in bits, and which share of all possible pairs is of one thing, and of each crowd."""
    features, chance = seen.features, seen.chance
    usual = {name: list_shares(one, model.usual[name]) for name, one in features.items()}
    prior = dict.fromkeys((ONE, *model.crowds), seen.total / seen.possible)
    shares, worth = usual, {}
    for _ in range(ROUNDS):
        # Of two rows taken at random some are of one person, too.
        others = {name: np.maximum(share - prior[ONE] * shares[name], share / 10) for name, share in chance.items()}
        worth = {name: weigh_levels(one, shares[name], others[name]) for name, one in features.items()}
        bits = {name: worth[name][seen.met[name]] + seen.rare.get(name, 0.0) for name in worth}
        odds = {ONE: prior[ONE] * np.exp2(sum(bits.values()))}
        for name, shared in model.crowds.items():
            odds[name] = prior[name] * np.exp2(share_out(bits, shared))
        whole = 1 + sum(odds.values())
        counts = {name: seen.scale * of / whole for name, of in odds.items()}
        prior = {name: max(of.sum(), LEAST_SHARE * seen.total) / seen.possible for name, of in counts.items()}
        shares = {
            name: hold(np.bincount(seen.met[name], counts[ONE], len(usual[name])), usual[name], one)
            for name, one in features.items()
        }
    return worth, prior


def make_kind(model: Model, kind: Kind, seen: Seen, worth: Mapping[str, Floats], prior: Mapping[str, float]) -> Kind:
    """The kind with these points."""
    fitted: list[Feature | Graded] = []
    for feature in kind.features:
        if isinstance(feature, Graded) and feature.name in worth:
            stand = np.bincount(seen.met[feature.name], minlength=len(feature.scale.levels))
            points = to_points(rise(worth[feature.name], stand, feature.scale.at(UNKNOWN)))
            fitted.append(replace(feature, scale=feature.scale.worth(points)))
        elif not isinstance(feature, Graded) and feature.name not in model.without:
            fitted.append(feature)
    crowds = [(prior[name], shared) for name, shared in model.crowds.items()]
    graded = [feature for feature in fitted if isinstance(feature, Graded)]
    fitted += [make_rarity(model, seen.tables), make_crowds(graded, crowds, model, seen.tables)]
    start = to_points(np.log2([prior[ONE] / (1 - prior[ONE])]) - CAUTION)
    return replace(kind, features=tuple(fitted), prior=kind.prior.worth(start))


def weigh_levels(feature: Graded, ours: Floats, others: Floats) -> Floats:
    """Bits for each level that is so frequent in pairs of one thing, and so frequent in others."""
    bits = np.clip(np.log2(np.maximum(ours, 1e-9) / others), -MOST, MOST)
    bits[feature.scale.at(UNKNOWN)] = 0
    return bits


def share_out(bits: Mapping[str, Floats], shared: Mapping[str, float]) -> Floats | float:
    """Bits of each pair that speak for a crowd: what it shares agrees as it does in records of one person, up to a part
    of the pairs, and all else as in any two rows."""
    return sum(np.log2(1 - part + part * np.exp2(bits[name])) for name, part in shared.items() if name in bits)


def make_crowds(
    features: Sequence[Graded], crowds: Sequence[tuple[float, Mapping[str, float]]], model: Model, tables: Tables
) -> Feature:
    """What speaks against one person because it speaks for two of one house."""
    concerned = [feature for feature in features if any(feature.name in shared for _, shared in crowds)]

    def weigh(pairs: Pairs) -> Ints:
        """People of one household share a last name, an address and a phone, and people of one office an employer and a
        phone: what they share by nature is not one person."""
        rare = weigh_rarity(pairs, model, tables)
        bits = {one.name: (one.weigh(pairs) + rare.get(one.name, 0)) / 100 for one in concerned}
        odds = np.ones(len(pairs))
        for prior, shared in crowds:
            odds += prior * np.exp2(share_out(bits, shared))
        return to_points(-np.log2(odds))

    return Feature("household or office", weigh, say_crowds)


def say_crowds(left: Any, right: Any, points: int) -> str:
    if points:
        return "what both have in common is what people of one household or office share"
    return "nothing points to two of one household or office"


def rate_values(read: Callable[[Any], str], forms: Sequence[Any]) -> dict[str, int]:
    """Points for each value by how much rarer, or commoner, it is than most."""
    counts = Counter(value for form in forms if (value := read(form)))
    expected = sum(count * count for count in counts.values()) / max(1, counts.total())
    return {value: rate(expected / count) for value, count in counts.items()}


def weigh_rarity(pairs: Pairs, model: Model, tables: Tables) -> dict[str, Ints]:
    """By feature, what it is worth that the value in common is so rare."""
    answer: dict[str, Ints] = {}
    for name, table in tables.items():
        key, (column, read) = f"rarity of {name}", model.rarity[name]
        if key not in pairs.measured:
            if key not in pairs.cache:
                pairs.cache[key] = np.array(
                    [table.get(value, 0) for value in pairs.values(column, read)], dtype=np.int64
                )
            agree = pairs.agreement(column, read) == 1
            pairs.measured[key] = np.where(agree, pairs.cache[key][pairs.left], 0)
        answer[name] = pairs.measured[key]
    return answer


def make_rarity(model: Model, tables: Tables) -> Feature:
    """What it is worth that what both have in common is rare in the list."""

    def weigh(pairs: Pairs) -> Ints:
        """A rare name in common tells more than a common one, as often as the list itself has it; so do a rare place
        and a rare job."""
        return sum(weigh_rarity(pairs, model, tables).values(), np.zeros(len(pairs), dtype=np.int64))

    return Feature("rarity", weigh, say_rarity)


def say_rarity(left: Any, right: Any, points: int) -> str:
    if not points:
        return "what both have in common is neither rare nor common here"
    return "what both have in common is rare here" if points > 0 else "what both have in common is common here"


def rate(times: float) -> int:
    """Points for a value that is so many times rarer than most."""
    return int(np.clip(round(100 * math.log2(times)), -RAREST, RAREST))


def measure(features: Mapping[str, Graded], pairs: Pairs) -> Levels:
    """The level of every pair, feature by feature."""
    pieces = pairs.chunks(PIECE)
    return {name: np.concatenate([one.measure(piece) for piece in pieces]) for name, one in features.items()}


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


def hold(counts: NDArray[Any], usual: Floats, feature: Graded) -> Floats:
    """The shares that were found, held to the usual ones, and none many times as large: what mostly differs between
    two records is no sign of one person, however often they meet."""
    counts[feature.scale.at(UNKNOWN)] = 0
    found = (counts + HELD * usual) / (counts.sum() + HELD)
    against = np.arange(len(usual)) < feature.scale.at(UNKNOWN)
    return np.where(against, np.minimum(found, MANY_TIMES * usual), found)


def rise(bits: Floats, weights: Ints, unknown: int) -> Floats:
    """The nearest values that do not fall from level to level, by how many pairs stand at each; what says nothing stays
    nought."""
    answer = bits.copy()
    known = [at for at in range(len(bits)) if at != unknown]
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(bits[known].tolist(), weights[known].tolist(), strict=True):
        pools.append((value, weight + TINY, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, much, n), (other, more, m) = pools[-2:]
            pools[-2:] = [((one * much + other * more) / (much + more), much + more, n + m)]
    answer[known] = np.repeat([value for value, _, _ in pools], [count for _, _, count in pools])
    return answer


def to_points(bits: Floats) -> Ints:
    """Hundredths of a bit, in whole numbers."""
    return np.rint(bits * 100).astype(np.int64)
