"""A list matched once, with what a person would be asked: the clusters, links and reviews of a `MatchIndex` with the
same records and judgements, which a test holds it to. Nothing can be added afterwards; so it takes all cores and little
room (see `bulk`), and only records that have to do with others are ever looked at one by one. What an index would hold
of them can be had from `remembered`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from crm.dedupe.block import LIMIT
from crm.dedupe.bulk import find_candidates, list_columns, score_candidates
from crm.dedupe.cluster import Link
from crm.dedupe.components import LARGEST, Graph, cluster_components, list_components
from crm.dedupe.crew import Crew
from crm.dedupe.judge import Judgements
from crm.dedupe.kinds import Kind, Progress, Row, no_progress
from crm.dedupe.links import Links
from crm.dedupe.packed import Chunk, PackedForms, Recorder, read_chunk
from crm.dedupe.pairs import AnyInts
from crm.dedupe.partition import Cluster, Partition, Review, find_reviews
from crm.dedupe.pool import Entry, Pool
from crm.dedupe.records import Judgement
from crm.dedupe.score import Explanation, explain_forms


@dataclass(frozen=True)
class Found:
    """Clusters of two and more records with the links that hold them together, each by its first uid, and every open
    review."""

    clusters: list[Cluster]
    links: dict[str, list[Link]]
    reviews: list[Review]


class Held(NamedTuple):
    """What a match has found, for `remembered`. `own` is each form's score with itself, and `left`, `right` and
    `scores` are the linked pairs of forms. The `partition` is of the records that have to do with others."""

    uids: list[str]
    seqs: list[int]
    forms: PackedForms
    own: AnyInts
    left: AnyInts
    right: AnyInts
    scores: AnyInts
    partition: Partition
    judgements: Judgements


def tell_found(partition: Partition) -> Found:
    clusters = sorted({cluster for cluster in partition.cluster_of.values() if len(cluster) > 1})
    return Found(clusters, dict(partition.links), partition.list_reviews())


class OneTime:
    """Takes the records as they come, and matches them all once."""

    def __init__(
        self, kind: Kind, *, block_limit: int = LIMIT, largest: int = LARGEST, remembers: bool = False
    ) -> None:
        """`remembers`: all that an index would hold of these records is wanted afterwards (`held`)."""
        self.kind = kind
        self.held: Held | None = None
        self._remembers = remembers
        self._block_limit, self._largest = block_limit, largest
        self._recorder: Recorder | None = None
        self._batches: list[Sequence[Row]] = []
        # What each batch says, as far as it was read.
        self._chunks: list[Chunk | None] = []
        self._next = 0
        # uid -> the batch that holds its last word; from the match on, its place among all.
        self._place: dict[str, int] = {}
        self._uids: list[str] = []
        self._forms: PackedForms | None = None
        # What else is kept in the process of this matcher, by whoever has it do other work.
        self.others: dict[str, Any] = {}

    def add(self, rows: Sequence[Row]) -> None:
        """Take some records; of one that comes again the last word counts."""
        if not rows:
            return
        if self._recorder is None:
            self._recorder = list_columns(self.kind, lambda start, stop: rows[start:stop], len(rows))
        rows = list({row.uid: row for row in rows}.values())
        at = len(self._batches)
        for row in rows:
            before = self._place.setdefault(row.uid, at)
            if before != at:
                self._place[row.uid] = at
                self._chunks[before] = None
        self._batches.append(rows)
        self._chunks.append(None)

    def read_one(self) -> bool:
        """Read a batch that was taken, ahead of the match, which reads the others; False if all were read."""
        if self._next >= len(self._batches):
            return False
        self._chunks[self._next] = self._read(self._next)
        self._next += 1
        return True

    def _read(self, at: int) -> Chunk:
        assert self._recorder is not None
        rows = self._batches[at] = [row for row in self._batches[at] if self._place[row.uid] == at]
        return read_chunk(self.kind, rows, self._recorder)

    def match(self, judgements: Iterable[Judgement], crew: Crew, progress: Progress = no_progress) -> Found:
        """Match what was taken."""
        if self._recorder is None:
            return Found([], {}, [])
        unread = [at for at, chunk in enumerate(self._chunks) if chunk is None]
        for place, (at, chunk) in enumerate(zip(unread, crew.map(self._read, unread), strict=True), 1):
            self._chunks[at] = chunk
            progress("preparing", len(self._chunks) - len(unread) + place, len(self._chunks))
        rows = [row for at, batch in enumerate(self._batches) for row in batch if self._place[row.uid] == at]
        self._uids = [row.uid for row in rows]
        self._place = {uid: at for at, uid in enumerate(self._uids)}
        seqs = [row.seq for row in rows]
        self._forms = forms = PackedForms(chunk for chunk in self._chunks if chunk is not None and len(chunk.ends))
        self._batches, self._chunks = [], []
        said = Judgements()
        said.put(judgements)
        judged = [int(forms.number_of[at]) for at, uid in enumerate(self._uids) if said.of(uid)]
        keys = forms.keys
        left, right = find_candidates(self.kind, forms, crew, progress, self._block_limit, self.kind.ask)
        scored = score_candidates(self.kind, forms, left, right, crew, progress, self.kind.ask, judged)
        partition = self._cluster(forms, seqs, scored, said, judged, progress)
        if self._remembers:
            forms.keys = keys
            self.held = Held(self._uids, seqs, forms, *scored, partition, said)
        return tell_found(partition)

    def take_up(self, held: Held, seq_of: Mapping[str, int]) -> Found | None:
        """Go on from what another has found of these records (each with its place in the order of birth); None if they
        were born in another order then."""
        seqs = [seq_of[uid] for uid in held.uids]
        if (np.argsort(seqs, kind="stable") != np.argsort(held.seqs, kind="stable")).any():
            return None
        self._uids, self._forms = held.uids, held.forms
        self._place = {uid: at for at, uid in enumerate(held.uids)}
        self.held = held._replace(seqs=seqs)
        return tell_found(held.partition)

    def _cluster(
        self,
        forms: PackedForms,
        seqs: list[int],
        scored: tuple[AnyInts, AnyInts, AnyInts, AnyInts],
        judgements: Judgements,
        judged: list[int],
        progress: Progress,
    ) -> Partition:
        """The clusters of the records that have to do with others, or that are judged; those left out are alone."""
        own, left, right, scores = scored
        involved = np.bincount(forms.number_of, minlength=len(forms)) > 1
        involved[left] = involved[right] = True
        involved[np.array(judged, dtype=np.int64)] = True
        numbers = np.flatnonzero(involved)
        # Few of a list have to do with any other; the rest are alone, whatever the order.
        pool, links, local, known = Pool(), Links(), dict[int, int](), dict[int, int]()
        form_of = dict(zip(numbers.tolist(), forms.load(numbers), strict=True))
        for at in np.flatnonzero(involved[forms.number_of]).tolist():
            number = int(forms.number_of[at])
            local[number] = pool.put_in(Entry(self._uids[at], seqs[at], form_of[number]))
            known[local[number]] = number
        for one, other, score in zip(left.tolist(), right.tolist(), scores.tolist(), strict=True):
            links.put(local[one], local[other], score)
        itself = {place: int(own[number]) for place, number in known.items()}

        def look_up(places: Sequence[int]) -> dict[str, AnyInts]:
            return forms.look_up(np.array([known[place] for place in places], dtype=np.int64))

        graph = Graph(self.kind, pool, links, judgements, itself, self._largest, look_up)
        partition = Partition()
        components = list_components(graph, sorted(pool.forms))
        partition.replace([], cluster_components(graph, components, progress))
        linked = {uid for number in links.scores for uid in pool.members[number]}
        for cluster in {partition.cluster_of[uid] for uid in linked}:
            found = find_reviews(cluster, pool=pool, links=links, judgements=judgements, partition=partition)
            partition.open_reviews(found, cluster[0])
        return partition

    def forget(self) -> None:
        """Give away all that a match has found; nothing can be asked of it afterwards."""
        self.held, self._forms, self._uids, self._place = None, None, [], {}

    def explain(self, left: str, right: str) -> Explanation | None:
        """Why two records are, may be or are not one; None if either is unknown. After the match."""
        if self._forms is None or left not in self._place or right not in self._place:
            return None
        places = np.array([self._place[left], self._place[right]])
        return explain_forms(self.kind, *self._forms.load(self._forms.number_of[places]))
