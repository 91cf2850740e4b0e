"""Who would lead where, and which knocks are avoided, against a plain reading of the rule, on random small regions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.businesses import Sector
from crm.analysis.days import Period, get_day
from crm.analysis.history import build_history
from crm.analysis.whatif import replay
from crm.analysis.whatif_leads import count_leads, list_avoided, list_leads
from tests.knock_worlds import World, list_ids, make_region
from tests.properties.knock_strategies import EPOCH, draw_worlds
from tests.properties.knocks_by_the_book import classify, in_sector, list_agencies

AS_OF = EPOCH + timedelta(days=400)
AGENCIES = ("Ab", "Bo", "Cy", "Dé", "cy")


def list_by_hand(world: World, group: list[str], first: date, last: date, sector: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for business in {touch.business for touch in world.touches}:
        knocks = [
            knock.agencies & set(group)
            for knock, _, _ in classify(world, business, AS_OF, window=90, broad=False)
            if first <= knock.on <= last and knock.agencies & set(group)
        ]
        if len(set[str]().union(*knocks)) < 2 or not in_sector(world, business, sector):
            continue
        reached = {
            agency: sum(
                touch.business == business
                and touch.reached != "no"
                and 0 <= (AS_OF - touch.on).days < 365
                and agency in list_agencies(world, touch.programs)
                for touch in world.touches
            )
            for agency in sorted(group)
        }
        best = max(reached.values())
        found[business] = {
            "lead": next((agency for agency in sorted(group) if reached[agency] == best), None) if best else None,
            "reached": best,
            "agencies": len(set[str]().union(*knocks)),
            "knocks": len(knocks),
        }
    return found


@settings(max_examples=150, deadline=None)
@given(
    world=draw_worlds(),
    group=st.lists(st.sampled_from(AGENCIES), min_size=2, max_size=4, unique=True),
    sector=st.sampled_from([None, (("31",), ()), (("3", "6"), ("COOK", "60601"))]),
    first=st.integers(-40, 420),
    length=st.integers(0, 400),
)
def test_rows_are_what_the_rule_says(world: World, group: list[str], sector: Any, first: int, length: int) -> None:
    begin = EPOCH + timedelta(days=first)
    end = begin + timedelta(days=length)
    period = Period(get_day(begin), get_day(end))
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    ids = list_ids(world)
    chosen = frozenset(ids[name] for name in group)
    said = None if sector is None else Sector(*sector)
    found = replay(history, [chosen], sector=said, period=period)
    leads = list_leads(history, chosen, found, sector=said, period=period)
    by_hand = list_by_hand(world, group, begin, end, sector)
    names = ("lead", "reached", "agencies", "knocks")
    assert {row.business: {name: getattr(row, name) for name in names} for row in leads} == by_hand

    avoided = list_avoided(history, found)
    answer = found.as_json()
    assert len(avoided) == answer["avoided"]
    assert sum(knock.business_hours for knock in avoided) == pytest.approx(answer["business_hours"], abs=1e-9)
    assert sum(knock.staff_hours for knock in avoided) == pytest.approx(answer["staff_hours"], abs=1e-9)
    assert all(period.first <= knock.day <= period.last for knock in avoided)
    counted = {knock.business: 0 for knock in avoided}
    for knock in avoided:
        counted[knock.business] += 1
    assert {row.business: row.avoided for row in leads if row.avoided}.items() <= counted.items()
    assert [row.avoided for row in leads] == sorted((row.avoided for row in leads), reverse=True)
    assert sum(number for _, number in count_leads(leads)) == sum(row.lead is not None for row in leads)
