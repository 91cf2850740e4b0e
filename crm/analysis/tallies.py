"""Tallies: how many touchpoints there are of each kind, kept so that a few can be taken out and others put in.

What is told of the whole region, such as the months of which an agency has rows, would otherwise be a look at every
touchpoint after every contact that somebody logs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Contacts
from crm.analysis.days import number_months
from crm.analysis.lookups import Lookups

# Beyond so many places for each number that is counted, sorting takes less time and room than a place for each.
MOST_PLACES = 8


@dataclass(frozen=True, slots=True)
class Tally:
    """Distinct whole numbers, ascending, and how often each is there: never 0 times."""

    numbers: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def count(cls, numbers: NDArray[np.int64]) -> Tally:
        if not len(numbers):
            return cls(numbers, numbers)
        lowest, highest = int(numbers.min()), int(numbers.max())
        if highest - lowest > MOST_PLACES * len(numbers):
            return cls(*np.unique(numbers, return_counts=True))
        counts = np.bincount(numbers - lowest)
        found = np.flatnonzero(counts)
        return cls(found + lowest, counts[found])

    def exchange(self, out: Tally, into: Tally) -> Tally:
        """Those of `out` taken away, which were counted here, and those of `into` added."""
        numbers = np.concatenate([self.numbers, out.numbers, into.numbers])
        distinct, place = np.unique(numbers, return_inverse=True)
        counts = np.zeros(len(distinct), dtype=np.int64)
        np.add.at(counts, place, np.concatenate([self.counts, -out.counts, into.counts]))
        return Tally(distinct[counts > 0], counts[counts > 0])


@dataclass(frozen=True, slots=True)
class ContactTallies:
    """Touchpoints up to the day of the report: `months` by agency of the row and month, `blanks` by day and blanks.

    In `months` a number is the agency's code << 32 with the month since January 1970 added (which may be negative); in
    `blanks` the day * 8 with 1 added for a blank channel, 2 for a blank direction, 4 for a blank reached.
    """

    months: Tally
    blanks: Tally

    def exchange(self, out: ContactTallies, into: ContactTallies) -> ContactTallies:
        return ContactTallies(
            self.months.exchange(out.months, into.months), self.blanks.exchange(out.blanks, into.blanks)
        )

    def count_blanks(self, first: int, last: int) -> tuple[int, int, int]:
        """How many touchpoints of these days, both inside, have a blank channel, direction, reached."""
        day, kind, counts = self.blanks.numbers >> 3, self.blanks.numbers & 7, self.blanks.counts
        inside = (day >= first) & (day <= last)
        channel, direction, reached = (int(counts[inside & (kind & bit > 0)].sum()) for bit in (1, 2, 4))
        return channel, direction, reached

    def find_spans(self) -> dict[int, tuple[int, int]]:
        """The months of the first and the last touchpoint in each agency's own rows, by the agency's code."""
        codes = (self.months.numbers + 2**31) >> 32
        months = self.months.numbers - (codes << 32)
        # Ascending, so those of an agency stand together, its first month first.
        firsts = np.flatnonzero(np.diff(codes, prepend=-1))
        lasts = np.append(firsts[1:], len(codes))[: len(firsts)] - 1
        spans = zip(months[firsts].tolist(), months[lasts].tolist(), strict=True)
        return dict(zip(codes[firsts].tolist(), spans, strict=True))


def count_contacts(contacts: Contacts, lookups: Lookups, *, as_of: int) -> ContactTallies:
    """The tallies of these touchpoints; what is dated later is a plan and counts for nothing."""
    rows = np.flatnonzero(contacts.day <= as_of)
    day = contacts.day[rows]
    blank = (
        lookups.blank_channel[contacts.channel[rows]].astype(np.int64)
        + 2 * lookups.blank_direction[contacts.direction[rows]]
        + 4 * lookups.blank_reached[contacts.reached[rows]]
    )
    return ContactTallies(
        months=Tally.count((contacts.agency[rows].astype(np.int64) << 32) + number_months(day)),
        blanks=Tally.count(day.astype(np.int64) * 8 + blank),
    )
