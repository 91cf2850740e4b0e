"""The lists on tables: in which order a page shows them, and as they are saved to a file, with the same numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crm.analysis.calendars import ComingAsk
from crm.analysis.days import get_date
from crm.analysis.table_merges import Merge
from crm.analysis.tables import Load, Standing, Tables
from crm.services.tables import Calendar, OneTable
from crm.spreadsheets import Cell
from crm.views.knock_tables import Table
from crm.views.table_matrix import Matrix
from crm.views.table_words import STATE_WORDS

REGISTER_SORTS: Mapping[str, Callable[[Standing], Any]] = {
    "table": lambda one: one.label.casefold(),
    "agency": lambda one: one.table.agency.casefold(),
    "sector": lambda one: one.table.sector.casefold(),
    "state": lambda one: list(STATE_WORDS).index(one.state),
    "businesses": lambda one: len(one.businesses),
    "persons": lambda one: len(one.persons),
    "met": lambda one: one.met,
    "hours": lambda one: one.hours,
    "next_on": lambda one: one.next_on,
    "last_on": lambda one: one.last_on,
}
LOAD_SORTS: Mapping[str, Callable[[Load], Any]] = {
    "name": lambda load: load.name.casefold(),
    "tables": lambda load: len(load.tables),
    "hours": lambda load: load.hours,
}


def sort_rows(
    rows: Sequence[Any], sorts: Mapping[str, Callable[[Any], Any]], *, sort: str, descending: bool
) -> list[Any]:
    """By a column, ties in the order given; what is not known stands last in either direction."""
    key = sorts[sort]
    known = [row for row in rows if key(row) is not None]
    return sorted(known, key=key, reverse=descending) + [row for row in rows if key(row) is None]


def make_register(rows: Iterable[Standing]) -> Table:
    return Table(
        (
            "Table", "Agency", "State", "Sector", "Purpose", "Required by", "Businesses", "People",
            "Meetings in 12 months", "Hours of a meeting", "Hours a year", "Last met", "Next meeting", "Id",
        ),
        (
            (
                one.label, one.table.agency, STATE_WORDS[one.state], one.table.sector, one.table.purpose,
                one.table.required_by, len(one.businesses), len(one.persons), one.met, one.table.hours, one.hours,
                _day(one.last_on), _day(one.next_on), one.table.id,
            )
            for one in rows
        ),
    )  # fmt: skip


def make_pairs(found: Tables) -> Table:
    return Table(
        (
            "Table A", "Table B", "Shared businesses", "Shared people", "Jaccard", "Overlap", "Jaccard by people",
            "Overlap by people", "Hours asked of the same people", "Same purpose", "Could be merged",
        ),
        (
            (
                pair.a.label, pair.b.label, len(pair.businesses), len(pair.persons), pair.jaccard, pair.overlap,
                pair.person_jaccard, pair.person_overlap, pair.hours, pair.same_purpose, pair.is_candidate,
            )
            for pair in found.pairs
        ),
    )  # fmt: skip


def make_matrix_table(matrix: Matrix) -> Table:
    return Table(
        ("Table", *(one.label for one in matrix.tables)),
        ((one.label, *(cell.shared for cell in cells)) for one, cells in zip(matrix.tables, matrix.cells, strict=True)),
    )


def make_loads(loads: Iterable[Load], who: str) -> Table:
    return Table(
        ("Person" if who == "people" else "Business", "Tables", "Hours a year", "Which", "Hours not known of", "Id"),
        (
            (load.name, len(load.tables), load.hours, [one.label for one in load.tables], load.unknown, load.id)
            for load in loads
        ),
    )


def make_merge(merge: Merge) -> Table:
    return Table(
        ("What", "Before", "After", "Saved"),
        [
            ("Tables", len(merge.tables), 1, len(merge.tables) - 1),
            ("Seats of businesses", merge.seats_before, merge.seats_after, merge.seats_saved),
            ("Seats of people", merge.persons_before, merge.persons_after, merge.persons_saved),
            ("Hours a year", merge.hours_before, merge.hours_after, merge.hours_saved),
            ("Businesses at the table", len(merge.businesses), len(merge.businesses), 0),
        ],
    )


def make_calendar(calendar: Calendar) -> Table:
    clashing = count_clashes(calendar)
    return Table(
        ("Date", "What", "Kind", "Agencies", "Businesses", "People", "Clashes"),
        ((*_ask_cells(ask), clashing.get(ask.order, 0)) for ask in calendar.asks),
    )


def count_clashes(calendar: Calendar) -> dict[tuple[Any, ...], int]:
    """How many others each coming ask (by its order) clashes with."""
    counts: dict[tuple[Any, ...], int] = {}
    for clash in calendar.clashes:
        for ask in (clash.first, clash.second):
            counts[ask.order] = counts.get(ask.order, 0) + 1
    return counts


def make_clashes(calendar: Calendar) -> Table:
    names = calendar.names
    return Table(
        ("First", "What", "Of", "Second", "What", "Of", "Days between", "Same businesses", "Same people"),
        (
            (
                get_date(clash.first.day), clash.first.label, sorted(clash.first.agencies),
                get_date(clash.second.day), clash.second.label, sorted(clash.second.agencies),
                clash.days, sorted(names[id] for id in clash.businesses), sorted(names[id] for id in clash.persons),
            )
            for clash in calendar.clashes
        ),
    )  # fmt: skip


def make_members(found: OneTable) -> Table:
    return Table(
        ("Business", "Person", "From", "To", "Now"),
        (
            (
                found.names[seat.business], found.names[seat.person], _day(seat.begins_on), _day(seat.ends_on),
                seat.is_current(found.as_of),
            )
            for seat in found.seats
        ),
    )  # fmt: skip


def make_meetings(found: OneTable) -> Table:
    return Table(
        ("Date", "Planned"), ((get_date(meeting.day), meeting.day > found.as_of) for meeting in found.meetings)
    )


def _ask_cells(ask: ComingAsk) -> tuple[Cell, ...]:
    kind = "meeting" if ask.kind == "meeting" else "planned contact"
    return get_date(ask.day), ask.label, kind, sorted(ask.agencies), len(ask.businesses), len(ask.persons)


def _day(day: int | None) -> Cell:
    return None if day is None else get_date(day)
