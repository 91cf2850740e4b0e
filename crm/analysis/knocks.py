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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.answers import NOBODY, find_answers
from crm.analysis.bootstrap import find_interval_of
from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.classes import Outcome
from crm.analysis.completeness import list_unknown
from crm.analysis.concentration import find_gini, find_top_share
from crm.analysis.contacts import Mask
from crm.analysis.counts import Counts, Selection, flag_scope, split_months, unpack_kinds
from crm.analysis.days import Period, get_last_year, list_months, name_month
from crm.analysis.fatigue import flag_hotspots
from crm.analysis.history import History
from crm.analysis.rankings import Ranking
from crm.analysis.reports import Month, RegionKnocks, TopicAskedTwice
from crm.analysis.tallies import Tally


def measure_region(
    history: History,
    *,
    period: Period | None = None,
    scope: Scope = EVERYTHING,
    window: int | None = None,
    broad: bool = False,
    agency: str | None = None,
    purpose_class: str | None = None,
    program: str | None = None,
) -> RegionKnocks:
    """All figures for a period (default: the last 12 months) and some businesses (default: all).

    `agency`, `program` (ids) and `purpose_class` keep only knocks of that agency, program or class in what is counted;
    what they are compared with, and doors and fatigue, stay whole.
    """
    settings = history.settings
    period = period or get_last_year(history.as_of, days=settings.year_days)
    window = settings.window_days if window is None else window
    inside = flag_scope(history.region, scope)
    counts = history.count(Selection(period, window, broad, scope, agency, purpose_class, program))
    # Column by column: all at once takes ten times as long.
    totals = [int(counts.by_class[:, outcome].sum()) for outcome in Outcome]
    universe = Tally.count(_count_universe(history, scope, counts.knocks))
    return RegionKnocks(
        as_of=history.as_of,
        period=period,
        window_days=window,
        broad=broad,
        knocks=sum(totals),
        **{outcome.word: totals[outcome] for outcome in Outcome},
        other_program=int(counts.other_program.sum()),
        rate=_divide(totals[Outcome.REDUNDANT], sum(totals)),
        interval=find_interval_of(counts.kinds, settings),
        **_measure_doors(history, inside),
        top_decile_share=find_top_share(universe),
        gini=find_gini(universe),
        universe=int(universe.counts.sum()),
        untouched=int(universe.counts[universe.numbers == 0].sum()),
        asked_twice=int(inside[history.asked_twice.business].sum()),
        assumed=_count_assumed(history, inside, period),
        businesses=_rank_businesses(history, counts, inside),
        months=_list_months(history, counts, period),
        settings=settings,
    )


def list_asked_twice(history: History, *, scope: Scope = EVERYTHING) -> list[TopicAskedTwice]:
    """The pairs that `asked_twice` counts with who holds the answer, by business and topic as text."""
    inside, twice = flag_scope(history.region, scope), history.asked_twice
    topics, ids = history.lookups.topics, history.region.words.business_ids
    answers = find_answers(history)
    pairs = zip(twice.business.tolist(), twice.topic.tolist(), twice.doors.tolist(), strict=True)
    found = [
        TopicAskedTwice(ids[code], topics[topic], doors, *answer)
        for (code, topic, doors), answer in zip(pairs, _tell_answers(history, answers), strict=True)
        if inside[code]
    ]
    return sorted(found, key=lambda pair: (pair.business, pair.topic))


