"""Which row holds the column headings. It is not always the first: titles, notes and blank lines may stand above it.

A heading is a short text that is not data: no number, date, e-mail, web address. The header row is the first that has
(nearly) as many cells as the table is wide and only such texts in them.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from importers.rows import TURNS, BadRow, Row

LOOK_AHEAD = 60  # rows in which the header is looked for
MAX_HEADING = 120
SHORT_TABLE = 6  # rows of a table above the one that is meant

DATA = re.compile(
    r"""
    [-+(]?[\d.,\s%$€£()/:+-]*\d[\d.,\s%$€£()/:+-]*      # numbers, dates, telephone numbers
    | \d{4}-\d{2}-\d{2}[T\ ].*                          # a date with a time
    | \d{1,2}\ [A-Za-z]{3,9}\ \d{2,4}                   # 14 May 2026
    | [^@\s]+@[^@\s]+\.[^@\s]+                          # an e-mail
    | https?://.* | www\..*
    """,
    re.VERBOSE,
)


def normalise_heading(heading: str) -> str:
    """The heading as it is compared: one blank between words, no case."""
    return " ".join(heading.split()).casefold()


def find_header(rows: Sequence[Row | BadRow], is_known: Callable[[Sequence[str]], bool]) -> int | None:
    """The index of the header row among `rows`, None if every row looks like data.

    A row whose headings `is_known` (those of a plain file) is the header wherever it stands.
    """
    cells = [row.cells if isinstance(row, Row) else [] for row in rows]
    for index, row in enumerate(cells):
        if is_known(row):
            return index
    width = _find_width(cells)
    places = [index for index, row in enumerate(cells) if _looks_like_headings(row, width)]
    return _pass_small_tables(cells, places, width)


def _pass_small_tables(cells: Sequence[Sequence[str]], places: Sequence[int], width: int) -> int | None:
    """The first of these rows, or that of a wider table below, which a title or a blank row sets apart: reports tell of
    the meeting in a small table, and then of the people who came."""
    if not places:
        return None
    first = places[0]
    # The small table has headings of another width and, right below, data.
    below = cells[first + 1] if first + 1 < len(cells) else []
    if _count_filled(cells[first]) == width or not any(DATA.fullmatch(cell.strip()) for cell in below):
        return first
    near = range(first + 2, min(first + SHORT_TABLE, len(cells)))
    gap = next((n for n in near if _count_filled(cells[n]) <= 1), None)
    wide = (place for place in places[1:] if _count_filled(cells[place]) == width and place + 1 < len(cells))
    later = (place for place in wide if gap is not None and place > gap and _count_filled(cells[place + 1]) == width)
    return next(later, first)


def _count_filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def label_columns(header: Sequence[str] | None, width: int) -> tuple[str, ...]:
    """A different name for each column: its heading, `Email (2)` for a repeated one, `Column 7` for a blank one."""
    labels: list[str] = []
    seen: Counter[str] = Counter()
    for number in range(1, width + 1):
        heading = " ".join(header[number - 1].split()) if header is not None and number <= len(header) else ""
        label = heading.translate(TURNS) or f"Column {number}"
        seen[label.casefold()] += 1
        repeat = seen[label.casefold()]
        labels.append(label if repeat == 1 else f"{label} ({repeat})")
    return tuple(labels)


def _find_width(cells: Sequence[Sequence[str]]) -> int:
    """How far most rows are filled; a table's rows outnumber the lines above it."""
    filled = Counter(
        max(place for place, cell in enumerate(row, 1) if cell.strip()) for row in cells if any(map(str.strip, row))
    )
    return max(filled, key=lambda width: (filled[width], width), default=0)


def _looks_like_headings(row: Sequence[str], width: int) -> bool:
    texts = [cell.strip() for cell in row if cell.strip()]
    if not texts or len(texts) < max(1, round(0.6 * width)):
        return False
    return all(len(text) <= MAX_HEADING and not DATA.fullmatch(text) for text in texts)
