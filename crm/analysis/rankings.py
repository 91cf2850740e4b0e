"""The businesses of a report with their knocks, as columns: forty thousand rows that a page shows fifty of.

A row is made when it is read. The order is by knocks, then redundant ones, the most first, then the business's id as
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Ranking(Sequence[BusinessKnocks]):
    """A sequence of `BusinessKnocks` over columns of the same names; `effective_doors` is nan where there is none.

    `code` says which of the region's `ids` and `names` a row is about: texts are looked up for the rows that are read.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    code: NDArray[np.int64]
    place: NDArray[np.int64]
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
    def build(
        cls,
        *,
        ids: NDArray[np.object_],
        names: NDArray[np.object_],
        id_rank: NDArray[np.int64],
        **columns: NDArray[Any],
    ) -> Ranking:
        """From columns in any order; `id_rank` puts the businesses in the text order of their ids."""
        order = _sort(columns["knocks"], columns["redundant"], id_rank)
        return cls(ids, names, **{name: column[order] for name, column in columns.items()})

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
        return len(self.code)

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
        texts = {"business": self.ids[self.code[part]], "name": self.names[self.place[part]]}
        numbers = {name: getattr(self, name)[part] for name in BusinessKnocks._fields if name not in texts}
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
