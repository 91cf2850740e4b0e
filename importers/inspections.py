"""Inspections: how a file will be read, told before anything is stored, with a reason for each column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from importers.archives import Part
from importers.choices import choose_by_profile
from importers.errors import ReadError
from importers.headers import normalise_heading
from importers.kinds import BY_NAME
from importers.profiles import Profile
from importers.proposals import LIKE_A_PROFILE, compare
from importers.read import open_sheet
from importers.readings import Reading, describe
from importers.rules import NONE
from importers.sheets import Sheet

SAID_BEFORE = 1.0


@dataclass(frozen=True)
class Inspected:
    """One column: its heading as it stands in the file, `kind.column` or `none`, from 0 to 1 how sure, and why."""

    header: str
    meaning: str
    confidence: float
    why: str
    date_format: str | None = None


@dataclass(frozen=True)
class Inspection:
    """A file as it will be read. `kind` is None where no kind of plain file explains it; `header_row` counts from 0.

    `profile` names the saved profile or the known export by which it is read, None if the columns are guessed.
    """

    kind: str | None
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    rows: int
    profile: str | None
    columns: tuple[Inspected, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InspectedFile(Inspection):
    """One of several files: `file` is its path in the zip file or folder, `problem` why it cannot be read, else None;
    nothing is known of how it would be read then.
    """

    file: str
    problem: str | None


def inspect_parts(
    parts: Iterable[Part], profiles: Sequence[tuple[str, Profile]] = (), **read_by: Any
) -> list[InspectedFile]:
    """How each of several files will be read, in their order; `read_by` are arguments of `open_sheet`."""
    return [_inspect_part(part, profiles, read_by) for part in parts]


def _inspect_part(part: Part, profiles: Sequence[tuple[str, Profile]], read_by: dict[str, Any]) -> InspectedFile:
    try:
        if part.stream is None:
            raise ReadError(part.problem)
        with open_sheet(part.stream, part.name, **read_by) as sheet:
            told = inspect_sheet(sheet, profiles)
    except ReadError as error:
        told = Inspection(None, None, None, None, None, 0, None, (), ())
        return InspectedFile(**vars(told), file=part.name, problem=str(error))
    return InspectedFile(**vars(told), file=part.name, problem=None)


def inspect_sheet(sheet: Sheet, profiles: Iterable[tuple[str, Profile]] = ()) -> Inspection:
    """How an open sheet will be read: by the saved profile whose headings are most like its own, else as is guessed."""
    reading = describe(sheet)
    known = _find_profile(reading, profiles)
    columns = _read_by_profile(reading, *known) if known else _read_by_guess(reading)
    headers = sheet.raw_headers if sheet.header_row is not None else sheet.headers
    return Inspection(
        kind=known[1].kind if known else reading.kind,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        sheet=sheet.sheet,
        header_row=sheet.header_row,
        rows=sheet.count_rows(),
        profile=known[0] if known else reading.export,
        columns=tuple(Inspected(header, *column[1:]) for header, column in zip(headers, columns, strict=True)),
        notes=sheet.notes,
    )


def _find_profile(reading: Reading, profiles: Iterable[tuple[str, Profile]]) -> tuple[str, Profile] | None:
    rated = [(compare(profile.headers, reading.headers), name, profile) for name, profile in profiles]
    best = max(rated, key=lambda one: one[0], default=None)
    return None if best is None or best[0] < LIKE_A_PROFILE or reading.plain else (best[1], best[2])


Column = tuple[str, str, float, str, str | None]


def _read_by_profile(reading: Reading, name: str, profile: Profile) -> list[Column]:
    choices = choose_by_profile(reading, profile, agency=profile.agency)
    old = {normalise_heading(header) for header in profile.headers}
    columns: list[Column] = []
    for n, (header, meaning) in enumerate(zip(reading.headers, choices.meanings, strict=True)):
        said = normalise_heading(header) in old
        guess = reading.guesses[profile.kind][n]
        columns.append((
            header,
            qualify(profile.kind, meaning),
            SAID_BEFORE if said else guess.confidence,
            f"so said in the profile {name}" if said else guess.why,
            choices.patterns[n] or None,
        ))  # fmt: skip
    return columns


def _read_by_guess(reading: Reading) -> list[Column]:
    kind = reading.kind or "businesses"
    return [
        (heading.name, guess.meaning or qualify(kind, guess.column), guess.confidence, guess.why, guess.pattern)
        for heading, guess in zip(reading.headings, reading.guesses[kind], strict=True)
    ]


def qualify(kind: str, column: str) -> str:
    """`city` of a list of businesses as `businesses.city`; what is qualified already, and none, as it stands."""
    return column if column == NONE or "." in column else f"{BY_NAME[kind].name}.{column}"
