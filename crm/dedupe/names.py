"""Names of organisations: what is left of one when spelling, legal form and punctuation are taken away.

One cell may hold several names: "X dba Y", "X (Y)", "X, formerly Y". Each is a name of its own, and two records are
compared by the two names that fit best.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from crm.dedupe.text import fold, join_initials, singular, split_words
from crm.dedupe.words import (
    ABBREVIATIONS,
    COMMON_WORDS,
    CONTRASTS,
    FILLER_WORDS,
    LEGAL_FORMS,
    LEGAL_FORMS_IN_FRONT,
    LEGAL_ONLY_AT_END,
    LEGAL_PHRASES,
    MISREAD,
    NO_NAMES,
    NUMBERS,
    ORDINALS,
    ROMAN_NUMERALS,
    STOP_WORDS,
    TRADE_WORDS,
    TRANSLATIONS,
    UNIT_WORDS,
)

ANY_UNIT = {"branch", "bureau", "department", "division", "facility"}
MAX_WORDS = 8
MAX_NAMES = 3
SHORTEST_HEAD, SHORTEST_TAIL = 3, 6  # letters of two words that were written as one
SHORTEST_SLIP = 7  # letters; a slip in a shorter word may be another word

# Most texts have nothing of what the patterns below look for. Where one of them costs much, a cheap sign is looked for
# first, without which it cannot match.

OTHER_NAME = re.compile(
    r"[,;]?\s*\b(?:d\s?/\s?b\s?/\s?a|d\.b\.a\.?|dba|doing business as|trading as|t/a|f/k/a|fka|formerly(?: known as)?"
    r"|a/k/a|aka|also known as)\b[.:]?\s*"
)
OTHER_NAME_SIGNS = ("/", "dba", "d.b.a", " as", "ka", "formerly")
# What follows is who takes the post in, or at whose site it is, and no name of the business.
ADDRESSEE = re.compile(r"(?<=\w)[\s,;(-]*\b(?:c/o\b|attn\b|on-?\s?site at\b).*")
ADDRESSEE_SIGNS = ("c/o", "attn", "site at")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
# Two words that name one department, and mean something else apart.
PHRASES = re.compile(r"\bpublic works\b|\bpublic health\b|\bhuman resources\b|\bpublic safety\b")
PHRASE_SIGNS = ("public", "human")
LEGAL_PHRASE = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, LEGAL_PHRASES), key=len, reverse=True)) + r")(?!\w)"
)
PHRASE_BEGINS = {split_words(phrase)[0] for phrase in LEGAL_PHRASES}
# A long word with a digit or two in it or before it that a scanner takes for letters: "mi11work", "5terling".
SCANNED = re.compile(r"(?=.{6,})(?:[a-z]{2,}[015]{1,2}[a-z]{2,}|[05][a-rt-z][a-z]{4,})")
# A legal form that was written onto a name, told by its capitals: "SiemensAG".
WRITTEN_ON = re.compile(r"(?<=[a-z]{3})(?=(?:AG|LLC|LLP|BV|NV|SA|AB|AS|SE|KG|PLC|GmbH|SpA|Inc|Ltd)\b)")
WRITTEN_ON_SIGN = re.compile(r"[A-Z](?<=[a-z][A-Z])")
# Cyrillic and Greek letters without their marks, as they are mostly spelled in Latin ones.
ROMAN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdeziiklmnoprstufyeig", strict=True))
    | dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True))
    | {
        "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
        "є": "ye", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "θ": "th", "χ": "ch", "ψ": "ps",
    }
)  # fmt: skip
TENS = {"20", "30", "40", "50", "60", "70", "80", "90"}
ONES = {"1", "2", "3", "4", "5", "6", "7", "8", "9"}
NUMBER_SIGN = re.compile(r"\b(?:no|nr|number)\.?\s*(?=\d)")


class Name(NamedTuple):
    """One name: its words in order, its legal form ("" if none is stated), and what sets it apart from its like."""

    words: tuple[str, ...]
    legal: str
    numbers: tuple[str, ...]
    contrasts: tuple[str, ...]
    units: tuple[str, ...]
    letters: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_names(*cells: str) -> tuple[Name, ...]:
    """The distinct names in these cells, at most three, in the order of the cells."""
    names: list[Name] = []
    for cell in cells:
        for part in split_names(cell):
            name = read_name(part)
            if name.words and name not in names:
                names.append(name)
    return tuple(names[:MAX_NAMES])


def split_names(cell: str) -> list[str]:
    """The names in one cell, folded. What stands in brackets is a name of its own if it is the initials of the one
    before ("Council of Social Service (COSS)") or has a legal form; else it belongs to the name ("Ritz
    (Buckhead)")."""
    if WRITTEN_ON_SIGN.search(cell):
        cell = WRITTEN_ON.sub(" ", cell)
    text = romanise(fold(cell))
    if has_sign(text, ADDRESSEE_SIGNS):
        text = ADDRESSEE.sub("", text)
    if not text.strip() or " ".join(split_words(text)) in NO_NAMES:
        return []
    others: list[str] = []
    if "(" in text:
        main = IN_BRACKETS.sub(" ", text)
        others = [note for note in IN_BRACKETS.findall(text) if is_other_name(note, main)]
        for note in others:
            text = text.replace(f"({note})", " ")
    return [*OTHER_NAME.split(text), *others] if has_sign(text, OTHER_NAME_SIGNS) else [text, *others]


def has_sign(text: str, signs: tuple[str, ...]) -> bool:
    """Whether any of these stands in the text."""
    for sign in signs:  # noqa: SIM110 - a generator costs more than the search
        if sign in text:
            return True
    return False


def romanise(text: str) -> str:
    """A folded text in Latin letters, where it is in Cyrillic or Greek ones."""
    return text if text.isascii() else text.translate(ROMAN)


def is_other_name(note: str, main: str) -> bool:
    """Whether a note in brackets is another name of what stands before it."""
    words = split_words(note)
    if len(words) > 1:
        return words[-1] in LEGAL_FORMS
    if not words or len(words[0]) < 3:
        return False
    spelled = split_words(main)
    every = "".join(word[0] for word in spelled)
    telling = "".join(word[0] for word in spelled if word not in STOP_WORDS)
    return every.startswith(words[0]) or telling.startswith(words[0])


@lru_cache(maxsize=20_000)
def read_name(text: str) -> Name:
    """One folded name taken apart."""
    words = split_words(text)
    joined = join_phrases(text, words)
    if joined != text:
        text, words = joined, split_words(joined)
    words = join_initials([word for word in words if word not in STOP_WORDS])
    words = [part for word in words for part in part_legal_form(word)]
    words, legal = take_legal_form(words)
    spelled = [part for word in words for part in spell_word(word)]
    canonical = tuple(dict.fromkeys(join_numbers(spelled)))[:MAX_WORDS]
    if canonical and canonical[-1] in ROMAN_NUMERALS:
        canonical = (*canonical[:-1], ROMAN_NUMERALS[canonical[-1]])
    remarks = read_remarks(text, canonical) if "(" in text else ()
    telling = [word for word in canonical if word in TELLING_WORDS or len(word) == 1 or word.isdigit()]
    if not telling:
        return Name(canonical, legal, (), (), (), (), remarks)
    return Name(
        canonical,
        legal,
        tuple(sorted({word for word in telling if word.isdigit()})),
        tuple(sorted({word for word in telling if word in CONTRASTS})),
        tuple(sorted(take_units(telling))),
        tuple(sorted({word for word in telling if len(word) == 1 and not word.isdigit()})),
        remarks,
    )


def join_phrases(text: str, words: list[str]) -> str:
    """What is written as several words, or with dots, as the one word that it is; `words` are those of the text."""
    # An apostrophe may have joined the beginning of a phrase to what is before it.
    if not PHRASE_BEGINS.isdisjoint(words) or not text.isascii() or has_sign(text, ("'", "`", "?")):
        text = LEGAL_PHRASE.sub(lambda match: LEGAL_PHRASES[match[0]], text)
    if "." in text:
        text = DOTTED.sub(lambda match: match[0].replace(".", ""), text)
        text = NUMBER_SIGN.sub("", text)
    if has_sign(text, PHRASE_SIGNS):
        text = PHRASES.sub(lambda match: match[0].replace(" ", ""), text)
    return text


def join_numbers(words: list[str]) -> list[str]:
    """Tens and ones that are written as two words as one number: "forty four"."""
    if TENS.isdisjoint(words):
        return words
    for at in range(len(words) - 1, 0, -1):
        if words[at] in ONES and words[at - 1] in TENS:
            words[at - 1 : at + 1] = [words[at - 1][0] + words[at]]
    return words


def read_remarks(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that stand only in brackets: where it is, more than what it is called."""
    named = set(map(name_word, split_words(IN_BRACKETS.sub(" ", text))))
    noted = {name_word(word) for note in IN_BRACKETS.findall(text) for word in split_words(note)} - named
    return tuple(word for word in words if word in noted) if named else ()


def take_units(words: Sequence[str]) -> set[str]:
    """The words that make it a part of some body; a "fire department" is a fire one before it is a department."""
    units = {word for word in words if word in UNIT_WORDS}
    return units - ANY_UNIT or units


def take_legal_form(words: list[str]) -> tuple[list[str], str]:
    """The words without legal forms, and the class of the form; a name of nothing but legal forms stays as it is."""
    if LEGAL_FORMS.keys().isdisjoint(words):
        return words, ""
    legal = ""
    kept: list[str] = []
    last = len(words) - 1
    while last > 0 and words[last] in LEGAL_FORMS:
        legal = LEGAL_FORMS[words[last]] or legal
        last -= 1
    first = int(last > 0 and words[0] in LEGAL_FORMS_IN_FRONT)
    if first:
        legal = legal or LEGAL_FORMS[words[0]]
    for position, word in enumerate(words[first : last + 1]):
        if position and word in LEGAL_FORMS and word not in LEGAL_ONLY_AT_END:
            legal = legal or LEGAL_FORMS[word]
        else:
            kept.append(word)
    return (kept or words), legal


def part_legal_form(word: str) -> list[str]:
    """A legal form that was written onto the last word taken off: "enterprisesllc"."""
    if word.endswith(("llc", "gmbh")):
        for form in ("llc", "gmbh"):
            if word.endswith(form) and len(word) >= len(form) + SHORTEST_TAIL:
                return [word[: -len(form)], form]
    return [word]


@lru_cache(maxsize=100_000)
def spell_word(word: str) -> tuple[str, ...]:
    """The canonical words that are written as this one."""
    return tuple(map(name_word, part_words(word)))


def part_words(word: str) -> tuple[str, ...]:
    """Two words that were written as one, when the second is one that many names share: "hillconstruction"."""
    if len(word) >= SHORTEST_HEAD + SHORTEST_TAIL and word.isalpha() and canonical_word(word) not in KNOWN_WORDS:
        for at in range(SHORTEST_HEAD, len(word) - SHORTEST_TAIL + 1):
            tail = canonical_word(word[at:])
            if tail in KNOWN_WORDS and tail not in CONTRASTS:
                return word[:at], tail
    return (word,)


@lru_cache(maxsize=20_000)
def name_word(word: str) -> str:
    """The canonical word, with one slip in a long word that many names share set right ("manufactring")."""
    word = canonical_word(word)
    if len(word) < SHORTEST_SLIP or word in KNOWN_WORDS or not word.isalpha():
        return word
    spelled = {word, word.removesuffix("s")}
    near = {
        known
        for one in spelled
        for short in leave_one_out(one)
        for known in SLIPS.get(short, ())
        if is_one_slip(one, known) and not one.startswith(known)
    }
    return near.pop() if len(near) == 1 else word


def leave_one_out(word: str) -> set[str]:
    """The word, and the word without any one of its letters: two words that are a slip apart have one in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def is_one_slip(word: str, known: str) -> bool:
    """One letter more, less or another, or two letters that changed places; the first letter stands."""
    return word[0] == known[0] and OSA.distance(word, known, score_cutoff=1) == 1


@lru_cache(maxsize=100_000)
def canonical_word(word: str) -> str:
    """The word under which all its spellings are compared."""
    if word.isdigit():
        return word.lstrip("0") or "0"
    if SCANNED.fullmatch(word):
        word = word.translate(MISREAD)
    word = NUMBERS.get(word, word)
    word = TRANSLATIONS.get(word, word)
    word = ABBREVIATIONS.get(word, word)
    word = ORDINALS.get(word, word)
    return ABBREVIATIONS.get(singular(word), singular(word))


@lru_cache(maxsize=100_000)
def word_weight(word: str) -> int:
    """How much the word tells in hundredths of a distinctive word."""
    if word in FILLER_WORDS or word in LEGAL_FORMS:
        return 10
    if word in COMMON_WORDS or word in TRADE_WORDS or word in UNIT_WORDS or word in CONTRASTS:
        return 50
    if len(word) == 1 and not word.isdigit():
        return 10
    return 60 if word.isdigit() or len(word) == 2 else 100


TELLING_WORDS = UNIT_WORDS.union(CONTRASTS)
KNOWN_WORDS = frozenset(
    canonical_word(word)
    for word in (*COMMON_WORDS, *TRADE_WORDS, *FILLER_WORDS, *UNIT_WORDS, *ABBREVIATIONS.values(), *CONTRASTS)
)
SLIPS: dict[str, list[str]] = {}
for _known in sorted(word for word in KNOWN_WORDS if len(word) >= SHORTEST_SLIP):
    for _short in leave_one_out(_known):
        SLIPS.setdefault(_short, []).append(_known)
