"""Reads one sheet of a workbook (XLSX, XLSM, XLSB, XLS, ODS) in a process of its own.

Run as a script, not imported (see `child_limits`).
"""

import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if __name__ == "__main__":  # -I keeps the script's own place off the path
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from importers.child_limits import Numbered, serve
from importers.workbook_marks import Marks, find_marks

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CELL_TYPES = float | int | str | bool | datetime | date | time | timedelta
TABLE = 2  # columns and rows of the smallest thing that looks like a table
HEAD = 60  # rows in which the headings may stand
DIGITS = 15  # that a spreadsheet keeps of a number, and shows
LONGEST_EXACT = 17  # letters of a number that is written shorter without rounding


def write_text(value: CELL_TYPES) -> str:
    """A cell's value as the text that its owner meant: 2134.0 is "2134", midnight is the day alone."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, float | int):
        return write_number(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def write_number(value: float) -> str:
    """The digits that the sheet shows (12.3, not 12.300000000000001), never in the form 7.7E+16."""
    if value == int(value):
        return str(int(value))
    text = repr(value)
    if len(text) >= LONGEST_EXACT:
        text = repr(float(f"{value:.{DIGITS}g}"))
    return text if "e" not in text else f"{value:.20f}".rstrip("0")


def choose_sheet(workbook: "CalamineWorkbook", wanted: str | None, hidden: list[str]) -> "CalamineSheet":
    """The sheet that is wanted, or the first that people see and that looks like a table, or the first with anything.

    Raises LookupError. Asking for a sheet parses all of it, so each is asked for once.
    """
    names = workbook.sheet_names
    if wanted is not None:
        if wanted not in names:
            raise LookupError(f"There is no sheet {wanted!r}. The sheets are: {', '.join(names)}.")
        return workbook.get_sheet_by_name(wanted)
    first: CalamineSheet | None = None
    for name in sorted(names, key=lambda name: name in hidden):
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height >= TABLE and sheet.width >= TABLE and (first is None or name not in hidden):
            return sheet
        if first is None or not first.height:
            first = sheet
    if first is None:
        raise LookupError("The workbook has no sheet.")
    return first


def read_rows(sheet: "CalamineSheet", marks: Marks) -> Iterator[Numbered]:
    """The sheet's rows from its first on. The cells begin at the first column that is filled."""
    left = 0 if sheet.start is None else sheet.start[1]
    broken = {row for row, _ in marks.errors}
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [value if type(value) is str else write_text(value) for value in values]
        if number in broken:
            cells = [marks.errors.get((number, column), cell) for column, cell in enumerate(cells, left + 1)]
        yield number, cells


Cell = tuple[int, int]


def list_merged(sheet: "CalamineSheet", marks: Marks) -> list[tuple[Cell, Cell]]:
    """First and last of the cells that are merged: row and column, from 0."""
    told = [((top - 1, start - 1), (bottom - 1, end - 1)) for (top, start), (bottom, end) in marks.merged]
    return told or list(sheet.merged_cell_ranges or ())


def list_spans(sheet: "CalamineSheet", merged: list[tuple[Cell, Cell]]) -> list[list[int]]:
    """Cells of the first rows that are merged sideways: row, first and last column, from 0 as the rows are given."""
    left = 0 if sheet.start is None else sheet.start[1]
    return [[top, start - left, end - left] for (top, start), (_, end) in merged if top < HEAD and end > start >= left]


def list_stacks(sheet: "CalamineSheet", merged: list[tuple[Cell, Cell]]) -> list[list[int]]:
    """Cells that are merged downwards: first and last row from 1, and the column from 0 as the rows are given."""
    left = 0 if sheet.start is None else sheet.start[1]
    return [
        [top + 1, bottom + 1, column - left] for (top, column), (bottom, _) in merged if bottom > top and column >= left
    ]


def read(stream: BinaryIO, arguments: list[str]) -> tuple[dict[str, Any], Iterator[Numbered]]:
    """Arguments: the format, and the sheet's name if one is wanted."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(stream)
    about = {sheet.name: sheet for sheet in workbook.sheets_metadata}
    hidden = [name for name, sheet in about.items() if sheet.visible != SheetVisibleEnum.Visible]
    charts = [name for name, sheet in about.items() if sheet.typ != SheetTypeEnum.WorkSheet]
    sheet = choose_sheet(workbook, arguments[1] if len(arguments) > 1 else None, [*hidden, *charts])
    marks = find_marks(stream, arguments[0], sheet.name, workbook.sheet_names)
    merged = list_merged(sheet, marks)
    bottom = 0 if sheet.end is None else sheet.end[0] + 1
    head = {
        "sheets": workbook.sheet_names,
        "hidden_sheets": hidden,
        "sheet": sheet.name,
        "hidden_rows": [row for row in marks.hidden if row <= bottom],
        "spans": list_spans(sheet, merged),
        "stacks": list_stacks(sheet, merged),
    }
    return head, read_rows(sheet, marks)


if __name__ == "__main__":
    sys.exit(serve(read))
