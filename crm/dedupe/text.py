"""Folding of text: one case, no accents, no punctuation that a typist may leave out."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart into a base letter and a mark.
LIGATURES = str.maketrans(
    {"ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
# An apostrophe joins ("O'Brien", "kid's"); the curly ones and the ones that a wrong code page leaves too.
APOSTROPHES = str.maketrans("", "", "'’‘`´?")


def fold(text: str) -> str:
    """Lower case without accents; scripts other than Latin stay what they are."""
    if text.isascii():
        return text.lower()
    return drop_accents(text).lower().translate(LIGATURES)


def drop_accents(text: str) -> str:
    """The text with plain letters: `Direccion` for `Dirección`."""
    if text.isascii():
        return text
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter))


def split_words(text: str) -> list[str]:
    """The words of a folded text, apostrophes gone."""
    # Most texts are plain, and these signs are found sooner than every letter is looked up.
    if not text.isascii() or "'" in text or "?" in text or "`" in text:
        text = text.translate(APOSTROPHES)
    return WORD.findall(text)


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """The word without an English plural ending; crude, but alike on both sides of a comparison."""
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui":
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def join_initials(words: list[str]) -> list[str]:
    """Runs of single letters as one word: "j b hunt" and "jb hunt" are spelled alike."""
    if 1 not in map(len, words):
        return words
    joined: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(word)
    if run:
        joined.append(run)
    return joined
