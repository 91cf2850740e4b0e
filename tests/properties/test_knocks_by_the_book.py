"""The measures against a plain reading of the definitions, on random small regions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.businesses import Scope, Sector
from crm.analysis.contacts import LISTS
from crm.analysis.credit import list_deeds
from crm.analysis.days import Period, get_day
from crm.analysis.explanations import explain_business
from crm.analysis.history import build_history
from crm.analysis.knocks import list_asked_twice, measure_region
from crm.analysis.lights import light_business, light_person
from crm.analysis.settings import Settings, Size
from tests.knock_worlds import World, list_ids, make_directory, make_region, make_rows, make_sites, make_subject
from tests.properties.knock_strategies import EPOCH, draw_worlds
from tests.properties.knocks_by_the_book import (
    classify,
    get_fatigue,
    light_by_the_book,
    list_asks,
    measure_by_the_book,
)
from tests.properties.knocks_by_the_book import list_asked_twice as topics_by_the_book

AS_OF = EPOCH + timedelta(days=400)
sectors = st.sampled_from([None, (("31",), ()), (("3", "6"), ("COOK", "60601")), (("99",), ())])


def compare(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Everything but intervals and names is the same, whole numbers exactly."""
    found, expected = dict(found), dict(expected)
    interval = found.pop("interval")
    assert (interval is None) == (expected["knocks"] == 0)
    assert interval is None or interval[0] - 1e-9 <= expected["rate"] <= interval[1] + 1e-9
    found["months"] = [{k: v for k, v in month.items() if k != "interval"} for month in found["months"]]
    rows = {row["business"]: row for row in found.pop("businesses")}
    businesses = expected.pop("businesses")
    assert rows.keys() == businesses.keys()
    for business, row in rows.items():
        told = {name: value for name, value in row.items() if name not in ("business", "name")}
        assert told == pytest.approx(businesses[business], abs=1e-9)
    for name in ("rate", "mean_doors", "gini", "top_decile_share", "share_2_doors", "share_3_doors", "share_5_doors"):
        assert found.pop(name) == pytest.approx(expected.pop(name), abs=1e-9), name
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(
    world=draw_worlds(),
    first=st.integers(-40, 420),
    length=st.integers(0, 400),
    window=st.sampled_from([0, 30, 90, 180]),
    broad=st.booleans(),
    sector=sectors,
    place=st.sampled_from(["", "", "COOK", "60601"]),
    size=st.sampled_from([None, None, *Settings().sizes]),
)
def test_every_figure_is_what_the_definitions_say(
    world: World, first: int, length: int, window: int, broad: bool, sector: Any, place: str, size: Size | None
) -> None:
    begin = EPOCH + timedelta(days=first)
    end = begin + timedelta(days=length)
    asked = {"window": window, "broad": broad, "sector": sector, "place": place, "size": size.name if size else ""}
    expected = measure_by_the_book(world, AS_OF, begin, end, **asked)
    found = measure_region(
        build_history(make_region(world), as_of=get_day(AS_OF)),
        period=Period(get_day(begin), get_day(end)),
        scope=Scope(None if sector is None else Sector(*sector), place, size),
        window=window,
        broad=broad,
    )
    compare(found.as_json(), expected)


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), window=st.sampled_from([30, 90, 180]), broad=st.booleans())
def test_the_list_of_a_business_has_the_knocks_that_the_definitions_say(world: World, window: int, broad: bool) -> None:
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    for business in history.region.words.business_ids:
        lines = explain_business(
            history,
            business,
            period=Period(get_day(date(1990, 1, 1)), get_day(AS_OF)),
            window=window,
            broad=broad,
        )
        expected = classify(world, business, AS_OF, window=window, broad=broad)
        found = [(line.touchpoints, line.day, line.outcome.word, line.purpose_class, line.agencies) for line in lines]
        assert found == [
            (
                [(ask.agency, ask.key) for ask in knock.asks],
                get_day(knock.on),
                name,
                knock.purpose_class,
                sorted(knock.agencies),
            )
            for knock, name, _ in expected
        ]
        assert [line.burden for line in lines] == pytest.approx([knock.burden for knock, _, _ in expected])


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), window=st.sampled_from([30, 90]), broad=st.booleans())
def test_other_program_marks_the_repeats_that_the_definitions_say(world: World, window: int, broad: bool) -> None:
    region = make_region(world)
    found = measure_region(
        build_history(region, as_of=get_day(AS_OF)),
        period=Period(get_day(date(1990, 1, 1)), get_day(AS_OF)),
        window=window,
        broad=broad,
    )
    entries = [
        entry
        for business in region.words.business_ids
        for entry in classify(world, business, AS_OF, window=window, broad=broad)
    ]
    assert found.other_program == sum(other for _, _, other in entries)


