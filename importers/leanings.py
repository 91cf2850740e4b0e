"""How well a kind of file explains the columns: what it has a place for, what it misses, whose list it seems to be."""

from collections.abc import Sequence
from functools import cache

from importers.candidates import ASK, Guess
from importers.columns import Column, has
from importers.heading_words import COMING, LEXICON, NEUTRAL, parse_phrases
from importers.kinds import Kind, list_missing
from importers.list_subjects import tells_of_layoffs, tells_of_placements
from importers.rules import NONE, local_name

MISSING_COSTS = 3.0
BESIDE_COUNTS = 0.7
SURE = 0.5
OPEN_DAY = 0.9  # how far a column of days counts for a kind where only the order of day and month is open
# A calendar has days and people and says nowhere which business it was; so does many a roster.
UNSAID, UNSAID_COSTS = frozenset({("touchpoints", "business"), ("seats", "business")}), 0.8
# What can be said once for the file (`=program:…`), as an agency can: a roster may be of one committee.
SAID_ONCE = {"touchpoints": {"program"}, "seats": {"table"}}


def rate(kind: Kind, guesses: Sequence[Guess], columns: Sequence[Column]) -> float:
    """How well a kind explains the columns: what is missing weighs as much as three columns that fit."""
    own = {guess.meaning for guess in guesses if guess.meaning.startswith(f"{kind.name}.")}
    found = {local_name(meaning, kind.name) for meaning in own}
    missing = set(list_missing(kind, found)) - SAID_ONCE.get(kind.name, set())
    told = {guess.meaning: guess for guess in guesses if guess.meaning != NONE}  # lines of an address count once
    total = sum(
        (OPEN_DAY if ASK in guess.why else guess.confidence) * (1 if guess.meaning in own else BESIDE_COUNTS)
        for guess in told.values()
    )
    missing_costs = sum(UNSAID_COSTS if (kind.name, name) in UNSAID else MISSING_COSTS for name in missing)
    sure = {local_name(g.meaning, kind.name) for g in guesses if g.confidence >= SURE}
    return total - missing_costs + _lean(kind, found, found & sure, columns)


def _lean(kind: Kind, found: set[str], sure: set[str], columns: Sequence[Column]) -> float:
    """What speaks for a kind beside the number of columns that it explains."""
    lean = 0.0
    if kind.name == "people" and (
        _names_both(columns) or (has(columns, "company") and any(map(_is_name_of_people, columns)))
    ):
        lean += 0.8
    if _begins_with_people(columns):
        own = any(map(_is_of_their_own, columns))
        # However much is said of their firms behind their names.
        lean += 0.0 if kind.name != "people" else 1.6 if own else FIRST_AND_LAST if _names_both(columns) else 0.8
    elif kind.name == "businesses" and _tells_of_contacts(columns) and not _says_contact(columns):
        lean += 1.0
    elif kind.name == "businesses" and _begins_with_firms(columns):
        lean += 0.7
    if kind.name in ("people", "businesses"):
        company = next((column for column in columns if column.heading.rate("company") > 0.85), None)
        if company and company.cells.filled >= 8:
            repeated = company.cells.repeats > 0.1
            lean += 0.6 if repeated == (kind.name == "people") else 0.0
        if kind.name == _tell_by_blanks(columns):
            lean += SELDOM_SAID
    if kind.name == "people" and any(map(_is_name_of_firms, columns)) and not _names_people(columns):
        lean -= 1.5
    if kind.name == "businesses" and not found & {"name", "legal_name"} and _names_each(columns):
        lean -= 2.0
    if kind.name == "touchpoints" and "staff" not in found and not _says_contact(columns) and _tells_of_money(columns):
        lean -= 1.0
    if kind.name == "seats" and not found & {"table", "from"} and not ("to" in found and _tells_of_terms(columns)):
        lean -= 3.0
    if kind.name == "seats" and "table" in found and found & {"from", "to"}:
        lean += 0.6
    if kind.name == "touchpoints" and "date" in found and not _says_contact(columns) and not sure & {
        "staff", "person", "channel", "purpose", "topics", "outcome", "service", "promise", "reached", "notes",
        "program",
    }:  # fmt: skip
        lean -= 0.0 if _begins_with_days(columns) else 2.0
    if kind.name == "touchpoints" and "date" in found and not _says_contact(columns):
        # A day of something else is no day of a contact.
        elsewhere = tells_of_layoffs(columns) or tells_of_placements(columns)
        of_else = _is_day_of_else(columns)
        lean -= 2.0 if elsewhere else 1.0 if of_else else 0.0
        if of_else and not sure & TOLD_OF_CONTACTS and not any(c.cells.share("channel") > 0.5 for c in columns):
            lean -= 2.0
    if kind.name == "touchpoints" and "date" in found and _says_contact(columns):
        lean += 1.0 if _says_contact(columns[:1]) else 0.6
    if kind.name == "touchpoints" and any(map(_is_day_of_sending, columns)) and _says_to_whom(columns):
        lean += 2.0
    if kind.name == "touchpoints" and _tells_of_last_contacts(columns):
        lean -= 1.5
    return lean


