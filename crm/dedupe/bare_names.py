"""Lists of people that say nothing but names: the names alone must decide.

Two names are laid side by side, word by word, in whatever order the words stand. Each word of one finds the word of the
other that is most like it; what is left over on one side only is a name that the other list leaves out, and what is
left over on both sides is another name, which speaks for another person. A name of common words may be anybody's, as
often as the list itself has these words.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA, Indel

from crm.dedupe.kinds import Feature, Kind
from crm.dedupe.pairs import AnyInts, Ints, Pairs
from crm.dedupe.person_evidence import SHORT_NAMES, long_names, say_suffix, weigh_suffix
from crm.dedupe.persons import bare_words, is_suffix
from crm.dedupe.records import PersonRow
from crm.dedupe.weights import Curve, Scale
from crm.dedupe.words import NAME_PARTICLES, PERSON_SUFFIXES, word_set

MOST_WORDS = 8  # of one name that are compared
SAME, HEARD, NEAR, SHORT, INITIAL = 400, 360, 340, 240, 120  # points for a word that both have
ANOTHER = -900  # points for a word that each has and the other has not
HELD_BACK = 600  # points that words in common count at most beside such a one
LEFT_OUT, LEFT_OUT_MOST = -40, -160  # points for a word that only one has, and at most
TWO = 2  # words in common; fewer are only a part of a name
PART, WHOLE = -250, 300  # points for one word in common: as a part of two names, or as all of both
SHORTEST_RUN = 5  # letters; what is longer may be all of a name
RUN_TOGETHER = 95  # percent of the letters of words that are written as one on one side
COMMONEST = -600  # points for words that many names of the list have

# A Cyrillic letter, and its Latin ones behind it.
CYRILLIC = str.maketrans({
    pair[0]: pair[1:] for pair in word_set(
        """аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya
        іi їi єe ґg ўu ћc ђd љl њn џd јj"""
    )
})  # fmt: skip
# Spellings of one sound, in the order in which they are replaced; then no vowels but the first, and no double letters.
SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("sch|tch|tsch|sh|ch|cz|zh", "s"), ("ph|pf", "f"), ("ck|kh|gh|qu|x", "k"), ("th|dt", "t"), ("[cqg]", "k"),
        ("w", "v"), ("z|ts", "s"), ("[jy]", "i"), ("d", "t"), ("b$", "p"),
        ("(?<=.)h", ""), ("(?<=.)[aeiou]", ""), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


class NameForm(NamedTuple):
    """The words of a name, in the order in which they are spoken, without titles, degrees and particles."""

    words: tuple[str, ...]
    suffix: str


def read_name(row: PersonRow) -> NameForm:
    """A row's name as words; "Sanchez, Maria" is read as Maria Sanchez."""
    if row.last_name or row.first_name:
        words = [*bare_words(row.first_name), *bare_words(row.last_name)]
    else:
        before, comma, after = row.name.partition(",")
        turned = bool(comma) and not is_suffix(after)
        words = [*bare_words(after), *bare_words(before)] if turned else bare_words(row.name)
    words = [part.translate(CYRILLIC) for word in words for part in word.split()]
    suffix = next((PERSON_SUFFIXES[word] for word in words[1:] if word in PERSON_SUFFIXES), "")
    words = [word for word in words if word not in PERSON_SUFFIXES] or words
    told = [word for word in words if word not in NAME_PARTICLES] or words
    return NameForm(tuple(told[:MOST_WORDS]), suffix)


@lru_cache(maxsize=200_000)
def sound_of(word: str) -> str:
    """How a word sounds, roughly: spellings of one sound alike, and no vowels but the first."""
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    return "a" + word[1:] if word[:1] in "aeiou" else word


def name_keys(form: NameForm) -> Iterator[str]:
    """Where to look for a name: by each of its words, by how it sounds, by two of its sounds, and by a word with the
    begin or the end of another."""
    sounds = [sound_of(word) for word in form.words]
    for word, sound in zip(form.words, sounds, strict=True):
        if len(word) > 1:
            yield "w" + word
            yield "s" + sound
    for (word, sound), (other, heard) in combinations(zip(form.words, sounds, strict=True), 2):
        yield "p" + " ".join(sorted((sound, heard)))
        for one, beside in ((word, other), (other, word)):
            yield f"b{one} {beside[0]}"
            yield f"e{one} {beside[-2:]}"
    yield "j" + sound_of("".join(form.words))[:8]


@lru_cache(maxsize=500_000)
def compare_words(left: str, right: str) -> int:
    """Points for two words of names; 0 for two that are not alike."""
    if left == right:
        return SAME
    short, long = sorted((left, right), key=lambda word: (len(word), word))
    if len(short) == 1:
        return INITIAL if long.startswith(short) else 0
    if long_names(left) & long_names(right):
        return HEARD
    alike = Indel.normalized_similarity(short, long)
    sound = sound_of(left)
    if len(sound) > 1 and sound == sound_of(right) and alike >= 0.6:
        return HEARD
    if len(short) > 3 and (OSA.distance(short, long) == 1 or alike >= 0.8):
        return NEAR
    return SHORT if len(short) > 2 and long.startswith(short) else 0


class Aligned(NamedTuple):
    """Two names side by side: points for the words in common, how many they are, and the words that are left on either
    side."""

    common: int
    many: int
    left: tuple[str, ...]
    right: tuple[str, ...]


