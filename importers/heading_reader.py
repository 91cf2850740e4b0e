"""What headings like this one mean elsewhere: a reader that was trained on the headings of lists from many places.

The lexicon knows phrases; this knows parts of words ("tele" in GENTELE), what stands beside, and how cells look that
have such headings. It is a softmax regression on hashed features, trained by `bench.train_headings`; the weights are
beside this file. It is one witness among others: `second_readings` says how far it is heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from importers.cell_types import Cells
from importers.columns import Column
from importers.headings import cut_words

Features = dict[str, float]
Numbers = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("heading_reader.npz")
NOTHING = "none"
KINDS_READ = ("businesses", "people", "touchpoints")  # of which it has seen many lists
LONGEST_PART = 5  # letters of a part of a heading
# How much each sort of feature counts, beside words of the heading itself.
OF_PART, OF_CELLS, BESIDE, ELSEWHERE = 0.4, 0.7, 0.4, 0.15
SHARES = ((0.02, "0"), (0.3, "a"), (0.7, "b"), (0.95, "c"))
LENGTHS = (1.5, 3.0, 6.0, 11.0, 21.0, 41.0)
# What one thing is called in files of several kinds. The reader learns it once.
OF_FIRMS = frozenset({
    "businesses.name", "people.business", "touchpoints.business", "seats.business", "referrals.business",
})  # fmt: skip
OF_PEOPLE = frozenset({"people.name", "touchpoints.person", "seats.person"})
EACH_ITS_OWN = frozenset({"phone", "source_id"})


def name_thing(target: str) -> str:
    """The thing that a column of a plain file holds, whatever the kind of file: `company` of `people.business`."""
    if target in OF_FIRMS:
        return "company"
    if target in OF_PEOPLE:
        return "person"
    kind, _, column = target.partition(".")
    if column == "email":
        return "email@businesses" if kind == "businesses" else "email@people"
    if column in EACH_ITS_OWN:
        return f"{column}@{kind}"
    return "date" if column == "offered_on" else column or NOTHING


def describe(columns: Sequence[Column]) -> list[Features]:
    """What can be seen of each column, whatever the kind of file."""
    return [_describe(n, columns) for n in range(len(columns))]


def _describe(n: int, columns: Sequence[Column]) -> Features:
    column = columns[n]
    words = column.heading.words or ("?",)
    seen: Features = dict.fromkeys((f"g:{part}" for part in _list_parts(" ".join(cut_words(column.header)))), OF_PART)
    seen |= dict.fromkeys((f"w:{word}" for word in words), 1.0)
    seen |= dict.fromkeys((f"b:{one} {two}" for one, two in pairwise(words)), 1.0)
    seen |= {f"l:{words[-1]}": 1.0, f"f:{words[0]}": 1.0, f"h:{' '.join(words)}": 1.0}
    seen |= dict.fromkeys((f"s:{whose}" for whose in column.heading.subjects), 1.0)
    seen |= dict.fromkeys((f"c:{look}" for look in _look(column.cells)), OF_CELLS)
    seen["i:rest" if n else "i:first"] = 1.0
    for distance, name in ((-1, "p"), (1, "n"), (-2, "pp"), (2, "nn")):
        beside = columns[n + distance].heading.words if 0 <= n + distance < len(columns) else ("none",)
        seen |= dict.fromkeys((f"{name}:{word}" for word in beside), BESIDE)
    others = [other.heading.words for other in columns if other is not column]
    seen |= dict.fromkeys((f"a:{word}" for other in others for word in other), ELSEWHERE)
    if any(other and other[-1] == words[-1] for other in others):
        seen |= {f"dup:{words[-1]}": 0.7, "dup": 0.5}
    if words in others:
        seen["same"] = 0.5
    return seen


def describe_kind(n: int, column: Column, kind: str) -> Features:
    """What a column is beside, in a file of this kind."""
    words = column.heading.words or ("?",)
    seen: Features = {f"k:{kind}": 1.0, f"k:{kind}:l:{words[-1]}": 0.7}
    seen |= dict.fromkeys((f"k:{kind}:s:{whose}" for whose in column.heading.subjects), 1.0)
    return seen if n else seen | {f"i:first:{kind}": 1.0}


def describe_list(columns: Sequence[Column]) -> Features:
    """What can be seen of a list as a whole, by which its kind is told."""
    seen: Features = {"n": len(columns) / 20}
    for n, column in enumerate(columns):
        words, cells = column.heading.words, column.cells
        seen |= dict.fromkeys((f"w:{word}" for word in words), 1.0)
        seen |= dict.fromkeys((f"b:{one} {two}" for one, two in pairwise(words)), 0.6)
        if n < 3:
            seen |= dict.fromkeys((f"e:{word}" for word in words), 0.7)
        if n == 0:
            seen |= dict.fromkeys((f"f:{word}" for word in words), 1.0)
            seen |= {f"fc:{look}": 0.5 for look in _look(cells) if look[-2:] in (":c", ":d") or look in FIRST_LOOKS}
        best = column.heading.best
        if best is not None and best.score > 0.7:
            seen[f"y:{best.thing}"] = seen.get(f"y:{best.thing}", 0.0) + 0.7
            seen.setdefault(f"y1:{best.thing}", 1 / (1 + n))
            if "person" in column.heading.subjects:
                seen[f"ps:{best.thing}"] = 0.7
        for whose in column.heading.subjects:
            seen[f"s:{whose}"] = min(1.5, seen.get(f"s:{whose}", 0.0) + 0.3)
        for look in _list_looks(cells):
            seen[f"c:{look}"] = min(1.5, seen.get(f"c:{look}", 0.0) + 0.5)
    return seen


FIRST_LOOKS = frozenset({"date", "unique"})
TOLD_BY = ("person", "company", "email", "phone", "street", "channel", "job", "first_name")


def _list_looks(cells: Cells) -> list[str]:
    if not cells:
        return []
    looks = [look for look in TOLD_BY if cells.share(look) > 0.6]
    looks += ["date"] * bool(cells.patterns) + ["long"] * (cells.length > 60)
    if cells.share("company") > 0.5:
        looks.append("firms again" if cells.repeats > 0.1 else "firms once")
    if cells.share("person") > 0.5:
        looks.append("people again" if cells.repeats > 0.3 else "people once")
    return looks


def _list_parts(text: str) -> set[str]:
    """The pieces of 2 to 5 letters that a heading has, with marks where it begins and ends."""
    text = f"^{text}$"
    return {text[at : at + length] for length in range(2, LONGEST_PART + 1) for at in range(len(text) - length + 1)}


def _look(cells: Cells) -> list[str]:
    if not cells:
        return ["blank"]
    looks = [f"{name}:{size}" for name, share in cells.shares.items() if (size := _size(share)) != "0"]
    looks.append(f"length:{sum(cells.length >= length for length in LENGTHS)}")
    looks.append(f"repeats:{_size(cells.repeats)}")
    said = {"unique": cells.is_unique, "few": cells.is_few, "date": bool(cells.patterns)}
    said |= {"constant": len(cells.texts) == 1, "two": len(cells.texts) == 2}
    return looks + [name for name, is_so in said.items() if is_so]


def _size(share: float) -> str:
    return next((size for most, size in SHARES if share < most or share == most == 0), "d")


def hash_features(seen: Features, width: int) -> tuple[NDArray[np.int64], Numbers]:
    """The places, below `width`, that features have among the weights, and how much each counts."""
    places = np.fromiter((crc32(name.encode()) % width for name in seen), np.int64, len(seen))
    return places, np.fromiter(seen.values(), np.float32, len(seen))


@dataclass(frozen=True)
class Softmax:
    """Weights of features (width x names, as small whole numbers to be scaled by `scales`), and what each name has."""

    names: tuple[str, ...]
    weights: NDArray[np.int8]
    scales: Numbers
    bias: Numbers

    def add_up(self, seen: Features) -> Numbers:
        places, counts = hash_features(seen, len(self.weights))
        return (counts @ self.weights[places].astype(np.float32)) * self.scales

    def normalise(self, total: Numbers) -> Numbers:
        """The logarithms of how likely each name is."""
        total = total + self.bias
        total = total - total.max()
        return total - np.log(np.exp(total).sum())


@dataclass(frozen=True)
class Weights:
    things: Softmax
    kinds: Softmax


def take_weights(kept: Mapping[str, Any]) -> Weights:
    """The weights as they are trained, and kept."""
    return Weights(_take(kept, "things"), _take(kept, "kinds"))


def _take(kept: Mapping[str, Any], name: str) -> Softmax:
    names, weights, scales, bias = (kept[f"{name}_{part}"] for part in ("names", "weights", "scales", "bias"))
    return Softmax(tuple(names.tolist()), weights, scales, bias)


@cache
def load_weights() -> Weights:
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        return take_weights(kept)


class Reader:
    """A list's columns as the reader sees them: made once for all kinds of file.

    `kinds` has for each kind of file the logarithm of how likely a list with such columns is one.
    """

    def __init__(self, columns: Sequence[Column], weights: Weights | None = None) -> None:
        self._columns = columns
        self._weights = weights or load_weights()
        self._totals = [self._weights.things.add_up(seen) for seen in describe(columns)]
        kinds = self._weights.kinds
        told = kinds.normalise(kinds.add_up(describe_list(columns)))
        self.kinds: dict[str, float] = dict(zip(kinds.names, told.tolist(), strict=True))

    def read(self, kind: str) -> list[dict[str, float]]:
        """For each column, thing -> the logarithm of how likely it holds that, in a file of this kind."""
        things = self._weights.things
        found: list[dict[str, float]] = []
        for n, (column, total) in enumerate(zip(self._columns, self._totals, strict=True)):
            told = things.normalise(total + things.add_up(describe_kind(n, column, kind)))
            found.append(dict(zip(things.names, told.tolist(), strict=True)))
        return found