def _tells_of_terms(columns: Sequence[Column]) -> bool:
    """Whether what ends is somebody's term."""
    return any(not TERMS.isdisjoint(column.heading.words) for column in columns)


TERMS = frozenset({"term", "appointed", "appointment", "seat", "member"})
TOLD_OF_CONTACTS = frozenset({"staff", "channel", "topics", "outcome", "promise", "reached", "notes", "service"})


def _tells_of_last_contacts(columns: Sequence[Column]) -> bool:
    """Whether the only day is that of the last contact with people whose addresses stand beside it."""
    headings = [column.heading for column in columns]
    days = [one.words for one in headings if one.rate("date") > max(0.3, one.rate("promise_due"))]
    reached = any(column.heading.words == ("email",) for column in columns)
    named = any(map(_is_name, columns)) or _names_people(columns)
    return bool(days) and all("last" in words for words in days) and reached and named


def _is_day_of_sending(column: Column) -> bool:
    return "sent" in column.heading.words and column.heading.rate("date") > 0.5 and bool(column.cells.patterns)


def _says_to_whom(columns: Sequence[Column]) -> bool:
    """Whether a way of sending or a firm is named, and little else: so do logs of what was sent."""
    return has(columns, "channel") or (has(columns, "company") and not has(columns, "street"))


def _is_name(column: Column) -> bool:
    return column.heading.words == ("name",)


def _is_day_of_else(columns: Sequence[Column]) -> bool:
    """Whether each heading that names a day has a word that nobody says of contacts."""
    days = [column.heading for column in columns if column.heading.rate("date") > 0.3]
    said = _list_words_of_days()
    return bool(days) and not any(said.issuperset(heading.words) for heading in days)


@cache
def _list_words_of_days() -> frozenset[str]:
    """The words with which people say when they were in touch."""
    return NEUTRAL | {part for words, _ in parse_phrases(LEXICON["date"]) for word in words for part in word.split("_")}


def _begins_with_days(columns: Sequence[Column]) -> bool:
    """Whether it is a diary: a list begins with what it is a list of."""
    first = columns[0]
    return first.heading.words in (("day",), ("date",)) or (not first.heading.senses and bool(first.cells.patterns))


def _begins_with_people(columns: Sequence[Column]) -> bool:
    """Whether people are named before the firms: a list begins with what it is a list of."""
    if _is_of_person(columns[0]) and has(columns, "first") and has(columns, "last"):
        return True
    if "name" in columns[0].heading.words and columns[0].cells.share("person") > MOSTLY:
        return True
    first, last, whole, company = (_find(columns, thing) for thing in ("first", "last", "person", "company"))
    if whole is not None and not _is_of_their_own(columns[whole]):
        whole = None
    names = [place for place in (first, last, whole) if place is not None]
    if (whole is None and (first is None or last is None)) or any(
        column.heading.rate("table") > 0.75 for column in columns
    ):
        return False
    return company is None or min(names) < company


def _is_of_person(column: Column) -> bool:
    """Whether it is the key or a name of somebody's expressly: "Contact: Record ID"."""
    return "person" in column.heading.subjects and any(
        column.heading.rate(thing) > 0.85 for thing in ("id", "first", "last", "person")
    )


