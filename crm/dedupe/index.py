"""The matcher with a memory: all records of a region, and what changes when some come, go or are judged.

Whatever the sequence of changes, the clusters and reviews are those of a fresh index over the same records and
judgements. It holds because every step is local and none remembers how it came about: a score depends on two forms, a
candidate pair on the blocks as they are, a cluster on one component of the graph of links, a review on two clusters. A
change therefore re-examines the components that it touched, entirely, and nothing else.
"""

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from itertools import islice
from threading import RLock
from typing import Any

import numpy as np

from crm.dedupe.block import LIMIT, Blocks, unique, unpack
from crm.dedupe.cluster import Link
from crm.dedupe.components import LARGEST, Graph, cluster_components, list_components
from crm.dedupe.judge import Judgements
from crm.dedupe.kinds import Kind, Progress, Row, no_progress
from crm.dedupe.links import Links
from crm.dedupe.own_scores import OwnScores
from crm.dedupe.pairs import Ints
from crm.dedupe.partition import Cluster, Partition, Review, find_reviews
from crm.dedupe.pool import Entry, Keep, Pool, in_memory
from crm.dedupe.records import Judgement
from crm.dedupe.score import Explanation, explain_forms, score_pairs

READ_AT_ONCE = 5_000  # rows


@dataclass(frozen=True, slots=True)
class Change:
    """Exactly what a call changed: clusters that are no more, clusters that are new, reviews likewise. Sorted."""

    dissolved: tuple[Cluster, ...]
    formed: tuple[Cluster, ...]
    reviews_closed: tuple[Review, ...]
    reviews_opened: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a record would go: its cluster, and which of its members were there before (none: a new thing)."""

    uid: str
    cluster: Cluster
    joins: Cluster


@dataclass(frozen=True, slots=True)
class Preview:
    """What `apply` would give: one placement a record in the order asked, and the reviews that would open."""

    placements: tuple[Placement, ...]
    reviews_opened: tuple[Review, ...]


class MatchIndex:
    """All records of one kind. Safe to share between threads: a call sees no other call half done.

    `block_limit` and `largest` bound the work (see `block` and `components`); answers depend on them, so every index
    of a region uses the same. `keep` gives the mappings that remember it all.
    """

    def __init__(self, kind: Kind, *, block_limit: int = LIMIT, largest: int = LARGEST, keep: Keep = in_memory) -> None:
        self.kind = kind
        self.pool = Pool(keep)
        self.blocks = Blocks(block_limit, keep)
        self.judgements = Judgements()
        self.partition = Partition(keep)
        self.own = OwnScores(kind, self.pool.forms, keep("own"))
        self.graph = Graph(kind, self.pool, Links(keep), self.judgements, self.own, largest)
        self.lock = RLock()

    def apply(
        self,
        added: Iterable[Row] = (),
        removed: Iterable[str] = (),
        judgements: Iterable[Judgement] = (),
        withdrawn: Iterable[tuple[str, str]] = (),
        *,
        progress: Progress = no_progress,
        count: int = 0,
    ) -> Change:
        """Add or update rows (by uid), remove uids, put judgements and withdraw others; a uid both removed and added is
        updated, and what is unknown is passed over. Judgements may name records that are yet to come. Rows may come one
        by one, `count` of them as far as is known: none is held when it has been read."""
        entries = self.read(added, progress, count=count)
        with self.lock:
            judged = self.judgements.withdraw(withdrawn) | self.judgements.put(judgements)
            return self.change(entries, list(removed), judged, progress)

    def read(self, rows: Iterable[Row], progress: Progress = no_progress, *, count: int = 0) -> list[Entry]:
        """The rows as the index holds them."""
        entries: list[Entry] = []
        coming, count = iter(rows), len(rows) if isinstance(rows, Sized) else count
        while batch := [Entry(row.uid, row.seq, self.kind.read(row)) for row in islice(coming, READ_AT_ONCE)]:
            entries += batch
            progress("preparing", len(entries), max(count, len(entries)))
        return entries

    def preview(self, records: Iterable[Row]) -> Preview:
        """What adding these rows would give. Tried out and taken back, so it is what `apply` then gives."""
        entries = self.read(list({row.uid: row for row in records}.values()))
        with self.lock:
            before = [held for entry in entries if (held := self.pool.entry(entry.uid))]
            change = self.change(entries, [], set())
            try:
                new = {entry.uid for entry in entries}
                placements = tuple(self.place(entry.uid, new) for entry in entries)
            finally:
                self.change(before, list({entry.uid for entry in entries} - {entry.uid for entry in before}), set())
        return Preview(placements, change.reviews_opened)

    def place(self, uid: str, new: set[str]) -> Placement:
        cluster = self.partition.cluster_of[uid]
        return Placement(uid, cluster, tuple(other for other in cluster if other not in new))

    def change(
        self, added: list[Entry], removed: list[str], judged: set[str], progress: Progress = no_progress
    ) -> Change:
        """Carry out a change of records, with judgements already put; every form that it touches is examined again."""
        moved = {*removed, *(entry.uid for entry in added)} | judged
        touched = {self.pool.number_of[uid] for uid in judged if uid in self.pool.number_of}
        died, born, changed = self.pool.change(added, removed)
        touched |= changed | self.relink(died, born, progress)
        # Whoever was called the same as a record that came or went is examined again as well.
        partners = self.judgements.same_as(moved)
        touched |= {self.pool.number_of[uid] for uid in partners if uid in self.pool.number_of}
        touched = {number for number in touched if number in self.pool.forms}
        components = list_components(self.graph, sorted(touched))
        self.own.make(number for numbers in components for number in numbers)
        formed = list(cluster_components(self.graph, components, progress))
        gone = [uid for uid in removed if uid not in self.pool.number_of]
        dissolved, new = self.partition.replace(gone, formed)
        closed, opened = self.review(dissolved, new, touched)
        return Change(
            tuple(sorted(dissolved)), tuple(sorted(new)), tuple(sorted(closed - opened)), tuple(sorted(opened - closed))
        )

    def relink(self, died: dict[int, Any], born: dict[int, Any], progress: Progress) -> set[int]:
        """Bring blocks and links up to date; returns the forms that gained or lost a link."""
        keys = self.kind.keys
        links = self.graph.links
        touched: set[int] = set()
        gained, suspects = self.blocks.change(
            ((number, keys(form)) for number, form in died.items()),
            ((number, keys(form)) for number, form in born.items()),
        )
        for number in died:
            touched |= links.drop(number)
            del self.graph.own[number]
        forms = self.pool.forms
        for left, right in suspects:
            if right in links.of(left) and not self.blocks.share_key(keys(forms[left]), keys(forms[right])):
                links.cut(left, right)
                touched |= {left, right}
        return touched | self.add_links(gained, born, progress)

    def add_links(self, packed: Ints, born: dict[int, Any], progress: Progress) -> set[int]:
        """Score the new forms with themselves and these candidate pairs, in one batch, and keep what matters; returns
        the forms that gained a link."""
        own = self.own
        new = np.fromiter(born, dtype=np.int64, count=len(born))
        left, right = unpack(packed)
        numbers = unique(np.concatenate([new, left, right]))
        ours, theirs = (np.searchsorted(numbers, np.concatenate([new, side])) for side in (left, right))
        forms = [self.pool.forms[number] for number in numbers.tolist()]
        scores = score_pairs(self.kind, forms, ours, theirs, floor=self.kind.ask, progress=progress)
        own.update(zip(born, scores[: len(new)].tolist(), strict=True))
        keep = np.flatnonzero(scores[len(new) :] >= self.kind.ask)
        own.make(unique(np.concatenate([left[keep], right[keep]])).tolist())
        found = zip(left[keep].tolist(), right[keep].tolist(), scores[len(new) :][keep].tolist(), strict=True)
        touched: set[int] = set()
        for one, other, score in found:
            if own[one] >= self.kind.join and own[other] >= self.kind.join:
                self.graph.links.put(one, other, score)
                touched |= {one, other}
        return touched

    def review(
        self, dissolved: set[Cluster], formed: set[Cluster], touched: set[int]
    ) -> tuple[set[Review], set[Review]]:
        """Bring the reviews up to date; returns those dropped and those put, some of which may be the same."""
        cluster_of = self.partition.cluster_of
        dirty = formed | {cluster_of[uid] for number in touched for uid in self.pool.members[number]}
        closed: set[Review] = set()
        for name in {cluster[0] for cluster in dissolved | dirty}:
            closed.update(self.partition.close_reviews(name))
        opened: set[Review] = set()
        for cluster in dirty:
            found = find_reviews(
                cluster,
                pool=self.pool,
                links=self.graph.links,
                judgements=self.judgements,
                partition=self.partition,
            )
            self.partition.open_reviews(found, cluster[0])
            opened.update(found.values())
        return closed, opened

    def cluster_of(self, uid: str) -> Cluster | None:
        """The cluster that a record is in; None if it is unknown."""
        with self.lock:
            return self.partition.cluster_of.get(uid)

    def list_clusters(self) -> list[Cluster]:
        """Every cluster in text order."""
        with self.lock:
            return sorted(set(self.partition.cluster_of.values()))

    def list_links(self, uid: str) -> list[Link]:
        """What holds a record's cluster together: one link fewer than it has records."""
        with self.lock:
            cluster = self.partition.cluster_of.get(uid)
            return list(self.partition.links.get(cluster[0], ())) if cluster else []

    def list_reviews_of(self, uid: str) -> list[Review]:
        """The open reviews of a record's cluster."""
        with self.lock:
            cluster = self.partition.cluster_of.get(uid)
            return list(self.partition.reviews.get(cluster[0], {}).values()) if cluster else []

    def list_reviews(self) -> list[Review]:
        """Every open review, the likeliest first."""
        with self.lock:
            return self.partition.list_reviews()

    def list_conflicts(self) -> list[Judgement]:
        """The "same" judgements that a "different" one makes impossible."""
        with self.lock:
            cluster_of = self.partition.cluster_of
            return [
                judgement
                for judgement in self.judgements.list_all()
                if judgement.verdict == "same"
                and judgement.left in cluster_of
                and judgement.right in cluster_of
                and cluster_of[judgement.left] != cluster_of[judgement.right]
            ]

    def explain(self, left: str, right: str) -> Explanation | None:
        """Why two records are, may be or are not one, by score alone; None if either is unknown."""
        with self.lock:
            ours, theirs = self.pool.entry(left), self.pool.entry(right)
        return explain_forms(self.kind, ours.form, theirs.form) if ours and theirs else None
