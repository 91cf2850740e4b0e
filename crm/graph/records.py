"""Records: what one agency said in one row, word for word.

A record is keyed by (agency, system, key), where key is the source's own id or a hash of the row. Its cells are kept as
text, exactly as they came in; whatever is computed from them hangs on the thing that the record resolves to.

A record is the fold of its versions: each import that says something new about it adds a version that holds the
columns it said, and the record is what the versions say in order, a later cell over an earlier one. With one version
(the normal case) the record is its own version; with more, each is a `RecordVersion`. So an import is undone by taking
its versions out and folding the rest again.

`seq` is when a record was born: the place of its first version among all rows of all imports. `said` is that of its
last version: of two records the one with the greater `said` is the newer. Of a version, for which several rows of its
file may stand, `born` is the place of the first of these and `seq` that of the last.

A stub is a record without a row of its own: another row (a contact, a person) refers to it. It goes when nothing refers
to it any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Literal, LiteralString, NamedTuple

from crm.access import Viewer
from crm.graph import stale
from crm.graph.driver import Reader, Row, Store, Transaction, name_values
from crm.graph.stale import RECORD
from crm.ids import PAIRS, mint

Label = Literal[
    "BusinessRecord", "PersonRecord", "Touchpoint", "Referral", "Agreement", "Table", "Seat", "Meeting", "Sector",
    "Program",
]  # fmt: skip
LABELS: tuple[Label, ...] = (
    "Program",
    "BusinessRecord",
    "PersonRecord",
    "Touchpoint",
    "Referral",
    "Agreement",
    "Table",
    "Seat",
    "Meeting",
    "Sector",
)
LETTERS: dict[Label, str] = {
    "BusinessRecord": "r",
    "PersonRecord": "q",
    "Touchpoint": "t",
    "Referral": "f",
    "Agreement": "g",
    "Table": "m",
    "Seat": "n",
    "Meeting": "d",
    "Sector": "s",
    "Program": "p",
}

# `seq` is an import's number times this, plus the row's place in its file.
ROWS_A_NUMBER = 10_000_000

# What a record knows about itself beside its agency's cells.
META = frozenset(
    (
        "id",
        "agency_id",
        "system",
        "key",
        "ref",
        "name_ref",
        "seq",
        "said",
        "import_id",
        "hash",
        "stub",
        "versions",
        "ended_on",
        "ended_said",
        "cancelled_at",
    )
)


def record_id(label: Label, agency_id: str, system: str, key: str) -> str:
    """The id of the record that this agency's row with this key is."""
    return mint(LETTERS[label], agency_id, system, key)


def cells_of(record: Mapping[str, Any]) -> dict[str, str]:
    """The agency's own cells of a stored record: column -> text, blanks left out."""
    return {name: value for name, value in record.items() if name not in META}


def find_hashes(db: Reader, label: Label, ids: list[str]) -> dict[str, str]:
    """id -> content hash of those of these records that exist and are no stubs."""
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (n:{label} {{id: id}})
    WHERE n.hash IS NOT NULL
    RETURN collect(n.id) AS ids, collect(n.hash) AS hashes
    """
    # One row of two lists: a row for each would take longer to carry than to find.
    (found,) = db.read(query, ids=ids)
    return dict(zip(found["ids"], found["hashes"], strict=True))


def has_any(db: Reader, label: Label, agency_id: str) -> bool:
    """Whether the agency has some business or person record, stubs included."""
    query: LiteralString = f"MATCH (:Agency {{id: $agency_id}})<-[:OF]-(n:{label}) RETURN n.id AS id LIMIT 1"
    return bool(db.read(query, agency_id=agency_id))


def find_records(db: Reader, label: Label, ids: list[str]) -> dict[str, Row]:
    """id -> all properties of those of these records that exist."""
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (n:{label} {{id: id}})
    RETURN properties(n) AS record
    """
    rows = db.read(query, ids=ids) if ids else []
    return {row["record"]["id"]: row["record"] for row in rows}


