"""Which records are one business, one person: records in, clusters with evidence out. Pure: no graph, no request.

`resolve` answers once; a `MatchIndex` keeps the region's records and answers again when some come, go or are judged.
The steps, each a module: `names`, `streets`, `contacts` (normalise), `block`, `pairs` (compare), `score`, `cluster`.
What differs between kinds of things is a `Kind`: `BUSINESS` and `PERSON`.
"""

import copyreg

from crm.dedupe.businesses import BUSINESS
from crm.dedupe.cluster import Link
from crm.dedupe.index import Change, MatchIndex, Placement, Preview
from crm.dedupe.partition import Cluster, Review
from crm.dedupe.persons import PERSON
from crm.dedupe.records import BusinessRow, Judgement, PersonRow, Verdict
from crm.dedupe.resolve import Resolution, resolve
from crm.dedupe.score import Evidence, Explanation, explain, probability

# What forms are made of, by short names where they are written down: a third less room, and read three times as fast.
# The numbers are those left to applications; another order needs no care, for what is kept goes with a version.
for _number, _name in enumerate(
    (
        "businesses.BusinessForm",
        "names.Name",
        "streets.Street",
        "contacts.Phone",
        "persons.PersonForm",
        "registers.RegisterForm",
        "partition.Review",
        "cluster.Link",
    ),
    start=0xF0,
):
    copyreg.add_extension(f"{__name__}.{_name.partition('.')[0]}", _name.partition(".")[2], _number)

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
