"""Tables as files to save. The browser never shows them itself, and their names cannot steer it."""

from collections.abc import Iterable, Sequence

from flask import Response

from crm.services.uploads import clean_name
from crm.spreadsheets import Cell, write_csv


def send_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file of this name, as an attachment."""
    response = Response(write_csv(columns, rows), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=clean_name(name))
    return response
