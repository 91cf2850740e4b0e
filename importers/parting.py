"""Parting: of a row's cells some are what it says itself, others what it says beside of its business and person. Itself
it refers to these by their keys, which are made of name and place for businesses without an id.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from crm.graph.agencies import name_key
from importers.asserted import split_cell
from importers.map import Mapping as ColumnMap
from importers.references import References
from importers.splits import list_people
from importers.verdicts import Value, to_cell

BUSINESSES, PEOPLE = "businesses", "people"
# Columns of a roster that say something of who sits there.
OF_SITTERS = {"title": "people.title", "email": "people.email"}
# What stands beside a business's row that names several people: who they are, and that more is said of some of them.
SEVERAL, UNPLACED = "people of the row", "said of one of them"


def list_kinds(mapping: ColumnMap) -> list[str]:
    """The kinds of record of which a file says something beside, businesses first."""
    names = {field.column.name.partition(".")[0] for field in mapping.fields if "." in field.column.name}
    if mapping.kind.name == "seats" and any(field.column in mapping.kind.beside for field in mapping.fields):
        names.add(PEOPLE)
    return [name for name in (BUSINESSES, PEOPLE) if name in names]


class Parting:
    """Parts the rows of one file."""

    def __init__(self, mapping: ColumnMap, references: References) -> None:
        self.kinds = list_kinds(mapping)
        self._references = references
        self._is_of_seats = mapping.kind.name == "seats"
        # A row of a business is no row about somebody: it only tells who is to be asked for there.
        self._is_of_businesses = mapping.kind.name == BUSINESSES

    def part(self, agency: str, values: Mapping[str, Value]) -> tuple[dict[str, Value], dict[str, str]]:
        """What the row says itself, referring to its business and person by their keys; and its filled cells beside."""
        of_row, of_others = _part_names(tuple(values))
        own = {name: values[name] for name in of_row}
        beside = {name: cell for name in of_others if (cell := to_cell(values[name]))}
        if BUSINESSES in self.kinds:
            self._part_business(agency, own, beside)
        if PEOPLE in self.kinds:
            self._part_person(own, beside)
        return own, beside

    def _part_business(self, agency: str, own: dict[str, Value], beside: dict[str, str]) -> None:
        cell, id = to_cell(own.get("business")), beside.pop("businesses.source_id", "")
        named, meant = beside.get("businesses.name", ""), ""
        if named:
            id = id or cell
        elif cell and not id and self._references.knows_business(cell, agency=agency):
            id = meant = cell
        else:
            named = cell
        if named or id:
            key = id or _place_key(named, beside)
            own["business"] = key or named
            beside |= {"businesses.key": key or f"name:{name_key(named)}", "businesses.name": named}
            beside["businesses.meant"] = meant or ("" if key else named)

    def _part_person(self, own: dict[str, Value], beside: dict[str, str]) -> None:
        if self._is_of_seats:
            beside |= {to: cell for name, to in OF_SITTERS.items() if (cell := to_cell(own.get(name)))}
        given = own.get("person") or ()
        people = (given,) if isinstance(given, str) else given if isinstance(given, tuple) else ()
        if self._is_of_businesses and _part_several(beside):
            return
        id, email = beside.pop("people.source_id", ""), beside.get("people.email", "")
        named = call_person(beside)
        if named and not id and len(people) == 1:
            id, people = people[0], ()
        elif not named and len(people) == 1:
            named, people = people[0], ()
            beside["people.email" if "@" in named else "people.name"] = named
        elif not named and not people and "@" in email:
            named = email
        if ";" in named or people or not (named or (id and not self._is_of_businesses)):
            # Of several people nobody knows whose the other cells are.
            people = (*filter(None, (named,)), *people)
        else:
            beside["people.key" if id else "people.met"], people = id or named, (id or named,)
        if not self._is_of_businesses and (people or "person" in own):
            own["person"] = people[0] if self._is_of_seats and len(people) == 1 else people


def call_person(beside: Mapping[str, str]) -> str:
    """What a row calls the person whom it tells of beside; "" where it does not."""
    return beside.get("people.name") or " ".join(
        beside[name] for name in ("people.first_name", "people.last_name") if name in beside
    )


@lru_cache(1_000)
def _part_names(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The columns of a row itself, and those of what it says beside; rows of a file have them in common."""
    return [name for name in names if "." not in name], [name for name in names if "." in name]


def _part_several(beside: dict[str, str]) -> bool:
    """Whether a business's row names several people; they are put in the place of what it says of them.

    Titles, and first and last names, that are as many as the people are theirs, one after the other. Of all else that
    the row says nobody knows whose it is.
    """
    names = beside.get("people.name", "")
    if not names and ";" not in beside.get("people.first_name", ""):
        return False
    titles = split_cell(beside.get("people.title", ""))
    first, last = (split_cell(beside.get(f"people.{part}_name", "")) for part in ("first", "last"))
    people = list_people(names)
    if not names and len(first) == len(last) > 1:
        people = [(" ".join(parts), "") for parts in zip(first, last, strict=True)]
    if not people:
        if names:
            beside["people.name"] = " ".join(names.split())
        return False
    own = {"people.name", "people.first_name", "people.last_name"}
    if len(titles) == len(people):
        people = [(name, said or title) for (name, said), title in zip(people, titles, strict=True)]
        own.add("people.title")
    said = {name for name in beside if name.startswith("people.")}
    for name in said:
        del beside[name]
    beside[SEVERAL] = json.dumps(people)
    if said - own:
        beside[UNPLACED] = "yes"
    return True


def list_several(row: Any) -> list[Any]:
    """A row for each of the several people that it names."""
    rest = {name: cell for name, cell in row.beside.items() if name != SEVERAL}
    people: list[tuple[str, str]] = json.loads(row.beside[SEVERAL])
    return [
        row._replace(beside=rest | {"people.name": name, "people.title": title, "people.met": name})
        for name, title in people
    ]


def _place_key(name: str, beside: Mapping[str, str]) -> str:
    """What tells businesses of one name apart: the name with the ZIP, else the street, else the city; "" without."""
    zip = beside.get("businesses.zip", "")
    digits = "".join(filter(str.isdigit, zip.partition("-")[0]))
    place = digits[:5].zfill(5) if len(digits) > 2 else zip or beside.get("businesses.street", "")
    place = name_key(place or beside.get("businesses.city", ""))
    return f"{name_key(name)} {place}" if place else ""
