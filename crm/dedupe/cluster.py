"""From scores to clusters: join the surest pairs first, and only while the whole still holds together.

False merges cost more than misses, so:
- what a person called different is never in one cluster, and what a person called the same always is, with all that
  goes with either (where two such decisions contradict each other, "different" wins);
- two clusters join by their best pair only if all their pairs, taken together, do not speak against it: a record that
  resembles two different things joins the one it resembles more, and does not draw them together;
- sparse records (a bare name) join each other, and then at most one cluster of full ones: if two fit about equally
  well, neither gets it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from crm.dedupe.kinds import JOIN
from crm.dedupe.pairs import Ints

CLIP = 600  # no pair outweighs more than this many points of its neighbours
SLACK = 100  # a pair of one whole need not speak for it by itself: from this many points below nought it speaks against
MARGIN = 150  # how much better the best home of a sparse record must be than the next


@dataclass(frozen=True, slots=True)
class Node:
    """Records that go together: equal ones without a judgement, or a single one with. `place` breaks ties."""

    place: tuple[int, str]
    uids: tuple[str, ...]
    form: int
    sparse: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Why two records came into one cluster. `score` is in points; None for a person's judgement."""

    left: str
    right: str
    score: int | None


@dataclass(frozen=True, slots=True)
class Clustering:
    """Positions of nodes by cluster, and by each cluster's first node the links that joined it."""

    groups: list[list[int]]
    links: dict[int, list[Link]]


def cluster(
    nodes: Sequence[Node],
    scores: Ints,
    *,
    same: Iterable[tuple[int, int]] = (),
    different: Iterable[tuple[int, int]] = (),
    join: int = JOIN,
) -> Clustering:
    """Cluster the nodes of one component, given in order of birth; `scores[i, j]` is of nodes i and j in points."""
    judged = Agglomeration(nodes, scores)
    for left, right in different:
        judged.part(left, right)
    for left, right in sorted(same):
        judged.obey(left, right)
    ranked = rank_links(scores, join)
    seeds = [members for members in judged.members.values() if len(members) > 1]
    if seeds:
        work = join_whole(judged, ranked)
        if all(len({work.group[number] for number in members}) == 1 for members in seeds):
            work.attach_sparse(ranked)
            return Clustering(sorted(work.members.values()), work.links)
    judged.grow(ranked)
    judged.attach_sparse(ranked)
    return Clustering(sorted(judged.members.values()), judged.links)


def join_whole(judged: "Agglomeration", ranked: Sequence[tuple[int, int]]) -> "Agglomeration":
    """What a person called the same brings along all that goes with either: the clusters as they are without these
    decisions, and those of them joined that hold such a pair. What must not meet one of the pair meets neither."""
    work = Agglomeration(judged.nodes, judged.scores)
    for group, others in judged.parted.items():
        for left in judged.members.get(group, ()):
            for other in others:
                for right in judged.members[other]:
                    work.part(left, right)
    work.grow(ranked)
    for link in [link for links in judged.links.values() for link in links]:
        work.obey(*(judged.place_of[uid] for uid in (link.left, link.right)))
    return work


def rank_links(scores: Ints, join: int) -> list[tuple[int, int]]:
    """The pairs that score high enough to join, best first, ties by order of birth."""
    # The places come in order of birth, which a stable sort keeps.
    left, right = np.nonzero(scores >= join)
    ours = left < right
    left, right = left[ours], right[ours]
    order = np.argsort(-scores[left, right], kind="stable")
    return list(zip(left[order].tolist(), right[order].tolist(), strict=True))


class Agglomeration:
    """Clusters that grow. A group goes by its first node's number; `total` sums the clipped scores across groups, each
    with some slack and once for every pair of records: a spelling that three hundred records have outvotes a slip."""

    def __init__(self, nodes: Sequence[Node], scores: Ints) -> None:
        self.nodes = nodes
        self.scores = scores
        votes = np.array([len(node.uids) for node in nodes], dtype=np.int64)
        self.total = np.clip(scores + SLACK, -CLIP, CLIP) * votes[:, None] * votes[None, :]
        self.group = list(range(len(nodes)))
        self.members = {number: [number] for number in self.group}
        self.parted: dict[int, set[int]] = {number: set() for number in self.group}
        self.links: dict[int, list[Link]] = {}
        self.place_of = {node.uids[0]: number for number, node in enumerate(nodes)}

    def grow(self, ranked: Sequence[tuple[int, int]]) -> None:
        """Join full records, then sparse ones, by the pairs that score high enough, best first."""
        for sparse in (False, True):
            for left, right in ranked:
                if self.nodes[left].sparse == self.nodes[right].sparse == sparse:
                    self.try_join(left, right)

    def part(self, left: int, right: int) -> None:
        """These two never meet."""
        self.parted[self.group[left]].add(self.group[right])
        self.parted[self.group[right]].add(self.group[left])

    def obey(self, left: int, right: int) -> None:
        """Join what a person called the same, unless another decision forbids it."""
        ours, theirs = self.group[left], self.group[right]
        if ours != theirs and theirs not in self.parted[ours]:
            self.join(left, right, None)

    def try_join(self, left: int, right: int) -> None:
        ours, theirs = self.group[left], self.group[right]
        if ours != theirs and self.fits(ours, theirs):
            self.join(left, right, int(self.scores[left, right]))

    def fits(self, ours: int, theirs: int) -> bool:
        """Nobody forbids it, and the pairs across the two do not speak against it on the whole."""
        return theirs not in self.parted[ours] and self.total[ours, theirs] >= 0

    def join(self, left: int, right: int, score: int | None) -> None:
        keep, lose = sorted((self.group[left], self.group[right]))
        for number in self.members[lose]:
            self.group[number] = keep
        self.members[keep] = sorted(self.members[keep] + self.members.pop(lose))
        self.total[keep] += self.total[lose]
        self.total[:, keep] += self.total[:, lose]
        for other in self.parted.pop(lose):
            self.parted[other].discard(lose)
            self.part(keep, other)
        link = Link(self.nodes[left].uids[0], self.nodes[right].uids[0], score)
        self.links[keep] = [*self.links.get(keep, ()), *self.links.pop(lose, ()), link]

    def is_sparse(self, group: int) -> bool:
        return all(self.nodes[number].sparse for number in self.members[group])

    def attach_sparse(self, ranked: Sequence[tuple[int, int]]) -> None:
        """Give each sparse group its one home, if it has one. All choose before any moves."""
        homes: dict[int, dict[int, tuple[int, int]]] = {}
        for left, right in ranked:
            for one, other in ((left, right), (right, left)):
                ours, theirs = self.group[one], self.group[other]
                if self.nodes[one].sparse and not self.nodes[other].sparse and self.is_sparse(ours):
                    # `ranked` is best first, so the first pair seen between two groups is their best one.
                    homes.setdefault(ours, {}).setdefault(theirs, (one, other))
        chosen = [choice for group in sorted(homes) if (choice := self.choose_home(group, homes[group]))]
        for sparse, full in chosen:
            self.try_join(sparse, full)

    def choose_home(self, group: int, homes: dict[int, tuple[int, int]]) -> tuple[int, int] | None:
        """The pair by which the group joins its home; None if no home or no clear one."""
        fitting = [(int(self.scores[pair]), pair) for home, pair in homes.items() if self.fits(group, home)]
        fitting.sort(key=lambda candidate: (-candidate[0], candidate[1]))
        if not fitting or (len(fitting) > 1 and fitting[0][0] - fitting[1][0] < MARGIN):
            return None
        return fitting[0][1]
