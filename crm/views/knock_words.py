"""What pages say about knocks, in plain words: the sentence on top, the trend, what is not known, names of things."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from crm.analysis.begun import Begun
from crm.analysis.days import get_date, get_day
from crm.analysis.reports import Month, RegionKnocks
from crm.analysis.settings import Settings, Size
from crm.services.questions import SETTINGS, Question
from crm.views import charts
from crm.views.formatting import calendar_date, month_name, plural, thousands, words_list

CLASS_WORDS = {
    "redundant": "Redundant",
    "coordinated": "Coordinated",
    "own_repeat": "Own repeat",
    "first": "First",
}
CLASS_KINDS = {"redundant": "bad", "coordinated": "good", "own_repeat": "warn", "first": ""}
CLASS_MEANINGS = {
    "redundant": "Another agency had asked the same kind of question shortly before, and nothing linked the two.",
    "coordinated": "Another agency had asked before, but the two act as one: by agreement, joint visit or referral.",
    "own_repeat": "Only the same agency had asked before.",
    "first": "Nobody had asked this kind of question shortly before.",
}
PURPOSE_WORDS = {
    "input": "Needs, surveys, input",
    "invitation": "Invitation",
    "job_development": "Job development",
    "relationship": "Keeping in touch",
    "sponsorship": "Sponsorship",
    "unstated": "Not said",
}
MOST_LETTERS = 28  # of a name that is written into a chart
SEVERAL = 4  # names in a sentence; the rest stands in a table


@dataclass(frozen=True)
class Rate:
    """A share of knocks in words: "38 of 100", or what there really is where that is less than 100."""

    count: int
    whole: int

    @property
    def words(self) -> str:
        if self.whole < 100:
            return f"{self.count} of {self.whole}"
        share = round(100 * self.count / self.whole)
        return "fewer than 1 of 100" if self.count and not share else f"{share} of 100"


@dataclass(frozen=True)
class Trend:
    """How this period compares with the one before. `is_good` is None where nothing can be claimed."""

    words: str
    direction: str
    is_good: bool | None
    caveat: str = ""


def tell_headline(report: RegionKnocks) -> str:
    rate = Rate(report.redundant, report.knocks).words
    verb = "was" if rate.startswith("1 of ") else "were"
    return f"{rate[0].upper()}{rate[1:]} knocks {verb} redundant"


def tell_title(report: RegionKnocks) -> str:
    """The headline with its interval: "38 of 100 knocks were redundant (35–41)". Of fewer than 100 knocks the interval
    would be of another whole than the headline; it stands in a sentence then."""
    headline = tell_headline(report)
    if report.interval is None or report.knocks < 100:
        return headline
    low, high = (round(100 * end) for end in report.interval)
    return f"{headline} ({low}–{high})" if low != high else headline


def tell_interval(report: RegionKnocks) -> str:
    """How sure the headline is."""
    if report.interval is None:
        return ""
    low, high = (round(100 * end) for end in report.interval)
    if low == high:
        return ""
    return f"Likely between {low} and {high} of 100 (95% interval)."


def tell_period(question: Question) -> str:
    first, last = (calendar_date(get_date(day)) for day in question.period)
    return f"the last 12 months, {first} to {last}" if question.is_last_year else f"{first} to {last}"


def name_size(size: Size) -> str:
    return "size unknown" if size.least is None else f"{size.name.replace('-', '–')} employees"


def tell_scope(question: Question) -> str:
    """What the numbers are about, for the head of a page and of a printed sheet."""
    parts = [tell_period(question)]
    parts.append(question.sector_title or "all sectors")
    if question.place:
        parts.append(f"in {question.place}")
    if question.size:
        parts.append(name_size(question.size))
    if question.agency_name:
        parts.append(f"knocks of {question.agency_name}")
    if question.program_name:
        parts.append(f"knocks of {question.program_name.replace(':', ': ')}")
    if question.purpose_class:
        parts.append(PURPOSE_WORDS[question.purpose_class].lower())
    if question.broad or question.window != SETTINGS.window_days:
        parts.append(f"compared with {'any' if question.broad else 'like'} knocks of {question.window} days before")
    return " · ".join(parts)


def compare(now: RegionKnocks, before: RegionKnocks) -> Trend | None:
    """None where there is nothing to compare."""
    if now.rate is None or before.rate is None:
        return None
    points = round(100 * now.rate) - round(100 * before.rate)
    days = now.period.last - now.period.first + 1
    earlier = f"{Rate(before.redundant, before.knocks).words} in the {plural(days, 'day')} before"
    direction = "up" if points > 0 else "down" if points < 0 else "flat"
    if not points:
        return Trend(f"As in the time before: {earlier}", direction, None, _tell_caveat(now, before, fell=False))
    words = f"{abs(points)} of 100 {'more' if points > 0 else 'fewer'} than before: {earlier}"
    caveat = _tell_caveat(now, before, fell=points < 0)
    return Trend(words, direction, None if caveat else points < 0, caveat)


def _tell_caveat(now: RegionKnocks, before: RegionKnocks, *, fell: bool) -> str:
    """Why a difference is not claimed to be one."""
    unknown = dict.fromkeys(row["agency"] for report in (before, now) for row in report.unknown_months)
    if unknown:
        end = "so this may not be an improvement." if fell else "so the two cannot be compared safely."
        return f"Not all contacts of {shorten(unknown)} are known for both periods, {end}"
    if now.interval and before.interval and now.interval[0] <= before.interval[1] <= now.interval[1]:
        return "The two ranges overlap: this may be chance."
    if now.interval and before.interval and before.interval[0] <= now.interval[1] <= before.interval[1]:
        return "The two ranges overlap: this may be chance."
    return ""


@dataclass(frozen=True)
class Unknown:
    """An agency whose contacts are not known for some months of the period; `months` is empty where for none of it."""

    agency: str
    months: list[str]

    @property
    def words(self) -> str:
        return f"{self.agency} for {words_list(self.months)}" if self.months else f"{self.agency} for the whole period"


def list_unknown(report: RegionKnocks) -> list[Unknown]:
    """By agency."""
    by_agency: dict[str, list[str]] = {}
    for row in report.unknown_months:
        by_agency.setdefault(row["agency"], []).append(month_name(row["month"]))
    total = len(report.months)
    return [Unknown(agency, [] if len(of) == total else of) for agency, of in sorted(by_agency.items())]


def tell_unknown(unknown: list[Unknown]) -> str:
    """One sentence for the top of the page; all of it stands in a table."""
    names = [
        one.words if len(one.months) <= SEVERAL else f"{one.agency} for {len(one.months)} months" for one in unknown
    ]
    return (
        f"Not every agency's contacts are known: {shorten(names)}. "
        "Where a month is not known, fewer knocks may only mean that fewer rows have been sent."
    )


def shorten(names: Iterable[str]) -> str:
    listed = list(names)
    shown = listed[:SEVERAL]
    if len(listed) > SEVERAL:
        shown.append(f"{len(listed) - SEVERAL} more")
    return words_list(shown)


def draw_months(report: RegionKnocks) -> list[charts.Month]:
    """The months of the trend. An agency that is unknown throughout is told in words, and leaves no month out."""
    throughout = {one.agency for one in list_unknown(report) if not one.months}
    return [_draw_month(month, throughout) for month in report.months]


def _draw_month(month: Month, throughout: set[str]) -> charts.Month:
    low, high = month.interval or (None, None)
    unknown = [agency for agency in month.unknown if agency not in throughout]
    return charts.Month(
        label=month_name(month.month),
        value=month.rate,
        low=low,
        high=high,
        unknown=bool(unknown),
        note=shorten(unknown),
    )


class Mark(NamedTuple):
    """An agreement as a line in the trend: where (months since the first began), and what is written there."""

    place: float
    label: str
    words: str


def draw_marks(begun: Sequence[Begun], report: RegionKnocks) -> list[Mark]:
    """A single one is written out; of several each has a number, and its words stand below."""
    starts = [get_day(date.fromisoformat(f"{month.month}-01")) for month in report.months]
    marks = []
    for number, one in enumerate(begun, 1):
        index = bisect_right(starts, one.begins_on) - 1
        begins = get_date(one.begins_on)
        place = index + (begins.day - 1) / monthrange(begins.year, begins.month)[1]
        label = one.name if len(begun) == 1 and len(one.name) <= MOST_LETTERS else str(number)
        until = f" to {calendar_date(get_date(one.ends_on))}" if one.ends_on is not None else ""
        words = f"{one.name}, from {calendar_date(begins)}{until}: {words_list(one.agencies)}"
        marks.append(Mark(place, label, words))
    return marks


def tell_months(report: RegionKnocks) -> str:
    """What the trend chart says, from its first half to its second."""
    half = len(report.months) // 2
    first, second = report.months[:half], report.months[half:]
    rates = [_pool(part) for part in (first, second)]
    if rates[0] is None or rates[1] is None:
        return "The share of redundant knocks, month by month"
    before, after = (round(100 * rate) for rate in rates)  # type: ignore[arg-type]
    if before == after:
        return f"The share of redundant knocks stayed at {after}% in both halves of the period"
    verb = "went up" if after > before else "went down"
    doubt = ", but not all contacts are known" if report.unknown_months else ""
    return f"The share of redundant knocks {verb} from {before}% in the first half to {after}% in the second{doubt}"


def _pool(months: list[Month]) -> float | None:
    knocks = sum(month.knocks for month in months)
    return sum(month.redundant for month in months) / knocks if knocks else None


def list_assumed(report: RegionKnocks, settings: Settings) -> list[dict[str, str]]:
    """What was assumed where a contact did not say it: `kind`, how many, and as what they counted."""
    counted = {
        "channel": ("how", f"a {settings.blank_channel}"),
        "direction": (
            "who began",
            "made by the agency" if settings.blank_direction == "out" else "made by the business",
        ),
        "reached": ("whether anybody was reached", "reached" if settings.blank_reached == "yes" else "not reached"),
    }
    return [
        {"kind": kind, "number": thousands(report.assumed[kind]), "what": what, "as": meaning}
        for kind, (what, meaning) in counted.items()
        if report.assumed[kind]
    ]