@settings(max_examples=80, deadline=None)
@given(world=draw_worlds(businesses=2, most=40))
def test_the_answer_is_held_by_whoever_asked_last_and_reached_the_business(world: World) -> None:
    ids = list_ids(world)
    found = {
        (pair.business, pair.topic): (pair.agencies, pair.day, pair.source)
        for pair in list_asked_twice(build_history(make_region(world), as_of=get_day(AS_OF)))
    }
    assert found == {
        (business, topic): find_answer_by_the_book(world, ids, business, topic)
        for business in {touch.business for touch in world.touches}
        for topic in topics_by_the_book(world, business, AS_OF)
    }


def find_answer_by_the_book(world: World, ids: dict[str, str], business: str, topic: str) -> tuple[Any, ...]:
    reached = [
        ask
        for ask in list_asks(world, business, AS_OF)
        if ask.on > AS_OF - timedelta(days=365)
        and ask.reached != "no"
        and topic in [said.strip().lower() for said in ask.topics]
    ]
    if not reached:
        return (), None, None
    last = reached[-1]
    agencies = tuple(sorted({world.programs[program] for program in last.programs}))
    return agencies, get_day(last.on), (ids[last.agency], last.system, last.key)


@settings(max_examples=150, deadline=None)
@given(world=draw_worlds(businesses=1), after=st.integers(0, 60), viewer=st.sampled_from(["Ab", "Bo", "Cy"]))
def test_the_light_is_what_the_definitions_say(world: World, after: int, viewer: str) -> None:
    day = AS_OF + timedelta(days=after - 30)
    for business in {touch.business for touch in world.touches}:
        subject = make_subject(world, business)
        common = {"agency": list_ids(world)[viewer], "day": get_day(day), "directory": make_directory(world)}
        found = light_business(subject, **common)
        assert found.light == light_by_the_book(world, business, viewer, day)
        assert found.fatigue == pytest.approx(get_fatigue(world, business, day), abs=1e-9)
        assert found.reasons
        person = light_person("ann", [subject], works_at=[business], **common)
        assert person.light == light_by_the_book(world, business, viewer, day, "ann")


ASKED: tuple[dict[str, Any], ...] = (
    {"window": 90},
    {"window": 90, "broad": True},
    {"purpose_class": "input"},
    {"scope": Scope(sector=Sector(("31", "62")))},
)


@settings(max_examples=80, deadline=None)
@given(world=draw_worlds(), later=draw_worlds(), changed=st.sets(st.sampled_from(["b0", "b1", "b2", "b3"])))
def test_a_history_brought_up_to_date_equals_one_made_anew(world: World, later: World, changed: set[str]) -> None:
    # The later world's contacts and referrals for the changed businesses, the earlier world's for the others.
    def mix(name: str) -> list[Any]:
        kept = [entry for entry in getattr(world, name) if entry.business not in changed]
        return kept + [entry for entry in getattr(later, name) if entry.business in changed]

    mixed = World(world.programs, mix("touches"), mix("handovers"), world.pacts, mix("sites"), world.others)
    anew = build_history(make_region(mixed), as_of=get_day(AS_OF))
    old = build_history(make_region(world), as_of=get_day(AS_OF))
    for asked in ASKED:
        # What was worked out for a question is kept up to date, and not worked out anew.
        measure_region(old, **asked)
    everybody = list(list_ids(world).values())
    list_deeds(old, agencies=everybody)
    rows = {str(row["business"]): row for row in make_rows(mixed)}
    sites = {str(row["business"]): row for row in make_sites(mixed)}
    referrals = make_region(mixed).referrals
    region = old.region.change(
        contacts=[rows[business] for business in changed if business in rows],
        businesses=[sites[business] for business in changed if business in sites],
        referrals={business: referrals.get(business, []) for business in changed if business in rows},
        gone=[business for business in changed if business not in rows and business not in sites],
    )
    for business in changed & sites.keys() - rows.keys():
        region = region.change(contacts=[{"business": business, **dict.fromkeys(LISTS, ())}], referrals={business: []})
    updated = old.update(region, changed)
    for asked in (*ASKED, {"window": 30}):
        assert measure_region(updated, **asked).as_json() == measure_region(anew, **asked).as_json()
    assert list_asked_twice(updated) == list_asked_twice(anew)
    # Of a business without contacts the change above tells no referrals.
    found, expected = (
        [deed for deed in list_deeds(history, agencies=everybody) if deed.business in rows]
        for history in (updated, anew)
    )
    assert found == expected
