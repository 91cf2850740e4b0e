"""Records in, clusters with evidence out: the matcher as one call."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crm.dedupe.cluster import Link
from crm.dedupe.index import MatchIndex
from crm.dedupe.kinds import Kind, Row
from crm.dedupe.partition import Cluster, Review
from crm.dedupe.records import Judgement
from crm.dedupe.score import Explanation


@dataclass(frozen=True, slots=True)
class Resolution:
    """Every record in one cluster; the links that hold the clusters together; the pairs that a person should see; and
    the "same" judgements that contradict a "different" one. All sorted, none dependent on the order of the input."""

    clusters: list[Cluster]
    links: list[Link]
    reviews: list[Review]
    conflicts: list[Judgement]
    index: MatchIndex = field(repr=False, compare=False)

    def explain(self, left: str, right: str) -> Explanation | None:
        """The reasons for a link or a review, feature by feature; None if either record is unknown."""
        return self.index.explain(left, right)


def resolve(kind: Kind, records: Iterable[Row], judgements: Iterable[Judgement] = ()) -> Resolution:
    """Which of these records are one thing."""
    index = MatchIndex(kind)
    index.apply(added=records, judgements=judgements)
    clusters = index.list_clusters()
    return Resolution(
        clusters,
        [link for cluster in clusters for link in index.list_links(cluster[0])],
        index.list_reviews(),
        index.list_conflicts(),
        index,
    )
