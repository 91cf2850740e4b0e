"""Tables as files to save. The browser never shows them itself, and their names cannot steer it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from flask import Response

from crm.services.uploads import clean_name
from crm.spreadsheets import Cell, write_csv, write_xlsx


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


def send_refused_rows(file: str, refusals: Iterable[Mapping[str, Any]]) -> Response:
    """Refused rows of a file as a table to mend them by."""
    stem = file.rpartition(".")[0] or file
    return send_csv(f"{stem} refused.csv", REFUSAL, ([row[name] for name in REFUSAL] for row in refusals))
