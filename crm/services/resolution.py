"""Resolution: from what agencies said to what the region knows.

`resolve_new` matches the records that came or changed, moves them to the things that they are now known to be, rolls
sites up to firms, and computes every touched thing again. `recompute` does the same for all of them from nothing. Both
leave the same graph (a property test says so). One process at a time does this for a region, under the lease
`matching`; what is still to do is marked in the graph, so that whoever comes next finishes what another left.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Protocol
from uuid import uuid4

from crm.ahead import read_ahead
from crm.batches import in_batches
from crm.dedupe.index import Change, MatchIndex
from crm.dedupe.kinds import Progress, no_progress
from crm.dedupe.kinds import Row as MatchedRow
from crm.dedupe.partition import Review
from crm.graph import person_records, resolution, reviews, stale
from crm.graph.driver import Reader, Store
from crm.graph.leases import Lease, find_state, lease
from crm.graph.records import LETTERS
from crm.graph.stale import Kind, Part
from crm.services.founding import find_new_things, found_things
from crm.services.from_nothing import Matched, list_reviewed, match_all, thing_id
from crm.services.golden import compute_ahead, compute_businesses, compute_contacts, compute_people
from crm.services.matched_kinds import KINDS, find_kind
from crm.services.matched_rows import list_said, list_some_rows
from crm.services.matcher_file import Memory
from crm.services.review_queue import Turned, keep_reviews, keep_turned
from crm.services.roll_ups import MOST_TIMES, roll_up
from crm.services.sites_beside import FIRM, SitesBeside

BATCH = 1_000
# So many new records, or this part of those that are there, are sooner matched with all others from nothing.
FEW, PART = 100, 25
# Things computed in one transaction: many enough to save round trips, few enough to keep locks short.
COMPUTED_AT_ONCE = 400
# Up to which time of the graph the queue of reviews is up to date, in the matcher's memory.
REVIEWED = "reviewed"


class Reviewed(Protocol):
    """What knows the open reviews of a record's thing."""

    def list_reviews_of(self, uid: str) -> Iterable[Review]: ...


@dataclass
class Resolved:
    """What a run of the matcher changed."""

    moved: list[str] = field(default_factory=list)  # records that resolve to another thing than before
    elsewhere: list[str] = field(default_factory=list)  # those of them that resolved to any before
    left: set[str] = field(default_factory=set)  # things that these were before
    reviewed: set[str] = field(default_factory=set)  # records that may be one with another, and a person should look
    # Of the kinds that were matched: all open reviews, where all were matched anew, or what became of them.
    open: dict[Kind, list[Review] | Turned] = field(default_factory=dict)
    # Where businesses were matched anew and nothing is remembered of firms: what has heard of those that were made.
    sites: SitesBeside | None = None


def resolve_new(db: Store, *, progress: Progress = no_progress) -> Resolved:
    """Match what is unmatched, then compute what is stale. Waits for another process that is at it."""
    with lease(db, "matching") as held:
        return resolve_under(db, held, progress=progress)


def resolve_under(db: Store, held: Lease, *, progress: Progress = no_progress) -> Resolved:
    """The same for who holds the lease `matching`."""
    total = Resolved()
    progress = held.kept_by(db, progress)
    marks, judged, met = stale.list_unmatched(db), stale.list_judged(db), stale.list_met(db)
    named = {record for records in met.values() for record in records}
    # Looked at again: who reads while others write may have seen the mark of a person and, of all that was written
    # before it, not yet the mark of the business that they work at.
    seen = marks | stale.list_unmatched(db) if marks else {}
    if marks or judged:
        said = {record for pair in judged.values() for record in pair}
        with remembering(db, held, progress) as memory:
            total = _resolve_marked(db, held, memory, list(seen.values()), said, progress)
            _keep_reviews(db, held, memory, total, named)
            db.foretell_end()
    else:
        compute_stale(db, progress=progress)
        _follow_contacts(db, held, named, progress)
    reviews.clear_turns(db)
    stale.drop_marks(db, [*marks, *judged, *met])
    return total


def _resolve_marked(
    db: Store, held: Lease, memory: Memory, marked: list[list[str]], judged: set[str], progress: Progress
) -> Resolved:
    """Match the records that marks list (a mark without any means all), and compute what that touches. `judged` are
    the records of which anything was decided."""
    total = Resolved()
    records = {record for listed in marked for record in listed}
    both = bool(judged) or not all(marked)
    new = sorted(record for record in records if record.startswith(LETTERS["BusinessRecord"]))
    if new or both:
        total = _resolve(db, held, memory, "business", new, progress, judged=judged, is_all=not all(marked))
    # Who works at a record that has just come was tied to it since, and is marked too.
    people = records.difference(new)
    people |= set(person_records.list_working_at(db, total.elsewhere)) if total.elsewhere else set()
    if people or both:
        found = _resolve(db, held, memory, "person", sorted(people), progress, judged=judged, is_all=not all(marked))
        _add_people(total, found)
    compute_stale(db, progress=progress)
    if new or both:
        left = total.left | {thing_id("business", record) for record in new}
        roll_up(db, held, memory, left, progress, total.sites)
    return total


