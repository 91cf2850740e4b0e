"""Business records: what an agency's list says of one business, and the stubs that its contacts refer to."""

from typing import Any, LiteralString

from crm.access import Viewer
from crm.graph import stale
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Row, Transaction, name_values

# The cells of a business row that say something about the business, as the plain file names them.
FIELDS = (
    "name",
    "legal_name",
    "street",
    "city",
    "state",
    "zip",
    "county",
    "phone",
    "website",
    "email",
    "ein",
    "naics",
    "employees",
    "parent",
    "closed_on",
    "notes",
)


def ref_of(agency_id: str, key: str) -> str:
    """How the rows of an agency refer to a record by its source id, whatever system it came from."""
    return f"{agency_id}:{key}"


def name_ref_of(agency_id: str, name: str) -> str:
    """How the rows of an agency refer to its record of a business by name."""
    return f"{agency_id}:{name_key(name)}"


# Creating is twice as fast as merging. Should another process have made one of them in this moment, the constraint on
# the id refuses, and the transaction runs again with the statements that merge.
ADD = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
CREATE (r:BusinessRecord)
SET r = row
CREATE (r)-[:OF]->(a)
"""

PUT = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (r:BusinessRecord {id: row.id})
SET r = row
MERGE (r)-[:OF]->(a)
"""

# A record that is there has its agency.
CHANGE = """
UNWIND $rows AS row
MATCH (r:BusinessRecord {id: row.id})
SET r = row
RETURN collect(r.id) AS ids
"""

ADD_STUBS = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (r:BusinessRecord {id: row.id})
ON CREATE SET r = row
MERGE (r)-[:OF]->(a)
"""


def put_records(
    tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str] | None = None, fresh: bool = False
) -> None:
    """Write records whole: `rows` hold all their properties. What they resolve to is decided later.

    `fresh` says that those that are not among `updated` are not there yet.
    """
    there = set(updated or ())
    new = [row for row in rows if row["id"] not in there]
    old = [row for row in rows if row["id"] in there]
    if new:
        tx.run(ADD if fresh else PUT, rows=new)
    if old:
        # A stub may have gone since it was looked at.
        changed = set(tx.run(CHANGE, rows=old)[0]["ids"])
        if lost := [row for row in old if row["id"] not in changed]:
            tx.run(PUT, rows=lost)
    stale.mark_unmatched(tx, [row["id"] for row in rows])


def add_stubs(tx: Transaction, rows: list[dict[str, Any]], *, fresh: bool = False) -> None:
    """Create those of these stubs that are not there; `fresh` says that none is."""
    if rows:
        tx.run(ADD if fresh else ADD_STUBS, rows=rows)
        stale.mark_unmatched(tx, [row["id"] for row in rows])


BY_REF = """
UNWIND $refs AS ref
MATCH (r:BusinessRecord {ref: ref})
WITH r
ORDER BY r.ref, r.id
RETURN collect(r.ref) AS refs, collect(r.id) AS ids, collect(r.system) AS systems
"""


def find_by_refs(db: Reader, refs: list[str], *, system: str) -> dict[str, str]:
    """ref -> record id. Where an agency uses one source id in two systems, the given system's record is meant."""
    found: dict[str, str] = {}
    # One row of lists: a row for each record would take longer to carry than to find.
    (columns,) = db.read(BY_REF, refs=refs)
    for ref, id, of in zip(columns["refs"], columns["ids"], columns["systems"], strict=True):
        if ref not in found or of == system:
            found[ref] = id
    return found


BY_NAME_REF = """
UNWIND $refs AS ref
MATCH (r:BusinessRecord {name_ref: ref})
OPTIONAL MATCH (r)-[:RESOLVES_TO]->(b:Business)
RETURN r.name_ref AS ref, r.id AS id, b.id AS business
ORDER BY ref, r.seq, id
"""


