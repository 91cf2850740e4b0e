"""The sheets of a pack: each table once, and from it the page, the PDF, the workbook, the command and the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from crm.analysis.classes import Outcome
from crm.analysis.days import get_date
from crm.analysis.workshops import AgencyFigures
from crm.services.packs import Pack
from crm.services.workshop_figures import Room
from crm.views import knock_words
from crm.views.formatting import UNKNOWN, calendar_date, decimal, percent, thousands
from crm.views.workshop_tables import draw_tables
from crm.views.workshop_words import draw_decisions, draw_rows, draw_rules

Kind = Literal["text", "count", "share", "decimal", "hours", "day"]


class Cell(NamedTuple):
    """A value, and how a reader sees it; numbers are kept unrounded."""

    value: Any
    kind: Kind = "text"

    @property
    def text(self) -> str:
        if self.value is None or self.value == "":
            return UNKNOWN
        match self.kind:
            case "count":
                return thousands(self.value)
            case "share":
                return percent(self.value, 1)
            case "decimal":
                return decimal(self.value, 2)
            case "hours":
                return decimal(self.value, 1)
            case "day":
                return calendar_date(self.value)
            case _:
                return str(self.value)

    @property
    def is_number(self) -> bool:
        return self.kind not in ("text", "day")


@dataclass(frozen=True)
class Sheet:
    """`name` is short, for the tab of a workbook; `title` says what the table shows."""

    name: str
    title: str
    columns: Sequence[str]
    rows: list[list[Cell]]
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.name,
            "title": self.title,
            "columns": list(self.columns),
            "rows": [[cell.value for cell in row] for row in self.rows],
        }


METHOD = (
    ("Knock", "A question to a business: tries less than {gap} days apart are one until somebody is reached. A joint "
     "visit is one knock, and one of each of its agencies. Services, follow-ups, plans and calls from the business are "
     "none."),
    ("Redundant", "Another agency had asked the same kind of question within {window} days before, and nothing linked "
     "the two."),
    ("Coordinated", "Another agency had asked before, but the two act as one: by agreement, joint visit or referral."),
    ("Own repeat", "Only the same agency had asked before."),
    ("First", "Nobody had asked this kind of question shortly before."),
    ("Door", "Agencies that are linked to each other for a business are one door to it; an agency by itself is one."),
    ("Effective doors", "Doors weighed by how much came through each; 1 is a true single point of contact."),
    ("Interval", "The range in which the share would likely lie (95 %), by drawing the businesses again and again."),
    ("Others there too", "Of the businesses that an agency knocked on, those on which another one knocked as well."),
    ("Reached", "Somebody there was reached in the last 12 months, by whom and for what ever."),
    ("Adds", "What would be reached no more if only this agency stopped."),
    ("Not known", "A month before the first or after the last contact that an agency has sent. Fewer knocks in it may "
     "only mean that fewer rows have been sent."),
)  # fmt: skip


def make_sheets(pack: Pack) -> list[Sheet]:
    """All sheets, in the order of reading; what there is nothing of is left out."""
    sheets = [_make_region(pack), _make_classes(pack), _make_months(pack), _make_doors(pack), _make_spread(pack)]
    if pack.own is not None:
        sheets.insert(1, _make_own(pack, pack.own))
    sheets += [_make_agencies(pack), _make_coverage(pack), *_make_tables(pack)]
    if pack.room is not None:
        sheets += _make_room(pack.room)
    return [*(sheet for sheet in sheets if sheet.rows), _make_method(pack), _make_settings(pack)]


def _make_region(pack: Pack) -> Sheet:
    report = pack.findings.report
    low, high = report.interval or (None, None)
    figures: Iterable[tuple[str, Any, Kind]] = (
        ("Knocks", report.knocks, "count"),
        ("Redundant knocks", report.redundant, "count"),
        ("Share redundant", report.rate, "share"),
        ("95% interval, low end", low, "share"),
        ("95% interval, high end", high, "share"),
        ("Businesses knocked on", len(report.businesses), "count"),
        ("Businesses in all", report.universe, "count"),
        ("Businesses never touched", report.untouched, "count"),
        ("Effective doors of a business, on average", report.mean_doors, "decimal"),
        ("Share with two doors or more", report.share_2_doors, "share"),
        ("Share with three doors or more", report.share_3_doors, "share"),
        ("Share with five doors or more", report.share_5_doors, "share"),
        ("Asked twice: topics asked through two doors", report.asked_twice, "count"),
        ("Share of all knocks that fell on the most-knocked tenth", report.top_decile_share, "share"),
        ("Inequality of knocks (Gini)", report.gini, "decimal"),
        ("Businesses reached by anybody", pack.coverage.reached, "count"),
        ("Share of businesses reached by anybody", pack.coverage.together, "share"),
        ("Share of jobs reached by anybody", pack.coverage.together_jobs, "share"),
    )
    rows = [[Cell(label), Cell(value, kind)] for label, value, kind in figures]
    return Sheet("Region", "The region in numbers", ("What", "Number"), rows)


AGENCY_COLUMNS = (
    "Agency", "Knocks", "Redundant", "Share redundant", "Businesses", "Others there too", "Hours of businesses",
    "Hours of staff",
)  # fmt: skip


def _write_agency(name: str, one: AgencyFigures) -> list[Cell]:
    return [
        Cell(name),
        Cell(one.knocks, "count"),
        Cell(one.redundant, "count"),
        Cell(one.rate, "share"),
        Cell(one.businesses, "count"),
        Cell(one.shared_share, "share"),
        Cell(one.business_hours, "hours"),
        Cell(one.staff_hours, "hours"),
    ]


def _make_own(pack: Pack, own: AgencyFigures) -> Sheet:
    return Sheet(
        "Own numbers", f"{pack.own_name}: our own numbers", AGENCY_COLUMNS, [_write_agency(pack.own_name, own)]
    )


def _make_agencies(pack: Pack) -> Sheet:
    rows = [_write_agency(pack.masks.call(one.agency), one) for one in pack.agencies if one.knocks]
    note = "A joint knock is one of each of its agencies, so the lines add up to more than the region."
    return Sheet("Agencies", "Agency by agency", AGENCY_COLUMNS, rows, note)


def _make_classes(pack: Pack) -> Sheet:
    report = pack.findings.report
    rows = []
    for outcome in reversed(Outcome):
        number = getattr(report, outcome.word)
        share = number / report.knocks if report.knocks else None
        rows.append([Cell(knock_words.CLASS_WORDS[outcome.word]), Cell(number, "count"), Cell(share, "share")])
    return Sheet("Kinds", "What kind of knocks they were", ("Counts as", "Knocks", "Share"), rows)


def _make_months(pack: Pack) -> Sheet:
    columns = ("Month", "Knocks", "Redundant", "Share", "Low", "High", "Not known")
    rows = [
        [
            Cell(month.month),
            Cell(month.knocks, "count"),
            Cell(month.redundant, "count"),
            Cell(month.rate, "share"),
            *(Cell(end, "share") for end in month.interval or (None, None)),
            Cell(len(month.unknown), "count"),
        ]
        for month in pack.findings.report.months
    ]
    note = "“Not known” counts the agencies of which it is not known whether they knocked in the month."
    return Sheet("Months", "Month by month", columns, rows, note)


def _make_doors(pack: Pack) -> Sheet:
    rows = [[Cell(n, "count"), Cell(c, "count")] for n, c in sorted(pack.findings.report.door_counts.items())]
    return Sheet("Doors", "Through how many doors businesses were knocked on", ("Doors", "Businesses"), rows)


def _make_spread(pack: Pack) -> Sheet:
    rows = [[Cell(n, "count"), Cell(c, "count")] for n, c in sorted(pack.findings.knock_counts.items())]
    return Sheet("Knocks a business", "How many knocks businesses had", ("Knocks", "Businesses"), rows)


def _make_coverage(pack: Pack) -> Sheet:
    ids = {name: id for id, name in pack.masks.names.items() if id in pack.masks.agencies}
    rows = [
        [
            Cell(pack.masks.call(ids[one.agency])),
            Cell(one.engaged, "count"),
            Cell(one.alone, "share"),
            Cell(one.adds, "share"),
            Cell(one.jobs, "share"),
        ]
        for one in pack.coverage.agencies
        if one.engaged
    ]
    columns = ("Agency", "Businesses reached", "Share alone", "Adds", "Share of jobs")
    return Sheet("Coverage", "What each agency reaches alone, and what it adds", columns, rows)


def _make_tables(pack: Pack) -> list[Sheet]:
    drawn = draw_tables(pack.tables, pack.masks)
    standings = [
        [
            Cell(name),
            Cell(len(one.businesses), "count"),
            Cell(len(one.persons), "count"),
            Cell(one.met, "count"),
            Cell(one.hours, "hours"),
        ]
        for name, one in drawn.standings
    ]
    pairs = [
        [
            Cell(pair.a),
            Cell(pair.b),
            Cell(pair.businesses, "count"),
            Cell(pair.persons, "count"),
            Cell(pair.overlap, "share"),
            Cell("could be one" if pair.is_candidate else ""),
        ]
        for pair in drawn.pairs
    ]
    loads = [[Cell(tables, "count"), Cell(people, "count")] for tables, people in drawn.loads.items()]
    columns = ("Table", "Businesses", "People", "Meetings in 12 months", "Hours asked of each")
    pair_columns = ("Table", "And", "Same businesses", "Same people", "Share of the smaller", "Merge")
    return [
        Sheet("Tables", "Tables that meet, in the whole region", columns, standings),
        Sheet("Shared seats", "Tables that ask the same members", pair_columns, pairs),
        Sheet("Seat load", "At how many tables people sit", ("Tables", "People"), loads),
    ]


def _make_room(room: Room) -> list[Sheet]:
    guesses = [
        [
            Cell(row.name),
            *(
                cell
                for name, kind in GUESSED
                for cell in (Cell(row.guesses[name].middle, kind), Cell(_count(row.counted, name), kind))
            ),
        ]
        for row in draw_rows(room)
    ]
    rules = [
        [
            Cell(rule.who),
            Cell(rule.found.redundant_before, "count"),
            Cell(rule.found.redundant_after, "count"),
            Cell(rule.found.redundant_before - rule.found.redundant_after, "count"),
            Cell(rule.found.business_hours, "hours"),
            Cell(rule.found.staff_hours, "hours"),
        ]
        for rule in draw_rules(room)
    ]
    decisions = [
        [
            Cell(one.what),
            Cell(" and ".join(one.who)),
            Cell(one.scope),
            Cell(one.decision.entry.data["from"], "day"),
            Cell(one.decision.entry.data["review"], "day"),
            Cell(one.agree, "count"),
            Cell(one.dissent, "count"),
            Cell("; ".join(one.reasons)),
        ]
        for one in draw_decisions(room)
    ]
    return [
        Sheet("Guesses", "What each agency guessed about itself, and what was counted", GUESS_COLUMNS, guesses),
        Sheet("What if", "What the period would have been with one lead", RULE_COLUMNS, rules),
        Sheet("Decisions", "What was decided", DECISION_COLUMNS, decisions),
    ]


GUESSED: tuple[tuple[str, Kind], ...] = (
    ("knocks", "count"),
    ("redundant", "count"),
    ("shared", "share"),
    ("hours", "hours"),
)
GUESS_COLUMNS = (
    "Agency", "Knocks guessed", "Knocks", "Redundant guessed", "Redundant", "Others there too guessed",
    "Others there too", "Hours guessed", "Hours",
)  # fmt: skip
RULE_COLUMNS = ("One lead shared by", "Redundant", "Would be", "Fewer", "Hours of businesses", "Hours of staff")
DECISION_COLUMNS = ("What", "Who", "Where", "From", "Looked at again", "Agree", "Dissent", "Why not")


def _count(counted: AgencyFigures, name: str) -> Any:
    return counted.shared_share if name == "shared" else getattr(counted, name)


def _make_method(pack: Pack) -> Sheet:
    used = {"gap": pack.findings.report.settings.gap_days, "window": pack.question.window}
    rows = [[Cell(word), Cell(meaning.format(**used))] for word, meaning in METHOD]
    return Sheet("Method", "How it was counted", ("Word", "Meaning"), rows)


def _make_settings(pack: Pack) -> Sheet:
    asked = pack.question
    used = [
        ("as of", _iso(asked.as_of)),
        ("period", f"{_iso(asked.period.first)} to {_iso(asked.period.last)}"),
        ("sector", asked.sector_title or "all"),
        ("place", asked.place or "all"),
        ("size of business", asked.size.name if asked.size else "all"),
        ("compared with earlier knocks of", f"{asked.window} days"),
        ("compared with", "any kind of question" if asked.broad else "the same kind of question"),
    ]
    usual = pack.findings.report.settings.list_values()
    rows = [[Cell(n), Cell(v)] for n, v in (*used, *usual) if n != "earlier knocks are looked for"]
    return Sheet("Settings", "The settings used", ("Setting", "Value"), rows)


def _iso(day: int) -> str:
    found: date = get_date(day)
    return found.isoformat()
