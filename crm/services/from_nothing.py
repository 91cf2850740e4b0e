"""Matching every record of a kind from nothing: in a process of its own where they are many, which also writes what the
matcher is to remember of them while this process goes on (decision 17).
"""

from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial

from crm.ahead import read_ahead
from crm.batches import in_batches
from crm.collector import patient_collector, paused_collector
from crm.dedupe.apart import Apart, Rows
from crm.dedupe.index import MatchIndex
from crm.dedupe.kinds import Progress, no_progress
from crm.dedupe.once import Found
from crm.dedupe.partition import Review
from crm.graph import businesses, people, resolution
from crm.graph.driver import Reader
from crm.graph.stale import Kind
from crm.services.kept_matches import Sum, find_path, forget, read_about, take
from crm.services.kept_records import KeptRecords
from crm.services.matched_kinds import find_kind
from crm.services.matched_rows import list_ids, list_said, read_records, to_rows
from crm.services.matcher_file import Memory
from crm.services.review_queue import Turned

# From so many records on, a process of its own is worth its start.
MANY = 5_000
# Records that are read at a time: few enough that nobody holds many of them twice.
READ_AT_ONCE = 2_000


@dataclass(frozen=True)
class Matched:
    """What the matcher says: for the records that it concerns, the thing that each is and was (`resolved`); those of
    them that a person should look at; and all open reviews."""

    target: dict[str, str]
    resolved: dict[str, str]
    reviewed: set[str]
    open: list[Review] | Turned
    # What is still known of new records that were read for it.
    kept: KeptRecords = field(default_factory=KeptRecords)


def match_all(db: Reader, memory: Memory, kind: Kind, progress: Progress, new: Collection[str] = ()) -> Matched:
    """Match every record, and let the memory keep what is found. What the `new` ones say is kept."""
    ids, kept = list_ids(db, kind), KeptRecords()
    if len(ids) >= MANY:
        kept = KeptRecords(new)
        read = partial(_read_all, db, kind, ids, progress, kept)
        uids, found = _take_kept(db, memory, kind, len(ids), read) or _match_apart(db, memory, kind, read, progress)
        target = {uid: thing_id(kind, uid) for uid in uids}
        target |= {uid: thing_id(kind, cluster[0]) for cluster in found.clusters for uid in cluster}
        reviews = found.reviews
    else:
        index = build_index(db, kind, progress)
        memory.take(kind, index)
        target = {uid: thing_id(kind, cluster[0]) for cluster in index.list_clusters() for uid in cluster}
        reviews = index.list_reviews()
    return Matched(target, resolution.list_resolved(db, kind), list_reviewed(reviews), reviews, kept)


def _take_kept(
    db: Reader, memory: Memory, kind: Kind, count: int, read: Callable[[], Generator[Rows]]
) -> tuple[list[str], Found] | None:
    """What a preview has found of these very records, and their ids, if that is kept. It is good for this once."""
    path, matcher, said = find_path(memory.folder, kind), find_kind(db, kind), list_said(db, kind)
    kept = read_about(path)
    if kept is None or not kept.may_be(matcher, count, said):
        return None
    records, seq_of = Sum(), dict[str, int]()
    with ExitStack() as stack:
        # It starts while the records are read.
        apart = stack.enter_context(Apart(matcher, remembers=True))
        for batch in read():
            records.add(batch)
            seq_of |= {row.uid: row.seq for row in batch}
        found = apart.ask(take, path, kept, seq_of) if records.tell() == kept.records else None
        if found is None:
            return None
        # From here on the memory ends the process.
        stack.pop_all()
    memory.hand_over(kind, apart)
    forget(path)
    return list(seq_of), found


def _match_apart(
    db: Reader, memory: Memory, kind: Kind, read: Callable[[], Generator[Rows]], progress: Progress
) -> tuple[list[str], Found]:
    with ExitStack() as stack:
        apart = stack.enter_context(Apart(find_kind(db, kind), remembers=True))
        uids: list[str] = []
        for batch in read():
            apart.add(batch)
            uids += [row.uid for row in batch]
        found = apart.match(list_said(db, kind), progress)
        # From here on the memory ends the process.
        stack.pop_all()
    memory.hand_over(kind, apart)
    return uids, found


def _read_all(db: Reader, kind: Kind, ids: list[str], progress: Progress, kept: KeptRecords) -> Generator[Rows]:
    done = 0
    with patient_collector(), closing(_read_ahead(db, kind, ids, kept)) as coming:
        for batch in coming:
            yield batch
            done += len(batch)
            progress("preparing", done, len(ids))


def build_index(db: Reader, kind: Kind, progress: Progress = no_progress) -> MatchIndex:
    """The matcher with every record and judgement of the graph in it."""
    index = MatchIndex(find_kind(db, kind))
    ids, said = list_ids(db, kind), list_said(db, kind)
    with paused_collector(), closing(_read_ahead(db, kind, ids, KeptRecords())) as coming:
        rows = (row for batch in coming for row in batch)
        index.apply(rows, judgements=said, progress=progress, count=len(ids))
    return index


def _read_ahead(db: Reader, kind: Kind, ids: list[str], kept: KeptRecords) -> Generator[Rows]:
    def read(batch: list[str]) -> Rows:
        records = read_records(db, kind, batch)
        kept.put(records)
        return to_rows(kind, records)

    return read_ahead(read(batch) for batch in in_batches(ids, READ_AT_ONCE))


def list_reviewed(reviews: Iterable[Review]) -> set[str]:
    """The records of pairs that a person should look at."""
    return {uid for review in reviews for uid in (review.left, review.right)}


def thing_id(kind: Kind, record: str) -> str:
    """The id of the thing whose oldest record this is."""
    return businesses.business_id(record) if kind == "business" else people.person_id(record)
