"""Tables written for spreadsheets, in a form that no spreadsheet takes for a formula.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line end (or the full-width forms, also behind blanks and quotes)
may be run by the program that opens the file. In CSV such a text gets an apostrophe in front, which `unprotect` takes
off again, so that what is exported can be imported unchanged. In XLSX text is stored as text and needs nothing.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from crm.errors import Refused

Cell = str | int | float | bool | date | tuple[str, ...] | list[str] | None

# Blanks and quotation marks are skipped, as spreadsheets do; the apostrophe is among them, so that a protected text is
# itself one that needs protection. That is what makes taking one apostrophe off the exact reverse of putting one on.
RISKY = re.compile(r"""[\s"'`´‘’“”＂＇\u200b\ufeff]*[=+\-@\t\r\n＝＋－＠−﹢﹣﹦﹫]""")

MAX_TEXT = 32_767  # what an Excel cell holds
MAX_ROWS = 1_048_575
CHUNK = 1 << 16

XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def protect(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might run it."""
    return "'" + text if RISKY.match(text) else text


def unprotect(text: str) -> str:
    """The reverse of `protect` for every text; an apostrophe that protects nothing (`'Tis`) stays."""
    return text[1:] if text.startswith("'") and RISKY.match(text, 1) else text


def write_text(value: Cell) -> str:
    """A value as the plain files have it: ISO dates, yes and no, several values joined with `;`, blank for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return ";".join(value)
    return str(value)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as UTF-8 with a byte-order mark, CR LF, every cell quoted, in chunks of about 64 kB."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([protect(column) for column in columns])
    for row in rows:
        # A number cannot be a formula, and -5 is to stay one.
        writer.writerow([protect(write_text(cell)) if not _is_number(cell) else str(cell) for cell in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as a workbook with one sheet, its header row frozen; text stays text, dates and numbers are real.

    Raises Refused for a text or a table that is longer than a sheet can hold, before the first chunk is given.
    """
    return write_workbook([("", columns, rows)])


def write_workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> Iterator[bytes]:
    """The same for several tables, each with the name of its sheet ("" for the usual one)."""
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, XLSX_OPTIONS) as workbook:
            bold = workbook.add_format({"bold": True})
            day = workbook.add_format({"num_format": "yyyy-mm-dd"})
            for name, columns, rows in sheets:
                _fill_sheet(workbook.add_worksheet(name or None), columns, rows, bold=bold, day=day)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _fill_sheet(sheet: Any, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, bold: Any, day: Any) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
    for line, row in enumerate(rows, 1):
        if line > MAX_ROWS:
            raise Refused(f"A sheet holds {MAX_ROWS:,} rows; this table has more. Choose CSV.")
        for place, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                sheet.write_number(line, place, cell)
            elif isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= 1900:
                sheet.write_datetime(line, place, datetime.combine(cell, time()), day)
            else:
                sheet.write_string(line, place, _fit(write_text(cell), line, columns[place]))


def _fit(text: str, line: int, column: str) -> str:
    # Excel counts UTF-16 units; xlsxwriter would leave a longer text out without a word.
    if len(text) > MAX_TEXT or len(text.encode("utf-16-le")) > 2 * MAX_TEXT:
        raise Refused(f"The text of row {line}, column {column} is longer than an Excel cell holds. Choose CSV.")
    return text


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
