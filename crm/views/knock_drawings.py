"""Numbers on knocks as the components draw them: the parts of a bar, each with the address of the rows behind it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from crm.analysis.days import get_date
from crm.analysis.explanations import KnockLine
from crm.analysis.reports import Month
from crm.graph.knocks import KnockContact
from crm.graph.lights import ContactKey
from crm.services.findings import Findings
from crm.services.questions import Question
from crm.views import knock_lists
from crm.views.formatting import of, percent, plural, thousands
from crm.views.knock_filters import write_args, write_year_args
from crm.views.knock_words import CLASS_WORDS

Parts = list[dict[str, Any]]


@dataclass(frozen=True)
class Charts:
    """What the charts of the overview are drawn from."""

    classes: Parts
    doors: Parts
    doors_title: str
    spread: Parts
    months: list[tuple[Month, str]]


@dataclass(frozen=True)
class DrawnKnock:
    """A knock as a line of the timeline: its first contact, and further tries of the same knock.

    `number` is its place among the knocks of the business, from 1.
    """

    line: KnockLine
    number: int
    on: date
    first: KnockContact
    more: list[KnockContact]
    agencies: list[dict[str, Any]]
    topics: list[str]


def draw_charts(findings: Findings, *, today: date) -> Charts:
    args = write_args(findings.question, today=today)
    return Charts(
        classes=_draw_classes(findings, args),
        doors=_draw_doors(findings, write_year_args(findings.question, today=today)),
        doors_title=_tell_doors(findings),
        spread=_draw_axis(findings, args),
        months=[(month, _link_month(findings.question, month, args)) for month in findings.report.months],
    )


def _link(args: Mapping[str, str], **more: str) -> str:
    return url_for("knocks.show_businesses", **{**args, **more})  # type: ignore[arg-type]


def _draw_classes(findings: Findings, args: Mapping[str, str]) -> Parts:
    return [
        {"label": label, "value": getattr(findings.report, word), "kind": kind, "url": _link(args, show=word)}
        for kind, (word, label) in enumerate(CLASS_WORDS.items(), 1)
    ]


def _draw_doors(findings: Findings, args: Mapping[str, str]) -> Parts:
    """Knocked businesses by the number of their doors; the last line stands for that many or more."""
    counts, most = findings.report.door_counts, knock_lists.MOST_DOORS
    lines: Parts = []
    for number in range(1, most + 1):
        doors = f"{number}+" if number == most else str(number)
        value = sum(count for n, count in counts.items() if n >= most) if number == most else counts.get(number, 0)
        label = f"{number} or more doors" if number == most else plural(number, "door")
        url = _link(args, doors=doors) if value else ""
        lines.append({"label": label, "value": value, "strong": number > 1, "url": url})
    return lines


def _tell_doors(findings: Findings) -> str:
    counts = findings.report.door_counts
    whole, several = sum(counts.values()), sum(count for number, count in counts.items() if number > 1)
    return f"{of(several, whole)} knocked businesses hear from two or more doors"


def _draw_axis(findings: Findings, args: Mapping[str, str]) -> Parts:
    """The same with every number up to 9 by itself, up to the most knocked on; strong are the never touched and the
    most-knocked tenth."""
    counts = findings.knock_counts
    most, tenth = max(counts, default=0), _find_tenth(counts)
    lines = _draw_spread(findings, args, bins=[one for one in knock_lists.AXIS if one[0] <= most])
    firsts = [0, *(first for first, _, _ in knock_lists.AXIS)]
    return [{**line, "strong": first == 0 or first >= tenth} for line, first in zip(lines, firsts, strict=False)]


def _find_tenth(counts: Mapping[int, int]) -> int:
    """How many knocks the last of the most-knocked tenth had, at least 1."""
    left = -(-sum(counts.values()) // 10)
    for number in sorted(counts, reverse=True):
        left -= counts[number]
        if left <= 0:
            return max(number, 1)
    return 1


def _draw_spread(
    findings: Findings, args: Mapping[str, str], *, bins: Sequence[knock_lists.Bin] = knock_lists.BINS
) -> Parts:
    """The businesses of the universe by how many knocks they had, from the never touched to the most knocked on."""
    counts = findings.knock_counts
    whole = sum(number * count for number, count in counts.items())
    none = counts.get(0, 0)
    untouched = url_for("knocks.show_untouched", **args) if none else ""  # type: ignore[arg-type]
    lines: Parts = [{"label": "Never touched", "value": none, "strong": True, "url": untouched}]
    for first, last, label in bins:
        inside = {number: count for number, count in counts.items() if first <= number <= (last or number)}
        value, knocks = sum(inside.values()), sum(number * count for number, count in inside.items())
        text = f"{thousands(value)} · {percent(knocks / whole)}" if value else "0"
        url = _link(args, knocks=knock_lists.name_bin(first, last)) if value else ""
        lines.append({"label": label, "value": value, "strong": last is None, "text": text, "url": url})
    return lines


def _link_month(question: Question, month: Month, args: Mapping[str, str]) -> str:
    """The businesses of one month, as far as it is in the period."""
    year, number = (int(part) for part in month.month.split("-"))
    first = max(date(year, number, 1), get_date(question.period.first))
    last = min(date(year, number, monthrange(year, number)[1]), get_date(question.period.last))
    days = {"from": first.isoformat(), "to": last.isoformat(), "as_of": get_date(question.as_of).isoformat()}
    return _link({**args, **days})


def draw_knocks(
    lines: Sequence[KnockLine], contacts: Mapping[ContactKey, KnockContact], *, own: str, first: int = 1
) -> list[DrawnKnock]:
    """`own` is the name of the reader's agency, `first` the number of the first of these knocks. A knock whose contacts
    were taken back just now is left out."""
    drawn: list[DrawnKnock] = []
    for number, line in enumerate(lines, first):
        found = [contacts[source] for source in line.sources if source in contacts]
        if found:
            drawn.append(
                DrawnKnock(
                    line=line,
                    number=number,
                    on=get_date(line.day),
                    first=found[0],
                    more=found[1:],
                    agencies=[{"name": name, "mine": name == own} for name in line.agencies],
                    topics=[topic.strip() for topic in (found[0].topics or "").split(";") if topic.strip()],
                )
            )
    return drawn


def draw_room_doors(findings: Findings) -> tuple[Parts, str]:
    """The chart of doors and its title, without addresses: on a wall nobody follows a link."""
    return _without_links(_draw_doors(findings, {})), _tell_doors(findings)


def draw_room_spread(findings: Findings) -> Parts:
    """The same for how many knocks a business had."""
    return _without_links(_draw_spread(findings, {}))


def _without_links(parts: Parts) -> Parts:
    return [{**part, "url": ""} for part in parts]
