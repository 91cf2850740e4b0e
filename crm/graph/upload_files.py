"""The files of an upload: what is known of each, what was said of it, and what importing it would do.

`said` is what the user said about how a file is read, `reading` what was found out about it, `preview` what importing
it would do.
"""

import json
from dataclasses import dataclass
from typing import Any

from crm.graph.driver import Reader, Row, Store, Transaction
from crm.ids import mint
from crm.json_values import to_short_json


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


FILE = """
f.id AS id, f.upload_id AS upload_id, f.n AS n, f.name AS name, f.size AS size, f.chunks AS chunks,
f.is_ready AS is_ready, f.reading AS reading, f.said AS said, f.preview AS preview, f.counted AS counted,
f.import_id AS import_id
"""
FILES = (
    """
MATCH (f:UploadFile {upload_id: $id})
RETURN"""
    + FILE
    + "ORDER BY n, id"
)


def list_files(db: Reader, upload_id: str) -> list[UploadFile]:
    """The files of an upload, in their order."""
    return [_file(row) for row in db.read(FILES, id=upload_id)]


def file_id(upload_id: str, n: int) -> str:
    return mint("z", upload_id, str(n))


PUT_FILE = """
MERGE (f:UploadFile {id: $id})
SET f.upload_id = $upload_id, f.n = $n, f.name = $name, f.size = $size, f.chunks = $chunks, f.is_ready = $is_ready,
    f.reading = $reading, f.said = $said
REMOVE f.preview, f.counted
"""


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
        reading=to_short_json(reading),
        said=to_short_json(said),
    )


SET_PREVIEW = "MATCH (f:UploadFile {id: $id}) SET f.preview = $preview REMOVE f.counted"
SET_COUNTED = "MATCH (f:UploadFile {id: $id}) SET f.counted = $counted"
FORGET_COUNTED = "MATCH (f:UploadFile {upload_id: $id}) REMOVE f.counted"
SET_IMPORT = "MATCH (f:UploadFile {id: $id}) SET f.import_id = $import_id"


def set_preview(db: Store, file: str, preview: dict[str, Any]) -> None:
    """Keep what importing this file (id) would do."""
    db.write(SET_PREVIEW, id=file, preview=to_short_json(preview))


def set_counted(db: Store, file: str, counted: dict[str, int]) -> None:
    """Keep what a preview that goes on knows of this file (id) already."""
    db.write(SET_COUNTED, id=file, counted=to_short_json(counted))


def forget_counted(db: Store, id: str) -> None:
    """Forget what an earlier preview of this upload knew before its end."""
    db.write(FORGET_COUNTED, id=id)


def set_import(db: Store, file: str, import_id: str) -> None:
    """Remember which import takes this file (id) in."""
    db.write(SET_IMPORT, id=file, import_id=import_id)


FORGET_IMPORTS = "MATCH (f:UploadFile {upload_id: $id}) REMOVE f.import_id, f.preview"


def forget_imports(tx: Transaction, upload_id: str) -> None:
    """Forget which imports took the files of an upload in, and what their previews said."""
    tx.run(FORGET_IMPORTS, id=upload_id)


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


DROP_FILE = "MATCH (f:UploadFile {id: $id}) DELETE f"


def drop_file(tx: Transaction, file: str) -> None:
    """Forget a file (id); its bytes go with `drop_bytes`."""
    tx.run(DROP_FILE, id=file)


def _file(row: Row) -> UploadFile:
    for name in ("reading", "said", "preview", "counted"):
        row[name] = json.loads(row[name]) if row[name] else None
    return UploadFile(**row)
