"""Tables by a plain reading of the definitions §1 and §5: every two are compared, nothing is clever."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from crm.analysis.calendars import ComingAsk
from crm.analysis.tables import Meeting, Seat, Table


def list_members(table: Table, seats: list[Seat], as_of: int) -> list[Seat]:
    return [
        seat
        for seat in seats
        if seat.table == table.id
        and not (seat.begins_on is not None and seat.begins_on > as_of)
        and not (seat.ends_on is not None and seat.ends_on < as_of)
    ]


def count_year(table: Table, meetings: list[Meeting], as_of: int) -> int:
    return len([1 for meeting in meetings if meeting.table == table.id and as_of - 365 < meeting.day <= as_of])


def find_state(table: Table, seats: list[Seat], meetings: list[Meeting], as_of: int) -> str:
    own = [meeting.day for meeting in meetings if meeting.table == table.id]
    if len(own) < 2:
        return "one_time"
    if len({seat.business for seat in list_members(table, seats, as_of)}) < 2:
        return "small"
    last = max((day for day in own if day <= as_of), default=None)
    limit = max(365, 2 * (table.cadence_days or 0))
    return "active" if last is not None and as_of - last <= limit else "inactive"


def hours_of(table: Table, meetings: list[Meeting], as_of: int) -> float:
    return count_year(table, meetings, as_of) * (table.hours or 0)


def list_pairs(
    tables: list[Table], seats: list[Seat], meetings: list[Meeting], as_of: int
) -> dict[frozenset[str], dict[str, Any]]:
    found: dict[frozenset[str], dict[str, Any]] = {}
    active = [table for table in tables if find_state(table, seats, meetings, as_of) == "active"]
    for a, b in combinations(active, 2):
        of_a, of_b = list_members(a, seats, as_of), list_members(b, seats, as_of)
        businesses = [{seat.business for seat in of} for of in (of_a, of_b)]
        persons = [{seat.person for seat in of} for of in (of_a, of_b)]
        both = [x for x in businesses[0] if x in businesses[1]]
        people = [x for x in persons[0] if x in persons[1]]
        if not both and not people:
            continue
        over = len(both) / min(len(businesses[0]), len(businesses[1]))
        same = " ".join(a.sector.split()).casefold() == " ".join(b.sector.split()).casefold() != ""
        found[frozenset((a.id, b.id))] = {
            "shared_businesses": len(both),
            "shared_persons": len(people),
            "jaccard": len(both) / (len(businesses[0]) + len(businesses[1]) - len(both)),
            "overlap": over,
            "candidate": same and over >= 0.5 - 1e-9,
        }
    return found


def list_loads(
    tables: list[Table], seats: list[Seat], meetings: list[Meeting], as_of: int
) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for person in {seat.person for seat in seats}:
        own = [
            table
            for table in tables
            if find_state(table, seats, meetings, as_of) == "active"
            and any(seat.person == person for seat in list_members(table, seats, as_of))
        ]
        if own:
            found[person] = len(own), sum(hours_of(table, meetings, as_of) for table in own)
    return found


def merge(tables: list[Table], seats: list[Seat], meetings: list[Meeting], as_of: int) -> tuple[int, float]:
    """Seats and hours that merging two tables saves."""
    a, b = tables
    of_a, of_b = list_members(a, seats, as_of), list_members(b, seats, as_of)
    left, right = {seat.business for seat in of_a}, {seat.business for seat in of_b}
    shared = {seat.person for seat in of_a} & {seat.person for seat in of_b}
    lesser = min(hours_of(a, meetings, as_of), hours_of(b, meetings, as_of))
    return len(left) + len(right) - len(left | right), len(shared) * lesser


def list_clashes(asks: list[ComingAsk]) -> set[frozenset[str]]:
    return {
        frozenset((a.id, b.id))
        for a, b in combinations(asks, 2)
        if abs(a.day - b.day) <= 14
        and not a.agencies & b.agencies
        and (a.businesses & b.businesses or a.persons & b.persons)
    }
