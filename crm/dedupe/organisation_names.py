"""How alike two organisations' names are, over all names that each record gives, in points."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from crm.dedupe.names import MAX_WORDS, Name, word_weight
from crm.dedupe.pairs import Bools, Ints, Pairs, SmallInts, text_likeness

# Likeness in percent -> share of the full points in percent: below one half it speaks against.
CURVE = np.interp(np.arange(101), [0, 30, 50, 65, 80, 90, 100], [-60, -40, 0, 25, 60, 88, 100]).astype(np.int64)
AGAINST = 10  # points for each of the curve's negative percents: quite another name is -600
SHORTEST_TYPO = 6  # letters; a slip in a shorter name makes another name
STEM = 6  # letters that a word cut short must keep
COMMON = 50  # the weight of a common word
ONE_WORD = 80  # percent of letters that two spellings of one word have in common
CUT = 75  # percent of its weight that such a word still has

OTHER_NUMBER, ONE_NUMBER = -700, -150
OTHER_CONTRAST, ONE_CONTRAST = -500, -250
OTHER_UNIT, OTHER_LEGAL = -1100, -150


@dataclass
class NameColumns:
    """The distinct names of a batch as arrays, one row a name."""

    names: list[Name]
    words: SmallInts
    stems: SmallInts
    weights: SmallInts
    total: Ints
    squeezed: list[str]
    sorted_words: list[str]
    own: list[str]
    has_own: Bools
    numbers: Ints
    contrasts: Ints
    units: Ints
    legal: Ints


def read_columns(names: list[Name]) -> NameColumns:
    """Words become numbers that are equal where the words are; 0 fills the row."""
    vocabulary: dict[str, int] = {}
    words = np.zeros((len(names), MAX_WORDS), dtype=np.int32)
    stems = np.zeros_like(words)
    weights = np.zeros_like(words)
    for row, name in enumerate(names):
        for column, word in enumerate(dict.fromkeys(name.words)):
            words[row, column] = vocabulary.setdefault(word, len(vocabulary) + 1)
            weights[row, column] = word_weight(word)
            if len(word) >= STEM:
                stems[row, column] = vocabulary.setdefault(word[:STEM] + "*", len(vocabulary) + 1)
    own = ["".join(word for word in name.words if word_weight(word) > COMMON) for name in names]
    return NameColumns(
        names,
        words,
        stems,
        weights,
        weights.sum(axis=1),
        ["".join(name.words) for name in names],
        [" ".join(sorted(name.words)) for name in names],
        own,
        np.array([bool(text) for text in own], dtype=bool),
        *(code_column([getattr(name, part) for name in names]) for part in ("numbers", "contrasts", "units", "legal")),
    )


def code_column(values: list[Any]) -> Ints:
    """A number a value, 0 for an empty one."""
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(v, len(numbers) + 1) if v else 0 for v in values], dtype=np.int64)


def weigh_names(pairs: Pairs) -> Ints:
    """Organisations are one when their names say the same: rare words count more than common ones, a slip of the pen
    and the order of words count little, another number, compass point or department speaks against."""
    columns, first, count = name_columns(pairs)
    left_count, right_count = count[pairs.left], count[pairs.right]
    combinations = left_count * right_count
    owner = np.repeat(np.arange(len(pairs)), combinations)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(combinations) - combinations, combinations)
    flat_left = columns[1][first[pairs.left][owner] + step // np.maximum(right_count[owner], 1)]
    flat_right = columns[1][first[pairs.right][owner] + step % np.maximum(right_count[owner], 1)]
    points = weigh_name_pairs(columns[0], flat_left, flat_right)
    best = np.full(len(pairs), np.iinfo(np.int64).min)
    np.maximum.at(best, owner, points)
    return np.where(combinations == 0, 0, best)


def name_columns(pairs: Pairs) -> tuple[tuple[NameColumns, Ints], Ints, Ints]:
    """The batch's names, and for each form where its names begin in the flat list and how many they are."""
    if "name columns" not in pairs.cache:
        seen: dict[Name, int] = {}
        flat = [seen.setdefault(name, len(seen)) for form in pairs.forms for name in form.names]
        count = np.array([len(form.names) for form in pairs.forms], dtype=np.int64)
        columns = read_columns(list(seen))
        pairs.cache["name columns"] = (
            (columns, np.array(flat, dtype=np.int64)),
            np.cumsum(count) - count,
            count,
        )
    return pairs.cache["name columns"]


