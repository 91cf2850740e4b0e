"""Coverage: which share of a sector each agency reaches alone, all together, and what each adds (definitions §6).

    coverage = measure_coverage(history, scope=Scope(sector))

Engaged by an agency is a business of the universe that a touchpoint of one of its programs reached in the last 12
months, whatever its direction and purpose. A joint contact engages for each of its agencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.contacts import Mask
from crm.analysis.days import get_last_year
from crm.analysis.history import History
from crm.analysis.lookups import Ragged
from crm.analysis.sets import list_bits
from crm.analysis.strata import Strata, read_strata


@dataclass(frozen=True, slots=True)
class AgencyCoverage:
    """What one agency reaches. Shares of businesses (`alone`, `adds`) and of jobs (`jobs`, `adds_jobs`); None over
    nothing. `engaged` and `only` are the businesses behind `alone` and `adds`."""

    agency: str
    engaged: int
    only: int
    alone: float | None
    adds: float | None
    jobs: float | None
    adds_jobs: float | None

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("agency", "alone", "adds", "jobs", "adds_jobs")}


@dataclass(frozen=True, slots=True)
class Stratum:
    """One cell, sub-sector by size: its businesses, how many are engaged by anybody, and both as shares."""

    sub_sector: str
    size: str
    businesses: int
    engaged: int
    share: float | None
    jobs: float | None

    @property
    def is_empty(self) -> bool:
        """Whether there are businesses here and nobody reaches any of them."""
        return self.businesses > 0 and self.engaged == 0

    def as_json(self) -> dict[str, Any]:
        values = {
            name: getattr(self, name) for name in ("sub_sector", "size", "businesses", "engaged", "share", "jobs")
        }
        return values | {"empty": self.is_empty}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is covered as of a day. Agencies by `alone`, the most first, then by name; strata by sub-sector and size.

    `universe` and `engaged` flag businesses by their place in the region; `hits` has a row for each of them and a
    column an agency of the directory. Unknown sizes (`jobs_unknown` businesses) are in no sum of jobs.
    """

    as_of: int
    scope: Scope
    universe: Mask
    engaged: Mask
    hits: Mask
    together: float | None
    together_jobs: float | None
    jobs: int
    jobs_unknown: int
    agencies: tuple[AgencyCoverage, ...]
    names: tuple[str, ...]
    strata: Strata
    cells: tuple[Stratum, ...]

    @property
    def size(self) -> int:
        """|U|."""
        return int(self.universe.sum())

    @property
    def reached(self) -> int:
        """How many businesses of the universe anybody engaged."""
        return int(self.engaged.sum())

    def flag_agency(self, agency: str, *, alone: bool = False) -> Mask:
        """The businesses that an agency (its name) engages; `alone`: those that nobody else does."""
        own = self.hits[:, self.names.index(agency)]
        return own & (self.hits.sum(axis=1) == 1) if alone else own

    def list_agencies_of(self, place: int) -> list[str]:
        """Who engages the business at this place."""
        return [self.names[number] for number in np.flatnonzero(self.hits[place]).tolist()]

    def find_cell(self, sub_sector: str, size: str) -> Stratum:
        """A cell by its names; one without businesses where this sector has no such cell."""
        found = (cell for cell in self.cells if (cell.sub_sector, cell.size) == (sub_sector, size))
        return next(found, Stratum(sub_sector, size, 0, 0, None, None))


def measure_coverage(history: History, *, scope: Scope = EVERYTHING) -> Coverage:
    """Coverage of a scope (default: of all businesses) as of the day of the history."""
    region, settings = history.region, history.settings
    known = region.businesses
    universe = known.flag_universe(scope, as_of=history.as_of)
    hits = _flag_engaged(history, universe)
    number = hits.sum(axis=1)
    engaged = number > 0
    is_known = known.sizes_known & universe
    jobs = known.jobs * is_known
    total, size = int(jobs.sum()), int(universe.sum())
    strata = read_strata(known, scope.sector, universe, settings)
    return Coverage(
        as_of=history.as_of,
        scope=scope,
        universe=universe,
        engaged=engaged,
        hits=hits,
        together=_divide(int(engaged.sum()), size),
        together_jobs=_divide(int(jobs[engaged].sum()), total),
        jobs=total,
        jobs_unknown=int((universe & ~is_known).sum()),
        agencies=_list_agencies(region.directory.names, hits, number, jobs, total=total, size=size),
        names=tuple(region.directory.names),
        strata=strata,
        cells=_list_cells(strata, universe, engaged, jobs),
    )


def _flag_engaged(history: History, universe: Mask) -> Mask:
    """Who engages whom: a row for each business of the region, false outside of the universe; a column an agency."""
    region, lookups = history.region, history.lookups
    contacts = region.contacts
    first, last = get_last_year(history.as_of, days=history.settings.year_days)
    rows = np.flatnonzero((contacts.day >= first) & (contacts.day <= last) & lookups.reached[contacts.reached])
    places = region.places[contacts.business[rows]]
    inside = places >= 0
    inside[inside] = universe[places[inside]]
    rows, places = rows[inside], places[inside]
    agencies = Ragged.read([list_bits(mask) for mask in lookups.sets.agencies])
    entry, agency = agencies.expand(contacts.programs[rows])
    hits = np.zeros((len(universe), len(region.directory.agencies)), dtype=bool)
    hits[places[entry], agency] = True
    return hits


def _list_agencies(
    names: list[str], hits: Mask, number: NDArray[np.int64], jobs: NDArray[np.int64], *, total: int, size: int
) -> tuple[AgencyCoverage, ...]:
    found = []
    # By columns, because each agency is looked at alone.
    for name, own in zip(names, np.ascontiguousarray(hits.T), strict=True):
        only = own & (number == 1)
        found.append(
            AgencyCoverage(
                agency=name,
                engaged=(engaged := int(own.sum())),
                only=(alone := int(only.sum())),
                alone=_divide(engaged, size),
                adds=_divide(alone, size),
                jobs=_divide(int(jobs[own].sum()), total),
                adds_jobs=_divide(int(jobs[only].sum()), total),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.engaged, one.agency)))


def _list_cells(strata: Strata, universe: Mask, engaged: Mask, jobs: NDArray[np.int64]) -> tuple[Stratum, ...]:
    counts, reached = strata.count(universe), strata.count(engaged)
    of_jobs, of_reached = strata.count(universe, jobs), strata.count(engaged, jobs)
    return tuple(
        Stratum(
            sub_sector=sub_sector,
            size=size,
            businesses=(businesses := int(counts[row, column])),
            engaged=(found := int(reached[row, column])),
            share=_divide(found, businesses),
            jobs=_divide(int(of_reached[row, column]), int(of_jobs[row, column])),
        )
        for row, sub_sector in enumerate(strata.sub_sectors)
        for column, size in enumerate(strata.sizes)
    )


def _divide(part: int, whole: int) -> float | None:
    """A share; over nothing it is None (definitions §0)."""
    return part / whole if whole else None
