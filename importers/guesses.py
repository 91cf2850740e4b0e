"""A proposal for what the columns of an unknown file mean, with how sure it is and why. A person decides.

Each heading is compared with what people call things (`headings`), its cells with what such things look like (`fits`),
and the columns are given their meanings together, so that the whole fits best (`assignments`). The kind of file is the
one that explains most of the columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from importers.assignments import assign
from importers.candidates import ASK, DOUBTFUL, EXACT, NOT_KNOWN, Candidate, Guess, list_candidates, list_known
from importers.columns import Column, look_at_columns
from importers.fits import fit
from importers.headers import normalise_heading
from importers.heading_reader import KINDS_READ, Reader
from importers.heading_words import SUBJECTS
from importers.headings import NOTHING
from importers.joined import find_day, join_lines, join_names
from importers.kinds import BY_NAME, KINDS, Kind, count_known, find_kind, list_missing
from importers.known_exports import Export, find_export
from importers.leanings import SAID_ONCE, rate
from importers.list_subjects import tells_of_events
from importers.meanings import IDENTITY
from importers.other_addresses import set_back_mail
from importers.rows import Row, shorten
from importers.rules import NONE, local_name
from importers.second_readings import read_again
from importers.sheets import Sheet

__all__ = ["Guess", "Guesses", "Proposal", "guess_all", "guess_columns", "propose_mapping", "sample_cells", "to_column"]

PLAIN_COUNTS = 0.7  # what most headings of a plain file say for its kind
PLAIN = 0.6  # the share of its headings that a plain file has in common with its kind
SURE_NOTHING = 0.9
READ_COUNTS = 0.4  # how much the reader of headings is heard on the kind of a list
SAME_OWNER = 0.05
NAMES = frozenset({"businesses.name", "people.business", "touchpoints.business", "seats.business"})
PLACES = frozenset({"street", "city", "state", "zip", "county", "phone", "source_id"})


@dataclass(frozen=True)
class Proposal:
    """The likeliest kind (None if no kind gets all that its rows need) with a guess for each column, in file order."""

    kind: str | None
    guesses: tuple[Guess, ...]

    @property
    def maps(self) -> tuple[str, ...]:
        """The rules of `map_columns` that say the same."""
        return tuple(
            f"{guess.header}={to_column(guess, self.kind or '')}{f':{guess.how}' if guess.how else ''}"
            for guess in self.guesses
        )

    @property
    def date_formats(self) -> tuple[str, ...]:
        return tuple(f"{guess.header}={guess.date_format}" for guess in self.guesses if guess.date_format)


def to_column(guess: Guess, kind: str) -> str:
    """The meaning as a column map of a file of this kind says it; none where it cannot take it."""
    column = local_name(guess.meaning, kind)
    return column if kind in BY_NAME and BY_NAME[kind].column(column) else NONE


def propose_mapping(sheet: Sheet, *, sample: int = 2_000) -> Proposal:
    """What each column probably means, from its heading and the cells of the first rows."""
    found = guess_all(sheet.headers, sample_cells(sheet, sample))
    kind = BY_NAME[found.likeliest or "businesses"]
    guesses = found.guesses[kind.name]
    columns = {to_column(guess, kind.name) for guess in guesses}
    complete = set(list_missing(kind, columns)) <= SAID_ONCE.get(kind.name, set())
    return Proposal(kind.name if complete else None, tuple(guesses))


def find_plain(headers: Sequence[str]) -> Kind | None:
    """The kind of plain file that most of these are the headings of: a log of contacts may well have the columns Agency
    and Program of a list of programs."""
    kind = find_kind(headers)
    names = {header.strip().casefold() for header in headers}
    return kind if kind is not None and count_known(kind, names) >= PLAIN * len(names) else None


@dataclass(frozen=True)
class Guesses:
    """What the columns would mean in a file of each kind, and the kind that explains them best; None if none does.

    `export` is the known export that the file is, `plain` the kind of plain file.
    """

    guesses: dict[str, list[Guess]]
    likeliest: str | None
    export: Export | None = None
    plain: str | None = None


def guess_all(headers: Sequence[str], samples: dict[str, list[str]]) -> Guesses:
    """Guess for every kind at once: the columns are looked at a single time."""
    columns = look_at_columns(headers, samples)
    guesses = {kind.name: _guess(kind, columns) for kind in KINDS}
    plain = find_plain(headers)
    if plain is not None and all(plain.column(header.strip().casefold()) for header in headers):
        return Guesses(guesses, plain.name, plain=plain.name)
    export = find_export(headers)
    if export is not None:
        guesses[export.kind] = _guess(BY_NAME[export.kind], columns, export)
        return Guesses(guesses, export.kind, export)
    if tells_of_events(columns):
        why = "a list of events tells of no business, and of nobody who was there"
        return Guesses({kind.name: [Guess(header, NONE, DOUBTFUL, why) for header in headers] for kind in KINDS}, None)
    reader = Reader(columns)
    rates = {one.name: rate(one, guesses[one.name], columns) + (PLAIN_COUNTS if one is plain else 0) for one in KINDS}
    kind = BY_NAME[_choose_kind(rates, reader.kinds)]
    guesses = {one.name: read_again(one, columns, guesses[one.name], reader) for one in KINDS}
    if kind is plain:
        return Guesses(guesses, kind.name, plain=kind.name)
    explains = any(guess.meaning != NONE for guess in guesses[kind.name])
    return Guesses(guesses, kind.name if explains else None)


def _choose_kind(rates: dict[str, float], read: dict[str, float]) -> str:
    """The kind with the highest rate; between those of which the reader has seen many, it has a say."""
    best = max(rates, key=lambda kind: rates[kind])
    if best not in KINDS_READ:
        return best
    return max(KINDS_READ, key=lambda kind: rates[kind] + READ_COUNTS * read[kind])


def guess_columns(kind: Kind, headers: Sequence[str], samples: dict[str, list[str]]) -> list[Guess]:
    """A guess for each heading, in a file of this kind; no two get one meaning, but for the lines of an address."""
    return _guess(kind, look_at_columns(headers, samples))


def sample_cells(sheet: Sheet, sample: int = 2_000) -> dict[str, list[str]]:
    """heading -> the filled cells under it in the first rows; broken rows are left out."""
    rows = [row.cells for row in islice(sheet.rows(), sample) if isinstance(row, Row)]
    return {header: [cells[n] for cells in rows if cells[n].strip()] for n, header in enumerate(sheet.headers)}


def _guess(kind: Kind, columns: Sequence[Column], export: Export | None = None) -> list[Guess]:
    """The best meanings together; then again without what belongs to a person or business that no column names.

    What the headings of a known export mean is sure.
    """
    beside = {named for main, named in IDENTITY if main == kind.name}
    while True:
        lists = [
            list_known(column, export)
            if export and normalise_heading(column.header) in export.meanings
            else list_candidates(kind, column, columns, beside)
            for column in columns
        ]
        scores = [{one.target: one.score for one in found if one.target != NONE} for found in lists]
        scores = set_back_mail(columns, scores)
        chosen = assign(scores)
        if owner := _find_owner(columns, chosen):
            chosen = assign([_prefer(one, column, owner) for one, column in zip(scores, columns, strict=True)])
        unnamed = {named for named in beside if not set(IDENTITY[kind.name, named]) & set(chosen)}
        if not unnamed & {target.partition(".")[0] for target in chosen if target}:
            break
        beside -= unnamed
    guesses = [
        _settle_known(column, export)
        if export and not found and normalise_heading(column.header) in export.meanings
        else _settle(kind, column, found, target, chosen)
        for column, found, target in zip(columns, lists, chosen, strict=True)
    ]
    if kind.name == "seats":
        guesses = join_names(columns, guesses)
    return find_day(kind, join_lines(columns, guesses), columns)


def _find_owner(columns: Sequence[Column], chosen: Sequence[str | None]) -> set[str]:
    """The words that say whose the name is: "outlet" of "Outlet name", where there is a "Taxpayer name" as well."""
    names = (column for column, target in zip(columns, chosen, strict=True) if target in NAMES)
    return next((set(column.heading.words) & SUBJECTS.keys() for column in names), set())


def _prefer(scores: dict[str, float], column: Column, owner: set[str]) -> dict[str, float]:
    """The scores with something added where the column's place is that of the named one."""
    if not owner <= set(column.heading.words):
        return scores
    return {
        target: score + (SAME_OWNER if target.rpartition(".")[2] in PLACES else 0) for target, score in scores.items()
    }


