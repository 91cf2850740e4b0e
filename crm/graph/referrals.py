"""Referrals: one program hands a business over to another, which accepts or declines."""

from typing import Any

from crm.graph.driver import Reader, Transaction

PUT = """
UNWIND $rows AS row
MATCH (r:BusinessRecord {id: row.record})
MATCH (from:Program {id: row.from_program})
MATCH (to:Program {id: row.to_program})
MERGE (f:Referral {id: row.props.id})
SET f = row.props
MERGE (f)-[:ABOUT]->(r)
MERGE (f)-[:FROM_PROGRAM]->(from)
MERGE (f)-[:TO_PROGRAM]->(to)
"""

UNLINK = """
UNWIND $ids AS id
MATCH (:Referral {id: id})-[old:ABOUT|FROM_PROGRAM|TO_PROGRAM]->()
DELETE old
"""


def put_referrals(tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str]) -> None:
    """Write referrals whole. A row: `props`, `record` (business record id), `from_program`, `to_program` (ids)."""
    if updated:
        tx.run(UNLINK, ids=updated)
    if rows:
        tx.run(PUT, rows=rows)


RECORDS_OF = """
UNWIND $ids AS id
MATCH (:Referral {id: id})-[:ABOUT]->(r:BusinessRecord)
RETURN DISTINCT r.id AS id
ORDER BY id
"""


def list_business_records(db: Reader, ids: list[str]) -> set[str]:
    """The business records that these referrals are about."""
    return {row["id"] for row in db.read(RECORDS_OF, ids=ids)}
