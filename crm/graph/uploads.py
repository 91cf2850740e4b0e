"""Uploads: files that somebody brought to be imported, from the moment they arrive until they are taken in or thrown
away.

An upload is one delivery: its files are looked at, previewed and imported together. The bytes are kept in the graph, in
compressed chunks of text, because the machine that receives a file need not be the one that imports it. `said` is
what the user said about how a file is read, `reading` what was found out about it, `preview` what importing it would
do.

Every change of the files or of what is said about them moves the upload's `revision`: a preview belongs to one
revision, and only what was previewed can be imported.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.access import Viewer
from crm.errors import Conflict, NotFound
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.ids import mint

CHUNKS_AT_ONCE = 8


@dataclass(frozen=True)
class UploadFile:
    """One file of an upload. `n` is its place; `is_ready` says that it is known how to read it; `size` is in bytes.
    `counted` is what a preview that is not at its end knows of its rows already.
    """

    id: str
    upload_id: str
    n: int
    name: str
    size: int
    chunks: int
    is_ready: bool
    reading: dict[str, Any]
    said: dict[str, Any]
    preview: dict[str, Any] | None
    counted: dict[str, int] | None
    import_id: str | None


@dataclass(frozen=True)
class Upload:
    """One delivery of files. `problems` are files of it that could not be read: name and why, in words.

    `system` is the source system that the files' ids belong to. `is_committed`: its import was asked for, so it can no
    longer be changed. `stopped` says why an import stopped before it began, in sentences: something had changed since
    its preview.
    """

    id: str
    agency_id: str | None
    by: str
    user_id: str
    system: str
    created_at: float
    touched_at: float
    revision: int
    is_committed: bool
    problems: list[dict[str, str]]
    stopped: list[str]
    files: list[UploadFile] = field(default_factory=list)


UPLOAD = """
u.id AS id, u.agency_id AS agency_id, u.by AS by, u.user_id AS user_id, u.system AS system, u.created_at AS created_at,
u.touched_at AS touched_at, u.revision AS revision, u.is_committed AS is_committed, u.problems AS problems,
u.stopped AS stopped
"""
FILE = """
f.id AS id, f.upload_id AS upload_id, f.n AS n, f.name AS name, f.size AS size, f.chunks AS chunks,
f.is_ready AS is_ready, f.reading AS reading, f.said AS said, f.preview AS preview, f.counted AS counted,
f.import_id AS import_id
"""

ADD_UPLOAD = """
MERGE (u:Upload {id: $id})
ON CREATE SET u.agency_id = $agency_id, u.by = $by, u.user_id = $user_id, u.system = $system, u.created_at = $now,
              u.touched_at = $now, u.revision = 0, u.is_committed = false, u.problems = '[]'
"""


def add_upload(db: Store, id: str, *, system: str, viewer: Viewer) -> None:
    """Begin a delivery. One of this id that is there already stays as it is."""
    db.write(
        ADD_UPLOAD,
        id=id,
        agency_id=viewer.agency_id,
        by=viewer.email or viewer.user_id,
        user_id=viewer.user_id,
        system=system,
        now=time.time(),
    )


ONE_UPLOAD = (
    """
MATCH (u:Upload {id: $id})
WHERE $sees_all OR u.agency_id = $agency_id
RETURN"""
    + UPLOAD
)

FILES = (
    """
MATCH (f:UploadFile {upload_id: $id})
RETURN"""
    + FILE
    + "ORDER BY n, id"
)


def find_upload(db: Reader, id: str, *, viewer: Viewer) -> Upload | None:
    """An upload of the viewer's agency, with its files; administrators may see every upload."""
    rows = db.read(ONE_UPLOAD, id=id, agency_id=viewer.agency_id, sees_all=viewer.is_admin)
    if not rows:
        return None
    return _upload(rows[0], [_file(row) for row in db.read(FILES, id=id)])


def get_upload(db: Reader, id: str, *, viewer: Viewer) -> Upload:
    """The same. Raises NotFound."""
    upload = find_upload(db, id, viewer=viewer)
    if upload is None:
        raise NotFound("There is no such upload. It may have been thrown away, or imported.")
    return upload


