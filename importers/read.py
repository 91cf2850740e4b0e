"""Step one of an import: a file becomes a `Sheet`.

Nothing is interpreted here: ZIP 02134, a person called None, the state NA and the id 007 stay what they are. What had
to be found out (encoding, separator, header row) stands in the sheet's fields with notes in words, and can be
overruled.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from importers.children import parse_file
from importers.delimited import DELIMITERS, SAMPLE_ROWS, cut_rows, find_delimiter, read_lines
from importers.encodings import Encoding, find_encoding
from importers.errors import ReadError
from importers.headers import LOOK_AHEAD
from importers.kept_texts import KeptTexts
from importers.layouts import Layout, is_plain_header, lay_out
from importers.mended import pass_over_reasons
from importers.rows import BadRow, Row
from importers.sheets import Sheet
from importers.sources import CARDS, FORMAT_WORDS, WORKBOOKS, SourceFile, take_source, tell_format
from importers.workbooks import Workbook, fill_stacks, open_workbook

MAX_LINES = 2_000_000


def open_sheet(
    source: str | Path | bytes | BinaryIO,
    name: str | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    sheet: str | None = None,
    footers: bool | None = None,
    kept: KeptTexts | None = None,
) -> Sheet:
    """Find out how to read the file; what is given is not guessed. `header_row` -1 says that there is none; with
    `footers` False, totals and notes below the table are rows like others. `kept` are the texts of workbooks that were
    read before.

    Raises ReadError when it is no table: empty, another kind of file, damaged, protected, or too large to unpack.
    """
    file = take_source(source, name)
    try:
        format = tell_format(file)
        if format in WORKBOOKS.values():
            opened = _open_workbook(file, format, header_row=header_row, sheet=sheet, kept=kept)
        elif format == "zip":
            raise ReadError(f"{file.name} is a zip file of files. Give it as a whole, or one of the files in it.")
        elif format == "html":
            opened = _open_web_table(file, header_row=header_row)
        elif format in CARDS.values():
            opened = _open_cards(file, format)
        else:
            opened = _open_text(file, encoding=encoding, delimiter=delimiter, header_row=header_row)
        opened.footers = footers is not False and format not in CARDS.values()
        opened.path = file.path
        return pass_over_reasons(opened)
    except BaseException:
        file.close()
        raise


def _open_text(file: SourceFile, *, encoding: str | None, delimiter: str | None, header_row: int | None) -> Sheet:
    found = find_encoding(file.path, name=file.name, wanted=encoding)
    refuse_length(file.name, found.lines)
    separator = _check_delimiter(delimiter) if delimiter else _find_delimiter(file, found)

    def cut(width: int | None = None) -> Iterator[Row | BadRow]:
        return cut_rows(_read_lines(file, found), separator, width=width)

    layout = lay_out(file, list(islice(cut(), LOOK_AHEAD)), header_row, protected=True)
    return Sheet(
        name=file.name, format="csv", sha256=found.sha256, size=file.size, lines=found.lines,
        encoding=found.name, delimiter=separator, sheet=None,
        header_row=layout.place, headers=layout.labels, raw_headers=layout.raw, preamble=layout.preamble,
        notes=(*found.notes, *layout.notes), read_all=lambda: cut(len(layout.labels)), closers=(file.close,),
    )  # fmt: skip


def _open_workbook(
    file: SourceFile, format: str, *, header_row: int | None, sheet: str | None, kept: KeptTexts | None
) -> Sheet:
    digest = file.sha256
    book = open_workbook(file, format, sheet=sheet, kept=kept)
    try:
        refuse_length(file.name, book.lines)
        head: list[Row | BadRow] = list(islice(book.read_rows(), LOOK_AHEAD))
        layout = lay_out(file, head, header_row, protected=False, spans=book.spans)
    except BaseException:
        book.close()
        raise
    notes = list(_describe_workbook(book, layout))
    # In the headings a merged cell says how far a group reaches; below them it says the same of each of its rows.
    stacks = [stack for stack in book.stacks if layout.place is None or stack[0] > layout.place + 1]
    if stacks:
        cells = "1 cell is" if len(stacks) == 1 else f"{len(stacks):,} cells are"
        notes.append(f"{cells} merged over several rows; what stands there is read in each of these rows.")
    return Sheet(
        name=file.name, format=format, sha256=digest, size=file.size, lines=book.lines,
        encoding=None, delimiter=None, sheet=book.sheet,
        header_row=layout.place, headers=layout.labels, raw_headers=layout.raw, preamble=layout.preamble,
        notes=(*notes, *layout.notes), read_all=lambda: fill_stacks(book.read_rows(), stacks),
        closers=(book.close, file.close),
        sheets=book.sheets,
    )  # fmt: skip


def _open_cards(file: SourceFile, format: str) -> Sheet:
    """Contacts or a calendar: a table whose headings are always the same, in row 0 and on no line of the file."""
    from crm.config import read_time_zone  # which knows the graph's driver; only cards need it

    zone = read_time_zone()
    parsed = parse_file(file, "card_child.py", FORMAT_WORDS[format], format, *([zone.key] if zone else []))
    headings: list[str] = parsed.head["headings"]

    def read_all() -> Iterator[Row | BadRow]:
        yield Row(0, headings)
        yield from parsed.read_rows()

    return Sheet(
        name=file.name, format=format, sha256=file.sha256, size=file.size, lines=parsed.lines + 1,
        encoding=None, delimiter=None, sheet=None,
        header_row=0, headers=tuple(headings), raw_headers=tuple(headings), preamble=(),
        notes=tuple(parsed.head["notes"]), read_all=read_all, closers=(parsed.close, file.close),
    )  # fmt: skip


def _open_web_table(file: SourceFile, *, header_row: int | None) -> Sheet:
    parsed = parse_file(file, "card_child.py", FORMAT_WORDS["html"], "html")
    try:
        refuse_length(file.name, parsed.lines)
        layout = lay_out(file, list(islice(parsed.read_rows(), LOOK_AHEAD)), header_row, protected=False)
    except BaseException:
        parsed.close()
        raise
    note = "This is a web page; its largest table is read, and lines are that table's rows."
    return Sheet(
        name=file.name, format="html", sha256=file.sha256, size=file.size, lines=parsed.lines,
        encoding=None, delimiter=None, sheet=None,
        header_row=layout.place, headers=layout.labels, raw_headers=layout.raw, preamble=layout.preamble,
        notes=(note, *layout.notes), read_all=parsed.read_rows, closers=(parsed.close, file.close),
    )  # fmt: skip


def _read_lines(file: SourceFile, encoding: Encoding) -> Iterator[str]:
    return read_lines(file.path, encoding=encoding.name, errors=encoding.errors)


def _check_delimiter(delimiter: str) -> str:
    """The separator itself, which may be said in words, too."""
    words = {word: sign for sign, word in DELIMITERS.items()} | {"\\t": "\t"}
    delimiter = words.get(delimiter.lower(), delimiter)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise ReadError("A separator is one character, such as a comma, semicolon, tab or pipe.")
    return delimiter


def _find_delimiter(file: SourceFile, encoding: Encoding) -> str:
    """The separator under which a plain file's headings appear, else the one that cuts most rows alike."""
    sample = list(islice(_read_lines(file, encoding), SAMPLE_ROWS))
    for delimiter in DELIMITERS:
        rows = islice(cut_rows(sample, delimiter), LOOK_AHEAD)
        if any(isinstance(row, Row) and is_plain_header(row.cells) for row in rows):
            return delimiter
    return find_delimiter(sample)


def refuse_length(name: str, lines: int) -> None:
    """Raises ReadError for a table of more rows than any list has."""
    if lines > MAX_LINES:
        raise ReadError(f"{name} has about {lines:,} lines; at most {MAX_LINES:,} are allowed. Split the list.")


def _describe_workbook(book: Workbook, layout: Layout) -> Iterator[str]:
    others = [f"{name} (hidden)" if name in book.hidden_sheets else name for name in book.sheets if name != book.sheet]
    if others:
        yield f"Only the sheet {book.sheet!r} is read. The others are: {', '.join(others)}."
    if book.sheet in book.hidden_sheets:
        yield f"The sheet {book.sheet!r} is hidden in the workbook."
    hidden = [row for row in book.hidden_rows if layout.place is None or row > layout.place + 1]
    if hidden:
        # Somebody filtered the list, or hid what is old: only they know, so nothing is dropped in silence.
        words = "1 row is" if len(hidden) == 1 else f"{len(hidden):,} rows are"
        yield f"{words} hidden in the workbook, the first is row {hidden[0]:,}. They are read like the others."
