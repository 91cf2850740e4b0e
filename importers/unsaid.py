"""What a column is by its cells and its place, where the heading does not say it."""

from collections.abc import Sequence

from importers.columns import Column
from importers.fits import look_alone
from importers.headings import vocabulary
from importers.neighbours import find_place, follows_state

Look = tuple[str, float, str]


def look(column: Column, columns: Sequence[Column]) -> Look | None:
    """The thing, how sure from 0 to 1, and why; None where nothing speaks."""
    numbered = _look_numbered(column, columns)
    if numbered and column.heading.words == ("number",):
        return numbered  # however much they look like telephone numbers
    alone = look_alone(column.cells) or _look_beside(column, columns) or numbered
    if alone is not None and alone[0] == "zip" and not follows_state(column, columns):
        return None  # any number of five digits
    if (
        alone is not None
        and alone[0] == "person"
        and column.cells.repeats > OF_OURS
        and column.cells.filled >= ENOUGH_ROWS
    ):
        return None  # a few people who stand there again and again are our own
    return alone


OF_OURS, ENOUGH_ROWS = 0.7, 8


def _look_beside(column: Column, columns: Sequence[Column]) -> Look | None:
    """Short words between streets and states are cities, where no heading says anything."""
    n = find_place(column, columns)
    before = columns[n - 1].cells if n else None
    after = columns[n + 1].cells if n + 1 < len(columns) else None
    if column.heading.senses or column.cells.share("word") < 0.9 or not before or not after:
        return None
    if before.share("street") > 0.6 and after.share("state", "zip") > 0.8:
        return "city", 0.45, "words between streets and states are cities"
    return None


NUMBERS = frozenset({"number", "id", "code"})


def _has_key(column: Column) -> bool:
    return max(column.heading.rate("id"), column.heading.rate("license_id")) > 0.5


def _is_of_unknown(column: Column) -> bool:
    """Whether it is the number of something that is not known: "MPI Number"."""
    return not vocabulary().issuperset(column.heading.words)


SHORTEST_HEADING = 3


def _look_numbered(column: Column, columns: Sequence[Column]) -> Look | None:
    """The first column is the number of what the row is about, if its heading ends in a word for numbers and no two of
    its cells are the same, whatever else the heading says."""
    ends = column.heading.words[-1:] and column.heading.words[-1] in NUMBERS
    unknown = not column.heading.senses and len(column.header) >= SHORTEST_HEADING and column.header.isalpha()
    first = column is columns[0] or (
        ends and _is_of_unknown(column) and not any(_has_key(other) for other in columns if other is not column)
    )
    if not first or not column.cells.is_unique or column.cells.share("code", "guid") < 0.9:
        return None
    if not ends and not unknown:
        return None
    return "id", 0.5 if ends else 0.35, "a first column of numbers, each of which stands there once"
