"""Choices: what a person says about the columns of a file, in the form in which the page asks, and what is still
unsaid.

The page asks, for each column of the file, what it means; for what no column says, a value for every row, or a column
that says two things at once. From the choices come the texts of a column map (`importers.rules`), and back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from importers.check import RowChecker
from importers.errors import MapError
from importers.headers import normalise_heading
from importers.kinds import BY_NAME, DATE, Kind, list_missing
from importers.known_exports import get_export
from importers.map import Mapping, map_columns
from importers.profiles import Profile, compare_headers
from importers.readings import Meaning, Reading, natural_meaning
from importers.rules import LEAVE_OUT, NONE, compare_word, local_name, parse_rules, parse_value, write_value
from importers.splits import BY_NAME as SPLITTERS

ISO = "yyyy-mm-dd"


@dataclass(frozen=True)
class Fill:
    """A column that no heading of its own feeds: it takes the cells at `place` too, or else `text` in every row."""

    column: str
    place: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Choices:
    """`meanings` and `patterns` (of dates; "" where nothing is said) are in file order; `shares` says how several
    columns share one place: join, first or newest. `agency` None: each row says its own. `passed` are places of
    columns with the words (parted by `;`) that leave a row out. `complete`: files like this are always the whole list.
    """

    kind: str
    meanings: tuple[str, ...]
    patterns: tuple[str, ...]
    agency: str | None = None
    shares: dict[str, str] = field(default_factory=dict)
    fills: tuple[Fill, ...] = ()
    # What words of the file mean: column -> word as it is compared -> our word, "" for a blank cell.
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    passed: tuple[tuple[int, str], ...] = ()
    complete: bool = False

    @property
    def columns(self) -> set[str]:
        """The columns that get something."""
        return self.fed | {fill.column for fill in self.fills}

    @property
    def fed(self) -> set[str]:
        """The columns that a column of the file feeds."""
        kind = BY_NAME[self.kind]
        return {column for name in self.meanings if name != NONE for column in list_columns(kind, name)}


def list_columns(kind: Kind, meaning: str) -> list[str]:
    """The columns that what a heading means fills: one, or several where its cells are cut up."""
    return SPLITTERS[meaning].list_columns(kind) if meaning in SPLITTERS else [meaning]


@dataclass(frozen=True)
class Gap:
    """What is still to be said: `field` is the part of the page that asks for it."""

    field: str
    text: str


def choose_naturally(reading: Reading, kind: str, *, agency: str | None) -> Choices:
    """A plain file as it stands."""
    meanings = tuple(natural_meaning(reading, kind, header) for header in reading.headers)
    return Choices(kind, meanings, default_patterns(reading, kind, meanings), agency)


def choose_by_guess(reading: Reading, kind: str, *, agency: str | None) -> Choices:
    """The likeliest meaning of each column."""
    guesses = reading.guesses[kind]
    meanings = tuple(_keep_whole(guesses, n, kind) for n in range(len(guesses)))
    shares = {guess.column: guess.how for guess in guesses if guess.how and guess.column != NONE}
    choices = Choices(kind, meanings, default_patterns(reading, kind, meanings), agency, shares)
    export = get_export(reading.export)
    if export is None or export.kind != kind:
        return choices
    places = {normalise_heading(header): place for place, header in enumerate(reading.headers)}
    passed = [(places.get(normalise_heading(header)), words) for header, words in export.passed]
    return replace(
        choices,
        passed=tuple((place, words) for place, words in passed if place is not None),
        fills=tuple(Fill(name, None, text) for name, text in export.constants if name not in choices.columns),
    )


def _keep_whole(guesses: Sequence[Meaning], n: int, kind: str) -> str:
    """What a column means; not cut up where other columns say one of its parts."""
    guess = guesses[n]
    if guess.column not in SPLITTERS:
        return guess.column
    parts = set(list_columns(BY_NAME[kind], guess.column))
    others = {column for m, one in enumerate(guesses) if m != n for column in list_columns(BY_NAME[kind], one.column)}
    return local_name(guess.meaning, kind) if parts & others else guess.column


def choose_by_profile(reading: Reading, profile: Profile, *, agency: str | None) -> Choices:
    """What was said the last time, also where headings have changed a little since."""
    renamed = {normalise_heading(old): new for old, new in compare_headers(profile, reading.headers).renamed}
    places = {normalise_heading(header): place for place, header in enumerate(reading.headers)}

    def find_place(header: str) -> int | None:
        key = normalise_heading(header)
        return places.get(normalise_heading(renamed[key]) if key in renamed else key)

    known = {normalise_heading(header) for header in profile.headers} | {normalise_heading(v) for v in renamed.values()}
    meanings = [
        natural_meaning(reading, profile.kind, header) if normalise_heading(header) in known else guess.column
        for header, guess in zip(reading.headers, reading.guesses[profile.kind], strict=True)
    ]
    shares: dict[str, str] = {}
    fills: list[Fill] = []
    passed: list[tuple[int, str]] = []
    ruled: set[int] = set()
    for rule in parse_rules(profile.maps, profile.kind)[0]:
        place = find_place(rule.header) if rule.header is not None else None
        if rule.header is None:
            fills.append(Fill(rule.target or "", None, rule.constant or ""))
        elif rule.leaves_out:
            if place is not None:
                passed.append((place, ";".join(rule.leaves_out)))
        elif place is not None and place in ruled:
            fills.append(Fill(rule.target or "", place))
        elif place is not None:
            meanings[place] = rule.target or NONE
            ruled.add(place)
            if rule.how:
                shares[rule.target or ""] = rule.how
    patterns = list(default_patterns(reading, profile.kind, meanings))
    for text in profile.date_formats:
        name, _, pattern = text.rpartition("=")
        place = find_place(name)
        if place is not None:
            patterns[place] = pattern.strip()
    values: dict[str, dict[str, str]] = {}
    for column, word, meaning in map(parse_value, profile.values):
        values.setdefault(column, {})[compare_word(word)] = meaning
    said = tuple(meanings), tuple(patterns), agency, shares, tuple(fills), values, tuple(passed)
    return Choices(profile.kind, *said, complete=profile.complete)


def change_kind(choices: Choices, reading: Reading, kind: str) -> Choices:
    """The choices for a file of another kind: its guesses, for little that was said still holds."""
    if kind == choices.kind:
        return choices
    return choose_by_guess(reading, kind, agency=choices.agency)


def to_maps(choices: Choices, reading: Reading) -> tuple[str, ...]:
    """The texts of the column map; none for a plain file as it stands."""
    texts: list[str] = []
    for header, name in zip(reading.headers, choices.meanings, strict=True):
        how = choices.shares.get(name, "") if choices.meanings.count(name) > 1 else ""
        if (
            how
            or name != natural_meaning(reading, choices.kind, header)
            or any(reading.headers[place] == header for place, _ in choices.passed)
            or any(fill.place is not None and reading.headers[fill.place] == header for fill in choices.fills)
        ):
            texts.append(f"{header}={name}:{how}" if how else f"{header}={name}")
    texts += [f"{reading.headers[place]}={LEAVE_OUT}:{words}" for place, words in choices.passed]
    for fill in choices.fills:
        if fill.place is not None:
            texts.append(f"{reading.headers[fill.place]}={fill.column}")
        elif fill.text.strip():
            texts.append(f"={fill.column}:{fill.text}")
    return tuple(texts)


def to_date_formats(choices: Choices, reading: Reading) -> tuple[str, ...]:
    """The texts that say how dates are written, for those that are not written as 2026-03-31."""
    kind = BY_NAME[choices.kind]
    return tuple(
        f"{header}={pattern}"
        for header, name, pattern in zip(reading.headers, choices.meanings, choices.patterns, strict=True)
        if pattern not in ("", ISO) and is_date(kind, name)
    )


def to_values(choices: Choices) -> tuple[str, ...]:
    """The texts that say what words of the file mean, of the columns that the file fills."""
    return tuple(
        write_value(column, word, meaning)
        for column, words in choices.values.items()
        if column in choices.columns
        for word, meaning in words.items()
    )


def map_choices(choices: Choices, reading: Reading, *, is_whole: bool = True) -> Mapping:
    """The mapping that they say; not `is_whole` while some of what a row needs may be unsaid. Raises MapError."""
    return map_columns(
        reading.headers,
        maps=to_maps(choices, reading),
        date_formats=to_date_formats(choices, reading),
        values=to_values(choices),
        agency=choices.agency,
        kind=choices.kind,
        is_whole=is_whole,
    )


def list_gaps(choices: Choices, reading: Reading) -> list[Gap]:
    """What is still to be said before the file can be read; empty when all is said."""
    kind = BY_NAME[choices.kind]
    gaps = [
        *_list_unshared(choices, reading),
        *_list_twice_said(choices),
        *_list_needed(choices, kind),
        *_list_undated(choices, reading, kind),
    ]
    if not gaps:
        try:
            RowChecker(map_choices(choices, reading), Counter())
        except MapError as error:
            gaps = [Gap("columns", str(error))]
    return gaps


def fill_needed(choices: Choices) -> Choices:
    """The same with an empty fill for each column that is needed and that nothing feeds: what the page asks for."""
    kind = BY_NAME[choices.kind]
    missing = [name for name in list_missing(kind, choices.columns) if name in list_fillable(kind)]
    return replace(choices, fills=(*choices.fills, *(Fill(name) for name in missing)))


def list_fillable(kind: Kind) -> set[str]:
    """Columns that may be the same in every row."""
    return {column.name for column in kind.known} - {"source_id"}


def _list_unshared(choices: Choices, reading: Reading) -> list[Gap]:
    gaps: list[Gap] = []
    for name, count in Counter(choices.meanings).items():
        if name != NONE and count > 1 and not choices.shares.get(name):
            headers = [h for h, meaning in zip(reading.headers, choices.meanings, strict=True) if meaning == name]
            gaps.append(Gap(f"share-{name}", f"{' and '.join(headers)} both go to {name}. Say how they share it."))
    return gaps


def _list_twice_said(choices: Choices) -> list[Gap]:
    return [
        Gap("fills", f"A column goes to {fill.column} already, so it cannot have a value for every row as well.")
        for fill in choices.fills
        if (fill.text or fill.place is not None) and fill.column in choices.fed
    ]


def _list_needed(choices: Choices, kind: Kind) -> list[Gap]:
    filled = choices.fed | {fill.column for fill in choices.fills if fill.text or fill.place is not None}
    gaps = [Gap(f"need-{name}", f"Say where the {name} of each row comes from.") for name in list_missing(kind, filled)]
    if kind.takes_agency and choices.agency is None and "agency" not in filled:
        gaps.append(Gap("agency", "Say whose rows these are."))
    return gaps


def _list_undated(choices: Choices, reading: Reading, kind: Kind) -> list[Gap]:
    return [
        Gap(f"pattern-{place}", f"Say how the days in {heading.name} are written.")
        for place, (heading, name, pattern) in enumerate(
            zip(reading.headings, choices.meanings, choices.patterns, strict=True)
        )
        if is_date(kind, name) and not pattern and heading.cells
    ]


def default_patterns(reading: Reading, kind: str, meanings: Sequence[str]) -> tuple[str, ...]:
    """The pattern of each column of dates where there is no doubt about it."""
    return tuple(
        heading.patterns[0]
        if is_date(BY_NAME[kind], name) and (len(heading.patterns) == 1 or ISO in heading.patterns)
        else ""
        for heading, name in zip(reading.headings, meanings, strict=True)
    )


def is_date(kind: Kind, name: str) -> bool:
    """Whether this column of the plain file holds days."""
    column = kind.column(name)
    return column is not None and column.type is DATE
