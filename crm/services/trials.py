"""Trials: what the matcher would make of records that are not there yet, for the preview of an import."""

from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from crm.dedupe.index import MatchIndex
from crm.dedupe.kinds import Progress, Row
from crm.dedupe.partition import Cluster
from crm.graph import stale
from crm.graph.driver import Reader, Store
from crm.graph.leases import find_state
from crm.graph.records import LETTERS
from crm.graph.stale import Kind
from crm.services.matched_kinds import find_kind
from crm.services.matcher_file import Memory
from crm.services.resolution import are_many, bring_up, build_index, list_some_rows


@dataclass(frozen=True)
class Tried:
    """The matcher with records in it that are tried out, and the clusters that are others by them."""

    index: MatchIndex
    formed: set[Cluster]


class Trial:
    """The matcher as it would be after a step, to try out what `coming` records would do; nothing is kept of that. It
    is the remembered one, if it is there and they are not many."""

    def __init__(self, db: Reader, memory: Memory, coming: int, progress: Progress) -> None:
        self.db = db
        self.memory = memory
        self.coming = coming
        self.progress = progress
        self.marks = list(stale.list_unmatched(db).values())

    def add(self, kind: Kind, rows: Sequence[Row]) -> Tried:
        """Put these records to all of their kind, and to those that have come but are not matched yet."""
        letter = LETTERS["BusinessRecord" if kind == "business" else "PersonRecord"]
        marked = sorted({id for listed in self.marks for id in listed if id.startswith(letter)})
        index = self.memory.find(kind, find_kind(self.db, kind)) if all(self.marks) else None
        if index is None or are_many(index, self.coming + len(marked)):
            index = build_index(self.db, kind, self.progress)
        come = list_some_rows(self.db, kind, marked)
        bring_up(self.db, index, kind, come, set(marked) - {row.uid for row in come})
        change = index.apply(rows)
        return Tried(index, {*change.formed, *(index.partition.cluster_of[row.uid] for row in come)})


@contextmanager
def trying_out(db: Store, coming: int, progress: Progress) -> Generator[Trial]:
    """A trial with so many records of all kinds."""
    memory = Memory(db.settings.data_dir, find_state(db, "matching"))
    with closing(memory):
        yield Trial(db, memory, coming, progress)
