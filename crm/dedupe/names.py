"""Names of organisations: what is left of one when spelling, legal form and punctuation are taken away.

One cell may hold several names: "X dba Y", "X (Y)", "X, formerly Y". Each is a name of its own, and two records are
compared by the two names that fit best.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from crm.dedupe.text import fold, join_initials, singular, split_words
from crm.dedupe.words import (
    ABBREVIATIONS,
    COMMON_WORDS,
    CONTRASTS,
    FILLER_WORDS,
    LEGAL_FORMS,
    LEGAL_ONLY_AT_END,
    ORDINALS,
    ROMAN_NUMERALS,
    STOP_WORDS,
    UNIT_WORDS,
)

ANY_UNIT = {"branch", "bureau", "department", "division", "facility"}
MAX_WORDS = 8
MAX_NAMES = 3

OTHER_NAME = re.compile(
    r"[,;]?\s*\b(?:d\s?/\s?b\s?/\s?a|d\.b\.a\.?|dba|doing business as|trading as|t/a|f/k/a|fka|formerly(?: known as)?"
    r"|a/k/a|aka|also known as|c/o)\b[.:]?\s*"
)
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
# Two words that name one department, and mean something else apart.
PHRASES = re.compile(r"\bpublic works\b|\bpublic health\b|\bhuman resources\b|\bpublic safety\b")
NUMBER_SIGN = re.compile(r"\b(?:no|nr|number)\.?\s*(?=\d)")


class Name(NamedTuple):
    """One name: its words in order, its legal form ("" if none is stated), and what sets it apart from its like."""

    words: tuple[str, ...]
    legal: str
    numbers: tuple[str, ...]
    contrasts: tuple[str, ...]
    units: tuple[str, ...]


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
    text = fold(cell)
    if not text.strip():
        return []
    others: list[str] = []
    if "(" in text:
        main = IN_BRACKETS.sub(" ", text)
        others = [note for note in IN_BRACKETS.findall(text) if is_other_name(note, main)]
        for note in others:
            text = text.replace(f"({note})", " ")
    return [*OTHER_NAME.split(text), *others]


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
    if "." in text:
        text = DOTTED.sub(lambda match: match[0].replace(".", ""), text)
        text = NUMBER_SIGN.sub("", text)
    text = PHRASES.sub(lambda match: match[0].replace(" ", ""), text)
    words = join_initials([word for word in split_words(text) if word not in STOP_WORDS])
    words, legal = take_legal_form(words)
    canonical = tuple(canonical_word(word) for word in words[:MAX_WORDS])
    if canonical and canonical[-1] in ROMAN_NUMERALS:
        canonical = (*canonical[:-1], ROMAN_NUMERALS[canonical[-1]])
    return Name(
        canonical,
        legal,
        tuple(sorted({word for word in canonical if word.isdigit()})),
        tuple(sorted({word for word in canonical if word in CONTRASTS})),
        tuple(sorted(take_units(canonical))),
    )


def take_units(words: tuple[str, ...]) -> set[str]:
    """The words that make it a part of some body; a "fire department" is a fire one before it is a department."""
    units = {word for word in words if word in UNIT_WORDS}
    return units - ANY_UNIT or units


def take_legal_form(words: list[str]) -> tuple[list[str], str]:
    """The words without legal forms, and the class of the form; a name of nothing but legal forms stays as it is."""
    legal = ""
    kept: list[str] = []
    last = len(words) - 1
    while last > 0 and words[last] in LEGAL_FORMS:
        legal = LEGAL_FORMS[words[last]] or legal
        last -= 1
    for position, word in enumerate(words[: last + 1]):
        if position and word in LEGAL_FORMS and word not in LEGAL_ONLY_AT_END:
            legal = legal or LEGAL_FORMS[word]
        else:
            kept.append(word)
    return (kept or words), legal


@lru_cache(maxsize=100_000)
def canonical_word(word: str) -> str:
    """The word under which all its spellings are compared."""
    if word.isdigit():
        return word.lstrip("0") or "0"
    word = ABBREVIATIONS.get(word, word)
    word = ORDINALS.get(word, word)
    return ABBREVIATIONS.get(singular(word), singular(word))


@lru_cache(maxsize=100_000)
def word_weight(word: str) -> int:
    """How much the word tells in hundredths of a distinctive word."""
    if word in FILLER_WORDS or word in LEGAL_FORMS:
        return 10
    if word in COMMON_WORDS or word in UNIT_WORDS or word in CONTRASTS:
        return 50
    if len(word) == 1:
        return 30
    return 60 if word.isdigit() or len(word) == 2 else 100
