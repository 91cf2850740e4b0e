"""How values are written for a reader: dates as "6 days ago", counts with their whole, numbers with separators.

Every function here is a Jinja filter or global of the same name, registered by `init_app`. A value that is not known
(None) is written as an en dash, never as 0 or an empty cell. Filters that make markup escape what they are given.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, request
from markupsafe import Markup
from wtforms.fields import Field

from crm.views import charts

EPOCH = date(1970, 1, 1)
UNKNOWN = "–"
MINUS = "\u2212"
Day = date | datetime | str | int
Number = int | float


def to_date(value: Day) -> date:
    """A date from a date, an instant, ISO text, or days since 1970-01-01 (as touchpoints keep them)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return EPOCH + timedelta(days=value)
    return datetime.fromisoformat(value).date()


def relative_words(day: date, as_of: date) -> str:
    """ "today", "6 days ago", "in 3 weeks": days up to two weeks, then weeks, months, years (rounded down)."""
    days = (as_of - day).days
    if days in (-1, 0, 1):
        return {-1: "tomorrow", 0: "today", 1: "yesterday"}[days]
    distance = abs(days)
    if distance < 14:
        words = plural(distance, "day")
    elif distance < 60:
        words = plural(distance // 7, "week")
    elif distance < 730:
        words = plural(int(distance / 30.44), "month")
    else:
        words = plural(int(distance / 365.25), "year")
    return f"{words} ago" if days > 0 else f"in {words}"


def calendar_date(value: Day | None) -> str:
    """ "Mar 3, 2026", as plain text."""
    if value is None or value == "":
        return UNKNOWN
    day = to_date(value)
    return f"{day:%b} {day.day}, {day.year}"


def written_days(text: str) -> str:
    """A sentence with its days ("2026-03-03") as people write them."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", _write_day, text)


def _write_day(found: re.Match[str]) -> str:
    try:
        return calendar_date(found[0])
    except ValueError:  # Somebody's own words, which only look like a day.
        return found[0]


def month_name(value: str | Day) -> str:
    """ "Mar 2026" from a month ("2026-03") or any day in it."""
    text = f"{value}-01" if isinstance(value, str) and len(value) == 7 else value
    return f"{to_date(text):%b %Y}"


def ago(value: Day | None, as_of: date | None = None) -> str:
    """A <time> element: the distance in words, the date on hover. `as_of` is today unless given."""
    if value is None or value == "":
        return UNKNOWN
    day = to_date(value)
    words = relative_words(day, as_of or date.today())
    return _time_element(day, title=calendar_date(day), text=words)


def on_day(value: Day | None, as_of: date | None = None) -> str:
    """A <time> element: the date in words, the distance on hover."""
    if value is None or value == "":
        return UNKNOWN
    day = to_date(value)
    return _time_element(day, title=relative_words(day, as_of or date.today()), text=calendar_date(day))


def _time_element(day: date, *, title: str, text: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(day.isoformat(), title, text)


def thousands(value: Number | None) -> str:
    """ "60,000"; a fraction is rounded to a whole number."""
    return UNKNOWN if value is None else _with_minus(f"{round(value):,}")


def decimal(value: Number | None, places: int = 1) -> str:
    return UNKNOWN if value is None else _with_minus(f"{value:,.{places}f}")


def percent(share: Number | None, places: int = 0) -> str:
    """ "38%" of a share between 0 and 1."""
    return UNKNOWN if share is None else _with_minus(f"{share * 100:.{places}f}%")


def signed(value: Number | None, places: int = 0) -> str:
    """ "+3", "−2", "0": a change."""
    if value is None:
        return UNKNOWN
    text = decimal(value, places)
    return f"+{text}" if value > 0 else text


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)


def of(count: Number | None, whole: Number | None) -> str:
    """ "14 of 32": a count with its whole."""
    return f"{thousands(count)} of {thousands(whole)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 business", "3 businesses": the plural is the singular with an s unless given."""
    return f"{thousands(count)} {one if count == 1 else many or one + 's'}"


def words_list(items: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    names = list(items)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


NORTH_AMERICAN = re.compile(r"^\+?1?(\d{3})(\d{3})(\d{4})$")
EXTENSION = re.compile(r"\s*(?:;ext=|ext\.?|x)\s*(\d{1,6})$", re.IGNORECASE)


def phone(value: str | None) -> str:
    """ "(206) 555-0123 x14" for a North American number; anything else stays as it was written."""
    if not value:
        return UNKNOWN
    number, extension = _split_extension(value)
    match = NORTH_AMERICAN.match(re.sub(r"[^\d+]", "", number))
    if match is None:
        return value
    text = "({}) {}-{}".format(*match.groups())
    return f"{text} x{extension}" if extension else text


def phone_link(value: str | None) -> str:
    """The address behind a phone number ("tel:+12065550123;ext=14"), or "" when there is nothing to dial."""
    number, extension = _split_extension(value or "")
    digits = re.sub(r"[^\d+]", "", number)
    if len(digits.lstrip("+")) < 7:
        return ""
    match = NORTH_AMERICAN.match(digits)
    dialled = "+1" + "".join(match.groups()) if match else digits
    return f"tel:{dialled};ext={extension}" if extension else f"tel:{dialled}"


def _split_extension(value: str) -> tuple[str, str]:
    match = EXTENSION.search(value)
    return (value[: match.start()], match.group(1)) if match else (value, "")


def web_link(value: str | None) -> str:
    """An address that is safe in href: http(s) only, "https://" added to a bare domain, else "" (no link)."""
    text = (value or "").strip()
    if re.match(r"https?://[^\s/]", text, re.IGNORECASE):
        return text
    return f"https://{text}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text) else ""


def initials(name: str | None) -> str:
    """Up to two capitals for a badge: "Ana Ruiz" is AR."""
    words = re.findall(r"\w+", name or "")
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def url_with(**changes: object) -> str:
    """This page's address with some of its query changed; None takes one out. Page 1 is not spelled out."""
    query = request.args.to_dict(flat=False)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and (name, value) != ("page", 1):
            query[name] = [str(value)]
    return f"{request.path}?{urlencode(query, doseq=True)}" if query else request.path


STATIC = Path(__file__).parents[1] / "static"


@cache
def asset(filename: str) -> str:
    """The address of a static file with a hash of its content in the query, so that it may be cached for ever.

    Read once a process: a page asks for dozens of icons of the one sprite.
    """
    return f"/static/{filename}?v={sha256((STATIC / filename).read_bytes()).hexdigest()[:10]}"


def control_attributes(field: Field, base_class: str, hint: str, extra: dict[str, object]) -> dict[str, object]:
    """Attributes of a form control: its class, and the ids of the hint and error that a screen reader reads with it."""
    described = [f"{field.id}-{part}" for part, there in (("hint", hint), ("error", field.errors)) if there]
    own_class = str(extra.get("class_", ""))
    attributes: dict[str, object] = {**extra, "class_": f"{base_class} {own_class}".strip() or None}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return {name: value for name, value in attributes.items() if value is not None}


FILTERS = (
    ago, on_day, calendar_date, written_days, month_name, thousands, decimal, percent, signed, of, plural, words_list,
    phone, phone_link, web_link, initials,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the filters, the globals that the components call, and the chart geometry as `charts`."""
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})
    app.jinja_env.globals.update(
        url_with=url_with,
        asset=asset,
        control_attributes=control_attributes,
        plural=plural,
        of=of,
        charts=charts,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
