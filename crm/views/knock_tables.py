"""The tables on knocks as they are saved to a file: the same rows as on the page, all of them, with plain headings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from crm.analysis.classes import Outcome
from crm.analysis.days import get_date
from crm.analysis.explanations import KnockLine
from crm.analysis.rankings import BusinessKnocks
from crm.graph.lights import ContactKey
from crm.services.findings import Findings
from crm.spreadsheets import Cell
from crm.views.knock_settings import list_settings
from crm.views.knock_words import CLASS_WORDS, PURPOSE_WORDS

Rows = Iterable[Sequence[Cell]]


class Table(NamedTuple):
    columns: Sequence[str]
    rows: Rows


BUSINESS_COLUMNS = {
    "name": "Business",
    "knocks": "Knocks",
    "redundant": "Redundant",
    "coordinated": "Coordinated",
    "own_repeat": "Own repeat",
    "first": "First",
    "agencies": "Agencies",
    "programs": "Programs",
    "doors": "Doors",
    "effective_doors": "Effective doors",
    "fatigue": "Fatigue",
    "budget": "Budget",
    "hotspot": "Hotspot",
    "business": "Id",
}


def make_businesses(rows: Iterable[BusinessKnocks]) -> Table:
    return Table(list(BUSINESS_COLUMNS.values()), ([getattr(row, name) for name in BUSINESS_COLUMNS] for row in rows))


def make_knocks(lines: Iterable[KnockLine]) -> Table:
    """The knocks of one business."""
    return Table(
        ("Date", "Agencies", "Kind of question", "Counts as", "Burden", "Why", "Contacts", "Door", "What was missing"),
        (
            (
                get_date(line.day),
                line.agencies,
                PURPOSE_WORDS[line.purpose_class],
                CLASS_WORDS[line.outcome.word],
                line.burden,
                line.why,
                [f"{agency} {key}" for agency, key in line.touchpoints],
                line.door,
                line.remedy,
            )
            for line in lines
        ),
    )


def _make_classes(findings: Findings) -> Table:
    report = findings.report
    counts = {outcome.word: getattr(report, outcome.word) for outcome in reversed(Outcome)}
    share: Callable[[int], float | None] = lambda count: count / report.knocks if report.knocks else None  # noqa: E731
    return Table(
        ("Counts as", "Knocks", "Share"), [(CLASS_WORDS[word], count, share(count)) for word, count in counts.items()]
    )


def _make_months(findings: Findings) -> Table:
    return Table(
        ("Month", "Knocks", "Redundant", "Share", "Low", "High", "Not known"),
        [
            (m.month, m.knocks, m.redundant, m.rate, *(m.interval or (None, None)), m.unknown)
            for m in findings.report.months
        ],
    )


def _make_doors(findings: Findings) -> Table:
    return Table(("Doors", "Businesses"), sorted(findings.report.door_counts.items()))


def _make_spread(findings: Findings) -> Table:
    return Table(("Knocks", "Businesses"), sorted(findings.knock_counts.items()))


def _make_hotspots(findings: Findings) -> Table:
    return Table(
        ("Business", "Fatigue", "Budget", "Free again on", "Knocks", "Id"),
        (
            (
                one.name,
                one.fatigue,
                one.budget,
                None if one.free_on is None else get_date(one.free_on),
                one.knocks,
                one.business,
            )
            for one in findings.list_hotspots()
        ),
    )


def _make_agreements(findings: Findings) -> Table:
    return Table(
        ("Agreement", "Agencies", "From", "To"),
        (
            (one.name, one.agencies, get_date(one.begins_on), None if one.ends_on is None else get_date(one.ends_on))
            for one in findings.begun
        ),
    )


def _make_untouched(findings: Findings) -> Table:
    return Table(
        ("Business", "County", "Zip", "Employees", "Id"),
        ((one.name, one.county, one.zip, one.employees, one.business) for one in findings.untouched),
    )


def make_asked_twice(findings: Findings, staff: Mapping[ContactKey, list[str]]) -> Table:
    """`staff` are those of the contacts that hold the answers, as far as the reader may know them."""
    return Table(
        ("Business", "Topic", "Doors", "Id", "Who knows", "Since", "Whom to ask"),
        (
            (
                pair.name,
                pair.topic,
                pair.doors,
                pair.business,
                pair.agencies,
                None if pair.day is None else get_date(pair.day),
                (staff.get(pair.source) if pair.source else None) or pair.agencies,
            )
            for pair in findings.asked_twice
        ),
    )


def _make_blanks(findings: Findings) -> Table:
    return Table(
        ("Business", "How", "Who began", "Whether reached", "Id"),
        ((one.name, one.channel, one.direction, one.reached, one.business) for one in findings.blanks),
    )


def _make_settings(findings: Findings) -> Table:
    return Table(("Setting", "Value"), list_settings(findings.question, findings.report.settings))


MAKERS: dict[str, Callable[[Findings], Table]] = {
    "agreements": _make_agreements,
    "blanks": _make_blanks,
    "classes": _make_classes,
    "doors": _make_doors,
    "hotspots": _make_hotspots,
    "months": _make_months,
    "settings": _make_settings,
    "spread": _make_spread,
    "untouched": _make_untouched,
}


def make_table(name: str, findings: Findings) -> Table:
    """One of MAKERS."""
    return MAKERS[name](findings)
