"""Words: the vocabulary of a part of the index, in order, and which of its words a typed word may stand for.

A word is found as it stands, as the beginning of a longer one, as another form of it (plural, abbreviation, short
first name), and with one slip (two in a long word): a letter left out, added, mistaken, or two letters changed about.
Slips are looked for among the words that share most of their letter pairs with the typed one; only those are measured.
"""

from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm.dedupe.names import canonical_word
from crm.dedupe.words import DIRECTIONS, NICKNAMES, STREET_SUFFIXES

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

# How alike a word is, from 0 to 1, that is found as it stands, in another form, as a short first name.
EXACT, OTHER_FORM, SHORT_NAME = 1.0, 0.97, 0.85
# As the beginning of a longer word: while it is being typed, and in the middle of a query, up to nearly the whole.
BEGINNING, BEGINNING_INSIDE, BEGINNING_TOP = 0.95, 0.75, 0.99
SHORTEST_BEGINNING = 3  # letters, in the middle of a query
# A slip costs this share of a letter's part of the word; one in the beginning of a longer word starts from `CUT`.
SLIP, CUT, OTHER_FIRST_LETTER = 0.9, 0.9, 0.05
SHORTEST_SLIP, TWO_SLIPS = 3, 8  # letters from which on one slip, and two, are looked for
BUCKETS = 1 << 13
AFTER_ALL = chr(0x10FFFF)


class Found(NamedTuple):
    """Words of the vocabulary by their place, each once, and how alike each is to what was typed; least alike first."""

    ids: Longs
    likeness: Floats


class Vocabulary:
    """Distinct words, sorted. What is found depends on the words alone, not on what else the index holds."""

    def __init__(self, words: list[str], *, with_forms: bool = True) -> None:
        """`words` are sorted and distinct; with forms, those that mean the same stand for each other."""
        self.words = words
        self.lengths = np.fromiter((len(word) for word in words), dtype=np.int16, count=len(words))
        self._forms = _group_forms(words) if with_forms else {}
        self._starts, self._members = _index_pairs(words)

    def __len__(self) -> int:
        return len(self.words)

    def find_place(self, word: str) -> int | None:
        """Where this very word stands."""
        place = bisect_left(self.words, word)
        return place if place < len(self.words) and self.words[place] == word else None

    def has(self, word: str, *, is_open: bool = False) -> bool:
        """Whether there is this word; `is_open`: or one that begins with it."""
        place = bisect_left(self.words, word)
        if place == len(self.words):
            return False
        return self.words[place].startswith(word) if is_open else self.words[place] == word

    def find(self, word: str, *, is_open: bool) -> Found:
        """Every word that `word` may stand for; `is_open`: more of it may be typed."""
        low, high = self.find_beginnings(word) if is_open or len(word) >= SHORTEST_BEGINNING else (0, 0)
        base = BEGINNING if is_open else BEGINNING_INSIDE
        alike = (base + (BEGINNING_TOP - base) * (len(word) / self.lengths[low:high])).astype(np.float32)
        others = self._find_slips(word, is_open=is_open)
        self._add_forms(others, word)
        if (place := self.find_place(word)) is not None:
            others[place] = EXACT
        return _merge(low, alike, others)

    def find_beginnings(self, word: str) -> tuple[int, int]:
        """From where, and to before where, the words stand that begin with this one."""
        low = bisect_left(self.words, word)
        return low, bisect_left(self.words, word + AFTER_ALL, low)

    def _add_forms(self, likeness: dict[int, float], word: str) -> None:
        for form in list_forms(word):
            for place in self._forms.get(form, ()):
                likeness[place] = max(likeness.get(place, 0.0), OTHER_FORM)
        for name in list_short_names().get(word, ()) if self._forms else ():
            if (place := self.find_place(name)) is not None:
                likeness[place] = max(likeness.get(place, 0.0), SHORT_NAME)

    def _find_slips(self, word: str, *, is_open: bool) -> dict[int, float]:
        length = len(word)
        likeness: dict[int, float] = {}
        if length < SHORTEST_SLIP or not self.words:
            return likeness
        slips = 2 if length >= TWO_SLIPS else 1
        shared = self._count_shared_pairs(word)
        # A slip spoils two pairs, three if letters are changed about.
        enough = shared >= max(1, length + 1 - 3 * slips)
        near = np.flatnonzero(enough & (self.lengths >= length - slips) & (self.lengths <= length + slips))
        self._measure(likeness, word, near, slips=slips)
        if is_open and length > SHORTEST_SLIP:
            longer = np.flatnonzero((shared >= max(2, length - 3)) & (self.lengths > length))
            for cut in (length - 1, length, length + 1):
                self._measure(likeness, word, longer, slips=1, cut=cut)
        return likeness

    def _measure(
        self,
        likeness: dict[int, float],
        word: str,
        near: npt.NDArray[np.intp],
        *,
        slips: int,
        cut: int | None = None,
    ) -> None:
        """Note those of the words `near` (of each its first `cut` letters) that are within so many slips of `word`."""
        if not len(near):
            return
        texts = [self.words[place][:cut] for place in near.tolist()]
        distances = process.cdist([word], texts, scorer=OSA.distance, score_cutoff=slips, dtype=np.uint8)[0]
        for hit in np.flatnonzero(distances <= slips).tolist():
            alike = (1.0 if cut is None else CUT) - SLIP * int(distances[hit]) / len(word)
            if texts[hit][0] != word[0]:
                alike -= OTHER_FIRST_LETTER
            place = int(near[hit])
            likeness[place] = max(likeness.get(place, 0.0), alike)

    def _count_shared_pairs(self, word: str) -> npt.NDArray[np.intp]:
        """For each word how many letter pairs (with a mark before the first and after the last) it has in common."""
        hits = [self._members[self._starts[code] : self._starts[code + 1]] for code in set(_list_codes(word))]
        return np.bincount(np.concatenate(hits), minlength=len(self.words))


