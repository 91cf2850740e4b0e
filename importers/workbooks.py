"""Workbooks (Excel's and OpenDocument): checked before they are opened, parsed in a child process, handed on as text.

Most are zip files, and a small one can unpack to hundreds of megabytes. So their sizes are summed first; then a child
process under memory and time limits (`workbook_child`) turns one sheet into text, which is read from there. Only values
are read: formulas, macros and links to other files are never followed.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from importers.children import TOO_BIG, Parsed, parse_file
from importers.errors import ReadError
from importers.kept_texts import KeptTexts
from importers.rows import Row
from importers.sources import SourceFile, check_unpacked, list_entries

LONGEST_MANIFEST = 1024 * 1024
ONE_OF_ITS_PARTS = {"xlsx": "xl/workbook.xml", "xlsb": "xl/workbook.bin", "ods": "content.xml"}


@dataclass(frozen=True)
class Workbook:
    """One sheet as text on disk (deleted when closed), with the names of all sheets; `lines` bounds its row numbers.

    `hidden_rows` are numbers of rows that the spreadsheet does not show; `spans` are the cells of the first rows that
    are merged sideways, as (row, first column, last column) from 0, and `stacks` those of all rows that are merged
    downwards, as (first row, last row) from 1 and the column from 0.
    """

    sheet: str
    sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...]
    hidden_rows: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]
    stacks: tuple[tuple[int, int, int], ...]
    lines: int
    _parsed: Parsed

    def read_rows(self) -> Iterator[Row]:
        """The sheet's rows; `line` is the row's number in the sheet."""
        return self._parsed.read_rows()

    def close(self) -> None:
        self._parsed.close()


def open_workbook(
    source: SourceFile, format: str, *, sheet: str | None = None, kept: KeptTexts | None = None
) -> Workbook:
    """Turn one sheet (the first that looks like a table, unless named) into text. Raises ReadError."""
    if format != "xls":
        check_zip(source, ONE_OF_ITS_PARTS[format])
    arguments = (format,) if sheet is None else (format, sheet)
    parsed = parse_file(source, "workbook_child.py", "a workbook", *arguments, kept=kept)
    head = parsed.head
    return Workbook(
        sheet=head["sheet"],
        sheets=tuple(head["sheets"]),
        hidden_sheets=tuple(head["hidden_sheets"]),
        hidden_rows=tuple(head["hidden_rows"]),
        stacks=tuple((top, bottom, column) for top, bottom, column in head["stacks"]),
        spans=tuple((row, first, last) for row, first, last in head["spans"]),
        lines=parsed.lines,
        _parsed=parsed,
    )


def fill_stacks(rows: Iterable[Row], stacks: Sequence[tuple[int, int, int]]) -> Iterator[Row]:
    """The rows with the text of a cell that is merged downwards in each of its rows."""
    if not stacks:
        yield from rows
        return
    begins: dict[int, list[tuple[int, int]]] = {}
    for top, bottom, column in stacks:
        begins.setdefault(top, []).append((bottom, column))
    reaching: list[tuple[int, int, str]] = []
    for row in rows:
        reaching = [one for one in reaching if one[0] >= row.line]
        for _, column, text in reaching:
            if column < len(row.cells) and not row.cells[column]:
                row.cells[column] = text
        for bottom, column in begins.get(row.line, ()):
            if column < len(row.cells):
                reaching.append((bottom, column, row.cells[column]))
        yield row


def _is_locked(source: SourceFile, entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether it is an OpenDocument file with a password, which its list of parts tells."""
    listed = next((entry for entry in entries if entry.filename == "META-INF/manifest.xml"), None)
    if listed is None:
        return False
    try:
        with zipfile.ZipFile(source.path) as archive, archive.open(listed) as manifest:
            return b"encryption-data" in manifest.read(LONGEST_MANIFEST)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error):
        return False  # It is damaged, which is found when it is parsed.


def check_zip(source: SourceFile, part: str) -> None:
    """Refuse what is no workbook, or unpacks to more than a list of businesses ever would."""
    entries = list_entries(source)
    check_unpacked(source.name, entries, fix=TOO_BIG)
    if _is_locked(source, entries):
        raise ReadError(f"{source.name} is protected by a password. Save it again without one.")
    if part not in {entry.filename for entry in entries}:
        raise ReadError(f"{source.name} is a zip file but not a workbook. Save the list as .xlsx or CSV.")
