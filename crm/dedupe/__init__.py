"""Which records are one business, one person: records in, clusters with evidence out. Pure: no graph, no request.

`resolve` answers once; a `MatchIndex` keeps the region's records and answers again when some come, go or are judged.
The steps, each a module: `names`, `streets`, `contacts` (normalise), `block`, `pairs` (compare), `score`, `cluster`.
What differs between kinds of things is a `Kind`: `BUSINESS` and `PERSON`.
"""

from crm.dedupe.businesses import BUSINESS
from crm.dedupe.cluster import Link
from crm.dedupe.index import Change, MatchIndex, Placement, Preview
from crm.dedupe.partition import Cluster, Review
from crm.dedupe.persons import PERSON
from crm.dedupe.records import BusinessRow, Judgement, PersonRow, Verdict
from crm.dedupe.resolve import Resolution, resolve
from crm.dedupe.score import Evidence, Explanation, explain, probability

__all__ = [
    "BUSINESS",
    "PERSON",
    "BusinessRow",
    "Change",
    "Cluster",
    "Evidence",
    "Explanation",
    "Judgement",
    "Link",
    "MatchIndex",
    "PersonRow",
    "Placement",
    "Preview",
    "Resolution",
    "Review",
    "Verdict",
    "explain",
    "probability",
    "resolve",
]
