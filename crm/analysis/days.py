"""Days as the columns hold them: whole days since 1 January 1970, as the graph stores them on a touchpoint.

Integers, because every rule on time in the definitions is a difference of days; only the months of a report and the
words that a person reads need the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

EPOCH = date(1970, 1, 1).toordinal()

# Later than any day that a file can name: the last day of an agreement without an end.
FOREVER = 2**31 - 1


class Period(NamedTuple):
    """Both ends are inside (definitions §0)."""

    first: int
    last: int


def get_day(value: date) -> int:
    return value.toordinal() - EPOCH


def get_date(day: int) -> date:
    return date.fromordinal(day + EPOCH)


def list_days(texts: Iterable[str]) -> list[int]:
    """The days of ISO dates; each date is read once, for many contacts fall on one day."""
    return list(map(DayTexts().__getitem__, texts))


class DayTexts(dict[str, int]):
    """The day of each ISO date that was asked for."""

    def __missing__(self, text: str) -> int:
        self[text] = day = get_day(date.fromisoformat(text))
        return day


def get_last_year(as_of: int, *, days: int = 365) -> Period:
    """The last 12 months: as_of - 365 < d <= as_of, also the period of a report that names none (definitions §0)."""
    return Period(as_of - days + 1, as_of)


def number_months(days: NDArray[np.integer]) -> NDArray[np.int64]:
    """Months since January 1970, one for each day."""
    if len(days) == 0:
        return days.astype(np.int64)
    lowest, highest = int(days.min()), int(days.max())
    if highest - lowest < len(days):
        # The calendar is asked once a day of the calendar, and not once an entry.
        return _ask_calendar(np.arange(lowest, highest + 1))[days - lowest]
    return _ask_calendar(days)


def _ask_calendar(days: NDArray[np.integer]) -> NDArray[np.int64]:
    return days.astype(np.int64).view("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def list_months(period: Period) -> list[int]:
    """Every month that the period touches, as months since January 1970; none if it ends before it begins."""
    first, last = (int(month) for month in number_months(np.array(period)))
    return list(range(first, last + 1)) if period.first <= period.last else []


def name_month(month: int) -> str:
    """YYYY-MM of a month counted since January 1970."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"
