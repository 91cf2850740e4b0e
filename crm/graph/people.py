"""People: executives and contacts as the region knows them, computed from the person records that resolve to them."""

from typing import Any

from crm.graph.driver import Reader, Row, Transaction


def person_id(record_id: str) -> str:
    """The id of the person whose oldest record this is."""
    return "e" + record_id[1:]


def founding_record_id(person_id: str) -> str:
    """The id of the record that gave this person their id."""
    return "q" + person_id[1:]


LOCK = """
UNWIND $ids AS id
MATCH (e:Executive {id: id})
SET e.locked = $token
RETURN e.id AS id
ORDER BY id
"""

RECORDS_OF = """
UNWIND $ids AS id
MATCH (e:Executive {id: id})<-[:RESOLVES_TO]-(p:PersonRecord)
OPTIONAL MATCH (p)-[:WORKS_AT]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN id AS person, properties(p) AS record, b.id AS business
"""

PUT = """
UNWIND $rows AS row
MATCH (e:Executive {id: row.id})
SET e = row
"""

UNLINK_ROLES = """
UNWIND $ids AS id
MATCH (:Executive {id: id})-[old:HOLDS_ROLE]->()
DELETE old
"""

LINK_ROLES = """
UNWIND $rows AS row
MATCH (e:Executive {id: row.person})
MATCH (b:Business {id: row.business})
MERGE (e)-[h:HOLDS_ROLE]->(b)
SET h.title = row.title, h.from_on = row.from_on, h.to_on = row.to_on, h.is_former = row.is_former
"""


ADD_ROLES = """
UNWIND $rows AS row
MATCH (e:Executive {id: row.person})
MATCH (b:Business {id: row.business})
CREATE (e)-[:HOLDS_ROLE {title: row.title, from_on: row.from_on, to_on: row.to_on, is_former: row.is_former}]->(b)
"""


def lock_people(tx: Transaction, ids: list[str], token: str) -> list[str]:
    """Hold these people until the transaction ends; returns those that exist."""
    return [row["id"] for row in tx.run(LOCK, ids=sorted(ids), token=token)]


def list_records_of(db: Reader, ids: list[str]) -> dict[str, list[Row]]:
    """person id -> their records, in no order, each with `business`, the id of the business it is at, or None."""
    found: dict[str, list[Row]] = {}
    for row in db.read(RECORDS_OF, ids=ids):
        found.setdefault(row["person"], []).append({**row["record"], "business": row["business"]})
    return found


def put_people(tx: Transaction, rows: list[dict[str, Any]], roles: list[dict[str, Any]]) -> None:
    """Write everything that is computed about these people. A role: `person`, `business`, `title`, and of one that
    somebody moved from or to `is_former`, `from_on` and `to_on` (ISO) as far as that was said."""
    if rows:
        tx.run(PUT, rows=rows)
        tx.run(UNLINK_ROLES, ids=[row["id"] for row in rows])
    if roles:
        tx.run(LINK_ROLES, rows=roles)


def add_roles(tx: Transaction, roles: list[dict[str, Any]]) -> None:
    """Write more roles of people who were just made; see `put_people`."""
    if roles:
        tx.run(ADD_ROLES, rows=roles)


EXISTING = "MATCH (e:Executive {id: $id}) RETURN e.id AS id"

OF_RECORD = """
MATCH (p:PersonRecord {id: $record})-[:RESOLVES_TO]->(e:Executive)
RETURN e.id AS id
"""

FORWARDED = """
MATCH (f:Forward {id: $id})
MATCH (p:PersonRecord {id: f.record})-[:RESOLVES_TO]->(e:Executive)
RETURN e.id AS id
"""


def find_current_id(db: Reader, id: str) -> str | None:
    """The id under which the person of this id, old or current, is known now; None if there never was one."""
    if db.read(EXISTING, id=id):
        return id
    moved = db.read(OF_RECORD, record=founding_record_id(id)) or db.read(FORWARDED, id=id)
    return moved[0]["id"] if moved else None


NAME = "MATCH (e:Executive {id: $id}) RETURN coalesce(e.name, e.email, '') AS name"


def find_name(db: Reader, id: str) -> str | None:
    """The name of the person who has this id now, "" for one who has none; None where there is no such person."""
    rows = db.read(NAME, id=id)
    return rows[0]["name"] if rows else None