def recompute(db: Store, *, progress: Progress = no_progress) -> Resolved:
    """Match every record and compute every thing again, from what agencies and people said alone."""
    with lease(db, "matching") as held:
        progress = held.kept_by(db, progress)
        with remembering(db, held, progress) as memory:
            total = _resolve(db, held, memory, "business", [], progress, is_all=True)
            people = _resolve(db, held, memory, "person", [], progress, is_all=True)
            for kind in KINDS:
                stale.mark_all(db, kind)
            compute_stale(db, progress=progress)
            roll_up(db, held, memory, None, progress, total.sites)
            met = stale.list_met(db)
            _keep_reviews(db, held, memory, Resolved(open=total.open | people.open), ())
        stale.drop_marks(db, met)
        return total


def _add_people(total: Resolved, people: Resolved) -> None:
    total.reviewed |= people.reviewed
    total.open |= people.open


def _follow_contacts(db: Store, held: Lease, met: Collection[str], progress: Progress) -> None:
    """Bring the queue of reviews up to date where nothing was matched, but something may have been computed."""
    memory = Memory(db.settings.data_dir, find_state(db, held.id))
    with closing(memory):
        if not met and memory.about(REVIEWED) == db.clock():
            return
        if memory.file is None:
            _keep_reviews(db, held, memory, Resolved(), met)
            return
    with remembering(db, held, progress) as memory:
        _keep_reviews(db, held, memory, Resolved(), met)


def _keep_reviews(db: Store, held: Lease, memory: Memory, resolved: Resolved, met: Collection[str]) -> None:
    """When all is computed, for the order of the queue depends on it; also where only contacts came. `met` are people's
    records that contacts name or named."""
    until, after = db.clock(), memory.about(REVIEWED)
    for kind in KINDS:
        found = resolved.open.get(kind, Turned())
        if not isinstance(found, Turned):
            keep_reviews(db, held, kind, found)
            continue
        if after is not None and until - after <= MOST_TIMES:
            found.things = set(reviews.list_computed(db, kind, after=after, until=until))
            if kind == "person" and met:
                found.things |= set(resolution.find_resolved(db, kind, sorted(met)).values())
        keep_turned(db, held, kind, found)
    memory.note(REVIEWED, until)


@contextmanager
def remembering(db: Store, held: Lease, progress: Progress) -> Generator[Memory]:
    """The matcher's memory, for a step that changes the graph. If the step does not end, no memory counts."""
    memory = Memory(db.settings.data_dir, find_state(db, held.id))
    held.set_state(db, None)
    with closing(memory):
        yield memory
        held.set_state(db, memory.keep(progress))


def compute_stale(db: Store, *, progress: Progress = no_progress) -> None:
    """Compute the things that are marked as stale, until there are none."""
    marks, met = stale.list_marks(db, "contacts")
    whole = _compute_stale(db, "business", compute_businesses, progress)
    # A business that was computed whole after its contacts were marked needs nothing more.
    _compute_things(db, [id for id in met if id not in whole], compute_contacts, progress)
    stale.drop_marks(db, marks)
    _compute_stale(db, "contacts", compute_contacts, progress)
    _compute_stale(db, "person", compute_people, progress)


def _compute_stale(db: Store, part: Part, compute: Callable[..., int], progress: Progress) -> set[str]:
    """Returns the things (ids) that were computed."""
    computed: set[str] = set()
    marks, things = stale.list_marks(db, part)
    while marks:
        _compute_things(db, things, compute, progress)
        computed.update(things)
        stale.drop_marks(db, marks)
        marks, things = stale.list_marks(db, part)
    return computed


def _compute_things(db: Store, things: list[str], compute: Callable[..., int], progress: Progress) -> None:
    done = 0
    with closing(_prepare(db, things, compute)) as batches:
        for batch, work in batches:
            db.transact(lambda tx, batch=batch, work=work: work(tx, batch, token=uuid4().hex))
            done += len(batch)
            progress("computing", done, len(things))


