"""What search reads: the packed texts under which things are found, what changed of them, and the rows of results.

`Business.search` and `Executive.search` hold all that one thing is found by (crm.search.entries). Many are read in one
row, because it is carrying rows that takes time: a list of 60,000 texts costs a fiftieth of 60,000 rows.

The texts hold nothing that one member of a region sees and another does not: names, streets, numbers and addresses of
businesses and people, and which agencies know them. `viewer` is taken all the same: a wall would stand there.
"""

from dataclasses import dataclass

from crm.access import Viewer
from crm.graph.driver import Reader


@dataclass(frozen=True)
class BusinessRow:
    """A business among the results."""

    id: str
    name: str
    street: str | None
    city: str | None
    county: str | None
    phone: str | None
    closed_on: str | None
    agency_ids: list[str]
    records: int
    contacts: int
    last_contact_on: str | None


@dataclass(frozen=True)
class PersonRow:
    """A person among the results, with one of the businesses that they are at."""

    id: str
    name: str
    title: str | None
    phone: str | None
    email: str | None
    do_not_contact: bool
    agency_ids: list[str]
    business_id: str | None
    business: str | None
    city: str | None


# In parts by a letter of the id, so that no single row holds a whole state.
ALL_BUSINESSES = """
MATCH (b:Business)
WHERE b.search IS NOT NULL
RETURN substring(b.id, 1, 1) AS part, collect(b.search) AS texts
"""
ALL_PEOPLE = """
MATCH (e:Executive)
WHERE e.search IS NOT NULL
RETURN substring(e.id, 1, 1) AS part, collect(e.search) AS texts
"""

# By each stamp in turn, because ArcadeDB looks equal values up in an index and reads all nodes for a range.
CHANGED_BUSINESSES = """
UNWIND range($after + 1, $until) AS stamp
MATCH (b:Business {stamp: stamp})
WHERE b.search IS NOT NULL
RETURN collect(b.search) AS texts
"""
CHANGED_PEOPLE = """
UNWIND range($after + 1, $until) AS stamp
MATCH (e:Executive {stamp: stamp})
WHERE e.search IS NOT NULL
RETURN collect(e.search) AS texts
"""
# People are found by their employer too.
PEOPLE_AT_CHANGED = """
UNWIND range($after + 1, $until) AS stamp
MATCH (b:Business {stamp: stamp})
MATCH (b)<-[:HOLDS_ROLE]-(e:Executive)
WHERE e.search IS NOT NULL
RETURN collect(DISTINCT e.search) AS texts
"""

BUSINESS_TEXTS = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
WHERE b.search IS NOT NULL
RETURN collect(b.search) AS texts
"""
PERSON_TEXTS = """
UNWIND $ids AS id
MATCH (e:Executive {id: id})
WHERE e.search IS NOT NULL
RETURN collect(e.search) AS texts
"""

BUSINESS_IDS = "MATCH (b:Business) RETURN collect(b.id) AS ids"
PERSON_IDS = "MATCH (e:Executive) RETURN collect(e.id) AS ids"

BUSINESSES = """
UNWIND $ids AS wanted
MATCH (b:Business {id: wanted})
RETURN b.id AS id, coalesce(b.name, '') AS name, b.street AS street, b.city AS city, b.county AS county,
       b.phone AS phone, b.closed_on AS closed_on, b.agencies AS agency_ids, b.records AS records,
       b.contact_count AS contacts, b.last_contact_on AS last_contact_on
"""

PEOPLE = """
UNWIND $ids AS wanted
MATCH (e:Executive {id: wanted})
OPTIONAL MATCH (e)-[h:HOLDS_ROLE]->(b:Business)
RETURN e.id AS id, coalesce(e.name, e.email, '') AS name, coalesce(h.title, e.title) AS title, e.phone AS phone,
       e.email AS email, coalesce(e.do_not_contact, '') <> '' AS do_not_contact, e.agencies AS agency_ids,
       b.id AS business_id, b.name AS business, b.city AS city
ORDER BY id, business, business_id
"""


def list_all_texts(db: Reader, viewer: Viewer) -> list[str]:
    """The text of every business and every person that has been computed."""
    return [text for query in (ALL_BUSINESSES, ALL_PEOPLE) for row in db.read(query) for text in row["texts"]]


def list_changed_texts(db: Reader, viewer: Viewer, *, after: int, until: int) -> list[str]:
    """The texts of what was computed later than `after` (times of the clock), and of the people at such businesses."""
    changed: dict[str, None] = {}
    for query in (CHANGED_BUSINESSES, CHANGED_PEOPLE, PEOPLE_AT_CHANGED):
        changed |= dict.fromkeys(db.read(query, after=after, until=until)[0]["texts"])
    return list(changed)


def list_texts(db: Reader, viewer: Viewer, ids: list[str]) -> list[str]:
    """The texts of these businesses and people, of those that are there."""
    businesses, people = [id for id in ids if id[0] == "b"], [id for id in ids if id[0] == "e"]
    return [
        *(db.read(BUSINESS_TEXTS, ids=businesses)[0]["texts"] if businesses else ()),
        *(db.read(PERSON_TEXTS, ids=people)[0]["texts"] if people else ()),
    ]


def list_ids(db: Reader, viewer: Viewer) -> set[str]:
    """The ids of all businesses and people."""
    return {*db.read(BUSINESS_IDS)[0]["ids"], *db.read(PERSON_IDS)[0]["ids"]}


def list_businesses(db: Reader, viewer: Viewer, ids: list[str]) -> list[BusinessRow]:
    """These businesses in this order, without those that are gone."""
    rows = {row["id"]: BusinessRow(**row) for row in db.read(BUSINESSES, ids=ids)} if ids else {}
    return [rows[id] for id in ids if id in rows]


def list_people(db: Reader, viewer: Viewer, ids: list[str]) -> list[PersonRow]:
    """These people in this order, without those that are gone; of several businesses the first by name."""
    rows: dict[str, PersonRow] = {}
    for row in db.read(PEOPLE, ids=ids) if ids else ():
        rows.setdefault(row["id"], PersonRow(**row))
    return [rows[id] for id in ids if id in rows]
