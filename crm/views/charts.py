"""The geometry of the charts: plain numbers in, positions and path strings out, for server-drawn SVG.

A chart is as wide as its place: across, positions are percentages (lines and areas: thousandths, stretched by the
browser); down, they are pixels of a fixed height. So lettering and strokes keep their size on a phone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

PLOT_WIDTH = 1000
"""Width of the stretched plot in its own units; a percentage is a tenth of it."""
LEFT, RIGHT = 6.0, 90.0
"""Where the first month begins and the last ends, in percent: beside them stand the scale and the last value."""
LOG_START = 0.3
"""How long the bar of 1 is on a scale of powers of ten, in such powers: not to be taken for that of 0."""
Height = Callable[[float | None], float]


@dataclass(frozen=True)
class Month:
    """One point of a trend. `value` is None when there is nothing to show; unknown months are hatched."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unknown: bool = False
    note: str = ""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: `at` in pixels (up and down) or percent (across)."""

    at: float
    value: float
    label: str = ""
    minor: bool = False


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    month: Month


@dataclass(frozen=True)
class Span:
    """A stretch across the plot, in percent."""

    start: float
    width: float
    label: str = ""


@dataclass(frozen=True)
class Trend:
    """Everything that a trend line needs to be drawn; paths are in plot units."""

    height: int
    baseline: float
    line: str
    band: str
    dots: list[Dot]
    unknown: list[Span]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    marks: list[Span]


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """About `count` round values (steps of 1, 2, 2.5 or 5 times a power of ten) that enclose low and high."""
    if high <= low:
        high = low + 1
    raw = (high - low) / count
    power = 10 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def scale(value: float, domain: tuple[float, float], target: tuple[float, float]) -> float:
    """Where a value of the domain falls in the target, linearly; the middle when the domain is a point."""
    low, high = domain
    share = 0.5 if high == low else (value - low) / (high - low)
    return target[0] + share * (target[1] - target[0])


def path(points: Iterable[tuple[float, float]]) -> str:
    """An SVG path of straight lines through the points."""
    return " ".join(f"{'L' if index else 'M'}{_short(x)} {_short(y)}" for index, (x, y) in enumerate(points))


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def trend(
    months: Sequence[Month],
    *,
    height: int = 220,
    top: float | None = None,
    marks: Sequence[tuple[Any, ...]] = (),
    labels: int = 6,
) -> Trend:
    """Lay out a line over months from 0 up to `top` or a round number above the highest value.

    The line breaks where a value is missing. `marks` are (months since the beginning of the
    first one, label) of what happened then.
    """
    ceiling = max([m.high if m.high is not None else m.value or 0 for m in months] + [top or 0, 1e-9])
    levels = nice_ticks(0, ceiling)
    domain, target = (0.0, levels[-1]), (height - 26.0, 18.0)
    xs = _month_positions(len(months))

    def y_of(value: float | None) -> float:
        return round(scale(value or 0.0, domain, target), 2)

    return Trend(
        height=height,
        baseline=target[0],
        line=_line_path(months, xs, y_of),
        band=_band_path(months, xs, y_of),
        dots=[Dot(x, y_of(m.value), m) for x, m in zip(xs, months, strict=True) if m.value is not None],
        unknown=_unknown_spans(months),
        y_ticks=[Tick(y_of(level), level) for level in levels],
        x_ticks=_thinned(months, xs, labels),
        marks=[Span(round(LEFT + place * _month_share(len(months)), 2), 0, label) for place, label, *_ in marks],
    )


def _month_positions(count: int) -> list[float]:
    """The middle of each month's equal share of the width between the margins, in percent."""
    share = _month_share(count)
    return [round(LEFT + (index + 0.5) * share, 2) for index in range(count)]


def _month_share(count: int) -> float:
    return (RIGHT - LEFT) / max(count, 1)


def _runs(months: Sequence[Month], *names: str) -> list[list[int]]:
    """Indexes of neighbouring months that have all the named values."""
    runs: list[list[int]] = [[]]
    for index, month in enumerate(months):
        if any(getattr(month, name) is None for name in names):
            runs.append([])
        else:
            runs[-1].append(index)
    return [run for run in runs if run]


