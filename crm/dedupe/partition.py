"""The clusters as they stand, and the pairs of clusters that a person should look at."""

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass

from crm.dedupe.cluster import Link
from crm.dedupe.judge import Judgements
from crm.dedupe.links import Links
from crm.dedupe.pool import Keep, Pool, in_memory

Cluster = tuple[str, ...]  # uids in order of birth


@dataclass(frozen=True, slots=True, order=True)
class Review:
    """Two records of two clusters that may be one: the pair that speaks for it most. `score` is in points."""

    score: int
    left: str
    right: str


class Partition:
    """Every record's cluster, every cluster's links, and the open reviews. A cluster goes by its first uid."""

    def __init__(self, keep: Keep = in_memory) -> None:
        self.cluster_of: MutableMapping[str, Cluster] = keep("cluster_of")
        self.links: MutableMapping[str, list[Link]] = keep("links")
        self.reviews: MutableMapping[str, dict[str, Review]] = keep("reviews")

    def replace(
        self, gone: Iterable[str], formed: Iterable[tuple[Cluster, list[Link]]]
    ) -> tuple[set[Cluster], set[Cluster]]:
        """Take the gone records out and set the clusters of others anew; returns the clusters that are no more and the
        clusters that are new."""
        formed = list(formed)
        uids = [uid for cluster, _ in formed for uid in cluster]
        before = {self.cluster_of[uid] for uid in (*gone, *uids) if uid in self.cluster_of}
        for uid in gone:
            self.cluster_of.pop(uid, None)
        for cluster in before:
            self.links.pop(cluster[0], None)
        for cluster, links in formed:
            for uid in cluster:
                self.cluster_of[uid] = cluster
            if links:
                self.links[cluster[0]] = links
        after = {cluster for cluster, _ in formed}
        return before - after, after - before

    def close_reviews(self, name: str) -> Iterator[Review]:
        """Drop all reviews of a cluster, by its first uid."""
        for other, review in self.reviews.pop(name, {}).items():
            remaining = self.reviews[other]
            del remaining[name]
            if not remaining:
                del self.reviews[other]
            yield review

    def open_reviews(self, found: dict[str, Review], name: str) -> None:
        """Put a cluster's reviews, by the other cluster's first uid."""
        for other, review in found.items():
            self.reviews.setdefault(name, {})[other] = review
            self.reviews.setdefault(other, {})[name] = review

    def list_reviews(self) -> list[Review]:
        """Best first; ties in text order."""
        unique = {review for others in self.reviews.values() for review in others.values()}
        return sorted(unique, key=lambda review: (-review.score, review.left, review.right))


def find_reviews(
    cluster: Cluster, *, pool: Pool, links: Links, judgements: Judgements, partition: Partition
) -> dict[str, Review]:
    """The other clusters that this one may be one with, each with the best pair: linked, apart, and never judged."""
    members: dict[int, str] = {}
    for uid in cluster:
        members.setdefault(pool.number_of[uid], uid)
    best: dict[str, tuple[tuple[int, tuple[int, str], tuple[int, str]], Review]] = {}
    for number, uid in members.items():
        for other, score in links.of(number).items():
            for theirs in first_by_cluster(other, pool=pool, partition=partition):
                name = partition.cluster_of[theirs][0]
                if name == cluster[0]:
                    continue
                left, right = sorted((pool.place(uid), pool.place(theirs)))
                rank = (-score, left, right)
                if name not in best or rank < best[name][0]:
                    best[name] = (rank, Review(score, left[1], right[1]))
    return {
        name: review
        for name, (_, review) in best.items()
        if not judgements.between(cluster, partition.cluster_of[name])
    }


def first_by_cluster(number: int, *, pool: Pool, partition: Partition) -> Iterable[str]:
    """The first member of a form in each cluster that it is in."""
    uids = pool.members[number]
    if len(uids) == 1:
        return uids
    firsts: dict[str, str] = {}
    for uid in sorted(uids, key=pool.place):
        firsts.setdefault(partition.cluster_of[uid][0], uid)
    return firsts.values()
