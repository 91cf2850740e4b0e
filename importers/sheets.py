"""A table as it stands in a file: its headings, and its rows of text with the line that each begins on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from crm.spreadsheets import unprotect
from importers.footers import leave_out_footers
from importers.headers import normalise_heading
from importers.rows import BadRow, LeftOut, Row, shorten

if TYPE_CHECKING:
    from pandas import DataFrame

REPEATED = "This row repeats the column headings."
REPEATED_FIX = "Take the row out; if another table begins here, import it as a file of its own."


@dataclass
class Tally:
    """What a pass over the rows has met so far; `unprotected` counts cells whose guarding apostrophe was taken off.

    `rows` are data, broken rows included; those that are blank or left out are not among them.
    """

    rows: int = 0
    blank: int = 0
    left_out: int = 0
    unprotected: int = 0


@dataclass(eq=False)
class Sheet:
    """Close it (or use `with`) to delete the copy of an uploaded file.

    `headers` are the headings made unique ("Email (2)", "Column 7" for a blank one), `raw_headers` those of the file.
    `header_row` counts rows from 0, None if there is none; `preamble` are the (line, text) above it. `encoding` and
    `delimiter` are None for a workbook, `sheet` for a text file; `sheets` are the names of all sheets of a workbook.
    `lines` is about the last line number, for progress. With `footers`, rows that are no data are left out.
    """

    name: str
    format: str
    sha256: str
    size: int
    lines: int
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    headers: tuple[str, ...]
    raw_headers: tuple[str, ...]
    preamble: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]
    read_all: Callable[[], Iterator[Row | BadRow]] = field(repr=False)
    closers: tuple[Callable[[], None], ...] = field(repr=False)
    tally: Tally = field(default_factory=Tally)
    sheets: tuple[str, ...] = ()
    footers: bool = True
    # The bytes as they came, until it is closed.
    path: Path | None = None

    def rows(self) -> Iterator[Row | BadRow | LeftOut]:
        """The rows in file order, read anew by each call; blank ones are passed over and counted in `tally`."""
        self.tally = tally = Tally()
        width = len(self.headers)
        heading = None if self.header_row is None else [normalise_heading(cell) for cell in self.raw_headers]
        below = islice(self.read_all(), 0 if self.header_row is None else self.header_row + 1, None)
        for row in leave_out_footers(below, width) if self.footers else below:
            if isinstance(row, LeftOut):
                tally.left_out += 1
                yield row
                continue
            if isinstance(row, BadRow):
                tally.rows += 1
                yield row
                continue
            cells = row.cells
            if not any(cells) or not any(map(str.strip, cells)):
                tally.blank += 1
                continue
            tally.rows += 1
            if len(cells) != width:
                row = fit_row(row, width)
                if isinstance(row, BadRow):
                    yield row
                    continue
            if cells[0] == self.raw_headers[0] and [normalise_heading(cell) for cell in row.cells] == heading:
                yield BadRow(row.line, join_cells(cells), REPEATED, REPEATED_FIX)
            elif self.format == "csv" and "'" in "".join(row.cells) and any(cell[:1] == "'" for cell in row.cells):
                yield self._unprotect(row)
            else:
                yield row

    def count_rows(self) -> int:
        """The number of data rows: broken ones included, blank ones and those that are left out not."""
        return sum(not isinstance(row, LeftOut) for row in self.rows())

    def frame(self, limit: int = 200) -> "DataFrame":
        """The first rows as text, for a preview; indexed by line. Broken rows are left out."""
        import pandas as pd  # half a second that commands without a preview need not wait for

        rows = [row for row in islice(self.rows(), limit) if isinstance(row, Row)]
        index = pd.Index([row.line for row in rows], name="line", dtype="int64")
        return pd.DataFrame([row.cells for row in rows], columns=list(self.headers), index=index, dtype=object)

    def close(self) -> None:
        for close in self.closers:
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _unprotect(self, row: Row) -> Row:
        cells = [unprotect(cell) for cell in row.cells]
        self.tally.unprotected += sum(len(new) < len(old) for new, old in zip(cells, row.cells, strict=True))
        return Row(row.line, cells)


def fit_row(row: Row, width: int) -> Row | BadRow:
    """A row with as many cells as there are headings: blank cells too many are dropped, all else is refused."""
    cells, found = row.cells, len(row.cells)
    if found > width and not any(map(str.strip, cells[width:])):
        return Row(row.line, cells[:width])
    if found > width:
        fix = "Put quotation marks around a cell that holds the separator, or take the extra cells out."
        return BadRow(row.line, join_cells(cells), f"The row has {found} cells; there are {width} columns.", fix)
    fix = "Add the missing cells (blank ones count too), so that each value stands under its heading."
    return BadRow(row.line, join_cells(cells), f"The row has only {found} of {width} cells.", fix)


def join_cells(cells: Sequence[str]) -> str:
    """A row's filled cells in one short line, for a message."""
    return shorten(" | ".join(cell for cell in cells if cell.strip()))
