"""Knocks: chains of asks, from the columns of the region (definitions §2).

An ask joins the open chain of the same business, programs and class if it comes less than 14 days after the chain's
last ask and nothing in the chain reached the business yet. A chain whose last ask reached is over, so one look at the
ask before decides, and all businesses are done at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Codes, Contacts, Mask
from crm.analysis.lookups import NO_ASK, Lookups
from crm.analysis.settings import Settings


@dataclass(frozen=True, slots=True)
class Knocks:
    """One entry a knock, businesses together, in the order of definitions §0 within each.

    `purpose_class` is the place of the class in `Settings.classes`, `programs` the code of the set of programs. Burden
    and hours are the sums over a knock's asks, a joint ask once.
    """

    business: Codes
    day: Codes
    purpose_class: NDArray[np.int8]
    programs: Codes
    burden: NDArray[np.float64]
    business_hours: NDArray[np.float64]
    staff_hours: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Asks:
    """The asks in the same order: the row of each in the contacts, and the knock that it belongs to.

    `first` has one entry a knock: where its first ask stands here.
    """

    row: NDArray[np.int64]
    knock: NDArray[np.int64]
    first: NDArray[np.int64]


def chain_asks(contacts: Contacts, lookups: Lookups, *, as_of: int, settings: Settings) -> tuple[Knocks, Asks]:
    """All knocks up to this day; what is dated later is a plan and no knock."""
    classes = lookups.purpose_class[contacts.purpose]
    is_ask = (classes != NO_ASK) & lookups.outbound[contacts.direction] & (contacts.day <= as_of)
    rows = order_rows(contacts, np.flatnonzero(is_ask), rank=lookups.agency)
    business, day = contacts.business[rows], contacts.day[rows]
    programs, purpose_class = lookups.sets.same[contacts.programs[rows]], classes[rows]

    group = (business.astype(np.int64) * max(1, len(lookups.sets.same)) + programs) * len(
        settings.classes
    ) + purpose_class
    by_chain = sort_groups(group)
    opens = np.ones(len(rows), dtype=bool)
    before, after = by_chain[:-1], by_chain[1:]
    joins = (group[before] == group[after]) & (day[after] - day[before] < settings.gap_days)
    opens[after] = ~(joins & ~lookups.reached[contacts.reached[rows[before]]])

    # A chain is known by its first ask, so knocks come out in the order of their first asks.
    first = np.flatnonzero(opens)
    number = np.cumsum(opens) - 1
    knock = np.empty(len(rows), dtype=np.int64)
    starts = np.maximum.accumulate(np.where(opens[by_chain], np.arange(len(rows)), 0))
    knock[by_chain] = number[by_chain[starts]]
    channel = contacts.channel[rows]

    def add_up(values: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.bincount(knock, weights=values[channel], minlength=len(first))
        return sums.astype(np.float64, copy=False)

    knocks = Knocks(
        business=business[first],
        day=day[first],
        purpose_class=purpose_class[first],
        programs=programs[first],
        burden=add_up(lookups.weight),
        business_hours=add_up(lookups.business_hours),
        staff_hours=add_up(lookups.staff_hours),
    )
    return knocks, Asks(rows, knock, first)


def order_rows(contacts: Contacts, rows: NDArray[np.int64], *, rank: Codes) -> NDArray[np.int64]:
    """These rows by business, then in the order of definitions §0; `rank` puts the agencies' codes in text order."""
    if len(rows) == 0:
        return rows
    day = contacts.day[rows].astype(np.int64)
    place = (contacts.business[rows].astype(np.int64) * (int(np.ptp(day)) + 1) + day - day.min()) * (
        int(rank.max()) + 1
    )
    place += rank[contacts.agency[rows]]
    order = np.argsort(place)
    rows, place = rows[order], place[order]
    return _order_ties(contacts, rows, tied=place[1:] == place[:-1])


def sort_groups(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions sorted by group, in their own order within each."""
    count = len(group)
    if count == 0 or int(group.max()) < 2**62 // count:
        return np.argsort(group * count + np.arange(count))
    return np.argsort(group, kind="stable")


def _order_ties(contacts: Contacts, rows: NDArray[np.int64], *, tied: Mask) -> NDArray[np.int64]:
    """Rows that tie on business, day and agency by key, then by system. Texts are only compared where they decide."""
    if not tied.any():
        return rows
    again = np.concatenate([tied, [False]]) | np.concatenate([[False], tied])
    group = np.concatenate([[0], np.cumsum(~tied)])
    systems = [str(system or "") for system in contacts.words.system]
    places = np.flatnonzero(again)
    entries = [
        (number, str(contacts.key[row]), systems[contacts.system[row]], row)
        for number, row in zip(group[places].tolist(), rows[places].tolist(), strict=True)
    ]
    ordered = rows.copy()
    ordered[places] = [row for _, _, _, row in sorted(entries)]
    return ordered
