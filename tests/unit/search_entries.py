"""Entries for tests of search: a valid one with what a test says of it."""

from crm.search.entries import pack_business, pack_person
from crm.search.index import Index

Said = dict[str, object]


def business(id: str, *names: str, agencies: int = 1, contacts: int = 0, **cells: str) -> str:
    """The text of a business with one record a name; the cells are in the first record, and golden."""
    records = [{"name": name} for name in names]
    records[0] |= cells
    known = [f"a{number}" for number in range(agencies)]
    return pack_business(id, records[0], records, agencies=known, contacts=contacts)


def person(id: str, name: str, *employers: str, **cells: str) -> str:
    """The text of a person with one record."""
    record = {"name": name, **cells}
    return pack_person(id, record, [record], agencies=["a0"], employers=employers)


def index(*texts: str) -> Index:
    return Index().change(texts)


def find(searched: Index, text: str) -> list[str]:
    """The ids of the businesses that are found, best first."""
    return searched.search(text).businesses.ids


def find_people(searched: Index, text: str) -> list[str]:
    return searched.search(text).people.ids
