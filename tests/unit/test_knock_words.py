"""What the page says about knocks: its title with the interval, and agreements as lines of the trend."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.analysis.begun import list_begun
from crm.analysis.businesses import Scope, Sector
from crm.analysis.history import build_history
from crm.views.knock_words import draw_marks, tell_title
from tests.knock_worlds import Pact, Site, World, make_region, make_touch, make_world
from tests.unit.test_knocks import FIVE, YEAR, day, measure


def test_the_title_of_many_knocks_has_its_interval() -> None:
    touches = [
        make_touch(str(date(2026, 1, 1) + timedelta(days=n % 300)), name, business=f"b{n}", key=f"{name}{n}")
        for n in range(80)
        for name in (("WDB", "College") if n % 2 else ("WDB",))
    ]
    report = measure(World(make_world().programs, touches))
    low, high = report.interval or (0, 0)
    assert report.knocks == 120
    assert tell_title(report) == f"33 of 100 knocks were redundant ({round(100 * low)}–{round(100 * high)})"
    assert low < 1 / 3 < high


def test_of_few_knocks_the_title_says_what_there_is() -> None:
    assert tell_title(measure(make_world(*FIVE))) == "2 of 5 knocks were redundant"


def list_names(world: World, *, scope: Scope | None = None, as_of: str = "2026-12-31") -> list[str]:
    history = build_history(make_region(world), as_of=day(as_of))
    return [one.name for one in list_begun(history, YEAR, scope=scope or Scope())]


def test_agreements_that_began_in_the_period_are_listed_by_their_day() -> None:
    pacts = [
        Pact(("WDB", "VR"), date(2026, 5, 1)),
        Pact(("WDB", "College"), date(2026, 1, 1)),
        Pact(("College", "VR"), date(2025, 12, 31)),
        Pact(("Chamber", "Nobody"), date(2026, 2, 1)),
        Pact(("Chamber", "VR"), date(2026, 6, 1), businesses=frozenset(["elsewhere"])),
    ]
    world = make_world(*FIVE, pacts=pacts, sites=[Site("bakery", naics="311811")], others=("Nobody",))
    assert list_names(world) == ["WDB and College", "Chamber and Nobody", "WDB and VR"]
    assert list_names(world, as_of="2026-04-30") == ["WDB and College", "Chamber and Nobody"]
    assert list_names(world, scope=Scope(Sector(("31",)))) == list_names(world)
    assert list_names(world, scope=Scope(Sector(("99",)))) == []


def test_a_line_stands_on_its_day_and_several_are_numbered() -> None:
    world = make_world(*FIVE, pacts=[Pact(("WDB", "College"), date(2026, 2, 15), date(2026, 9, 30))])
    history, report = build_history(make_region(world), as_of=day("2026-12-31")), measure(world)
    (mark,) = draw_marks(list_begun(history, YEAR), report)
    assert (mark.place, mark.label) == (pytest.approx(1.5), "WDB and College")
    assert mark.words == "WDB and College, from Feb 15, 2026 to Sep 30, 2026: College and WDB"
    both = [*list_begun(history, YEAR), list_begun(history, YEAR)[0]._replace(begins_on=day("2026-01-01"))]
    assert [(mark.place, mark.label) for mark in draw_marks(both, report)] == [(pytest.approx(1.5), "1"), (0.0, "2")]