# Newest first; what was touched at the same moment by id. Only files' names are needed for the list.
OPEN_UPLOADS = (
    """
MATCH (u:Upload)
WHERE u.touched_at > $after AND u.is_committed = false AND ($sees_all OR u.agency_id = $agency_id)
RETURN"""
    + UPLOAD
    + """
ORDER BY touched_at DESC, id
LIMIT 50
"""
)


def list_open_uploads(db: Reader, viewer: Viewer, *, after: float) -> list[Upload]:
    """Uploads that wait for somebody, the one touched last first, with their files."""
    rows = db.read(OPEN_UPLOADS, after=after, agency_id=viewer.agency_id, sees_all=viewer.is_admin)
    return [_upload(row, [_file(file) for file in db.read(FILES, id=row["id"])]) for row in rows]


PUT_CHUNK = """
MERGE (c:UploadChunk {id: $id})
SET c.file_id = $file_id, c.n = $n, c.data = $data
"""

CHUNKS = """
MATCH (c:UploadChunk)
WHERE c.id IN $ids
RETURN c.id AS id, c.n AS n, c.data AS data
ORDER BY n, id
"""


def file_id(upload_id: str, n: int) -> str:
    return mint("z", upload_id, str(n))


def put_chunk(db: Store, file: str, n: int, data: str) -> None:
    """Keep one piece of a file (id)."""
    db.write(PUT_CHUNK, id=_chunk_id(file, n), file_id=file, n=n, data=data)


def read_chunks(db: Reader, file: UploadFile) -> Iterator[str]:
    """The pieces of a file in order. Raises NotFound when they are no longer there."""
    for start in range(0, file.chunks, CHUNKS_AT_ONCE):
        wanted = range(start, min(file.chunks, start + CHUNKS_AT_ONCE))
        rows = db.read(CHUNKS, ids=[_chunk_id(file.id, n) for n in wanted])
        if len(rows) != len(wanted):
            raise NotFound(f"The file {file.name} is no longer kept. Choose it again.")
        yield from (row["data"] for row in rows)


def _chunk_id(file: str, n: int) -> str:
    return mint("h", file, str(n))


# The SET before the WHERE takes the node's lock: whoever changes an upload waits for whoever commits it.
TOUCH = """
MATCH (u:Upload {id: $id})
SET u.touched_at = $now
WITH u
WHERE u.is_committed = false
SET u.revision = u.revision + 1
RETURN u.revision AS revision
"""

PUT_FILE = """
MERGE (f:UploadFile {id: $id})
SET f.upload_id = $upload_id, f.n = $n, f.name = $name, f.size = $size, f.chunks = $chunks, f.is_ready = $is_ready,
    f.reading = $reading, f.said = $said
REMOVE f.preview, f.counted
"""

SET_PROBLEMS = "MATCH (u:Upload {id: $id}) SET u.problems = $problems"
SET_SYSTEM = "MATCH (u:Upload {id: $id}) SET u.system = $system"


def put_file(
    tx: Transaction,
    upload_id: str,
    n: int,
    *,
    name: str,
    size: int,
    chunks: int,
    reading: Row,
    said: Row,
    is_ready: bool,
) -> None:
    """Keep what is known and said of a file whose chunks are kept; its preview no longer counts."""
    tx.run(
        PUT_FILE,
        id=file_id(upload_id, n),
        upload_id=upload_id,
        n=n,
        name=name,
        size=size,
        chunks=chunks,
        is_ready=is_ready,
        reading=_to_json(reading),
        said=_to_json(said),
    )


def change_upload(tx: Transaction, id: str) -> int:
    """Begin a change of an upload, in the transaction that makes it; its new revision.

    Raises Conflict when its import was asked for already.
    """
    rows = tx.run(TOUCH, id=id, now=time.time())
    if not rows:
        raise Conflict("These files are being imported already, or were thrown away. Nothing was changed.")
    return rows[0]["revision"]


