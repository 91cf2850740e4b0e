"""Streets that a list keeps in several columns: number, direction, name, suffix, and what further lines say."""

import re
from collections.abc import Sequence

from crm.dedupe.words import DIRECTIONS, STREET_SUFFIXES

NUMBER = re.compile(r"\d[\d/-]*[a-z]?")


def join_parts(parts: Sequence[str]) -> str:
    """One line of these parts: what completes a street follows a blank, another line of the address a comma."""
    line = ""
    for part in map(str.strip, parts):
        line = f"{line}{' ' if _goes_on(line, part) else ', '}{part}" if line else part
    return line


def _goes_on(line: str, part: str) -> bool:
    """Whether a part belongs to the same street: there is no name yet, or it is a suffix or a direction."""
    begun = line.casefold().replace(".", "").split()
    if all(word in DIRECTIONS or NUMBER.fullmatch(word) for word in begun):
        return True
    word = part.casefold().strip(".")
    return word in STREET_SUFFIXES or word in DIRECTIONS
