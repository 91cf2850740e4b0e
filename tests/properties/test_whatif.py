"""What if, against a plain reading of the definitions, on random small regions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.businesses import Sector
from crm.analysis.days import Period, get_day
from crm.analysis.history import build_history
from crm.analysis.whatif import replay
from tests.knock_worlds import Pact, World, list_ids, make_region
from tests.properties.knock_strategies import EPOCH, draw_worlds
from tests.properties.knocks_by_the_book import Knock, classify, in_sector

AS_OF = EPOCH + timedelta(days=400)
# By hand from the table of definitions §1; a blank counts as a call.
BUSINESS_HOURS = {"visit": 1, "survey": 0.5, "call": 0.25, "email": 0.1, "mass_mail": 0.02, "": 0.25}
STAFF_HOURS = {"visit": 2, "survey": 0.25, "call": 0.5, "email": 0.2, "mass_mail": 0.01, "": 0.5}
AGENCIES = ("Ab", "Bo", "Cy", "Dé", "cy")
groups = st.lists(st.lists(st.sampled_from(AGENCIES), min_size=2, max_size=4, unique=True), min_size=1, max_size=3)


def list_redundant(world: World, first: date, last: date, *, window: int, broad: bool) -> dict[Any, Knock]:
    found = {}
    for business in {touch.business for touch in world.touches}:
        for knock, name, _ in classify(world, business, AS_OF, window=window, broad=broad):
            if name == "redundant" and first <= knock.on <= last:
                ask = knock.asks[0]
                found[business, ask.on, ask.agency, ask.key, ask.system] = knock
    return found


@settings(max_examples=120, deadline=None)
@given(
    world=draw_worlds(),
    agreed=groups,
    sector=st.sampled_from([None, (("31",), ()), (("3", "6"), ("COOK", "60601")), (("99",), ())]),
    first=st.integers(-40, 420),
    length=st.integers(0, 400),
    window=st.sampled_from([0, 30, 90, 180]),
    broad=st.booleans(),
)
def test_what_would_have_been_is_what_the_definitions_say(
    world: World, agreed: list[list[str]], sector: Any, first: int, length: int, window: int, broad: bool
) -> None:
    begin = EPOCH + timedelta(days=first)
    end = begin + timedelta(days=length)
    covered = frozenset(site.business for site in world.sites if in_sector(world, site.business, sector))
    pacts = [Pact(tuple(group), date(1980, 1, 1), businesses=covered if sector else frozenset()) for group in agreed]
    other = world if sector and not covered else replace(world, pacts=[*world.pacts, *pacts])
    before = list_redundant(world, begin, end, window=window, broad=broad)
    after = list_redundant(other, begin, end, window=window, broad=broad)
    asks = [ask for name, knock in before.items() if name not in after for ask in knock.asks]

    ids = list_ids(world)
    found = replay(
        build_history(make_region(world), as_of=get_day(AS_OF)),
        [frozenset(ids[name] for name in group) for group in agreed],
        sector=None if sector is None else Sector(*sector),
        period=Period(get_day(begin), get_day(end)),
        window=window,
        broad=broad,
    ).as_json()
    assert found == {
        "redundant_before": len(before),
        "redundant_after": len(after),
        "avoided": len(before.keys() - after.keys()),
        "business_hours": pytest.approx(sum(BUSINESS_HOURS[ask.channel] for ask in asks), abs=1e-9),
        "staff_hours": pytest.approx(sum(STAFF_HOURS[ask.channel] for ask in asks), abs=1e-9),
    }
    assert after.keys() <= before.keys()
