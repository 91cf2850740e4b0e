"""Many tables as a room reads them: a table is "Table 3 of Agency B" until its agency shows its name; people are
counted.
"""

from dataclasses import dataclass

from crm.analysis.masks import Masks
from crm.analysis.tables import Pair, Standing, Tables
from crm.views.formatting import plural

MOST_PAIRS = 5
MOST_TABLES = 5


@dataclass(frozen=True)
class SharedSeats:
    """Two tables that ask the same members."""

    a: str
    b: str
    businesses: int
    persons: int
    overlap: float
    is_candidate: bool


@dataclass(frozen=True)
class RoomTables:
    """`standings` are the active tables with what the room calls them; `loads` how many people sit at how many."""

    standings: list[tuple[str, Standing]]
    pairs: list[SharedSeats]
    loads: dict[int, int]

    @property
    def several(self) -> int:
        """How many people sit at two tables or more."""
        return sum(people for tables, people in self.loads.items() if tables > 1)

    @property
    def people(self) -> int:
        return sum(self.loads.values())

    def draw_loads(self) -> list[dict[str, object]]:
        """The chart of seats; the last line stands for that many tables or more."""
        lines: list[dict[str, object]] = []
        for number in range(1, min(max(self.loads, default=0), MOST_TABLES) + 1):
            last = number == MOST_TABLES
            value = sum(people for tables, people in self.loads.items() if tables >= number if last or tables == number)
            label = f"{number} or more tables" if last else plural(number, "table")
            lines.append({"label": label, "value": value, "strong": number > 1})
        return lines


def draw_tables(tables: Tables, masks: Masks) -> RoomTables:
    # By id, which says nothing of the name.
    order = {one.table.id: place for place, one in enumerate(sorted(tables.active, key=lambda one: one.table.id), 1)}
    names = {one.table.id: _name(one, order[one.table.id], masks) for one in tables.active}
    loads: dict[int, int] = {}
    for load in tables.persons:
        if load.tables:
            loads[len(load.tables)] = loads.get(len(load.tables), 0) + 1
    return RoomTables(
        standings=[(names[one.table.id], one) for one in sorted(tables.active, key=lambda one: order[one.table.id])],
        pairs=[_draw_pair(pair, names) for pair in sorted(tables.pairs, key=lambda pair: _rank(pair, order))],
        loads=dict(sorted(loads.items())),
    )


def _name(standing: Standing, place: int, masks: Masks) -> str:
    agency = standing.table.agency_id
    return standing.label if agency in masks.shown else f"Table {place} of {masks.call(agency)}"


def _rank(pair: Pair, order: dict[str, int]) -> tuple[float, float, int, int]:
    """The most hours asked of the same people first, then the most alike."""
    return (-pair.hours, -pair.overlap, order[pair.a.table.id], order[pair.b.table.id])


def _draw_pair(pair: Pair, names: dict[str, str]) -> SharedSeats:
    return SharedSeats(
        a=names[pair.a.table.id],
        b=names[pair.b.table.id],
        businesses=len(pair.businesses),
        persons=len(pair.persons),
        overlap=pair.overlap,
        is_candidate=pair.is_candidate,
    )
