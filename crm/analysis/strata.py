"""Strata: the cells of a sector, sub-sector by size, so that a region sees which kinds of businesses nobody reaches.

The sub-sectors of a sector's version are its NAICS prefixes; where several fit, the longest. Without a sector they are
the sectors of the NAICS (two digits, or the range by which it writes one). Sizes are those of the table of budgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import Businesses, Sector
from crm.analysis.contacts import Mask
from crm.analysis.naics import RANGES
from crm.analysis.settings import Settings

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Strata:
    """`sub_sector` and `size` are places in the two lists of names, one entry a business."""

    sub_sectors: Sequence[str]
    sizes: Sequence[str]
    sub_sector: NDArray[np.int32]
    size: NDArray[np.int32]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.sub_sectors), len(self.sizes)

    def count(self, flags: Mask, weights: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """How many flagged businesses each cell has, or the sum of their weights; one row a sub-sector."""
        cells = self.sub_sector[flags].astype(np.int64) * len(self.sizes) + self.size[flags]
        values = np.ones(len(cells), dtype=np.int64) if weights is None else weights[flags]
        found = np.zeros(len(self.sub_sectors) * len(self.sizes), dtype=np.int64)
        np.add.at(found, cells, values)
        return found.reshape(self.shape)

    def flag(self, sub_sector: str, size: str) -> Mask:
        """The businesses of one cell; a blank stands for any, and a name that is not there for none."""
        flags = np.ones(len(self.size), dtype=bool)
        for name, names, codes in ((sub_sector, self.sub_sectors, self.sub_sector), (size, self.sizes, self.size)):
            if name:
                flags &= codes == names.index(name) if name in names else False
        return flags


def read_strata(businesses: Businesses, sector: Sector | None, inside: Mask, settings: Settings) -> Strata:
    """The strata of these businesses. Rows without a business are there only where the sector names them."""
    naics, code_of = businesses.coded_naics
    labels = [_find_sub_sector(code, sector) for code in naics]
    rows = _list_rows(sector, {labels[code] for code in np.unique(code_of[inside]).tolist()})
    place_of = {label: place for place, label in enumerate(rows)}
    sizes, size_of = businesses.coded_employees
    return Strata(
        sub_sectors=rows,
        sizes=[size.name for size in settings.sizes],
        # What is outside may have a label that has no row; it is in no count.
        sub_sector=np.array([place_of.get(label, -1) for label in labels], dtype=np.int32)[code_of],
        size=np.array([_find_size(employees, settings) for employees in sizes], dtype=np.int32)[size_of],
    )


def _find_sub_sector(naics: str, sector: Sector | None) -> str:
    if sector is None:
        return RANGES.get(naics[:2], naics[:2] or UNKNOWN)
    return max((prefix for prefix in sector.naics if naics.startswith(prefix)), key=len, default=UNKNOWN)


def _list_rows(sector: Sector | None, seen: Iterable[str]) -> list[str]:
    # A range such as 31-33 stands beside the codes that it means; it has a row only if a business is coded so.
    named = [prefix for prefix in sector.naics if "-" not in prefix] if sector else []
    rows = {*named, *seen} - {UNKNOWN}
    return sorted(rows) + ([UNKNOWN] if UNKNOWN in set(seen) else [])


def _find_size(employees: int | None, settings: Settings) -> int:
    return next(place for place, size in enumerate(settings.sizes) if size.holds(employees))
