"""What leans on an import: what others have said and decided since about the businesses and people that it brought.

All of it stays when the import is undone: a contact keeps a small record of its business, a decision waits for its
records to come again. Here it is counted and listed, so that whoever undoes knows.
"""

from dataclasses import dataclass
from typing import Final, Literal, LiteralString

from crm.graph.driver import Reader
from crm.graph.records import list_parts

What = Literal["contacts", "people", "referrals", "seats", "agreements", "decisions", "rows"]


@dataclass(frozen=True)
class Leaning:
    """One thing that something leans on, or that leans: `number` things of a kind lean on a business. `id` is that of
    the business, agreement or pair of records.
    """

    id: str
    name: str
    number: int


# Those of other imports, and those that were logged on the screen, by the business record that they are about.
ABOUT: Final[dict[What, LiteralString]] = {
    "contacts": "MATCH (r:BusinessRecord {import_id: $import_id})<-[:WITH]-(n:Touchpoint)",
    "people": "MATCH (r:BusinessRecord {import_id: $import_id})<-[:WORKS_AT]-(n:PersonRecord)",
    "referrals": "MATCH (r:BusinessRecord {import_id: $import_id})<-[:ABOUT]-(n:Referral)",
    "seats": "MATCH (r:BusinessRecord {import_id: $import_id})<-[:SPEAKS_FOR]-(n:Seat)",
}
OTHERS: Final = "\nWHERE r.stub IS NULL AND coalesce(n.import_id, '') <> $import_id\n"
BY_BUSINESS: Final = """
MATCH (r)-[:RESOLVES_TO]->(b:Business)
WITH b, count(DISTINCT n) AS number
RETURN b.id AS id, coalesce(b.name, '') AS name, number
ORDER BY number DESC, name, id
SKIP $skip LIMIT $limit
"""

AGREEMENTS: Final = """
MATCH (g:Agreement)
WHERE g.covers IS NOT NULL AND coalesce(g.import_id, '') <> $import_id
RETURN g.id AS id, coalesce(g.name, '') AS name, g.covers AS covers
ORDER BY name, id
"""
BROUGHT: Final = """
UNWIND $refs AS ref
MATCH (r:BusinessRecord {ref: ref})
WHERE r.import_id = $import_id AND r.stub IS NULL
RETURN DISTINCT ref AS ref
ORDER BY ref
"""

DECISIONS: Final = """
MATCH (j:Judgement)
WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn'
UNWIND [j.left, j.right] AS record
OPTIONAL MATCH (r:BusinessRecord {id: record})
WHERE r.import_id = $import_id
OPTIONAL MATCH (p:PersonRecord {id: record})
WHERE p.import_id = $import_id
WITH j, r, p
WHERE r IS NOT NULL OR p IS NOT NULL
WITH j.pair AS id, min(coalesce(r.name, p.name, p.email, '')) AS name, count(*) AS number
"""

# Records of the import of which a later file has said something: they go on saying that.
ROWS: Final = """
UNWIND $parts AS part
MATCH (v:RecordVersion {part: part})
MATCH (w:RecordVersion {record_id: v.record_id})
WHERE w.n > v.n
WITH DISTINCT v.record_id AS id, v.label AS label
"""

COUNT: Final = "RETURN count(DISTINCT id) AS count"
PAGE: Final = "RETURN id, name, number ORDER BY name, id SKIP $skip LIMIT $limit"
WHATS: Final[tuple[What, ...]] = ("contacts", "people", "referrals", "seats", "agreements", "decisions", "rows")


def count_leaning(db: Reader, import_id: str) -> dict[What, int]:
    """How many of each lean on an import."""
    found: dict[What, int] = {}
    parts = list_parts(import_id)
    for what in WHATS:
        if what == "agreements":
            found[what] = len(_list_agreements(db, import_id))
            continue
        about = ABOUT.get(what)
        if about:
            rows = db.read(about + OTHERS + "RETURN count(DISTINCT n) AS count", import_id=import_id)
        else:
            rows = db.read((DECISIONS if what == "decisions" else ROWS) + COUNT, import_id=import_id, parts=parts)
        found[what] = rows[0]["count"]
    return found


def _list_agreements(db: Reader, import_id: str) -> list[Leaning]:
    named = db.read(AGREEMENTS, import_id=import_id)
    refs = sorted({ref for row in named for ref in row["covers"]})
    brought = {row["ref"] for row in db.read(BROUGHT, refs=refs, import_id=import_id)} if refs else set[str]()
    numbers = [(row, len(brought.intersection(row["covers"]))) for row in named]
    return [Leaning(row["id"], row["name"], number) for row, number in numbers if number]


def list_leaning(db: Reader, import_id: str, what: What, *, skip: int, limit: int) -> tuple[list[Leaning], int]:
    """Some of the businesses with what leans on them, or of the agreements and decisions, and how many there are."""
    span = {"import_id": import_id, "skip": skip, "limit": limit}
    about = ABOUT.get(what)
    if about:
        count = db.read(
            about + OTHERS + "MATCH (r)-[:RESOLVES_TO]->(b:Business)\nRETURN count(DISTINCT b) AS count",
            import_id=import_id,
        )[0]["count"]
        return [Leaning(**row) for row in db.read(about + OTHERS + BY_BUSINESS, **span)], count
    if what == "agreements":
        rows = _list_agreements(db, import_id)
        return rows[skip : skip + limit], len(rows)
    count = db.read(DECISIONS + COUNT, import_id=import_id)[0]["count"]
    return [Leaning(**row) for row in db.read(DECISIONS + PAGE, **span)], count
