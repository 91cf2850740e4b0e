"""The content of uploaded files: in the graph, in compressed chunks of text, because the machine that receives a file
need not be the one that imports it.
"""

from collections.abc import Iterator

from crm.errors import NotFound
from crm.graph.driver import Reader, Store
from crm.graph.preview_rows import drop_preview_rows
from crm.graph.upload_files import UploadFile
from crm.ids import mint

CHUNKS_AT_ONCE = 8
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


SOME_CHUNKS = """
MATCH (c:UploadChunk {file_id: $file_id})
WITH c
LIMIT 20
DELETE c
RETURN count(*) AS deleted
"""


def drop_bytes(db: Store, file: str) -> None:
    """Forget the content of a file (id), and the rows that its preview refused or left out."""
    while db.write(SOME_CHUNKS, file_id=file)[0]["deleted"]:
        pass
    drop_preview_rows(db, file)


def _chunk_id(file: str, n: int) -> str:
    return mint("h", file, str(n))
