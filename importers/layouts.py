"""Layouts: in which row or rows a table has its headings, how wide it is, and what is worth saying about that."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from crm.spreadsheets import unprotect
from importers.errors import ReadError
from importers.headers import find_header, label_columns, normalise_heading
from importers.heading_rows import Span, find_two_rows
from importers.kinds import find_kind
from importers.rows import BadRow, Row, shorten
from importers.sheets import join_cells
from importers.sources import SourceFile

NO_HEADER = -1
MAX_COLUMNS = 1_000


def is_plain_header(cells: Sequence[str]) -> bool:
    # A single word such as "Name" may as well be a title above the table.
    return sum(1 for cell in cells if cell.strip()) > 1 and find_kind(cells) is not None


@dataclass(frozen=True)
class Layout:
    """Where the headings stand, what they are, and what is worth saying about them."""

    place: int | None
    raw: tuple[str, ...]
    labels: tuple[str, ...]
    preamble: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


def lay_out(
    file: SourceFile,
    head: list[Row | BadRow],
    wanted: int | None,
    *,
    protected: bool,
    spans: Sequence[Span] = (),
) -> Layout:
    rows = [row for row in head if isinstance(row, BadRow) or any(map(str.strip, row.cells))]
    if not rows:
        raise ReadError(f"{file.name} is empty: it has no rows.")
    _refuse_width(file.name, max((len(row.cells) for row in rows if isinstance(row, Row)), default=0))
    place = _place_header(file, head, wanted)
    header = None if place is None else head[place]
    if isinstance(header, BadRow):
        raise ReadError(f"The column headings on line {header.line} cannot be read: {header.reason} {header.fix}")
    raw = tuple(header.cells) if header else ()
    numbered = header is not None and _numbers_its_rows(raw, head[(place or 0) + 1 :])
    if numbered:
        raw = ("", *raw)
    # Which row holds the headings is not guessed where it was said.
    may_join = place is not None and wanted is None and header is not None and not numbered
    both = find_two_rows(head, place, spans) if may_join and place is not None else None
    if both and not (is_plain_header(raw) and len(set(map(normalise_heading, raw))) == len(raw)):
        lower = head[both.lower]
        assert isinstance(lower, Row)
        place, header, raw = both.lower, lower, both.headings
    elif both and both.lower == place and any(one and not own for one, own in zip(both.headings, raw, strict=False)):
        # The lower row is that of a plain file; the upper one has the headings that are merged downwards.
        raw = tuple(own or one for own, one in zip_longest(raw, both.headings, fillvalue=""))
    else:
        both = None
    if protected:
        raw = tuple(unprotect(cell) for cell in raw)
    width = len(raw) if header else _find_commonest_width(head)
    labels = label_columns(raw if header else None, width)
    above = [row for row in head[: (place or 0) - (both is not None)] if row in rows]
    preamble = tuple((row.line, join_cells(row.cells) if isinstance(row, Row) else row.text) for row in above)
    raw = raw if header else ("",) * width
    notes = list(_describe_layout(header, preamble, labels, raw))
    if numbered:
        notes.append("The rows have one cell more than there are headings: the first, a number, has no heading.")
    if both and header:
        joined = next(label for label, cell in zip(raw, header.cells, strict=False) if label != " ".join(cell.split()))
        lines = f"lines {head[both.lower - 1].line} and {header.line}"
        notes.insert(0, f"The headings stand in two rows ({lines}); they are read together, such as {joined!r}.")
    return Layout(place, raw, labels, preamble, tuple(notes))


def _numbers_its_rows(raw: Sequence[str], below: Sequence[Row | BadRow]) -> bool:
    """Whether each row begins with its number, over which there is no heading: so the language R writes tables."""
    rows = [row.cells for row in below if isinstance(row, Row) and any(row.cells)]
    if not rows or any(len(cells) != len(raw) + 1 for cells in rows) or not any(cells[-1].strip() for cells in rows):
        return False
    return [cells[0] for cells in rows] == [str(number) for number in range(1, len(rows) + 1)]


def _refuse_width(name: str, width: int) -> None:
    """Raises ReadError for a table of more columns than any list has."""
    if width > MAX_COLUMNS:
        raise ReadError(
            f"{name} has {width:,} columns; at most {MAX_COLUMNS:,} are allowed. Take out those that are not needed, "
            "or check that the separator is the right one."
        )


def _place_header(file: SourceFile, head: list[Row | BadRow], wanted: int | None) -> int | None:
    if wanted is None:
        return find_header(head, is_plain_header)
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
    preamble = [(line, text) for line, text in preamble if text.strip()]
    if preamble:
        texts = "; ".join(f"line {line}: {shorten(text, 60)}" for line, text in preamble[:3])
        lines, were = ("1 row", "was") if len(preamble) == 1 else (f"{len(preamble)} rows", "were")
        yield f"{lines} above the headings (line {header.line}) {were} left out ({texts})."
    repeated = [heading for heading, count in Counter(map(normalise_heading, raw)).items() if heading and count > 1]
    if repeated:
        names = [label for label, heading in zip(labels, raw, strict=True) if normalise_heading(heading) in repeated]
        yield f"Some headings stand over several columns; they are called {', '.join(names)}."
