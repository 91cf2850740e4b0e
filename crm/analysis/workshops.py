"""What an agency's own contacts amount to in a period, beside which its people lay what they had guessed.

Its knocks are those that it is credited with (definitions §2: a joint knock is one of several agencies), their classes
those of the region's report, so that what an agency reads about itself is a part of what the room reads about all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.classes import Outcome
from crm.analysis.days import Period, get_last_year
from crm.analysis.history import History
from crm.analysis.lookups import Ragged
from crm.analysis.sets import list_bits
from crm.analysis.whatif import WhatIf


@dataclass(frozen=True, slots=True)
class AgencyFigures:
    """One agency's knocks of a period, and on how many businesses they fell.

    `shared` of these heard a knock of another agency in the period too. Hours are those of all asks of its knocks, a
    joint ask once: `business_hours` of the businesses, `staff_hours` of whoever knocked.
    """

    agency: str
    knocks: int
    first: int
    own_repeat: int
    coordinated: int
    redundant: int
    businesses: int
    shared: int
    business_hours: float
    staff_hours: float

    @property
    def rate(self) -> float | None:
        """The share of its knocks that were redundant; None over nothing."""
        return self.redundant / self.knocks if self.knocks else None

    @property
    def shared_share(self) -> float | None:
        """The share of the businesses it knocked on that others knocked on as well; None over nothing."""
        return self.shared / self.businesses if self.businesses else None

    @property
    def hours(self) -> float:
        """Hours of businesses and of staff together."""
        return self.business_hours + self.staff_hours


def measure_agencies(
    history: History,
    *,
    period: Period | None = None,
    scope: Scope = EVERYTHING,
    window: int | None = None,
    broad: bool = False,
) -> list[AgencyFigures]:
    """The figures of every agency of the region, those without a knock too, by name."""
    region, settings = history.region, history.settings
    period = period or get_last_year(history.as_of, days=settings.year_days)
    outcomes = history.classify(window=settings.window_days if window is None else window, broad=broad)
    knocks = history.knocks
    counted = (knocks.day >= period.first) & (knocks.day <= period.last)
    if not scope.is_all:
        counted &= region.spread(region.businesses.flag_scope(scope), missing=False)[knocks.business]
    rows = np.flatnonzero(counted)
    of_programs = Ragged.read([list_bits(agencies) for agencies in history.lookups.sets.agencies])
    entry, agency = of_programs.expand(knocks.programs[rows])
    row = rows[entry]
    size = len(region.directory.agency_ids)
    by_class = np.bincount(agency * len(Outcome) + outcomes.outcome[row], minlength=size * len(Outcome))
    classes = by_class.reshape(size, len(Outcome)).tolist()
    businesses, shared = _count_businesses(knocks.business[row], agency, size)
    hours = [_add_by_agency(column[row], agency, size) for column in (knocks.business_hours, knocks.staff_hours)]
    return [
        AgencyFigures(
            agency=id,
            knocks=sum(classes[number]),
            **{outcome.word: classes[number][outcome] for outcome in Outcome},
            businesses=businesses[number],
            shared=shared[number],
            business_hours=hours[0][number],
            staff_hours=hours[1][number],
        )
        for number, id in enumerate(region.directory.agency_ids)
    ]


def _count_businesses(
    business: NDArray[np.integer], agency: NDArray[np.int64], size: int
) -> tuple[list[int], list[int]]:
    """By agency: the businesses it knocked on, and those of them on which another agency did too."""
    pairs = np.unique(business.astype(np.int64) * size + agency)
    of_business, of_agency = pairs // size, pairs % size
    _, place, visitors = np.unique(of_business, return_inverse=True, return_counts=True)
    several = visitors[place] > 1
    return (
        np.bincount(of_agency, minlength=size).tolist(),
        np.bincount(of_agency[several], minlength=size).tolist(),
    )


def _add_by_agency(hours: NDArray[np.float64], agency: NDArray[np.int64], size: int) -> list[float]:
    # In order of size, because the order of the businesses is that of their import and must not show in the last digit.
    order = np.argsort(hours)
    return np.bincount(agency[order], weights=hours[order], minlength=size).tolist()


def narrow_what_if(history: History, found: WhatIf, *, scope: Scope, redundant: int) -> WhatIf:
    """A what-if of the region as it is for the businesses of a scope, with `redundant` knocks as it was.

    An agreement changes knocks on the businesses that it covers and on no others, so leaving the others out is exact.
    """
    avoided = found.avoided
    if not scope.is_all:
        region = history.region
        inside = region.spread(region.businesses.flag_scope(scope), missing=False)
        avoided = avoided[inside[history.knocks.business[avoided]]]
    business, staff = (
        float(np.sort(hours[avoided]).sum()) for hours in (history.knocks.business_hours, history.knocks.staff_hours)
    )
    return WhatIf(redundant, redundant - len(avoided), avoided, business, staff)


GUESSED = ("knocks", "redundant", "shared", "hours")
"""What everybody guesses: knocks, how many were redundant, the share (0-1) of businesses that others visit too, hours.
"""


@dataclass(frozen=True, slots=True)
class Guesses:
    """What several people guessed about one number; all None where nobody did."""

    number: int
    least: float | None
    middle: float | None
    most: float | None


def sum_up(guesses: Iterable[float | None]) -> Guesses:
    """How many guessed, the least, the median and the most; blanks are left out."""
    known = sorted(guess for guess in guesses if guess is not None)
    if not known:
        return Guesses(0, None, None, None)
    return Guesses(len(known), known[0], float(median(known)), known[-1])
