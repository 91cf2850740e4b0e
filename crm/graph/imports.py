"""Imports: one file taken in once, from its first row to the last number that it changes.

An import is known by its fingerprint (the file's content and how it is read). Each batch of rows is written in one
transaction that also moves `offset`, from the value that the writer read: whoever else works on the same import, or
comes back after a crash, goes on from there, so each row is applied exactly once. The stages after loading can each be
run again from their beginning.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph.agencies import find_agency_id
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.ids import mint

STAGES = ("loading", "matching", "computing", "done", "undoing", "undone")
UNFINISHED = ("loading", "matching", "computing")


@dataclass(frozen=True)
class Import:
    """One import as it stands. Counts are of rows; `to_review` of records that may be one with another.

    `profile` and `profile_version` are the saved column map by which it was read, None where there was none.
    `agency` is whose rows it says it holds, by name and by id; None where each row says its own.
    """

    id: str
    no: int
    file: str
    kind: str
    system: str
    agency: str | None
    agency_id: str | None
    stage: str
    offset: int
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    left_out: int
    to_review: int
    by: str
    started_at: str
    finished_at: str | None
    profile: str | None
    profile_version: int | None


COLUMNS = """
i.id AS id, i.no AS no, i.file AS file, i.kind AS kind, i.system AS system, i.agency AS agency,
i.agency_id AS agency_id, i.stage AS stage, i.offset AS offset, i.rows AS rows, i.created AS created,
i.updated AS updated, i.unchanged AS unchanged, i.refused AS refused, coalesce(i.left_out, 0) AS left_out,
i.to_review AS to_review, i.by AS by, i.started_at AS started_at, i.finished_at AS finished_at,
i.profile AS profile, i.profile_version AS profile_version
"""

RUNS = """
MATCH (i:Import {fingerprint: $fingerprint})
RETURN i.id AS id, i.stage AS stage
ORDER BY i.no, id
"""

NUMBER = """
MERGE (c:Clock {id: 'imports'})
SET c.version = coalesce(c.version, 0) + 1
RETURN c.version AS no
"""

START = """
MERGE (i:Import {id: $id})
ON CREATE SET i.fingerprint = $fingerprint, i.no = $no, i.file = $file, i.kind = $kind, i.system = $system,
              i.agency = $agency, i.agency_id = $agency_id, i.stage = 'loading', i.offset = 0, i.rows = 0,
              i.created = 0, i.updated = 0, i.unchanged = 0, i.refused = 0, i.left_out = 0, i.to_review = 0,
              i.by = $by,
              i.started_at = $at, i.profile = $profile, i.profile_version = $profile_version
RETURN i.id AS id
"""


def take_number(tx: Transaction) -> int:
    """The next number of an import, or of a contact that is logged on the screen: it orders records by birth."""
    return tx.run(NUMBER)[0]["no"]


LAST_NUMBER = "MATCH (c:Clock {id: 'imports'}) RETURN c.version AS no"


def last_number(db: Reader) -> int:
    """The number that was taken last; 0 before the first."""
    rows = db.read(LAST_NUMBER)
    return rows[0]["no"] if rows else 0


def start_import(
    db: Store,
    *,
    fingerprint: str,
    file: str,
    kind: str,
    system: str,
    agency: str | None,
    by: str,
    at: str,
    profile: str | None = None,
    profile_version: int | None = None,
) -> str:
    """The id of the unfinished import of this file, or of a new one. Two who start it at once get the same id."""

    def work(tx: Transaction) -> str:
        runs = tx.run(RUNS, fingerprint=fingerprint)
        unfinished = [run["id"] for run in runs if run["stage"] in UNFINISHED]
        if unfinished:
            return unfinished[0]
        id = mint("i", fingerprint, str(len(runs)))
        no = take_number(tx)
        tx.run(
            START,
            id=id,
            fingerprint=fingerprint,
            no=no,
            file=file,
            kind=kind,
            system=system,
            agency=agency,
            agency_id=find_agency_id(tx, agency) if agency else None,
            by=by,
            at=at,
            profile=profile,
            profile_version=profile_version,
        )
        return id

    return db.transact(work)


def is_begun(db: Reader, fingerprint: str) -> bool:
    """Whether an import of this fingerprint is not finished."""
    return any(run["stage"] in UNFINISHED for run in db.read(RUNS, fingerprint=fingerprint))


# The SET before the WHERE takes the node's lock: a competing worker then reads the offset that the winner committed.
ADVANCE = """
MATCH (i:Import {id: $id})
SET i.locked = $token
WITH i
WHERE i.offset = $old AND i.stage = 'loading'
SET i.offset = $new, i.rows = i.rows + $rows, i.created = i.created + $created, i.updated = i.updated + $updated,
    i.unchanged = i.unchanged + $unchanged, i.refused = i.refused + $refused, i.left_out = i.left_out + $left_out
