"""What a list as a whole is about, where that changes what its headings mean: layoffs, job openings, public events."""

from collections.abc import Sequence

from importers.columns import Column

LAYOFFS = frozenset({"layoff", "warn", "closure", "laid", "layoffs"})
OF_LAYOFFS = (frozenset({"notice", "effective"}), frozenset({"notice", "affected"}))
OPENINGS = frozenset({"openings", "opening", "vacancy", "vacancies", "posted", "posting", "requisition", "applicants"})
PLACED = frozenset({"student", "intern", "apprentice", "trainee", "learner", "candidate"})
OF_EVENTS = frozenset({"audience", "registration", "ticket", "tickets", "admission"})
AWARDED = frozenset({"award", "awarded", "contract", "contractor", "procurement", "obligated", "voucher", "grantee"})
# Things that somebody says of whom he met; where none of them stands, a list of events tells of no contact.
OF_CONTACTS = (
    "company",
    "dba",
    "legal",
    "person",
    "first",
    "last",
    "sitter",
    "channel",
    "outcome",
    "promise",
    "reached",
)


def tells_of_layoffs(columns: Sequence[Column]) -> bool:
    """Whether the columns are those of notices of layoffs."""
    words = _list_words(columns)
    return bool(words & LAYOFFS) or any(both <= words for both in OF_LAYOFFS)


def tells_of_placements(columns: Sequence[Column]) -> bool:
    """Whether the columns are those of who works where from when to when."""
    words = _list_words(columns)
    return bool(words & PLACED) and {"start", "end"} <= words


def tells_of_openings(columns: Sequence[Column]) -> bool:
    """Whether the columns are those of jobs that are to be filled, which close when somebody is found."""
    return any(
        OPENINGS & set(column.heading.words) and not column.heading.rate("-date of its own") for column in columns
    )


def tells_of_awards(columns: Sequence[Column]) -> bool:
    """Whether the columns are those of money that public bodies give to firms, or buy with."""
    words = _list_words(columns)
    return bool(words & AWARDED) and any(column.heading.rate("-money") > 0.5 for column in columns)


def tells_of_events(columns: Sequence[Column]) -> bool:
    """Whether the columns are those of public events, with their day and place, and name nobody who was met there: whom
    to ask about an event is no such person."""
    words = _list_words(columns)
    dated = any(column.heading.rate("date") > 0.85 or column.cells.patterns for column in columns)
    announced = {"start", "end"} <= words or "event" in words
    return (
        dated
        and ("venue" in words or (announced and bool(words & OF_EVENTS)))
        and not any(_names_somebody(column) for column in columns)
    )


def _names_somebody(column: Column) -> bool:
    if "contact" in column.heading.words:
        return False
    return any(column.heading.rate(thing) > 0.75 for thing in OF_CONTACTS)


def is_venue(column: Column) -> bool:
    return "venue" in column.heading.words


def _list_words(columns: Sequence[Column]) -> set[str]:
    return {word for column in columns for word in column.heading.words}
