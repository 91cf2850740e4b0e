"""What if these agencies had shared a lead? The same period once more, with extra agreements (definitions §3).

An extra agreement is in force on every day, for every business or for those of a sector. What it would have avoided
are the knocks that were redundant and would not have been; their hours are those of all their asks, a joint ask once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import Sector
from crm.analysis.classes import Outcome, classify_knocks
from crm.analysis.contacts import Mask
from crm.analysis.days import Period, get_last_year
from crm.analysis.history import History
from crm.analysis.linkage import read_linkage
from crm.analysis.regions import Agreement, Region

ALWAYS = -(2**31)  # a day before all others


@dataclass(frozen=True)
class WhatIf:
    """Redundant knocks of the period as it was and as it would have been, and what the avoided ones cost in hours.

    `avoided` are places in `History.knocks`, in their order.
    """

    redundant_before: int
    redundant_after: int
    avoided: NDArray[np.int64]
    business_hours: float
    staff_hours: float

    def as_json(self) -> dict[str, Any]:
        """The answer of `crm whatif`."""
        return {
            "redundant_before": self.redundant_before,
            "redundant_after": self.redundant_after,
            "avoided": self.redundant_before - self.redundant_after,
            "business_hours": self.business_hours,
            "staff_hours": self.staff_hours,
        }


def replay(
    history: History,
    agreements: Sequence[Collection[str]],
    *,
    sector: Sector | None = None,
    period: Period | None = None,
    window: int | None = None,
    broad: bool = False,
) -> WhatIf:
    """The period (default: the last 12 months) with extra agreements, each between these agencies (ids)."""
    settings = history.settings
    period = period or get_last_year(history.as_of, days=settings.year_days)
    window = settings.window_days if window is None else window
    knocks = history.knocks
    before = history.classify(window=window, broad=broad)
    linkage = read_linkage(
        add_agreements(history.region, agreements, sector=sector),
        history.lookups,
        as_of=history.as_of,
        settings=settings,
    )
    after = classify_knocks(knocks, linkage, history.lookups.sets, window=window, broad=broad)
    counted = (knocks.day >= period.first) & (knocks.day <= period.last)
    was = counted & (before.outcome == Outcome.REDUNDANT)
    would_be = counted & (after.outcome == Outcome.REDUNDANT)
    return _sum_up(history, was, would_be)


def add_agreements(region: Region, agreements: Sequence[Collection[str]], *, sector: Sector | None) -> Region:
    """The region with an agreement more for each of these groups of agencies, for all time."""
    if sector is None:
        scope = frozenset[str]()
    else:
        businesses = region.businesses
        scope = frozenset(businesses.ids[place] for place in np.flatnonzero(businesses.flag_sector(sector)).tolist())
        if not scope:
            # An agreement that names no business covers all of them.
            return region
    extra = [Agreement("what if", sorted(group), ALWAYS, businesses=scope) for group in agreements]
    return replace(region, agreements=[*region.agreements, *extra])


def _sum_up(history: History, was: Mask, would_be: Mask) -> WhatIf:
    # Every link that was is still there, so no knock becomes redundant.
    avoided = np.flatnonzero(was & ~would_be)
    return WhatIf(
        redundant_before=int(was.sum()),
        redundant_after=int(would_be.sum()),
        avoided=avoided,
        business_hours=_add_hours(history.knocks.business_hours[avoided]),
        staff_hours=_add_hours(history.knocks.staff_hours[avoided]),
    )


def _add_hours(hours: NDArray[np.float64]) -> float:
    # Sorted, because the order of the businesses is that of their import and must not show in the last digit.
    return float(np.sort(hours).sum())
