"""Readings: what was found out about an uploaded file, so that people can say how it is to be read.

Worked out once, when the file arrives, and kept beside it as plain JSON: the page on which somebody says what the
columns mean needs the headings, some cells, and the guesses for each kind of file, but not the file.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Self

from importers.dates import compile_pattern, find_patterns
from importers.guesses import guess_all, sample_cells, to_column
from importers.kinds import BY_NAME, Kind
from importers.read import open_sheet
from importers.rows import Row, shorten
from importers.rules import NONE, local_name
from importers.sheets import Sheet
from importers.splits import find_splitter
from importers.verdicts import Problem

SHOWN_CELLS = 3
SHOWN_LETTERS = 60
SHOWN_ROWS = 10
# Columns with at most so many different texts, each at most so long, may hold words whose meaning must be said.
MOST_WORDS = 200
LONGEST_WORD = 60
SAMPLE = 2_000
# Cells that are tried as dates; a column whose first thousand cells are none is no date.
TRIED_CELLS = 1_000
# The share of a column's days that may be mistakes before a way of reading them is given up.
MISFITS = 0.02


@dataclass(frozen=True)
class Meaning:
    """A guess: the column of the plain file ("none" for none), from 0 to 1 how sure, why, and a date's pattern.

    `meaning` is the same as `kind.column`, also where it is what the row says of its business or person beside; `how`
    says how it shares its place.
    """

    column: str
    confidence: float
    why: str
    pattern: str | None
    meaning: str = ""
    how: str | None = None


@dataclass(frozen=True)
class Heading:
    """One column of the file: its heading, some of its cells, and the patterns under which its cells are dates."""

    name: str
    cells: tuple[str, ...]
    patterns: tuple[str, ...]
    # Where few different texts stand in it: each with how often, the most frequent first.
    words: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What was found out. `header_row` counts from 0, None if there is none; `lines` is about how long the file is.

    `plain` is the kind whose headings these are exactly, `kind` the likeliest one. `guesses` are by kind, in file
    order. `export` names the known export that the file is.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    header_row: int | None
    lines: int
    sha256: str
    notes: tuple[str, ...]
    headings: tuple[Heading, ...]
    plain: str | None
    kind: str | None
    guesses: dict[str, tuple[Meaning, ...]]
    # The first rows: each its line in the file and its cells.
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    export: str | None = None

    @cached_property
    def headers(self) -> tuple[str, ...]:
        return tuple(heading.name for heading in self.headings)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The reverse of `to_json`."""
        made: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        made["headings"] = tuple(
            Heading(
                one["name"],
                tuple(one["cells"]),
                tuple(one["patterns"]),
                tuple((text, count) for text, count in one.get("words", ())),
            )
            for one in data["headings"]
        )
        made["rows"] = tuple((line, tuple(cells)) for line, cells in data.get("rows", ()))
        made["guesses"] = {kind: tuple(Meaning(**one) for one in some) for kind, some in data["guesses"].items()}
        return cls(**made)


def read_file(path: Path, name: str, **said: Any) -> Reading:
    """Find out about a file; `said` are the arguments of `open_sheet` that are not to be guessed. Raises ReadError."""
    with open_sheet(path, name, **said) as sheet:
        return describe(sheet)


def describe(sheet: Sheet) -> Reading:
    """The same for a sheet that is open."""
    samples = sample_cells(sheet)
    patterns = {header: find_patterns(cells[:TRIED_CELLS]) for header, cells in samples.items()}
    for header, day in _settle_doubts(sheet, patterns).items():
        samples[header].insert(0, day)
    found = guess_all(sheet.headers, samples)
    guesses = {
        kind: tuple(
            _cut_up(
                BY_NAME[kind],
                Meaning(to_column(one, kind), one.confidence, one.why, one.date_format, one.meaning, one.how),
                samples[one.header],
            )
            for one in some
        )
        for kind, some in found.guesses.items()
    }
    words = _count_words(sheet, samples)
    return Reading(
        format=sheet.format,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        sheet=sheet.sheet,
        sheets=sheet.sheets,
        header_row=sheet.header_row,
        lines=sheet.lines,
        sha256=sheet.sha256,
        notes=sheet.notes,
        headings=tuple(
            _describe_column(header, samples[header], patterns[header], words.get(header, ()))
            for header in sheet.headers
        ),
        plain=found.plain,
        kind=found.likeliest,
        guesses=guesses,
        rows=tuple((row.line, tuple(row.cells)) for row in islice(_list_rows(sheet), SHOWN_ROWS)),
        export=found.export.name if found.export else None,
    )


