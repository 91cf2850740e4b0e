"""Entries: everything under which one business or person can be found, packed into one text.

The text is made whenever the thing is computed, and stored on it: its words are read once, not once a process, and a
region of one text a thing is read from the graph fifty times faster than one of a row a record. The fields of `Entry`
are its lines; within a line tabs part values, and blanks part words.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from crm.dedupe.contacts import own_domain, read_email, read_phone, read_website
from crm.dedupe.golden import full_name
from crm.search.texts import read_cell, read_lines

Cells = Mapping[str, Any]
LONGEST_NUMBER = 15  # digits of an international number; a longer cell is no telephone number


class Entry(NamedTuple):
    """What the index knows of one thing, each field one text.

    `names`: every name that any record uses, as words. `words`: those of streets, towns, zip codes and titles.
    `employers`: ids of a person's businesses. `places`: county, town and zip code, for whoever wants only some of them.
    """

    id: str
    name: str
    agencies: str
    names: str
    words: str
    phones: str
    addresses: str
    employers: str
    places: str
    naics: str
    contacts: str


def pack_business(
    id: str, golden: Mapping[str, str], records: Sequence[Cells], *, agencies: Iterable[str], contacts: int
) -> str:
    """The text of a business: every name, street, number and address that any of its records says."""
    if len(records) == 1:
        return _pack_alone(id, golden, records[0], " ".join(agencies), contacts)
    return _pack_several(id, golden, records, " ".join(agencies), contacts)


def _pack_several(id: str, golden: Mapping[str, str], records: Sequence[Cells], agencies: str, contacts: int) -> str:
    names = [golden.get("name", ""), *_list_cells(records, "name", "legal_name")]
    return pack(
        Entry(
            id=id,
            name=golden.get("name", ""),
            agencies=agencies,
            names="\t".join([" ".join(line) for line in read_lines(dict.fromkeys(names))]),
            words=_join_words(_list_cells(records, "street", "city", "zip")),
            phones=_join_phones(_list_cells(records, "phone")),
            addresses=_join_addresses(records),
            employers="",
            places="\t".join(" ".join(golden.get(name, "").split()) for name in ("county", "city", "zip")),
            naics=golden.get("naics", ""),
            contacts=str(contacts),
        )
    )


def _pack_alone(id: str, golden: Mapping[str, str], record: Cells, agencies: str, contacts: int) -> str:
    """The same text for a business of one record, as most are: nothing of it can differ, or come twice."""
    say, get = golden.get, record.get
    name = say("name", "")
    others = {str(cell) for cell in (get("name"), get("legal_name")) if cell and cell != name}
    words = sorted([str(cell) for cell in (get("street"), get("city"), get("zip")) if cell])
    phone = read_phone(str(cell)).number if (cell := get("phone")) else ""
    site = read_website(str(cell)) if (cell := get("website")) else ""
    email = read_email(str(cell)) if (cell := get("email")) else ""
    addresses = dict.fromkeys([address for address in (site, email, own_domain(email) if email else "") if address])
    return "\n".join(
        (
            " ".join(id.split()),
            " ".join(name.split()),
            " ".join(agencies.split()),
            "\t".join([" ".join(line) for line in read_lines([name, *sorted(others)])]),
            _join_words(words),
            phone if len(phone) <= LONGEST_NUMBER else "",
            " ".join(["".join(address.split()) for address in addresses]).strip(),
            "",
            "\t".join([" ".join(say(name, "").split()) for name in ("county", "city", "zip")]),
            " ".join(say("naics", "").split()),
            str(contacts),
        )
    )


def repack_contacts(text: str, contacts: int) -> str:
    """The text of a business of which only the number of contacts is another one now; it is the last line."""
    return f"{text.rpartition(chr(10))[0]}\n{contacts}"


def pack_person(
    id: str, golden: Mapping[str, str], records: Sequence[Cells], *, agencies: Iterable[str], employers: Iterable[str]
) -> str:
    """The text of a person. Names of employers are not in it: they change without the person."""
    if len(records) == 1:
        return _pack_person_alone(id, golden, records[0], " ".join(agencies), " ".join(employers))
    names = [golden.get("name", ""), *sorted(map(full_name, records))]
    return pack(
        Entry(
            id=id,
            name=golden.get("name", ""),
            agencies=" ".join(agencies),
            names="\t".join([" ".join(line) for line in read_lines(dict.fromkeys(names))]),
            words=_join_words(_list_cells(records, "title")),
            phones=_join_phones(_list_cells(records, "phone", "mobile")),
            addresses=_join_addresses(records),
            employers=" ".join(employers),
            places="",
            naics="",
            contacts="",
        )
    )


def _pack_person_alone(id: str, golden: Mapping[str, str], record: Cells, agencies: str, employers: str) -> str:
    """The same text for a person of one record, as most are."""
    get = record.get
    # The name that the record says is the one that was chosen.
    name = golden.get("name", "")
    numbers = _join_phones(sorted({str(cell) for cell in (get("phone"), get("mobile")) if cell}))
    addresses = _join_addresses([record]) if get("email") or get("website") else ""
    return "\n".join(
        (
            " ".join(id.split()),
            " ".join(name.split()),
            " ".join(agencies.split()),
            "\t".join([" ".join(line) for line in read_lines([name])]),
            _join_words([str(title)] if (title := get("title")) else []),
            numbers,
            addresses.strip(),
            " ".join(employers.split()),
            "",
            "",
            "",
        )
    )


def pack(entry: Entry) -> str:
    """One text, in which no value can be taken for two."""
    return "\n".join(
        [value if by_tab else " ".join(value.split()) for value, by_tab in zip(entry, IS_SPLIT_BY_TAB, strict=True)]
    )


def unpack(text: str) -> Entry:
    """The reverse of `pack`."""
    return Entry(*text.split("\n"))


IS_SPLIT_BY_TAB = [name in ("names", "places") for name in Entry._fields]


def _list_cells(records: Iterable[Cells], *columns: str) -> list[str]:
    """The distinct values of these columns, sorted: the text must not depend on the order in which records are read."""
    found = {str(value) for record in records for column in columns if (value := record.get(column))}
    return sorted(found) if len(found) > 1 else list(found)


def _join_words(cells: Iterable[str]) -> str:
    return " ".join(dict.fromkeys([word for cell in cells for word in read_cell(cell)]))


def _join_phones(cells: Iterable[str]) -> str:
    numbers = [read_phone(cell).number for cell in cells]
    return " ".join(dict.fromkeys([number for number in numbers if 0 < len(number) <= LONGEST_NUMBER]))


def _join_addresses(records: Iterable[Cells]) -> str:
    """E-mail addresses, and the web domains that are the organisation's own."""
    emails = [email for cell in _list_cells(records, "email") if (email := read_email(cell))]
    sites = [read_website(cell) for cell in _list_cells(records, "website")]
    addresses = (*sites, *emails, *map(own_domain, emails))
    return " ".join(dict.fromkeys(["".join(address.split()) for address in addresses if address]))
