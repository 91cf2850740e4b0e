"""Dates by a fixed pattern per column. Free parsing is not used: it reads "n/a", "12" and "May" as dates.

A pattern is written as people write it: `d/m/yyyy`, `mm/dd/yy`, `d mmm yyyy`, `mmmm d, yyyy time`. `yyyy-mm-dd` is
taken in every column, whatever its pattern, because it cannot be mistaken for another. `serial` are days that a
spreadsheet has turned into numbers (45123). An instant with its zone is the day that it was in the region.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from importers.errors import MapError
from importers.verdicts import Problem, Remark

FIRST_YEAR, LAST_YEAR = 1900, 2100
PIVOT = 69  # 69 to 99 are 1969 to 1999, as in POSIX

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH_NUMBERS = {name[:length]: number for number, name in enumerate(MONTHS, 1) for length in (3, len(name))}
MONTH_NUMBERS["sept"] = 9

# What a time may say of its zone: hours from UTC. "ET" is summer and winter time.
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
ZONE = rf"(?:(?:GMT|UTC)?[+-]\d{{1,2}}(?::?\d{{2}})?|{'|'.join(sorted(ZONES, key=len, reverse=True))}|[ECMP]T)"
TIME = rf"\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?{ZONE})?"
PARTS = {
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
    "mmmm": r"(?P<m>[A-Za-z]{3,9})\.?",
    "mmm": r"(?P<m>[A-Za-z]{3,9})\.?",
    "mm": r"(?P<m>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "dd": r"(?P<d>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "time": rf"(?P<t>{TIME})",
}
TOKEN = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dd|d|time|.", re.DOTALL)
ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}})(?:[T ]({TIME}))?")
# A day of the week before the date says nothing more.
WEEKDAY = r"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
MIDNIGHT = re.compile(r"00:00(:00(\.0+)?)?(Z|[+-]\d{2}:?\d{2})?")

# Tried, in this order, when a pattern is to be proposed.
COMMON_PATTERNS = (
    "yyyy-mm-dd", "m/d/yyyy", "d/m/yyyy", "d.m.yyyy", "d-m-yyyy", "m-d-yyyy", "yyyy/m/d", "d mmm yyyy", "d-mmm-yyyy",
    "mmmm d, yyyy", "m/d/yy", "d/m/yy", "d.m.yy", "d-mmm-yy", "yyyy m d", "yyyymmdd",
    "m/d/yyyy time", "d/m/yyyy time", "mmmm d, yyyy time", "m/d/yy time", "d/m/yy time", "d mmm yyyy time",
    "d-mmm-yyyy time", "d-mmm-yy time", "yyyy/m/d time", "d.m.yyyy time", "d-m-yyyy time",
)  # fmt: skip

SERIAL = "serial"
SERIALS = re.compile(r"(\d{5})(?:\.\d+)?")
FIRST_SERIAL, LAST_SERIAL = 20_000, 65_000  # 1954 to 2077: below, a number is more likely something else
DAY_ZERO = date(1899, 12, 30)
SERIAL_REMARK = "a day that a spreadsheet has turned into a number; read as the day that it stands for"
# Days that systems write where they know none. In 1950 somebody may well have been there, so that one is kept.
NO_DAYS = {(1, 1, 1), (1900, 1, 1), (1900, 1, 0), (1899, 12, 30)}
NO_DAY_REMARK = "a day that systems write where they know none; taken as blank"
SUSPECT_DAYS = {date(1950, 1, 1), date(1970, 1, 1)}
SUSPECT_REMARK = "systems write this day where they know none; it is kept"

# All that can be said of a column.
PATTERNS = (*COMMON_PATTERNS, SERIAL)

NOT_ISO = "This is not a date in the form 2026-03-31."
Verdict = date | Problem | Remark


def read_iso(text: str) -> Verdict:
    """A day as `yyyy-mm-dd`; a time of day after it is dropped with a remark, unless it is midnight."""
    found = ISO.fullmatch(text)
    if not found:
        return Problem(NOT_ISO, _propose_fix(text))
    day = _weigh_day(int(found[1]), int(found[2]), int(found[3]))
    if not isinstance(day, date) or not found[4] or MIDNIGHT.fullmatch(found[4]):
        return day
    return Remark(_to_local(day, found[4]), "the time of day is not kept, only the day")


def _to_local(day: date, time: str) -> date:
    """The day that it was in the region at this time of day, where the time says its zone and the region has one."""
    zone = _region_zone()
    found = re.fullmatch(rf"(\d{{1,2}}):(\d{{2}})(?::[\d.]+)?\s?(?:([AaPp])\.?[Mm]\.?)?\s?({ZONE})", time)
    if zone is None or not found or (minutes := _read_offset(found[4])) is None:
        return day
    hour = int(found[1]) % 12 + 12 * (found[3].lower() == "p") if found[3] else int(found[1])
    try:
        instant = datetime(day.year, day.month, day.day, hour, int(found[2]))
    except ValueError:  # an hour that no day has
        return day
    utc = (instant - timedelta(minutes=minutes)).replace(tzinfo=ZoneInfo("UTC"))
    return utc.astimezone(zone).date()


def _read_offset(text: str) -> int | None:
    """How many minutes a zone is from UTC; None where it does not say."""
    if text in ZONES:
        return ZONES[text] * 60
    found = re.fullmatch(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?", text)
    return int(found[1] + "1") * (int(found[2]) * 60 + int(found[3] or 0)) if found else None


@cache
def _region_zone() -> ZoneInfo | None:
    from crm.config import (
        read_time_zone,  # which knows the graph's driver: half a second that reading need not wait for
    )

    return read_time_zone()


def _weigh_day(year: int, month: int, day: int) -> Verdict:
    """The day; blank for one that means that it is not known."""
    if (year, month, day) in NO_DAYS:
        return Remark(None, NO_DAY_REMARK, is_used=False)
    made = _make_date(year, month, day)
    return Remark(made, SUSPECT_REMARK) if isinstance(made, date) and made in SUSPECT_DAYS else made


def _read_serial(text: str) -> Verdict:
    if not _is_serial(text):
        iso = read_iso(text)
        return Problem("This is not the number of a day.", "Write the day as 2026-03-31.") if _wrong(iso) else iso
    return Remark(DAY_ZERO + timedelta(days=int(text[:5])), SERIAL_REMARK)


@lru_cache(maxsize=64)
def compile_pattern(pattern: str) -> Callable[[str], Verdict]:
    """The reader for a pattern such as `d/m/yyyy`. Raises MapError for one without day, month or year."""
    if pattern.strip().lower() == SERIAL:
        return _read_serial
    expression = _write_expression(pattern)
    takes_time = "t" in expression.groupindex

    def read(text: str) -> Verdict:
        found = expression.fullmatch(text)
        if not found:
            iso = read_iso(text)
            return Problem(f"This is not a date in the form {pattern}.", _propose_fix(text)) if _wrong(iso) else iso
        year, month = int(found["y"]), found["m"].lower()
        if len(found["y"]) == 2:
            year += 1900 if year >= PIVOT else 2000
        number = int(month) if month.isdigit() else MONTH_NUMBERS.get(month)
        if number is None:
            return Problem(f"There is no month {found['m']!r}.", "Write the month's English name, or its number.")
        day = _weigh_day(year, number, int(found["d"]))
        return _to_local(day, found["t"]) if takes_time and isinstance(day, date) else day

    return read


def guess_patterns(texts: Iterable[str]) -> list[str]:
    """The common patterns under which every text is a date; two where day and month cannot be told apart."""
    samples = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if not samples:
        return []
    return [pattern for pattern in COMMON_PATTERNS if all(_fits(pattern, text) for text in samples)]


def likely_patterns(texts: Iterable[str], *, misfits: float = 0.1) -> list[str]:
    """The same where some texts may be mistakes: the patterns with the fewest misfits, if these are few enough."""
    samples = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    # Without a digit it is no date: most columns are words, and need not be tried under each pattern.
    if sum(any(map(str.isdigit, text)) for text in samples) * 2 <= len(samples):
        return []
    wrong = {pattern: sum(not _fits(pattern, text) for text in samples) for pattern in COMMON_PATTERNS}
    fewest = min(wrong.values())
    if not samples or fewest > max(1, misfits * len(samples)) or fewest * 2 >= len(samples):
        return []
    return [pattern for pattern in COMMON_PATTERNS if wrong[pattern] == fewest]


def find_patterns(texts: Sequence[str]) -> list[str]:
    """The likely patterns, or that they are days as numbers."""
    return likely_patterns(texts) or ([SERIAL] if are_serials(texts) else [])


def are_serials(texts: Iterable[str], *, misfits: float = 0.1) -> bool:
    """Whether (nearly) all texts may be days that a spreadsheet has turned into numbers; other numbers may, too."""
    samples = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    serials = sum(_is_serial(text) for text in samples)
    if not serials:
        return False
    wrong = sum(not _is_serial(text) and ISO.fullmatch(text) is None for text in samples)
    return wrong <= misfits * len(samples)


def _is_serial(text: str) -> bool:
    found = SERIALS.fullmatch(text)
    return found is not None and FIRST_SERIAL <= int(found[1]) <= LAST_SERIAL


def _fits(pattern: str, text: str) -> bool:
    if pattern == "yyyy-mm-dd":  # with a time of day or without: such a text is a day in every column
        return ISO.fullmatch(text) is not None and not _wrong(read_iso(text))
    return bool(_write_expression(pattern).fullmatch(text)) and not _wrong(compile_pattern(pattern)(text))


def _wrong(verdict: Verdict) -> bool:
    return isinstance(verdict, Problem)


@lru_cache(maxsize=64)
def _write_expression(pattern: str) -> re.Pattern[str]:
    tokens = TOKEN.findall(pattern.strip().lower())
    names = [part[0] for part in tokens if part in PARTS and part != "time"]
    if sorted(names) != ["d", "m", "y"]:
        raise MapError(
            f"{pattern!r} is not a date pattern. Write day, month and year once each, such as d/m/yyyy, m/d/yyyy, "
            "yyyy-mm-dd or d mmm yyyy."
        )
    named = any(token.startswith("mmm") for token in tokens)
    return re.compile(
        WEEKDAY + "".join(_write_token(token, tokens[n + 1 : n + 2], named) for n, token in enumerate(tokens))
    )


def _write_token(part: str, behind: list[str], named: bool) -> str:
    """What stands for one token: "19th" beside the name of a month, a comma that may be missing, and "at" or a comma
    before a time."""
    if named and part in ("d", "dd"):
        return PARTS[part] + r"(?:st|nd|rd|th)?"
    if part in PARTS:
        return PARTS[part]
    if part.isspace():
        return r"(?:,\s*|\s+)(?:at\s+)?" if behind == ["time"] else r"\s+"
    return ",?" if part == "," else re.escape(part)


def _make_date(year: int, month: int, day: int) -> date | Problem:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Problem(f"The year {year:04} cannot be right.", f"Years from {FIRST_YEAR} to {LAST_YEAR} are taken.")
    if not 1 <= month <= 12:
        return Problem(f"There is no month {month}.", "Check whether the day stands before the month.")
    try:
        return date(year, month, day)
    except ValueError:
        return Problem(f"There is no day {day} in {MONTHS[month - 1].title()} {year}.", "Correct the date.")


def _propose_fix(text: str) -> str:
    patterns = guess_patterns([text])
    if not patterns:
        return "Write the day as 2026-03-31, or leave the cell blank."
    return f"Write it as 2026-03-31, or say that the column is written as {' or '.join(patterns[:2])}."