def _list_rows(sheet: Sheet) -> Iterator[Row]:
    return (row for row in sheet.rows() if isinstance(row, Row))


def _cut_up(kind: Kind, guess: Meaning, cells: list[str]) -> Meaning:
    """The guess, or the splitter that cuts the column up where most of its cells hold more than what was guessed."""
    splitter = find_splitter(cells[:TRIED_CELLS], kind) if guess.column != NONE else None
    if splitter is None:
        return guess
    first = splitter.columns[0]
    named = {
        "businesses.name": ("business",),
        "people.name": ("person",),
        "people.first_name": ("name", "people.name", "person"),
    }
    if guess.column not in (local_name(first, kind.name), *named.get(first, ())):
        return guess
    why = f'{guess.why}; its cells are written like "{splitter.example}"'
    return replace(guess, column=splitter.name, why=why, pattern=None)


def _count_words(sheet: Sheet, samples: dict[str, list[str]]) -> dict[str, tuple[tuple[str, int], ...]]:
    """heading -> the texts of a column that holds few different ones, counted over the whole file."""
    few = {
        header: place
        for place, header in enumerate(sheet.headers)
        if 0 < len(set(samples[header])) <= MOST_WORDS and max(map(len, samples[header])) <= LONGEST_WORD
    }
    counts = {header: Counter(cell.strip() for cell in samples[header]) for header in few}
    if few and sheet.lines > SAMPLE:
        counts = {header: Counter[str]() for header in few}
        for row in _list_rows(sheet):
            for header, place in few.items():
                counts[header][row.cells[place]] += 1
    return {
        header: tuple(
            (text, count)
            for text, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
            if text.strip() and len(text) <= LONGEST_WORD
        )[:MOST_WORDS]
        for header, counted in counts.items()
    }


def natural_meaning(reading: Reading, kind: str, header: str) -> str:
    """What a heading means in a plain file of this kind without a word of anybody: the column of that name, or none."""
    base, bracket, _ = header.rpartition(" (")
    name = (base if bracket and header.endswith(")") and base in reading.headers else header).casefold()
    return name if BY_NAME[kind].column(name) else NONE


def _describe_column(header: str, cells: list[str], patterns: list[str], words: tuple[tuple[str, int], ...]) -> Heading:
    shown = list(dict.fromkeys(shorten(" ".join(cell.split()), SHOWN_LETTERS) for cell in cells))[:SHOWN_CELLS]
    return Heading(header, tuple(shown), tuple(patterns), words)


def _settle_doubts(sheet: Sheet, patterns: dict[str, list[str]]) -> dict[str, str]:
    """Where the first days may be read in two ways (3/4/2026), let the whole column decide; the day that told."""
    doubtful = [place for place, header in enumerate(sheet.headers) if len(patterns[header]) > 1]
    if not doubtful:
        return {}
    texts: dict[int, set[str]] = {place: set() for place in doubtful}
    for row in sheet.rows():
        if isinstance(row, Row):
            for place in doubtful:
                texts[place].add(row.cells[place].strip())
    telling: dict[str, str] = {}
    for place in doubtful:
        header, days = sheet.headers[place], texts[place] - {""}
        misfits = {one: _list_misfits(one, days) for one in patterns[header]}
        left = [one for one, wrong in misfits.items() if len(wrong) <= MISFITS * len(days)]
        if len(left) == 1:
            told = set().union(*(misfits[one] for one in misfits if one not in left)) - misfits[left[0]]
            patterns[header] = left
            telling |= {header: min(told)} if told else {}
    return telling


def _list_misfits(pattern: str, days: set[str]) -> set[str]:
    read = compile_pattern(pattern)
    return {day for day in days if isinstance(read(day), Problem)}
