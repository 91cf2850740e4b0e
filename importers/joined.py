"""What is settled once columns have their meanings: lines of an address, names in two parts, a day without a name."""

from collections.abc import Sequence
from dataclasses import replace

from importers.candidates import Guess
from importers.columns import Column, choose_pattern
from importers.kinds import DATE, Kind
from importers.rules import NONE

# The share of streets that begin with a number from which on their column has the numbers.
WITH_NUMBER = 0.3


def join_lines(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """The second line of an address goes where the first does, and so do house number and suffix of a street."""
    first = next((n for n, guess in enumerate(guesses) if guess.meaning.endswith("businesses.street")), None)
    if first is None:
        return guesses
    subject = _address_of(columns[first])
    # A street with its number needs none from elsewhere.
    needs_parts = columns[first].cells.share("street") < WITH_NUMBER
    joined = [
        n
        for n, column in enumerate(columns)
        if guesses[n].meaning == NONE
        and (best := column.heading.best) is not None
        and (_is_further_line(column) or (needs_parts and best.thing == "street_part"))
        and _address_of(column) == subject
    ]
    if not joined:
        return guesses
    return [
        replace(guess, how="join")
        if n == first
        else Guess(guess.header, guesses[first].meaning, 0.8, _explain(columns[n]), how="join")
        if n in joined
        else guess
        for n, guess in enumerate(guesses)
    ]


def _is_further_line(column: Column) -> bool:
    best = column.heading.best
    return (best is not None and best.thing == "street_2") or column.heading.rate("street_2") > 0.85


def _explain(column: Column) -> str:
    return "a further line of the address" if _is_further_line(column) else "a part of the street"


def join_names(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
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


def find_day(kind: Kind, guesses: list[Guess], columns: Sequence[Column]) -> list[Guess]:
    """Where rows need a day and no heading says one, the only column without a meaning whose cells are days."""
    needed = next((column for column in kind.columns if column.required and column.type is DATE), None)
    if needed is None or any(guess.meaning == f"{kind.name}.{needed.name}" for guess in guesses):
        return guesses
    found = [n for n, guess in enumerate(guesses) if guess.meaning == NONE and _may_be_day(columns[n])]
    if len(found) != 1:
        return guesses
    n = found[0]
    pattern = choose_pattern(columns[n].cells.patterns)
    day = Guess(guesses[n].header, f"{kind.name}.{needed.name}", 0.6, "its cells are days", pattern)
    return [*guesses[:n], day, *guesses[n + 1 :]]


# What is said of the last of several contacts, of the record, or of what ends or is to come.
NO_DAY = frozenset({
    "last", "latest", "created", "updated", "modified", "expiration", "expires", "renewal", "due", "next", "birthday",
    "expected", "issued", "approved", "registration",
})  # fmt: skip


def _may_be_day(column: Column) -> bool:
    """Whether cells are days under a heading that says nothing, or a time at which something began."""
    best = column.heading.best
    if not NO_DAY.isdisjoint(column.heading.words):
        return False
    says_time = best is not None and best.thing == "-time of day" and "end" not in column.heading.words
    return bool(column.cells.patterns) and (best is None or says_time)
