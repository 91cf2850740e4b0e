"""Unknown months: no rows may mean no work, or a file that nobody sent (definitions §3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.analysis.days import Period, get_day
from crm.analysis.history import build_history
from crm.analysis.knocks import RegionKnocks, measure_region
from tests.knock_worlds import World, make_region, make_touch

PROGRAMS = {"WDB": "WDB", "VR": "VR"}
HALF = Period(get_day(date(2026, 1, 10)), get_day(date(2026, 6, 20)))


def measure(*touches: Any, as_of: str = "2026-06-30", others: tuple[str, ...] = ()) -> RegionKnocks:
    region = make_region(World(programs=PROGRAMS, touches=touches, others=others))
    return measure_region(build_history(region, as_of=get_day(date.fromisoformat(as_of))), period=HALF)


def list_pairs(answer: RegionKnocks) -> list[tuple[str, str]]:
    return [(entry["agency"], entry["month"]) for entry in answer.unknown_months]


WHOLE = (make_touch("2025-12-31", "WDB"), make_touch("2026-07-01", "WDB", key="later"))


def test_months_before_the_first_and_after_the_last_row_are_unknown() -> None:
    rows = [make_touch("2026-02-28", "VR"), make_touch("2026-04-01", "VR")]
    answer = measure(*WHOLE, *rows, as_of="2026-07-01")
    assert list_pairs(answer) == [("VR", "2026-01"), ("VR", "2026-05"), ("VR", "2026-06")]
    assert [month.unknown for month in answer.months][:2] == [["VR"], []]


def test_a_month_in_between_without_rows_is_a_true_zero() -> None:
    rows = [make_touch("2026-01-01", "VR"), make_touch("2026-06-30", "VR")]
    assert list_pairs(measure(*WHOLE, *rows, as_of="2026-07-01")) == []


def test_an_agency_without_rows_is_unknown_throughout() -> None:
    answer = measure(*WHOLE, as_of="2026-07-01", others=("Chamber",))
    assert {agency for agency, _ in list_pairs(answer)} == {"Chamber", "VR"}
    assert len(list_pairs(answer)) == 12


def test_a_joint_contact_is_a_row_of_the_agency_that_logged_it_only() -> None:
    answer = measure(*WHOLE, make_touch("2026-03-01", "WDB", "VR"), as_of="2026-07-01")
    assert {agency for agency, _ in list_pairs(answer)} == {"VR"}


def test_rows_of_any_kind_make_a_month_known() -> None:
    rows = [
        make_touch("2026-01-10", "VR", direction="in"),
        make_touch("2026-06-20", "VR", purpose="service", reached="no"),
    ]
    assert list_pairs(measure(*WHOLE, *rows, as_of="2026-07-01")) == []


def test_a_plan_makes_no_month_known() -> None:
    plan = make_touch("2026-12-01", "VR")
    rows = [make_touch("2026-01-10", "VR"), plan]
    assert ("VR", "2026-06") in list_pairs(measure(*rows))


def test_the_months_of_an_agency_from_before_1970_are_known() -> None:
    rows = [make_touch("1969-12-31", "VR"), make_touch("2026-06-20", "VR")]
    assert list_pairs(measure(*WHOLE, *rows, as_of="2026-07-01")) == []
