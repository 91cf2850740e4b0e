"""What was said of people whom rows only name: who somebody of this name at this business is.

It stands in a profile among the words of the column `person`, with the business behind the name, as the rows say it:
`person:Ana Silva @ Harbor Bakery=Lakeshore College:P-4`. A word without a business is one of any business, and is
taken where cells are read.
"""

from typing import Final

from crm.graph.agencies import name_key
from importers.map import Mapping
from importers.rules import compare_word
from importers.verdicts import Value, to_cell

AT: Final = " @ "


def write_person(name: str, at: str) -> str:
    """A name at a business, as it is kept and compared."""
    return compare_word(f"{name}{AT}{at}")


class SaidPeople:
    """Of one file: names at businesses -> the people who are meant."""

    def __init__(self, mapping: Mapping) -> None:
        words = {field.column.name: field.words for field in mapping.fields}
        businesses = words.get("business", {})
        self._meant: dict[tuple[str, str], str] = {}
        for word, meaning in words.get("person", {}).items():
            name, at, business = word.rpartition(AT)
            if at and meaning:
                # The business may have been said to be a known one as well, before or after.
                self._meant[name, name_key(businesses.get(business) or business)] = meaning

    def __bool__(self) -> bool:
        return bool(self._meant)

    def put_in(self, values: dict[str, Value]) -> dict[str, Value]:
        """The values of a row, with those people in place of their names."""
        people, business = values.get("person"), name_key(to_cell(values.get("business")))
        if isinstance(people, tuple):
            return values | {"person": tuple(dict.fromkeys(self._find(name, business) for name in people))}
        return values | {"person": self._find(people, business)} if isinstance(people, str) else values

    def _find(self, name: str, business: str) -> str:
        return self._meant.get((compare_word(name), business), name)
