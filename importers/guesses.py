"""A proposal for what the columns of an unknown file mean, with how sure it is and why. A person decides.

Each heading is compared with what people call things (`headings`), its cells with what such things look like (`fits`),
and the columns are given their meanings together, so that the whole fits best (`assignments`). The kind of file is the
one that explains most of the columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from importers.assignments import assign
from importers.cell_types import Cells, look_at
from importers.cells import are_consents
from importers.dates import PIVOT, SERIAL
from importers.fits import DATES, LOOKS_LIKE, STRICT, fit, look_alone, tell_share
from importers.headers import normalise_heading
from importers.headings import NOTHING, Heading, Sense, read_heading
from importers.kinds import BY_NAME, DATE, KINDS, Kind, count_known, find_kind, list_missing
from importers.known_exports import Export, find_export
from importers.meanings import IDENTITY, list_targets
from importers.readers import read_cell
from importers.rows import Row, shorten
from importers.rules import NONE, local_name
from importers.sheets import Sheet
from importers.verdicts import Problem, Remark, Value, Verdict

EXACT, DOUBTFUL = 1.0, 0.4
PLAIN = 0.6  # the share of its headings that a plain file has in common with its kind
MISSPELT_MOST = 0.85
LEAST = 0.3  # what a meaning needs
SURE_NOTHING = 0.9
# What can be said once for the file (`=program:…`), as an agency can: a roster may be of one committee.
SAID_ONCE = {"touchpoints": {"program"}, "seats": {"table"}}
MISSING_COSTS = 3.0
BESIDE_COUNTS = 0.7
OPEN_DAY = 0.9  # how far a column of days counts for a kind where only the order of day and month is open
# A calendar has days and people and says nowhere which business it was; so does many a roster.
UNSAID, UNSAID_COSTS = frozenset({("touchpoints", "business"), ("seats", "business")}), 0.8
FEW_PURPOSES = 20
SECOND_CHOICE = 0.55  # of the best
SURE = 3.0  # what a known export says outweighs every guess
ASK = "please choose"


@dataclass(frozen=True)
class Guess:
    """What one column probably means: `kind.column` or `none`, from 0 to 1 how sure, and a sentence.

    `how` says how it shares its place with another column.
    """

    header: str
    meaning: str
    confidence: float
    why: str
    date_format: str | None = None
    how: str | None = None


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


@dataclass(frozen=True)
class Candidate:
    """One meaning that a column may have."""

    target: str
    score: float
    why: str
    date_format: str | None = None


@dataclass(frozen=True)
class Column:
    """One column as it is seen: what its heading says and what its cells look like."""

    header: str
    heading: Heading
    cells: Cells
    raw: Sequence[str] = field(default=(), repr=False)


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

    `export` is the known export that the file is.
    """

    guesses: dict[str, list[Guess]]
    likeliest: str | None
    export: Export | None = None


def guess_all(headers: Sequence[str], samples: dict[str, list[str]]) -> Guesses:
    """Guess for every kind at once: the columns are looked at a single time."""
    columns = look_at_columns(headers, samples)
    guesses = {kind.name: _guess(kind, columns) for kind in KINDS}
    plain = find_plain(headers)
    if plain is not None:
        return Guesses(guesses, plain.name)
    export = find_export(headers)
    if export is not None:
        guesses[export.kind] = _guess(BY_NAME[export.kind], columns, export)
        return Guesses(guesses, export.kind, export)
    kind = max(KINDS, key=lambda kind: _rate(kind, guesses[kind.name], columns))
    explains = any(guess.meaning != NONE for guess in guesses[kind.name])
    return Guesses(guesses, kind.name if explains else None)


def guess_columns(kind: Kind, headers: Sequence[str], samples: dict[str, list[str]]) -> list[Guess]:
    """A guess for each heading, in a file of this kind; no two get one meaning, but for the lines of an address."""
    return _guess(kind, look_at_columns(headers, samples))


def look_at_columns(headers: Sequence[str], samples: dict[str, list[str]]) -> list[Column]:
    """The columns as they are seen; a repeated heading ("Email (2)") is the second of its name."""
    return [Column(header, read_heading(header), look_at(samples[header]), samples[header]) for header in headers]


