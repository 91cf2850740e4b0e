"""Mended files: the refused rows of a file go back to its owner as that file's rows, and come in again when mended.

Each row stands as it did in the file, under the file's own headings, with four columns before it: the line that it
stood on, the column at fault, the reason, and the way to mend it. They stand first so that a row with too few or too
many cells keeps its cells in their places. A file that begins with these four columns is read without them, so what
was said of the first file's columns holds for the mended one too.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from crm.spreadsheets import protect, unprotect
from importers.headers import label_columns, normalise_heading
from importers.rows import BadRow, Row
from importers.sheets import Sheet

ADDED: Final = ("line", "column", "reason", "fix")
NOTE: Final = "These are refused rows that were sent back: the columns line, column, reason and fix are passed over."


def pass_over_reasons(sheet: Sheet) -> Sheet:
    """The sheet without the four columns, if it begins with them; else the sheet itself."""
    raw = sheet.raw_headers
    if tuple(map(normalise_heading, raw[: len(ADDED)])) != ADDED or len(raw) == len(ADDED):
        return sheet
    read_all = sheet.read_all

    def read_rest() -> Iterator[Row | BadRow]:
        for row in read_all():
            yield Row(row.line, row.cells[len(ADDED) :]) if isinstance(row, Row) else row

    rest = raw[len(ADDED) :]
    return replace(
        sheet,
        raw_headers=rest,
        headers=label_columns(rest, len(rest)),
        notes=(NOTE, *(note for note in sheet.notes if not note.startswith("Some headings stand over"))),
        read_all=read_rest,
    )


def write_refused(sheet: Sheet, refusals: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The rows of the sheet that were refused, as a delimited file like the one they came from, in chunks.

    `refusals` have line, column, reason and fix. A workbook's rows become CSV. Letters that the file's own encoding
    lacks make the whole UTF-8.
    """
    rows = list(_list_rows(sheet, {refusal["line"]: refusal for refusal in refusals}))
    heads = sheet.headers if sheet.header_row is None else sheet.raw_headers
    table = [[*ADDED, *heads], *rows]
    delimiter = sheet.delimiter or ","
    for encoding in (_find_encoding(sheet), "utf-8-sig"):
        try:
            made = _write(table, delimiter).encode(encoding)
        except UnicodeEncodeError:
            continue
        yield made
        return


def _list_rows(sheet: Sheet, refusals: Mapping[int, Mapping[str, Any]]) -> Iterator[list[str]]:
    is_protected = sheet.format == "csv"
    for row in islice(sheet.read_all(), 0 if sheet.header_row is None else sheet.header_row + 1, None):
        refusal = refusals.get(row.line)
        if refusal is None:
            continue
        # Of a row that cannot be cut into cells there is only its beginning: one cell, which is refused again.
        cells = row.cells if isinstance(row, Row) else [row.text]
        if is_protected:
            cells = [unprotect(cell) for cell in cells]
        yield [str(refusal["line"]), refusal["column"] or "", refusal["reason"], refusal["fix"], *cells]


def _find_encoding(sheet: Sheet) -> str:
    """UTF-8 with a mark, by which spreadsheets know it; any other encoding as it is."""
    name = (sheet.encoding or "utf-8").lower()
    return "utf-8-sig" if name.startswith(("utf-8", "utf8", "ascii")) else sheet.encoding or "utf-8-sig"


def _write(table: Sequence[Sequence[str]], delimiter: str) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([protect(cell) for cell in row] for row in table)
    return buffer.getvalue()
