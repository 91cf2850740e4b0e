"""Forms in little room: written down once by who reads the records, and read again by who compares them."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crm.dedupe.keys import hash_keys
from crm.dedupe.kinds import Kind, Row
from crm.dedupe.pairs import AnyInts, Columns, Pairs, find_numbers, number_distinct

Read = Callable[[Any], Any]


class Recorder(Pairs):
    """Pairs that note which columns of the forms they are asked for."""

    def __init__(self, forms: Sequence[Any]) -> None:
        super().__init__(forms, np.array([0]), np.array([0]))
        self.columns: dict[str, Read] = {}
        self.marks: dict[str, Read] = {}

    def values(self, name: str, read: Read) -> list[Any]:
        self.columns.setdefault(name, read)
        return super().values(name, read)

    def flags(self, name: str, read: Callable[[Any], bool]) -> Any:
        self.marks.setdefault(name, read)
        return super().flags(name, read)


@dataclass(frozen=True)
class Coded:
    """One value a record: the values, each once, and for each record its place among them. Place 0 is for what is
    empty."""

    values: list[Any]
    codes: AnyInts


@dataclass(frozen=True)
class Chunk:
    """Some records read: their forms in one text, cut at `ends`; a number that is equal where two forms are; their
    keys, one form after the other; and the columns that tell cheaply which pairs cannot be one. A form that an earlier
    record of them has too is not said again: its text is empty, and it has no keys."""

    text: bytes
    ends: AnyInts
    digests: AnyInts
    keys: AnyInts
    counts: AnyInts
    columns: dict[str, Coded]
    marks: dict[str, AnyInts]


def read_chunk(kind: Kind, rows: Iterable[Row], recorder: Recorder) -> Chunk:
    """Read these records."""
    numbers: dict[Any, int] = {}
    number_of = np.array([numbers.setdefault(kind.read(row), len(numbers)) for row in rows], dtype=np.int64)
    forms = list(numbers)
    texts = [pickle.dumps(form, pickle.HIGHEST_PROTOCOL) for form in forms]
    keys, counts = hash_keys(map(kind.keys, forms))
    sums = np.add.reduceat(np.append(keys, 0), np.cumsum(counts) - counts)
    digests = np.stack([np.fromiter(map(hash, forms), dtype=np.int64, count=len(forms)), np.where(counts, sums, 0)])
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    # Numbers rise as forms appear, so a record is the first of its form where its number is a new greatest one.
    is_first = np.diff(np.maximum.accumulate(number_of), prepend=-1) > 0
    return Chunk(
        b"".join(texts),
        np.cumsum(np.where(is_first, sizes[number_of], 0)),
        digests[:, number_of],
        keys,
        np.where(is_first, counts[number_of], 0).astype(np.int32),
        {name: code(list(map(read, forms)), number_of) for name, read in recorder.columns.items()},
        {
            name: np.array(list(map(bool, map(read, forms))), dtype=bool)[number_of]
            for name, read in recorder.marks.items()
        },
    )


def code(values: list[Any], number_of: AnyInts) -> Coded:
    """A column of records, whose form has this number; `values` are of the forms."""
    numbers = number_distinct(values)
    codes = find_numbers(values, numbers).astype(np.int32)
    empty = "" if codes.all() else values[int(codes.argmin())]
    return Coded([empty, *numbers], codes[number_of])


class Column:
    """One value a record, each distinct one kept once. An empty value is number 0, as in `Pairs.codes`."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.parts: list[AnyInts] = []
        self.empty: Any = ""

    def extend(self, coded: Coded) -> None:
        numbers = self.numbers
        empty, *values = coded.values
        if not coded.codes.all():
            self.empty = empty
        places = [0, *(numbers.setdefault(value, len(numbers) + 1) for value in values)]
        self.parts.append(np.array(places, dtype=np.int32)[coded.codes])