def _merge(low: int, alike: Floats, others: dict[int, float]) -> Found:
    """The words from `low` on that are so much alike, and others, which may be among them and are then more alike."""
    high = low + len(alike)
    alike = alike.copy()
    for place in [place for place in others if low <= place < high]:
        alike[place - low] = max(float(alike[place - low]), others.pop(place))
    ids = np.concatenate((np.arange(low, high), np.fromiter(others, dtype=np.int64, count=len(others))))
    likeness = np.concatenate((alike, np.fromiter(others.values(), dtype=np.float32, count=len(others))))
    order = np.argsort(likeness, kind="stable")
    return Found(ids[order], likeness[order])


@lru_cache(maxsize=100_000)
def list_forms(word: str) -> tuple[str, ...]:
    """What a word may be short for: another word, a part of an address ("st": saint, street), a compass point."""
    suffix, direction = STREET_SUFFIXES.get(word), DIRECTIONS.get(word)
    forms = [canonical_word(word)]
    if suffix is not None:
        forms.append(f"{suffix} in a street")
    if direction is not None:
        forms.append(f"{direction} on a compass")
    return tuple(forms)


def _group_forms(words: list[str]) -> dict[str, list[int]]:
    """What words may be short for -> their places, where there are several or the one is spelled otherwise."""
    groups: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        for form in list_forms(word):
            groups.setdefault(form, []).append(place)
    return {form: places for form, places in groups.items() if len(places) > 1 or words[places[0]] != form}


def _index_pairs(words: list[str]) -> tuple[Longs, Ints]:
    """Letter pairs by code: where the words of each code begin in the second array, and the words, each once a pair."""
    letters = np.frombuffer(("\0" + "\0".join(words) + "\0").encode("utf-32-le"), dtype=np.uint32)
    codes = ((letters[:-1] * 31 + letters[1:]) % BUCKETS).astype(np.int16)
    owners = (np.cumsum(letters[:-1] == 0) - 1).astype(np.int32)
    order = np.argsort(codes, kind="stable")
    codes, owners = codes[order], owners[order]
    fresh = np.ones(len(codes), dtype=bool)
    fresh[1:] = (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])
    starts = np.searchsorted(codes[fresh], np.arange(BUCKETS + 1)).astype(np.int64)
    return starts, owners[fresh]


def _list_codes(word: str) -> list[int]:
    letters = [0, *map(ord, word), 0]
    return [(left * 31 + right) % BUCKETS for left, right in pairwise(letters)]


@lru_cache(maxsize=1)
def list_short_names() -> dict[str, frozenset[str]]:
    """first name -> its short forms, and short form -> the names that it may stand for."""
    found: dict[str, set[str]] = {}
    for name, short in NICKNAMES.items():
        for other in short.split():
            found.setdefault(name, set()).add(other)
            found.setdefault(other, set()).add(name)
    return {name: frozenset(others) for name, others in found.items()}
