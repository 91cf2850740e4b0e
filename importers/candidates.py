"""What one column of a file may mean, with how likely each meaning is: by heading and by cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from importers.cells import are_consents
from importers.columns import Column, choose_pattern, has, has_job, list_patterns
from importers.dates import PIVOT
from importers.fits import DATES, LOOKS_LIKE, STRICT, fit, tell_share
from importers.headers import normalise_heading
from importers.headings import NOTHING, Sense
from importers.kinds import BY_NAME, DATE, Kind
from importers.known_exports import Export
from importers.list_subjects import tells_of_awards
from importers.meanings import list_targets
from importers.neighbours import (
    has_number_beside,
    has_other,
    is_day_entered,
    is_establishment,
    is_of_another,
    is_of_many,
    is_of_named_person,
    is_of_office,
    is_title_of_deal,
    names_firms,
    names_otherwise,
    names_place,
    names_trade,
    stands_whole,
    trades_seldom,
    writes_to_people,
)
from importers.readers import read_cell
from importers.rereadings import SHORT_NOTE, is_list_of_agencies, say_again
from importers.rows import shorten
from importers.rules import NONE
from importers.unsaid import look
from importers.verdicts import Problem, Remark, Value, Verdict


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
class Candidate:
    """One meaning that a column may have."""

    target: str
    score: float
    why: str
    date_format: str | None = None


MISSPELT_MOST = 0.85
LEAST = 0.3  # what a meaning needs
SECOND_CHOICE = 0.55  # of the best
FEW_PURPOSES = 20
SURE = 3.0  # what a known export says outweighs every guess
ASK = "please choose"
NOT_KNOWN = "the heading is not known"
EXACT, DOUBTFUL = 1.0, 0.4


def list_known(column: Column, export: Export) -> list[Candidate]:
    meaning = export.meanings[normalise_heading(column.header)]
    why = f"a column of {export.name}"
    pattern = choose_pattern(list_patterns(column)) if is_date(meaning) else None
    if pattern and len(column.cells.patterns) > 1:
        why += f"; the days may be {' or '.join(column.cells.patterns[:2])}: {ASK}"
    return [] if meaning == NONE else [Candidate(meaning, SURE, why, pattern)]


def is_date(meaning: str) -> bool:
    """Whether a column of this meaning holds days."""
    kind, _, name = meaning.partition(".")
    column = BY_NAME[kind].column(name) if kind in BY_NAME else None
    return column is not None and column.type is DATE


def list_candidates(kind: Kind, column: Column, columns: Sequence[Column], beside: set[str]) -> list[Candidate]:
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
    filled = any(other.cells for other in columns)
    if own is not None and (_are_plain(kind, columns) or not _misleads(plain, column, columns)):
        known = _check_plain(kind, column, columns, plain)
        is_blank = filled and not column.cells and not _are_plain(kind, columns)
        found.append(replace(known, score=BLANK_PLAIN) if is_blank else known)
    if kind.name == "touchpoints" and is_day_entered(column, columns):
        why = "the day on which it was entered, and there is no other"
        found.append(Candidate("touchpoints.date", 0.6, why, choose_pattern(list_patterns(column))))
    most = MISSPELT_MOST if column.heading.is_misspelt else 0.97
    nothing = max((s.score for s in column.heading.senses if s.thing.startswith(NOTHING)), default=0.0)
    for sense in say_again(column, columns):
        if sense.thing.startswith(NOTHING) or sense.score < nothing:
            continue
        fits = fit(sense.thing, column.cells)
        if _says_too_little(kind, sense, column, columns):
            continue
        if sense.thing == "street" and fits is not None and has_number_beside(column, columns):
            fits = max(fits, WITHOUT_NUMBER)
        weight = _weigh_fit(sense.thing, fits) if column.cells or not filled else BLANK
        why = _explain(sense, column, fits)
        pattern = choose_pattern(list_patterns(column)) if sense.thing in DATES else None
        found += [
            Candidate(target, min(most, sense.score) * _weigh_name(sense, target, column, weight) * suits, why, pattern)
            for target, suits in _list_places(kind, sense.thing, column, columns)
            if not (target == "people.name" and is_of_office(sense, column, columns))
            # A business has a legal name beside its name only where the other is said to be what it trades as.
            if not (
                sense.thing in ("company", "name")
                and target.endswith("legal_name")
                and (not names_trade(column, columns) or names_place(column))
            )
        ]
    return found


def _says_too_little(kind: Kind, sense: Sense, column: Column, columns: Sequence[Column]) -> bool:
    """Whether the heading is so weak a sign that the cells must speak for it too, and do not.

    A location is a street only where streets stand in it; in a list of businesses an occupation is mostly one for which
    they train people; a description of a word or two that comes again and again is no note.
    """
    if sense.thing == "channel" and sense.score < CERTAIN_TYPE and column.heading.subjects & WITH_TYPES:
        return True
    if (
        sense.thing in ("phone", "mobile")
        and column.heading.words[-1] == "extension"
        and has_other(column, columns, "phone")
    ):
        return True
    if sense.thing == "street" and sense.score < VAGUE:
        return bool(column.cells) and column.cells.share("street") < 0.3
    if sense.thing == "notes" and sense.score < CERTAIN_NOTES:
        cells = column.cells  # words of a list rather than sentences
        return cells.filled >= 8 and cells.repeats > 0.5 and cells.length < SHORT_NOTE
    if sense.thing in ("id", "license_id") and sense.score < CERTAIN_KEY and column.cells.filled >= 8:
        return column.cells.repeats > 0.3  # a key of the row stands there once
    if sense.thing == "legal" and column.heading.rate("company") > sense.score:
        return True
    if sense.thing in ("company", "person") and kind.name == "businesses" and is_of_many(sense.thing, column, columns):
        return True
    if sense.thing == "company" and column.cells.repeats > 0.5 and any(map(is_establishment, columns)):
        return not is_establishment(column)  # who runs several of them
    if sense.thing == "id" and not column.cells:
        return any(other.cells for other in columns)  # a column of keys without any
    if sense.thing == "title" and kind.name == "businesses" and sense.score < 0.85:
        return "person" not in column.heading.subjects and column.cells.share("job") <= 0.5
    return False


# Of two columns of one name, the one that is filled.
BLANK, BLANK_PLAIN = 0.72, 0.65
VAGUE = 0.6
CERTAIN_TYPE = 0.7
WITH_TYPES = frozenset({"business", "person"})  # "Site type" is no type of a contact
CERTAIN_NOTES = 0.7
CERTAIN_KEY = 0.7
WITHOUT_NUMBER = 0.75  # how well names of streets fit where no number is to be expected

# Columns that hold names of people.
OF_PEOPLE = frozenset({"people.name", "touchpoints.person", "seats.person"})


def _weigh_name(sense: Sense, target: str, column: Column, weight: float) -> float:
    """What the cells make of a column headed as a name and no more, as one of people and as one of firms."""
    if sense.thing != "name":
        return weight
    thing = "person" if target in OF_PEOPLE else "company"
    return _weigh_fit(thing, fit(thing, column.cells))


def _list_places(kind: Kind, thing: str, column: Column, columns: Sequence[Column]) -> list[tuple[str, float]]:
    """The columns that a thing may be, among these neighbours."""
    if kind.name == "touchpoints" and thing == "service_begun" and not has(columns, "date"):
        return [("touchpoints.date", 1.0), ("touchpoints.service_begun", 0.6)]
    if kind.name == "touchpoints" and thing == "promise_due" and not has(columns, "date") and _is_due_alone(columns):
        return [("touchpoints.date", 1.0), ("touchpoints.promise_due", 0.6)]
    if kind.name == "touchpoints" and thing in ("id", "email") and (place := _find_reference(column, thing, columns)):
        return [(place, 0.9)]
    if kind.name == "touchpoints" and thing == "purpose" and column.cells and not column.cells.is_few:
        # Words that are as many as the rows are no list of purposes; what is long is a note.
        few = len(column.cells.texts) < FEW_PURPOSES
        return [("touchpoints.purpose", 1.0 if few else 0.8), ("touchpoints.topics", 0.7 if few else 0.95)]
    if kind.name == "businesses" and thing == "dba" and trades_seldom(column, columns):
        return [("businesses.name", 0.9)]
    subjects = column.heading.subjects
    if kind.name == "touchpoints" and "user" in column.heading.words:
        subjects = subjects | {"staff"}  # of the system in which it is logged
    if kind.name == "people" and thing == "id" and not {"client", "customer"}.isdisjoint(column.heading.words):
        subjects = frozenset()  # whoever buys is a person in a list of people
    if kind.name == "people" and column.heading.words == ("business", "phone"):
        subjects = frozenset({"person"})  # beside "home phone" and "mobile phone"
    if thing in ("email", "phone", "mobile", "title"):
        if is_of_another(column, columns):
            return []
        if is_of_named_person(column, columns, in_list=kind.name == "businesses") or _is_of_people(
            kind, thing, column, columns
        ):
            subjects = frozenset({"person"})
    places = list_targets(kind.name, thing, subjects)
    if thing == "id" and kind.name == "touchpoints" and subjects & {"person", "business"} and column.cells.repeats:
        return [place for place in places if place[0] != "touchpoints.source_id"]  # a key of theirs, not of the row
    return places


def _is_of_people(kind: Kind, thing: str, column: Column, columns: Sequence[Column]) -> bool:
    bare = column.heading.words[:1] == ("email",)
    return kind.name == "businesses" and thing == "email" and bare and writes_to_people(column, columns)


def _find_reference(column: Column, thing: str, columns: Sequence[Column]) -> str | None:
    """Whom a log of contacts means by a key or an address, where it names nobody."""
    telling = [one for one in columns if not one.cells or one.cells.share("yes_no") < 0.8]
    named = any(has(telling, name) for name in ("person", "first", "last")) or has(telling, "name", bare=True)
    if "person" in column.heading.subjects and not named:
        return "touchpoints.person"
    if thing == "id" and "business" in column.heading.subjects and not names_firms(columns):
        return "touchpoints.business"
    return None


def _is_due_alone(columns: Sequence[Column]) -> bool:
    """Whether no column says what is due: then the day is that of a task, which is when somebody was spoken to."""
    return not has(columns, "promise")


def _are_plain(kind: Kind, columns: Sequence[Column]) -> bool:
    """Whether all headings are those of a plain file, which mean what they say."""
    return all(kind.column(column.header.strip().casefold()) for column in columns)


def _misleads(plain: str, column: Column, columns: Sequence[Column]) -> bool:
    """Whether a heading of a plain file stands among headings of another system, where it means something else."""
    if plain == "agency":
        return is_list_of_agencies(column, columns) or tells_of_awards(columns)
    if plain == "email":
        return writes_to_people(column, columns)
    if plain == "title":
        return has_job(columns) or is_title_of_deal(column, columns) or column.cells.share("salutation") > 0.4
    if plain == "legal_name":
        return not names_otherwise(column, columns)
    if plain == "name":
        return has(columns, "first") and not has(columns, "last")
    return False


def _check_plain(kind: Kind, column: Column, columns: Sequence[Column], plain: str) -> Candidate:
    own = kind.column(plain)
    assert own is not None
    why = "the heading of a plain file"
    target = f"{kind.name}.{plain}"
    filled = column.cells.texts
    if plain == "street" and has_number_beside(column, columns) and stands_whole(column, columns):
        return Candidate(target, 0.5, f"{why}; but another column has the streets with their numbers")
    if own.type is DATE:
        patterns = list_patterns(column)
        if filled and not patterns:
            return Candidate(target, DOUBTFUL, f"{why}, but the cells are not dates of one form")
        return Candidate(target, EXACT, why, choose_pattern(patterns))
    unfit = [cell for cell in filled if _is_unfit(read_cell(cell, own.type, own.type.check))]
    if filled and len(unfit) > len(filled) / 2:
        return Candidate(target, DOUBTFUL, f"{why}; but cells such as {shorten(unfit[0], 30)!r} do not belong there")
    if target == "businesses.name" and (fits := fit("company", column.cells)) is not None and fits <= 0.5:
        return Candidate(target, 0.6, f"{why}; but the cells look like names of people")
    if target == "people.name" and (fits := fit("person", column.cells)) is not None and fits <= 0.3:
        return Candidate(target, 0.5, f"{why}; but the cells look like names of firms")
    return Candidate(target, EXACT, why)


def _is_unfit(value: Value | Verdict) -> bool:
    return isinstance(value, Problem) or (isinstance(value, Remark) and not value.is_used)


def _weigh_fit(thing: str, fits: float | None) -> float:
    """What the cells make of a heading's score."""
    if fits is None:
        return 0.8 if thing == "id" else 0.95
    if thing in STRICT or thing in DATES:
        return 1.0 if fits >= 0.7 else 0.85 if fits >= 0.5 else 0.6 if fits >= 0.3 else 0.15
    # Of two columns of one name, the one whose cells look more like it.
    return 0.4 + 0.6 * min(1.0, fits / 0.75) - 0.01 * (1 - fits) if fits > 0.15 else 0.2


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
    alone = look(column, columns)
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


def _is_belied(best: Sense, column: Column, thing: str) -> bool:
    """Whether the cells are so clearly something else that the heading does not count."""
    if best.thing.startswith(NOTHING):
        return False
    fits = fit(best.thing, column.cells)
    return fits is not None and fits <= (0.4 if thing == "id" else 0.3) and best.thing != thing