def set_problems(tx: Transaction, id: str, problems: list[dict[str, str]]) -> None:
    """Remember which files could not be read, and why."""
    tx.run(SET_PROBLEMS, id=id, problems=_to_json(problems))


def set_system(tx: Transaction, id: str, system: str) -> None:
    """Say which source system the files come from."""
    tx.run(SET_SYSTEM, id=id, system=system)


COMMIT = """
MATCH (u:Upload {id: $id})
SET u.touched_at = $now
WITH u
WHERE u.revision = $revision
SET u.is_committed = true
RETURN u.id AS id
"""


def commit_upload(db: Store, id: str, *, revision: int) -> bool:
    """From now on the files are imported as previewed. False when they have changed since that preview."""
    return bool(db.write(COMMIT, id=id, revision=revision, now=time.time()))


REOPEN = """
MATCH (u:Upload {id: $id})
SET u.is_committed = false, u.touched_at = $now, u.revision = u.revision + 1,
    u.stopped = $stopped
"""
FORGET_IMPORTS = "MATCH (f:UploadFile {upload_id: $id}) REMOVE f.import_id, f.preview"


def reopen_upload(db: Store, id: str, *, stopped: Sequence[str] = ()) -> None:
    """Let the files of an import that was cancelled or stopped wait again, as a new revision: nothing of them is
    imported. `stopped` says why, in sentences.
    """

    def work(tx: Transaction) -> None:
        tx.run(REOPEN, id=id, now=time.time(), stopped=_to_json(list(stopped)) if stopped else None)
        tx.run(FORGET_IMPORTS, id=id)

    db.transact(work)


SET_PREVIEW = "MATCH (f:UploadFile {id: $id}) SET f.preview = $preview REMOVE f.counted"
SET_COUNTED = "MATCH (f:UploadFile {id: $id}) SET f.counted = $counted"
FORGET_COUNTED = "MATCH (f:UploadFile {upload_id: $id}) REMOVE f.counted"
SET_IMPORT = "MATCH (f:UploadFile {id: $id}) SET f.import_id = $import_id"


def set_preview(db: Store, file: str, preview: dict[str, Any]) -> None:
    """Keep what importing this file (id) would do."""
    db.write(SET_PREVIEW, id=file, preview=_to_json(preview))


def set_counted(db: Store, file: str, counted: dict[str, int]) -> None:
    """Keep what a preview that goes on knows of this file (id) already."""
    db.write(SET_COUNTED, id=file, counted=_to_json(counted))


def forget_counted(db: Store, id: str) -> None:
    """Forget what an earlier preview of this upload knew before its end."""
    db.write(FORGET_COUNTED, id=id)


def set_import(db: Store, file: str, import_id: str) -> None:
    """Remember which import takes this file (id) in."""
    db.write(SET_IMPORT, id=file, import_id=import_id)


FILES_OF_IMPORTS = """
UNWIND $import_ids AS import_id
MATCH (f:UploadFile {import_id: import_id})
RETURN f.import_id AS import_id, f.id AS id
ORDER BY import_id, id
"""
FIRST_CHUNKS = "MATCH (c:UploadChunk) WHERE c.id IN $ids RETURN c.id AS id ORDER BY id"


def list_kept(db: Reader, import_ids: list[str]) -> set[str]:
    """Those of these imports whose file is still kept as it came."""
    first = {_chunk_id(row["id"], 0): row["import_id"] for row in db.read(FILES_OF_IMPORTS, import_ids=import_ids)}
    return {first[row["id"]] for row in db.read(FIRST_CHUNKS, ids=sorted(first))} if first else set()


UPLOAD_OF_IMPORT = """
MATCH (f:UploadFile {import_id: $import_id})
RETURN f.upload_id AS upload, f.id AS id
ORDER BY id
LIMIT 1
"""


def find_upload_of_import(db: Reader, import_id: str) -> str | None:
    """The id of the upload that this import came with."""
    rows = db.read(UPLOAD_OF_IMPORT, import_id=import_id)
    return rows[0]["upload"] if rows else None


