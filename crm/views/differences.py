"""Two cells side by side: whether they say the same, and which of their words are not in the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# `alike`: the same in another writing. `one`: only one side says anything.
Sort = Literal["same", "alike", "differs", "one"]
Piece = tuple[str, bool]

WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Compared:
    """One field of two things. Each side comes in pieces, (text, whether the other side lacks it); `also` are what
    other records of a thing say in this field."""

    label: str
    sort: Sort
    left: list[Piece]
    right: list[Piece]
    also_left: list[str]
    also_right: list[str]


def compare(
    label: str, left: str, right: str, *, also_left: Sequence[str] = (), also_right: Sequence[str] = ()
) -> Compared:
    """Set two cells side by side; "" is blank."""
    sort, (ours, theirs) = find_sort(left, right), ([(left, False)], [(right, False)])
    if sort == "differs":
        ours, theirs = mark_words(left, right)
    return Compared(label, sort, ours if left else [], theirs if right else [], list(also_left), list(also_right))


def find_sort(left: str, right: str) -> Sort:
    if not left or not right:
        return "one"
    if left == right:
        return "same"
    return "alike" if fold(left) == fold(right) else "differs"


def fold(text: str) -> str:
    """What is left of a text when its writing is no matter: letters and digits, of a telephone number the last ten."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 10 and not re.search(r"[^\W\d]", text):
        return digits[-10:]
    plain = re.sub(r"^(https?://)?(www\.)?", "", text.casefold()) if "." in text else text.casefold()
    return "".join(re.findall(r"[^\W_]+", plain))


def mark_words(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; words that the other has not, or not in this place, are marked."""
    ours, theirs = WORD.findall(left), WORD.findall(right)
    matcher = SequenceMatcher(None, [fold(word) for word in ours], [fold(word) for word in theirs], autojunk=False)
    kept_left, kept_right = set[int](), set[int]()
    for at_left, at_right, size in matcher.get_matching_blocks():
        kept_left.update(range(at_left, at_left + size))
        kept_right.update(range(at_right, at_right + size))
    return _join(ours, kept_left), _join(theirs, kept_right)


def _join(words: Sequence[str], kept: set[int]) -> list[Piece]:
    """Neighbours that are marked alike make one piece."""
    pieces: list[Piece] = []
    for place, word in enumerate(words):
        marked = place not in kept
        if pieces and pieces[-1][1] == marked:
            pieces[-1] = (f"{pieces[-1][0]} {word}", marked)
        else:
            pieces.append((word, marked))
    return pieces
