"""The overlap matrix: tables against tables, the number in a cell is how many people (or businesses) both share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.analysis.tables import Pair, Standing, Tables

# A matrix of more tables than this is unreadable; the others stand in the list and in the file.
MOST = 24
LEVELS = 4
ORDERS = {
    "hours": "Hours asked of the same people",
    "size": "Members",
    "agency": "Agency",
    "sector": "Sector",
    "name": "Name",
}
WHO = {"people": "People", "businesses": "Businesses"}


@dataclass(frozen=True)
class Cell:
    """What two tables share; `level` from 0 (nobody) to 4 (most of the whole matrix) is its shade."""

    shared: int
    level: int
    pair: Pair | None = None
    is_self: bool = False


@dataclass(frozen=True)
class Matrix:
    """Rows and columns are the same tables in the same order; `left` is how many have no place in it."""

    tables: Sequence[Standing]
    cells: Sequence[Sequence[Cell]]
    left: int


def list_ordered(found: Tables, *, order: str, who: str, first: str = "") -> list[Standing]:
    """The active tables in an order; with `first` (an id) that one, and the others by what they share with it."""
    asked, with_first = found.asked_of_same, found.pairs_of.get(first, {})
    keys: Mapping[str, Callable[[Standing], Any]] = {
        "hours": lambda one: (-asked.get(one.table.id, 0), -len(one.persons)),
        "size": lambda one: -len(one.persons if who == "people" else one.businesses),
        "agency": lambda one: one.table.agency.casefold(),
        "sector": lambda one: (not one.table.sector.strip(), one.table.sector.casefold()),
        "name": lambda one: one.label.casefold(),
    }
    ordered = sorted(found.active, key=lambda one: (keys[order](one), one.label.casefold()))
    if first:
        shared = {id: count_shared(pair, who) for id, pair in with_first.items()}
        ordered.sort(key=lambda one: (one.table.id != first, -shared.get(one.table.id, 0)))
    return ordered


def count_shared(pair: Pair, who: str) -> int:
    return len(pair.persons if who == "people" else pair.businesses)


def make_matrix(found: Tables, *, order: str, who: str, first: str = "", most: int | None = MOST) -> Matrix:
    """The matrix of the first `most` tables of an order."""
    ordered = list_ordered(found, order=order, who=who, first=first)
    shown = ordered[:most]
    places = {one.table.id for one in shown}
    within = [
        count_shared(pair, who)
        for id in places
        for other, pair in found.pairs_of.get(id, {}).items()
        if other in places
    ]
    highest = max(within, default=0)

    def make_cell(row: Standing, column: Standing) -> Cell:
        if row is column:
            return Cell(len(row.persons if who == "people" else row.businesses), 0, is_self=True)
        pair = found.pairs_of.get(row.table.id, {}).get(column.table.id)
        shared = count_shared(pair, who) if pair else 0
        return Cell(shared, -(-shared * LEVELS // highest) if shared else 0, pair)

    return Matrix(shown, [[make_cell(row, column) for column in shown] for row in shown], len(ordered) - len(shown))
