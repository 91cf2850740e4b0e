"""Golden values: what a business or a person is said to be, chosen field by field from its records.

Each value says which record it came from, so a page can show who says so and who says otherwise. `said` orders records
by when their agency last said something; the newest that has a value wins (definitions §1), except where noted:

- the name is the one that most agencies use, then the longest, then the newest: a short nickname in the newest file
  should not rename a business that five agencies call by its full name;
- street, city and state come together from one record, so that no address is made up of two;
- a cell that holds no e-mail or web address where one belongs ("No", "n/a") is what the record says, and is not chosen;
- "do not contact" holds for the thing when one record says it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Record = Mapping[str, str | int | None]

BUSINESS_NEWEST = (
    "legal_name",
    "zip",
    "county",
    "phone",
    "website",
    "email",
    "ein",
    "naics",
    "employees",
    "parent",
    "closed_on",
)
ADDRESS = ("street", "city", "state")
# What a cell must hold to be of use.
SIGN = {"email": "@", "website": "."}
PERSON_NEWEST = ("title", "email", "phone", "mobile", "assistant", "assistant_phone")


@dataclass(frozen=True)
class Golden:
    """The chosen values, and for each the id of the record that says so."""

    values: dict[str, str]
    sources: dict[str, str]


def choose_business(records: Sequence[Record]) -> Golden:
    """The golden values of the records of one business; independent of their order."""
    if len(records) == 1:
        return _take_all(records[0], BUSINESS_NEWEST + ADDRESS)
    newest_first = _newest_first(records)
    golden = Golden({}, {})
    _take_name(golden, newest_first)
    for field in BUSINESS_NEWEST:
        _take(golden, field, newest_first)
    _take_address(golden, newest_first)
    return golden


def choose_person(records: Sequence[Record]) -> Golden:
    """The golden values of the records of one person; independent of their order."""
    if len(records) == 1:
        golden = _take_all(records[0], PERSON_NEWEST)
        _take(golden, "do_not_contact", [r for r in records if _says_not_to(r)])
        return golden
    newest_first = _newest_first(records)
    golden = Golden({}, {})
    _take_name(golden, newest_first)
    for field in PERSON_NEWEST:
        _take(golden, field, newest_first)
    _take(golden, "do_not_contact", [r for r in newest_first if _says_not_to(r)])
    return golden


def _says_not_to(record: Record) -> bool:
    return _text(record, "do_not_contact").casefold() == "yes"


def _take_all(record: Record, fields: Sequence[str]) -> Golden:
    """The golden values of a thing with one record, as most are: there is nothing to choose."""
    values = {"name": name} if (name := full_name(record)) else {}
    for field in fields:
        value = record.get(field)
        if value is not None and value != "" and ((sign := SIGN.get(field)) is None or sign in str(value)):
            values[field] = str(value)
    return Golden(values, dict.fromkeys(values, str(record["id"])))


def full_name(record: Record) -> str:
    """A record's name in one piece, whether it came in one cell or in two."""
    name = _text(record, "name")
    return name or " ".join(part for part in (_text(record, "first_name"), _text(record, "last_name")) if part)


def _newest_first(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (-_said(record), str(record["id"])))


def _said(record: Record) -> int:
    said = record.get("said")
    return said if isinstance(said, int) else 0


def _text(record: Record, field: str) -> str:
    value = record.get(field)
    return "" if value is None else str(value)


def _take(golden: Golden, field: str, newest_first: Sequence[Record]) -> None:
    sign = SIGN.get(field, "")
    for record in newest_first:
        value = _text(record, field)
        if value and sign in value:
            golden.values[field] = value
            golden.sources[field] = str(record["id"])
            return


def _take_name(golden: Golden, newest_first: Sequence[Record]) -> None:
    named = [record for record in newest_first if full_name(record)]
    if not named:
        return
    agencies: dict[str, set[str]] = {}
    for record in named:
        agencies.setdefault(_folded(full_name(record)), set()).add(_text(record, "agency_id"))
    support = Counter({key: len(of) for key, of in agencies.items()})
    # `max` keeps the first of equals, which is the newest.
    rank: Callable[[Record], tuple[int, int]] = lambda r: (support[_folded(full_name(r))], len(full_name(r)))  # noqa: E731
    best = max(named, key=rank)
    golden.values["name"] = full_name(best)
    golden.sources["name"] = str(best["id"])


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _take_address(golden: Golden, newest_first: Sequence[Record]) -> None:
    with_street = [record for record in newest_first if _text(record, "street")]
    for record in (*with_street, *newest_first):
        found = {field: _text(record, field) for field in ADDRESS if _text(record, field)}
        if found:
            golden.values.update(found)
            golden.sources.update(dict.fromkeys(found, str(record["id"])))
            return
