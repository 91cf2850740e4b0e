"""Seats: that a person of a business sits at a table, from one day to another."""

from typing import Any

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Transaction

PUT = """
UNWIND $rows AS row
MATCH (t:Table {id: row.table})
MATCH (r:BusinessRecord {id: row.record})
MATCH (p:PersonRecord {id: row.person})
MERGE (s:Seat {id: row.props.id})
SET s = row.props
MERGE (s)-[:AT]->(t)
MERGE (s)-[:SPEAKS_FOR]->(r)
MERGE (s)-[:FILLED_BY]->(p)
"""

UNLINK = """
UNWIND $ids AS id
MATCH (:Seat {id: id})-[old:AT|SPEAKS_FOR|FILLED_BY]->()
DELETE old
"""


def put_seats(tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str]) -> None:
    """Write seats whole. A row: `props`, and the ids of the `table`, the business `record` and the `person` record."""
    if updated:
        tx.run(UNLINK, ids=updated)
    if rows:
        tx.run(PUT, rows=rows)


TIES = """
UNWIND $ids AS id
MATCH (s:Seat {id: id})-[:SPEAKS_FOR]->(r:BusinessRecord)
MATCH (s)-[:FILLED_BY]->(p:PersonRecord)
RETURN r.id AS record, p.id AS person
"""


def list_ties(db: Reader, ids: list[str]) -> tuple[set[str], set[str]]:
    """The business records and the person records that these seats refer to."""
    rows = db.read(TIES, ids=ids)
    return {row["record"] for row in rows}, {row["person"] for row in rows}


# From the seats on, which are few, to what their records are now.
SEATS = """
MATCH (s:Seat)-[:AT]->(t:Table)
MATCH (s)-[:SPEAKS_FOR]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
MATCH (s)-[:FILLED_BY]->(:PersonRecord)-[:RESOLVES_TO]->(e:Executive)
RETURN s.id AS id, t.id AS table, b.id AS business, e.id AS person, s.from AS begins_on, s.to AS ends_on,
       b.name AS business_name, coalesce(e.name, e.email) AS person_name
ORDER BY id
"""


def list_seats(db: Reader, viewer: Viewer) -> list[Row]:
    """Every seat: ids of its table, business and person, the days (ISO or None), and the names of the two."""
    return db.read(SEATS)
