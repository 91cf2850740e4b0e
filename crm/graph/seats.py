"""Seats: that a person of a business sits at a table, from one day to another."""

from typing import Any

from crm.graph.driver import Reader, Transaction

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
