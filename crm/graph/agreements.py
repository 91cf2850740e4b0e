"""Shared-lead agreements: agencies that agree to act as one door, for some businesses or for all, between two days."""

from typing import Any

from crm.graph.driver import Reader, Row, Transaction

PUT = """
UNWIND $rows AS row
MERGE (g:Agreement {id: row.props.id})
SET g = row.props
WITH g, row
UNWIND row.agencies AS agency
MATCH (a:Agency {id: agency})
MERGE (g)-[:BINDS]->(a)
"""

UNLINK = """
UNWIND $ids AS id
MATCH (:Agreement {id: id})-[old:BINDS]->()
DELETE old
"""


def put_agreements(tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str]) -> None:
    """Write agreements whole. A row: `props` and `agencies` (ids). `covers` in props holds the refs of businesses."""
    if updated:
        tx.run(UNLINK, ids=updated)
    if rows:
        tx.run(PUT, rows=rows)


NAMED = """
UNWIND $ids AS id
MATCH (g:Agreement {id: id})
RETURN g.covers AS covers, COLLECT { MATCH (g)-[:BINDS]->(a:Agency) RETURN a.id } AS bound
"""


def list_agencies(db: Reader, ids: list[str]) -> set[str]:
    """The agencies that these agreements bind, and those whose businesses they name."""
    found: set[str] = set()
    for row in db.read(NAMED, ids=ids):
        found |= {*row["bound"], *(ref.partition(":")[0] for ref in row["covers"] or ())}
    return found


# Businesses are named by an agency's source id and looked up when asked, so that files may come in any order.
AGREEMENTS = """
MATCH (g:Agreement)-[:BINDS]->(a:Agency)
WITH g, a ORDER BY a.id
WITH g, collect(a.id) AS agencies
RETURN g.id AS id, g.name AS name, agencies, g.from AS begins_on, g.to AS ends_on, g.sector AS sector,
       g.businesses AS businesses, g.covers AS covers
ORDER BY name, id
"""

COVERED = """
UNWIND $refs AS ref
MATCH (r:BusinessRecord {ref: ref})-[:RESOLVES_TO]->(b:Business)
RETURN ref AS ref, b.id AS business
ORDER BY ref, business
"""


def list_agreements(db: Reader) -> list[Row]:
    """Every agreement: agencies (ids), begins_on and ends_on (ISO or None), sector (cell), `covered` (business ids)."""
    rows = db.read(AGREEMENTS)
    named: list[list[str]] = [row["covers"] or [] for row in rows]
    refs = sorted({ref for of in named for ref in of})
    covered: dict[str, set[str]] = {}
    if refs:
        for found in db.read(COVERED, refs=refs):
            covered.setdefault(found["ref"], set()).add(found["business"])
    for row, of in zip(rows, named, strict=True):
        row["covered"] = sorted({business for ref in of for business in covered.get(ref, ())})
    return rows