def sample_cells(sheet: Sheet, sample: int = 2_000) -> dict[str, list[str]]:
    """heading -> the filled cells under it in the first rows; broken rows are left out."""
    rows = [row.cells for row in islice(sheet.rows(), sample) if isinstance(row, Row)]
    return {header: [cells[n] for cells in rows if cells[n].strip()] for n, header in enumerate(sheet.headers)}


def _rate(kind: Kind, guesses: Sequence[Guess], columns: Sequence[Column]) -> float:
    """How well a kind explains the columns: what is missing weighs as much as three columns that fit."""
    own = {guess.meaning for guess in guesses if guess.meaning.startswith(f"{kind.name}.")}
    found = {local_name(meaning, kind.name) for meaning in own}
    missing = set(list_missing(kind, found)) - SAID_ONCE.get(kind.name, set())
    once = {"seats.person"}
    total = sum(
        (OPEN_DAY if ASK in guess.why else guess.confidence) * (1 if guess.meaning in own else BESIDE_COUNTS)
        for guess in guesses
        if guess.meaning != NONE and (not guess.how or guess.meaning in once)
    )
    missing_costs = sum(UNSAID_COSTS if (kind.name, name) in UNSAID else MISSING_COSTS for name in missing)
    return total - missing_costs + _lean(kind, found, columns)


def _lean(kind: Kind, found: set[str], columns: Sequence[Column]) -> float:
    """What speaks for a kind beside the number of columns that it explains."""
    lean = 0.0
    if kind.name == "people" and _has(columns, "first", bare=True) and _has(columns, "last", bare=True):
        lean += 0.8
    if kind.name == "businesses" and _tells_of_contacts(columns):
        lean += 1.0
    if kind.name in ("people", "businesses"):
        company = next((column for column in columns if column.heading.rate("company") > 0.85), None)
        if company and company.cells.filled >= 8:
            repeated = company.cells.repeats > 0.1
            lean += 0.6 if repeated == (kind.name == "people") else 0.0
    if kind.name == "seats" and not found & {"table", "from", "to"}:
        lean -= 3.0
    if kind.name == "touchpoints" and "date" in found and not _says_contact(columns) and not found & {
        "staff", "person", "channel", "purpose", "topics", "outcome", "service", "promise", "reached", "notes",
        "program",
    }:  # fmt: skip
        lean -= 2.0
    return lean


CONTACT = frozenset({"contact", "contacted", "visit", "visited", "meeting", "met", "call", "interaction", "outreach"})


def _tells_of_contacts(columns: Sequence[Column]) -> bool:
    """Whether telephone or e-mail are expressly the contact's, or the name is and beside it stands what firms have: so
    lists of businesses speak of whom to ask there."""
    if _has_contacts(columns, "email", "phone"):
        return True
    facts = any(column.heading.rate(thing) > 0.9 for column in columns for thing in ("website", "naics", "employees"))
    return facts and _has_contacts(columns, "first", "last", "title")


def _has_contacts(columns: Sequence[Column], *things: str) -> bool:
    return any(
        "person" in column.heading.subjects and any(column.heading.rate(thing) > 0.85 for thing in things)
        for column in columns
    )


def _says_contact(columns: Sequence[Column]) -> bool:
    """Whether a column's heading says that its day is that of a contact."""
    return any(column.heading.rate("date") > 0.9 and CONTACT & set(column.heading.words) for column in columns)


def _has(columns: Sequence[Column], thing: str, *, bare: bool = False) -> bool:
    return any(
        column.heading.rate(thing) >= 0.9 and not (bare and column.heading.subjects - {"member"}) for column in columns
    )


def _guess(kind: Kind, columns: Sequence[Column], export: Export | None = None) -> list[Guess]:
    """The best meanings together; then again without what belongs to a person or business that no column names.

    What the headings of a known export mean is sure.
    """
    beside = {named for main, named in IDENTITY if main == kind.name}
    while True:
        lists = [
            _list_known(column, export)
            if export and normalise_heading(column.header) in export.meanings
            else _list_candidates(kind, column, columns, beside)
            for column in columns
        ]
        scores = [{one.target: one.score for one in found if one.target != NONE} for found in lists]
        chosen = assign(scores)
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
        guesses = _join_names(columns, guesses)
    return _find_day(kind, _join_lines(columns, guesses), columns)


