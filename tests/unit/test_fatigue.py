"""Fatigue, budgets and hotspots: the worked values of definitions §4."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from crm.analysis.days import get_day
from crm.analysis.fatigue import find_free_day, flag_hotspots, is_over, measure_fatigue
from crm.analysis.history import build_history
from crm.analysis.knocks import measure_region
from crm.analysis.settings import Settings
from tests.knock_worlds import Site, make_region, make_touch, make_world

SETTINGS = Settings()
DAY = 20_000
# A visit 10 days ago, a call 40, a survey 80.
WORKED = [(DAY - 10, 1.0), (DAY - 40, 0.6), (DAY - 80, 0.8)]


def test_the_worked_fatigue_and_the_day_it_is_over() -> None:
    fatigue = measure_fatigue(WORKED, day=DAY, settings=SETTINGS)
    assert fatigue == pytest.approx(1.4146, abs=0.00005)
    assert find_free_day(fatigue, 1, day=DAY, settings=SETTINGS) == DAY + 23


def test_the_free_day_is_the_first_on_which_the_fatigue_is_within_the_budget() -> None:
    fatigue = measure_fatigue(WORKED, day=DAY, settings=SETTINGS)
    free = find_free_day(fatigue, 1, day=DAY, settings=SETTINGS) or 0
    assert not is_over(measure_fatigue(WORKED, day=free, settings=SETTINGS), 1, SETTINGS)
    assert is_over(measure_fatigue(WORKED, day=free - 1, settings=SETTINGS), 1, SETTINGS)


def test_twice_the_budget_is_free_after_exactly_one_half_life() -> None:
    assert find_free_day(2.0, 1.0, day=DAY, settings=SETTINGS) == DAY + 45
    assert find_free_day(8.0, 4.0, day=DAY, settings=SETTINGS) == DAY + 45
    # A sum of halves and quarters may miss 2 by the last digit; that is not another day.
    assert find_free_day(2.0 * (1 + 1e-12), 1.0, day=DAY, settings=SETTINGS) == DAY + 45


@pytest.mark.parametrize(("fatigue", "over"), [(1.0, False), (1 + 1e-9, False), (1 + 3e-9, True), (0.99, False)])
def test_a_fatigue_equal_to_the_budget_is_within_it(fatigue: float, over: bool) -> None:
    assert is_over(fatigue, 1.0, SETTINGS) == over
    assert (find_free_day(fatigue, 1.0, day=DAY, settings=SETTINGS) is not None) == over


def test_later_asks_do_not_count() -> None:
    assert measure_fatigue([(DAY + 1, 1.0), (DAY, 0.5)], day=DAY, settings=SETTINGS) == 0.5


@pytest.mark.parametrize(
    ("employees", "budget"),
    [(None, 1), (0, 1), (1, 1), (9, 1), (10, 1.5), (49, 1.5), (50, 2.5), (249, 2.5), (250, 4), (9000, 4)],
)
def test_the_budget_goes_by_employees(employees: int | None, budget: float) -> None:
    assert SETTINGS.get_budget(employees) == budget


def test_the_region_tells_fatigue_and_budget_of_each_business() -> None:
    touches = [
        make_touch("2026-06-20", "WDB", "VR", channel="visit"),
        make_touch("2026-05-21", "College", channel="call"),
        make_touch("2026-04-11", "VR", channel="survey"),
        make_touch("2026-06-01", "VR", purpose="service"),
        make_touch("2026-06-01", "VR", direction="in"),
        make_touch("2026-07-01", "VR", key="plan"),
    ]
    region = make_region(make_world(*touches, sites=[Site("bakery", employees=60)]))
    (row,) = measure_region(build_history(region, as_of=get_day(date(2026, 6, 30)))).businesses
    assert row.fatigue == pytest.approx(1.4146, abs=0.00005)
    assert row.budget == 2.5
    assert row.hotspot


class TestHotspots:
    @pytest.mark.parametrize(("businesses", "expected"), [(1, 1), (20, 1), (21, 2), (40, 2), (140, 7)])
    def test_the_highest_5_percent_are_rounded_up(self, businesses: int, expected: int) -> None:
        fatigue = np.arange(1, businesses + 1) / 100
        flags = flag_hotspots(fatigue, np.ones(businesses), SETTINGS)
        assert flags.sum() == expected
        assert flags[-expected:].all()

    def test_businesses_without_fatigue_are_not_counted(self) -> None:
        fatigue = np.array([0.0] * 100 + [0.5, 0.4])
        assert np.flatnonzero(flag_hotspots(fatigue, np.ones(102), SETTINGS)).tolist() == [100]

    def test_ties_with_the_last_one_are_included(self) -> None:
        fatigue = np.array([0.5, 0.5 + 1e-10, 0.4])
        assert flag_hotspots(fatigue, np.ones(3), SETTINGS).tolist() == [True, True, False]

    def test_fatigue_counts_against_the_budget(self) -> None:
        assert flag_hotspots(np.array([2.0, 1.5]), np.array([4.0, 1.0]), SETTINGS).tolist() == [False, True]

    def test_nobody_tired_is_no_hotspot(self) -> None:
        assert not flag_hotspots(np.zeros(3), np.ones(3), SETTINGS).any()


def test_the_settings_can_be_printed_with_a_report() -> None:
    printed = dict(SETTINGS.list_values())
    assert printed["fatigue halves in"] == "45 days"
    assert "visit 1" in printed["burden of a contact"]
    assert printed["fatigue budget by employees"] == "0+: 1, 10+: 1.5, 50+: 2.5, 250+: 4"
