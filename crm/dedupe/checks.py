"""Which pairs of records a person checks, so that their answers tell how good the whole is, not only the doubtful band.

The pairs of a region that matter are those that are taken for one, and those that are not but were compared and came
near (from `NEAR` points on). They are parted into bands by whether they are one now and by their score, and from every
band some are drawn with equal chances. The draw has no dice: a pair's lot is a number made of its two ids (a permanent
random number: Ohlsson, "Coordination of samples using permanent random numbers", 1995), and the lowest lots are drawn.
So the draw is the same whoever makes it, and what was drawn once stays drawn while more records come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from crm.dedupe.block import pair_up, unique, unpack
from crm.dedupe.kinds import Kind
from crm.dedupe.pairs import Bools, Ints
from crm.dedupe.score import score_pairs
from crm.dedupe.thresholds import Ground, Outcome

# Edges of the bands, in points. Pairs that are not one and stand below the first are not looked at.
EDGES = (-600, -300, -150, 100, 300, 600)
NEAR = EDGES[0]
BANDS = len(EDGES)
# How many pairs are drawn in all, and of every band at least, as far as it has them.
DRAWN, LEAST = 300, 30
# The share of errors that a band is taken to have at least when the draw is parted among the bands.
DOUBT = 0.02


@dataclass(frozen=True)
class Band:
    """Pairs of records that are one now (or are not) and whose points are from EDGES[number] up to the next edge. Those
    that are one hold in their lowest band whatever is lower. `likely` is the mean of what the scores stand for."""

    joined: bool
    number: int
    size: int
    likely: float


@dataclass(frozen=True)
class Drawn:
    """A pair to check: its band (the place in the list of them), and its place among the drawn of that band."""

    left: str
    right: str
    points: int
    band: int
    rank: int


@dataclass(frozen=True)
class Population:
    """All pairs that matter, as columns: places of the two records in `Ground.uids`, points, and the band of each."""

    left: Ints
    right: Ints
    points: Ints
    band: Ints
    bands: list[Band]


def list_population(ground: Ground, now: Outcome, *, drawn: Sequence[tuple[bool, int]] = ()) -> Population:
    """The pairs of a region that are one, and those that came near, in bands. Those from which pairs were `drawn`
    before (whether they were one, their points) are there though nothing is in them any more."""
    left, right = _list_joined(ground, now)
    points = _score(ground, left, right)
    near = _list_near(ground, now)
    joined = np.repeat([True, False], [len(left), len(near[0])])
    left, right, points = (
        np.concatenate(both) for both in zip((left, right, points), near, strict=True)
    )  # fmt: skip
    slot = _find_slots(points, joined)
    were_joined, drawn_points = (np.array([one[part] for one in drawn], dtype=np.int64) for part in (0, 1))
    drawn_slot = _find_slots(drawn_points, were_joined > 0)
    bands, numbers = list[Band](), np.zeros(2 * BANDS, dtype=np.int64)
    for number in range(2 * BANDS):
        inside = np.flatnonzero(slot == number)
        of_band = points[inside] if len(inside) else drawn_points[drawn_slot == number]
        if len(of_band):
            numbers[number] = len(bands)
            likely = float(_likelihood(ground.kind, of_band).mean())
            bands.append(Band(number >= BANDS, number % BANDS, len(inside), likely))
    return Population(left, right, points, numbers[slot], bands)


def _find_slots(points: Ints, joined: Bools) -> Ints:
    """The number of each pair's band among all, those of pairs that are one behind the others."""
    band = np.clip(np.searchsorted(EDGES, points, side="right") - 1, 0, BANDS - 1)
    return band + np.where(joined, BANDS, 0)


def draw(ground: Ground, population: Population, *, number: int = DRAWN, salt: int = 0) -> list[Drawn]:
    """The pairs to check: from every band those with the lowest lots. Another `salt` gives other lots."""
    lots = _cast_lots(ground.uids, population.left, population.right, salt)
    found: list[Drawn] = []
    for band, size in enumerate(share_out(population.bands, number)):
        inside = np.flatnonzero(population.band == band)
        chosen = inside[np.argsort(lots[inside], kind="stable")[:size]]
        for rank, at in enumerate(chosen.tolist()):
            left, right = sorted((ground.uids[population.left[at]], ground.uids[population.right[at]]))
            found.append(Drawn(left, right, int(population.points[at]), band, rank))
    return found


