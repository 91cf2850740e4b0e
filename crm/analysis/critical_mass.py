"""Critical mass: whether a sector is engaged widely enough to speak for itself (definitions §6).

Three things, each of which the region sees: 12 or more decision-makers engaged together; every stratum that the region
named has one engaged business; a coverage of jobs that the region set. What the region has not set is neither met nor
missed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crm.analysis.contacts import Codes, Mask
from crm.analysis.coverage import Coverage, Stratum
from crm.analysis.days import get_last_year
from crm.analysis.settings import Settings

# (conv) Words of a title by which somebody decides for a business, and words after which they do not.
_DECIDES = re.compile(
    r"\b(owner|co-?owner|proprietor|founder|co-?founder|president|pres|principal|partner|chair(man|woman|person)?"
    r"|chief|c[efoitmsh]o|chro|managing director|executive director|exec\.? dir|general manager|gen\.? manager|gm"
    r"|plant manager|plant mgr|vice president|v\.?p|[se]vp|superintendent)\b",
    re.IGNORECASE,
)
_SERVES = re.compile(
    r"\b(assistant to|asst\.? to|secretary to|(executive|personal|administrative) (assistant|secretary)|receptionist"
    r"|business partner|partner(ship)? (manager|specialist|coordinator)|product owner|chief of staff)\b",
    re.IGNORECASE,
)


def is_decision_maker(title: str) -> bool:
    """Whether this title stands for somebody who decides for the business: owners, heads, chiefs, vice presidents."""
    return bool(_DECIDES.search(title)) and not _SERVES.search(title)


@dataclass(frozen=True, slots=True)
class Meetings:
    """Who was met where: one entry a person and reached touchpoint. `business` and `person` are codes into the lists;
    `decides` and `untitled` tell of each person whether they are a decision-maker, or of no known title."""

    businesses: Sequence[str]
    persons: Sequence[str]
    business: Codes
    person: Codes
    day: Codes
    decides: Mask
    untitled: Mask


@dataclass(frozen=True, slots=True)
class Met:
    """The people whom anybody met at businesses of the universe in the last 12 months: ids, in text order."""

    decision_makers: list[str]
    untitled: list[str]


def list_met(meetings: Meetings, inside: Sequence[str], *, as_of: int, settings: Settings) -> Met:
    """The decision-makers met, and those without a title; `inside` are the ids of the businesses of the universe."""
    wanted = set(inside)
    of_universe = np.array([business in wanted for business in meetings.businesses], dtype=bool)
    first, last = get_last_year(as_of, days=settings.year_days)
    rows = (meetings.day >= first) & (meetings.day <= last) & of_universe[meetings.business]
    found = np.unique(meetings.person[rows])

    def name(flags: Mask) -> list[str]:
        codes: list[int] = found[flags[found]].tolist()
        return sorted(meetings.persons[code] for code in codes)

    return Met(decision_makers=name(meetings.decides), untitled=name(meetings.untitled))


@dataclass(frozen=True, slots=True)
class Goals:
    """What the region set: cells that must have one, as (sub-sector, size), and the least share of jobs; or nothing."""

    strata: tuple[tuple[str, str], ...] = ()
    jobs: float | None = None


@dataclass(frozen=True, slots=True)
class CriticalMass:
    """Each part is True, False, or None where the region has not set what it needs; so is `met`, over all of them."""

    decision_makers: int
    decision_makers_needed: int
    untitled: int
    strata: tuple[Stratum, ...]
    jobs: float | None
    jobs_needed: float | None
    jobs_unknown: int
    tolerance: float

    @property
    def decision_makers_met(self) -> bool:
        return self.decision_makers >= self.decision_makers_needed

    @property
    def strata_met(self) -> bool | None:
        return all(cell.engaged for cell in self.strata) if self.strata else None

    @property
    def jobs_met(self) -> bool | None:
        if self.jobs_needed is None:
            return None
        return self.jobs is not None and self.jobs >= self.jobs_needed - self.tolerance

    @property
    def met(self) -> bool | None:
        """False where any part is missed; None where none is, and the region has not set all."""
        parts = (self.decision_makers_met, self.strata_met, self.jobs_met)
        return False if False in parts else None if None in parts else True

    def as_json(self) -> dict[str, Any]:
        return {
            "met": self.met,
            "decision_makers": {
                "engaged": self.decision_makers,
                "needed": self.decision_makers_needed,
                "met": self.decision_makers_met,
                "untitled": self.untitled,
            },
            "strata": {
                "named": [
                    {"sub_sector": cell.sub_sector, "size": cell.size, "engaged": cell.engaged, "met": cell.engaged > 0}
                    for cell in self.strata
                ],
                "met": self.strata_met,
            },
            "jobs": {
                "coverage": self.jobs,
                "needed": self.jobs_needed,
                "met": self.jobs_met,
                "businesses_of_unknown_size": self.jobs_unknown,
            },
        }


def judge_critical_mass(coverage: Coverage, met: Met, goals: Goals, settings: Settings) -> CriticalMass:
    """The three parts for a coverage and what the region set for its sector."""
    return CriticalMass(
        decision_makers=len(met.decision_makers),
        decision_makers_needed=settings.critical_decision_makers,
        untitled=len(met.untitled),
        strata=tuple(coverage.find_cell(*cell) for cell in goals.strata),
        jobs=coverage.together_jobs,
        jobs_needed=goals.jobs,
        jobs_unknown=coverage.jobs_unknown,
        tolerance=settings.tolerance,
    )
