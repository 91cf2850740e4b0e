"""Counts: the knocks that a report is about, summed up business by business, so that a few can be counted anew.

What a report says is worked out from these sums; after a contact only the sums of its business are made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.chains import Knocks
from crm.analysis.classes import Outcome, Outcomes
from crm.analysis.contacts import Codes, Mask
from crm.analysis.days import Period, number_months
from crm.analysis.lookups import Lookups, ProgramSets
from crm.analysis.regions import Region
from crm.analysis.settings import Settings
from crm.analysis.tallies import Tally

# A kind of business is (knocks, redundant ones) in one number, a kind in a month has the month before it.
KNOCKS, MONTH = 20, 40


@dataclass(frozen=True, slots=True)
class Selection:
    """Which knocks are counted, and as what. `agency` and `program` are ids; None in the last three leaves all in."""

    period: Period
    window: int
    broad: bool = False
    scope: Scope = EVERYTHING
    agency: str | None = None
    purpose_class: str | None = None
    program: str | None = None


@dataclass(frozen=True)
class Counts:
    """By business code: knocks by `Outcome` (columns), repeats from another program of the agency, how many agencies
    and programs knocked. `kinds` counts the knocked businesses by kind, `months` by month and kind.
    """

    by_class: NDArray[np.int64]
    other_program: NDArray[np.int64]
    agencies: NDArray[np.int64]
    programs: NDArray[np.int64]
    kinds: Tally
    months: Tally

    @cached_property
    def knocks(self) -> NDArray[np.int64]:
        """All knocks by business code."""
        # Column by column: a sum along rows of four takes ten times as long.
        return np.add.reduce([self.by_class[:, outcome] for outcome in Outcome])

    def renew(self, fresh: Counts, touched: NDArray[np.int64], *, months_before: Tally) -> Counts:
        """With the counts of the touched businesses (codes) from `fresh`; `months_before` is what they counted here."""
        return Counts(
            by_class=renew_values(self.by_class, fresh.by_class, touched),
            other_program=renew_values(self.other_program, fresh.other_program, touched),
            agencies=renew_values(self.agencies, fresh.agencies, touched),
            programs=renew_values(self.programs, fresh.programs, touched),
            kinds=self.kinds.exchange(_count_kinds(self.by_class, touched), _count_kinds(fresh.by_class, touched)),
            months=self.months.exchange(months_before, fresh.months),
        )


def count_knocks(
    region: Region, knocks: Knocks, outcomes: Outcomes, lookups: Lookups, chosen: Selection, settings: Settings
) -> Counts:
    """The counts of the chosen ones of these knocks; those of a business stand together."""
    inside = flag_scope(region, chosen.scope)
    rows = _choose(region, knocks, inside, lookups, chosen, settings)
    business, outcome, programs = knocks.business[rows], outcomes.outcome[rows], knocks.programs[rows]
    size = len(inside)
    cell = business.astype(np.int64) * len(Outcome) + outcome
    agencies, of_programs = _count_distinct(business, programs, lookups.sets, size)
    by_class = np.bincount(cell, minlength=size * len(Outcome)).reshape(size, len(Outcome))
    return Counts(
        by_class=by_class,
        other_program=np.bincount(business[outcomes.other_program[rows]], minlength=size),
        agencies=agencies,
        programs=of_programs,
        kinds=_count_kinds(by_class, np.unique(business)),
        months=_count_months(business, knocks.day[rows], outcome == Outcome.REDUNDANT),
    )


def tally_months(
    region: Region,
    knocks: Knocks,
    outcomes: Outcomes,
    lookups: Lookups,
    chosen: Selection,
    settings: Settings,
) -> Tally:
    """What these knocks are of `Counts.months`."""
    inside = flag_scope(region, chosen.scope)
    rows = _choose(region, knocks, inside, lookups, chosen, settings)
    return _count_months(knocks.business[rows], knocks.day[rows], outcomes.outcome[rows] == Outcome.REDUNDANT)


def flag_scope(region: Region, scope: Scope) -> Mask:
    """True for the business codes that a report is about. A business that closed was knocked on all the same."""
    if scope.is_all:
        return np.ones(len(region.words.business), dtype=bool)
    return region.spread(region.businesses.flag_scope(scope), missing=False)


def pack_kinds(knocks: NDArray[np.int64], redundant: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kind of each business; ascending kinds have ascending knocks."""
    return knocks << KNOCKS | redundant


