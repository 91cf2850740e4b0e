"""Step one of an import: a file becomes a `Sheet`.

Nothing is interpreted here: ZIP 02134, a person called None, the state NA and the id 007 stay what they are. What had
to be found out (encoding, separator, header row) stands in the sheet's fields with notes in words, and can be
overruled.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from crm.spreadsheets import unprotect
from importers.delimited import DELIMITERS, SAMPLE_ROWS, cut_rows, find_delimiter, read_lines
from importers.encodings import Encoding, find_encoding
from importers.errors import ReadError
from importers.headers import LOOK_AHEAD, find_header, label_columns, normalise_heading
from importers.kinds import find_kind
from importers.rows import BadRow, Row, shorten
from importers.sheets import Sheet, join_cells
from importers.sources import SourceFile, take_source, tell_format
from importers.workbooks import open_workbook

NO_HEADER = -1


def open_sheet(
    source: str | Path | bytes | BinaryIO,
    name: str | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    sheet: str | None = None,
    footers: bool = True,
) -> Sheet:
    """Find out how to read the file; what is given is not guessed. `header_row` -1 says that there is none; without
    `footers`, totals and notes below the table are rows like others.

    Raises ReadError when it is no table: empty, another kind of file, damaged, protected, or too large to unpack.
    """
    file = take_source(source, name)
    try:
        if tell_format(file) == "xlsx":
            opened = _open_workbook(file, header_row=header_row, sheet=sheet)
        else:
            opened = _open_text(file, encoding=encoding, delimiter=delimiter, header_row=header_row)
        opened.footers = footers
        return opened
    except BaseException:
        file.close()
        raise


def _open_text(file: SourceFile, *, encoding: str | None, delimiter: str | None, header_row: int | None) -> Sheet:
    found = find_encoding(file.path, name=file.name, wanted=encoding)
    separator = _check_delimiter(delimiter) if delimiter else _find_delimiter(file, found)

    def cut(width: int | None = None) -> Iterator[Row | BadRow]:
        return cut_rows(_read_lines(file, found), separator, width=width)

    layout = _lay_out(file, list(islice(cut(), LOOK_AHEAD)), header_row, protected=True)
    return Sheet(
        name=file.name, format="csv", sha256=found.sha256, size=file.size, lines=found.lines,
        encoding=found.name, delimiter=separator, sheet=None,
        header_row=layout.place, headers=layout.labels, raw_headers=layout.raw, preamble=layout.preamble,
        notes=(*found.notes, *layout.notes), read_all=lambda: cut(len(layout.labels)), closers=(file.close,),
    )  # fmt: skip


def _open_workbook(file: SourceFile, *, header_row: int | None, sheet: str | None) -> Sheet:
    with file.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    book = open_workbook(file, sheet=sheet)
    try:
        layout = _lay_out(file, list(islice(book.read_rows(), LOOK_AHEAD)), header_row, protected=False)
    except BaseException:
        book.close()
        raise
    others = ", ".join(name for name in book.sheets if name != book.sheet)
    notes = (f"Only the sheet {book.sheet!r} is read. The others are: {others}.",) if others else ()
    return Sheet(
        name=file.name, format="xlsx", sha256=digest, size=file.size, lines=book.lines,
        encoding=None, delimiter=None, sheet=book.sheet,
        header_row=layout.place, headers=layout.labels, raw_headers=layout.raw, preamble=layout.preamble,
        notes=(*notes, *layout.notes), read_all=book.read_rows, closers=(book.close, file.close),
        sheets=book.sheets,
    )  # fmt: skip


def _read_lines(file: SourceFile, encoding: Encoding) -> Iterator[str]:
    return read_lines(file.path, encoding=encoding.name, errors=encoding.errors)


def _check_delimiter(delimiter: str) -> str:
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise ReadError("A separator is one character, such as a comma, semicolon, tab or pipe.")
    return delimiter


def _find_delimiter(file: SourceFile, encoding: Encoding) -> str:
    """The separator under which a plain file's headings appear, else the one that cuts most rows alike."""
    sample = list(islice(_read_lines(file, encoding), SAMPLE_ROWS))
    for delimiter in DELIMITERS:
        rows = islice(cut_rows(sample, delimiter), LOOK_AHEAD)
        if any(isinstance(row, Row) and _is_plain_header(row.cells) for row in rows):
            return delimiter
    return find_delimiter(sample)


def _is_plain_header(cells: Sequence[str]) -> bool:
    # A single word such as "Name" may as well be a title above the table.
    return sum(1 for cell in cells if cell.strip()) > 1 and find_kind(cells) is not None


@dataclass(frozen=True)
class _Layout:
    """Where the headings stand, what they are, and what is worth saying about them."""

    place: int | None
    raw: tuple[str, ...]
    labels: tuple[str, ...]
    preamble: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


def _lay_out(file: SourceFile, head: list[Row | BadRow], wanted: int | None, *, protected: bool) -> _Layout:
    rows = [row for row in head if isinstance(row, BadRow) or any(map(str.strip, row.cells))]
    if not rows:
        raise ReadError(f"{file.name} is empty: it has no rows.")
    place = _place_header(file, head, wanted)
    header = None if place is None else head[place]
    if isinstance(header, BadRow):
        raise ReadError(f"The column headings on line {header.line} cannot be read: {header.reason} {header.fix}")
    raw = tuple(header.cells) if header else ()
    if protected:
        raw = tuple(unprotect(cell) for cell in raw)
    width = len(raw) if header else _find_commonest_width(head)
    labels = label_columns(raw if header else None, width)
    above = [row for row in head[: place or 0] if row in rows]
    preamble = tuple((row.line, join_cells(row.cells) if isinstance(row, Row) else row.text) for row in above)
    raw = raw if header else ("",) * width
    return _Layout(place, raw, labels, preamble, tuple(_describe_layout(header, preamble, labels, raw)))


def _place_header(file: SourceFile, head: list[Row | BadRow], wanted: int | None) -> int | None:
    if wanted is None:
        return find_header(head, _is_plain_header)
    if wanted == NO_HEADER:
        return None
    if not 0 <= wanted < len(head):
        raise ReadError(f"{file.name} has no row {wanted} (from 0) that could hold the headings.")
    return wanted


def _find_commonest_width(head: list[Row | BadRow]) -> int:
    widths = Counter(len(row.cells) for row in head if isinstance(row, Row) and row.cells)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _describe_layout(
    header: Row | None, preamble: Sequence[tuple[int, str]], labels: Sequence[str], raw: Sequence[str]
) -> Iterator[str]:
    if header is None:
        yield "No row looks like column headings; the columns are called Column 1, Column 2 and so on."
        return
    if preamble:
        texts = "; ".join(f"line {line}: {shorten(text, 60)}" for line, text in preamble[:3])
        yield f"{len(preamble)} rows above the headings (line {header.line}) were left out ({texts})."
    repeated = [heading for heading, count in Counter(map(normalise_heading, raw)).items() if heading and count > 1]
    if repeated:
        names = [label for label, heading in zip(labels, raw, strict=True) if normalise_heading(heading) in repeated]
        yield f"Some headings stand over several columns; they are called {', '.join(names)}."
