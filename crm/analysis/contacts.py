"""Contacts as columns: every touchpoint of the region, one array a field, words replaced by numbers.

A bulk read delivers one row per business whose fields are lists, one entry a touchpoint; a region of 200,000
touchpoints is then a dozen arrays of some megabytes. Blanks stay what they are, so that a report can say how many
were assumed. The rows stand in no particular order: the order of definitions §0 is made where it is needed, for as
few rows as it is needed for.

Words are numbered in a `Vocabulary` that only ever grows from one version of the columns to the next, so whatever was
computed from an older version can still be joined to a newer one. No version is changed in place: a cache may hand
one to a reader while it makes the next.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.columns import join_columns, take_rows

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

# What `read_contacts` expects in each row besides `business`. A list of Cypher's collect() leaves nulls out: a blank
# has to arrive as '' (coalesce), or the lists of one business differ in length and are refused.
LISTS = ("agency", "system", "key", "day", "programs", "channel", "direction", "purpose", "reached", "topics")

# The ids of businesses, how many touchpoints each has, and theirs by `LISTS`.
Part = tuple[Sequence[str], Sequence[int], Mapping[str, Iterable[Any]]]

_END = object()


class Vocabulary(dict[Hashable, int]):
    """Distinct values, numbered in the order in which they were first met."""

    def __missing__(self, value: Hashable) -> int:
        self[value] = code = len(self)
        return code


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of each coded column. Programs and topics are numbered a combination at a time."""

    business: Vocabulary
    agency: Vocabulary
    system: Vocabulary
    programs: Vocabulary
    channel: Vocabulary
    direction: Vocabulary
    purpose: Vocabulary
    reached: Vocabulary
    topics: Vocabulary

    @property
    def business_ids(self) -> list[str]:
        """The id behind each business code, also of businesses that have no contact any more."""
        return list(self.business)  # type: ignore[arg-type]

    def flag(self, businesses: Iterable[str]) -> Mask:
        """One flag per business code, true for these; ids without a contact are passed over."""
        flags = np.zeros(len(self.business), dtype=bool)
        flags[[self.business[business] for business in businesses if business in self.business]] = True
        return flags


@dataclass(frozen=True, slots=True)
class Contacts:
    """Struct of arrays, one entry a touchpoint in each; `key` holds the source keys themselves."""

    business: Codes
    agency: Codes
    system: Codes
    key: NDArray[np.object_]
    day: Codes
    programs: Codes
    channel: Codes
    direction: Codes
    purpose: Codes
    reached: Codes
    topics: Codes
    words: Words

    def __len__(self) -> int:
        return len(self.day)

    def name_rows(self, rows: Iterable[int]) -> list[tuple[str, str, str]]:
        """(agency id, system, key) of each of these rows, which is what names a contact among all."""
        agencies, systems = list(self.words.agency), list(self.words.system)
        return [(str(agencies[self.agency[row]]), str(systems[self.system[row]]), str(self.key[row])) for row in rows]

    def take(self, rows: Mask | NDArray[np.integer]) -> Contacts:
        """These rows alone, with the same vocabularies."""
        return take_rows(self, rows)


def read_contacts(rows: Sequence[Mapping[str, Any]], *, words: Words | None = None) -> Contacts:
    """Columns from one row per business: `business`, and the lists of `LISTS`, entry by entry one touchpoint.

    What stands in the lists, and what is raised, is told by `read_parts`.
    """
    counts = [len(row["day"]) for row in rows]
    for name in LISTS:
        if list(map(len, map(itemgetter(name), rows))) != counts:
            raise ValueError(f"the lists of a business differ in length: {name} is not as long as day")
    columns = {name: chain.from_iterable(map(itemgetter(name), rows)) for name in LISTS}
    businesses = [row["business"] for row in rows]
    are_known = words is not None and words.business.keys() >= set(businesses)
    return read_parts([(businesses, counts, columns)], words=words, are_known=are_known)


def read_parts(parts: Iterable[Part], *, words: Words | None = None, are_known: bool = False) -> Contacts:
    """Columns from flat ones, part by part, so that only one part need be in memory as it came.

    A part is the ids of businesses, how many touchpoints each has, and theirs one after the other, by `LISTS`. `agency`
    is the id of the row's own agency, `day` days since 1970-01-01, `programs` a program's id or a list of them,
    `topics` a list or one text with semicolons. Raises ValueError where a column is shorter or longer than the counts
    say, or a touchpoint has no program. `words` of an earlier version are continued, not changed; their businesses are
    shared if all of these `are_known`.
    """
    words = _copy_words(words, are_known=are_known) if words else Words(*(Vocabulary() for _ in fields(Words)))
    read = [_read_part(*part, words) for part in parts] or [_read_part((), (), dict.fromkeys(LISTS, ()), words)]
    if "" in words.programs:
        raise ValueError("a touchpoint without a program: every contact is made by at least one")
    return read[0] if len(read) == 1 else join_columns(*read)


def _read_part(
    businesses: Sequence[str], counts: Sequence[int], columns: Mapping[str, Iterable[Any]], words: Words
) -> Contacts:
    codes, total = [words.business[business] for business in businesses], sum(counts)

    def number(name: str) -> Codes:
        vocabulary: Vocabulary = getattr(words, name)
        values = _freeze(columns[name]) if name in ("programs", "topics") else columns[name]
        return _fill(map(vocabulary.__getitem__, values), np.dtype(np.int32), name, total)

    return Contacts(
        business=np.repeat(np.array(codes, dtype=np.int32), np.array(counts, dtype=np.int64)),
        agency=number("agency"),
        system=number("system"),
        key=_fill(columns["key"], np.dtype(object), "key", total),
        day=_fill(columns["day"], np.dtype(np.int32), "day", total),
        programs=number("programs"),
        channel=number("channel"),
        direction=number("direction"),
        purpose=number("purpose"),
        reached=number("reached"),
        topics=number("topics"),
        words=words,
    )


def _fill(values: Iterable[Any], kind: np.dtype[Any], name: str, total: int) -> NDArray[Any]:
    """An array of exactly so many values."""
    left = iter(values)
    column = np.fromiter(islice(left, total), dtype=kind)
    if len(column) != total or next(left, _END) is not _END:
        raise ValueError(f"the column {name} has not one entry a touchpoint")
    return column


def count_words(words: Words) -> list[int]:
    """How many words each vocabulary has, but for that of businesses."""
    return [len(getattr(words, field.name)) for field in fields(Words) if field.name != "business"]


def _copy_words(words: Words, *, are_known: bool) -> Words:
    copies = {field.name: Vocabulary(getattr(words, field.name)) for field in fields(Words) if field.name != "business"}
    return Words(business=words.business if are_known else Vocabulary(words.business), **copies)


def _freeze(values: Iterable[Any]) -> list[Hashable]:
    """Values that can be numbered: a text stays, a list of one is its entry, None and the empty list are a blank."""
    return [
        value if value.__class__ is str else (tuple(value) if len(value) > 1 else value[0]) if value else ""
        for value in values
    ]