def list_by_ref(db: Reader, label: Label, ref: str) -> list[tuple[str, str]]:
    """(id, system) of the records that an agency's source id means: several when it has the id in several systems."""
    query: LiteralString = f"""
    MATCH (n:{label} {{ref: $ref}})
    RETURN n.id AS id, n.system AS system
    ORDER BY system, id
    """
    return [(row["id"], row["system"]) for row in db.read(query, ref=ref)]


def list_stubs(db: Reader, label: Label) -> list[str]:
    """Ids of the records of this label that no row describes."""
    query: LiteralString = f"MATCH (n:{label}) WHERE n.stub = true RETURN n.id AS id ORDER BY id"
    return [row["id"] for row in db.read(query)]


class Owned(NamedTuple):
    """A record as far as it must be known to be taken away: whose it is (None: nobody's) and when it was born."""

    id: str
    seq: int
    agency_id: str | None
    is_stub: bool


# One row of lists: a row for each would take longer to carry than to find.
OWNED: LiteralString = """
RETURN collect(n.id) AS ids, collect(coalesce(n.seq, 0)) AS seqs, collect(coalesce(n.agency_id, '')) AS agencies,
       collect(coalesce(n.stub, false)) AS stubs
"""


def list_owned_of_import(db: Store, label: Label, import_id: str) -> dict[str, Owned]:
    """id -> each record whose current version is this import's, in no order."""
    query: LiteralString = f"MATCH (n:{label} {{import_id: $import_id}})" + OWNED
    return _read_owned(db.read_columns(query, import_id=import_id))


def find_owned(db: Store, label: Label, ids: list[str]) -> dict[str, Owned]:
    """id -> each of these records that exists."""
    query: LiteralString = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}})" + OWNED
    return _read_owned(db.read_columns(query, ids=ids)) if ids else {}


def _read_owned(columns: dict[str, list[Any]]) -> dict[str, Owned]:
    rows = zip(columns["ids"], columns["seqs"], columns["agencies"], columns["stubs"], strict=True)
    return {id: Owned(id, seq, agency or None, is_stub) for id, seq, agency, is_stub in rows}


def list_brought(db: Reader, label: Label, import_id: str, ids: list[str]) -> list[str]:
    """Those of these records whose current version is this import's."""
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (n:{label} {{id: id}})
    WHERE n.import_id = $import_id
    RETURN n.id AS id
    ORDER BY id
    """
    return [row["id"] for row in db.read(query, ids=ids, import_id=import_id)] if ids else []


# Lists within one row: a row for each version would take longer to carry than to find.
VERSIONS_OF_RECORDS = """
UNWIND $ids AS id
MATCH (v:RecordVersion {record_id: id})
RETURN collect([v.record_id, v.import_id, v.n, v.seq, v.born, v.hash, v.cells]) AS versions
"""
VERSIONS_COLUMNS = ("record_id", "import_id", "n", "seq", "born", "hash", "cells")

RECORDS_WITH_VERSIONS_OF = """
UNWIND $parts AS part
MATCH (v:RecordVersion {part: part})
RETURN collect([v.label, v.record_id]) AS records
"""

ADD_VERSIONS = """
UNWIND $rows AS row
MERGE (v:RecordVersion {id: row.id})
SET v = row
"""

DROP_VERSIONS = """
UNWIND $ids AS id
MATCH (v:RecordVersion {record_id: id})
DELETE v
"""


# That a row is no longer sent (see `unsent`) goes with the row.
DROP_UNSENT = """
UNWIND $ids AS id
MATCH (u:Unsent {record_id: id})
DELETE u
"""


def list_versions(db: Reader, ids: list[str]) -> dict[str, list[Row]]:
    """record id -> its versions in order, for those records that have more than one."""
    (listed,) = db.read(VERSIONS_OF_RECORDS, ids=ids)
    found: dict[str, list[Row]] = {}
    for row in sorted(name_values(VERSIONS_COLUMNS, listed["versions"]), key=itemgetter("record_id", "n")):
        found.setdefault(row["record_id"], []).append(row)
    return found


def list_overwritten_of_import(db: Reader, import_id: str) -> list[tuple[Label, str]]:
    """(label, id) of the records with several versions of which one is this import's."""
    (listed,) = db.read(RECORDS_WITH_VERSIONS_OF, parts=list_parts(import_id))
    return sorted({(label, id) for label, id in listed["records"]})


