"""Businesses as columns, and the universe: which of them a sector and its places are about (definitions §6).

The values are the resolved ones: where records disagree, the newest record that has a value has already won.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Mask
from crm.analysis.days import FOREVER
from crm.analysis.settings import Settings, Size

Value = TypeVar("Value", bound=Hashable)

_COLUMNS = ("ids", "names", "naics", "counties", "zips", "employees", "closed")


@dataclass(frozen=True, slots=True)
class Sector:
    """One version of a sector: NAICS prefixes, and places (counties or zips); no places means anywhere."""

    naics: tuple[str, ...]
    places: tuple[str, ...] = ()

    def is_at(self, *, county: str, zip_code: str) -> bool:
        """Whether a business is in one of the places."""
        return is_in_places(self.places, county=county, zip_code=zip_code)


def is_in_places(places: Collection[str], *, county: str, zip_code: str) -> bool:
    """Whether a county or a zip is one of these, ignoring case; a zip also counts by its first five digits."""
    wanted = {place.strip().casefold() for place in places}
    where = zip_code.strip().casefold()
    return county.strip().casefold() in wanted or where in wanted or (len(where) > 5 and where[:5] in wanted)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which businesses a question is about: those of a sector, of a place (county or zip), of a size, in all of these.

    What is not said leaves nothing out.
    """

    sector: Sector | None = None
    place: str = ""
    size: Size | None = None

    @property
    def is_all(self) -> bool:
        return self == EVERYTHING


EVERYTHING = Scope()