def _settle_known(column: Column, export: Export) -> Guess:
    return Guess(column.header, NONE, EXACT, f"a column of {export.name} that says nothing for a list like this")


def _settle(
    kind: Kind, column: Column, found: Sequence[Candidate], target: str | None, chosen: Sequence[str | None]
) -> Guess:
    """The guess for one column, once it is known which meaning it gets."""
    won = next((one for one in found if one.target == target), None)
    if won is not None:
        doubtful = len(column.cells.patterns) > 1 and ASK in won.why
        score = min(won.score, DOUBTFUL) if doubtful else min(won.score, EXACT)
        return Guess(column.header, won.target, score, won.why, won.date_format)
    lost = max(found, key=lambda one: one.score, default=None)
    if lost is not None and lost.target in chosen:
        return Guess(column.header, NONE, DOUBTFUL, f"another column fits {lost.target} better")
    best = column.heading.best
    if best is not None and best.thing.startswith(NOTHING):
        thing = best.thing.removeprefix(NOTHING)
        return Guess(column.header, NONE, SURE_NOTHING * best.score, f"the heading says {best.words} ({thing})")
    if best is None:
        return Guess(column.header, NONE, 0.0, NOT_KNOWN)
    fits = fit(best.thing, column.cells)
    if fits is not None and fits < 0.5 and column.cells:
        cell = shorten(column.cells.texts[0], 30)
        why = f"the heading says {best.words}, but cells such as {cell!r} do not belong there"
        return Guess(column.header, NONE, DOUBTFUL, why)
    return Guess(column.header, NONE, DOUBTFUL, f"a list of {kind.name} has no place for {best.words}")
