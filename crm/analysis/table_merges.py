"""What merging tables would save, and what it would cost (definitions §5).

Merging A and B saves |A| + |B| - |A or B| seats, and for each person at both the lesser of the two tables' hours. Of
more than two tables likewise: every seat but one of each member, and all hours of a person but those of the table that
asks the most. Everybody who sits at one of them keeps a seat, so nothing of what the tables cover is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.analysis.tables import Standing


@dataclass(frozen=True)
class SharedPerson:
    """A person at several of the tables: the hours of a year before and after."""

    id: str
    tables: tuple[Standing, ...]
    before: float
    after: float


@dataclass(frozen=True)
class Merge:
    """Before and after. `stays` is the table that goes on; `ended_by_law` are those that a law requires and that the
    merge would end. Hours are of all persons together in a year, as far as the tables say them.
    """

    tables: tuple[Standing, ...]
    stays: Standing
    seats_before: int
    seats_after: int
    persons_before: int
    persons_after: int
    hours_before: float
    hours_saved: float
    shared: tuple[SharedPerson, ...]
    businesses: frozenset[str]
    persons: frozenset[str]

    @property
    def seats_saved(self) -> int:
        return self.seats_before - self.seats_after

    @property
    def persons_saved(self) -> int:
        return self.persons_before - self.persons_after

    @property
    def hours_after(self) -> float:
        return self.hours_before - self.hours_saved

    @property
    def ended_by_law(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.tables if one.table.required_by.strip() and one is not self.stays)

    @property
    def unknown_hours(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.tables if one.hours is None)

    def as_json(self) -> dict[str, Any]:
        return {
            "tables": [one.label for one in self.tables],
            "stays": self.stays.label,
            "seats_before": self.seats_before,
            "seats_after": self.seats_after,
            "seats_saved": self.seats_saved,
            "persons_before": self.persons_before,
            "persons_after": self.persons_after,
            "hours_before": self.hours_before,
            "hours_after": self.hours_after,
            "hours_saved": self.hours_saved,
            "businesses_kept": len(self.businesses),
            "ended_by_law": [{"table": one.label, "required_by": one.table.required_by} for one in self.ended_by_law],
        }


def merge_tables(tables: Sequence[Standing], *, stays: str | None = None) -> Merge:
    """What merging these tables would do; `stays` is the id of the one that goes on.

    Unless it is said, that is one that a law requires, then the one with most businesses, most hours, the first by
    name. Raises ValueError for fewer than two tables, or one that stays and is none of them.
    """
    if len({one.table.id for one in tables}) < 2:
        raise ValueError("a merge takes two tables")
    chosen = sorted(tables, key=_stays_first)
    kept = chosen[0] if stays is None else next((one for one in tables if one.table.id == stays), None)
    if kept is None:
        raise ValueError("the table that stays is none of those merged")
    businesses = frozenset[str]().union(*(one.businesses for one in tables))
    persons = frozenset[str]().union(*(one.persons for one in tables))
    shared = [_share(person, [one for one in tables if person in one.persons]) for person in persons]
    several = sorted((one for one in shared if len(one.tables) > 1), key=lambda one: (one.after - one.before, one.id))
    return Merge(
        tables=tuple(tables),
        stays=kept,
        seats_before=sum(len(one.businesses) for one in tables),
        seats_after=len(businesses),
        persons_before=sum(len(one.persons) for one in tables),
        persons_after=len(persons),
        hours_before=sum(len(one.persons) * one.hours_known for one in tables),
        hours_saved=sum(one.before - one.after for one in several),
        shared=tuple(several),
        businesses=businesses,
        persons=persons,
    )


def _share(person: str, tables: Sequence[Standing]) -> SharedPerson:
    hours = [one.hours_known for one in tables]
    return SharedPerson(person, tuple(tables), sum(hours), max(hours))


def _stays_first(one: Standing) -> tuple[Any, ...]:
    return (not one.table.required_by.strip(), -len(one.businesses), -one.hours_known, one.label)
