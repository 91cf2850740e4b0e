"""Surveys: the pairs of a region in bands, those drawn from them to be checked, and what other thresholds give.

A survey is made by a job, because it looks at all records of a kind. What it finds is kept in the graph, so that the
pages that show it (`quality`) read no records. Pairs that were checked stay as they were when they were drawn: an
answer that corrects a mistake still counts as a mistake found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import numpy as np

from crm.access import Viewer
from crm.batches import in_batches
from crm.dedupe.checks import EDGES, Band, Drawn, Population, draw, find_band, list_population, share_out
from crm.dedupe.pairs import Ints
from crm.dedupe.records import BusinessRow, PersonRow
from crm.dedupe.score import explain_forms, probability
from crm.dedupe.thresholds import ASKS, JOINS, Ground, Outcome
from crm.graph import checks
from crm.graph import jobs as job_rows
from crm.graph.checks import Check
from crm.graph.driver import Store, Transaction
from crm.graph.jobs import Job
from crm.graph.judgements import pair_of
from crm.graph.stale import Kind
from crm.services.jobs import Report, handles
from crm.services.judgements import now
from crm.services.matched_kinds import KINDS, find_kind
from crm.services.matched_rows import list_rows, list_said
from crm.services.resolution import no_progress, resolve_new

JOB = "survey"
BATCH = 500
# Of the pairs that a threshold would change so many are listed, those first that stand on the edge.
LISTED = 100
# Answers that every band gets before any gets more.
FIRST = 5


def ask_for_survey(db: Store | Transaction, viewer: Viewer, kind: Kind, *, mark: str) -> str:
    """Let a worker make a survey of a kind, once for every mark; returns the job. One who asks without a mark always
    gets a new one."""
    id = f"{JOB}-{kind}-{mark or uuid4().hex}"
    job_rows.put_job(db, id, JOB, subject=kind, viewer=viewer)
    return id


def ask_for_first_survey(db: Store, viewer: Viewer) -> None:
    """Let a worker make the first survey of every kind that has none; asked again, nothing happens."""
    for kind in KINDS:
        if checks.find_survey(db, viewer, kind) is None:
            ask_for_survey(db, viewer, kind, mark="first")


@handles(JOB)
def survey(db: Store, job: Job, report: Report) -> dict[str, Any]:
    """The work of such a job: what is still to be matched comes first."""
    kind: Kind = "person" if job.subject == "person" else "business"
    resolve_new(db, progress=report)
    return {"checks": take_survey(db, kind, progress=report)}


def take_survey(db: Store, kind: Kind, *, progress: Report = no_progress) -> int:
    """Make a survey of a kind: part its pairs into bands, draw those to check, and try the other thresholds. Returns
    how many checks there are then. Made again of the same records it draws the same pairs."""
    clock, matched = db.clock(), find_kind(db, kind)
    rows, said = list_rows(db, kind), list_said(db, kind)
    stages = len(JOINS) + 3
    progress("comparing", 1, stages)
    ground = Ground(matched, rows, said)
    outcomes: dict[int, Outcome] = {}
    for join in sorted({*JOINS, matched.join}):
        outcomes[join] = ground.try_join(join)
        progress("trying thresholds", len(outcomes) + 1, stages)
    current = outcomes[matched.join]
    kept = [
        one for one in checks.list_all(db, kind) if one.counted_at and {one.left, one.right} <= ground.place_of.keys()
    ]
    # Where every pair of a band turned out to be a mistake, the answers would be lost with the band.
    population = list_population(ground, current, drawn=[(matched.join in one.joined_at, one.points) for one in kept])
    new = _choose(ground, population, outcomes, kept, rows)
    found = _describe(ground, population, outcomes, kept)
    progress("drawing", stages, stages)
    _store(db, kind, [*kept, *new], clock=clock, found=found)
    return len(kept) + len(new)


def _store(db: Store, kind: Kind, rows: list[Check], *, clock: int, found: dict[str, Any]) -> None:
    """Let exactly these checks be, with the survey that they belong to."""
    gone = sorted({one.id for one in checks.list_all(db, kind)} - {one.id for one in rows})
    for batch in in_batches(gone, BATCH):
        db.transact(lambda tx, batch=batch: checks.drop_checks(tx, list(batch)))

    def write(tx: Transaction) -> None:
        # Those that count stay as they were when they were drawn.
        checks.put_checks(tx, [one for one in rows if one.counted_at is None])
        checks.put_survey(tx, kind, at=now(), clock=clock, found=found)

    db.transact(write)


def _choose(
    ground: Ground,
    population: Population,
    outcomes: dict[int, Outcome],
    kept: Sequence[Check],
    rows: Iterable[BusinessRow | PersonRow],
) -> list[Check]:
    """The pairs that are drawn and not among the kept, in the order in which they are to be checked: a few of every
    band first, then of each at the pace of its share."""
    agency_of = {row.uid: row.agency for row in rows}
    bands, join = population.bands, ground.kind.join
    wanted = share_out(bands)
    already = [0] * len(bands)
    for one in kept:
        band = find_band(bands, joined=join in one.joined_at, points=one.points)
        if band is not None:
            already[band] += 1
    ids = {one.id for one in kept}
    fresh = [one for one in draw(ground, population) if pair_of(one.left, one.right) not in ids]
    return [
        Check(
            id=pair_of(one.left, one.right),
            kind=ground.kind.name,
            left=one.left,
            right=one.right,
            points=one.points,
            joined_at=[join for join, outcome in outcomes.items() if _are_one(ground, outcome, one)],
            case=_find_case(ground, one),
            agencies=sorted({agency_of[one.left], agency_of[one.right]}),
            turn=turn,
            counted_at=None,
        )
        for turn, one in enumerate(order_turns(fresh, already, wanted))
    ]


def order_turns(drawn: Sequence[Drawn], already: Sequence[int], wanted: Sequence[int]) -> list[Drawn]:
    """Drawn pairs in the order in which they are to be checked, where of each band so many were checked already and so
    many are wanted."""
    counts, keys = list(already), list[tuple[bool, float, int, int]]()
    for one in drawn:
        rank = counts[one.band]
        counts[one.band] += 1
        keys.append((rank >= FIRST, rank / max(1, wanted[one.band]), rank, one.band))
    return [drawn[at] for at in sorted(range(len(drawn)), key=keys.__getitem__)]


def _are_one(ground: Ground, outcome: Outcome, one: Drawn | Check) -> bool:
    left, right = ground.place_of[one.left], ground.place_of[one.right]
    return bool(outcome.cluster_of[left] == outcome.cluster_of[right])


def _find_case(ground: Ground, one: Drawn) -> str:
    """What speaks most against the two being one: the name of the evidence, "" for none."""
    left, right = ground.index.pool.entry(one.left), ground.index.pool.entry(one.right)
    assert left is not None
    assert right is not None
    features = explain_forms(ground.kind, left.form, right.form).features
    least = min(features, key=lambda feature: feature.score)
    return least.name if least.score < 0 else ""


def _describe(
    ground: Ground, population: Population, outcomes: dict[int, Outcome], kept: Sequence[Check]
) -> dict[str, Any]:
    """What the pages need to know of all pairs: the bands with their sizes, and for each threshold on trial what would
    be one then."""
    kind, current = ground.kind, outcomes[ground.kind.join]
    bands = _settle(ground, population, current, kept)
    return {
        "join": kind.join,
        "ask": kind.ask,
        "records": len(ground.uids),
        "things": len(current.clusters),
        "bands": [
            {**vars(band), "low": _likely(ground, band.number), "high": _likely(ground, band.number + 1)}
            for band in bands
        ],
        "asks": [
            {"ask": ask, "likely": probability(kind, ask), "pairs": _list_asked(current, ask, kind.ask)}
            for ask in sorted({*ASKS, kind.ask})
        ],
        "joins": [
            {"join": join, "likely": probability(kind, join), **_list_changes(ground, population, current, outcome)}
            for join, outcome in outcomes.items()
        ],
    }


def _settle(ground: Ground, population: Population, current: Outcome, kept: Sequence[Check]) -> list[Band]:
    """The bands with the checked pairs in those that they were drawn from, though an answer has moved them since."""
    moved = np.zeros(len(population.bands), dtype=np.int64)
    for one in kept:
        before, now = ground.kind.join in one.joined_at, _are_one(ground, current, one)
        if before != now:
            for joined, step in ((before, 1), (now, -1)):
                band = find_band(population.bands, joined=joined, points=one.points)
                if band is not None:
                    moved[band] += step
    return [
        replace(band, size=max(0, band.size + int(step)))
        for band, step in zip(population.bands, moved, strict=True)
    ]  # fmt: skip


def _likely(ground: Ground, edge: int) -> float | None:
    """What the points of an edge of the bands stand for; None beyond the last."""
    return probability(ground.kind, EDGES[edge]) if edge < len(EDGES) else None


def _list_asked(current: Outcome, ask: int, now_from: int) -> list[str]:
    """Which pairs would come to the review, or leave it."""
    low, high = sorted((ask, now_from))
    changed = [one for one in current.reviews if low <= one.score < high]
    return [pair_of(one.left, one.right) for one in _by_edge(changed, now_from)]


def _by_edge(reviews: list[Any], edge: int) -> list[Any]:
    return sorted(reviews, key=lambda one: (abs(one.score - edge), one.left, one.right))[:LISTED]


def _list_changes(ground: Ground, population: Population, current: Outcome, outcome: Outcome) -> dict[str, Any]:
    """What is otherwise at another threshold: how many things and pairs there are, how many pairs come together or
    part, one pair for every two things that do, and of each band how many pairs are one then."""
    then = outcome.cluster_of[population.left] == outcome.cluster_of[population.right]
    inside = np.bincount(population.band[then], minlength=len(population.bands))
    sizes = np.bincount(outcome.cluster_of)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    shared = _count_shared(current.cluster_of, outcome.cluster_of)
    before = np.bincount(current.cluster_of)
    joined, parted = pairs - shared, int((before * (before - 1) // 2).sum()) - shared
    return {
        "things": len(outcome.clusters),
        "pairs": pairs,
        "joined": joined,
        "parted": parted,
        "by_band": inside.tolist(),
        "asked": {str(ask): outcome.count_reviews(ask) for ask in sorted({*ASKS, ground.kind.ask})},
        "joining": _list_pairs(current, outcome),
        "parting": _list_pairs(outcome, current),
    }


def _count_shared(one: Ints, other: Ints) -> int:
    """How many pairs are together in both."""
    _, sizes = np.unique(one << 32 | other, return_counts=True)
    return int((sizes.astype(np.int64) * (sizes - 1) // 2).sum())


def _list_pairs(before: Outcome, after: Outcome) -> list[str]:
    """Pairs of records that are one after and not before: for every thing the first record of what it is made of, with
    the first of each other part."""
    number_of = {uid: number for number, cluster in enumerate(before.clusters) for uid in cluster}
    found: list[str] = []
    for cluster in after.clusters:
        firsts = list({number_of[uid]: uid for uid in reversed(cluster)}.values()) if len(cluster) > 1 else []
        first = min(firsts, key=cluster.index) if len(firsts) > 1 else ""
        found += [pair_of(first, other) for other in firsts if first and other != first]
        if len(found) >= LISTED:
            break
    return found[:LISTED]
