"""Street addresses: house number, street, unit and post-office box, by rules that read one in a few microseconds.

A parser that is trained on addresses costs fifty times as much and is no better at comparing two of them: what
matters is that both sides are read alike, not that each part gets its right name.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from crm.dedupe.text import fold
from crm.dedupe.words import CROSS_STREETS, DIRECTIONS, ORDINALS, PLACE_WORDS, STREET_SUFFIXES, UNIT_MARKS

TOKEN = re.compile(r"\d+(?:st|nd|rd|th)\b|[^\W_]+|#")
BOX = re.compile(r"\b(?:p\s*\.?\s*o\s*\.?\s*(?:box|drawer)|post office box|box)\s*#?\s*(\d+)")
ZIP_AT_END = re.compile(r"(?<=\D)(\d{5})(?:-\d{4})?\s*$")
HOUSE_RANGE = re.compile(r"^(\d+)\s*-\s*\d+\b")


class Street(NamedTuple):
    """An address within its town; every part is "" where it is not stated."""

    house: str = ""
    direction: str = ""
    street: str = ""
    suffix: str = ""
    unit: str = ""
    box: str = ""
    zip: str = ""


NOWHERE = Street()


@lru_cache(maxsize=20_000)
def read_street(cell: str) -> Street:
    """One address cell taken apart. A town that follows the street stays at the end of `street`; a zip is split off."""
    text = fold(cell).strip().replace(".", " ").replace("'", "")
    if not text:
        return NOWHERE
    zip_code = ""
    if not text[-1].isalpha() and (found := ZIP_AT_END.search(text)):
        zip_code, text = found[1], text[: found.start()]
    box = ""
    # Few cells have a box or a range; the searches cost more than these signs of them.
    if ("box" in text or "drawer" in text) and (found := BOX.search(text)):
        box, text = found[1], text[: found.start()] + " " + text[found.end() :]
    if "-" in text:
        text = HOUSE_RANGE.sub(r"\1", text)
    words, unit = take_unit(TOKEN.findall(text))
    house = ""
    if len(words) > 1 and words[0][0].isdigit() and words[0][-1].isdigit():
        house, words = words[0].lstrip("0"), words[1:]
    direction, street, suffix = read_street_name(words)
    return Street(house, direction, street, suffix, unit, box, zip_code)


def take_unit(words: list[str]) -> tuple[list[str], str]:
    """The words up to a unit mark, and the unit behind it ("suite 12b" gives "12b"); a cross street is left out."""
    for position, word in enumerate(words):
        if position > 1 and word in CROSS_STREETS:
            return words[:position], ""
        # "Floor" or "building" as the first word of a cell is not a unit of anything before it.
        if position and word in UNIT_MARKS:
            rest = [word for word in words[position + 1 :] if word not in UNIT_MARKS]
            return words[:position], (rest[0].lstrip("0") if rest else "")
    return words, ""


def read_street_name(words: list[str]) -> tuple[str, str, str]:
    """Direction, name and suffix: ("n", "main", "st") from ["north", "main", "street"]; North Street stays one."""
    direction = suffix = ""
    if len(words) > 1 and words[0] in DIRECTIONS:
        direction, words = DIRECTIONS[words[0]], words[1:]
    if len(words) > 1 and words[-1] in DIRECTIONS:
        direction, words = direction or DIRECTIONS[words[-1]], words[:-1]
    for position in range(len(words) - 1, 0, -1):
        if words[position] in STREET_SUFFIXES:
            suffix = STREET_SUFFIXES[words[position]]
            words = words[:position] + words[position + 1 :]
            break
    return direction, " ".join(ORDINALS.get(word, word) for word in words), suffix


@lru_cache(maxsize=20_000)
def read_city(cell: str) -> str:
    """The town's name, with the usual short words written out ("St. Louis", "E Peoria")."""
    words = TOKEN.findall(fold(cell).replace(".", " ").replace("'", ""))
    if words and words[0] in PLACE_WORDS:
        words[0] = PLACE_WORDS[words[0]]
    return " ".join(words)


def read_zip(cell: str) -> str:
    """The five-digit part of a zip code; other countries' codes folded, without spaces."""
    text = cell.strip()
    if len(text) >= 5 and text[:5].isdigit() and (len(text) == 5 or not text[5].isdigit()):
        return text[:5]
    return "".join(fold(text).split())
