"""Cutting delimited text into rows, with the line number of each, and without losing the rest to one broken row.

Python's `csv` in strict mode does the cutting. What it lacks is a way back: an unclosed quotation mark swallows the
lines after it. So the lines of the row being read are remembered; when the row turns out broken, its first line is
reported and reading goes on with the second.
"""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from importers.errors import ReadError
from importers.rows import BadRow, Row, shorten

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MAX_RECORD = 500_000  # characters in one row before an open quotation mark is given up on
MAX_UNCLOSED = 200  # reading back after each costs up to MAX_RECORD characters
SAMPLE_ROWS = 200

UNCLOSED = "A quotation mark opens in this row and is never closed."
UNCLOSED_FIX = 'Close the quotation mark, or write it twice ("") where it belongs to the text.'
STRAY = "A quotation mark stands in the middle of a cell."
STRAY_FIX = 'Write the mark twice ("") inside a quoted cell, or take it out.'
TOO_LONG = f"A cell of this row has more than {csv.field_size_limit():,} characters, the most that one may have."
TOO_LONG_FIX = "Check that the row ends where it should, or shorten the cell."


class _Lines:
    """Lines of a text with their count, which can be handed back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_RECORD and len(self.taken) > 1:
            raise csv.Error("the row does not end")
        return line

    def begin_row(self) -> int:
        """Forget the row before; the number of the line that comes next."""
        self.taken.clear()
        self._size = 0
        return self.number + 1

    def hand_back(self) -> str:
        """Keep the first line of this row, give the others back, and return the first."""
        first, *others = self.taken
        self._returned.extendleft(reversed(others))
        self.number -= len(others)
        return first


def cut_rows(lines: Iterable[str], delimiter: str, *, width: int | None = None) -> Iterator[Row | BadRow]:
    """Rows and broken rows in file order, blank ones (`[]`) included.

    With `width`, a row over several lines that has another number of cells is read again from its second line, if one
    of its later lines is a whole row by itself: then a quotation mark was left open in the first.
    """
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    unclosed = 0
    while True:
        start = source.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _explain(start, source, str(error))
            unclosed += len(source.taken) > 1
        else:
            if width is None or len(cells) == width or not _swallowed_a_row(source.taken, delimiter, width):
                yield Row(start, cells)
            else:
                yield BadRow(start, shorten(source.hand_back()), UNCLOSED, UNCLOSED_FIX)
                unclosed += 1
        if unclosed > MAX_UNCLOSED:
            raise ReadError(
                f"More than {MAX_UNCLOSED} rows open a quotation mark and do not close it, up to line {start}. "
                "Is the file cut short, or does it use another separator?"
            )


def _explain(start: int, source: _Lines, error: str) -> BadRow:
    several = len(source.taken) > 1
    text = shorten(source.hand_back().rstrip("\r\n"))
    if several or "end of data" in error:
        return BadRow(start, text, UNCLOSED, UNCLOSED_FIX)
    if "field larger" in error:
        return BadRow(start, text, TOO_LONG, TOO_LONG_FIX)
    return BadRow(start, text, STRAY, STRAY_FIX)


def _swallowed_a_row(taken: list[str], delimiter: str, width: int) -> bool:
    if len(taken) < 2 or width < 2:
        return False
    return any(_count_cells(line, delimiter) == width for line in taken[1:])


def _count_cells(line: str, delimiter: str) -> int | None:
    try:
        return len(next(csv.reader([line], delimiter=delimiter, strict=True), []))
    except csv.Error:
        return None


def read_lines(path: Path, *, encoding: str, errors: str) -> Iterator[str]:
    """The file's lines with their ends as they stand (LF, CR LF or CR), so that cells keep their line breaks."""
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        yield from file


def find_delimiter(lines: Iterable[str]) -> str:
    """The separator under which most rows of the sample have one and the same number of cells, and more than one."""
    sample = list(islice(lines, SAMPLE_ROWS))
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0.0, 0) else ","


def _score(sample: list[str], delimiter: str) -> tuple[float, int]:
    """(share of rows with the commonest number of cells, that number); (0, 0) if that number is one."""
    widths = Counter(len(row.cells) if isinstance(row, Row) else -1 for row in _cut_sample(sample, delimiter))
    widths.pop(0, None)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return (0.0, 0)
    width = max(several, key=lambda width: (several[width], width))
    return (round(several[width] / widths.total(), 2), width)


def _cut_sample(sample: list[str], delimiter: str) -> Iterator[Row | BadRow]:
    """The sample's rows; its last one may be cut off in the middle, so a row broken by the end does not count."""
    rows = list(cut_rows(sample, delimiter))
    yield from rows[:-1] if len(rows) > 1 and isinstance(rows[-1], BadRow) else rows