RETURN i.offset AS offset
"""

ADD_REFUSALS = """
MERGE (r:RefusalList {id: $id})
SET r.import_id = $import_id, r.n = $n, r.refusals = $refusals, r.left_out = $left_out
"""


def advance(
    tx: Transaction,
    id: str,
    *,
    old: int,
    new: int,
    counts: dict[str, int],
    refusals: list[Row],
    left_out: list[Row],
) -> bool:
    """Move an import's offset and counts with the batch that this transaction writes.

    False, with nothing moved, when somebody else has written this batch.
    """
    if not tx.run(ADVANCE, id=id, old=old, new=new, token=f"{old}", **counts):
        return False
    if refusals or left_out:
        pages = {"refusals": _write_page(refusals), "left_out": _write_page(left_out)}
        tx.run(ADD_REFUSALS, id=mint("x", id, str(old)), import_id=id, n=old, **pages)
    return True


def _write_page(rows: list[Row]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


ADD_BESIDE = """
MATCH (i:Import {id: $id})
SET i.beside = $beside
"""

BESIDE = "MATCH (i:Import {id: $id}) RETURN i.beside AS beside"


def add_beside(tx: Transaction, id: str, counts: dict[str, dict[str, int]]) -> None:
    """Add to the counts of what an import's rows said beside (kind -> what -> how many), after `advance`."""
    total = get_beside(tx, id)
    for kind, more in counts.items():
        of_kind = total.setdefault(kind, {})
        for name, count in more.items():
            of_kind[name] = of_kind.get(name, 0) + count
    tx.run(ADD_BESIDE, id=id, beside=json.dumps(total, sort_keys=True))


def get_beside(db: Reader, id: str) -> dict[str, dict[str, int]]:
    """What an import's rows said of businesses and people beside: kind -> what became of how many records."""
    rows = db.read(BESIDE, id=id)
    return json.loads(rows[0]["beside"] or "{}") if rows else {}


SET_STAGE = """
MATCH (i:Import {id: $id})
SET i.locked = $stage
WITH i
WHERE $after IS NULL OR i.stage IN $after
SET i.stage = $stage, i.finished_at = coalesce($at, i.finished_at)
RETURN i.id AS id
"""


def set_stage(db: Store, id: str, stage: str, *, at: str | None = None, after: Sequence[str] | None = None) -> bool:
    """Note that an import has come to this stage. False, with nothing noted, if it is at none of those in `after`."""
    return bool(db.write(SET_STAGE, id=id, stage=stage, at=at, after=None if after is None else list(after)))


FINISH = """
MATCH (i:Import {id: $id})
WHERE i.stage IN $unfinished
SET i.stage = 'done', i.to_review = $to_review, i.review_ids = $review_ids, i.finished_at = $at
"""


def finish(db: Store, id: str, *, to_review: list[str], at: str) -> None:
    """Note that an import is done, and which of its records a person should look at (their ids).

    One that was done or undone before stays as it is.
    """
    db.write(FINISH, id=id, unfinished=list(UNFINISHED), to_review=len(to_review), review_ids=sorted(to_review), at=at)


REVIEW_IDS = "MATCH (i:Import {id: $id}) RETURN coalesce(i.review_ids, []) AS ids"


def list_review_ids(db: Reader, id: str) -> list[str]:
    """Ids of the records of this import that may be one with another."""
    rows = db.read(REVIEW_IDS, id=id)
    return rows[0]["ids"] if rows else []


# An agency's imports are for its members; one whose rows are of several agencies for who brought it; administrators
# see all.
WALL = "WHERE $sees_all OR i.agency_id = $agency_id OR (i.agency_id IS NULL AND i.by = $by)"
IMPORT = "MATCH (i:Import {id: $id})\n" + WALL + "\nRETURN" + COLUMNS


