"""What a workbook says of its cells and rows beside their values: errors such as #N/A, and rows that are hidden; of an
OpenDocument sheet also which cells are merged.

The parser of the values gives an error as a blank cell and knows no hidden rows, so the parts of the file that hold
the sheet are scanned for these alone. Used inside the child process that reads a workbook, under its limits; what
cannot be made out is taken for absent, never for an error.
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from importers.ole import read_ole_stream

# The codes of the binary formats.
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL
)
HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>")
ODS_PART = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell)\b([^>]*?)(/?)>(?:<text:p>([^<]*))?")
ODS_TABLE = re.compile(rb'<table:table\b[^>]*\btable:name="([^"]*)"')
CHUNK = 1 << 20
MOST_ROWS = 1 << 20  # rows that any spreadsheet program can show


@dataclass
class Marks:
    """By row and column of the sheet, both from 1: the word of each cell that holds an error; rows that are hidden;
    the first and the last cell of those that are merged, where the parser does not tell them.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def find_marks(stream: BinaryIO, format: str, name: str, names: list[str]) -> Marks:
    """The marks of the sheet called `name`, of all `names` in the workbook's order."""
    stream.seek(0)
    if format == "xls":
        return _read_xls(stream.read(), name)
    with zipfile.ZipFile(stream) as archive:
        if format == "ods":
            return _read_ods(archive.read("content.xml"), name)
        if format == "xlsb":
            return _read_xlsb(archive, name)
        return _read_xlsx(archive, names.index(name))


def _read_xlsx(archive: zipfile.ZipFile, index: int) -> Marks:
    marks = Marks()
    workbook = archive.read("xl/workbook.xml").decode(errors="replace")
    sheets = re.findall(r"<(?:\w+:)?sheet\b[^>]*?\br:id=\"([^\"]+)\"", workbook)
    path = _find_part(archive, "xl/_rels/workbook.xml.rels", sheets[index]) if index < len(sheets) else None
    if path is None:
        return marks
    with archive.open(path) as sheet:
        tail = b""
        while chunk := sheet.read(CHUNK):
            text = tail + chunk
            if b't="e"' in text:
                for match in ERROR_CELL.finditer(text):
                    marks.errors[int(match[2]), _number_column(match[1])] = match[3].decode()
            if b"hidden=" in text:
                marks.hidden += [int(match[1]) for match in HIDDEN_ROW.finditer(text)]
            # What is cut in two by the chunk's end comes whole with the next one.
            tail = text[max(0, text.rfind(b"<c "), text.rfind(b"<row ")) :][-(1 << 16) :]
    marks.hidden = sorted(set(marks.hidden))
    return marks


def _find_part(archive: zipfile.ZipFile, links: str, wanted: str) -> str | None:
    """The part of the archive that a link of the workbook leads to."""
    for link in re.findall(r"<Relationship\b[^>]*>", archive.read(links).decode(errors="replace")):
        target = re.search(r'Target="([^"]+)"', link)
        if f'Id="{wanted}"' in link and target:
            path = target[1].lstrip("/")
            path = path if path.startswith("xl/") else f"xl/{path}"
            return path if path in archive.namelist() else None
    return None


def _number_column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_xlsb(archive: zipfile.ZipFile, name: str) -> Marks:
    """Of Excel's binary workbook (MS-XLSB): row headers, and cells and formulas that hold an error."""
    marks = Marks()
    part = None
    for kind, data in _cut_xlsb(archive.read("xl/workbook.bin")):
        if kind == 156:  # BrtBundleSh: state, id, then link and name as counted UTF-16
            link, end = _read_wide(data, 8)
            if _read_wide(data, end)[0] == name:
                part = _find_part(archive, "xl/_rels/workbook.bin.rels", link)
    if part is None:
        return marks
    row = 0
    for kind, data in _cut_xlsb(archive.read(part)):
        if kind == 0:  # BrtRowHdr
            row = int.from_bytes(data[:4], "little") + 1
            if data[11] & 0x10:
                marks.hidden.append(row)
        elif kind in (3, 11):  # BrtCellError, BrtFmlaError
            marks.errors[row, int.from_bytes(data[:4], "little") + 1] = ERRORS.get(data[8], "#N/A")
    return marks