def unpack_kinds(kinds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(knocks, redundant ones) of each kind."""
    return kinds >> KNOCKS, kinds & (1 << KNOCKS) - 1


def split_months(months: Tally) -> dict[int, Tally]:
    """The kinds of each month with a knock, by months since January 1970."""
    numbers = months.numbers >> MONTH
    starts = find_runs(numbers).tolist()
    return {
        int(numbers[first]): Tally(months.numbers[first:end] & (1 << MONTH) - 1, months.counts[first:end])
        for first, end in pairwise([*starts, len(numbers)])
    }


def renew_values(old: NDArray[Any], new: NDArray[Any], touched: NDArray[np.int64]) -> NDArray[Any]:
    """The new values of the touched business codes, the old ones of the others; there may be more new ones."""
    values = np.concatenate([old, new[len(old) :]])
    values[touched] = new[touched]
    return values


def find_runs(values: NDArray[Any]) -> NDArray[np.int64]:
    """Where a value stands that is not the one before it."""
    begins = np.ones(len(values), dtype=bool)
    begins[1:] = values[1:] != values[:-1]
    return np.flatnonzero(begins)


def _choose(
    region: Region, knocks: Knocks, inside: Mask, lookups: Lookups, chosen: Selection, settings: Settings
) -> NDArray[np.int64]:
    wanted = inside[knocks.business] & (knocks.day >= chosen.period.first) & (knocks.day <= chosen.period.last)
    if chosen.agency is not None:
        mask = region.directory.mask_agencies([chosen.agency])
        held = np.array([bool(agencies & mask) for agencies in lookups.sets.agencies], dtype=bool)
        wanted &= held[knocks.programs]
    if chosen.program is not None:
        wanted &= np.array([chosen.program in programs for programs in lookups.sets.programs], dtype=bool)[
            knocks.programs
        ]
    if chosen.purpose_class is not None:
        wanted &= knocks.purpose_class == settings.classes.index(chosen.purpose_class)
    return np.flatnonzero(wanted)


def _count_kinds(by_class: NDArray[np.int64], codes: NDArray[np.integer]) -> Tally:
    """How many of these businesses, as far as they are there and were knocked on, are of each kind."""
    rows = by_class[codes[codes < len(by_class)]]
    kinds = pack_kinds(rows.sum(axis=1), rows[:, Outcome.REDUNDANT])
    return Tally.count(kinds[kinds > 0])


def _count_months(business: Codes, day: Codes, redundant: Mask) -> Tally:
    if not len(day):
        return Tally.count(np.zeros(0, dtype=np.int64))
    # Sorted by month alone, the knocks of a business within a month stand together as they did.
    month = number_months(day)
    order = np.argsort((month - month.min()).astype(np.uint16), kind="stable")
    month, business = month[order], business[order]
    starts = find_runs((month << 32) + business)
    of_each = np.add.reduceat(redundant[order].astype(np.int64), starts)
    return Tally.count((month[starts] << MONTH) + pack_kinds(np.diff(starts, append=len(order)), of_each))


def _count_distinct(
    business: Codes, programs: Codes, sets: ProgramSets, businesses: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(agencies, programs) behind the knocks of each business code, from one entry a knock."""
    starts = find_runs(business)
    found = []
    for members in (sets.agency_bits, sets.program_bits):
        counts = np.zeros(businesses, dtype=np.int64)
        if len(starts):
            for word in members:
                held = np.bitwise_or.reduceat(word[programs], starts)
                counts[business[starts]] += np.bitwise_count(held)
        found.append(counts)
    return found[0], found[1]
