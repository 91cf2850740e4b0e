"""What the columns of a table of records mean to the matcher: guessed from headings and cells, or said by a person.

Headings speak first (`headings`), and cells have the last word (`cells`): a column headed *Phone* without a number in
it is none, and a column of e-mail addresses is one, whatever its heading.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm.dedupe.cells import FITS, MOSTLY, has_letter, is_list_name, is_organisations, match_cells
from crm.dedupe.headings import (
    BUSINESS_WORDS,
    CONTACT,
    EMPLOYERS,
    HEADINGS,
    MEANINGS,
    NONE,
    PERSON_WORDS,
    REC_ID,
    SAID_RANK,
    SECOND_RANK,
    UNWANTED,
    Guess,
    KindName,
    match_heading,
    split_heading,
)
from crm.errors import Refused


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is read: its heading, what it means (`none`: nothing), and why, in words."""

    header: str
    meaning: str
    why: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read: as records of which kind, and what each column means, in the order of the file."""

    kind: KindName
    columns: tuple[Column, ...]

    def places(self, meaning: str) -> tuple[int, ...]:
        """The places (from 0) of the columns with this meaning."""
        return tuple(place for place, column in enumerate(self.columns) if column.meaning == meaning)


Samples = Mapping[str, Sequence[str]]


def read_layout(
    headers: Sequence[str], samples: Samples, *, kind: KindName | None = None, maps: Iterable[str] = ()
) -> Layout:
    """What the columns of a table mean; `samples` are filled cells by heading, `maps` texts such as "Site=name".

    Headings differ from each other. Raises Refused for a map that names no column, or no meaning.
    """
    said = parse_maps(maps, headers)
    kind = kind or guess_kind(headers, samples, said)
    check_meanings(kind, said)
    return Layout(kind, tuple(guess_columns(kind, headers, samples, said)))


# What a person says.


def parse_maps(maps: Iterable[str], headers: Sequence[str]) -> dict[str, str]:
    """heading -> meaning as said, in lower case. Raises Refused for what is no rule and for an unknown heading."""
    known = {" ".join(split_heading(header)): header for header in reversed(headers)}
    known |= {" ".join(header.split()).casefold(): header for header in reversed(headers)}
    said: dict[str, str] = {}
    for text in maps:
        heading, equals, meaning = text.rpartition("=")
        if not (equals and heading.strip() and meaning.strip()):
            raise Refused(f'{text!r} is no column map. Write COLUMN=MEANING, such as --map "Site name=name".')
        header = known.get(" ".join(heading.split()).casefold()) or known.get(" ".join(split_heading(heading)))
        if header is None:
            raise Refused(f"The file has no column {heading.strip()!r}. Its columns are: {', '.join(headers)}.")
        said[header] = "_".join(split_heading(meaning))
    return said


def check_meanings(kind: KindName, said: Mapping[str, str]) -> None:
    """Raises Refused for a meaning that columns of such a list do not have."""
    for header, meaning in said.items():
        if meaning not in (*MEANINGS[kind], NONE):
            raise Refused(
                f"{header!r} cannot mean {meaning!r} in a list of {PLURAL[kind]}. It can mean: "
                f"{', '.join(MEANINGS[kind])}, or {NONE}."
            )


PLURAL: dict[str, str] = {"business": "businesses", "person": "people"}


# Whether a table is of businesses or of people.

BUSINESS_SIGNS = {"dba": 2, "legal_name": 2, "naics": 2, "ein": 2, "website": 1, "people": 2, "parent": 1}
PERSON_SIGNS = {"born_on": 3, "national_id": 2, "gender": 2, "title": 1, "mobile": 1, "birth_place": 1}


def guess_kind(headers: Sequence[str], samples: Samples, said: Mapping[str, str] | None = None) -> KindName:
    """A list of people has first and last names, birthdays, titles; one of businesses has trade names, codes, contacts.

    Without a sign of either it is a list of businesses.
    """
    said = said or {}
    meant = set(said.values())
    if meant & (BUSINESS_WORDS.keys() - PERSON_WORDS.keys()):
        return "business"
    if meant & (PERSON_WORDS.keys() - BUSINESS_WORDS.keys()):
        return "person"
    open_headers = [header for header in headers if header not in said]
    as_business = {guess.meaning for guess in guess_each("business", open_headers, samples) if guess}
    as_person = {guess.meaning for guess in guess_each("person", open_headers, samples) if guess}
    spelled = [split_heading(header) for header in headers]
    own = {" ".join(words) for words in spelled if not CONTACT & set(words)}
    business = sum(points for meaning, points in BUSINESS_SIGNS.items() if meaning in as_business)
    business += any(EMPLOYERS & set(words) for words in spelled)
    person = sum(points for meaning, points in PERSON_SIGNS.items() if meaning in as_person)
    person += 2 * any(HEADINGS["person"].get(words) in ("first_name", "last_name") for words in own)
    person += 2 * bool(own & {"full name", "fullname", "person name"} or ("name" in own and "employer" in as_person))
    return "person" if person > business else "business"


# What one column says for itself.


def guess_each(kind: KindName, headers: Sequence[str], samples: Samples) -> list[Guess | None]:
    return [guess_column(kind, header, samples.get(header, ())) for header in headers]


def guess_column(kind: KindName, header: str, cells: Sequence[str]) -> Guess | None:
    """What a heading says, unless the cells belie it; else what the cells look like; None if neither says anything."""
    guess = match_heading(kind, header)
    if guess is None:
        looks = match_cells(kind, header, cells)
        return Guess(looks, SECOND_RANK, "by its cells") if looks else None
    if guess.meaning == "people" and is_organisations(cells):
        return Guess("legal_name", SECOND_RANK, "by its cells, which name organisations")
    if guess.meaning == "agency" and "agency" in split_heading(header) and not is_list_name(cells):
        meaning = "parent" if kind == "business" else "employer"
        return Guess(meaning, SECOND_RANK, "by its cells, which are too many for the names of lists")
    fits = FITS.get(guess.meaning)
    if fits and cells and sum(map(fits, cells)) * 2 < len(cells):
        looks = match_cells(kind, header, cells)
        odd = next(cell for cell in cells if not fits(cell)).strip()
        why = f"cells such as {odd[:30]!r} are no {guess.meaning}"
        return Guess(looks, SECOND_RANK, "by its cells") if looks else Guess(NONE, SECOND_RANK, why)
    looks = match_cells(kind, header, cells)
    if looks in ("email", "website") and looks != guess.meaning:
        return Guess(looks, SECOND_RANK, "by its cells")
    return guess


# All columns together.


def guess_columns(
    kind: KindName, headers: Sequence[str], samples: Samples, said: Mapping[str, str]
) -> Iterable[Column]:
    """One meaning a column: of several columns for one, those of the best rank have it."""
    guesses: list[Guess | None] = [
        Guess(said[header], SAID_RANK, "as said")
        if header in said
        else guess_column(kind, header, samples.get(header, ()))
        for header in headers
    ]
    guesses = find_name(kind, headers, samples, guesses)
    best: dict[str, tuple[int, str]] = {}
    for header, guess in zip(headers, guesses, strict=True):
        if guess and guess.rank < best.get(guess.meaning, (9, ""))[0]:
            best[guess.meaning] = (guess.rank, header)
    for header, guess in zip(headers, guesses, strict=True):
        if guess is None:
            yield Column(header, NONE, "neither heading nor cells say what it is")
        elif guess.meaning == REC_ID:
            # One column names the rows: of several the first of best rank.
            own = best[REC_ID][1] == header
            yield Column(header, REC_ID, "each row's own") if own else Column(header, NONE, "another is rec_id")
        elif guess.meaning == NONE:
            yield Column(header, NONE, guess.why)
        elif best[guess.meaning][0] == guess.rank:
            yield Column(header, guess.meaning, guess.why)
        else:
            yield Column(header, NONE, f"{best[guess.meaning][1]} is the better {guess.meaning}")


NAMES = {"business": {"name", "dba", "legal_name"}, "person": {"name", "first_name", "last_name"}}


def find_name(
    kind: KindName, headers: Sequence[str], samples: Samples, guesses: list[Guess | None]
) -> list[Guess | None]:
    """Where no heading says a name, the column of texts whose cells differ most from each other is it."""
    if any(guess and guess.meaning in NAMES[kind] for guess in guesses):
        return guesses
    rated: list[tuple[float, int]] = []
    for place, (header, guess) in enumerate(zip(headers, guesses, strict=True)):
        cells = samples.get(header, ())
        mostly_texts = sum(map(has_letter, cells)) >= max(1, MOSTLY * len(cells))
        if guess is None and mostly_texts and not UNWANTED & set(split_heading(header)):
            rated.append((-len(set(cells)) / len(cells), place))
    if rated:
        _, place = min(rated)
        return [*guesses[:place], Guess("name", SECOND_RANK, "by its cells"), *guesses[place + 1 :]]
    return guesses
