"""Rosters: a list of who sits at a table is often the only list that its agency has of these people.

So the title and e-mail that a roster gives make a record of the person, as a row of a people file would, unless the
agency has a record of that person at that business already.
"""

from collections.abc import Iterable
from typing import Any

from crm.graph.records import record_id
from importers.check import Checked
from importers.kinds import PEOPLE_FILE
from importers.map import Field, Mapping
from importers.references import References, named_key

# The columns of a people file that a roster fills.
FILLED = ("business", "name", "title", "email")
PEOPLE_OF_ROSTERS = Mapping(PEOPLE_FILE, tuple(Field(c, (), ()) for c in PEOPLE_FILE.columns if c.name in FILLED), ())


def says_of_people(mapping: Mapping) -> bool:
    """Whether a file of seats says more of a person than who it is."""
    return any(field.column in mapping.kind.beside for field in mapping.fields)


def list_sitters(references: References, seats: Iterable[dict[str, Any]]) -> list[Checked]:
    """Rows of a people file, of those on these planned seats who are known by the roster alone."""
    return [
        _to_person(references, seat["props"], key)
        for seat in seats
        if (seat["props"].get("title") or seat["props"].get("email"))
        and seat["person"] == _own_id(seat["props"], key := named_key(seat["props"]["person"], seat["record"]))
    ]


def _own_id(seat: dict[str, Any], key: str) -> str:
    return record_id("PersonRecord", seat["agency_id"], seat["system"], key)


def _to_person(references: References, seat: dict[str, Any], key: str) -> Checked:
    cell = seat["person"]
    return Checked(0, {
        "agency": references.agency_name(seat["agency_id"]),
        "source_id": key,
        "business": seat["business"],
        "name": None if "@" in cell else cell,
        "title": seat.get("title"),
        "email": seat.get("email") or (cell if "@" in cell else None),
    })  # fmt: skip
