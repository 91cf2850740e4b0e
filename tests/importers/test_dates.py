"""Days are read by one pattern per column, and never guessed."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.config import read_time_zone
from crm.errors import Refused
from importers import dates
from importers.dates import (
    NO_DAY_REMARK,
    SERIAL_REMARK,
    SUSPECT_REMARK,
    compile_pattern,
    find_patterns,
    guess_patterns,
    read_iso,
)
from importers.errors import MapError
from importers.verdicts import Problem, Remark


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("d/m/yyyy", "1/7/2014", date(2014, 7, 1)),
        ("m/d/yyyy", "1/7/2014", date(2014, 1, 7)),
        ("dd/mm/yyyy", "01/07/2014", date(2014, 7, 1)),
        ("d.m.yyyy", "31.12.2025", date(2025, 12, 31)),
        ("d mmm yyyy", "14 May 2026", date(2026, 5, 14)),
        ("d mmm yyyy", "3 Sept. 2026", date(2026, 9, 3)),
        ("mmmm d, yyyy", "February 12, 2021", date(2021, 2, 12)),
        ("mmmm d, yyyy time", "February 12, 2021 4:06 PM", date(2021, 2, 12)),
        ("mmmm d, yyyy", "Thursday, February 12, 2021", date(2021, 2, 12)),
        ("m/d/yyyy", "Mon 3/2/2026", date(2026, 3, 2)),
        ("yyyy m d", "2017 11 17", date(2017, 11, 17)),
        ("yyyymmdd", "20171117", date(2017, 11, 17)),
        ("m/d/yy", "3/5/24", date(2024, 3, 5)),
        ("m/d/yy", "3/5/78", date(1978, 3, 5)),
        ("d/m/yyyy", "2014-07-01", date(2014, 7, 1)),
        ("D/M/YYYY", "1/7/2014", date(2014, 7, 1)),
    ],
)
def test_a_pattern_reads_its_days(pattern: str, text: str, day: date) -> None:
    assert compile_pattern(pattern)(text) == day


@pytest.mark.parametrize(
    "text", ["n/a", "12", "May", "Monday", "1/7", "2014/07/01", "7.1.2014", "31/12/2025x", "tomorrow"]
)
def test_what_is_no_day_of_the_pattern_is_refused(text: str) -> None:
    assert isinstance(compile_pattern("d/m/yyyy")(text), Problem)
    assert isinstance(read_iso(text), Problem)


def test_days_that_do_not_exist_say_so() -> None:
    verdict = read_iso("2026-02-30")
    assert isinstance(verdict, Problem)
    assert verdict.reason == "There is no day 30 in February 2026."
    verdict = compile_pattern("m/d/yyyy")("13/1/2026")
    assert isinstance(verdict, Problem)
    assert verdict.fix == "Check whether the day stands before the month."
    assert isinstance(compile_pattern("d mmm yyyy")("3 Smarch 2026"), Problem)


@pytest.mark.parametrize("text", ["0001-02-03", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_years_outside_two_centuries_are_refused(text: str) -> None:
    assert isinstance(read_iso(text), Problem)


def test_midnight_is_the_day_and_any_other_time_is_remarked_on() -> None:
    assert read_iso("2026-03-31T00:00:00") == date(2026, 3, 31)
    assert read_iso("2026-03-31T00:00:00.000Z") == date(2026, 3, 31)
    assert read_iso("2026-03-31 14:30") == Remark(date(2026, 3, 31), "the time of day is not kept, only the day")


def test_a_refused_day_proposes_the_patterns_that_fit_it() -> None:
    verdict = read_iso("25/12/2026")
    assert isinstance(verdict, Problem)
    assert "d/m/yyyy" in verdict.fix


def test_patterns_are_proposed_only_if_every_cell_fits() -> None:
    assert guess_patterns(["1/7/2014", "2/8/2014"])[:2] == ["m/d/yyyy", "d/m/yyyy"]
    assert guess_patterns(["1/7/2014", "25/8/2014"]) == ["d/m/yyyy"]
    assert guess_patterns(["2014-07-01", " "]) == ["yyyy-mm-dd"]
    assert guess_patterns(["2014-07-01", "n/a"]) == []
    assert guess_patterns([]) == []


@pytest.mark.parametrize("pattern", ["", "d/m", "dd/mm/yyyy/yyyy", "whenever", "m/m/yyyy"])
def test_a_pattern_without_day_month_and_year_is_refused(pattern: str) -> None:
    with pytest.raises(MapError, match="not a date pattern"):
        compile_pattern(pattern)


SUSPECT = {date(1900, 1, 1), date(1950, 1, 1), date(1970, 1, 1)}


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)).filter(lambda day: day not in SUSPECT))
def test_every_day_written_by_a_pattern_is_read_back(day: date) -> None:
    assert read_iso(day.isoformat()) == day
    assert compile_pattern("d/m/yyyy")(f"{day.day}/{day.month}/{day.year}") == day
    assert compile_pattern("d mmm yyyy")(f"{day:%d %b %Y}") == day
    assert compile_pattern("mmmm d, yyyy")(f"{day:%B %d, %Y}") == day


def test_a_day_that_means_none_is_blank_and_remarked_on() -> None:
    for text in ("0001-01-01", "1900-01-01"):
        assert read_iso(text) == Remark(None, NO_DAY_REMARK, is_used=False)
    assert compile_pattern("m/d/yyyy")("1/1/1900") == Remark(None, NO_DAY_REMARK, is_used=False)
    assert read_iso("1950-01-01") == Remark(date(1950, 1, 1), SUSPECT_REMARK)


def test_days_that_a_spreadsheet_turned_into_numbers_are_found_and_remarked_on() -> None:
    assert find_patterns(["45123", "45200", "2026-03-05"]) == ["serial"]
    assert find_patterns(["02134", "01901"]) == []
    assert compile_pattern("serial")("45123") == Remark(date(2023, 7, 16), SERIAL_REMARK)
    assert compile_pattern("serial")("45123.75") == Remark(date(2023, 7, 16), SERIAL_REMARK)
    assert compile_pattern("serial")("2026-03-05") == date(2026, 3, 5)
    assert isinstance(compile_pattern("serial")("12"), Problem)


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("yyyy-mm-dd", "2026-03-05T02:00:00.000Z", date(2026, 3, 4)),
        ("yyyy-mm-dd", "2020-09-25 16:45:13 -0400", date(2020, 9, 25)),
        ("yyyy-mm-dd", "2026-03-05T14:00Z", date(2026, 3, 5)),
        ("yyyy-mm-dd", "2026-03-05T02:00", date(2026, 3, 5)),
        ("m/d/yyyy time", "3/5/2026 1:30 AM Z", date(2026, 3, 4)),
        ("m/d/yyyy time", "3/5/2026 11:30 PM +0100", date(2026, 3, 5)),
        ("mmmm d, yyyy time", "February 12, 2021 4:06 PM", date(2021, 2, 12)),
        ("yyyy/m/d time", "2026/03/05 11:31:22 PM CST", date(2026, 3, 6)),
        ("yyyy/m/d time", "2026/03/05 11:31:22 PM GMT-6", date(2026, 3, 6)),
        ("m/d/yyyy time", "3/5/2026 11:31 PM ET", date(2026, 3, 5)),
    ],
)
def test_an_instant_is_the_day_that_it_was_in_the_region(
    pattern: str, text: str, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dates, "_region_zone", lambda: ZoneInfo("America/New_York"))
    read = compile_pattern(pattern)(text)
    assert (read.value if isinstance(read, Remark) else read) == day


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("8/19/2026, 2:33:49 PM", "m/d/yyyy time"),
        ("19/08/2026, 2:33:49 pm", "d/m/yyyy time"),
        ("Aug 19, 2026, 2:33:49 PM", "mmmm d, yyyy time"),
        ("August 19, 2026 at 2:33 PM", "mmmm d, yyyy time"),
        ("August 19th, 2026", "mmmm d, yyyy"),
        ("Wed Aug 19 2026", "mmmm d, yyyy"),
        ("19.08.2026 14:33", "d.m.yyyy time"),
        ("2026/08/19 9:31:22 AM MDT", "yyyy/m/d time"),
    ],
)
def test_days_are_read_as_forms_and_web_pages_write_them(text: str, pattern: str) -> None:
    assert guess_patterns([text]) == [pattern]
    read = compile_pattern(pattern)(text)
    assert (read.value if isinstance(read, Remark) else read) == date(2026, 8, 19)


def test_a_time_zone_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TIME_ZONE", "Mars/North")
    with pytest.raises(Refused, match="no time zone"):
        read_time_zone()
    monkeypatch.setenv("CRM_TIME_ZONE", "America/New_York")
    assert read_time_zone() == ZoneInfo("America/New_York")


def test_an_iso_day_with_a_time_is_a_day() -> None:
    assert guess_patterns(["2026-03-05T14:00:00.000Z", "2026-03-06"]) == ["yyyy-mm-dd"]
    assert find_patterns(["2024-03-14 10:00", "2020-09-25 16:45:13 -0400"]) == ["yyyy-mm-dd"]