def list_parts(import_id: str) -> list[str]:
    """What the `part` of each version of this import's is one of. An engine takes long to find one node among tens of
    thousands of equal value in an index, so an import's versions lie in many parts, by the ids of their records."""
    return [import_id + pair for pair in PAIRS]


def _part_of(import_id: str | None, record: str) -> str | None:
    return import_id + record[1:3] if import_id else None


def replace_versions(tx: Transaction, label: Label, versions: Mapping[str, Iterable[Row]]) -> None:
    """Give each of these records exactly these versions (record id -> versions in order)."""
    if not versions:
        return
    tx.run(DROP_VERSIONS, ids=list(versions))
    rows = [
        {
            "id": mint("v", record, str(n)),
            "record_id": record,
            "label": label,
            "n": n,
            "import_id": version["import_id"],
            "part": _part_of(version["import_id"], record),
            "seq": version["seq"],
            "born": version["born"],
            "hash": version["hash"],
            "cells": version["cells"],
        }
        for record, list_of in versions.items()
        for n, version in enumerate(list_of)
    ]
    if rows:
        tx.run(ADD_VERSIONS, rows=rows)


def delete_records(tx: Transaction, label: Label, ids: list[str]) -> None:
    """Take records out of the graph, with their versions and every tie that they have."""
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (n:{label} {{id: id}})
    DETACH DELETE n
    """
    if ids:
        # What has to be looked for goes first: Neo4j looks slowly for anything where much is taken away already.
        tx.run(DROP_VERSIONS, ids=ids)
        tx.run(DROP_UNSENT, ids=ids)
        tx.run(query, ids=ids)


def keep_as_stubs(tx: Transaction, label: Label, rows: list[dict[str, Any]]) -> None:
    """Leave of these records only what `rows` say (all properties of each), and their ties."""
    query: LiteralString = f"""
    UNWIND $rows AS row
    MATCH (n:{label} {{id: row.id}})
    SET n = row
    """
    if rows:
        tx.run(query, rows=rows)
        tx.run(DROP_VERSIONS, ids=[row["id"] for row in rows])
        tx.run(DROP_UNSENT, ids=[row["id"] for row in rows])
    if label in RECORD.values():
        stale.mark_unmatched(tx, [row["id"] for row in rows])


# What tells others which record this is, and nothing of what its row said.
IDENTITY = (
    "id", "agency_id", "system", "key", "ref", "name_ref", "name", "name_key", "first_name", "last_name", "seq", "said",
)  # fmt: skip


def identity_of(record: Row) -> dict[str, Any]:
    """What stays of a record to which others refer when its row goes: all properties of the stub."""
    return {name: record[name] for name in IDENTITY if record.get(name) is not None} | {"stub": True}


PAGE = 5_000


def list_all(db: Reader, label: Label, *, viewer: Viewer, system: str | None = None) -> Iterator[Row]:
    """All properties of every record that has a row of its own, page by page in the order of ids.

    Another agency's notes are left out for those who only may know that there are some.
    """
    query: LiteralString = f"""
    MATCH (n:{label})
    WHERE n.id > $after AND n.stub IS NULL AND ($system IS NULL OR n.system = $system)
    RETURN n.id AS id, properties(n) AS record
    ORDER BY id
    LIMIT $limit
    """
    after = ""
    while rows := db.read(query, after=after, system=system, limit=PAGE):
        for row in rows:
            record = row["record"]
            if not viewer.is_owner and record.get("agency_id") != viewer.agency_id:
                record.pop("notes", None)
            yield record
        after = rows[-1]["id"]
