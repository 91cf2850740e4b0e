"""Contacts (vCard 2.1, 3.0, 4.0) as rows under the headings of Outlook's export of contacts."""

from collections.abc import Iterator
from itertools import takewhile

from importers.child_limits import Numbered
from importers.content_lines import ContentLine, read_content_lines, split_value, unescape

PLACES = ("Street", "City", "State", "Postal Code", "Country/Region")
PHONES = ("Business Phone", "Business Phone 2", "Home Phone", "Home Phone 2", "Mobile Phone", "Other Phone", "Pager")
FAXES = ("Business Fax", "Home Fax")
HEADINGS = (
    "First Name", "Middle Name", "Last Name", "Title", "Suffix", "Nickname", "Full Name", "Company", "Department",
    "Job Title", "E-mail Address", "E-mail 2 Address", "E-mail 3 Address", *PHONES, *FAXES,
    *(f"Business {place}" for place in PLACES), *(f"Home {place}" for place in PLACES),
    *(f"Other {place}" for place in PLACES), "Web Page", "Birthday", "Assistant's Name", "Assistant's Phone",
    "Manager's Name", "Categories", "Notes", "Private", "Id", "Last Modified", "More",
)  # fmt: skip
NAMES = ("Last Name", "First Name", "Middle Name", "Title", "Suffix")
ASSISTANT = {"X-ASSISTANT", "X-EVOLUTION-ASSISTANT", "X-MS-ASSISTANT", "X-KADDRESSBOOK-X-ASSISTANTSNAME"}
MANAGER = {"X-MANAGER", "X-EVOLUTION-MANAGER", "X-MS-MANAGER"}
# Pictures, keys and what only programs need.
UNREAD = {"BEGIN", "END", "VERSION", "PRODID", "PHOTO", "LOGO", "SOUND", "KEY", "SORT-STRING", "X-ABSHOWAS", "KIND"}
PLAIN = {
    "FN": "Full Name", "NICKNAME": "Nickname", "TITLE": "Job Title", "BDAY": "Birthday", "NOTE": "Notes", "UID": "Id",
    "REV": "Last Modified", "URL": "Web Page",
}  # fmt: skip


def read_cards(data: bytes) -> Iterator[Numbered]:
    """A row for each card, with the line on which it begins. One that the file ends within counts too."""
    lines = iter(read_content_lines(data))
    for line in lines:
        if line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            yield line.line, _read_card(list(takewhile(lambda one: one.name != "END", lines)))


def _read_card(lines: list[ContentLine]) -> list[str]:
    cells: dict[str, str] = dict.fromkeys(HEADINGS, "")
    is_company = any(line.name in ("KIND", "X-ABSHOWAS") and line.value.upper() in ("ORG", "COMPANY") for line in lines)
    for line in lines:
        if line.name in UNREAD or not line.value.strip(" ;"):
            continue
        if line.name == "N":
            for heading, text in zip(NAMES, split_value(line.value, ";"), strict=False):
                _put(cells, (heading,), text.replace(",", " "))
        elif line.name == "ORG":
            company, *units = split_value(line.value, ";")
            _put(cells, ("Company",), company)
            _put(cells, ("Department",), ", ".join(filter(None, units)))
        elif line.name == "EMAIL":
            _put(cells, ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address"), unescape(line.value).strip())
        elif line.name == "TEL":
            _put(cells, _choose_phone(line.types), unescape(line.value).removeprefix("tel:").strip())
        elif line.name == "ADR":
            _put_address(cells, line)
        elif line.name == "CATEGORIES":
            _put(cells, ("Categories",), ";".join(split_value(line.value, ",")))
        elif line.name == "CLASS":
            cells["Private"] = "True" if line.value.strip().upper() in ("PRIVATE", "CONFIDENTIAL") else "False"
        elif line.name in ASSISTANT:
            _put(cells, ("Assistant's Name",), unescape(line.value))
        elif line.name in MANAGER:
            _put(cells, ("Manager's Name",), unescape(line.value))
        elif line.name in PLAIN:
            _put(cells, (PLAIN[line.name],), unescape(line.value).strip(), name=line.name)
        else:
            _add(cells, f"{line.name}: {unescape(line.value)}")
    if is_company and not cells["Last Name"]:
        # The card of a firm has its name twice; it is nobody's.
        cells["Company"] = cells["Company"] or cells["Full Name"]
        cells["Full Name"] = ""
    return list(cells.values())


def _choose_phone(types: set[str]) -> tuple[str, ...]:
    """The headings that it may stand under, the fittest first."""
    if "X-ASSISTANT" in types or "ASSISTANT" in types:
        return ("Assistant's Phone",)
    if "FAX" in types:
        return ("Home Fax",) if "HOME" in types else ("Business Fax", "Home Fax")
    if types & {"CELL", "MOBILE", "IPHONE"}:
        return ("Mobile Phone", "Other Phone")
    if "PAGER" in types:
        return ("Pager",)
    if "HOME" in types:
        return ("Home Phone", "Home Phone 2", "Other Phone")
    return ("Business Phone", "Business Phone 2", "Other Phone") if "WORK" in types or not types else ("Other Phone",)


def _put_address(cells: dict[str, str], line: ContentLine) -> None:
    box, more, street, city, state, code, country, *_ = [*split_value(line.value, ";"), *[""] * 7]
    lines = ", ".join(filter(None, (street, more, box)))
    kinds = [word for word, type_ in (("Business", "WORK"), ("Home", "HOME")) if type_ in line.types]
    for kind in [*(kinds or ["Business"]), "Other"]:
        if not any(cells[f"{kind} {place}"] for place in PLACES):
            for place, text in zip(PLACES, (lines, city, state, code, country), strict=True):
                cells[f"{kind} {place}"] = " ".join(text.split())
            return
    _add(cells, f"ADR: {', '.join(filter(None, (lines, city, state, code, country)))}")


def _put(cells: dict[str, str], headings: tuple[str, ...], text: str, *, name: str = "") -> None:
    """Write a text under the first heading that is free, else among what has no heading of its own."""
    for heading in headings:
        if not cells[heading]:
            cells[heading] = text
            return
        if cells[heading] == text:
            return
    if text:
        _add(cells, f"{name or headings[0]}: {text}")


def _add(cells: dict[str, str], text: str) -> None:
    cells["More"] += ("\n" if cells["More"] else "") + text
