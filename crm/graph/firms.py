"""Firms: the owners of several sites. A business that is the only site of its firm has no firm of its own in the graph.

A firm goes by the least id of its sites, with `o` for `b`, so that id may be given up when sites come or go.
"""

from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.graph.driver import Reader, Row

FIRM = "MATCH (f:Firm {id: $id}) RETURN f.name AS name"


def find_name(db: Reader, id: str) -> str | None:
    """What the firm of this id is called ("" where nobody says); None if there is no such firm."""
    rows = db.read(FIRM, id=id)
    return (rows[0]["name"] or "") if rows else None


OF_BUSINESS = """
MATCH (b:Business {id: $id})-[:PART_OF]->(f:Firm)
RETURN f.id AS id
"""


def find_id_of_business(db: Reader, business_id: str) -> str | None:
    """The firm that a business is a site of; None if it has no other sites."""
    rows = db.read(OF_BUSINESS, id=business_id)
    return rows[0]["id"] if rows else None


SITE_IDS = """
MATCH (:Firm {id: $id})<-[:PART_OF]-(b:Business)
RETURN b.id AS id
ORDER BY id
"""


def list_site_ids(db: Reader, id: str) -> list[str]:
    """The sites of a firm, the one that it is called after first; none if there is no such firm."""
    return [row["id"] for row in db.read(SITE_IDS, id=id)]


@dataclass(frozen=True)
class Site:
    """One site of a firm: `values` are its golden values, `agencies` the ids of those that know it."""

    id: str
    name: str
    values: dict[str, str]
    agencies: list[str]
    contacts: int
    last_contact_on: str | None
    newest: list[str]


SITES = """
MATCH (:Firm {id: $id})<-[:PART_OF]-(b:Business)
RETURN b.id AS id, coalesce(b.name, '') AS name,
       b {.street, .city, .state, .zip, .phone, .legal_name, .closed_on} AS values, b.agencies AS agencies,
       coalesce(b.contact_count, 0) AS contacts, b.last_contact_on AS last_contact_on,
       coalesce(b.newest, [])[0..$newest] AS newest
ORDER BY contacts DESC, name, id
"""


def list_sites(db: Reader, id: str, *, viewer: Viewer, newest: int) -> list[Site]:
    """The sites of a firm, the one with the most contacts first; of each the ids of so many newest contacts."""
    return [_site(row) for row in db.read(SITES, id=id, newest=newest)]


def _site(row: Row) -> Site:
    values: dict[str, Any] = {name: value for name, value in row["values"].items() if value}
    fields: Row = row | {"values": values}
    return Site(**fields)


PEOPLE = """
MATCH (:Firm {id: $id})<-[:PART_OF]-(b:Business)<-[h:HOLDS_ROLE]-(e:Executive)
WITH e, collect([b.id, b.name, h.title]) AS roles
RETURN e.id AS id, coalesce(e.name, e.email) AS name, e.do_not_contact = 'yes' AS do_not_contact, roles
ORDER BY name, id
LIMIT $limit
"""


@dataclass(frozen=True)
class Person:
    """Somebody at one or more sites of a firm; `roles` are (business id, its name, title)."""

    id: str
    name: str
    do_not_contact: bool
    roles: list[tuple[str, str, str | None]]


def list_people(db: Reader, id: str, *, viewer: Viewer, limit: int = 200) -> list[Person]:
    """The people of all sites of a firm, by name, each once."""
    return [
        Person(row["id"], row["name"] or "", bool(row["do_not_contact"]), sorted(map(_role, row["roles"])))
        for row in db.read(PEOPLE, id=id, limit=limit)
    ]


def _role(found: list[Any]) -> tuple[str, str, str | None]:
    business, name, title = found
    return str(business), str(name or ""), None if title is None else str(title)


FIRMS = """
MATCH (f:Firm)<-[:PART_OF]-(b:Business)
RETURN f.id AS id, coalesce(f.name, '') AS name, count(b) AS sites, collect(b.agencies) AS agencies,
       sum(coalesce(b.contact_count, 0)) AS contacts, max(b.last_contact_on) AS last_contact_on
"""


@dataclass(frozen=True)
class FirmRow:
    """A firm with what its sites have together; `agencies` is how many know any of them."""

    id: str
    name: str
    sites: int
    agencies: int
    contacts: int
    last_contact_on: str | None


def list_firms(db: Reader, viewer: Viewer) -> list[FirmRow]:
    """Every firm of several sites, in no order."""
    return [_firm_row(row) for row in db.read(FIRMS)]


def _firm_row(row: Row) -> FirmRow:
    agencies: set[Any] = {agency for known in row["agencies"] for agency in known}
    fields: Row = row | {"agencies": len(agencies)}
    return FirmRow(**fields)
