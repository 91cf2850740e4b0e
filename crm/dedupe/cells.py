"""What the cells of a column look like, whatever its heading."""

import re
from collections.abc import Callable, Sequence

from crm.dedupe.headings import MEANINGS, UNWANTED, KindName, split_heading
from crm.dedupe.text import fold, split_words
from crm.dedupe.words import LEGAL_FORMS, STREET_SUFFIXES

MOSTLY = 0.8  # of the filled cells
ENOUGH = 3  # filled cells from which something can be told
MANY_NAMES = 50  # a column that says whose list a row is from has fewer different cells, or less than a tenth

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WEBSITE = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
PHONE = re.compile(r"\+?[\d\s().\-/]{7,20}(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)
PHONE_MARKS = re.compile(r"\d\D+\d{3}\D+\d{4}|^\+?1?\d{10}$|^\(\d{3}\)")
EIN = re.compile(r"\d{2}-\d{7}")
ZIP = re.compile(r"\d{5}(-\d{4})?")
STREET = re.compile(r"\d+[a-z]?\s+\S.*", re.IGNORECASE)
DIGITS = re.compile(r"\D+")


def count_digits(cell: str) -> int:
    return len(DIGITS.sub("", cell))


def has_letter(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def is_street(cell: str) -> bool:
    return bool(STREET.fullmatch(cell.strip())) and not STREET_SUFFIXES.keys().isdisjoint(split_words(fold(cell)))


def is_phone(cell: str) -> bool:
    return bool(PHONE.fullmatch(cell.strip()) and PHONE_MARKS.search(cell.strip()))


# What a cell must be for its heading to be believed.
FITS: dict[str, Callable[[str], bool]] = {
    "name": has_letter,
    "dba": has_letter,
    "legal_name": has_letter,
    "people": has_letter,
    "co_names": has_letter,
    "employer": has_letter,
    "first_name": has_letter,
    "last_name": has_letter,
    "city": has_letter,
    "state": has_letter,
    "email": lambda cell: "@" in cell,
    "phone": lambda cell: count_digits(cell) >= 7,
    "mobile": lambda cell: count_digits(cell) >= 7,
    "website": lambda cell: "." in cell and "@" not in cell,
    "ein": lambda cell: 8 <= count_digits(cell) <= 9,
    "naics": lambda cell: cell.strip().replace("-", "").isdigit(),
    "zip": lambda cell: any(map(str.isdigit, cell)),
}
# What cells say without any heading, in the order in which it is looked for.
LOOKS: dict[str, Callable[[str], bool]] = {
    "email": lambda cell: bool(EMAIL.fullmatch(cell.strip())),
    "website": lambda cell: bool(WEBSITE.fullmatch(cell.strip())),
    "ein": lambda cell: bool(EIN.fullmatch(cell.strip())),
    "phone": is_phone,
    "street": is_street,
}


# What stands between the items of a list in one cell.
SEPARATORS = re.compile(r"\*\*|[;|\n]")


def split_list(cell: str) -> list[str]:
    """The items of a list in one cell."""
    return [item for part in SEPARATORS.split(cell) if (item := part.strip())]


def is_names_in_lists(cells: Sequence[str]) -> bool:
    """Whether cells hold lists of names: of two words or more, and mostly each another one, as kinds of things are
    not."""
    lists = [split_list(cell) for cell in cells]
    items = [item for found in lists for item in found]
    names = {item for item in items if has_letter(item) and len(split_words(fold(item))) > 1}
    return sum(len(found) > 1 for found in lists) * 2 >= len(lists) and len(names) * 2 >= len(items)


def match_cells(kind: KindName, header: str, cells: Sequence[str]) -> str | None:
    """What most cells of a column are, if that can be told from them alone."""
    if len(cells) < ENOUGH or UNWANTED & set(split_heading(header)):
        return None
    if "co_names" in MEANINGS[kind] and is_names_in_lists(cells):
        return "co_names"
    for meaning, looks in LOOKS.items():
        if meaning in MEANINGS[kind] and sum(map(looks, cells)) >= MOSTLY * len(cells):
            return meaning
    return None


def is_organisations(cells: Sequence[str]) -> bool:
    """Whether a column that should name people names firms: half of its cells end in Inc, LLC and the like."""
    ends = [words[-1] for cell in cells if (words := split_words(fold(cell)))]
    return len(ends) >= ENOUGH and sum(word in LEGAL_FORMS for word in ends) * 2 >= len(ends)


def is_list_name(cells: Sequence[str]) -> bool:
    """Whether cells can say whose list a row is from: a few names, again and again."""
    return len(set(cells)) <= max(MANY_NAMES, len(cells) // 10)
