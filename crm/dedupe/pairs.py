"""Pairs of records, held as columns: what a feature measures is measured for all pairs at once.

Everything is whole numbers. A sum of whole numbers is the same in any order and in any batch, so a pair has one score
wherever and whenever it is computed; that is what makes an incremental answer equal to a full one.
"""

from collections.abc import Callable, Sequence
from itertools import count, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]
AnyInts = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]
Form = Any
Columns = dict[str, Any]  # what `Pairs` keeps of its forms, by name


class Pairs:
    """`left[i]` and `right[i]` are positions in `forms`; columns are made on demand and kept for the batch."""

    def __init__(self, forms: Sequence[Form], left: Ints, right: Ints) -> None:
        self.forms = forms
        self.left = left
        self.right = right
        self.cache: Columns = {}  # columns of the forms, shared by all pieces of the batch
        self.measured: dict[str, Ints] = {}  # what one feature computed of these pairs for another

    def __len__(self) -> int:
        return len(self.left)

    def chunks(self, size: int) -> "list[Pairs]":
        """The same pairs in pieces that fit the processor's memory; they share the columns of the forms."""
        pieces: list[Pairs] = []
        for start in range(0, len(self), size):
            piece = Pairs(self.forms, self.left[start : start + size], self.right[start : start + size])
            piece.cache = self.cache
            pieces.append(piece)
        return pieces

    def take(self, places: Ints) -> "Pairs":
        """These of the pairs, with what is known of them already."""
        taken = Pairs(self.forms, self.left[places], self.right[places])
        taken.cache = self.cache
        taken.measured = {name: column[places] for name, column in self.measured.items()}
        return taken

    def values(self, name: str, read: Callable[[Form], Any]) -> list[Any]:
        """One value a form."""
        if name not in self.cache:
            self.cache[name] = [read(form) for form in self.forms]
        return self.cache[name]

    def codes(self, name: str, read: Callable[[Form], Any]) -> Ints:
        """One number a form, equal where the values are; 0 where the form has none."""
        key = "#" + name
        if key not in self.cache:
            self.cache[key] = number_values(self.values(name, read))
        return self.cache[key]

    def agreement(self, name: str, read: Callable[[Form], Any]) -> Ints:
        """1 where both have the value and it is equal, -1 where both have one and they differ, else 0."""
        codes = self.codes(name, read)
        left, right = codes[self.left], codes[self.right]
        return np.where((left == 0) | (right == 0), 0, np.where(left == right, 1, -1))

    def share_one(self, name: str, read: Callable[[Form], tuple[str, ...]], most: int = 3) -> Bools:
        """Whether the two have an item in common, among the first few that each lists."""
        key = "*" + name
        if key not in self.cache:
            numbers: dict[str, int] = {}
            table = np.zeros((len(self.forms), most), dtype=np.int64)
            for row, items in enumerate(self.values(name, read)):
                for column, item in enumerate(items[:most]):
                    table[row, column] = numbers.setdefault(item, len(numbers) + 1)
            self.cache[key] = table
        ours, theirs = self.cache[key][self.left], self.cache[key][self.right]
        return ((ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] > 0)).any(axis=(1, 2))

    def count_shared(self, name: str, read: Callable[[Form], tuple[str, ...]]) -> Ints:
        """How many items the two have in common, of all that each lists."""
        lists = self.values(name, read)
        answer = np.zeros(len(self), dtype=np.int64)
        ours, theirs = self.flags("any " + name, lambda form: bool(read(form)))
        places = np.flatnonzero(ours & theirs)
        if not len(places):
            return answer
        key = "&" + name
        if key not in self.cache:
            self.cache[key] = [frozenset(items) for items in lists]
        sets = self.cache[key]
        for place in places.tolist():
            answer[place] = len(sets[self.left[place]] & sets[self.right[place]])
        return answer

    def flags(self, name: str, read: Callable[[Form], bool]) -> tuple[Bools, Bools]:
        """A yes or no for each side of each pair."""
        key = "?" + name
        if key not in self.cache:
            self.cache[key] = np.array([bool(read(form)) for form in self.forms], dtype=bool)
        return self.cache[key][self.left], self.cache[key][self.right]

    def one_begins_other(self, name: str, read: Callable[[Form], str], where: Bools) -> Bools:
        """Whether, for the pairs in `where`, one text begins with all words of the other."""
        answer = np.zeros(len(self), dtype=bool)
        texts = self.values(name, read)
        begins = self.codes("begin of " + name, lambda form: read(form).partition(" ")[0])
        places = np.flatnonzero(where & (begins[self.left] == begins[self.right]))
        for place, left, right in zip(places, self.left[places].tolist(), self.right[places].tolist(), strict=True):
            ours, theirs = texts[left], texts[right]
            answer[place] = ours.startswith(theirs + " ") if len(ours) > len(theirs) else theirs.startswith(ours + " ")
        return answer

    def one_holds_other(self, name: str, read: Callable[[Form], str], where: Bools) -> Bools:
        """Whether, for the pairs in `where`, one text begins or ends with all words of the other."""
        answer = np.zeros(len(self), dtype=bool)
        texts = self.values(name, read)
        places = np.flatnonzero(where)
        for place, left, right in zip(places, self.left[places].tolist(), self.right[places].tolist(), strict=True):
            short, long = sorted((texts[left], texts[right]), key=len)
            answer[place] = long.startswith(short + " ") or long.endswith(" " + short)
        return answer

    def likeness(self, name: str, read: Callable[[Form], str], where: Bools) -> Ints:
        """How alike two texts are, 0 to 100, for the pairs in `where`; 0 for the others."""
        return text_likeness(self.values(name, read), self.left, self.right, where)


def number_values(values: Sequence[Any]) -> Ints:
    """One number a value, equal where they are; 0 for what is empty."""
    return find_numbers(values, number_distinct(values))


def number_distinct(values: Sequence[Any]) -> dict[Any, int]:
    """The distinct values that are not empty, numbered from 1 in order of appearance."""
    return dict(zip(filter(None, dict.fromkeys(values)), count(1)))


def find_numbers(values: Sequence[Any], numbers: dict[Any, int]) -> Ints:
    return np.fromiter(map(numbers.get, values, repeat(0)), dtype=np.int64, count=len(values))


def text_likeness(texts: list[str], left: Ints, right: Ints, where: Bools) -> Ints:
    """Share of letters that need no change, in percent, floored; only where asked, because it is what costs time."""
    answer = np.zeros(len(left), dtype=np.int64)
    places = np.flatnonzero(where)
    if len(places):
        ours = [texts[i] for i in left[places].tolist()]
        theirs = [texts[i] for i in right[places].tolist()]
        share = cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32)
        answer[places] = (share * np.float32(100) + np.float32(0.01)).astype(np.int64)
    return answer
