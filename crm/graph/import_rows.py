"""The rows that an import brought or changed, as people look them up: what each count of an import opens.

A row is `new` when its record was born in the import, `changed` when the record was there before. Which of the two, its
`seq` tells: it lies in the import's own range if the record was born there.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, LiteralString

from crm.graph import imports, records, resolution
from crm.graph.driver import Reader, Row
from crm.graph.imports import Import
from crm.graph.records import Label, cells_of

What = Literal["new", "changed", "review"]
ROWS_AN_IMPORT: Final = 10_000_000
TWO_KINDS: Final = frozenset(("BusinessRecord", "PersonRecord"))


@dataclass(frozen=True)
class ImportRow:
    """One record: its cells now, what they were before this import and what it said (of a changed one), and the
    business or person that it resolves to or is about.
    """

    id: str
    label: Label
    agency_id: str | None
    key: str
    cells: dict[str, str]
    before: dict[str, str]
    said: dict[str, str]
    thing: str | None


def list_rows(db: Reader, found: Import, what: What, *, skip: int, limit: int) -> tuple[list[ImportRow], int]:
    """Some of these rows, in the order of the file, and how many there are."""
    ids = _list_ids(db, found, what)
    rows: list[ImportRow] = []
    page = ids[skip : skip + limit]
    for label in records.LABELS:
        rows += _read_rows(db, found, label, [id for of, id in page if of == label])
    order = {id: place for place, (_, id) in enumerate(page)}
    return sorted(rows, key=lambda row: order[row.id]), len(ids)


def has_rows_of_others(db: Reader, import_id: str, *, agency_id: str) -> bool:
    """Whether the import brought or changed a record of any other agency."""
    for label in records.LABELS:
        query: LiteralString = f"""
        MATCH (n:{label} {{import_id: $import_id}})
        WHERE n.stub IS NULL AND coalesce(n.agency_id, '') <> $agency_id
        RETURN n.id AS id
        LIMIT 1
        """
        if db.read(query, import_id=import_id, agency_id=agency_id):
            return True
    for label, id in records.list_overwritten_of_import(db, import_id):
        owner = records.find_records(db, label, [id]).get(id, {}).get("agency_id")
        if owner != agency_id:
            return True
    return False


LEANING: Final = """
MATCH (r:BusinessRecord {import_id: $import_id})<-[:WITH]-(t:Touchpoint)
WHERE coalesce(t.import_id, '') <> $import_id
RETURN count(t) AS count
"""


def count_leaning(db: Reader, import_id: str) -> int:
    """How many contacts that came otherwise are with businesses of this import: they stay when it is undone."""
    return db.read(LEANING, import_id=import_id)[0]["count"]


def _list_ids(db: Reader, found: Import, what: What) -> list[tuple[Label, str]]:
    if what == "review":
        ids = imports.list_review_ids(db, found.id)
        return [("BusinessRecord" if id.startswith("r") else "PersonRecord", id) for id in ids]
    first = found.no * ROWS_AN_IMPORT
    born = {"new": True, "changed": False}[what]
    overwritten = records.list_overwritten_of_import(db, found.id)
    listed: dict[tuple[Label, str], int] = {}
    for label in records.LABELS:
        query: LiteralString = f"""
        MATCH (n:{label})
        WHERE (n.import_id = $import_id AND n.stub IS NULL)
        RETURN n.id AS id, n.seq AS seq
        """
        older: LiteralString = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN n.id AS id, n.seq AS seq"
        rows = db.read(query, import_id=found.id)
        rows += db.read(older, ids=[id for of, id in overwritten if of == label])
        for row in rows:
            if (first <= row["seq"] < first + ROWS_AN_IMPORT) == born:
                listed[label, row["id"]] = row["seq"]
    return sorted(listed, key=lambda pair: (listed[pair], pair))


def _read_rows(db: Reader, found: Import, label: Label, ids: list[str]) -> list[ImportRow]:
    if not ids:
        return []
    stored = records.find_records(db, label, ids)
    versions = records.list_versions(db, ids)
    things = _find_things(db, label, ids)
    rows: list[ImportRow] = []
    for id, record in stored.items():
        before, said = _split_versions(versions.get(id, []), found.id)
        rows.append(
            ImportRow(
                id=id,
                label=label,
                agency_id=record.get("agency_id"),
                key=record.get("key", ""),
                cells=cells_of(record),
                before=before,
                said=said,
                thing=things.get(id),
            )
        )
    return rows


def _split_versions(versions: list[Row], import_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a record said before this import, and with it."""
    before: dict[str, str] = {}
    for version in versions:
        cells: dict[str, Any] = json.loads(version["cells"])
        if version["import_id"] == import_id:
            return before, before | cells
        before |= cells
    return {}, {}


MET: Final = """
UNWIND $ids AS id
MATCH (t:Touchpoint {id: id})-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN t.id AS id, b.id AS thing
"""
ABOUT: Final = """
UNWIND $ids AS id
MATCH (f:Referral {id: id})-[:ABOUT]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN f.id AS id, b.id AS thing
"""


def _find_things(db: Reader, label: Label, ids: list[str]) -> dict[str, str]:
    """record id -> the business or person that it resolves to or is about."""
    if label in TWO_KINDS:
        return resolution.find_resolved(db, "business" if label == "BusinessRecord" else "person", ids)
    if label in ("Touchpoint", "Referral"):
        return {row["id"]: row["thing"] for row in db.read(MET if label == "Touchpoint" else ABOUT, ids=ids)}
    return {}
