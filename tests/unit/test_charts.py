"""Where charts put their marks: scales, lines that break, bands, bars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.views import charts
from crm.views.charts import (
    LEFT,
    RIGHT,
    Month,
    nice_ticks,
    scale,
    shares,
    sparkline,
    stacked,
    trend,
    widths,
)


def months(*values: float | None, unknown: tuple[int, ...] = ()) -> list[Month]:
    return [
        Month(f"m{index}", value, None if value is None else value - 0.1, None if value is None else value + 0.1,
              unknown=index in unknown)
        for index, value in enumerate(values)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 0.45, [0, 0.2, 0.4, 0.6]),
        (0, 100, [0, 25, 50, 75, 100]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (3, 3, [3, 3.25, 3.5, 3.75, 4]),
    ],
)
def test_ticks_are_round_values_that_enclose_the_range(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high) == ticks


@given(st.floats(0, 1e6), st.floats(1e-6, 1e6))
def test_no_value_of_the_range_lies_outside_its_ticks(low: float, length: float) -> None:
    ticks = nice_ticks(low, low + length)
    slack = 1e-6 * (1 + low + length)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + length - slack
    assert len(ticks) <= 7


def test_a_value_is_placed_in_proportion() -> None:
    assert scale(5, (0, 10), (100, 0)) == 50
    assert scale(0, (0, 10), (100, 0)) == 100


def test_a_scale_of_one_point_is_its_middle() -> None:
    assert scale(3, (3, 3), (0, 10)) == 5


def test_a_higher_value_stands_higher() -> None:
    low, high = trend(months(0.2, 0.6)).dots
    assert high.y < low.y


def test_a_missing_month_breaks_the_line_and_has_no_dot() -> None:
    chart = trend(months(0.1, 0.2, None, 0.3, 0.4))
    assert chart.line.count("M") == 2
    assert len(chart.dots) == 4


def test_a_month_alone_between_gaps_is_a_dot_without_a_line() -> None:
    chart = trend(months(None, 0.2, None))
    assert chart.line == ""
    assert len(chart.dots) == 1


def test_the_band_goes_there_along_the_top_and_back_along_the_bottom() -> None:
    chart = trend(months(0.2, 0.4))
    steps = chart.band.replace("Z", "").replace("M", "L").split("L")[1:]
    points = [tuple(map(float, step.split())) for step in steps]
    assert [x for x, _ in points] == [270.0, 690.0, 690.0, 270.0]
    assert points[0][1] < points[3][1]
    assert points[1][1] < points[2][1]


def test_neighbouring_unknown_months_are_one_stretch() -> None:
    chart = trend(months(0.1, None, None, 0.2, unknown=(1, 2)))
    share = (RIGHT - LEFT) / 4
    assert [(span.start, span.width) for span in chart.unknown] == [(LEFT + share, 2 * share)]


def test_separate_unknown_months_are_separate_stretches() -> None:
    assert len(trend(months(None, 0.1, None, unknown=(0, 2))).unknown) == 2


def test_the_axis_reaches_above_the_interval_not_only_the_value() -> None:
    assert trend([Month("m", 0.39, 0.1, 0.55)]).y_ticks[-1].value == 0.6


def test_the_last_month_is_always_named_and_few_are() -> None:
    ticks = trend(months(*[0.1] * 24)).x_ticks
    assert ticks[-1].label == "m23"
    assert len(ticks) == 6
    assert not ticks[-1].minor


def test_a_mark_stands_before_its_month() -> None:
    chart = trend(months(0.1, 0.2), marks=[(1, "began")])
    assert chart.marks[0].start == (LEFT + RIGHT) / 2
    assert chart.marks[0].label == "began"


def test_a_trend_without_months_can_be_drawn() -> None:
    chart = trend([])
    assert chart.line == chart.band == ""
    assert chart.dots == []


def test_the_segments_of_a_stack_follow_each_other_and_fill_it() -> None:
    spans = stacked([3, 1, 0, 4])
    assert [span.start for span in spans] == [0, 37.5, 50, 50]
    assert sum(span.width for span in spans) == 100


def test_shares_of_nothing_are_zero() -> None:
    assert shares([0, 0]) == [0, 0]


def test_the_longest_bar_fills_the_width_and_a_small_one_is_still_seen() -> None:
    assert widths([1000, 500, 1, 0]) == [100, 50, 0.6, 0]


def test_bars_without_values_have_no_length() -> None:
    assert widths([]) == []
    assert widths([0, 0]) == [0, 0]


def test_a_sparkline_ends_in_a_dot_on_its_last_known_value() -> None:
    line, dot = sparkline([1, 2, 3, None])
    assert line.startswith("M3 21")
    assert dot is not None
    assert (dot.x, dot.y) == (63, 3)


def test_a_sparkline_of_nothing_known_is_empty() -> None:
    assert sparkline([None, None]) == ("", None)


def test_on_a_scale_of_powers_of_ten_each_power_is_as_far_from_the_next() -> None:
    one, ten, hundred, none = charts.log_widths([1, 10, 100, 0])
    assert hundred == 100
    assert ten - one == pytest.approx(hundred - ten, abs=0.01)
    assert one > 5
    assert none == 0
    assert [(tick.value, tick.at) for tick in charts.log_ticks([1, 10, 100, 0])] == [(1, one), (10, ten), (100, 100)]
    assert charts.log_widths([]) == charts.log_ticks([]) == charts.log_ticks([0]) == []
    assert charts.log_widths([0]) == [0]


def test_a_mark_may_stand_within_a_month() -> None:
    months = [charts.Month(str(number), 0.5) for number in range(12)]
    drawn = charts.trend(months, marks=[(0, "first"), (6.5, "half", "more")])
    assert [(mark.start, mark.label) for mark in drawn.marks] == [(6, "first"), (51.5, "half")]