FILE_OF_IMPORT = (
    """
MATCH (f:UploadFile {import_id: $import_id})
RETURN"""
    + FILE
    + "ORDER BY id LIMIT 1"
)


def find_file_of_import(db: Reader, import_id: str) -> UploadFile | None:
    """The uploaded file that this import took in, as far as it is still remembered."""
    rows = db.read(FILE_OF_IMPORT, import_id=import_id)
    return _file(rows[0]) if rows else None


ROWS_A_PAGE = 1_000
ADD_REFUSALS = """
MERGE (r:RefusalList {id: $id})
SET r.import_id = $file_id, r.n = $n, r.refusals = $refusals, r.left_out = $left_out
"""
DROP_REFUSALS = "MATCH (r:RefusalList {import_id: $file_id}) DELETE r"


def put_refusals(db: Store, file: str, refusals: list[Row], left_out: list[Row]) -> None:
    """Keep the rows that a preview refuses or leaves out, as those of an import are kept, under the file's id."""
    db.write(DROP_REFUSALS, file_id=file)
    for n, at in enumerate(range(0, max(len(refusals), len(left_out)), ROWS_A_PAGE)):
        page = {
            "refusals": _to_json(refusals[at : at + ROWS_A_PAGE]),
            "left_out": _to_json(left_out[at : at + ROWS_A_PAGE]),
        }
        db.write(ADD_REFUSALS, id=mint("x", file, str(n)), file_id=file, n=n, **page)


PUT_PAGES = """
UNWIND $pages AS page
MERGE (p:PreviewPage {id: page.id})
SET p.file_id = $file_id, p.n = page.n, p.head = page.head, p.body = page.body
"""
PAGES_AT_ONCE = 20
DROP_PAGES = "MATCH (p:PreviewPage {file_id: $file_id}) DELETE p"
HEADS = """
UNWIND $ids AS id
MATCH (p:PreviewPage {id: id})
RETURN p.n AS n, p.head AS part
ORDER BY n
"""
BODIES = """
UNWIND $ids AS id
MATCH (p:PreviewPage {id: id})
RETURN p.n AS n, p.body AS part
ORDER BY n
"""


def put_rows(db: Store, file: str, pages: list[tuple[str, str]]) -> None:
    """Keep what a preview says of each row of a file (id), in pages of a head and a body."""
    db.write(DROP_PAGES, file_id=file)
    _put_pages(db, file, [(n, head, body) for n, (head, body) in enumerate(pages)])


def _put_pages(db: Store, file: str, pages: list[tuple[int, str, str]]) -> None:
    for at in range(0, len(pages), PAGES_AT_ONCE):
        some = [
            {"id": _page_id(file, n), "n": n, "head": head, "body": body}
            for n, head, body in pages[at : at + PAGES_AT_ONCE]
        ]
        db.write(PUT_PAGES, file_id=file, pages=some)


