"""What the columns beside one tell of it: whose number, whole street, state or name stands there."""

import re
from collections.abc import Sequence

from crm.dedupe.text import drop_accents
from importers.columns import Column, has
from importers.headings import Sense

# Words for an office that somebody holds.
OFFICES = frozenset(
    {"director", "manager", "president", "officer", "administrator", "ceo", "owner", "leader", "principal"}
)


def is_of_office(sense: Sense, column: Column, columns: Sequence[Column]) -> bool:
    """Whether the column names by an office somebody else than those whose first and last names stand in the row."""
    named = has(columns, "first") and has(columns, "last")
    return sense.thing == "person" and named and not OFFICES.isdisjoint(column.heading.words)


def is_day_entered(column: Column, columns: Sequence[Column]) -> bool:
    """Whether this is the only column of days in what is a log by its ways to be in touch."""
    return (
        "created" in column.heading.words
        and bool(column.cells.patterns)
        and not any(other.cells.patterns for other in columns if other is not column)
        and any(other.cells.share("channel") > 0.8 for other in columns)
    )


def stands_whole(column: Column, columns: Sequence[Column]) -> bool:
    """Whether another column has the whole street, of which this one has a part."""
    return column.cells.share("street") < 0.3 and any(
        other is not column and other.heading.rate("street") > 0.8 and other.cells.share("street") > 0.6
        for other in columns
    )


def has_number_beside(column: Column, columns: Sequence[Column]) -> bool:
    """Whether the numbers of this column's streets stand in another."""
    return not column.heading.rate("street_part") and has(columns, "street_part")


def names_trade(column: Column, columns: Sequence[Column]) -> bool:
    """Whether another column says what firms trade as, and not of a few alone."""
    trade = [other for other in columns if other.heading.rate("dba") >= 0.9]
    return any(other.cells.filled >= MOST * column.cells.filled for other in trade)


MOST = 0.6


def trades_seldom(column: Column, columns: Sequence[Column]) -> bool:
    """Whether this column says of a few only what they trade as, beside another with the names of all."""
    return any(
        MOST * other.cells.filled > column.cells.filled
        for other in columns
        if other is not column and max(map(other.heading.rate, ("company", "name"))) > 0.75
    )


def has_other(column: Column, columns: Sequence[Column], thing: str) -> bool:
    """Whether another column than this one names the thing."""
    return has([other for other in columns if other is not column], thing)


REACHED_BY = frozenset({"email", "phone", "mobile", "number", "address", "title", "extension"})


def is_of_named_person(column: Column, columns: Sequence[Column], *, in_list: bool = False) -> bool:
    """Whether the heading says by a word whose address or title it is, as another does whose name: "Mentor Email"
    beside "Mentor"; or that it is of whoever fills in the form: "Best email to reach you". A list of businesses
    (`in_list`) names as "Liaison" whom to ask there."""
    whose = {word for word in column.heading.words if word.isalpha()} - REACHED_BY
    if "you" in whose:
        return True
    if not whose or column.heading.subjects:
        return False
    others = [other for other in columns if other is not column and whose & set(other.heading.words)]
    called, least = (("person", "staff"), 0.5) if in_list else (("person",), 0.75)
    named = any(
        (max(map(other.heading.rate, called)) > least and other.cells.share("person") > 0.5)
        or other.heading.words in {(word, part) for word in whose for part in ("first", "last")}
        for other in others
    )
    return named and not any(other.heading.rate("company") > 0.75 for other in others)


def is_of_another(column: Column, columns: Sequence[Column]) -> bool:
    """Whether it is the address of somebody named in the row beside the person to ask for: "PI Email" beside "PI Name"
    and "Contact Name"."""
    whose = {word for word in column.heading.words if word.isalpha()} - REACHED_BY
    if not whose or column.heading.subjects:
        return False
    named = [other for other in columns if other is not column and other.cells.share("person") > 0.5]
    theirs = [other for other in named if whose & set(other.heading.words)]
    return bool(theirs) and any(
        other.heading.rate("person") > 0.9
        and all(other.heading.rate("person") > one.heading.rate("person") for one in theirs)
        for other in named
    )


def writes_to_people(column: Column, columns: Sequence[Column]) -> bool:
    """Whether most of its addresses have the names of people in them that stand in the row."""
    names = {
        word
        for other in columns
        if max(map(other.heading.rate, ("first", "last", "person"))) > 0.75
        for text in other.cells.texts
        for word in re.findall(r"[a-z]{3,}", drop_accents(text).casefold())
    }
    if not names:
        return False
    told = [text for text in column.cells.texts if _has_name(text.partition("@")[0].casefold(), names)]
    return len(told) > 0.5 * len(column.cells.texts)


def _has_name(local: str, names: set[str]) -> bool:
    """Whether a word before the @ is a name, maybe with an initial before or behind it."""
    words = re.findall(r"[a-z]+", local)
    return any(not names.isdisjoint((word, word[1:], word[:-1])) for word in words)


def names_otherwise(column: Column, columns: Sequence[Column]) -> bool:
    """Whether firms have another name than this one in the row, be it the one that they trade as."""
    return any(
        other is not column and max(map(other.heading.rate, ("company", "dba", "name"))) > 0.75 for other in columns
    )


def names_firms_beside(column: Column, columns: Sequence[Column]) -> bool:
    """Whether another column than this one is headed as names of firms."""
    return any(
        other is not column and max(map(other.heading.rate, ("company", "dba", "legal"))) > 0.6 for other in columns
    )


PLACES = frozenset({"location", "facility", "outlet", "store", "site", "establishment", "restaurant"})


def names_place(column: Column) -> bool:
    """Whether it is the name of one of a firm's places, and so not the firm's legal one."""
    return not PLACES.isdisjoint(column.heading.words)


def names_firms(columns: Sequence[Column]) -> bool:
    """Whether any column names businesses, and not by keys alone."""
    names = [c for c in columns if c.heading.rate("company") > 0.75 or c.heading.words == ("name",)]
    return any(column.cells.share("code") < 0.5 for column in names)


def is_establishment(column: Column) -> bool:
    """Whether what is headed as a programme is each time a place of its own, as where children are cared for."""
    cells = column.cells
    return column.heading.rate("program") > 0.75 and cells.is_unique and cells.share("company") > 0.5


def is_title_of_deal(column: Column, columns: Sequence[Column]) -> bool:
    """Whether it is what deals are called: there are such in the row, and no job is named."""
    told = any(not DEALS.isdisjoint(other.heading.words) for other in columns)
    return told and bool(column.cells) and column.cells.share("job") < 0.1


DEALS = frozenset({"deal", "opportunity", "amount", "pipeline"})


def is_of_many(thing: str, column: Column, columns: Sequence[Column]) -> bool:
    """Whether it names few firms, or people, again and again, beside another column that names each row's own."""
    return column.cells.repeats > SAID_AGAIN and any(
        other is not column
        and other.heading.rate(thing) > 0.75
        and other.cells.repeats < OWN * column.cells.repeats
        and other.cells.filled >= max(ENOUGH_ROWS, column.cells.filled)
        for other in columns
    )


SAID_AGAIN, OWN, ENOUGH_ROWS = 0.3, 0.3, 8


def follows_state(column: Column, columns: Sequence[Column]) -> bool:
    """Whether states stand right before it, as before zip codes."""
    n = find_place(column, columns)
    return n > 0 and columns[n - 1].cells.share("state", "city_state") > 0.8


def find_place(column: Column, columns: Sequence[Column]) -> int:
    """Which of the columns it is, from 0."""
    return next(n for n, other in enumerate(columns) if other is column)
