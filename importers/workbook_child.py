"""Reads one sheet of a workbook in a process of its own, under limits of memory and time.

Run as a script, not imported: a workbook made to exhaust memory aborts the process that parses it, and that must not
be the one that serves everybody else. The workbook is standard input; standard output gets one line of JSON
(`{"sheets": [...], "sheet": name}`) and then the rows as CSV, the row's number in the sheet first.
"""

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

REFUSED = 3  # exit status: the reason is on standard error
ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL
)
CELL_TYPES = float | int | str | bool | datetime | date | time | timedelta


def limit_resources(memory: int, seconds: int) -> None:
    """Cap the address space and processor time of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the sizes were checked before
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # At the soft limit comes a signal that names the reason, a second later one that cannot be refused.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


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
    """All the digits that the sheet holds, never in the form 7.7E+16."""
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return text if "e" not in text else f"{value:.20f}".rstrip("0")


def find_error_cells(stream: BinaryIO, sheet_index: int) -> dict[tuple[int, int], str]:
    """(row, column) from 1 of each cell that holds an error such as #N/A. The parser gives them as blank."""
    found: dict[tuple[int, int], str] = {}
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        path = _find_sheet_path(archive, sheet_index)
        if path is None:
            return found
        with archive.open(path) as sheet:
            tail = b""
            while chunk := sheet.read(1 << 20):
                text = tail + chunk
                if b't="e"' in text:
                    for match in ERROR_CELL.finditer(text):
                        found[int(match[2]), _number_column(match[1])] = match[3].decode()
                tail = text[max(0, text.rfind(b"<c ")) :][-(1 << 16) :]
    return found


def _find_sheet_path(archive: zipfile.ZipFile, index: int) -> str | None:
    workbook = archive.read("xl/workbook.xml").decode(errors="replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    sheets = re.findall(r"<(?:\w+:)?sheet\b[^>]*?\br:id=\"([^\"]+)\"", workbook)
    if index >= len(sheets):
        return None
    for link in re.findall(r"<Relationship\b[^>]*>", links):
        if f'Id="{sheets[index]}"' in link:
            target = re.search(r'Target="([^"]+)"', link)
            if target:
                path = target[1].lstrip("/")
                path = path if path.startswith("xl/") else f"xl/{path}"
                return path if path in archive.namelist() else None
    return None


def _number_column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_sheet(stream: BinaryIO, wanted: str | None) -> Iterator[list[str]]:
    """The head line, then the rows."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(stream)
    names = workbook.sheet_names
    if wanted is not None and wanted not in names:
        raise LookupError(f"There is no sheet {wanted!r}. The sheets are: {', '.join(names)}.")
    # Asking for a sheet parses all of it, so each is asked for once.
    sheets = (workbook.get_sheet_by_name(name) for name in ([wanted] if wanted is not None else names))
    sheet = next(sheets)
    while not sheet.height and (other := next(sheets, None)) is not None:
        sheet = other
    yield [json.dumps({"sheets": names, "sheet": sheet.name})]
    errors = find_error_cells(stream, names.index(sheet.name))
    # iter_rows begins at the sheet's first row, and at the first column that is filled.
    left = 0 if sheet.start is None else sheet.start[1]
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [write_text(value) for value in values]
        if errors:
            cells = [errors.get((number, column), cell) for column, cell in enumerate(cells, left + 1)]
        yield [str(number), *cells]


def main() -> int:
    """Arguments: memory in bytes, seconds, and the sheet's name if one is wanted."""
    limit_resources(int(sys.argv[1]), int(sys.argv[2]))
    wanted = sys.argv[3] if len(sys.argv) > 3 else None
    output = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
    writer = csv.writer(output)
    try:
        with open(sys.stdin.fileno(), "rb", closefd=False) as stream:
            rows = read_sheet(stream, wanted)
            output.write(next(rows)[0] + "\n")
            writer.writerows(rows)
            output.flush()
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
