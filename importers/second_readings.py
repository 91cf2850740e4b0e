"""A second reading of a list's columns, by what such headings mean elsewhere (`heading_reader`).

The guess by words and cells is one witness, the reader another. How much each is heard was found on lists that neither
had seen. What is certain stays: headings of plain files and of known exports, and columns that share a place.
"""

import re
from collections.abc import Sequence
from functools import cache
from math import exp

from importers.assignments import assign
from importers.candidates import ASK, NOT_KNOWN, Guess, is_date
from importers.columns import Column, choose_pattern, list_patterns
from importers.fits import STRICT, fit
from importers.heading_reader import KINDS_READ, NOTHING, Reader, name_thing
from importers.kinds import Kind
from importers.meanings import BESIDE, IDENTITY, OWN
from importers.rules import NONE

# How much the reader counts, and what the guess by words and cells does: that it was made, and how sure it was.
READ, GUESSED, SURENESS = 0.82, 2.6, 1.03
NOTHING_GUESSED = 0.1  # what speaks for nothing, beside the reader
LIKELY, LEAST_LOG = 0.01, -9.2  # from which on the reader is heard; and what stands for what it does not know
BELIED, BELIED_STRICT = 0.15, 0.3  # how well cells must fit: where they may be anything, and where they have a form
SUREST, DROPPED = 0.9, 0.5  # how sure a column is that was given another meaning, at most, or none
CERTAIN = 0.85  # guesses by words and cells that are this sure are right more often than who would mend them
ADDRESSES = 0.9  # of cells that need no heading to be known
UNNAMED = re.compile(r"Column(?: \d+)?|\W*")  # what stands for a heading that is not there
IN_THE_LIST = {"first_name": "first", "last_name": "last", "source_id": "id", "business": "company"}


def read_again(kind: Kind, columns: Sequence[Column], guesses: Sequence[Guess], reader: Reader) -> list[Guess]:
    """The guesses, each kept, or put in another's place where both witnesses together say so."""
    if kind.name not in KINDS_READ:
        return list(guesses)
    fixed = {n for n, guess in enumerate(guesses) if _is_certain(columns[n], guess, guesses)}
    taken = {guesses[n].meaning for n in fixed}
    read = reader.read(kind.name)
    scores = [
        {} if n in fixed else _weigh(kind, column, guess, told, taken)
        for n, (column, guess, told) in enumerate(zip(columns, guesses, read, strict=True))
    ]
    chosen = assign(scores)
    found = [
        guess if n in fixed else _settle(column, guess, target or NONE, scores[n].get(target or NONE, 0.0))
        for n, (column, guess, target) in enumerate(zip(columns, guesses, chosen, strict=True))
    ]
    return _drop_unnamed(kind, guesses, found)


def _is_certain(column: Column, guess: Guess, guesses: Sequence[Guess]) -> bool:
    if UNNAMED.fullmatch(column.header):
        return True
    if guess.meaning == NONE:  # words, cells or neighbours say why it is none
        return guess.why != NOT_KNOWN
    if guess.meaning.endswith(".email") and not column.heading.senses and column.cells.share("email") > ADDRESSES:
        return True
    shared = sum(other.meaning == guess.meaning for other in guesses) > 1
    return guess.confidence >= CERTAIN or guess.how is not None or shared


def _weigh(kind: Kind, column: Column, guess: Guess, told: dict[str, float], taken: set[str]) -> dict[str, float]:
    """By how much each target is likelier than nothing, where it is."""
    nothing = READ * told[NOTHING] + NOTHING_GUESSED
    guessed = name_thing(guess.meaning)
    places = _list_places(kind.name) | ({guessed: guess.meaning} if guess.meaning != NONE else {})
    found: dict[str, float] = {}
    for thing, target in places.items():
        is_guessed = target == guess.meaning
        likely = told.get(thing, LEAST_LOG)
        if target in taken or (not is_guessed and (exp(likely) < LIKELY or _belie(column, target))):
            continue
        much = READ * likely + (GUESSED + SURENESS * guess.confidence if is_guessed else 0.0) - nothing
        if much > 0:
            found[target] = much
    return found


@cache
def _list_places(kind: str) -> dict[str, str]:
    """thing -> the column that is it in a file of this kind; of two, that of the row itself."""
    said = [f"{kind}.{text}" for texts in OWN[kind].values() for text in texts]
    said += [text for texts in BESIDE.get(kind, {}).values() for text in texts]
    said += ["businesses.source_id"] if kind in ("people", "touchpoints") else []
    said += ["people.source_id"] if kind == "touchpoints" else []
    places: dict[str, str] = {}
    for target in (text.partition("*")[0] for text in said):
        places.setdefault(name_thing(target), target)
    return places


def _belie(column: Column, target: str) -> bool:
    """Whether the cells cannot be that."""
    if is_date(target):
        return not list_patterns(column)
    name = target.rpartition(".")[2]
    thing = IN_THE_LIST.get(name, name)
    fits = fit(thing, column.cells)
    return fits is not None and fits < (BELIED_STRICT if thing in STRICT else BELIED)


def _settle(column: Column, guess: Guess, target: str, much: float) -> Guess:
    if target == guess.meaning:
        return guess
    if target == NONE:
        why = f"headings like it mostly say nothing for a list like this, though {guess.why}"
        return Guess(guess.header, NONE, DROPPED, why)
    why = f"it reads like headings that say {target.rpartition('.')[2].replace('_', ' ')}"
    patterns = list_patterns(column) if is_date(target) else []
    if len(patterns) > 1:
        why += f"; the days may be {' or '.join(patterns[:2])}: {ASK}"
    return Guess(guess.header, target, SUREST / (1 + exp(-much)), why, choose_pattern(patterns))


def _drop_unnamed(kind: Kind, before: Sequence[Guess], found: list[Guess]) -> list[Guess]:
    """Without what the second reading alone says of a person or business that no column names."""
    meanings = {guess.meaning for guess in found}
    unnamed = {named for (main, named), by in IDENTITY.items() if main == kind.name and not meanings & set(by)}
    return [
        old if new is not old and new.meaning.partition(".")[0] in unnamed - {kind.name} else new
        for old, new in zip(before, found, strict=True)
    ]