def read_heads(db: Reader, file: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number -> head of these pages."""
    rows = db.read(HEADS, ids=[_page_id(file, n) for n in numbers]) if numbers else []
    return {row["n"]: row["part"] for row in rows}


def read_bodies(db: Reader, file: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number -> body of these pages."""
    rows = db.read(BODIES, ids=[_page_id(file, n) for n in numbers]) if numbers else []
    return {row["n"]: row["part"] for row in rows}


def put_remarked(db: Store, file: str, cells: Sequence[Sequence[Any]]) -> None:
    """Keep the cells that are taken with a remark: line, heading, cell, remark. They go when rows are put again."""
    pages = [_to_json(cells[at : at + ROWS_A_PAGE]) for at in range(0, len(cells), ROWS_A_PAGE)]
    # Behind the pages of rows, which count from 0 upwards.
    _put_pages(db, file, [(-n, page, "") for n, page in enumerate(pages, 1)])


def read_remarked(db: Reader, file: str, *, count: int) -> list[list[Any]]:
    """The first `count` of these cells."""
    heads = read_heads(db, file, [-n for n in range(1, -(-count // ROWS_A_PAGE) + 1)])
    return [cell for n in sorted(heads, reverse=True) for cell in json.loads(heads[n])]


def _page_id(file: str, n: int) -> str:
    return mint("w", file, str(n))


LACKING = """
MATCH (r:RefusalList {import_id: $owner})
WHERE r.n >= $first AND r.n <= $last
RETURN r.n AS n, r.refusals AS ids, r.id AS id
ORDER BY n, id
"""
LACKING_A_PAGE = 1_000


def put_lacking(db: Store, file: str, ids: list[str]) -> None:
    """Keep which records a file (id) that is a whole list lacks, beside the rows that its preview refuses."""
    owner = f"{file} lacks"
    db.write(DROP_REFUSALS, file_id=owner)
    for n, at in enumerate(range(0, len(ids), LACKING_A_PAGE)):
        page = _to_json(ids[at : at + LACKING_A_PAGE])
        db.write(ADD_REFUSALS, id=mint("x", owner, str(n)), file_id=owner, n=n, refusals=page, left_out=None)


def list_lacking(db: Reader, file: str, *, skip: int, limit: int) -> list[str]:
    """Ids of some of these records."""
    first = skip // LACKING_A_PAGE
    rows = db.read(LACKING, owner=f"{file} lacks", first=first, last=(skip + limit) // LACKING_A_PAGE)
    ids = [id for row in rows for id in json.loads(row["ids"])]
    return ids[skip - first * LACKING_A_PAGE :][:limit]


SOME_CHUNKS = """
MATCH (c:UploadChunk {file_id: $file_id})
WITH c
LIMIT 20
DELETE c
RETURN count(*) AS deleted
"""
DROP_FILE = "MATCH (f:UploadFile {id: $id}) DELETE f"
DROP_UPLOAD = "MATCH (u:Upload {id: $id}) DELETE u"


def drop_preview_rows(db: Store, file: str) -> None:
    """Forget what the preview of a file (id) said of its rows."""
    db.write(DROP_REFUSALS, file_id=file)
    db.write(DROP_REFUSALS, file_id=f"{file} lacks")
    db.write(DROP_PAGES, file_id=file)


def drop_bytes(db: Store, file: str) -> None:
    """Forget the content of a file (id), and the rows that its preview refused or left out."""
    while db.write(SOME_CHUNKS, file_id=file)[0]["deleted"]:
        pass
    drop_preview_rows(db, file)


def drop_file(tx: Transaction, file: str) -> None:
    """Forget a file (id); its bytes go with `drop_bytes`."""
    tx.run(DROP_FILE, id=file)


def drop_upload(db: Store, upload: Upload) -> None:
    """Forget an upload with all that is kept of its files."""
    for file in upload.files:
        drop_bytes(db, file.id)
        db.write(DROP_FILE, id=file.id)
    db.write(DROP_UPLOAD, id=upload.id)


OLD_UPLOADS = (
    """
MATCH (u:Upload)
WHERE u.touched_at < CASE WHEN u.is_committed THEN $imported_before ELSE $before END
RETURN"""
    + UPLOAD
    + """
ORDER BY touched_at, id
LIMIT 100
"""
)


def list_old_uploads(db: Reader, *, before: float, imported_before: float) -> list[Upload]:
    """Uploads that nobody has touched since (an instant of its own for those that were imported), the oldest first."""
    rows = db.read(OLD_UPLOADS, before=before, imported_before=imported_before)
    return [_upload(row, [_file(file) for file in db.read(FILES, id=row["id"])]) for row in rows]


def _upload(row: Row, files: list[UploadFile]) -> Upload:
    row["problems"] = json.loads(row["problems"])
    row["stopped"] = json.loads(row["stopped"] or "[]")
    return Upload(files=files, **row)


def _file(row: Row) -> UploadFile:
    for name in ("reading", "said", "preview", "counted"):
        row[name] = json.loads(row[name]) if row[name] else None
    return UploadFile(**row)


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
