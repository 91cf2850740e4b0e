"""The rows that an import brought or changed, as people look them up: what each count of an import opens.

A row is `new` when its record was born in the import, `changed` when the record was there before. Which of the two, its
`seq` tells: it lies in the import's own range if the record was born there.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, LiteralString

from crm.graph import imports, records, resolution, unsent
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Row
from crm.graph.imports import Import
from crm.graph.records import Label, cells_of

What = Literal["new", "changed", "review", "unsent"]
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


def list_rows(
    db: Reader, found: Import, what: What, *, label: Label, skip: int, limit: int
) -> tuple[list[ImportRow], int]:
    """Some of these rows, in the order of the file, and how many there are. `label` is that of the file's rows."""
    if what == "review":
        ids = imports.list_review_ids(db, found.id)
        return _read_rows(db, found, ids[skip : skip + limit]), len(ids)
    if what == "unsent":
        ids = unsent.list_of_import(db, found.id, skip=skip, limit=limit)
        return list_records(db, ids), unsent.count_of_import(db, found.id)[0]
    span = {"import_id": found.id, "first": found.no * ROWS_AN_IMPORT, "last": (found.no + 1) * ROWS_AN_IMPORT}
    # Those whose last word was this import's, and after them those about which a later one said something.
    current: LiteralString = f"""
    MATCH (n:{label} {{import_id: $import_id}})
    WHERE n.stub IS NULL AND (n.seq >= $first AND n.seq < $last) = $born
    """
    count = db.read(current + "RETURN count(n) AS count", born=what == "new", **span)[0]["count"]
    page = current + "RETURN n.id AS id, n.seq AS seq ORDER BY seq, id SKIP $skip LIMIT $limit"
    ids = [row["id"] for row in db.read(page, born=what == "new", skip=skip, limit=limit, **span)]
    older = _list_overwritten(db, found, label, born=what == "new", span=span)
    ids += older[max(0, skip - count) : max(0, skip + limit - count)]
    return _read_rows(db, found, ids), count + len(older)


def _list_overwritten(db: Reader, found: Import, label: Label, *, born: bool, span: dict[str, Any]) -> list[str]:
    """Records of the import whose last word is a later import's."""
    versions = [id for of, id in records.list_overwritten_of_import(db, found.id) if of == label]
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (n:{label} {{id: id}})
    WHERE coalesce(n.import_id, '') <> $import_id AND (n.seq >= $first AND n.seq < $last) = $born
    RETURN n.id AS id, n.seq AS seq
    ORDER BY seq, id
    """
    return [row["id"] for row in db.read(query, ids=versions, born=born, **span)] if versions else []


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


def list_records(db: Reader, ids: list[str]) -> list[ImportRow]:
    """These records in this order, as they stand; those that are gone are left out."""
    return _read_rows(db, None, ids)


def _read_rows(db: Reader, found: Import | None, ids: list[str]) -> list[ImportRow]:
    """These records, in this order; `found` is the import whose doing is to be seen."""
    rows: dict[str, ImportRow] = {}
    for label in records.LABELS:
        own = [id for id in ids if id.startswith(records.LETTERS[label])]
        if not own:
            continue
        versions, things, called = (
            records.list_versions(db, own),
            _find_things(db, label, own),
            _find_names(db, label, own),
        )
        for id, record in records.find_records(db, label, own).items():
            before, said = _split_versions(versions.get(id, []), found.id if found else None)
            rows[id] = ImportRow(
                id,
                label,
                record.get("agency_id"),
                record.get("key", ""),
                _call_by_name(cells_of(record), called.get(id)),
                _call_by_name(before, called.get(id)),
                _call_by_name(said, called.get(id)),
                things.get(id),
            )
    return [rows[id] for id in ids if id in rows]


Called = tuple[str, str]  # key and name of a business record


def _call_by_name(cells: dict[str, str], called: Called | None) -> dict[str, str]:
    """What a row says, with the name of its business in place of a key that was made of that name."""
    if called is None or cells.get("business") != called[0] or not called[0].startswith(name_key(called[1])):
        return cells
    return {**cells, "business": called[1]}


def _split_versions(versions: list[Row], import_id: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """What a record said before this import, and with it; nothing without one."""
    if import_id is None:
        return {}, {}
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
SEATED: Final = """
UNWIND $ids AS id
MATCH (s:Seat {id: id})-[:SPEAKS_FOR]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN s.id AS id, b.id AS thing
"""
ABOUT: Final = """
UNWIND $ids AS id
MATCH (f:Referral {id: id})-[:ABOUT]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN f.id AS id, b.id AS thing
"""


CALLED: Final[dict[Label, LiteralString]] = {
    "Touchpoint": "MATCH (n:Touchpoint {id: id})-[:WITH]->(r:BusinessRecord)",
    "Referral": "MATCH (n:Referral {id: id})-[:ABOUT]->(r:BusinessRecord)",
    "PersonRecord": "MATCH (n:PersonRecord {id: id})-[:WORKS_AT]->(r:BusinessRecord)",
}


def _find_names(db: Reader, label: Label, ids: list[str]) -> dict[str, Called]:
    """record id -> key and name of the business record that it is about."""
    if label not in CALLED:
        return {}
    query: LiteralString = f"UNWIND $ids AS id {CALLED[label]} RETURN id, r.key AS key, coalesce(r.name, '') AS name"
    return {row["id"]: (row["key"], row["name"]) for row in db.read(query, ids=ids)}


def _find_things(db: Reader, label: Label, ids: list[str]) -> dict[str, str]:
    """record id -> the business or person that it resolves to or is about."""
    if label in TWO_KINDS:
        return resolution.find_resolved(db, "business" if label == "BusinessRecord" else "person", ids)
    queries: dict[Label, LiteralString] = {"Touchpoint": MET, "Referral": ABOUT, "Seat": SEATED}
    if label in queries:
        return {row["id"]: row["thing"] for row in db.read(queries[label], ids=ids)}
    return {}
