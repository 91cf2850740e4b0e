"""Holds: stretches of days in which an agency's light at a business was not green because of others, and whether it
let the business be (definitions §4; the convention is told in docs/measures.md).

A hold of an agency begins on the day of an ask that came through another door than the agency's on that day, at a
business that the agency itself had asked in the 365 days before. It lasts for the 14 days of a plan, and if the
business is over its budget then, at least to the day before it is free again. Asks of other doors that come before it
is over lengthen it. It was respected if no ask of the agency followed from its second to its last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crm.analysis.chains import order_rows
from crm.analysis.contacts import Mask
from crm.analysis.counts import find_runs
from crm.analysis.doors import Doors
from crm.analysis.fatigue import find_free_day
from crm.analysis.history import History
from crm.analysis.lookups import NO_ASK
from crm.analysis.sets import list_bits
from crm.analysis.settings import Settings


class Hold(NamedTuple):
    """`business` is a code of the contacts, `agency` a number of the directory; both days are inside.

    `source` is the agency's last ask before the hold: (agency id, system, key).
    """

    business: int
    agency: int
    first: int
    last: int
    is_respected: bool
    source: tuple[str, str, str]


class Ask(NamedTuple):
    """An ask of a business as the holds see it; `agencies` are bits."""

    day: int
    agencies: int
    weight: float
    row: int


@dataclass(slots=True)
class _Running:
    first: int
    last: int
    row: int
    is_respected: bool = True


def find_holds(history: History, *, agencies: int, inside: Mask) -> list[Hold]:
    """The holds of these agencies (bits) at the flagged business codes, over by `as_of` or not.

    Found business by business, and remembered by the history for the businesses that nothing has changed since.
    """
    known = history.remember(("holds", agencies))
    rows = _find_asks(history, agencies)
    business = history.region.contacts.business[rows]
    fresh = np.ones(len(history.region.words.business), dtype=bool)
    fresh[list(known)] = False
    rows = rows[fresh[business]]
    if len(rows):
        _follow_all(history, agencies, rows, known)
    return [hold for code, holds in known.items() if inside[code] for hold in holds]


def _find_asks(history: History, agencies: int) -> NDArray[np.int64]:
    """The asks up to `as_of` with businesses that one of these agencies asked."""
    lookups, contacts = history.lookups, history.region.contacts
    is_ask = (lookups.purpose_class[contacts.purpose] != NO_ASK) & lookups.outbound[contacts.direction]
    rows = np.flatnonzero(is_ask & (contacts.day <= history.as_of))
    own = np.array([bool(mask & agencies) for mask in lookups.sets.agencies], dtype=bool)[contacts.programs[rows]]
    asked = np.zeros(len(contacts.words.business), dtype=bool)
    asked[contacts.business[rows[own]]] = True
    return rows[asked[contacts.business[rows]]]


def _follow_all(history: History, agencies: int, rows: NDArray[np.int64], known: dict[int, tuple[Hold, ...]]) -> None:
    """Add the holds at each business of these asks to what is known."""
    region, lookups, settings = history.region, history.lookups, history.settings
    contacts, linkage, masks = region.contacts, history.get_linkage(), lookups.sets.agencies
    rows = order_rows(contacts, rows, rank=lookups.agency)
    business = contacts.business[rows]
    cuts = find_runs(business).tolist()
    budgets = region.spread(region.businesses.list_budgets(settings), missing=settings.unknown_budget)
    made_by = [masks[code] for code in contacts.programs[rows].tolist()]
    columns = (contacts.day[rows].tolist(), made_by, lookups.weight[contacts.channel[rows]].tolist(), rows.tolist())
    shared: dict[int, Doors] = {}
    for start, end in pairwise([*cuts, len(rows)]):
        code = int(business[start])
        known[code] = ()
        if len(set(made_by[start:end])) == 1:
            continue
        asks = list(map(Ask._make, zip(*(column[start:end] for column in columns), strict=True)))
        if code in linkage.local:
            doors = linkage.get_doors(code)
        else:
            cover = int(linkage.cover[code])
            if cover not in shared:
                shared[cover] = linkage.get_doors(code)
            doors = shared[cover]
        found = list(follow_asks(asks, doors=doors, agencies=agencies, budget=float(budgets[code]), settings=settings))
        sources = contacts.name_rows(held.row for _, held in found)
        known[code] = tuple(
            Hold(code, agency, held.first, held.last, held.is_respected, source)
            for (agency, held), source in zip(found, sources, strict=True)
        )


def follow_asks(
    asks: Sequence[Ask], *, doors: Doors, agencies: int, budget: float, settings: Settings
) -> Iterator[tuple[int, _Running]]:
    """(agency, hold) for one business; its asks come in order."""
    touched: dict[int, Ask] = {}
    running: dict[int, _Running] = {}
    fatigue, before = 0.0, 0
    for day, entries in groupby(asks, itemgetter(0)):
        of_day = list(entries)
        fatigue = fatigue * 2 ** (-(day - before) / settings.half_life_days) + sum(ask.weight for ask in of_day)
        before = day
        for agency in list_bits(_unite(of_day) & agencies):
            held = running.get(agency)
            if held is not None and held.first < day <= held.last:
                held.is_respected = False
        last = _find_last_day(fatigue, budget, day=day, settings=settings)
        outside = [~doors.widen(mask, day) for mask in {ask.agencies for ask in of_day}]
        for agency, ask in touched.items():
            if day - ask.day > settings.year_days or not any(mask >> agency & 1 for mask in outside):
                continue
            held = running.get(agency)
            if held is not None and day <= held.last:
                held.last = max(held.last, last)
                continue
            if held is not None:
                yield agency, held
            running[agency] = _Running(day, last, ask.row)
        for ask in of_day:
            for agency in list_bits(ask.agencies & agencies):
                touched[agency] = ask
    yield from running.items()


def _unite(asks: Sequence[Ask]) -> int:
    union = 0
    for ask in asks:
        union |= ask.agencies
    return union


def _find_last_day(fatigue: float, budget: float, *, day: int, settings: Settings) -> int:
    free_on = find_free_day(fatigue, budget, day=day, settings=settings)
    return max(day + settings.plan_days, (free_on or day) - 1)