def _cut_xlsb(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Its records: type and content."""
    place, end = 0, len(data)
    while place < end:
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while True:
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, data[place : place + size]
        place += size


def _read_wide(data: bytes, place: int) -> tuple[str, int]:
    """A counted UTF-16 text, and where it ends."""
    size = 2 * int.from_bytes(data[place : place + 4], "little")
    return data[place + 4 : place + 4 + size].decode("utf-16-le", "replace"), place + 4 + size


def _read_xls(data: bytes, name: str) -> Marks:
    """Of an old Excel file (BIFF8): ROW, BOOLERR and FORMULA records of the sheet."""
    marks = Marks()
    stream = read_ole_stream(data, ("Workbook", "Book"))
    if stream is None:
        return marks
    start = None
    for kind, place, size in _cut_xls(stream, 0):
        if kind == 0x85 and size > 8:  # BOUNDSHEET: offset, state, type, then a counted name
            letters = stream[place + 8 : place + size]
            wide = stream[place + 7] & 1
            found = letters.decode("utf-16-le" if wide else "latin-1", "replace")
            if found[: stream[place + 6]] == name:
                start = struct.unpack_from("<I", stream, place)[0]
    if start is None:
        return marks
    for kind, place, size in _cut_xls(stream, start):
        if kind == 0x208 and size >= 16:  # ROW
            if stream[place + 12] & 0x20:
                marks.hidden.append(struct.unpack_from("<H", stream, place)[0] + 1)
        elif kind == 0x205 and size >= 8:  # BOOLERR
            if stream[place + 7]:
                row, column = struct.unpack_from("<HH", stream, place)
                marks.errors[row + 1, column + 1] = ERRORS.get(stream[place + 6], "#N/A")
        elif kind == 0x06 and size >= 14 and stream[place + 6] == 2 and stream[place + 12 : place + 14] == b"\xff\xff":
            row, column = struct.unpack_from("<HH", stream, place)
            marks.errors[row + 1, column + 1] = ERRORS.get(stream[place + 8], "#N/A")
    return marks


def _cut_xls(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """The records from here to the end of this part: type, where the content begins, its size."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == 0x809:  # BOF; a chart inside a sheet has its own
            depth += 1
        elif kind == 0x0A:  # EOF
            depth -= 1
            if depth <= 0:
                return
        elif depth <= 1:
            yield kind, place + 4, size
        place += 4 + size


def _read_ods(content: bytes, name: str) -> Marks:
    marks = Marks()
    wanted = _escape(name)
    begin = next((match.start() for match in ODS_TABLE.finditer(content) if match[1] == wanted), None)
    if begin is None:
        return marks
    end = content.find(b"</table:table>", begin)
    part = content[begin : end if end >= 0 else None]
    if b"table:visibility=" in part:
        row = 0
        for match in ODS_ROW.finditer(part):
            repeat = _repeat(match[1], b"table:number-rows-repeated")
            if re.search(rb'table:visibility="(?:collapse|filter)"', match[1]):
                marks.hidden += range(row + 1, min(row + repeat, MOST_ROWS) + 1)
            row += repeat
    if b'calcext:value-type="error"' in part or b"-spanned=" in part:
        row = column = 0
        for closing, kind, attributes, _, text in ODS_PART.findall(part):
            if closing:
                continue
            if kind == b"table-row":
                row, column = row + _repeat(attributes, b"table:number-rows-repeated"), 0
                continue
            if b'calcext:value-type="error"' in attributes:
                # "Err:502" is what other programs call a wrong value.
                word = text.decode(errors="replace") or "#N/A"
                marks.errors[row, column + 1] = word if word.startswith("#") else "#VALUE!"
            if b"-spanned=" in attributes:
                down = _repeat(attributes, b"table:number-rows-spanned")
                across = _repeat(attributes, b"table:number-columns-spanned")
                if down > 1 or across > 1:
                    marks.merged.append(((row, column + 1), (row + down - 1, column + across)))
            column += _repeat(attributes, b"table:number-columns-repeated")
    return marks


def _repeat(attributes: bytes, name: bytes) -> int:
    found = re.search(name + rb'="(\d{1,7})"', attributes)
    return int(found[1]) if found else 1


def _escape(name: str) -> bytes:
    for letter, escape in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        name = name.replace(letter, escape)
    return name.encode()
