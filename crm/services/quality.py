"""Quality: how good the matching of a region is, told from what people said of the pairs that were drawn to be checked.

One answer for the page, the API and the command line. All members of a region may see it: what people decide about the
region's records is for all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.analysis.quality import (
    Answer,
    Cell,
    Estimate,
    Rates,
    fill_cells,
    fill_part,
    find_precision,
    rate_part,
    rate_trial,
    rate_whole,
    weigh_opinions,
)
from crm.dedupe.checks import Band, find_band
from crm.errors import NotFound
from crm.graph import agencies, checks, reviews
from crm.graph.checks import Check
from crm.graph.driver import Reader, Row, Store
from crm.graph.judgements import pair_of
from crm.graph.stale import Kind

# What stands for "nothing speaks against it" among the kinds of case.
NO_CASE = "nothing"


@dataclass(frozen=True)
class BandLine:
    """Pairs that are one now (`joined`) or are not, whose scores stand for `low` to `high` (null: no end); `pairs` of
    them, and what was said. `share` is how many of them are one, by the answers; `likely` by their scores."""

    joined: bool
    low: float | None
    high: float | None
    pairs: int
    answers: int
    same: float
    share: Estimate | None
    likely: float


@dataclass(frozen=True)
class PartLine:
    """An agency (pairs with one of its records) or a kind of case. Figures that rest on too little are null, and
    `missing` answers are needed for them."""

    id: str
    name: str
    answers: int
    precision: Estimate | None
    recall: Estimate | None
    missing: int


@dataclass(frozen=True)
class JoinLine:
    """What would be if two records were taken for one from `join` points on: `things` and `pairs`, of which `joined`
    pairs of records would come together that are not one now, and `parted` would part; `asked` pairs to review."""

    join: int
    likely: float
    is_current: bool
    things: int
    pairs: int
    joined: int
    parted: int
    asked: int
    precision: Estimate | None
    recall: Estimate | None


@dataclass(frozen=True)
class AskLine:
    """How many pairs would be put to review from `ask` points on, if nothing else were changed."""

    ask: int
    likely: float
    is_current: bool
    asked: int


@dataclass(frozen=True)
class Quality:
    """How good the matching of one kind of records is. `drawn_at` is null before the first survey, and everything else
    is empty; `is_current`: nothing has changed in the region since. `checks` pairs were drawn; of the `answered` ones
    `unsure` count for nothing, and of `disagreed` two people think otherwise. `missing` answers are needed for figures
    that are null."""

    kind: str
    drawn_at: str | None
    is_current: bool
    records: int
    things: int
    pairs: int
    checks: int
    answered: int
    unsure: int
    disagreed: int
    precision: Estimate | None
    recall: Estimate | None
    missing: int
    join: int
    ask: int
    bands: list[BandLine]
    agencies: list[PartLine]
    cases: list[PartLine]
    joins: list[JoinLine]
    asks: list[AskLine]


@dataclass(frozen=True)
class Said:
    """A checked pair with what people said of it, and the place of its band."""

    check: Check
    band: int
    verdict: str
    second: str | None

    @property
    def same(self) -> float | None:
        return weigh_opinions([self.verdict, self.second])

    @property
    def case(self) -> str:
        return self.check.case or NO_CASE

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({*self.check.agencies, f"case {self.case}"})


def find_quality(db: Store, viewer: Viewer, kind: Kind) -> Quality:
    """How good the matching of a kind of records is, by all that was answered so far."""
    survey = checks.find_survey(db, viewer, kind)
    if survey is None:
        return Quality(kind, None, False, 0, 0, 0, 0, 0, 0, 0, None, None, 0, 0, 0, [], [], [], [], [])
    found, bands = survey["found"], read_bands(survey)
    drawn = checks.list_all(db, kind)
    said = read_said(found, bands, drawn, checks.list_said(db, viewer, kind))
    sizes, joined = [band.size for band in bands], [band.joined for band in bands]
    answers = [Answer(one.band, one.same, one.parts) for one in said]
    cells = fill_cells(sizes, answers)
    rates = rate_whole(cells, joined)
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}

    def part(id: str, key: str, name: str) -> PartLine:
        own = rate_part(fill_part(sizes, answers, key), joined)
        number = sum(key in one.parts and one.same is not None for one in said)
        # What is not known of the whole is not known of its parts.
        precision = own.precision if rates.precision else None
        return PartLine(id, name, number, precision, own.recall if rates.recall else None, own.missing)

    return Quality(
        kind=kind,
        drawn_at=survey["at"],
        is_current=survey["clock"] == db.clock(),
        records=found["records"],
        things=found["things"],
        pairs=sum(band.size for band in bands if band.joined),
        checks=len(drawn),
        answered=len(said),
        unsure=sum(one.same is None for one in said),
        disagreed=sum(one.second is not None and one.same == 0.5 for one in said),
        precision=rates.precision,
        recall=rates.recall,
        missing=rates.missing,
        join=found["join"],
        ask=found["ask"],
        bands=[
            _describe_band(row, cell) for row, cell in zip(found["bands"], cells, strict=True)
        ],
        agencies=_sort([part(id, id, names.get(id, id)) for id in _list_agencies(said)]),
        cases=_sort([part(case, f"case {case}", case) for case in sorted({one.case for one in said})]),
        joins=[_describe_join(row, found, cells, said) for row in found["joins"]],
        asks=[_describe_ask(row, found) for row in found["asks"]],
    )  # fmt: skip


def read_bands(survey: Row) -> list[Band]:
    """The bands of a survey."""
    return [Band(row["joined"], row["number"], row["size"], row["likely"]) for row in survey["found"]["bands"]]


def read_said(
    found: Row, bands: Sequence[Band], drawn: Sequence[Check], said: dict[str, tuple[str, str | None]]
) -> list[Said]:
    """The checks that were answered. One whose band is there no more (its like are all gone) is left out."""
    answered: list[Said] = []
    for check in drawn:
        if check.counted_at is not None and check.id in said:
            band = find_band(list(bands), joined=found["join"] in check.joined_at, points=check.points)
            if band is not None:
                answered.append(Said(check, band, *said[check.id]))
    return answered


def _list_agencies(said: Sequence[Said]) -> list[str]:
    return sorted({id for one in said for id in one.check.agencies})


def _sort(parts: list[PartLine]) -> list[PartLine]:
    """Those of which most is known first."""
    return sorted(parts, key=lambda part: (-part.answers, part.name))


def _describe_band(row: Row, cell: Cell) -> BandLine:
    return BandLine(
        joined=row["joined"],
        low=row["low"] if row["number"] or not row["joined"] else None,
        high=row["high"],
        pairs=row["size"],
        answers=cell.answers,
        same=cell.same,
        share=find_precision([cell]) if cell.answers else None,
        likely=row["likely"],
    )


def _describe_ask(row: Row, found: Row) -> AskLine:
    now = next(line for line in found["joins"] if line["join"] == found["join"])
    return AskLine(row["ask"], row["likely"], row["ask"] == found["ask"], now["asked"][str(row["ask"])])


def _describe_join(row: Row, found: Row, cells: Sequence[Cell], said: Sequence[Said]) -> JoinLine:
    rates = _rate_join(row, cells, said)
    return JoinLine(
        join=row["join"],
        likely=row["likely"],
        is_current=row["join"] == found["join"],
        things=row["things"],
        pairs=row["pairs"],
        joined=row["joined"],
        parted=row["parted"],
        asked=row["asked"][str(found["ask"])],
        precision=rates.precision,
        recall=rates.recall,
    )


def _rate_join(row: Row, cells: Sequence[Cell], said: Sequence[Said]) -> Rates:
    """Precision and recall at another threshold: each band in what would be one then and what would not."""

    def fill(test: Callable[[Said], bool], sizes: Sequence[float]) -> list[Cell]:
        return fill_cells(sizes, [Answer(one.band, one.same) for one in said if test(one)])

    inside: list[int] = row["by_band"]
    outside = [max(0, cell.size - number) for cell, number in zip(cells, inside, strict=True)]
    then = fill(lambda one: row["join"] in one.check.joined_at, inside)
    not_then = fill(lambda one: row["join"] not in one.check.joined_at, outside)
    return rate_trial(cells, list(zip(then, not_then, strict=True)), beyond=max(0, row["pairs"] - sum(inside)))


@dataclass(frozen=True)
class CheckedPair:
    """A pair that was checked, its two records as people know them (None for one that is not there now)."""

    said: Said
    joined: bool
    left: Row | None
    right: Row | None


def list_checked(
    db: Store, viewer: Viewer, kind: Kind, *, band: int | None = None, part: str = "", joined: bool | None = None
) -> list[CheckedPair]:
    """The pairs behind a figure: those of a band, of an agency or a kind of case (`part`), that are one or are not; the
    last answered first.
    Those that nobody has answered yet are not told: whoever answers them is not to know which they are."""
    survey = checks.find_survey(db, viewer, kind)
    if survey is None:
        return []
    bands = read_bands(survey)
    said = read_said(survey["found"], bands, checks.list_all(db, kind), checks.list_said(db, viewer, kind))
    chosen = [
        one
        for one in said
        if band in (None, one.band) and (not part or part in one.parts) and joined in (None, bands[one.band].joined)
    ]
    named = reviews.list_names(db, kind, sorted({id for one in chosen for id in (one.check.left, one.check.right)}))
    return [
        CheckedPair(one, bands[one.band].joined, named.get(one.check.left), named.get(one.check.right))
        for one in sorted(chosen, key=lambda one: (one.check.counted_at or "", one.check.id), reverse=True)
    ]


@dataclass(frozen=True)
class Trial:
    """What other thresholds would change: `join` as it would be, `now` as it is; `asked` pairs would be put to review.
    Pairs of records (`joining`, `parting`, `asking`) as people know them: some, where there are many. `asking` are
    those that come or go if the threshold for asking alone is moved."""

    join: JoinLine
    now: JoinLine
    ask: AskLine
    ask_now: AskLine
    asked: int
    joining: list[tuple[str, Row | None, Row | None]]
    parting: list[tuple[str, Row | None, Row | None]]
    asking: list[tuple[str, Row | None, Row | None]]


def try_thresholds(db: Store, viewer: Viewer, kind: Kind, *, join: int, ask: int) -> Trial:
    """What would change at other thresholds, by the last survey. Raises NotFound without one, or for what it did not
    try."""
    quality, survey = find_quality(db, viewer, kind), checks.find_survey(db, viewer, kind)
    joins, asks = {line.join: line for line in quality.joins}, {line.ask: line for line in quality.asks}
    if survey is None or join not in joins or ask not in asks:
        raise NotFound("These thresholds were not tried out.")
    row = next(row for row in survey["found"]["joins"] if row["join"] == join)
    asked = next(row for row in survey["found"]["asks"] if row["ask"] == ask)
    return Trial(
        join=joins[join],
        now=joins[quality.join],
        ask=asks[ask],
        ask_now=asks[quality.ask],
        asked=row["asked"][str(ask)],
        joining=_name_pairs(db, kind, row["joining"]),
        parting=_name_pairs(db, kind, row["parting"]),
        asking=_name_pairs(db, kind, asked["pairs"]),
    )


def _name_pairs(db: Reader, kind: Kind, pairs: Sequence[str]) -> list[tuple[str, Row | None, Row | None]]:
    split: list[tuple[Any, ...]] = [tuple(pair.split("~")) for pair in pairs]
    named = reviews.list_names(db, kind, sorted({id for ids in split for id in ids})) if split else {}
    return [(pair_of(left, right), named.get(left), named.get(right)) for left, right in split]


@dataclass(frozen=True)
class TrialLines:
    """The same as the command line and the API tell it; pairs are two of AGENCY:KEY."""

    now: JoinLine
    then: JoinLine
    asked_now: int
    asked_then: int
    joining: list[tuple[str | None, str | None]]
    parting: list[tuple[str | None, str | None]]
    asking: list[tuple[str | None, str | None]]


def describe_trial(trial: Trial) -> TrialLines:
    def name(pairs: Sequence[tuple[str, Row | None, Row | None]]) -> list[tuple[str | None, str | None]]:
        return [
            (reviews.name_row(left) if left else None, reviews.name_row(right) if right else None)
            for _, left, right in pairs
        ]

    return TrialLines(
        now=trial.now,
        then=trial.join,
        asked_now=trial.now.asked,
        asked_then=trial.asked,
        joining=name(trial.joining),
        parting=name(trial.parting),
        asking=name(trial.asking),
    )
