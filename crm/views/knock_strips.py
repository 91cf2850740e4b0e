"""The knocks on a business over time, one row a door, as a strip to be drawn: where each mark stands and what it opens.

Across, positions are percentages of the strip, so that it is as wide as its place. Marks that would lie on each other
on a telephone stand above each other. Where that would become a tower, the strip is cut into twelve stretches, and
knocks of one stretch that count alike are one mark with their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from crm.analysis.days import Period, get_date, get_day, list_months, name_month
from crm.analysis.explanations import KnockLine
from crm.views import charts
from crm.views.formatting import calendar_date, month_name, plural, words_list
from crm.views.knock_words import CLASS_WORDS

# How far apart two marks have to be, in percent: the width of a fingertip on a telephone.
APART = 7.8
LEVEL, MOST_LEVELS = 24, 4
STRETCHES = 12
# More doors than that are drawn as one row together.
MOST_DOORS = 12
MOST_TICKS = 6
LEFT, RIGHT = 3.0, 97.0
Numbered = tuple[int, KnockLine]


class Mark(NamedTuple):
    """`x` in percent, `y` in pixels; `knock` is the place of the first knock that it stands for, from 0."""

    x: float
    y: float
    word: str
    number: int
    knock: int
    label: str


@dataclass(frozen=True)
class Row:
    """A door: the knocks that came through it, as marks."""

    label: str
    height: int
    marks: list[Mark]
    knocks: int
    redundant: int


@dataclass(frozen=True)
class Strip:
    title: str
    rows: list[Row]
    ticks: list[charts.Tick]
    is_summed: bool


def draw_strip(lines: Sequence[KnockLine], period: Period) -> Strip:
    """`lines` in order, all in the period."""
    doors = _sort_doors(lines)
    rows = [_draw_row(_name_door(of), of, period, summed=False) for of in doors]
    is_summed = any(row.height > MOST_LEVELS * LEVEL for row in rows)
    if is_summed:
        rows = [_draw_row(_name_door(of), of, period, summed=True) for of in doors[:MOST_DOORS]]
        if rest := sorted(numbered for of in doors[MOST_DOORS:] for numbered in of):
            name = plural(len(doors) - MOST_DOORS, "other door")
            rows.append(_draw_row(name, rest, period, summed=True))
    redundant = sum(line.outcome.word == "redundant" for line in lines)
    title = f"{plural(len(lines), 'knock')} through {plural(len(doors), 'door')}, {redundant} of them redundant"
    return Strip(title, rows, _draw_ticks(period), is_summed)


def _sort_doors(lines: Sequence[KnockLine]) -> list[list[Numbered]]:
    """The knocks by door, each with its place: those with the most first, of equal ones the first to knock."""
    doors: dict[tuple[str, ...], list[Numbered]] = {}
    for place, line in enumerate(lines):
        doors.setdefault(line.door, []).append((place, line))
    return sorted(doors.values(), key=lambda of: (-len(of), of[0][0]))


def _name_door(of: Sequence[Numbered]) -> str:
    """The agencies that knocked; others of the same door have nothing to do here."""
    door = of[0][1].door
    knocked = {name for _, line in of for name in line.agencies}
    return words_list([name for name in door if name in knocked])


def _draw_row(label: str, of: Sequence[Numbered], period: Period, *, summed: bool) -> Row:
    marks = _sum_up(of, period) if summed else [_draw_mark(place, line, period) for place, line in of]
    lifted, levels = _lift(marks)
    redundant = sum(line.outcome.word == "redundant" for _, line in of)
    return Row(label, LEVEL * levels, lifted, len(of), redundant)


def _draw_mark(place: int, line: KnockLine, period: Period) -> Mark:
    day = calendar_date(get_date(line.day))
    label = f"{day}: {words_list(line.agencies)}, {CLASS_WORDS[line.outcome.word].lower()}"
    return Mark(_find_x(line.day + 0.5, period), 0, line.outcome.word, 1, place, label)


def _sum_up(of: Sequence[Numbered], period: Period) -> list[Mark]:
    length = period.last - period.first + 1
    groups: dict[tuple[int, str], list[Numbered]] = {}
    for place, line in of:
        stretch = (line.day - period.first) * STRETCHES // length
        groups.setdefault((stretch, line.outcome.word), []).append((place, line))
    marks = []
    for (stretch, word), found in sorted(groups.items()):
        first, last = (calendar_date(get_date(found[end][1].day)) for end in (0, -1))
        when = first if first == last else f"{first} to {last}"
        label = f"{when}: {plural(len(found), f'{CLASS_WORDS[word].lower()} knock')}"
        x = _find_x(period.first + (stretch + 0.5) * length / STRETCHES, period)
        marks.append(Mark(x, 0, word, len(found), found[0][0], label))
    return marks


def _lift(marks: Sequence[Mark]) -> tuple[list[Mark], int]:
    """The marks, each on the lowest level on which it touches none before it, and how many levels that makes."""
    ends: list[float] = []
    placed: list[tuple[int, Mark]] = []
    for mark in sorted(marks, key=lambda mark: (mark.x, mark.knock)):
        level = next((number for number, end in enumerate(ends) if mark.x - end >= APART), len(ends))
        if level == len(ends):
            ends.append(0.0)
        ends[level] = mark.x
        placed.append((level, mark))
    levels = max(1, len(ends))
    return [mark._replace(y=LEVEL * (levels - level) - LEVEL / 2) for level, mark in placed], levels


def _find_x(day: float, period: Period) -> float:
    return round(charts.scale(day, (period.first, period.last + 1), (LEFT, RIGHT)), 2)


def _draw_ticks(period: Period) -> list[charts.Tick]:
    """The beginnings of some months; every other one may be left out on a phone."""
    starts = [get_day(date.fromisoformat(f"{name_month(month)}-01")) for month in list_months(period)]
    inside = [start for start in starts if start >= period.first]
    step = max(1, -(-len(inside) // MOST_TICKS))
    return [
        charts.Tick(_find_x(start, period), start, month_name(start), minor=place % 2 == 1)
        for place, start in enumerate(inside[::step])
    ]
