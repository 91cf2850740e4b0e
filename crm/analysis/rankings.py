"""The businesses of a report with their knocks, as columns: forty thousand rows that a page shows fifty of.

A row is made when it is read. The order is by knocks, then redundant ones, the most first, then the business's id as
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Codes
from crm.analysis.lookups import ProgramSets, Ragged


class BusinessKnocks(NamedTuple):
    """One entry of `businesses` in the answer of `crm knocks`; agencies, programs and doors are counts."""

    business: str
    name: str
    knocks: int
    first: int
    own_repeat: int
    coordinated: int
    redundant: int
    agencies: int
    programs: int
    doors: int
    effective_doors: float | None
    fatigue: float
    budget: float
    hotspot: bool


@dataclass(frozen=True, slots=True)
class Ranking(Sequence[BusinessKnocks]):
    """A sequence of `BusinessKnocks` over columns of the same names; `effective_doors` is nan where there is none."""

    business: list[str]
    name: list[str]
    knocks: NDArray[np.int64]
    first: NDArray[np.int64]
    own_repeat: NDArray[np.int64]
    coordinated: NDArray[np.int64]
    redundant: NDArray[np.int64]
    agencies: NDArray[np.int64]
    programs: NDArray[np.int64]
    doors: NDArray[np.int64]
    effective_doors: NDArray[np.float64]
    fatigue: NDArray[np.float64]
    budget: NDArray[np.float64]
    hotspot: NDArray[np.bool_]

    @classmethod
    def build(cls, **columns: Any) -> Ranking:
        """From columns in any order."""
        ids = np.array(columns["business"], dtype=np.str_)
        order = np.lexsort((ids, -columns["redundant"], -columns["knocks"]))
        return cls(**columns)._take(order)

    def list_places(self, column: str, *, descending: bool = True) -> NDArray[np.int64]:
        """The places of the businesses in the order of a column, equal ones in the order that they have; those without
        a value come last.
        """
        values = getattr(self, column)
        if isinstance(values, list):
            order = sorted(range(len(values)), key=values.__getitem__, reverse=descending)
            return np.array(order, dtype=np.int64)
        values = values.astype(np.float64)
        return np.argsort(-values if descending else values, kind="stable")

    def __len__(self) -> int:
        return len(self.business)

    @overload
    def __getitem__(self, index: int) -> BusinessKnocks: ...
    @overload
    def __getitem__(self, index: slice) -> list[BusinessKnocks]: ...
    def __getitem__(self, index: int | slice) -> BusinessKnocks | list[BusinessKnocks]:
        if isinstance(index, slice):
            return self._make_rows(index)
        place = range(len(self))[index]
        return self._make_rows(slice(place, place + 1))[0]

    def __iter__(self) -> Iterator[BusinessKnocks]:
        return iter(self._make_rows(slice(None)))

    def _make_rows(self, part: slice) -> list[BusinessKnocks]:
        columns = {name: getattr(self, name)[part] for name in BusinessKnocks._fields}
        lists = {name: column if isinstance(column, list) else column.tolist() for name, column in columns.items()}
        lists["effective_doors"] = [None if value != value else value for value in lists["effective_doors"]]
        return list(map(BusinessKnocks._make, zip(*lists.values(), strict=True)))

    def _take(self, order: NDArray[np.int64]) -> Ranking:
        places = order.tolist()

        def take(column: Any) -> Any:
            return [column[place] for place in places] if isinstance(column, list) else column[order]

        return Ranking(**{field.name: take(getattr(self, field.name)) for field in fields(self)})


def count_distinct(
    business: Codes, programs: Codes, sets: ProgramSets, businesses: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(agencies, programs) behind the knocks of each business code, from one entry a knock."""
    pairs = _list_distinct(business.astype(np.int64) << 32 | programs)
    codes, combinations = pairs >> 32, pairs & 0xFFFFFFFF

    def count(lists: Ragged) -> NDArray[np.int64]:
        entry, numbers = lists.expand(combinations)
        return np.bincount(_list_distinct(codes[entry] << 32 | numbers) >> 32, minlength=businesses)

    return count(sets.agency_lists), count(sets.program_lists)


def _list_distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    # np.unique hashes first, which takes five times as long for whole numbers like these.
    ascending = np.sort(values)
    distinct = np.ones(len(ascending), dtype=bool)
    distinct[1:] = ascending[1:] != ascending[:-1]
    return ascending[distinct]
