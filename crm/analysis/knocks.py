"""Many knocks: how often the region's agencies call on the same businesses without each other (definitions §2-§3).

    region = read_region(directory=…, contacts=…, businesses=…, referrals=…, agreements=…)
    history = build_history(region, as_of=day)
    answer = measure_region(history, period=…, window=90)
    history = history.update(region.change(contacts=[…]), changed=[…])

`measure_region` answers `crm knocks`: its fields are the contract's, and `RegionKnocks.as_json` is its JSON. What is
of when (definitions §3): counts, classes, agencies, programs and concentration are of the period; doors, effective
doors, asked twice, fatigue and hotspots are of the last 12 months up to `as_of`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.bootstrap import find_interval
from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.classes import Outcome
from crm.analysis.completeness import list_unknown
from crm.analysis.concentration import find_gini, find_top_share
from crm.analysis.contacts import Codes, Mask
from crm.analysis.days import Period, get_last_year, list_months, name_month, number_months
from crm.analysis.fatigue import flag_hotspots
from crm.analysis.history import History
from crm.analysis.rankings import Ranking, count_distinct, find_runs
from crm.analysis.regions import Region
from crm.analysis.reports import Month, RegionKnocks, TopicAskedTwice


@dataclass(frozen=True, slots=True)
class _Counted:
    """The knocks of the period and scope, one entry each."""

    business: Codes
    day: Codes
    programs: Codes
    outcome: NDArray[np.int8]
    other_program: Mask


def measure_region(
    history: History,
    *,
    period: Period | None = None,
    scope: Scope = EVERYTHING,
    window: int | None = None,
    broad: bool = False,
    agency: str | None = None,
    purpose_class: str | None = None,
) -> RegionKnocks:
    """All figures for a period (default: the last 12 months) and some businesses (default: all).

    `agency` (an id) and `purpose_class` keep only knocks of that agency or class in what is counted; what they are
    compared with, and doors and fatigue, stay whole.
    """
    region, settings = history.region, history.settings
    period = period or get_last_year(history.as_of, days=settings.year_days)
    window = settings.window_days if window is None else window
    inside = _flag_scope(region, scope)
    outcomes = history.classify(window=window, broad=broad)
    rows = _find_counted(history, inside, period=period, agency=agency, purpose_class=purpose_class)
    counted = _Counted(
        business=history.knocks.business[rows],
        day=history.knocks.day[rows],
        programs=history.knocks.programs[rows],
        outcome=outcomes.outcome[rows],
        other_program=outcomes.other_program[rows],
    )
    by_class = _count_classes(counted, len(inside))
    totals = by_class.sum(axis=0).tolist()
    knocked = by_class.sum(axis=1)
    reached = np.flatnonzero(knocked)
    universe = _count_universe(history, scope, knocked)
    return RegionKnocks(
        as_of=history.as_of,
        period=period,
        window_days=window,
        broad=broad,
        knocks=sum(totals),
        **{outcome.word: totals[outcome] for outcome in Outcome},
        other_program=int(counted.other_program.sum()),
        rate=_divide(totals[Outcome.REDUNDANT], sum(totals)),
        interval=find_interval(knocked[reached], by_class[reached, Outcome.REDUNDANT], settings),
        **_measure_doors(history, inside),
        top_decile_share=find_top_share(universe),
        gini=find_gini(universe),
        universe=len(universe),
        untouched=int((universe == 0).sum()),
        asked_twice=int(inside[history.asked_twice.business].sum()),
        assumed=_count_assumed(history, inside, period),
        businesses=_rank_businesses(history, counted, by_class, inside),
        months=_list_months(history, counted, period),
        settings=settings,
    )


def list_asked_twice(history: History, *, scope: Scope = EVERYTHING) -> list[TopicAskedTwice]:
    """The pairs that `asked_twice` counts, by business and topic as text."""
    inside, twice = _flag_scope(history.region, scope), history.asked_twice
    topics, ids = history.lookups.topics, history.region.contacts.business_ids
    pairs = zip(twice.business.tolist(), twice.topic.tolist(), twice.doors.tolist(), strict=True)
    found = [TopicAskedTwice(ids[code], topics[topic], doors) for code, topic, doors in pairs if inside[code]]
    return sorted(found, key=lambda pair: (pair.business, pair.topic))


def _flag_scope(region: Region, scope: Scope) -> Mask:
    """True for the business codes that the report is about. A business that closed was knocked on all the same."""
    if scope.is_all:
        return np.ones(len(region.places), dtype=bool)
    return region.spread(region.businesses.flag_scope(scope), missing=False)


def _find_counted(
    history: History, inside: Mask, *, period: Period, agency: str | None, purpose_class: str | None
) -> NDArray[np.int64]:
    knocks = history.knocks
    wanted = inside[knocks.business] & (knocks.day >= period.first) & (knocks.day <= period.last)
    if agency is not None:
        mask = history.region.directory.mask_agencies([agency])
        held = np.array([bool(agencies & mask) for agencies in history.lookups.sets.agencies], dtype=bool)
        wanted &= held[knocks.programs]
    if purpose_class is not None:
        wanted &= knocks.purpose_class == history.settings.classes.index(purpose_class)
    return np.flatnonzero(wanted)


def _count_classes(counted: _Counted, businesses: int) -> NDArray[np.int64]:
    """One row a business code, one column an `Outcome`."""
    cell = counted.business.astype(np.int64) * len(Outcome) + counted.outcome
    return np.bincount(cell, minlength=businesses * len(Outcome)).reshape(businesses, len(Outcome))


def _count_universe(history: History, scope: Scope, knocked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Knocks per business of the universe (definitions §6), 0 for the untouched."""
    businesses, places = history.region.businesses, history.region.places
    counts = np.zeros(len(businesses), dtype=np.int64)
    counts[places[places >= 0]] = knocked[places >= 0]
    return counts[businesses.flag_universe(scope, as_of=history.as_of)]


