"""What was missing, against a plain reading of the definitions: the named links suffice, and fewer never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.days import Period, get_date, get_day
from crm.analysis.explanations import KnockLine, explain_business
from crm.analysis.history import build_history
from tests.knock_worlds import Pact, World, make_region
from tests.properties.knock_strategies import EPOCH, draw_worlds
from tests.properties.knocks_by_the_book import classify

AS_OF = EPOCH + timedelta(days=430)
ALWAYS = Period(get_day(date(1990, 1, 1)), get_day(AS_OF))
Pairs = list[tuple[str, str]]


def list_lines(world: World, business: str, *, window: int, broad: bool) -> list[KnockLine]:
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    return explain_business(history, business, period=ALWAYS, window=window, broad=broad)


def link(world: World, business: str, pairs: Pairs, day: date) -> World:
    """The world in which each pair had a shared lead for this business on this day alone."""
    pacts = [Pact(pair, day, day, businesses=frozenset([business])) for pair in pairs]
    return replace(world, pacts=[*world.pacts, *pacts])


def get_class(world: World, business: str, place: int, *, window: int, broad: bool) -> str:
    return classify(world, business, AS_OF, window=window, broad=broad)[place][1]


@settings(max_examples=80, deadline=None)
@given(world=draw_worlds(businesses=2, most=14), window=st.sampled_from([30, 90, 500]), broad=st.booleans())
def test_the_named_links_coordinate_the_knock_and_fewer_do_not(world: World, window: int, broad: bool) -> None:
    pairs = list(combinations(world.agencies, 2))
    for business in {touch.business for touch in world.touches}:
        for place, line in enumerate(list_lines(world, business, window=window, broad=broad)):
            day, missing = get_date(line.day), [(own, other) for own, other in line.missing]
            assert bool(missing) == bool(line.remedy) == (line.outcome.word == "redundant")
            if not missing:
                continue
            assert all(own in line.agencies for own, _ in missing)
            linked = link(world, business, missing, day)
            assert get_class(linked, business, place, window=window, broad=broad) == "coordinated"
            # A link more never hurts, so it is enough to look at all sets of one link fewer.
            for fewer in combinations(pairs, len(missing) - 1):
                other = link(world, business, list(fewer), day)
                assert get_class(other, business, place, window=window, broad=broad) == "redundant"


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(businesses=2))
def test_the_door_of_a_knock_is_the_door_of_its_agency_on_the_day_of_the_report(world: World) -> None:
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    year = Period(get_day(AS_OF - timedelta(days=364)), get_day(AS_OF))
    for code, business in enumerate(history.region.words.business_ids):
        lines = explain_business(history, business, period=year)
        assert len({line.door for line in lines}) == history.year.doors[code]
