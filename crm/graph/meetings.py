"""Meetings: that a table met on a day, or will."""

from typing import Any

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Transaction

PUT = """
UNWIND $rows AS row
MATCH (t:Table {id: row.table})
MERGE (m:Meeting {id: row.props.id})
SET m = row.props
MERGE (m)-[:HELD_BY]->(t)
"""

UNLINK = """
UNWIND $ids AS id
MATCH (:Meeting {id: id})-[old:HELD_BY]->()
DELETE old
"""


def put_meetings(tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str]) -> None:
    """Write meetings whole. A row: `props` and the id of the `table`."""
    if updated:
        tx.run(UNLINK, ids=updated)
    if rows:
        tx.run(PUT, rows=rows)


MEETINGS = """
MATCH (m:Meeting)-[:HELD_BY]->(t:Table)
RETURN m.id AS id, t.id AS table, m.date AS date
ORDER BY date, id
"""


def list_meetings(db: Reader, viewer: Viewer) -> list[Row]:
    """Every meeting: its table (id) and the day (ISO); a day to come is a plan."""
    return db.read(MEETINGS)
