"""What if: the worked example of definitions §3 once more, with agreements that there were not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.analysis.businesses import Sector
from crm.analysis.days import Period, get_day
from crm.analysis.history import build_history
from crm.analysis.whatif import WhatIf, replay
from tests.knock_worlds import Pact, Site, World, list_ids, make_region, make_touch, make_world
from tests.unit.test_knocks import FIVE, YEAR, day


def try_out(world: World, *groups: tuple[str, ...], as_of: str = "2026-12-31", **options: Any) -> WhatIf:
    ids = list_ids(world)
    history = build_history(make_region(world), as_of=day(as_of))
    return replay(history, [frozenset(ids[name] for name in group) for group in groups], **options)


def test_an_agreement_of_two_would_have_avoided_one_visit() -> None:
    found = try_out(make_world(*FIVE), ("WDB", "College"), period=YEAR)
    assert found.as_json() == {
        "redundant_before": 2,
        "redundant_after": 1,
        "avoided": 1,
        "business_hours": 1.0,
        "staff_hours": 2.0,
    }


def test_an_agreement_of_three_would_have_avoided_both() -> None:
    found = try_out(make_world(*FIVE), ("WDB", "College", "VR"), period=YEAR)
    assert (found.redundant_before, found.redundant_after, found.business_hours, found.staff_hours) == (2, 0, 2.0, 4.0)


def test_several_agreements_hold_together_and_join_through_a_third() -> None:
    assert try_out(make_world(*FIVE), ("WDB", "College"), ("College", "VR"), period=YEAR).redundant_after == 0


def test_agreements_that_there_are_stay_in_force() -> None:
    world = make_world(*FIVE, pacts=[Pact(("WDB", "College"), date(2026, 1, 1))])
    found = try_out(world, ("WDB", "VR"), period=YEAR)
    assert (found.redundant_before, found.redundant_after) == (1, 0)


def test_the_hours_are_those_of_every_ask_of_the_knock() -> None:
    world = make_world(
        make_touch("2026-01-05", "WDB"),
        make_touch("2026-01-20", "College", channel="call", reached="no"),
        make_touch("2026-01-22", "College", channel="video", reached="no"),
        make_touch("2026-01-25", "College", channel="visit"),
    )
    found = try_out(world, ("WDB", "College"), period=YEAR)
    assert (found.redundant_before, found.redundant_after) == (1, 0)
    assert found.business_hours == pytest.approx(0.25 + 0.5 + 1.0)
    assert found.staff_hours == pytest.approx(0.5 + 0.75 + 2.0)


def test_only_knocks_of_the_period_count() -> None:
    january = Period(get_day(date(2026, 1, 1)), get_day(date(2026, 1, 31)))
    found = try_out(make_world(*FIVE), ("WDB", "College", "VR"), period=january)
    assert (found.redundant_before, found.redundant_after) == (1, 0)


def test_the_window_is_the_one_asked_for() -> None:
    found = try_out(make_world(*FIVE), ("WDB", "College"), period=YEAR, window=30)
    assert (found.redundant_before, found.redundant_after) == (1, 0)


@pytest.mark.parametrize(("naics", "after"), [(("31",), 1), (("99",), 2), (("3", "99"), 1)])
def test_a_sector_is_what_the_agreement_is_about(naics: tuple[str, ...], after: int) -> None:
    world = make_world(*FIVE, sites=[Site("bakery", naics="311811")])
    found = try_out(world, ("WDB", "College"), period=YEAR, sector=Sector(naics))
    assert (found.redundant_before, found.redundant_after) == (2, after)
