"""Headings in two rows: "Billing" over "Street | City | ZIP" is read as "Billing Street | Billing City | Billing ZIP".

The upper row names groups of columns, each above the first of them, usually in cells merged sideways; a heading that
stands alone in it ("Name" over an empty cell) is merged downwards. A title above a table is no such row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from importers.headers import DATA, MAX_HEADING
from importers.rows import BadRow, Row

Span = tuple[int, int, int]  # row, first column, last column of cells merged sideways, from 0
GROUP = 2  # columns that a group has at least


@dataclass(frozen=True)
class TwoRows:
    """`lower` is the index of the row below which the data begin, `headings` what both rows say together."""

    lower: int
    headings: tuple[str, ...]


def find_two_rows(rows: Sequence[Row | BadRow], place: int, spans: Sequence[Span] = ()) -> TwoRows | None:
    """The pair of rows of which the row found to be the headings (`place`) is one; None if it stands alone."""
    for upper in (place - 1, place):
        if upper < 0 or upper + 1 >= len(rows):
            continue
        top, sub = (_texts(rows[index]) for index in (upper, upper + 1))
        if top is None or sub is None:
            continue
        below = _texts(rows[upper + 2]) if upper + 2 < len(rows) else None
        width = max(len(top), len(sub))
        top, sub = (texts + [""] * (width - len(texts)) for texts in (top, sub))
        groups = _find_groups(top, sub, [span for span in spans if span[0] == upper])
        # A row of data below headings of which some are blank must not pass for a second row of them.
        if groups is None or (upper == place and not _has_data_under_lone(top, sub, below, merged=bool(spans))):
            continue
        return TwoRows(upper + 1, tuple(map(_join, groups, top, sub)))
    return None


def _texts(row: Row | BadRow) -> list[str] | None:
    """The cells if all may be headings."""
    if isinstance(row, BadRow):
        return None
    return [" ".join(cell.split()) for cell in row.cells]


def _are_headings(texts: Sequence[str]) -> bool:
    return all(len(text) <= MAX_HEADING and not DATA.fullmatch(text) for text in texts if text)


def _find_groups(top: list[str], sub: list[str], spans: Sequence[Span]) -> list[str] | None:
    """For each column the name of its group, "" for none; None if the rows are no such pair."""
    if not any(top) or not any(sub) or not _are_headings(top) or not _are_headings(sub):
        return None
    width = len(top)
    ends = {first: last for _, first, last in spans}
    groups = [""] * width
    sizes: list[int] = []
    lone = 0
    column = 0
    while column < width:
        if not top[column]:
            column += 1
            continue
        if not sub[column]:
            lone += 1
            column += 1
            continue
        end = ends.get(column, column) if spans else _find_end(top, sub, column)
        size = end - column + 1
        groups[column : end + 1] = [top[column]] * (min(end, width - 1) - column + 1)
        sizes.append(size)
        column = end + 1
    filled = sum(map(bool, sub))
    if spans:
        real = [size for size in sizes if size >= GROUP]
        # One span over everything is a title.
        return groups if real and max(real) < filled else None
    if not sizes or min(sizes) < GROUP or (len(sizes) < GROUP and not lone):
        return None
    return groups


def _find_end(top: list[str], sub: list[str], first: int) -> int:
    """The last column of the group that begins here: up to the next upper heading, or a column without a lower one."""
    end = first
    while end + 1 < len(top) and not top[end + 1] and sub[end + 1]:
        end += 1
    return end


def _has_data_under_lone(top: list[str], sub: list[str], below: list[str] | None, *, merged: bool) -> bool:
    if below is None:
        return False
    lone = [column for column, text in enumerate(top) if text and not sub[column]]
    covered = all(sub[column] for column, text in enumerate(top) if not text)
    filled = any(column < len(below) and below[column] for column in lone)
    return (covered and filled) or (merged and bool(lone) and filled)


def _join(group: str, top: str, sub: str) -> str:
    if not sub:
        return top
    return sub if not group or sub.casefold().startswith(group.casefold()) else f"{group} {sub}"
