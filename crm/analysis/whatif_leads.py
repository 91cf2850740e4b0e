"""What if, in rows: which knocks an agreement would have avoided, and which of its agencies would lead where.

The rule *(a convention of ours)*: at a business on which two or more of the agencies that would agree knocked in the
period, that one leads which reached it most often: the touchpoints of the last 12 months with reached = yes, of any
direction and purpose, a joint one for each of its agencies. Of equals the first by name, in text order; where none has
reached it, nobody yet. A lead binds only who agreed, so agencies that other links join to their door do not come in.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import Sector
from crm.analysis.days import Period, get_date, get_last_year
from crm.analysis.history import History
from crm.analysis.regions import Region
from crm.analysis.whatif import WhatIf


class AvoidedKnock(NamedTuple):
    """A knock that the agreement would have avoided; `agencies` are names, hours those of all its asks."""

    business: str
    name: str
    day: int
    agencies: list[str]
    purpose_class: str
    business_hours: float
    staff_hours: float

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"day": get_date(self.day).isoformat()}


class WouldLead(NamedTuple):
    """A business with the agency that would lead there (its name, or None). `knocks` of the period are those of the
    agencies that would agree, a joint one once; `reached` is how often the lead reached it in the last 12 months."""

    business: str
    name: str
    lead: str | None
    reached: int
    agencies: int
    knocks: int
    avoided: int

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


def list_avoided(history: History, found: WhatIf) -> list[AvoidedKnock]:
    """The knocks that would have been avoided, by day, then business; each opens its business."""
    region, knocks, rows = history.region, history.knocks, found.avoided
    names = _name_businesses(region)
    classes, sets = history.settings.classes, history.lookups.sets
    columns = (knocks.business, knocks.day, knocks.programs, knocks.purpose_class)
    hours = zip(knocks.business_hours[rows].tolist(), knocks.staff_hours[rows].tolist(), strict=True)
    made: dict[int, list[str]] = {}
    listed = []
    for cells, (business_hours, staff_hours) in zip(
        zip(*(column[rows].tolist() for column in columns), strict=True), hours, strict=True
    ):
        business, day, programs, purpose = cells
        if programs not in made:
            made[programs] = region.directory.name_mask(sets.agencies[programs])
        id, name = names[business]
        listed.append(AvoidedKnock(id, name, day, made[programs], classes[purpose], business_hours, staff_hours))
    return sorted(listed, key=lambda knock: (knock.day, knock.name, knock.business, knock.agencies))


def list_leads(
    history: History, group: Collection[str], found: WhatIf, *, sector: Sector | None = None, period: Period
) -> list[WouldLead]:
    """Who of the group (ids of agencies) would lead where: most avoided knocks first, then most knocks, then name."""
    region, directory = history.region, history.region.directory
    numbers = sorted(directory.numbers[agency] for agency in group if agency in directory.numbers)
    size = len(region.words.business)
    if not numbers or not size:
        return []
    knocks, reached = _count_knocks(history, numbers, period, size), _count_reached(history, numbers, size)
    scope = np.ones(size, dtype=bool)
    if sector is not None:
        scope = region.spread(region.businesses.flag_sector(sector), missing=False)
    together = _count_together(history, numbers, period, size)
    active = (knocks > 0).sum(axis=0)
    avoided = np.bincount(history.knocks.business[found.avoided], minlength=size)
    # The first of the highest: agencies are numbered in the text order of their names.
    best = reached.argmax(axis=0)
    most = reached.max(axis=0)
    names = _name_businesses(region)
    rows = [
        WouldLead(
            business=names[place][0],
            name=names[place][1],
            lead=directory.names[numbers[best[place]]] if most[place] else None,
            reached=int(most[place]),
            agencies=int(active[place]),
            knocks=int(together[place]),
            avoided=int(avoided[place]),
        )
        for place in np.flatnonzero(scope & (active >= 2)).tolist()
    ]
    return sorted(rows, key=lambda row: (-row.avoided, -row.knocks, row.name, row.business))


def count_leads(rows: list[WouldLead]) -> list[tuple[str, int]]:
    """(agency, how many businesses it would lead at), most first, then by name; those without a lead are left out."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.lead is not None:
            counts[row.lead] = counts.get(row.lead, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _flag_made(history: History, mask: int) -> NDArray[np.bool_]:
    """True for the combinations of programs in which any of these agencies is."""
    return np.array([bool(agencies & mask) for agencies in history.lookups.sets.agencies], dtype=bool)


def _count_knocks(history: History, numbers: list[int], period: Period, size: int) -> NDArray[np.int64]:
    """One row an agency, one column a business code."""
    knocks = history.knocks
    inside = np.flatnonzero((knocks.day >= period.first) & (knocks.day <= period.last))
    business, programs = knocks.business[inside], knocks.programs[inside]
    made = (_flag_made(history, 1 << number)[programs] for number in numbers)
    return np.stack([np.bincount(business[flags], minlength=size) for flags in made])


def _count_together(history: History, numbers: list[int], period: Period, size: int) -> NDArray[np.int64]:
    """Knocks of any of the agencies by business code, a joint one once."""
    knocks = history.knocks
    made = _flag_made(history, sum(1 << number for number in numbers))
    rows = (knocks.day >= period.first) & (knocks.day <= period.last) & made[knocks.programs]
    return np.bincount(knocks.business[rows], minlength=size)


def _count_reached(history: History, numbers: list[int], size: int) -> NDArray[np.int64]:
    """The same of touchpoints of the last 12 months that reached the business."""
    contacts, lookups = history.region.contacts, history.lookups
    year = get_last_year(history.as_of, days=history.settings.year_days)
    inside = (contacts.day >= year.first) & (contacts.day <= year.last) & lookups.reached[contacts.reached]
    rows = np.flatnonzero(inside)
    business, programs = contacts.business[rows], contacts.programs[rows]
    made = (_flag_made(history, 1 << number)[programs] for number in numbers)
    return np.stack([np.bincount(business[flags], minlength=size) for flags in made])


def _name_businesses(region: Region) -> list[tuple[str, str]]:
    """(id, name) by business code."""
    names, places = region.businesses.names, region.places.tolist()
    ids = region.words.business_ids
    return [(id, str(names[place]) if place >= 0 else "") for id, place in zip(ids, places, strict=True)]