@dataclass(frozen=True)
class Businesses:
    """One entry a business in each field; blanks are '' in texts and None in employees."""

    ids: Sequence[str] = ()
    names: Sequence[str] = ()
    naics: Sequence[str] = ()
    counties: Sequence[str] = ()
    zips: Sequence[str] = ()
    employees: Sequence[int | None] = ()
    closed: Sequence[int | None] = ()

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> Businesses:
        """From rows with `business, name, naics, county, zip, employees, closed_on` (a day number); None is a blank."""
        table = list(map(itemgetter("business", "name", "naics", "county", "zip", "employees", "closed_on"), rows))
        if not table:
            return cls()
        ids, *texts, employees, closed = zip(*table, strict=True)
        names, naics, counties, zips = ([text or "" for text in column] for column in texts)
        return cls(ids, names, naics, counties, zips, employees, closed)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each business stands in the columns."""
        return {business: place for place, business in enumerate(self.ids)}

    def replace(self, rows: Iterable[Mapping[str, Any]], *, gone: Collection[str] = ()) -> Businesses:
        """The businesses in these rows anew, those in `gone` left out."""
        fresh = Businesses.read(rows)
        if not fresh.ids and not gone:
            return self
        lost = {self.places[business] for business in gone if business in self.places}
        renewed = {self.places[business]: new for new, business in enumerate(fresh.ids) if business in self.places}
        added = [new for new, business in enumerate(fresh.ids) if business not in self.places]
        if not lost and not added and all(self._get_row(old) == fresh._get_row(new) for old, new in renewed.items()):
            # Somebody logged a contact, which is the usual case: what was worked out from the columns still holds.
            return self

        def join(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
            column = list(old)
            for place, source in renewed.items():
                column[place] = new[source]
            for place in sorted(lost - renewed.keys(), reverse=True):
                del column[place]
            return column + [new[source] for source in added]

        made = Businesses(**{name: join(getattr(self, name), getattr(fresh, name)) for name in _COLUMNS})
        if not lost and not added:
            made.__dict__["places"] = self.places
        return made

    def _get_row(self, place: int) -> tuple[Any, ...]:
        return tuple(getattr(self, name)[place] for name in _COLUMNS)

    def flag_naics(self, prefixes: tuple[str, ...]) -> Mask:
        """True for the businesses whose NAICS code begins with one of these; a blank does with none."""
        words, codes = self.coded_naics
        return np.array([bool(naics) and naics.startswith(prefixes) for naics in words], dtype=bool)[codes]

    @cached_property
    def name_column(self) -> NDArray[np.object_]:
        """The names by place, with an empty one at the end: that of place -1."""
        return np.array([*self.names, ""], dtype=object)

    @cached_property
    def largest_first(self) -> NDArray[np.int64]:
        """All places, the largest employers first, then by name, then by id."""
        employees, names, ids = self.employees, self.names, self.ids
        order = sorted(range(len(self)), key=lambda p: (-(employees[p] or 0), names[p].casefold(), ids[p]))
        return np.array(order, dtype=np.int64)

    @cached_property
    def jobs(self) -> NDArray[np.int64]:
        """Employees, 0 where they are not known: see `sizes_known`."""
        sizes, codes = self.coded_employees
        return np.array([size or 0 for size in sizes], dtype=np.int64)[codes]

    @cached_property
    def sizes_known(self) -> Mask:
        sizes, codes = self.coded_employees
        return np.array([size is not None for size in sizes], dtype=bool)[codes]

    @cached_property
    def coded_naics(self) -> tuple[list[str], NDArray[np.int64]]:
        """The distinct codes, and for each business its place among them."""
        return _code(self.naics)

    @cached_property
    def coded_employees(self) -> tuple[list[int | None], NDArray[np.int64]]:
        """The same for sizes."""
        return _code(self.employees)

    def flag_sector(self, sector: Sector | None) -> Mask:
        """True for the businesses of this sector and its places, closed ones too; without a sector, all."""
        if sector is None:
            return np.ones(len(self), dtype=bool)
        return self.flag_naics(sector.naics) & self.flag_places(sector.places)

    def flag_places(self, places: tuple[str, ...]) -> Mask:
        """True for the businesses in one of these counties or zips; without places, all."""
        if not places:
            return np.ones(len(self), dtype=bool)
        sector, pairs = Sector((), places), list(zip(self.counties, self.zips, strict=True))
        # Thousands of businesses are in few places.
        there = {pair: sector.is_at(county=pair[0], zip_code=pair[1]) for pair in set(pairs)}
        return np.fromiter(map(there.__getitem__, pairs), dtype=bool, count=len(self))

    def flag_scope(self, scope: Scope) -> Mask:
        """True for the businesses that a question is about, closed ones too."""
        flags = self.flag_sector(scope.sector)
        if scope.place.strip():
            flags &= self._flag_place(scope.place)
        if scope.size is not None:
            flags &= self._flag_size(scope.size)
        return flags

    def _flag_place(self, place: str) -> Mask:
        pairs = list(zip(self.counties, self.zips, strict=True))
        holds = {pair: is_in_places((place,), county=pair[0], zip_code=pair[1]) for pair in set(pairs)}
        return np.fromiter(map(holds.__getitem__, pairs), dtype=bool, count=len(self))

    def _flag_size(self, size: Size) -> Mask:
        sizes, codes = self.coded_employees
        return np.array([size.holds(employees) for employees in sizes], dtype=bool)[codes]

    def flag_universe(self, scope: Scope = EVERYTHING, *, as_of: int) -> Mask:
        """U of definitions §6: those of the scope that were not closed on or before this day."""
        return self.flag_scope(scope) & (self.closing_days > as_of)

    @cached_property
    def closing_days(self) -> NDArray[np.int64]:
        return np.array([FOREVER if day is None else day for day in self.closed], dtype=np.int64)

    def list_budgets(self, settings: Settings) -> NDArray[np.float64]:
        """The fatigue budget of each business by its employees (definitions §4)."""
        sizes, codes = self.coded_employees
        return np.array([settings.get_budget(employees) for employees in sizes], dtype=np.float64)[codes]


def _code(values: Sequence[Value]) -> tuple[list[Value], NDArray[np.int64]]:
    """The distinct values, and for each value its place among them."""
    words = list(dict.fromkeys(values))
    places = {word: place for place, word in enumerate(words)}
    return words, np.fromiter(map(places.__getitem__, values), dtype=np.int64, count=len(values))
