"""Staff: the people who knock. They are known by their e-mail address, or else by their name within their agency."""

from dataclasses import dataclass

from crm.access import Viewer
from crm.graph.driver import Reader, Transaction
from crm.ids import mint


@dataclass(frozen=True)
class Staff:
    """One member of an agency's staff, as contacts name them."""

    id: str
    name: str | None
    email: str | None
    agency_id: str


def staff_id(agency_id: str, said: str) -> str:
    """The id of the person whom a contact's staff cell (an e-mail address or a name) says."""
    said = " ".join(said.split()).casefold()
    return mint("w", said) if "@" in said else mint("w", agency_id, said)


ADD_STAFF = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (s:Staff {id: row.id})
ON CREATE SET s.agency_id = row.agency_id, s.email = row.email, s.name = row.name
MERGE (s)-[:OF]->(a)
"""


def add_staff(tx: Transaction, said: list[tuple[str, str]]) -> None:
    """Create those of these (agency id, e-mail or name) that are not there."""
    rows = [
        {
            "id": staff_id(agency, cell),
            "agency_id": agency,
            "email": cell.strip().casefold() if "@" in cell else None,
            "name": None if "@" in cell else " ".join(cell.split()),
        }
        for agency, cell in said
    ]
    if rows:
        tx.run(ADD_STAFF, rows=rows)


STAFF_OF_AGENCY = """
MATCH (s:Staff)-[:OF]->(a:Agency {id: $agency_id})
RETURN s.id AS id, s.name AS name, s.email AS email, s.agency_id AS agency_id
ORDER BY coalesce(s.name, s.email), id
LIMIT $limit
"""


def list_staff(db: Reader, agency_id: str, *, viewer: Viewer, limit: int = 1000) -> list[Staff]:
    """An agency's staff by name."""
    return [Staff(**row) for row in db.read(STAFF_OF_AGENCY, agency_id=agency_id, limit=limit)]


KNOWN_BY_EMAIL = """
MATCH (s:Staff)
WHERE s.email IS NOT NULL
RETURN s.id AS id, s.name AS name, s.email AS email, s.agency_id AS agency_id
ORDER BY email, id
LIMIT $limit
"""


def list_known_by_email(db: Reader, viewer: Viewer, *, limit: int = 5000) -> list[Staff]:
    """The staff of all agencies whom contacts name by an e-mail address: whom to ask is what all members share."""
    return [Staff(**row) for row in db.read(KNOWN_BY_EMAIL, limit=limit)]


DELETE_UNUSED = """
MATCH (a:Agency)<-[:OF]-(s:Staff)
WHERE a.id IN $agency_ids AND NOT EXISTS { (s)<--() }
DETACH DELETE s
"""


def delete_unused_staff(tx: Transaction, agency_ids: list[str]) -> None:
    """Forget the staff of these agencies whom nothing names any more."""
    tx.run(DELETE_UNUSED, agency_ids=agency_ids)
