"""Tables: groups that an agency convenes and businesses sit in, such as advisory committees, boards, skills panels."""

from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Transaction
from crm.graph.records import record_id

# Tables are named in files, not numbered: the name is the key, in one system for all files of an agency.
SYSTEM = "plain"


def table_id(agency_id: str, name: str) -> str:
    return record_id("Table", agency_id, SYSTEM, name_key(name))


@dataclass(frozen=True)
class TableName:
    """A table as files mean it: its name, and whose it is. `is_stub`: seats or meetings name it, no row tells of it."""

    id: str
    name: str
    agency_id: str
    is_stub: bool


NAMES = """
MATCH (t:Table)
RETURN t.id AS id, t.name AS name, t.agency_id AS agency_id, coalesce(t.stub, false) AS is_stub
ORDER BY name, id
"""


def list_names(db: Reader, viewer: Viewer) -> list[TableName]:
    """Every table of the region; that there is one is no secret to any member."""
    return [TableName(**row) for row in db.read(NAMES)]


ADD = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (t:Table {id: row.id})
ON CREATE SET t = row, t.stub = true
MERGE (t)-[:CONVENED_BY]->(a)
"""


def add_tables(tx: Transaction, tables: list[tuple[str, str]]) -> None:
    """Create those of these (agency id, name) that are not there, as stubs: a seat names them, no row does yet."""
    rows = [
        {
            "id": table_id(agency, name),
            "agency_id": agency,
            "system": SYSTEM,
            "key": name_key(name),
            "name": " ".join(name.split()),
            "name_key": name_key(name),
        }
        for agency, name in tables
    ]
    if rows:
        tx.run(ADD, rows=rows)


PUT = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (t:Table {id: row.id})
SET t = row
MERGE (t)-[:CONVENED_BY]->(a)
"""


def put_tables(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Write tables whole (`props`)."""
    if rows:
        tx.run(PUT, rows=[row["props"] for row in rows])


REFERRED_TO = """
UNWIND $ids AS id
MATCH (t:Table {id: id})
WHERE EXISTS { (t)<-[:AT]-(:Seat) } OR EXISTS { (t)<-[:HELD_BY]-(:Meeting) }
RETURN t.id AS id
ORDER BY id
"""


def list_referred_to(db: Reader, ids: list[str]) -> list[str]:
    """Those of these tables that have seats or meetings: without their row they become stubs."""
    return [row["id"] for row in db.read(REFERRED_TO, ids=ids)]


UNUSED_STUBS = """
MATCH (t:Table)
WHERE t.stub = true AND NOT EXISTS { (t)<-[:AT]-(:Seat) } AND NOT EXISTS { (t)<-[:HELD_BY]-(:Meeting) }
WITH t, t.agency_id AS agency
DETACH DELETE t
RETURN DISTINCT agency
"""


def delete_unused_stubs(tx: Transaction) -> set[str]:
    """Forget the tables that no row tells of and that have neither seat nor meeting; the ids of their agencies."""
    return {row["agency"] for row in tx.run(UNUSED_STUBS)}
