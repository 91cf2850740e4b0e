"""The bytes of uploads: received into a file, kept in the graph in pieces, and written out again where they are read.

A file's own name is shown to people and never used as a path: on disk it has a generated one, and goes when it is
closed.
"""

import base64
import contextlib
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from crm.graph import upload_bytes, uploads
from crm.graph.driver import Store
from crm.graph.upload_files import UploadFile

CHUNK_BYTES = 1 << 20
KEPT_DAYS = 7.0
LONGEST_NAME = 120


def clean_name(name: str | None) -> str:
    """A file's name as it is shown: without folders and control characters, its ending kept when it is long."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())
    stem, dot, ending = shown.rpartition(".")
    if len(shown) > LONGEST_NAME and dot and len(ending) < 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 2]}….{ending}"
    return shown[:LONGEST_NAME] or "file"


@contextlib.contextmanager
def receive(stream: BinaryIO) -> Generator[Path]:
    """The stream as a file on disk, until the block ends."""
    with _scratch_file() as (path, file):
        shutil.copyfileobj(stream, file, CHUNK_BYTES)
        file.close()
        yield path


def keep_bytes(db: Store, file: str, path: Path) -> int:
    """Keep the content of `path` as that of an upload's file (id); returns in how many pieces."""
    count = 0
    with path.open("rb") as content:
        while piece := content.read(CHUNK_BYTES):
            upload_bytes.put_chunk(db, file, count, base64.b64encode(zlib.compress(piece)).decode("ascii"))
            count += 1
    return count


@contextlib.contextmanager
def unpack(db: Store, file: UploadFile) -> Generator[Path]:
    """The content of a file as it was uploaded, on disk until the block ends. Raises NotFound when it is not kept."""
    with _scratch_file() as (path, content):
        for piece in read_bytes(db, file):
            content.write(piece)
        content.close()
        yield path


def read_bytes(db: Store, file: UploadFile) -> Iterator[bytes]:
    """The content of a file as it was uploaded, piece by piece. Raises NotFound when it is no longer kept."""
    for piece in upload_bytes.read_chunks(db, file):
        yield zlib.decompress(base64.b64decode(piece))


def clear_old(db: Store) -> None:
    """Forget uploads that nobody has touched for a week, and imported ones whose time is over."""
    now, days = time.time(), db.settings.original_days
    for upload in uploads.list_old_uploads(db, before=now - KEPT_DAYS * 86_400, imported_before=now - days * 86_400):
        uploads.drop_upload(db, upload)


@contextlib.contextmanager
def _scratch_file() -> Generator[tuple[Path, BinaryIO]]:
    descriptor, generated = tempfile.mkstemp(prefix="crm-upload-")
    path = Path(generated)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield path, file
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
