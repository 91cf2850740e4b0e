"""Before and after an agreement: what has changed since it began, by one measure and over equally long times.

Counted are the knocks of the agencies that it binds (joint ones too) on the businesses that it covers. *After* is from
its first day up to the day of the report, its last day, or the end of its first year, whichever comes first; *before*
are as many days up to the day before it began. Each is a redundancy rate of definitions §3, with its interval.

An agreement makes knocks coordinated by the definition itself, so its redundancy can fall though everybody knocks as
before. So beside it stands the share of knocks that *followed* another agency's, linked or not, which only falls when
somebody holds a knock. And a month in which one of the agencies is unknown may only have fewer rows: a fall that comes
with one is called that, and not an improvement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from crm.analysis.bootstrap import Interval, find_interval
from crm.analysis.classes import Outcome
from crm.analysis.completeness import list_unknown
from crm.analysis.days import Period, get_date, list_months, name_month, number_months
from crm.analysis.history import History
from crm.analysis.linkage import flag_covered
from crm.analysis.regions import Agreement
from crm.analysis.settings import Settings

# Of fewer businesses an interval by drawing businesses says nothing, so no improvement is claimed (conv).
LEAST_BUSINESSES = 5
Verdict = Literal["nothing to compare", "the same", "higher", "lower", "lower, may be chance", "lower, not all known"]


@dataclass(frozen=True, slots=True)
class ProtocolMonth:
    """The part of a calendar month (YYYY-MM) that is before, or after, with the bound agencies unknown in it."""

    month: str
    is_after: bool
    knocks: int
    redundant: int
    followed: int
    rate: float | None
    interval: Interval | None
    unknown: list[str]


@dataclass(frozen=True, slots=True)
class CountedKnock:
    """A knock of either time: the id and name of its business, its agencies by name, and its class."""

    business: str
    name: str
    day: int
    agencies: list[str]
    outcome: Outcome
    is_after: bool

    @property
    def is_followed(self) -> bool:
        return self.outcome in (Outcome.REDUNDANT, Outcome.COORDINATED)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two times. `followed`: knocks after another agency's, redundant or coordinated. Rates over nothing are
    None. `unknown` are (agency, month)."""

    period: Period
    knocks: int
    redundant: int
    followed: int
    rate: float | None
    interval: Interval | None
    followed_rate: float | None
    unknown: list[tuple[str, str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "from": get_date(self.period.first).isoformat(),
            "to": get_date(self.period.last).isoformat(),
            "knocks": self.knocks,
            "redundant": self.redundant,
            "rate": self.rate,
            "interval": self.interval,
            "followed": self.followed,
            "followed_rate": self.followed_rate,
            "unknown_months": [{"agency": agency, "month": month} for agency, month in self.unknown],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """`days` is the length of each side; `difference` is the rate after less that before, with its 95 % interval.

    `businesses` is on how many the knocks of both sides were.
    """

    days: int
    businesses: int
    before: Side
    after: Side
    difference: float | None
    interval: Interval | None
    verdict: Verdict
    months: list[ProtocolMonth]

    def as_json(self) -> dict[str, Any]:
        return {
            "days": self.days,
            "businesses": self.businesses,
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "difference": self.difference,
            "interval": self.interval,
            "verdict": self.verdict,
            "months": [
                {
                    "month": month.month,
                    "side": "after" if month.is_after else "before",
                    "knocks": month.knocks,
                    "redundant": month.redundant,
                    "followed": month.followed,
                    "rate": month.rate,
                    "interval": month.interval,
                    "unknown": month.unknown,
                }
                for month in self.months
            ],
        }


def get_sides(agreement: Agreement, *, as_of: int, settings: Settings) -> tuple[Period, Period] | None:
    """The days before and the days after; None for an agreement that has not begun by then."""
    begin = agreement.begins_on
    last = min(as_of, begin + settings.year_days - 1)
    if agreement.ends_on is not None:
        last = min(last, agreement.ends_on)
    if last < begin:
        return None
    return Period(begin - (last - begin + 1), begin - 1), Period(begin, last)


def measure_change(
    history: History, agreement: Agreement, *, window: int | None = None, broad: bool = False
) -> Change | None:
    """What has changed since the agreement began; None before it has, and for one that joins nobody."""
    settings, directory = history.settings, history.region.directory
    sides = get_sides(agreement, as_of=history.as_of, settings=settings)
    mask = directory.mask_agencies(agreement.agencies)
    if sides is None or mask.bit_count() < 2:
        return None
    rows = _find_rows(history, agreement, mask, Period(sides[0].first, sides[1].last))
    outcome = history.classify(window=settings.window_days if window is None else window, broad=broad).outcome[rows]
    counted = _Counted(
        business=history.knocks.business[rows],
        day=history.knocks.day[rows],
        is_redundant=outcome == Outcome.REDUNDANT,
        is_followed=(outcome == Outcome.REDUNDANT) | (outcome == Outcome.COORDINATED),
    )
    bound = set(directory.name_mask(mask))
    months = [
        month for is_after, period in enumerate(sides)
        for month in _list_months(history, counted, period, bound, is_after=bool(is_after))
    ]  # fmt: skip
    before, after = (
        _measure_side(counted, period, [month for month in months if month.is_after == bool(is_after)], settings)
        for is_after, period in enumerate(sides)
    )
    difference = None if before.rate is None or after.rate is None else after.rate - before.rate
    interval = None if difference is None else _find_interval(counted, sides, settings)
    return Change(
        days=sides[1].last - sides[1].first + 1,
        businesses=(number := len(np.unique(counted.business))),
        before=before,
        after=after,
        difference=difference,
        interval=interval,
        verdict=judge(
            difference,
            interval,
            is_known=not before.unknown and not after.unknown,
            is_enough=number >= LEAST_BUSINESSES,
        ),
        months=months,
    )


def list_counted(
    history: History, agreement: Agreement, *, window: int | None = None, broad: bool = False
) -> list[CountedKnock]:
    """The knocks that `measure_change` counts, by day, then business; none where there is nothing to compare."""
    settings, region = history.settings, history.region
    sides = get_sides(agreement, as_of=history.as_of, settings=settings)
    mask = region.directory.mask_agencies(agreement.agencies)
    if sides is None or mask.bit_count() < 2:
        return []
    rows = _find_rows(history, agreement, mask, Period(sides[0].first, sides[1].last))
    outcomes = history.classify(window=settings.window_days if window is None else window, broad=broad).outcome[rows]
    knocks, ids, places = history.knocks, region.words.business_ids, region.places.tolist()
    found = [
        CountedKnock(
            business=ids[business],
            name=str(region.businesses.names[places[business]]) if places[business] >= 0 else "",
            day=day,
            agencies=region.directory.name_mask(history.lookups.sets.agencies[programs]),
            outcome=Outcome(outcome),
            is_after=day >= sides[1].first,
        )
        for business, day, programs, outcome in zip(
            knocks.business[rows].tolist(),
            knocks.day[rows].tolist(),
            knocks.programs[rows].tolist(),
            outcomes.tolist(),
            strict=True,
        )
    ]
    return sorted(found, key=lambda knock: (knock.day, knock.name, knock.business, knock.agencies))


def judge(difference: float | None, interval: Interval | None, *, is_known: bool, is_enough: bool = True) -> Verdict:
    """What the step from one rate to the other may be called. Only "lower" is an improvement; `is_enough`: it is on
    enough businesses for the interval to mean something."""
    if difference is None:
        return "nothing to compare"
    if abs(difference) <= 1e-9:
        return "the same"
    if difference > 0:
        return "higher"
    if not is_known:
        return "lower, not all known"
    is_sure = is_enough and interval is not None and interval[1] < -1e-9
    return "lower" if is_sure else "lower, may be chance"


@dataclass(frozen=True, slots=True)
class _Counted:
    """The knocks of both times, one entry each."""

    business: NDArray[np.int32]
    day: NDArray[np.int32]
    is_redundant: NDArray[np.bool_]
    is_followed: NDArray[np.bool_]

    def flag(self, period: Period) -> NDArray[np.bool_]:
        return (self.day >= period.first) & (self.day <= period.last)


def _find_rows(history: History, agreement: Agreement, mask: int, period: Period) -> NDArray[np.int64]:
    knocks = history.knocks
    made = np.array([bool(agencies & mask) for agencies in history.lookups.sets.agencies], dtype=bool)
    wanted = (knocks.day >= period.first) & (knocks.day <= period.last)
    wanted &= flag_covered(history.region, agreement)[knocks.business]
    return np.flatnonzero(wanted & made[knocks.programs]) if len(made) else np.zeros(0, dtype=np.int64)


def _measure_side(counted: _Counted, period: Period, months: list[ProtocolMonth], settings: Settings) -> Side:
    flags = counted.flag(period)
    knocks, redundant = int(flags.sum()), int((flags & counted.is_redundant).sum())
    followed = int((flags & counted.is_followed).sum())
    return Side(
        period=period,
        knocks=knocks,
        redundant=redundant,
        followed=followed,
        rate=redundant / knocks if knocks else None,
        interval=_find_rate_interval(counted, flags, settings),
        followed_rate=followed / knocks if knocks else None,
        unknown=[(agency, month.month) for month in months for agency in month.unknown],
    )


def _list_months(
    history: History, counted: _Counted, period: Period, bound: set[str], *, is_after: bool
) -> list[ProtocolMonth]:
    numbers = list_months(period)
    inside, of_knock = counted.flag(period), number_months(counted.day)
    months = []
    for number, agencies in zip(numbers, list_unknown(history, numbers), strict=True):
        flags = inside & (of_knock == number)
        knocks, redundant = int(flags.sum()), int((flags & counted.is_redundant).sum())
        months.append(
            ProtocolMonth(
                month=name_month(number),
                is_after=is_after,
                knocks=knocks,
                redundant=redundant,
                followed=int((flags & counted.is_followed).sum()),
                rate=redundant / knocks if knocks else None,
                interval=_find_rate_interval(counted, flags, history.settings),
                unknown=[agency for agency in agencies if agency in bound],
            )
        )
    return months


def _find_rate_interval(counted: _Counted, flags: NDArray[np.bool_], settings: Settings) -> Interval | None:
    _, place = np.unique(counted.business[flags], return_inverse=True)
    knocks = np.bincount(place)
    return find_interval(knocks, np.bincount(place[counted.is_redundant[flags]], minlength=len(knocks)), settings)


def _find_interval(counted: _Counted, sides: tuple[Period, Period], settings: Settings) -> Interval | None:
    """The percentile interval of the difference by bootstrap over businesses, each with its knocks of both times."""
    _, place = np.unique(counted.business, return_inverse=True)
    size = int(place.max(initial=-1)) + 1
    columns = [
        np.bincount(place[flags], minlength=size).astype(np.int64)
        for period in sides
        for flags in (counted.flag(period), counted.flag(period) & counted.is_redundant)
    ]
    # Businesses with the same four numbers are alike in this; their order is that of their import and must not show.
    packed, counts = np.unique(sum(column << 15 * place for place, column in enumerate(columns)), return_counts=True)
    drawn = np.random.default_rng(settings.seed).multinomial(size, counts / size, size=settings.replicates)
    before, redundant_before, after, redundant_after = (drawn @ (packed >> 15 * place & 0x7FFF) for place in range(4))
    known = (before > 0) & (after > 0)
    if not known.any():
        return None
    rates = redundant_after[known] / after[known] - redundant_before[known] / before[known]
    tail = (1 - settings.confidence) / 2
    low, high = np.quantile(rates, [tail, 1 - tail])
    return float(low), float(high)