def align(left: tuple[str, ...], right: tuple[str, ...]) -> Aligned:
    """The words of two names side by side, the most alike first."""
    many = max(len(left), len(right))
    if len(left) != len(right) and is_run_together("".join(left), "".join(right)):
        return Aligned(many * SAME, many, (), ())
    ranked = sorted(
        (-points, abs(i - j), i, j)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if (points := compare_words(one, other))
    )
    ours, theirs = dict(enumerate(left)), dict(enumerate(right))
    common = many = 0
    for points, _, i, j in ranked:
        if i in ours and j in theirs:
            del ours[i], theirs[j]
            common -= points
            many += 1
    return Aligned(common, many, tuple(ours.values()), tuple(theirs.values()))


def is_run_together(left: str, right: str) -> bool:
    """Whether two names are one but for the blanks."""
    alike = Indel.normalized_similarity(left, right) * 100
    return alike >= RUN_TOGETHER and min(len(left), len(right)) > SHORTEST_RUN


def measure(pairs: Pairs) -> tuple[Ints, Ints, Ints, Ints]:
    """Of each pair the points for words in common, how many they are, and how many words are left over on both
    sides, and on one side only."""
    names = ("common", "many", "another", "left out")
    if "common" not in pairs.measured:
        columns = np.zeros((4, len(pairs)), dtype=np.int64)
        for place, (left, right) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
            ours, theirs = pairs.forms[left].words, pairs.forms[right].words
            found = align(ours, theirs) if ours <= theirs else align(theirs, ours)
            both = min(len(found.left), len(found.right))
            columns[:, place] = found.common, found.many, both, max(len(found.left), len(found.right)) - both
        pairs.measured.update(zip(names, columns, strict=True))
    common, many, another, left_out = (pairs.measured[name] for name in names)
    return common, many, another, left_out


def weigh_common(pairs: Pairs) -> Ints:
    """Each word that both names have speaks for one person; one that only sounds alike, differs by a slip, is cut short
    or an initial less so. Beside a word that is another, they count no more than a family's names do."""
    common, _, another, _ = measure(pairs)
    return np.where(another > 0, np.minimum(common, HELD_BACK), common)


def say_common(left: NameForm, right: NameForm, points: int) -> str:
    return "names that have much in common" if points >= 2 * NEAR else "names with little in common"


def weigh_another(pairs: Pairs) -> Ints:
    """A word that each name has and the other has not: another name, and so another person."""
    return measure(pairs)[2] * ANOTHER


def say_another(left: NameForm, right: NameForm, points: int) -> str:
    found = align(left.words, right.words)
    if not points:
        return "no word is another"
    return f"other names: {' '.join(found.left).title()} and {' '.join(found.right).title()}"


def weigh_left_out(pairs: Pairs) -> Ints:
    """Names in the middle are left out as often as not; but one word in common is only a part of a name, unless both
    have no other and it is no first name."""
    _, many, _, left_out = measure(pairs)
    whole, other_whole = pairs.flags("whole", lambda form: len(form.words) == 1 and is_whole(form.words[0]))
    whole &= other_whole & (pairs.agreement("words", lambda form: form.words) == 1)
    return np.maximum(left_out * LEFT_OUT, LEFT_OUT_MOST) + np.where(whole, WHOLE, np.where(many < TWO, PART, 0))


def is_whole(word: str) -> bool:
    """Whether a word may be all of a name."""
    return len(word) > SHORTEST_RUN and word not in SHORT_NAMES


def say_left_out(left: NameForm, right: NameForm, points: int) -> str:
    if points > 0:
        return "the one word that both have is the whole name"
    return "one leaves out words of the name, or has few" if points else "no word is left out"


def fit_names(kind: Kind, forms: Sequence[NameForm], left: AnyInts, right: AnyInts, total: int, scale: float) -> Kind:
    """The kind with what this list of so many names tells of how common each word is."""
    counts = Counter(word for form in forms for word in set(form.words))
    bits = {word: math.log2(count) for word, count in counts.items() if count > 1}
    return replace(kind, features=(*kind.features, make_commonness(bits, math.log2(max(2, total)))))


def make_commonness(bits: Mapping[str, float], size: float) -> Feature:
    """How many people of one name are to be expected in the list."""

    def weigh(pairs: Pairs) -> Ints:
        """Where many names of the list have these words, more than one person will have them all."""
        points = np.zeros(len(pairs), dtype=np.int64)
        for place, (left, right) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
            ours, theirs = pairs.forms[left].words, pairs.forms[right].words
            shorter = ours if len(ours) <= len(theirs) else theirs
            expected = size + sum(bits.get(word, 0.0) - size for word in shorter)
            points[place] = round(-100 * min(max(expected, 0.0), -COMMONEST / 100))
        return points

    return Feature("common words", weigh, say_commonness)


def say_commonness(left: NameForm, right: NameForm, points: int) -> str:
    return "the list has many names of these words" if points else "the list has few names of these words"


def is_bare(form: NameForm) -> bool:
    """All are alike bare, so none waits for a better one."""
    return False


NAME = Kind(
    name="person",
    read=read_name,
    keys=name_keys,
    is_sparse=is_bare,
    features=(
        Feature("words in common", weigh_common, say_common),
        Feature("other words", weigh_another, say_another),
        Feature("words left out", weigh_left_out, say_left_out),
        Feature("suffix", weigh_suffix, say_suffix),
    ),
    prior=Scale("name", "prior", "start"),
    odds=Curve("name", "probability"),
    fit=fit_names,
)
