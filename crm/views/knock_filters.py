"""What an address of the pages on knocks asks: read from its query, and written into the next link.

An address holds only what differs from the usual question, so a link that was sent in March still means the last 12
months when it is opened in June, unless it names the days.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from crm.access import Viewer
from crm.analysis.days import get_date, get_day, get_last_year
from crm.errors import Refused
from crm.graph import programs, sectors
from crm.graph.driver import Store
from crm.graph.knocks import map_agencies
from crm.services.lookups import name_program, name_version
from crm.services.questions import SETTINGS, Question, ask
from crm.views.knock_words import PURPOSE_WORDS, name_size

NAMES = ("sector", "place", "size", "agency", "program", "purpose", "from", "to", "window", "broad", "as_of")
# What an agency writes into a free field of an address must not be thrown back at it at any length.
MOST_LETTERS = 200


def read_question(db: Store, viewer: Viewer, args: Mapping[str, str]) -> Question:
    """Raises Refused for what cannot be read or asked, NotFound for a sector or an agency that is not there."""
    said = {name: args.get(name, "").strip()[:MOST_LETTERS] for name in NAMES}
    window = said["window"]
    if window and not (window.isascii() and window.isdigit() and len(window) < 6):
        raise Refused(f"“{window}” is no number of days.")
    return ask(
        db,
        viewer,
        as_of=_read_date(said["as_of"]),
        period=(_read_date(said["from"]), _read_date(said["to"])),
        window=int(window) if window else None,
        broad=said["broad"] == "yes",
        sector=said["sector"] or None,
        place=said["place"] or None,
        size=said["size"] or None,
        agency=said["agency"] or None,
        program=said["program"] or None,
        purpose=said["purpose"] or None,
    )


def _read_date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text}” is not a date such as 2026-06-30.") from error


def write_args(question: Question, *, today: date) -> dict[str, str]:
    """The query of an address that asks the same."""
    args: dict[str, str] = {}
    if question.sector_name:
        args["sector"] = question.sector_name
    if question.place:
        args["place"] = question.place
    if question.size:
        args["size"] = question.size.name
    if question.agency_name:
        args["agency"] = question.agency_name
    if question.program_name:
        args["program"] = question.program_name
    if question.purpose_class:
        args["purpose"] = question.purpose_class
    if not question.is_last_year:
        args |= {"from": _iso(question.period.first), "to": _iso(question.period.last)}
    if question.window != SETTINGS.window_days:
        args["window"] = str(question.window)
    if question.broad:
        args["broad"] = "yes"
    usual = get_day(today) if question.is_last_year else question.period.last
    if question.as_of != usual:
        args["as_of"] = _iso(question.as_of)
    return args


def write_year_args(question: Question, *, today: date) -> dict[str, str]:
    """The same for what is always about the last 12 months and all agencies: doors, fatigue, asked twice."""
    year = get_last_year(question.as_of, days=SETTINGS.year_days)
    whole = replace(
        question, period=year, agency=None, agency_name="", program=None, program_name="", purpose_class=None
    )
    return write_args(whole, today=today)


def list_options(db: Store, viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each field, as (value, label)."""
    names = sorted(map_agencies(db, viewer).values(), key=str.casefold)
    return {
        "agency": [(name, name) for name in names],
        "program": [(name_program(one), f"{one.agency}: {one.name}") for one in programs.list_programs(db, viewer)],
        "sector": list_sector_options(db),
        "size": [(size.name, name_size(size)) for size in SETTINGS.sizes],
        "purpose": list(PURPOSE_WORDS.items()),
        "window": [(str(days), f"{days} days") for days in _list_windows()],
        "broad": [("yes", "any kind of question")],
    }


def list_sector_options(db: Store) -> list[tuple[str, str]]:
    """Every sector, which means its newest version, then its earlier versions."""
    versions: dict[str, list[str]] = {}
    for row in sectors.list_sectors(db):
        versions.setdefault(row["sector"], []).append(row["version"] or "")
    return [option for name, known in versions.items() for option in _list_versions(name, known)]


def _list_versions(name: str, versions: list[str]) -> list[tuple[str, str]]:
    *earlier, newest = versions
    usual = (name, f"{name}, newest ({newest})" if earlier and newest else name)
    return [usual, *((f"{name}@{version}", name_version(name, version)) for version in reversed(earlier))]


def _list_windows() -> list[int]:
    return sorted({SETTINGS.window_days, *SETTINGS.other_windows, SETTINGS.year_days})


def list_values(question: Question, *, today: date) -> dict[str, str]:
    """What stands in each field of the form; days that go without saying stay blank, so that they move on."""
    blank = dict.fromkeys(NAMES, "") | {"window": str(question.window)}
    return blank | write_args(question, today=today)


def _iso(day: int) -> str:
    return get_date(day).isoformat()