def find_by_name_refs(db: Reader, refs: list[str]) -> dict[str, list[tuple[str, str | None]]]:
    """name ref -> the (record id, business id) of that agency's records of that name, oldest first."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for row in db.read(BY_NAME_REF, refs=refs):
        found.setdefault(row["ref"], []).append((row["id"], row["business"]))
    return found


IDS = "MATCH (r:BusinessRecord) RETURN collect(r.id) AS ids"


def list_ids(db: Reader) -> list[str]:
    """The ids of all business records, in no order."""
    return db.read(IDS)[0]["ids"]


# What businesses are matched by and computed from: one reading serves both.
READ: LiteralString = """
r.id, r.agency_id, r.seq, r.said, r.name, r.legal_name, r.street, r.city, r.state, r.zip, r.county, r.phone,
r.website, r.email, r.ein, r.naics, r.employees, r.parent, r.closed_on"""
READ_COLUMNS = (
    "id", "agency_id", "seq", "said", "name", "legal_name", "street", "city", "state", "zip", "county", "phone",
    "website", "email", "ein", "naics", "employees", "parent", "closed_on",
)  # fmt: skip
# Lists within one row: a row for each record would take longer to carry than to find.
LIST_SAID: LiteralString = f"""
UNWIND $ids AS id
MATCH (r:BusinessRecord {{id: id}})
RETURN collect([{READ}]) AS records
"""


def list_said(db: Reader, ids: list[str]) -> list[Row]:
    """What businesses are matched by and computed from, of those of these records that are there."""
    (found,) = db.read(LIST_SAID, ids=ids)
    return name_values(READ_COLUMNS, found["records"])


OF_BUSINESSES: LiteralString = f"""
UNWIND $ids AS id
MATCH (b:Business {{id: id}})<-[:RESOLVES_TO]-(r:BusinessRecord)
RETURN collect([{READ}, b.id]) AS records
"""


def list_of_businesses(db: Reader, ids: list[str]) -> dict[str, list[Row]]:
    """business id -> what it is computed from of its records, in no order."""
    found: dict[str, list[Row]] = {}
    (listed,) = db.read(OF_BUSINESSES, ids=ids)
    for *values, business in listed["records"]:
        found.setdefault(business, []).append(dict(zip(READ_COLUMNS, values, strict=True)))
    return found


RECORDS = """
MATCH (r:BusinessRecord)-[:OF]->(a:Agency)
MATCH (r)-[:RESOLVES_TO]->(b:Business)
RETURN a.name AS agency, r.system AS system, r.key AS key, b.id AS business, b.firm_id AS firm, r.id AS id
ORDER BY agency, system, key, id
"""


def list_resolved_records(db: Reader, viewer: Viewer) -> list[Row]:
    """Which business and which firm each business record is, in the shape of the contract."""
    return [{k: v for k, v in row.items() if k != "id"} for row in db.read(RECORDS)]


# A stub lives as long as something refers to it.
UNUSED_STUBS = """
UNWIND $ids AS id
MATCH (r:BusinessRecord {id: id})
WHERE r.stub = true AND NOT EXISTS { (r)<-[:WITH|WORKS_AT|ABOUT|SPEAKS_FOR]-() }
RETURN r.id AS id
ORDER BY id
"""


def list_unused_stubs(db: Reader, ids: list[str]) -> list[str]:
    """Those of these records that are stubs to which nothing refers any more."""
    return [row["id"] for row in db.read(UNUSED_STUBS, ids=ids)] if ids else []


REFERRED_TO = """
UNWIND $ids AS id
MATCH (r:BusinessRecord {id: id})
WHERE EXISTS { (r)<-[:WITH|WORKS_AT|ABOUT|SPEAKS_FOR]-() }
RETURN r.id AS id
ORDER BY id
"""


def list_referred_to(db: Reader, ids: list[str]) -> list[str]:
    """Those of these records that something refers to: without their row they become stubs."""
    return [row["id"] for row in db.read(REFERRED_TO, ids=ids)] if ids else []


OWN = """
MATCH (b:Business {id: $business})<-[:RESOLVES_TO]-(r:BusinessRecord {agency_id: $agency_id})
RETURN r.id AS id
ORDER BY r.seq, id
LIMIT 1
"""


def find_own(db: Reader, business: str, agency_id: str) -> str | None:
    """The oldest record that this agency holds of a business."""
    rows = db.read(OWN, business=business, agency_id=agency_id)
    return rows[0]["id"] if rows else None
