"""Texts: how a cell, and what somebody typed, become the words by which they are compared.

Case, accents, apostrophes, dots and legal forms do not count; initials are one word however they are written ("J. B.
Hunt", "JB Hunt"). A query has more than one reading where it can mean more than one thing: digits may be a telephone
number or a street number, a word with a dot in it a web address or a name.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from crm.dedupe.names import DOTTED, split_names, take_legal_form
from crm.dedupe.text import fold, join_initials, split_words
from crm.dedupe.words import STOP_WORDS

Words = tuple[str, ...]
# A longer query says nothing more, and each of its words costs time.
MOST_LETTERS = 120
MOST_TERMS = 8
MOST_WORDS = 12
SHORTEST_NUMBER = 3
# Legal forms that people here type; of all that there are in the world, some begin like any word.
TYPED_FORMS = (
    "incorporated", "llc", "llp", "lp", "ltd", "limited", "corporation", "company", "plc", "pc", "pllc",
)  # fmt: skip

SHORT_PAIR = re.compile(r"\b([^\W\d_]{1,2})\s?&\s?([^\W\d_]{1,2})\b")
PHONE = re.compile(r"(?:\+?1[\s.-]*)?\(?\b\d{3}\)?[\s.-]*\d{3}[\s.-]*\d{4}\b(?:\s*(?:x|ext\.?)\s*\d+)?")
ONLY_DIGITS = re.compile(r"[\d\s().+/-]+")
ADDRESS = re.compile(r"https?:\S*|www\.\S*|\S+@\S*|[^\W_][\w-]{2,}(?:\.[\w-]+)*\.[a-z]+(?:/\S*)?(?=\s|$)")
SCHEME = re.compile(r"https?:/*|(?<![^/])www\.|[/?#:,;].*")


class Term(NamedTuple):
    """One word of a query. `open`: it may go on, because it is still being typed. `weak`: it tells nearly nothing."""

    text: str
    kind: Literal["word", "phone", "address"] = "word"
    open: bool = False
    weak: bool = False


Reading = tuple[Term, ...]


def read_lines(names: Iterable[str]) -> list[Words]:
    """The distinct names in these cells as words. A cell of several ("X dba Y") is each of them, and all of it."""
    return list(dict.fromkeys(line for name in names for line in _read_lines(name)))


def _read_lines(name: str) -> list[Words]:
    parts = split_names(name)
    lines = [strip_words(split_text(part)) for part in ((*parts, " ".join(parts)) if len(parts) > 1 else parts)]
    # What is no name to the matcher ("None", "DBA") is yet what the business is called here, and sought as.
    told = [line for line in lines if line] or [strip_words(split_text(fold(name)))]
    return [line[:MOST_WORDS] for line in told if line]


def split_text(folded: str) -> list[str]:
    """The words of a folded text, initials joined."""
    if "." in folded:
        folded = DOTTED.sub(lambda match: match[0].replace(".", ""), folded)
    if "&" in folded:
        folded = SHORT_PAIR.sub(r"\1\2", folded)
    return split_words(folded)


def strip_words(words: list[str]) -> Words:
    """Without what tells nothing (articles, legal forms), unless there is nothing else."""
    telling = [word for word in words if word not in STOP_WORDS] or words
    return tuple(take_legal_form(join_initials(telling))[0])


@lru_cache(maxsize=20_000)
def read_cell(cell: str) -> Words:
    """The words of a town, a title or a street."""
    return tuple(dict.fromkeys(split_text(fold(cell))))


def read_query(text: str) -> list[Reading]:
    """What the text may mean, the plain reading first; none when it holds no letter and no digit."""
    folded = fold(text.lstrip()[:MOST_LETTERS])
    is_open = not folded.endswith((" ", "\t", "\n"))
    # As typed, and as a cell is read: without what parts two names, and who takes the post in.
    texts = dict.fromkeys((folded, " ".join(split_names(folded))))
    readings = [_read_words(text, is_open=is_open) for text in texts]
    digits = read_digits(folded)
    if ONLY_DIGITS.fullmatch(folded) and len(digits) >= SHORTEST_NUMBER:
        readings.append((Term(digits, "phone", open=True),))
    else:
        readings.append(_read_special(folded, is_open=is_open))
    return list(dict.fromkeys(reading for reading in readings if reading))


def _read_words(folded: str, *, is_open: bool) -> Reading:
    words = split_text(folded)
    last = words[-1] if words and is_open else None
    kept = list(strip_words(words))
    if last is not None and (not kept or kept[-1] != last) and not (kept and kept[-1].endswith(last)):
        # An article or a legal form, which may yet become the beginning of a word.
        return (*(Term(word) for word in kept[: MOST_TERMS - 1]), Term(last, open=True, weak=True))
    terms = [Term(word) for word in kept]
    if terms and is_open:
        weak = len(terms) > 1 and is_legal_beginning(terms[-1].text)
        terms[-1] = Term(terms[-1].text, open=True, weak=weak)
    return tuple(terms[:MOST_TERMS])


def _read_special(folded: str, *, is_open: bool) -> Reading:
    """The reading with telephone numbers and web or e-mail addresses in it; empty if there are none."""
    special: list[Term] = []

    def take(found: re.Match[str]) -> str:
        at_end = is_open and found.end() == len(folded)
        if found.re is PHONE:
            special.append(Term(read_digits(found[0]), "phone"))
        elif address := SCHEME.sub("", found[0]).strip("."):
            special.append(Term(address, "address", open=at_end))
        return " "

    rest = ADDRESS.sub(take, PHONE.sub(take, folded))
    if not special:
        return ()
    return (*_read_words(rest, is_open=False), *special)[:MOST_TERMS]


def read_digits(text: str) -> str:
    """The digits of a telephone number as typed so far, without extension and country code."""
    digits = re.sub(r"\D", "", re.split(r"x|ext", text)[0])
    return digits[1:] if digits.startswith("1") and len(digits) == 11 else digits


@lru_cache(maxsize=1_000)
def is_legal_beginning(word: str) -> bool:
    """Whether the word may become a legal form when more is typed ("comp", "l")."""
    return any(form.startswith(word) for form in TYPED_FORMS)
