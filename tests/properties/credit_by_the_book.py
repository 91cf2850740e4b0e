"""Coordination credit once more, day by day and slowly, from the words of docs/measures.md; only for tests."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from tests.knock_worlds import Touch, World
from tests.properties.knocks_by_the_book import (
    classify,
    find_door,
    get_budget,
    get_fatigue,
    get_place,
    list_agencies,
    list_asks,
    list_doors,
)

Source = tuple[str, str, str]


def name(touch: Touch) -> Source:
    return (touch.agency, touch.system, touch.key)


def find_last_day(world: World, business: str, day: date) -> date:
    """The last day of a hold if no other ask lengthens it."""
    fatigue, budget = get_fatigue(world, business, day), get_budget(world, business)
    last = day + timedelta(days=14)
    if fatigue > budget + 1e-9:
        free_on = day + timedelta(days=math.ceil(45 * math.log2(fatigue / budget) - 1e-9))
        last = max(last, free_on - timedelta(days=1))
    return last


def list_holds(world: World, business: str, agency: str, as_of: date) -> list[tuple[date, date, bool, Source]]:
    """(first day, last day, respected, the agency's last ask before)."""
    asks = list_asks(world, business, as_of)
    own = [ask for ask in asks if agency in list_agencies(world, ask.programs)]
    begun = []
    for ask in asks:
        door = find_door(list_doors(world, business, ask.on, as_of), {agency})
        before = [mine for mine in own if 0 < (ask.on - mine.on).days <= 365]
        if before and not list_agencies(world, ask.programs) & door:
            begun.append((ask.on, find_last_day(world, business, ask.on), before[-1]))
    joined: list[tuple[date, date, Touch]] = []
    for first, last, mine in begun:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last), joined[-1][2])
        else:
            joined.append((first, last, mine))
    return [(first, last, not any(first < ask.on <= last for ask in own), name(mine)) for first, last, mine in joined]


def list_deeds_by_the_book(
    world: World, agency: str, as_of: date, first: date, last: date, *, window: int, broad: bool
) -> list[tuple[Any, ...]]:
    """(kind, business, first, last, counts, other agencies, sources), sorted."""
    end = min(last, as_of)
    found: list[tuple[Any, ...]] = []
    for business in {touch.business for touch in world.touches}:
        for begun, over, respected, source in list_holds(world, business, agency, as_of):
            if first <= over <= end:
                found.append(("hold", business, begun, over, respected, (), (source,)))
        for touch in world.touches:
            agencies = list_agencies(world, touch.programs)
            is_joint_visit = len(agencies) > 1 and agency in agencies and touch.reached != "no"
            if touch.business == business and first <= touch.on <= end and is_joint_visit:
                others = tuple(sorted(agencies - {agency}))
                found.append(("joint_visit", business, touch.on, touch.on, True, others, (name(touch),)))
        for knock, word, _ in classify(world, business, as_of, window=window, broad=broad):
            if first <= knock.on <= end and agency in knock.agencies:
                sources = tuple(name(ask) for ask in knock.asks)
                found.append(("knock", business, knock.on, knock.on, word == "redundant", (), sources))
    for handover in world.handovers:
        day = handover.accepted_on
        giver, taker = world.programs[handover.from_program], world.programs[handover.to_program]
        if day is None or giver == taker or not first <= day <= end or agency not in (giver, taker):
            continue
        touches = [
            touch
            for touch in world.touches
            if touch.business == handover.business
            and touch.on <= as_of
            and agency in list_agencies(world, touch.programs)
        ]
        touches.sort(key=get_place)
        if agency == giver:
            sources = tuple(name(touch) for touch in touches if touch.on <= day)[-1:]
            found.append(("referral_given", handover.business, day, day, True, (taker,), sources))
        else:
            sources = tuple(name(touch) for touch in touches if touch.on >= day)[:1]
            found.append(("referral_taken", handover.business, day, day, True, (giver,), sources))
    return sorted(found)
