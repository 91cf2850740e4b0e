"""What a region's clusters would be at another limit: tried out on what is known of its pairs, and nothing kept.

A `Ground` holds every record, every judgement and every link that any limit on trial can need. `try_join` clusters it
at one limit. It is what a `MatchIndex` at that limit gives, which a test holds it to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from crm.dedupe.components import Graph, cluster_components, list_components
from crm.dedupe.index import MatchIndex
from crm.dedupe.kinds import Kind, Row
from crm.dedupe.links import Links
from crm.dedupe.pairs import Ints
from crm.dedupe.partition import Cluster, Partition, Review, find_reviews
from crm.dedupe.records import Judgement

# The limits on trial, in points: from which on two records are taken for one, and from which on a person is asked.
STEP = 50
JOINS = tuple(range(0, 401, STEP))
ASKS = tuple(range(-400, 1, STEP))


@dataclass(frozen=True)
class Outcome:
    """The clusters at one limit: of each record (`uids`, in text order) the number of its cluster, the clusters by that
    number, and the reviews that would be open at the lowest limit for asking."""

    cluster_of: Ints
    clusters: list[Cluster]
    reviews: list[Review]

    def count_reviews(self, ask: int) -> int:
        """How many pairs of clusters a person would be asked about."""
        return sum(review.score >= ask for review in self.reviews)


class Ground:
    """All records and judgements of a region, with links down to the lowest limits on trial."""

    def __init__(self, kind: Kind, rows: Iterable[Row], judgements: Iterable[Judgement]) -> None:
        self.kind = kind
        lowest = replace(kind, join=min(*JOINS, kind.join), ask=min(*ASKS, kind.ask))
        self.index = MatchIndex(lowest)
        self.index.apply(added=rows, judgements=judgements)
        self.uids = sorted(self.index.pool.number_of)
        self.place_of = {uid: place for place, uid in enumerate(self.uids)}

    def try_join(self, join: int) -> Outcome:
        """The clusters if two records were taken for one from this many points on."""
        index, pool = self.index, self.index.pool
        own = index.graph.own
        links = Links()
        for left, others in index.graph.links.scores.items():
            for right, score in others.items():
                if left < right and own[left] >= join and own[right] >= join:
                    links.put(left, right, score)
        graph = Graph(
            replace(self.kind, join=join), pool, links, index.judgements, own, index.graph.largest
        )  # fmt: skip
        partition = Partition()
        formed = list(cluster_components(graph, list_components(graph, sorted(pool.forms))))
        partition.replace((), formed)
        for cluster, _ in formed:
            found = find_reviews(
                cluster, pool=pool, links=links, judgements=index.judgements, partition=partition
            )  # fmt: skip
            partition.open_reviews(found, cluster[0])
        clusters = sorted(cluster for cluster, _ in formed)
        cluster_of = np.zeros(len(self.uids), dtype=np.int64)
        for number, cluster in enumerate(clusters):
            for uid in cluster:
                cluster_of[self.place_of[uid]] = number
        return Outcome(cluster_of, clusters, partition.list_reviews())
