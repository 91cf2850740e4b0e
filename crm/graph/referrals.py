"""Referrals: one program hands a business over to another, which accepts or declines."""

from typing import Any

from crm.graph.driver import Reader, Row, Transaction

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


ACCEPTED = """
MATCH (f:Referral)-[:ABOUT]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WHERE f.accepted_on IS NOT NULL
MATCH (f)-[:FROM_PROGRAM]->(from:Program)
MATCH (f)-[:TO_PROGRAM]->(to:Program)
RETURN f.id AS id, b.id AS business, from.agency_id AS from_agency, to.agency_id AS to_agency,
       f.accepted_on AS accepted_on
ORDER BY id
"""


def list_accepted(db: Reader) -> list[Row]:
    """Accepted referrals: the business, the two agencies and the day (ISO): links of definitions §3."""
    return db.read(ACCEPTED)


ACCEPTED_OF_BUSINESS = """
MATCH (b:Business {id: $business})<-[:RESOLVES_TO]-(:BusinessRecord)<-[:ABOUT]-(f:Referral)
WHERE f.accepted_on IS NOT NULL
MATCH (f)-[:FROM_PROGRAM]->(from:Program)
MATCH (f)-[:TO_PROGRAM]->(to:Program)
RETURN f.id AS id, b.id AS business, from.agency_id AS from_agency, to.agency_id AS to_agency,
       f.accepted_on AS accepted_on
ORDER BY id
"""


def list_accepted_of_business(db: Reader, business: str) -> list[Row]:
    """The same for one business."""
    return db.read(ACCEPTED_OF_BUSINESS, business=business)


RECORDS_OF = """
UNWIND $ids AS id
MATCH (:Referral {id: id})-[:ABOUT]->(r:BusinessRecord)
RETURN DISTINCT r.id AS id
ORDER BY id
"""


def list_business_records(db: Reader, ids: list[str]) -> set[str]:
    """The business records that these referrals are about."""
    return {row["id"] for row in db.read(RECORDS_OF, ids=ids)}
