"""With which settings numbers on knocks were made: printed with every view and kept in every file, because numbers
under other settings cannot be compared."""

from collections.abc import Iterable, Sequence

from crm.analysis.days import get_date
from crm.analysis.settings import Settings
from crm.services.questions import SETTINGS, Question
from crm.spreadsheets import Cell

Setting = tuple[str, str]


def list_settings(question: Question, settings: Settings = SETTINGS) -> list[Setting]:
    """(name, value): what was asked, then the conventions."""
    first, last = (get_date(day).isoformat() for day in question.period)
    used = [
        ("as of", get_date(question.as_of).isoformat()),
        ("period", f"{first} to {last}"),
        ("sector", question.sector_title or "all"),
        ("place", question.place or "all"),
        ("employees", question.size.name if question.size else "all"),
        ("knocks of", question.agency_name or "all agencies"),
        ("of the program", question.program_name or "all"),
        ("compared with earlier knocks of", f"{question.window} days"),
        ("compared with", "any kind of question" if question.broad else "the same kind of question"),
    ]
    # The window of this report stands above; the usual one would only confuse.
    return [*used, *((n, v) for n, v in settings.list_values() if n != "earlier knocks are looked for")]


def tell_settings(settings: Iterable[Setting]) -> str:
    """All of them in one line, as the heading of a last, empty column: so they stay with a file, and every row of it is
    still a row."""
    return "Settings used: " + "; ".join(f"{name}: {value}" for name, value in settings)


def keep_settings(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], settings: Iterable[Setting]
) -> tuple[list[str], Iterable[Sequence[Cell]]]:
    """The table with the settings that it was made with."""
    return [*columns, tell_settings(settings)], ([*row, ""] for row in rows)