def weigh_name_pairs(names: NameColumns, left: Ints, right: Ints) -> Ints:
    """Points for each pair of names, given by their rows."""
    likeness, shared, contained = measure_likeness(names, left, right)
    two_words = (names.words[left, 1] > 0) & (names.words[right, 1] > 0)
    full = 100 + 7 * np.minimum(shared, 100) + np.clip(shared - 100, 0, 150) + 150 * (two_words & (shared >= 100))
    curve = CURVE[likeness]
    points = np.where(curve > 0, full * curve // 100, AGAINST * curve)
    # A name inside a longer one ("Rock Valley" in "Rock Valley Machining") speaks for it a little, never against.
    points = np.where(contained, np.maximum(points, np.minimum(3 * shared, 300)), points)
    points += differ(names.numbers, left, right, both=OTHER_NUMBER, one=ONE_NUMBER)
    points += differ(names.contrasts, left, right, both=OTHER_CONTRAST, one=ONE_CONTRAST)
    points += differ(names.units, left, right, both=OTHER_UNIT, one=OTHER_UNIT)
    return points + differ(names.legal, left, right, both=OTHER_LEGAL, one=0)


def measure_likeness(names: NameColumns, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Likeness in percent, the weight of what is shared, and whether one name holds all words of the other."""
    ours, theirs = names.words[left], names.words[right]
    equal = (ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] > 0)
    ours, theirs = names.stems[left], names.stems[right]
    cut = (ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] > 0)
    shared = np.minimum(met_weight(names.weights[left], equal, cut, 2), met_weight(names.weights[right], equal, cut, 1))
    smaller = np.minimum(names.total[left], names.total[right])
    union = names.total[left] + names.total[right] - shared
    by_words = 100 * shared // np.maximum(union, 1)
    open_question = by_words < 100
    by_letters = np.maximum(
        text_likeness(names.squeezed, left, right, open_question),
        text_likeness(names.sorted_words, left, right, open_question),
    )
    # What two long names share of common words must not hide that their own words differ.
    both_own = names.has_own[left] & names.has_own[right] & open_question
    own = text_likeness(names.own, left, right, both_own)
    by_letters = np.where(both_own & (own < ONE_WORD), np.minimum(by_letters, own), by_letters)
    lengths = np.array([len(text) for text in names.squeezed], dtype=np.int64)
    long_enough = np.minimum(lengths[left], lengths[right]) >= SHORTEST_TYPO
    # 70 % of the letters in common is what two names have by chance.
    by_letters = np.where(long_enough, np.clip((by_letters - 70) * 10 // 3, 0, 100), 0)
    shared = np.maximum(shared, smaller * by_letters // 100)
    return np.maximum(by_words, by_letters), shared, (shared == smaller) & (smaller > 0)


def met_weight(weights: SmallInts, equal: Bools, cut: Bools, axis: int) -> Ints:
    """The weight of one side's words that the other has too, those that only begin alike at a part of it."""
    met, nearly = equal.any(axis=axis), cut.any(axis=axis)
    return np.where(met, weights, np.where(nearly, weights * CUT // 100, 0)).sum(axis=1)


def differ(codes: Ints, left: Ints, right: Ints, *, both: int, one: int) -> Ints:
    """Points against where the two differ: both state it, or only one does."""
    ours, theirs = codes[left], codes[right]
    return np.where(ours == theirs, 0, np.where((ours > 0) & (theirs > 0), both, one))


@lru_cache(maxsize=10_000)
def best_names(left: tuple[Name, ...], right: tuple[Name, ...]) -> tuple[Name, Name]:
    """The two names by which two records were compared; for the sentence."""
    columns = read_columns([*left, *right])
    ours, theirs = np.divmod(np.arange(len(left) * len(right)), len(right))
    best = int(np.argmax(weigh_name_pairs(columns, ours, theirs + len(left))))
    return left[best // len(right)], right[best % len(right)]


def say_names(left: Any, right: Any, points: int) -> str:
    """What was compared and what came of it."""
    if not left.names or not right.names:
        return "one of them has no name"
    ours, theirs = best_names(left.names, right.names)
    spelled = f"“{' '.join(ours.words)}” and “{' '.join(theirs.words)}”"
    if ours.numbers and theirs.numbers and ours.numbers != theirs.numbers:
        return f"the numbers in the names differ: {spelled}"
    if ours.contrasts and theirs.contrasts and ours.contrasts != theirs.contrasts:
        return f"the names tell two apart that stand side by side: {spelled}"
    if ours.units != theirs.units:
        return f"one of them is a part or a department: {spelled}"
    if ours.words == theirs.words:
        legal = "" if ours.legal == theirs.legal or not (ours.legal and theirs.legal) else ", with another legal form"
        return f"the same name, {spelled.partition(' and ')[0]}{legal}"
    if points >= 600:
        return f"nearly the same name: {spelled}"
    return f"names that have something in common: {spelled}" if points > 0 else f"other names: {spelled}"