class PackedForms:
    """All forms of a list. `first[n]` is the first record with form n, and `number_of[i]` the form of record i."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self.texts: list[bytes] = []
        self.columns: dict[str, Column] = {}
        self.marks: dict[str, list[Any]] = {}
        self.known: Columns = {}
        ends: list[AnyInts] = []
        digests: list[AnyInts] = [np.zeros((2, 0), dtype=np.int64)]
        self.keys: list[AnyInts] = [np.zeros(0, dtype=np.int64)]
        counts: list[AnyInts] = [np.zeros(0, dtype=np.int32)]
        for chunk in chunks:
            self.texts.append(chunk.text)
            ends.append(chunk.ends)
            digests.append(chunk.digests)
            self.keys.append(chunk.keys)
            counts.append(chunk.counts)
            for name, values in chunk.columns.items():
                self.columns.setdefault(name, Column()).extend(values)
            for name, marks in chunk.marks.items():
                self.marks.setdefault(name, []).append(marks)
        self.counts = np.concatenate(counts)
        self.number_of, self.first = number_equals(np.concatenate(digests, axis=1))
        size = np.array([len(part) for part in ends], dtype=np.int64)
        self.chunk = np.repeat(np.arange(len(ends), dtype=np.int32), size)[self.first]
        starts = [np.concatenate([[0], part[:-1]]) for part in ends]
        self.start, self.end = (np.concatenate([*parts, counts[0]])[self.first] for parts in (starts, ends))

    def __len__(self) -> int:
        return len(self.first)

    def load(self, numbers: AnyInts) -> list[Any]:
        """Some of the forms."""
        return [pickle.loads(text) for text in self.list_texts(numbers)]  # noqa: S301

    def list_texts(self, numbers: AnyInts) -> Iterator[memoryview]:
        """The texts of some of the forms."""
        views = [memoryview(text) for text in self.texts]
        places = (column[numbers].tolist() for column in (self.chunk, self.start, self.end))
        return (views[chunk][start:end] for chunk, start, end in zip(*places, strict=True))

    def take_keys(self) -> tuple[AnyInts, AnyInts]:
        """The keys of every form and, for each, the form that has it; they are given away."""
        keys, self.keys = np.concatenate(self.keys), []
        starts = np.cumsum(self.counts, dtype=np.int64) - self.counts
        counts = self.counts[self.first]
        owners = np.repeat(np.arange(len(self), dtype=np.int32), counts)
        steps = np.arange(len(owners)) - np.repeat(np.cumsum(counts, dtype=np.int64) - counts, counts)
        return keys[np.repeat(starts[self.first], counts) + steps], owners

    def take_columns(self) -> Columns:
        """The columns of the forms as `Pairs` keeps them. Values are given away, and numbers are kept for `look_up`."""
        values: Columns = {}
        while self.columns:
            name, column = self.columns.popitem()
            codes = np.concatenate(column.parts)[self.first]
            distinct = [column.empty, *column.numbers]
            self.known["#" + name] = codes
            values[name] = [distinct[code] for code in codes.tolist()]
        while self.marks:
            name, marks = self.marks.popitem()
            self.known["?" + name] = np.concatenate(marks)[self.first]
        return values | self.known

    def look_up(self, numbers: AnyInts) -> Columns:
        """What is known of some of the forms without loading them, once the columns have been taken."""
        return {name: column[numbers] for name, column in self.known.items()}


def number_equals(digests: AnyInts) -> tuple[AnyInts, AnyInts]:
    """Numbers in order of first appearance, equal where both rows of the digests are: the number of each column, and
    the first column of each number."""
    count = digests.shape[1]
    order = np.lexsort((digests[1], digests[0]))
    ordered = digests[:, order]
    fresh = np.ones(count, dtype=bool)
    fresh[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    group = np.cumsum(fresh) - 1
    # The sort keeps the order of equals, so the first of a group is the first that appeared.
    firsts = order[fresh]
    ranks = np.empty(len(firsts), dtype=np.int32)
    ranks[np.argsort(firsts)] = np.arange(len(firsts), dtype=np.int32)
    number_of = np.empty(count, dtype=np.int32)
    number_of[order] = ranks[group]
    return number_of, np.sort(firsts)