def _wall(viewer: Viewer) -> Row:
    return {"sees_all": viewer.is_admin, "agency_id": viewer.agency_id, "by": viewer.email}


def get_import(db: Reader, id: str, *, viewer: Viewer) -> Import:
    """Raises NotFound, also for an import that the viewer may not know of."""
    found = find_import(db, id, viewer=viewer)
    if found is None:
        raise NotFound(f'There is no import "{id}".')
    return found


def find_import(db: Reader, id: str, *, viewer: Viewer) -> Import | None:
    """The same, or None."""
    rows = db.read(IMPORT, id=id, **_wall(viewer))
    return Import(**rows[0]) if rows else None


SOME = (
    "MATCH (i:Import)\n"
    + WALL.replace("WHERE ", "WHERE (")
    + """)
  AND ($kind IS NULL OR i.kind = $kind) AND ($system IS NULL OR i.system = $system)
  AND ($person IS NULL OR i.by = $person)
"""
)
IMPORTS = SOME + "RETURN" + COLUMNS + "ORDER BY no DESC, id SKIP $skip LIMIT $limit"
COUNT = SOME + "RETURN count(i) AS count"
TOLD_APART = "MATCH (i:Import)\n" + WALL + "\nRETURN DISTINCT i.kind AS kind, i.system AS system, i.by AS person"


def list_imports(
    db: Reader,
    viewer: Viewer,
    *,
    limit: int = 100,
    skip: int = 0,
    kind: str | None = None,
    system: str | None = None,
    person: str | None = None,
) -> list[Import]:
    """The latest imports that the viewer may know of, newest first; of one kind, system or person if that is said."""
    said = {"kind": kind, "system": system, "person": person}
    return [Import(**row) for row in db.read(IMPORTS, limit=limit, skip=skip, **said, **_wall(viewer))]


def count_imports(
    db: Reader, viewer: Viewer, *, kind: str | None = None, system: str | None = None, person: str | None = None
) -> int:
    """How many such imports there have been that the viewer may know of."""
    return db.read(COUNT, kind=kind, system=system, person=person, **_wall(viewer))[0]["count"]


def list_told_apart(db: Reader, viewer: Viewer) -> dict[str, list[str]]:
    """By what imports that the viewer may know of can be told apart: each `kind`, `system` and `person` of them."""
    rows = db.read(TOLD_APART + "\nORDER BY kind, system, person", **_wall(viewer))
    return {name: sorted({row[name] for row in rows if row[name]}) for name in ("kind", "system", "person")}


REFUSALS = """
MATCH (r:RefusalList {import_id: $id})
RETURN r.refusals AS refusals, r.n AS n, r.id AS id
ORDER BY n, id
"""


def list_refusals(db: Reader, id: str) -> list[dict[str, Any]]:
    """The rows of this import that were refused: line, column, value, reason and fix, in the order of the file."""
    return [refusal for row in db.read(REFUSALS, id=id) for refusal in json.loads(row["refusals"])]


LEFT_OUT = """
MATCH (r:RefusalList {import_id: $id})
RETURN coalesce(r.left_out, '[]') AS left_out, r.n AS n, r.id AS id
ORDER BY n, id
"""


def list_left_out(db: Reader, id: str) -> list[dict[str, Any]]:
    """The rows of this import that were left out on purpose: line, text and reason, in the order of the file."""
    return [one for row in db.read(LEFT_OUT, id=id) for one in json.loads(row["left_out"])]


COUNT_UNDONE = """
MATCH (i:Import {id: $id})
SET i.removed = coalesce(i.removed, 0) + $removed, i.restored = coalesce(i.restored, 0) + $restored
"""

UNDONE = "MATCH (i:Import {id: $id}) RETURN coalesce(i.removed, 0) AS removed, coalesce(i.restored, 0) AS restored"


def count_undone(tx: Transaction, id: str, *, removed: int, restored: int) -> None:
    """Add to the counts of what undoing this import removed and restored."""
    tx.run(COUNT_UNDONE, id=id, removed=removed, restored=restored)


def get_undone(db: Reader, id: str) -> tuple[int, int]:
    """How many records undoing this import removed, and how many it restored to what they were."""
    row = db.read(UNDONE, id=id)[0]
    return row["removed"], row["restored"]