def _begins_with_firms(columns: Sequence[Column]) -> bool:
    """Whether the first column names firms, each once, and a later one expressly their contacts."""
    first = columns[0]
    return (
        (first.heading.rate("company") > 0.85 or _is_name_of_firms(first) or _are_firms(first))
        and first.cells.repeats < REPEATED
        and any("person" in column.heading.subjects and column.heading.rate("person") > 0.85 for column in columns)
    )


def _are_firms(column: Column) -> bool:
    return column.cells.share("company") > 0.5 > 2 * column.cells.share("person")


REPEATED = 0.1
MOSTLY = 0.6
FIRST_AND_LAST = 2.4


def _names_both(columns: Sequence[Column]) -> bool:
    if not has(columns, "first", bare=True):
        return False
    return has(columns, "last", bare=True) or any(map(_is_name, columns))


def _tell_by_blanks(columns: Sequence[Column]) -> str | None:
    """Whose list it is where rows name mostly firms and seldom people, or the other way round."""
    firms = max((c.cells.filled for c in columns if c.heading.rate("company") > 0.85), default=0)
    people = max((c.cells.filled for c in columns if max(map(c.heading.rate, ("last", "person"))) > 0.85), default=0)
    if min(firms, people) == 0 or max(firms, people) < ENOUGH_ROWS:
        return None
    return "businesses" if people < SELDOM * firms else "people" if firms < SELDOM * people else None


SELDOM, SELDOM_SAID, ENOUGH_ROWS = 0.5, 1.5, 8


def _is_of_their_own(column: Column) -> bool:
    """Whether a heading speaks of people who are listed for their own sake, or of their whole names."""
    if "required" in column.heading.words:
        return False  # those who were asked to a meeting
    return not {"full_name", "display", "addressee", *COMING}.isdisjoint(column.heading.words)


def _find(columns: Sequence[Column], thing: str) -> int | None:
    """The place of the first column that has this name and is nobody else's."""

    def fits(column: Column) -> bool:
        whose = column.heading.subjects - {"member"}
        return column.heading.rate(thing) > 0.85 and (thing == "company" or not whose or _is_of_their_own(column))

    return next((n for n, column in enumerate(columns) if fits(column)), None)


def _is_name_of_people(column: Column) -> bool:
    """Whether a column that is headed as a name and no more holds names of people."""
    return column.heading.words in (("name",), ("full_name",)) and column.cells.share("person") > 0.5


def _names_people(columns: Sequence[Column]) -> bool:
    return any(column.heading.rate("person") > 0.85 for column in columns)


def _names_each(columns: Sequence[Column]) -> bool:
    return all(any(column.heading.rate(thing) > 0.7 for column in columns) for thing in ("first", "last"))


def _tells_of_money(columns: Sequence[Column]) -> bool:
    return any(column.heading.best is not None and column.heading.best.thing == "-money" for column in columns)


def _is_name_of_firms(column: Column) -> bool:
    """Whether a column that is headed as a name and no more holds names of firms."""
    return column.heading.words == ("name",) and _are_firms(column)


CONTACT = frozenset(
    {"contact", "contacted", "visit", "visited", "meeting", "met", "call", "called", "interaction", "outreach"}
)


def _tells_of_contacts(columns: Sequence[Column]) -> bool:
    """Whether telephone or e-mail are expressly the contact's, or the name is and beside it stands what firms have: so
    lists of businesses speak of whom to ask there."""
    if _has_contacts(columns, "email", "phone"):
        return True
    facts = any(column.heading.rate(thing) > 0.9 for column in columns for thing in ("website", "naics", "employees"))
    return facts and _has_contacts(columns, "first", "last", "title")


def _has_contacts(columns: Sequence[Column], *things: str) -> bool:
    contacts = [c.heading for c in columns if "person" in c.heading.subjects and not _is_of_their_own(c)]
    return any(heading.rate(thing) > 0.85 for heading in contacts for thing in things)


def _says_contact(columns: Sequence[Column]) -> bool:
    """Whether a column's heading says that its day is that of a contact."""
    return any(column.heading.rate("date") > 0.9 and CONTACT & set(column.heading.words) for column in columns)
