"""Shared-lead agreements: agencies that agree to act as one door, for some businesses or for all, between two days.

What stands here was agreed: it came with a file, or all whom it binds have signed it (`crm.graph.protocols`).
"""

from typing import Any

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Transaction
from crm.graph.protocols import get_wall

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


# Businesses are named by an agency's source id and looked up when asked, so that files may come in any order; more than
# one record may be meant, of one business.
AGREEMENTS = """
MATCH (g:Agreement)-[:BINDS]->(a:Agency)
WHERE $id IS NULL OR g.id = $id
WITH g, a ORDER BY a.id
WITH g, collect(a.id) AS agencies
OPTIONAL MATCH (p:Protocol {id: g.id})
RETURN g.id AS id, g.name AS name, agencies, g.from AS begins_on, g.sector AS sector, g.places AS places,
       // What a file says of its end does not undo that they have ended it.
       CASE WHEN p.ended_on IS NULL THEN g.to WHEN g.to IS NULL OR g.to > p.ended_on THEN p.ended_on ELSE g.to
       END AS ends_on,
       g.businesses AS businesses, g.covers AS covers, g.import_id IS NULL AS is_own, coalesce(p.leads, '[]') AS leads,
       COLLECT { UNWIND coalesce(g.covers, []) AS ref
                 MATCH (r:BusinessRecord {ref: ref})-[:RESOLVES_TO]->(b:Business)
                 RETURN b.id } AS covered
ORDER BY name, id
"""


def list_agreements(db: Reader, *, id: str | None = None) -> list[Row]:
    """Every agreement, or the one of this id: agencies (ids), begins_on and ends_on (ISO or None), sector and places
    (cells), `covered` (business ids), `is_own` (no file said it last), `leads` (JSON)."""
    rows = db.read(AGREEMENTS, id=id)
    for row in rows:
        row["covered"] = sorted(set(row["covered"]))
    return rows


SHOWN = """
MATCH (g:Agreement)-[:BINDS]->(a:Agency)
WHERE $id IS NULL OR g.id = $id
WITH g, a ORDER BY a.id
WITH g, collect(a.id) AS agencies
WITH g, agencies, $agency IS NULL OR $agency IN agencies AS is_open
OPTIONAL MATCH (p:Protocol {id: g.id})
RETURN g.id AS id, g.name AS name, agencies, g.from AS begins_on, g.sector AS sector, g.places AS places,
       CASE WHEN p.ended_on IS NULL THEN g.to WHEN g.to IS NULL OR g.to > p.ended_on THEN p.ended_on ELSE g.to
       END AS ends_on,
       // Which businesses are named is for those whom it binds.
       CASE WHEN is_open THEN coalesce(g.covers, []) ELSE [] END AS covers, g.businesses IS NOT NULL AS is_naming,
       is_open
ORDER BY name, id
"""


def list_shown(db: Reader, viewer: Viewer, *, id: str | None = None) -> list[Row]:
    """Every agreement (or the one of this id) as a viewer may see it: `agencies` are ids, `covers` refs of businesses,
    which those whom it does not bind do not see (`is_open`)."""
    return db.read(SHOWN, id=id, agency=get_wall(viewer))


BUSINESSES = """
UNWIND $refs AS ref
MATCH (r:BusinessRecord {ref: ref})-[:RESOLVES_TO]->(b:Business)
RETURN DISTINCT b.id AS id, coalesce(b.name, '') AS name
ORDER BY name, id
"""


def list_businesses(db: Reader, viewer: Viewer, refs: list[str]) -> list[tuple[str, str]]:
    """(id, name) of the businesses that these refs mean, by name."""
    return [(row["id"], row["name"]) for row in db.read(BUSINESSES, refs=refs)] if refs else []


BY_RECORD = """
UNWIND $records AS record
MATCH (r:BusinessRecord {id: record})-[:RESOLVES_TO]->(b:Business)
RETURN record, b.id AS id, coalesce(b.name, '') AS name
"""


def find_businesses(db: Reader, viewer: Viewer, records: list[str]) -> dict[str, tuple[str, str]]:
    """record id -> (id, name) of the business that it resolves to."""
    return {row["record"]: (row["id"], row["name"]) for row in db.read(BY_RECORD, records=records)} if records else {}
