"""Segments: parts of the index that never change once they are built.

A segment holds things by place. Of each it knows the words of its names, line by line (one line a name), the other
words that lead to it (street, town, zip code, title, and those of a person's employers), its telephone numbers and its
addresses. What leaves the index is marked as gone by whoever holds the segment; what changes goes, and comes again in
a newer one.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crm.search.words import Floats, Ints, Longs, Vocabulary

Bools = npt.NDArray[np.bool_]


class Postings(NamedTuple):
    """Where each word of a vocabulary stands: its members begin at `starts[word]` and end before `starts[word + 1]`."""

    starts: Longs
    members: Ints

    def gather(self, words: npt.NDArray[np.integer]) -> tuple[Ints, Longs]:
        """The members of these words one after the other, and how many each word has."""
        places, counts = list_ranges(self.starts[words], self.starts[words + 1])
        return self.members[places], counts


def list_ranges(begins: Longs, ends: Longs) -> tuple[Longs, Longs]:
    """All numbers from each beginning to before its end, one after the other, and how many each has."""
    counts = ends - begins
    shifts = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    return np.arange(len(shifts)) + shifts, counts


class Labels(NamedTuple):
    """One text a thing, out of few: the texts, and which of them each thing has."""

    texts: list[str]
    codes: Ints


@dataclass(frozen=True)
class Segment:
    """By thing: `texts` to `rank`. By line: `line_*`. By word: `weights`, `in_names` (lines), `elsewhere` (things).

    `texts` are the packed entries, in the order of ids. `is_own` is false of employers that stand in another segment
    and are here for their words only. `places` are county, town and zip code. `rank` is the order of things that fit
    equally well: known to more agencies, then by name.
    """

    texts: list[str]
    is_own: Bools
    is_person: Bools
    agency_counts: Ints
    contacts: Ints
    agencies: Labels
    places: Labels
    naics: Labels
    rank: Ints
    line_things: Ints
    line_first: Ints
    line_weights: Floats
    words: Vocabulary
    weights: Floats
    in_names: Postings
    elsewhere: Postings
    addresses: Vocabulary
    at_address: Postings
    numbers: Longs
    number_things: Ints

    def __len__(self) -> int:
        return len(self.texts)

    def find(self, id: str) -> int | None:
        """The place of the thing of this id, if it stands here."""
        place = bisect_left(self.texts, id)
        return place if place < len(self.texts) and id_of(self.texts[place]) == id else None

    def order_key(self, place: int) -> tuple[int, str, str]:
        """What `rank` orders by, to compare with things of other segments."""
        id, name, _ = self.texts[place].split("\n", 2)
        return -int(self.agency_counts[place]), name.casefold(), id


def id_of(text: str) -> str:
    """The id of a packed entry."""
    return text.partition("\n")[0]