def _tell_answers(history: History, rows: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    """(agencies, day, source) of each row, nothing where nobody has the answer."""
    contacts, masks = history.region.contacts, history.lookups.sets.agencies
    there = rows[rows != NOBODY]
    codes = contacts.programs[there].tolist()
    names = {code: tuple(history.region.directory.name_mask(masks[code])) for code in set(codes)}
    sources = iter(contacts.name_rows(there.tolist()))
    told = iter(zip((names[code] for code in codes), contacts.day[there].tolist(), sources, strict=True))
    return [next(told) if row != NOBODY else () for row in rows.tolist()]


def _count_universe(history: History, scope: Scope, knocked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Knocks per business of the universe (definitions §6), 0 for the untouched."""
    businesses = history.region.businesses
    counts = np.zeros(len(businesses) + 1, dtype=np.int64)  # the last one is that of place -1
    counts[history.region.places] = knocked
    return counts[:-1][businesses.flag_universe(scope, as_of=history.as_of)]


def _measure_doors(history: History, inside: Mask) -> dict[str, Any]:
    year = history.year
    known = np.flatnonzero(inside & (year.knocks > 0))
    knocks, doors = year.knocks[known], year.doors[known]
    return {
        "mean_doors": _add_up(knocks * year.effective[known]) / int(knocks.sum()) if len(known) else None,
        **{f"share_{least}_doors": _divide(int((doors >= least).sum()), len(known)) for least in (2, 3, 5)},
        "door_counts": {number: count for number, count in enumerate(np.bincount(doors).tolist()) if count},
    }


def _add_up(values: NDArray[np.float64]) -> float:
    """The sum of these in whole numbers, fractions in those of a very small unit: the order of the businesses is that
    of their import and must not show in the last digit."""
    fractions, wholes = np.modf(values)
    bits = 62 - len(values).bit_length()
    return float(wholes.sum()) + math.ldexp(int(np.ldexp(fractions, bits).astype(np.int64).sum()), -bits)


def _count_assumed(history: History, inside: Mask, period: Period) -> dict[str, int]:
    """The blanks among touchpoints in the period and scope, up to `as_of`."""
    last = min(period.last, history.as_of)
    if inside.all():
        channel, direction, reached = history.tallies.count_blanks(period.first, last)
        return {"direction": direction, "reached": reached, "channel": channel}
    contacts, lookups = history.region.contacts, history.lookups
    rows = inside[contacts.business] & (contacts.day >= period.first) & (contacts.day <= last)
    return {
        "direction": int(lookups.blank_direction[contacts.direction[rows]].sum()),
        "reached": int(lookups.blank_reached[contacts.reached[rows]].sum()),
        "channel": int(lookups.blank_channel[contacts.channel[rows]].sum()),
    }


def _rank_businesses(history: History, counts: Counts, inside: Mask) -> Ranking:
    region, settings = history.region, history.settings
    budget = region.spread(region.businesses.list_budgets(settings), missing=settings.unknown_budget)
    hotspot = flag_hotspots(np.where(inside, history.fatigue, 0), budget, settings)
    return Ranking(
        ids=region.ids,
        names=region.businesses.name_column,
        id_ranks=region.id_ranks,
        rows=np.flatnonzero(counts.knocks),
        columns={
            "place": region.places,
            "knocks": counts.knocks,
            **{outcome.word: counts.by_class[:, outcome] for outcome in Outcome},
            "agencies": counts.agencies,
            "programs": counts.programs,
            "doors": history.year.doors,
            "effective_doors": history.year.effective,
            "fatigue": history.fatigue,
            "budget": budget,
            "hotspot": hotspot,
        },
    )


def _list_months(history: History, counts: Counts, period: Period) -> list[Month]:
    numbers, found = list_months(period), split_months(counts.months)
    none = Tally.count(np.zeros(0, dtype=np.int64))
    months = []
    for number, unknown in zip(numbers, list_unknown(history, numbers), strict=True):
        kinds = found.get(number, none)
        knocks, redundant = (int(kinds.counts @ part) for part in unpack_kinds(kinds.numbers))
        months.append(
            Month(
                month=name_month(number),
                knocks=knocks,
                redundant=redundant,
                rate=_divide(redundant, knocks),
                interval=find_interval_of(kinds, history.settings),
                unknown=unknown,
            )
        )
    return months


def _divide(part: int, whole: int) -> float | None:
    """A share; over nothing it is None (definitions §0)."""
    return part / whole if whole else None
