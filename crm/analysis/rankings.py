"""The businesses of a report with their knocks, as columns: forty thousand rows that a page shows fifty of.

A row is made when it is read. The order is by knocks, then redundant ones, the most first, then the business's id as
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray


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


def _ordered(name: str) -> cached_property[NDArray[Any]]:
    """A column in the order of the ranking, put into it when it is asked for."""
    return cached_property(lambda ranking: ranking.columns[name][ranking.code])


@dataclass(frozen=True)
class Ranking(Sequence[BusinessKnocks]):
    """A sequence of `BusinessKnocks` over columns of the same names; `effective_doors` is nan where there is none.

    `ids`, `id_ranks` (their text order) and `columns` have one entry a business code, `rows` are the codes of the
    businesses that are ranked, in any order. `columns` has `place` too: which of the `names` is theirs. Nothing of a
    business is looked up before its row is read, and nothing is put in order before somebody looks.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    id_ranks: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: Mapping[str, NDArray[Any]]

    @cached_property
    def code(self) -> NDArray[np.int64]:
        """The codes in the order of the ranking."""
        rows = self.rows
        return rows[_sort(self.columns["knocks"][rows], self.columns["redundant"][rows], self.id_ranks[rows])]

    place = _ordered("place")
    knocks = _ordered("knocks")
    first = _ordered("first")
    own_repeat = _ordered("own_repeat")
    coordinated = _ordered("coordinated")
    redundant = _ordered("redundant")
    agencies = _ordered("agencies")
    programs = _ordered("programs")
    doors = _ordered("doors")
    effective_doors = _ordered("effective_doors")
    fatigue = _ordered("fatigue")
    budget = _ordered("budget")
    hotspot = _ordered("hotspot")

    @property
    def business(self) -> NDArray[np.object_]:
        return self.ids[self.code]

    @property
    def name(self) -> NDArray[np.object_]:
        return self.names[self.place]

    def list_places(self, column: str, *, descending: bool = True) -> NDArray[np.int64]:
        """The places of the businesses in the order of a column, equal ones in the order that they have; those without
        a value come last.
        """
        values = getattr(self, column)
        if values.dtype == object:
            order = sorted(range(len(values)), key=values.tolist().__getitem__, reverse=descending)
            return np.array(order, dtype=np.int64)
        values = values.astype(np.float64)
        return np.argsort(-values if descending else values, kind="stable")

    def __len__(self) -> int:
        return len(self.rows)

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
        codes = self.code[part]
        texts = {"business": self.ids[codes], "name": self.names[self.columns["place"][codes]]}
        numbers = {name: self.columns[name][codes] for name in BusinessKnocks._fields if name not in texts}
        lists = {name: column.tolist() for name, column in (texts | numbers).items()}
        lists["effective_doors"] = [None if value != value else value for value in lists["effective_doors"]]
        return list(map(BusinessKnocks._make, zip(*lists.values(), strict=True)))


def _sort(knocks: NDArray[np.int64], redundant: NDArray[np.int64], id_rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most knocks first, then the most redundant ones, then by id."""
    most, ranks = int(knocks.max(initial=0)) + 1, int(id_rank.max(initial=0)) + 1
    if most * most * ranks < 2**63:
        # In one number, which sorts five times as fast as three; no business has more redundant knocks than knocks.
        return np.argsort(((most - 1 - knocks) * most + most - 1 - redundant) * ranks + id_rank)
    return np.lexsort((id_rank, -redundant, -knocks))
