"""What an agency reads about itself: the worked example of definitions §3, agency by agency."""

from __future__ import annotations

from typing import Any

import pytest

from crm.analysis.businesses import Scope, Sector
from crm.analysis.days import Period
from crm.analysis.history import build_history
from crm.analysis.whatif import replay
from crm.analysis.workshops import AgencyFigures, Guesses, measure_agencies, narrow_what_if, sum_up
from tests.knock_worlds import Site, World, list_ids, make_region, make_touch, make_world
from tests.unit.test_knocks import FIVE, YEAR, day


def measure(world: World, **options: Any) -> dict[str, AgencyFigures]:
    names = {id: name for name, id in list_ids(world).items()}
    history = build_history(make_region(world), as_of=day("2026-12-31"))
    return {names[one.agency]: one for one in measure_agencies(history, period=YEAR, **options)}


def test_the_worked_example_by_agency() -> None:
    found = measure(make_world(*FIVE))
    assert {name: (one.knocks, one.first, one.redundant) for name, one in found.items()} == {
        "WDB": (1, 1, 0),
        "College": (2, 1, 1),
        "Chamber": (1, 1, 0),
        "VR": (1, 0, 1),
    }
    college = found["College"]
    assert (college.rate, college.businesses, college.shared, college.shared_share) == (0.5, 1, 1, 1.0)
    assert (college.business_hours, college.staff_hours, college.hours) == (2.0, 4.0, 6.0)


def test_a_joint_knock_is_one_of_each_and_each_was_there_beside_the_other() -> None:
    found = measure(make_world(make_touch("2026-03-01", "WDB", "College")))
    for name in ("WDB", "College"):
        assert (found[name].knocks, found[name].shared, found[name].hours) == (1, 1, 3.0)


def test_businesses_of_its_own_are_not_shared() -> None:
    world = make_world(
        make_touch("2026-03-01", "WDB"),
        make_touch("2026-03-02", "WDB", business="mill"),
        make_touch("2026-06-02", "VR", business="mill", purpose="sponsorship"),
        sites=[Site("bakery"), Site("mill")],
    )
    found = measure(world)["WDB"]
    assert (found.businesses, found.shared, found.shared_share) == (2, 1, 0.5)


def test_an_agency_without_a_knock_has_shares_of_nothing() -> None:
    found = measure(make_world(make_touch("2026-03-01", "WDB")))["VR"]
    assert (found.knocks, found.rate, found.shared_share, found.hours) == (0, None, None, 0.0)


def test_only_businesses_of_the_scope_count() -> None:
    world = make_world(*FIVE, sites=[Site("bakery", naics="311811")])
    assert measure(world, scope=Scope(Sector(("33",))))["College"].knocks == 0
    assert measure(world, scope=Scope(Sector(("31",))))["College"].knocks == 2


def test_only_knocks_of_the_period_count() -> None:
    history = build_history(make_region(make_world(*FIVE)), as_of=day("2026-12-31"))
    period = Period(day("2026-01-01"), day("2026-02-28"))
    assert sum(one.knocks for one in measure_agencies(history, period=period)) == 3


def test_a_what_if_of_a_scope_leaves_the_other_businesses_out() -> None:
    there = [make_touch(touch.on.isoformat(), *touch.programs, business="mill") for touch in FIVE]
    world = make_world(*FIVE, *there, sites=[Site("bakery", naics="311811"), Site("mill", naics="332710", zip="61101")])
    history = build_history(make_region(world), as_of=day("2026-12-31"))
    ids = list_ids(world)
    whole = replay(history, [frozenset({ids["WDB"], ids["College"]})], period=YEAR)
    narrow = narrow_what_if(history, whole, scope=Scope(place="61101"), redundant=2)
    # On the mill every visit asks for needs, so the Chamber's comes between and is redundant as well.
    only = make_world(*there, sites=[Site("mill", naics="332710", zip="61101")])
    alone = replay(
        build_history(make_region(only), as_of=day("2026-12-31")),
        [frozenset({ids["WDB"], ids["College"]})],
        period=YEAR,
    )
    assert narrow_what_if(history, whole, scope=Scope(), redundant=whole.redundant_before).as_json() == whole.as_json()
    assert (len(narrow.avoided), narrow.business_hours, narrow.staff_hours) == (
        len(alone.avoided),
        alone.business_hours,
        alone.staff_hours,
    )
    assert 0 < len(narrow.avoided) < len(whole.avoided)


@pytest.mark.parametrize(
    ("guesses", "summed"),
    [
        ([], Guesses(0, None, None, None)),
        ([None, None], Guesses(0, None, None, None)),
        ([7], Guesses(1, 7, 7.0, 7)),
        ([9, None, 1, 4], Guesses(3, 1, 4.0, 9)),
        ([1, 4], Guesses(2, 1, 2.5, 4)),
    ],
)
def test_guesses_are_summed_up_by_the_one_in_the_middle(guesses: list[float | None], summed: Guesses) -> None:
    assert sum_up(guesses) == summed
