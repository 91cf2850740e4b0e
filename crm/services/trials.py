"""Trials: what the matcher would make of records that are not there yet, for the preview of an import."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from crm.dedupe.apart import Apart, MatcherGone, Rows
from crm.dedupe.cluster import Link
from crm.dedupe.index import MatchIndex
from crm.dedupe.kinds import Progress
from crm.dedupe.once import Found
from crm.dedupe.partition import Cluster, Review
from crm.dedupe.score import Explanation
from crm.graph import resolution, stale
from crm.graph.driver import Store
from crm.graph.leases import find_state
from crm.graph.records import LETTERS
from crm.graph.stale import Kind
from crm.services import from_nothing, kept_matches
from crm.services.from_nothing import thing_id
from crm.services.kept_matches import Sum, find_path
from crm.services.matched_kinds import find_kind
from crm.services.matched_rows import list_rows, list_said, list_some_rows
from crm.services.matcher_file import Memory
from crm.services.resolution import are_many, bring_up

SENT_AT_ONCE = 2_000


class Matcher(Protocol):
    """What can be asked of records that were matched."""

    def cluster_of(self, uid: str) -> Cluster | None: ...
    def list_links(self, uid: str) -> list[Link]: ...
    def list_reviews_of(self, uid: str) -> Iterable[Review]: ...
    def explain(self, left: str, right: str) -> Explanation | None: ...


@dataclass
class _Coming:
    """The records of one kind: those that wait, or the process that they are sent to; and how many there are."""

    rows: list[Any] = field(default_factory=list)
    count: int = 0
    index: MatchIndex | None = None
    marked: list[str] = field(default_factory=list)
    apart: Apart | None = None
    # What it was sent.
    sent: Sum = field(default_factory=Sum)
    matched: kept_matches.Matched | None = None
    # Once they are matched: the records of the graph of which some may be of another thing by it.
    known: set[str] = field(default_factory=set)
    matcher: Matcher | None = None

    def send(self, rows: Rows) -> None:
        """Send them in parts, which a crew reads side by side."""
        assert self.apart is not None
        for start in range(0, len(rows), SENT_AT_ONCE):
            part = rows[start : start + SENT_AT_ONCE]
            self.apart.add(part)
            self.sent.add(part)


class Trial:
    """The matcher as it would be after a step, to try out what records that come would do; nothing is kept of that. It
    is the remembered one, if it is there and they are not many; else all records are matched once. Close it."""

    def __init__(self, db: Store) -> None:
        self.db = db
        self._stack = ExitStack()
        self._memory = self._stack.enter_context(closing(Memory(db.settings.data_dir, find_state(db, "matching"))))
        self._marks = list(stale.list_unmatched(db).values())
        self._coming: dict[Kind, _Coming] = {}

    def add(self, kind: Kind, rows: Rows) -> None:
        """Put these records to all of their kind, and to those that have come but are not matched yet."""
        coming = self._begin(kind)
        coming.count += len(rows)
        if coming.apart is None:
            coming.rows.extend(rows)
            self._part_if_many(kind, coming, coming.count)
        else:
            coming.send(rows)

    def expect(self, kind: Kind, count: int) -> None:
        """So many records of this kind are going to come: if they need a process of their own, it starts now."""
        coming = self._begin(kind)
        if coming.apart is None:
            self._part_if_many(kind, coming, count)

    def _part_if_many(self, kind: Kind, coming: _Coming, count: int) -> None:
        if count >= from_nothing.MANY and self._is_many(coming, count):
            self._part(kind, coming, list_rows(self.db, kind))

    def match(self, kind: Kind, progress: Progress) -> Matcher:
        """What all of them would make; nothing of this kind can be added afterwards."""
        coming = self._begin(kind)
        if coming.apart is None and self._is_many(coming, coming.count):
            there = list_rows(self.db, kind)
            if len(there) + coming.count >= from_nothing.MANY:
                self._part(kind, coming, there)
            else:
                coming.index = MatchIndex(find_kind(self.db, kind))
                coming.index.apply(there, judgements=list_said(self.db, kind))
        if coming.apart is None:
            coming.matcher = self._match_here(kind, coming)
        else:
            said = list_said(self.db, kind)
            coming.matched = kept_matches.Matched.of(find_kind(self.db, kind), coming.sent, said)
            coming.matcher = Matched(coming.apart.match(said, progress), coming.apart)
        return coming.matcher

    def _match_here(self, kind: Kind, coming: _Coming) -> MatchIndex:
        assert coming.index is not None
        come = list_some_rows(self.db, kind, coming.marked)
        bring_up(self.db, coming.index, kind, come, set(coming.marked) - {row.uid for row in come})
        change = coming.index.apply(coming.rows)
        clusters = {*change.formed, *(coming.index.partition.cluster_of[row.uid] for row in come)}
        coming.known = {uid for cluster in clusters for uid in cluster}
        return coming.index

    def list_moved(self, kind: Kind) -> list[str]:
        """The records of the graph that would be of another thing than they are. After the match."""
        coming = self._coming[kind]
        matcher, known = coming.matcher, coming.known
        if matcher is None or not known:
            return []
        if coming.apart is None:
            resolved = resolution.find_resolved(self.db, kind, sorted(known))
        else:
            resolved = resolution.list_resolved(self.db, kind)
        formed = {uid: cluster[0] for uid in resolved if uid in known and (cluster := matcher.cluster_of(uid))}
        return [uid for uid, first in formed.items() if resolved[uid] != thing_id(kind, first)]

    @contextmanager
    def keeping(self) -> Generator[None]:
        """Meanwhile keep what was matched in processes of their own, for who matches the same records soon after."""
        with ThreadPoolExecutor(1) as helper:
            helper.submit(self._keep)
            yield

    def _keep(self) -> None:
        for kind, coming in self._coming.items():
            if coming.apart is not None and coming.matched is not None:
                with suppress(MatcherGone):
                    coming.apart.ask(kept_matches.keep, find_path(self._memory.folder, kind), coming.matched)

    def _begin(self, kind: Kind) -> _Coming:
        coming = self._coming.get(kind)
        if coming is None:
            letter = LETTERS["BusinessRecord" if kind == "business" else "PersonRecord"]
            marked = sorted({id for listed in self._marks for id in listed if id.startswith(letter)})
            index = self._memory.find(kind, find_kind(self.db, kind)) if all(self._marks) else None
            coming = self._coming[kind] = _Coming(index=index, marked=marked)
        return coming

    def _is_many(self, coming: _Coming, count: int) -> bool:
        return coming.index is None or are_many(coming.index, count + len(coming.marked))

    def _part(self, kind: Kind, coming: _Coming, there: Rows) -> None:
        """Send what is there and what waits to a process of its own."""
        coming.apart = self._stack.enter_context(Apart(find_kind(self.db, kind), remembers=True))
        coming.known = {row.uid for row in there}
        coming.send(there)
        coming.send(coming.rows)
        coming.rows, coming.index = [], None

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class Matched:
    """The records of a list that was matched in a process of its own. A record that it does not name is alone."""

    def __init__(self, found: Found, apart: Apart) -> None:
        self._apart = apart
        self._cluster_of = {uid: cluster for cluster in found.clusters for uid in cluster}
        self._links = found.links
        self._reviews: dict[str, list[Review]] = {}
        for review in found.reviews:
            for uid in (review.left, review.right):
                self._reviews.setdefault(self.cluster_of(uid)[0], []).append(review)

    def cluster_of(self, uid: str) -> Cluster:
        return self._cluster_of.get(uid) or (uid,)

    def list_links(self, uid: str) -> list[Link]:
        return self._links.get(self.cluster_of(uid)[0], [])

    def list_reviews_of(self, uid: str) -> list[Review]:
        return self._reviews.get(self.cluster_of(uid)[0], [])

    def explain(self, left: str, right: str) -> Explanation | None:
        return self._apart.explain(left, right)
