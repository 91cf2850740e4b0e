"""How imports are written for people: kinds of files, columns, patterns of dates, stages."""

import re
from datetime import date, datetime
from typing import Final

from jinja2 import Environment

from importers.dates import COMMON_PATTERNS, compile_pattern
from importers.sources import FORMAT_WORDS
from importers.verdicts import Remark

# kind -> (what one row is, what the rows are)
KINDS: Final = {
    "touchpoints": ("A contact with a business", "Contacts"),
    "businesses": ("A business", "Businesses"),
    "people": ("A person", "People"),
    "programs": ("A program", "Programs"),
    "referrals": ("A referral from one program to another", "Referrals"),
    "agreements": ("An agreement between agencies", "Agreements"),
    "tables": ("A table (committee, board, panel)", "Tables"),
    "seats": ("A seat at a table (a roster)", "Seats"),
    "meetings": ("A meeting of a table", "Meetings"),
    "sectors": ("A sector", "Sectors"),
}

# Columns whose own name does not say it; the others are written as they are called.
COLUMNS: Final = {
    "source_id": "Id in your own list",
    "zip": "ZIP code",
    "ein": "EIN",
    "naics": "NAICS code",
    "closed_on": "Closed on (day)",
    "do_not_contact": "Do not contact (yes or no)",
    "staff": "Staff member",
    "business": "Business (name or id)",
    "channel": "How (call, visit, …)",
    "direction": "Who began (out or in)",
    "purpose": "Why (needs, follow_up, …)",
    "reached": "Reached (yes or no)",
    "promise_due": "Promise due (day)",
    "promise_kept_on": "Promise kept on (day)",
    "service_begun": "Service begun (day)",
    "service_ended": "Service ended (day)",
    "visibility": "Who may see it",
    "from_program": "From program",
    "to_program": "To program",
    "offered_on": "Offered on (day)",
    "accepted_on": "Accepted on (day)",
    "declined_on": "Declined on (day)",
    "outcome_on": "Outcome on (day)",
    "contact_email": "Contact e-mail",
    "email": "E-mail",
    "employees": "Number of employees",
    "parent": "Parent company",
    "system": "Kind of agency",
    "table": "Table (committee, board, panel)",
    "cadence_days": "Days from meeting to meeting",
    "hours": "Hours of one meeting",
    "required_by": "Required by (law or grant)",
    "from": "From (day)",
    "to": "To (day)",
}

# Splitters: what is in such a cell.
SPLITTERS: Final = {
    "name-email": "A name and an e-mail",
    "name-title": "A name and a title",
    "last-first": "Last name, first name",
    "person-list": "Several people",
    "address": "A whole address",
    "city-state-zip": "City, state and ZIP",
    "firm-place": "A business and its city",
    "naics-title": "A NAICS code and its title",
}

# What words of the file mean that are no words of ours, as a choice.
BLANK_WORDS: Final = "– leave it blank –"

# stage of an import -> (word, kind of badge)
IMPORT_STAGES: Final = {
    "loading": ("going in", "accent"),
    "matching": ("going in", "accent"),
    "computing": ("going in", "accent"),
    "done": ("done", "good"),
    "undoing": ("being undone", "warn"),
    "undone": ("undone", ""),
}

PART: Final = re.compile("y+|m+|d+")
PARTS: Final = {"y": "year", "m": "month", "d": "day"}
DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
ENCODINGS: Final = {
    "utf-8": "UTF-8 (usual)",
    "cp1252": "Windows, Western European",
    "utf-8-twice": "UTF-8, letters encoded twice are mended",
    "mac_roman": "Macintosh",
    "cp437": "DOS",
    "iso8859-15": "ISO 8859-15",
    "cp1250": "Windows, Central European",
    "utf-16": "UTF-16",
}


def kind_name(kind: str) -> str:
    """ "Contacts" for touchpoints."""
    return KINDS[kind][1] if kind in KINDS else kind


# Whose the column is that a row says beside: (of a business, of a person)
OF_WHOM: Final = {"businesses": "of the business", "people": "of the person"}


def column_name(column: str) -> str:
    """ "First name" for first_name, "City of the business" for businesses.city."""
    kind, dot, name = column.partition(".")
    if dot:
        return f"{short_name(name)} {OF_WHOM[kind]}"
    return COLUMNS.get(column) or column.replace("_", " ").capitalize()


def word_name(word: str) -> str:
    """ "Job development" for job_development."""
    return word.replace("_", " ").capitalize()


def short_name(column: str) -> str:
    """The same without the hint in brackets: "Business" for business."""
    return column_name(column).partition(" (")[0]


def pattern_name(pattern: str, sample: str = "") -> str:
    """ "day/month/year, so 1/7/2014 is Jul 1, 2014" for d/m/yyyy, with a cell of the column if it fits."""
    words = PART.sub(lambda part: PARTS[part[0][0]], pattern.replace("time", "\0")).replace("\0", "time")
    read = compile_pattern(pattern)(sample) if sample else None
    day = read.value if isinstance(read, Remark) else read
    return f"{words}, so {sample} is {day:%b} {day.day}, {day.year}" if isinstance(day, date) else words


def list_patterns(fitting: tuple[str, ...], sample: str) -> list[tuple[str, str]]:
    """Ways of writing days, as (pattern, words): those that fit the cells, else all."""
    return [(pattern, pattern_name(pattern, sample)) for pattern in fitting or COMMON_PATTERNS]


def instant_seconds(at: str) -> int:
    """Seconds since 1970 of an instant as the graph keeps it."""
    return int(datetime.fromisoformat(at).timestamp())


def capitalize_first(text: str) -> str:
    """The text as the beginning of a sentence; the rest of it stays as it is."""
    return text[:1].upper() + text[1:]


def size_words(size: int) -> str:
    """ "5.5 MB"."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3)):,} kB"


def add_filters(templates: Environment) -> None:
    """Let templates write them."""
    templates.filters.update(
        capitalize_first=capitalize_first,
        format_name=FORMAT_WORDS.get,
        short_name=short_name,
        kind_name=kind_name,
        column_name=column_name,
        word_name=word_name,
        instant_seconds=instant_seconds,
        size_words=size_words,
    )
