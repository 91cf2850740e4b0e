"""Edits in words: the fields of a contact, and two versions of it side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from crm.access import Viewer
from crm.graph import programs
from crm.graph.driver import Reader
from crm.services.dossiers import find_business_name, find_person_name
from crm.services.edits import list_changed
from crm.services.touchpoints import Contact
from crm.views.formatting import calendar_date, words_list
from crm.views.touchpoint_forms import CHANNELS, DIRECTIONS, PURPOSES, REACHED, VISIBILITIES

FIELDS = {
    "on": "day",
    "programs": "programs",
    "business": "business",
    "persons": "people",
    "channel": "how",
    "direction": "who began",
    "purpose": "why",
    "topics": "topics",
    "reached": "reached or not",
    "outcome": "what came of it",
    "promise": "promise",
    "promise_due": "by when",
    "notes": "note",
    "visibility": "who may see it",
}
WORDS = {
    "channel": dict(CHANNELS),
    "direction": dict(DIRECTIONS),
    "purpose": dict(PURPOSES),
    "reached": dict(REACHED),
    "visibility": dict(VISIBILITIES),
}


@dataclass(frozen=True)
class Difference:
    """One field in which two versions of a contact differ, each in words ("" for blank)."""

    label: str
    there: str
    typed: str


def name_fields(fields: Iterable[str]) -> str:
    """These fields as a list in words."""
    return words_list([FIELDS[field] for field in fields])


def compare_contacts(db: Reader, viewer: Viewer, there: Contact, typed: Contact) -> list[Difference]:
    """The fields in which what a contact says and what was typed differ, in the order of FIELDS."""
    known = {p.id: p.name for p in programs.list_programs(db, viewer)}
    differing = set(list_changed(there, typed)) - {"key"}
    return [
        Difference(FIELDS[field].capitalize(), _say(db, there, field, known), _say(db, typed, field, known))
        for field in FIELDS
        if field in differing
    ]


def _say(db: Reader, contact: Contact, field: str, known: dict[str, str]) -> str:
    match field:
        case "on":
            return calendar_date(contact.on)
        case "promise_due":
            return calendar_date(contact.promise_due)
        case "programs":
            return words_list([known.get(id, id) for id in contact.programs])
        case "business":
            found = find_business_name(db, contact.business) if contact.business else None
            return contact.new_business if found is None else found
        case "persons":
            names = [name for id in contact.persons if (name := find_person_name(db, id)) is not None]
            return words_list([*names, *([contact.new_person] if contact.new_person.strip() else [])])
        case "topics":
            return words_list([topic.strip() for topic in contact.topics.split(";") if topic.strip()])
        case _:
            text: str = getattr(contact, field)
            return WORDS.get(field, {}).get(text, text)