def _line_path(months: Sequence[Month], xs: Sequence[float], y_of: Height) -> str:
    runs = _runs(months, "value")
    return " ".join(
        path((xs[i] * PLOT_WIDTH / 100, y_of(months[i].value)) for i in run) for run in runs if len(run) > 1
    )


def _band_path(months: Sequence[Month], xs: Sequence[float], y_of: Height) -> str:
    """The area between low and high: along the top from left to right and back along the bottom."""
    areas = []
    for run in _runs(months, "low", "high"):
        there = [(xs[i] * PLOT_WIDTH / 100, y_of(months[i].high)) for i in run]
        back = [(xs[i] * PLOT_WIDTH / 100, y_of(months[i].low)) for i in reversed(run)]
        areas.append(path(there + back) + " Z")
    return " ".join(areas)


def _unknown_spans(months: Sequence[Month]) -> list[Span]:
    """Stretches of unknown months, neighbours joined."""
    width = _month_share(len(months))
    spans: list[list[int]] = []
    for index in (i for i, month in enumerate(months) if month.unknown):
        if spans and spans[-1][1] == index - 1:
            spans[-1][1] = index
        else:
            spans.append([index, index])
    return [Span(round(LEFT + a * width, 2), round((b - a + 1) * width, 2)) for a, b in spans]


def _thinned(months: Sequence[Month], xs: list[float], labels: int) -> list[Tick]:
    """At most `labels` names of months, ending with the last; every other one may be left out on a phone."""
    step = max(1, ceil(len(months) / labels))
    shown = list(range(len(months) - 1, -1, -step))[::-1]
    return [Tick(xs[i], i, months[i].label, minor=(len(shown) - 1 - order) % 2 == 1) for order, i in enumerate(shown)]


def shares(values: Sequence[float]) -> list[float]:
    """Each value in percent of their sum (all 0 when the sum is 0)."""
    whole = sum(values)
    return [round(100 * value / whole, 3) if whole else 0.0 for value in values]


def widths(values: Sequence[float], *, longest: float = 100) -> list[float]:
    """Lengths of bars in percent: the greatest value gets `longest`; a value above zero is at least visible."""
    greatest = max(values, default=0)
    return [round(max(longest * v / greatest, 0.6), 3) if greatest and v > 0 else 0.0 for v in values]


def log_widths(values: Sequence[float], *, longest: float = 100) -> list[float]:
    """The same on a scale on which each power of ten is as far from the next; 1 is already a visible length."""
    span = _log_span(values)
    return [round(longest * (log10(v) + LOG_START) / span, 3) if v >= 1 else 0.0 for v in values]


def log_ticks(values: Sequence[float], *, longest: float = 100) -> list[Tick]:
    """The powers of ten up to the greatest value, where they stand on that scale in percent."""
    span, greatest = _log_span(values), max(values, default=0)
    powers = range(floor(log10(greatest)) + 1) if greatest >= 1 else range(0)
    return [Tick(round(longest * (power + LOG_START) / span, 3), 10**power) for power in powers]


def _log_span(values: Sequence[float]) -> float:
    return log10(max(max(values, default=1), 1)) + LOG_START


def stacked(values: Sequence[float]) -> list[Span]:
    """Segments of one bar, each after the one before, in percent of their sum."""
    parts = shares(values)
    return [Span(round(sum(parts[:index]), 3), part) for index, part in enumerate(parts)]


def sparkline(values: Sequence[float | None], *, width: int = 96, height: int = 24) -> tuple[str, Dot | None]:
    """A small line without axes, from its least to its greatest value, and its last dot; gaps stay open."""
    known = [value for value in values if value is not None]
    if not known:
        return "", None
    domain = (min(known), max(known))
    step = (width - 6) / max(len(values) - 1, 1)
    months = [Month("", value) for value in values]
    at = [(3 + i * step, scale(v, domain, (height - 3, 3)) if v is not None else 0) for i, v in enumerate(values)]
    runs = _runs(months, "value")
    line = " ".join(path(at[i] for i in run) for run in runs if len(run) > 1)
    last = runs[-1][-1]
    return line, Dot(round(at[last][0], 2), round(at[last][1], 2), months[last])