def _prepare(
    db: Store, things: list[str], compute: Callable[..., int]
) -> Generator[tuple[list[str], Callable[..., int]]]:
    """The things in batches, each with what computes it. Businesses are computed while those before them are written;
    the first have none before them."""
    batches = in_batches(things, COMPUTED_AT_ONCE)
    for batch in batches if compute is not compute_businesses else islice(batches, 1):
        yield batch, compute
    for batch, ahead in read_ahead((batch, compute_ahead(db, batch)) for batch in batches):
        yield batch, partial(compute_businesses, ahead=ahead)


def _resolve(
    db: Store,
    held: Lease,
    memory: Memory,
    kind: Kind,
    new: list[str],
    progress: Progress,
    *,
    judged: Collection[str] = (),
    is_all: bool = False,
) -> Resolved:
    """Match these records, which came, changed or went, against all (`is_all`: and all others anew), and move those
    whose thing is another one now. `judged` are records of which anything was decided."""
    index = None if is_all else memory.find(kind, find_kind(db, kind))
    if index is None or are_many(index, len(new)):
        found = match_all(db, memory, kind, progress, new)
    else:
        found = _match_new(db, index, kind, new, judged)
    target, resolved = found.target, found.resolved
    moving = [uid for uid, thing in target.items() if resolved.get(uid) != thing]
    new_things = find_new_things(target, resolved)
    apart = memory.aparts.get(kind) if kind == "business" and memory.about(FIRM) is None else None
    sites = SitesBeside(apart, memory.helper) if apart else None
    done = 0
    for count in found_things(db, held, kind, list(new_things.items()), sites, found.kept):
        done += count
        progress("matching", done, len(moving))
    rows = [
        {"record": uid, "thing": target[uid], "moved": uid in resolved}
        for uid in moving
        if target[uid] not in new_things
    ]
    for batch in in_batches(rows, BATCH):
        left = sorted({resolved[row["record"]] for row in batch if row["moved"]})

        def write(tx: Any, batch: list[dict[str, Any]] = batch, left: list[str] = left) -> None:
            held.check(tx)
            resolution.assign(tx, kind, batch)
            if resolution.drop_empty(tx, kind, left):
                tx.tick()

        db.transact(write)
        done += len(batch)
        progress("matching", done, len(moving))
    settled = sorted((target.keys() & set(new)) - set(moving))
    for batch in in_batches(settled, BATCH):
        # They stay where they are, though what they say may have changed.
        db.transact(lambda tx, batch=batch: stale.mark(tx, kind, records=batch))
    elsewhere = [uid for uid in moving if uid in resolved]
    left = {resolved[uid] for uid in elsewhere}
    return Resolved(moving, elsewhere, left, found.reviewed, {kind: found.open}, sites)


def bring_up(db: Reader, index: MatchIndex, kind: Kind, rows: Sequence[MatchedRow], gone: Iterable[str]) -> Change:
    """Let the index hold these records, no more those that are gone, and what people have decided by now."""
    said, known = list_said(db, kind), index.judgements.list_all()
    withdrawn = {judgement.pair for judgement in known} - {judgement.pair for judgement in said}
    return index.apply(rows, gone, set(said) - set(known), withdrawn)


def are_many(index: MatchIndex, count: int) -> bool:
    """Whether so many new records are sooner matched with all others from nothing."""
    return count > max(FEW, index.pool.next // PART)


def _match_new(db: Reader, index: MatchIndex, kind: Kind, ids: list[str], judged: Collection[str]) -> Matched:
    """Bring the index up to date with these records and with all judgements; it reads what that touches."""
    rows = list_some_rows(db, kind, ids)
    present = {row.uid for row in rows}
    change = bring_up(db, index, kind, rows, set(ids) - present)
    clusters = {*change.formed, *(index.partition.cluster_of[uid] for uid in present)}
    target = {uid: thing_id(kind, cluster[0]) for cluster in sorted(clusters) for uid in cluster}
    resolved = resolution.find_resolved(db, kind, list(target))
    # An answer closes its review at once; where it was taken back before anybody followed it, the matcher knows of no
    # change.
    opened = {*change.reviews_opened, *list_reviews_of(index, judged)}
    turned = Turned(opened, set(change.reviews_closed) - opened)
    return Matched(target, resolved, list_reviewed_of(index, present), turned)


def list_reviewed_of(index: Reviewed, records: Iterable[str]) -> set[str]:
    """Of the pairs that a person should look at, the records of those that concern the things of these records."""
    return list_reviewed(list_reviews_of(index, records))


def list_reviews_of(index: Reviewed, records: Iterable[str]) -> set[Review]:
    """The pairs that a person should look at which concern the things of these records; unknown ones are passed
    over."""
    return {review for uid in records for review in index.list_reviews_of(uid)}
