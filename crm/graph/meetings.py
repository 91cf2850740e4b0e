"""Meetings: that a table met on a day, or will.

One with `cancelled_at` was called off on the screen, and counts no more.
"""

from typing import Any

from crm.graph.driver import Transaction

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


SET_CANCELLED = """
MATCH (m:Meeting {id: $id})
SET m.cancelled_at = $at
"""


def set_cancelled(tx: Transaction, id: str, *, at: str | None) -> None:
    """Say at which instant (ISO) a meeting was called off, or (None) that it takes place."""
    tx.run(SET_CANCELLED, id=id, at=at)