def _list_known(column: Column, export: Export) -> list[Candidate]:
    meaning = export.meanings[normalise_heading(column.header)]
    why = f"a column of {export.name}"
    pattern = _choose_pattern(_list_patterns(column)) if _is_date(meaning) else None
    if pattern and len(column.cells.patterns) > 1:
        why += f"; the days may be {' or '.join(column.cells.patterns[:2])}: {ASK}"
    return [] if meaning == NONE else [Candidate(meaning, SURE, why, pattern)]


def _is_date(meaning: str) -> bool:
    kind, _, name = meaning.partition(".")
    column = BY_NAME[kind].column(name) if kind in BY_NAME else None
    return column is not None and column.type is DATE


def _list_candidates(kind: Kind, column: Column, columns: Sequence[Column], beside: set[str]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in (*_by_heading(kind, column, columns), *_by_cells(kind, column, columns)):
        named = candidate.target.partition(".")[0]
        if named != kind.name and named not in beside:
            continue
        if candidate.score >= LEAST and (
            candidate.target not in best or candidate.score > best[candidate.target].score
        ):
            best[candidate.target] = candidate
    # What is far less likely than the best is no second choice: it would only fill a place that nobody else wants.
    most = max((one.score for one in best.values()), default=0.0)
    return [one for one in best.values() if one.score >= SECOND_CHOICE * most]


def _by_heading(kind: Kind, column: Column, columns: Sequence[Column]) -> list[Candidate]:
    plain = column.header.strip().casefold()
    found: list[Candidate] = []
    own = kind.column(plain)
    if own is not None and not _misleads(plain, columns):
        found.append(_check_plain(kind, column, plain))
    most = MISSPELT_MOST if column.heading.is_misspelt else 0.97
    nothing = max((s.score for s in column.heading.senses if s.thing.startswith(NOTHING)), default=0.0)
    for sense in _say_again(column, columns):
        if sense.thing.startswith(NOTHING) or sense.score < nothing:
            continue
        fits = fit(sense.thing, column.cells)
        weight = _weigh_fit(sense.thing, fits)
        why = _explain(sense, column, fits)
        pattern = _choose_pattern(_list_patterns(column)) if sense.thing in DATES else None
        found += [
            Candidate(target, min(most, sense.score * weight * suits), why, pattern)
            for target, suits in _list_places(kind, sense.thing, column, columns)
            # A business has a legal name beside its name only where the other is said to be what it trades as.
            if not (sense.thing == "company" and target.endswith("legal_name") and not _has(columns, "dba"))
        ]
    return found


def _list_places(kind: Kind, thing: str, column: Column, columns: Sequence[Column]) -> list[tuple[str, float]]:
    """The columns that a thing may be, among these neighbours."""
    if kind.name == "touchpoints" and thing == "service_begun" and not _has(columns, "date"):
        return [("touchpoints.date", 1.0), ("touchpoints.service_begun", 0.6)]
    if kind.name == "touchpoints" and thing == "purpose" and column.cells and not column.cells.is_few:
        # Words that are as many as the rows are no list of purposes; what is long is a note.
        few = len(column.cells.texts) < FEW_PURPOSES
        return [("touchpoints.purpose", 1.0 if few else 0.8), ("touchpoints.topics", 0.7 if few else 0.95)]
    return list_targets(kind.name, thing, column.heading.subjects)


def _say_again(column: Column, columns: Sequence[Column]) -> tuple[Sense, ...]:
    """What a heading says among its neighbours: "Name" beside "First name" is the surname."""
    plain = " ".join(column.heading.words)
    if plain == "name" and _has(columns, "first") and not _has(columns, "last"):
        return (Sense("last", 0.95, "name beside first name"),)
    if plain == "name" and column.cells.share("person") > 0.5 and not _has(columns, "person"):
        return (Sense("person", 0.95, "name"), *column.heading.senses)
    if plain == "title" and _has_job(columns):
        return ()
    if plain == "title" and not _has(columns, "first") and not _has(columns, "person"):
        return (*column.heading.senses, Sense("topics", 0.6, "title"))
    if "number" in column.heading.words and column.heading.rate("employees") and _tells_of_layoffs(columns):
        return ()
    return column.heading.senses


def _has_job(columns: Sequence[Column]) -> bool:
    """Whether a column says outright that it is the job: beside it, Title is the form of address."""
    return any(column.heading.words in (("job_title",), ("position",)) for column in columns)


def _tells_of_layoffs(columns: Sequence[Column]) -> bool:
    words = {word for column in columns for word in column.heading.words}
    return bool(words & {"layoff", "warn", "closure", "laid", "layoffs"}) or {"notice", "effective"} <= words


def _misleads(plain: str, columns: Sequence[Column]) -> bool:
    """Whether a heading of a plain file stands among headings of another system, where it means something else."""
    if plain == "title":
        own = next(column for column in columns if column.header.strip().casefold() == plain)
        return _has_job(columns) or own.cells.share("salutation") > 0.4
    if plain == "name":
        return _has(columns, "first") and not _has(columns, "last")
    return False


def _check_plain(kind: Kind, column: Column, plain: str) -> Candidate:
    own = kind.column(plain)
    assert own is not None
    why = "the heading of a plain file"
    target = f"{kind.name}.{plain}"
    filled = column.cells.texts
    if own.type is DATE:
        patterns = _list_patterns(column)
        if filled and not patterns:
            return Candidate(target, DOUBTFUL, f"{why}, but the cells are not dates of one form")
        return Candidate(target, EXACT, why, _choose_pattern(patterns))
    unfit = [cell for cell in filled if _is_unfit(read_cell(cell, own.type, own.type.check))]
    if filled and len(unfit) > len(filled) / 2:
        return Candidate(target, DOUBTFUL, f"{why}; but cells such as {shorten(unfit[0], 30)!r} do not belong there")
    if target == "businesses.name" and (fits := fit("company", column.cells)) is not None and fits <= 0.5:
        return Candidate(target, 0.6, f"{why}; but the cells look like names of people")
    return Candidate(target, EXACT, why)


def _is_unfit(value: Value | Verdict) -> bool:
    return isinstance(value, Problem) or (isinstance(value, Remark) and not value.is_used)


def _weigh_fit(thing: str, fits: float | None) -> float:
    """What the cells make of a heading's score."""
    if fits is None:
        return 0.95
    if thing in STRICT or thing in DATES:
        return 1.0 if fits >= 0.7 else 0.85 if fits >= 0.5 else 0.6 if fits >= 0.3 else 0.15
    return 0.4 + 0.6 * min(1.0, fits / 0.75) if fits > 0.15 else 0.2


def _explain(sense: Sense, column: Column, fits: float | None) -> str:
    why = f"the heading says {sense.words}" if sense.score < 0.9 else f"the heading is a name for {sense.words}"
    if sense.thing in DATES:
        patterns = column.cells.patterns
        if any("yy" in pattern and "yyyy" not in pattern for pattern in patterns):
            why += f"; years of two digits from {PIVOT} on are of the last century"
        if not patterns and column.cells.are_serials:
            why += "; a spreadsheet has turned its days into numbers"
        if len(patterns) > 1:
            why += f"; the days may be {' or '.join(patterns[:2])}: {ASK}"
        return why
    if sense.thing in LOOKS_LIKE and fits is not None:
        look, words = LOOKS_LIKE[sense.thing]
        share = column.cells.share(look)
        if share > 0.3:
            why += f"; {tell_share(share, column.cells, words)}"
    return why


def _by_cells(kind: Kind, column: Column, columns: Sequence[Column]) -> list[Candidate]:
    """What the cells say where the heading says nothing, or something that they are not."""
    if are_consents(column.cells.texts):
        why = "the cells say who has unsubscribed"
        return [Candidate(target, 0.8, why) for target, _ in list_targets(kind.name, "do_not_contact", ())]
    alone = look_alone(column.cells) or _look_beside(column, columns)
    if alone is None:
        return []
    thing, score, why = alone
    best = column.heading.best
    if best is not None and best.score >= 0.5 and not _is_belied(best, column, thing):
        return []
    return [
        Candidate(target, score * suits, why)
        for target, suits in list_targets(kind.name, thing, column.heading.subjects)
        if not target.endswith("legal_name")
    ]


def _look_beside(column: Column, columns: Sequence[Column]) -> tuple[str, float, str] | None:
    """Short words between streets and states are cities, where no heading says anything."""
    n = next(n for n, other in enumerate(columns) if other is column)
    before = columns[n - 1].cells if n else None
    after = columns[n + 1].cells if n + 1 < len(columns) else None
    if column.heading.senses or column.cells.share("word") < 0.9 or not before or not after:
        return None
    if before.share("street") > 0.6 and after.share("state", "zip") > 0.8:
        return "city", 0.45, "words between streets and states are cities"
    return None


def _is_belied(best: Sense, column: Column, thing: str) -> bool:
    """Whether the cells are so clearly something else that the heading does not count."""
    if best.thing.startswith(NOTHING):
        return False
    fits = fit(best.thing, column.cells)
    return fits is not None and fits <= 0.3 and best.thing != thing


def _list_patterns(column: Column) -> list[str]:
    """How the days of a column that holds days may be written."""
    return column.cells.patterns or ([SERIAL] if column.cells.are_serials else [])


def _choose_pattern(patterns: Sequence[str]) -> str | None:
    return patterns[0] if patterns and patterns[0] != "yyyy-mm-dd" else None


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
        return Guess(column.header, NONE, 0.0, "the heading is not known")
    fits = fit(best.thing, column.cells)
    if fits is not None and fits < 0.5 and column.cells:
        cell = shorten(column.cells.texts[0], 30)
        why = f"the heading says {best.words}, but cells such as {cell!r} do not belong there"
        return Guess(column.header, NONE, DOUBTFUL, why)
    return Guess(column.header, NONE, DOUBTFUL, f"a list of {kind.name} has no place for {best.words}")


def _join_lines(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """The second line of an address goes where the first does."""
    first = next((n for n, guess in enumerate(guesses) if guess.meaning.endswith("businesses.street")), None)
    if first is None:
        return guesses
    subject = _address_of(columns[first])
    joined = [
        n
        for n, column in enumerate(columns)
        if guesses[n].meaning == NONE
        and (best := column.heading.best) is not None
        and (best.thing == "street_2" or column.heading.rate("street_2") > 0.85)
        and _address_of(column) == subject
    ]
    if not joined:
        return guesses
    why = "a further line of the address"
    return [
        replace(guess, how="join")
        if n == first
        else Guess(guess.header, guesses[first].meaning, 0.8, why, how="join")
        if n in joined
        else guess
        for n, guess in enumerate(guesses)
    ]


def _join_names(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """Who sits on a seat, from first name and last name, where no column says the whole name."""
    if any(guess.meaning == "seats.person" for guess in guesses):
        return guesses
    parts = {thing: _find_part(columns, guesses, thing) for thing in ("first", "last")}
    if None in parts.values():
        return guesses
    return [
        Guess(guess.header, "seats.person", 0.9, "first and last name together say who it is", how="join")
        if n in parts.values()
        else guess
        for n, guess in enumerate(guesses)
    ]


def _find_part(columns: Sequence[Column], guesses: Sequence[Guess], thing: str) -> int | None:
    return next(
        (
            n
            for n, column in enumerate(columns)
            if guesses[n].meaning == NONE and column.heading.best is not None and column.heading.best.thing == thing
        ),
        None,
    )


WHOSE_ADDRESS = frozenset({"mailing", "mail", "home", "billing", "shipping", "other", "secondary"})


def _address_of(column: Column) -> frozenset[str]:
    return WHOSE_ADDRESS & frozenset(column.heading.words)


def _find_day(kind: Kind, guesses: list[Guess], columns: Sequence[Column]) -> list[Guess]:
    """Where rows need a day and no heading says one, the only column without a meaning whose cells are days."""
    needed = next((column for column in kind.columns if column.required and column.type is DATE), None)
    if needed is None or any(guess.meaning == f"{kind.name}.{needed.name}" for guess in guesses):
        return guesses
    found = [
        n
        for n, guess in enumerate(guesses)
        if guess.meaning == NONE and not columns[n].heading.senses and columns[n].cells.patterns
    ]
    if len(found) != 1:
        return guesses
    n = found[0]
    pattern = _choose_pattern(columns[n].cells.patterns)
    day = Guess(guesses[n].header, f"{kind.name}.{needed.name}", 0.6, "its cells are days", pattern)
    return [*guesses[:n], day, *guesses[n + 1 :]]
