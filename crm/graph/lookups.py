"""Look-ups: which businesses a person may mean who types a name. (Ids are followed in `crm.graph.businesses`.)"""

from dataclasses import dataclass

from crm.access import Viewer
from crm.graph.driver import Reader

NAMED = """
UNWIND $refs AS ref
MATCH (:BusinessRecord {name_ref: ref})-[:RESOLVES_TO]->(b:Business)
RETURN DISTINCT b.id AS id, b.name AS name, b.city AS city
ORDER BY name, city, id
LIMIT $limit
"""

LIKE = """
MATCH (b:Business)
WHERE toLower(b.name) CONTAINS $text
RETURN b.id AS id, b.name AS name, b.city AS city
ORDER BY name, city, id
LIMIT $limit
"""


ALL_NAMES = """
MATCH (b:Business)
WHERE b.name IS NOT NULL
WITH b
ORDER BY b.id
RETURN collect(b.id) AS ids, collect(b.name) AS names
"""


NAMES_OF = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
RETURN id, coalesce(b.name, '') AS name
ORDER BY id
"""

PEOPLE_AT = """
UNWIND $businesses AS business
MATCH (:Business {id: business})<-[:HOLDS_ROLE]-(e:Executive)
RETURN DISTINCT business, e.id AS id, coalesce(e.name, e.email, '') AS name
ORDER BY business, name, id
"""


@dataclass(frozen=True)
class Candidate:
    """A business that may be meant."""

    id: str
    name: str | None
    city: str | None


def list_named(db: Reader, viewer: Viewer, refs: list[str], *, limit: int) -> list[Candidate]:
    """The businesses of which some agency has a record under one of these names (`business_records.name_ref_of`)."""
    return [Candidate(**row) for row in db.read(NAMED, refs=refs, limit=limit)]


def list_names(db: Reader) -> list[tuple[str, str]]:
    """(id, name) of every business that has a name. For who weighs likeness of names; nobody is shown the whole."""
    # One row of two lists: a row for each would take longer to carry than to find.
    (found,) = db.read(ALL_NAMES)
    return list(zip(found["ids"], found["names"], strict=True))


def name_businesses(db: Reader, ids: list[str]) -> dict[str, str]:
    """id -> name of those of these businesses that are there."""
    return {row["id"]: row["name"] for row in db.read(NAMES_OF, ids=ids)} if ids else {}


def list_people_at(db: Reader, businesses: list[str]) -> list[tuple[str, str, str]]:
    """(business, id, name or e-mail) of everybody who is at one of these businesses."""
    found = db.read(PEOPLE_AT, businesses=businesses) if businesses else []
    return [(row["business"], row["id"], row["name"]) for row in found]


def list_like(db: Reader, viewer: Viewer, text: str, *, limit: int) -> list[Candidate]:
    """The businesses with this text in their name, in any case; looks at every business."""
    return [Candidate(**row) for row in db.read(LIKE, text=text.casefold(), limit=limit)]