def share_out(bands: list[Band], number: int = DRAWN) -> list[int]:
    """How many pairs to draw from each band: by its size times how much its pairs differ by what their scores stand
    for (Neyman, 1934), `LEAST` from every one, and no more than there are."""
    want = [band.size * _spread(band.likely) for band in bands]
    whole = sum(want) or 1.0
    return [min(band.size, max(LEAST, round(number * part / whole))) for band, part in zip(bands, want, strict=True)]


def find_band(bands: list[Band], *, joined: bool, points: int) -> int | None:
    """The place of the band of a pair; None if it has none."""
    number = int(np.clip(np.searchsorted(EDGES, points, side="right") - 1, 0, BANDS - 1))
    places = [place for place, band in enumerate(bands) if (band.joined, band.number) == (joined, number)]
    return places[0] if places else None


def _spread(likely: float) -> float:
    share = min(max(likely, DOUBT), 1 - DOUBT)
    return float(np.sqrt(share * (1 - share)))


def _list_joined(ground: Ground, now: Outcome) -> tuple[Ints, Ints]:
    """Every pair of records of one cluster."""
    by_size: dict[int, list[list[int]]] = {}
    for cluster in now.clusters:
        if len(cluster) > 1:
            by_size.setdefault(len(cluster), []).append([ground.place_of[uid] for uid in cluster])
    packed = np.concatenate([np.zeros(0, dtype=np.int64), *map(pair_up, by_size.values())])
    return unpack(np.sort(packed))


def _score(ground: Ground, left: Ints, right: Ints) -> Ints:
    """The points of pairs of records."""
    pool = ground.index.pool
    numbers = np.array([pool.number_of[uid] for uid in ground.uids], dtype=np.int64)
    known, at = np.unique(numbers, return_inverse=True)
    forms = [pool.forms[number] for number in known.tolist()]
    return score_pairs(ground.kind, forms, at[left], at[right])


def _list_near(ground: Ground, now: Outcome) -> tuple[Ints, Ints, Ints]:
    """The pairs of records that were compared, are not one, and have `NEAR` points or more; with their points."""
    pool = ground.index.pool
    known = np.array(sorted(pool.forms), dtype=np.int64)
    forms = [pool.forms[number] for number in known.tolist()]
    left, right = unpack(_list_candidates(ground))
    left, right = np.searchsorted(known, left), np.searchsorted(known, right)
    points = score_pairs(ground.kind, forms, left, right, floor=NEAR)
    kept = np.flatnonzero(points >= NEAR)
    members = [sorted(ground.place_of[uid] for uid in pool.members[number]) for number in known.tolist()]
    columns = [np.zeros((3, 0), dtype=np.int64)]
    for one, other, score in zip(left[kept].tolist(), right[kept].tolist(), points[kept].tolist(), strict=True):
        ours, theirs = np.array(members[one]), np.array(members[other])
        pairs = np.stack([np.repeat(ours, len(theirs)), np.tile(theirs, len(ours))])
        apart: Bools = now.cluster_of[pairs[0]] != now.cluster_of[pairs[1]]
        columns.append(np.vstack([pairs[:, apart], np.full(int(apart.sum()), score)]))
    found = np.concatenate(columns, axis=1)
    return found[0], found[1], found[2]


def _list_candidates(ground: Ground) -> Ints:
    """The packed pairs of forms that were compared."""
    blocks = ground.index.blocks
    by_size: dict[int, list[list[int]]] = {}
    for members in blocks.members.values():
        if isinstance(members, list) and len(members) <= blocks.limit:
            by_size.setdefault(len(members), []).append(members)
    return unique(np.concatenate([np.zeros(0, dtype=np.int64), *map(pair_up, by_size.values())]))


def _likelihood(kind: Kind, points: Ints) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """What so many points stand for."""
    return 1 / (1 + 2 ** (-kind.odds.read(points) / 100))


def _cast_lots(uids: list[str], left: Ints, right: Ints, salt: int) -> Ints:
    """Each pair's lot: a number made of its two ids, whichever comes first."""
    digests = b"".join(blake2b(uid.encode(), digest_size=8, salt=salt.to_bytes(8, "big")).digest() for uid in uids)
    own = np.frombuffer(digests, dtype=np.uint64)
    ours, theirs = own[left], own[right]
    with np.errstate(over="ignore"):
        mixed = np.minimum(ours, theirs) * np.uint64(0x9E3779B97F4A7C15) + np.maximum(ours, theirs)
        # The finalizer of SplitMix64: neighbouring numbers get lots that have nothing to do with each other.
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)
