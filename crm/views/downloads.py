"""Tables as files to save. The browser never shows them itself, and their names cannot steer it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from flask import Response

from crm.errors import NotFound
from crm.graph.driver import Store
from crm.graph.upload_files import UploadFile
from crm.services.uploads import clean_name
from crm.spreadsheets import Cell, write_csv, write_xlsx
from importers.mended import write_refused
from importers.originals import open_original


def send_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file of this name, as an attachment."""
    response = Response(write_csv(columns, rows), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=clean_name(name))
    return response


REFUSAL = ("line", "column", "value", "reason", "fix")
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
MIMETYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_table(form: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table as an attachment, `form` being csv or xlsx; the name comes without its ending. Raises Refused."""
    chunks = WRITERS[form](columns, rows)
    # A table that cannot be written is refused with the first chunk, before the answer begins.
    first = next(chunks)
    response = Response(chain([first], chunks), mimetype=MIMETYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=clean_name(f"{name}.{form}"))
    return response


def send_bytes(name: str, chunks: Iterable[bytes], *, mimetype: str = "application/octet-stream") -> Response:
    """A file as it is, as an attachment: nothing that a browser would show."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    response = Response(chain([first], chunks), mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=clean_name(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def send_refused_rows(
    db: Store, name: str, refusals: Sequence[Mapping[str, Any]], *, file: UploadFile | None
) -> Response:
    """Refused rows of a file to be mended: that file's own rows with the reasons, as long as it is kept, and after that
    the reasons alone.
    """
    stem = name.rpartition(".")[0] or name
    if file is not None:
        with suppress(NotFound), open_original(db, file) as sheet:
            made = b"".join(write_refused(sheet, refusals))
            return send_bytes(f"{stem} refused.csv", [made], mimetype="text/csv")
    return send_csv(f"{stem} refused.csv", REFUSAL, ([row[name] for name in REFUSAL] for row in refusals))