def _measure_doors(history: History, inside: Mask) -> dict[str, Any]:
    year = history.year
    known = np.flatnonzero(inside & (year.knocks > 0))
    knocks, doors = year.knocks[known], year.doors[known]
    # fsum, because the order of the businesses is that of their import and must not show in the last digit.
    weighted = math.fsum((knocks * year.effective[known]).tolist())
    return {
        "mean_doors": weighted / int(knocks.sum()) if len(known) else None,
        **{f"share_{least}_doors": _divide(int((doors >= least).sum()), len(known)) for least in (2, 3, 5)},
        "door_counts": {number: count for number, count in enumerate(np.bincount(doors).tolist()) if count},
    }


def _count_assumed(history: History, inside: Mask, period: Period) -> dict[str, int]:
    """The blanks among touchpoints in the period and scope, up to `as_of`."""
    contacts, lookups = history.region.contacts, history.lookups
    last = min(period.last, history.as_of)
    if inside.all():
        channel, direction, reached = history.tallies.count_blanks(period.first, last)
        return {"direction": direction, "reached": reached, "channel": channel}
    rows = inside[contacts.business] & (contacts.day >= period.first) & (contacts.day <= last)
    return {
        "direction": int(lookups.blank_direction[contacts.direction[rows]].sum()),
        "reached": int(lookups.blank_reached[contacts.reached[rows]].sum()),
        "channel": int(lookups.blank_channel[contacts.channel[rows]].sum()),
    }


def _rank_businesses(history: History, counted: _Counted, by_class: NDArray[np.int64], inside: Mask) -> Ranking:
    region, settings = history.region, history.settings
    budget = region.spread(region.businesses.list_budgets(settings), missing=settings.unknown_budget)
    hotspot = flag_hotspots(np.where(inside, history.fatigue, 0), budget, settings)
    agencies, programs = count_distinct(counted.business, counted.programs, history.lookups.sets, len(inside))
    rows = np.flatnonzero(by_class.sum(axis=1))
    return Ranking.build(
        ids=region.ids,
        names=region.businesses.name_column,
        id_rank=region.id_ranks[rows],
        code=rows,
        place=region.places[rows],
        knocks=by_class[rows].sum(axis=1),
        **{outcome.word: by_class[rows, outcome] for outcome in Outcome},
        agencies=agencies[rows],
        programs=programs[rows],
        doors=history.year.doors[rows],
        effective_doors=history.year.effective[rows],
        fatigue=history.fatigue[rows],
        budget=budget[rows],
        hotspot=hotspot[rows],
    )


def _list_months(history: History, counted: _Counted, period: Period) -> list[Month]:
    numbers = list_months(period)
    unknown = list_unknown(history, numbers)
    # Sorted by month alone, the knocks of a business within a month stand together as they did.
    of_knock = (number_months(counted.day) - (numbers[0] if numbers else 0)).astype(np.int16)
    order = np.argsort(of_knock, kind="stable")
    cuts = np.searchsorted(of_knock[order], np.arange(len(numbers) + 1))
    months = []
    for place, (number, agencies) in enumerate(zip(numbers, unknown, strict=True)):
        rows = order[cuts[place] : cuts[place + 1]]
        starts = find_runs(counted.business[rows])
        is_redundant = (counted.outcome[rows] == Outcome.REDUNDANT).astype(np.int64)
        knocks = np.diff(starts, append=len(rows))
        redundant = np.add.reduceat(is_redundant, starts) if len(rows) else is_redundant
        months.append(
            Month(
                month=name_month(number),
                knocks=len(rows),
                redundant=(count := int(redundant.sum())),
                rate=_divide(count, len(rows)),
                interval=find_interval(knocks, redundant, history.settings),
                unknown=agencies,
            )
        )
    return months


def _divide(part: int, whole: int) -> float | None:
    """A share; over nothing it is None (definitions §0)."""
    return part / whole if whole else None
