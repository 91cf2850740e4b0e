"""From rows of the graph to the values that the measures of knocks take: texts become days, lists and prefixes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from crm.access import Viewer
from crm.analysis.contacts import LISTS, Contacts, Part, read_parts
from crm.analysis.days import DayTexts, get_day, list_days
from crm.analysis.leads import Lead
from crm.analysis.regions import Agreement, Directory, Referral
from crm.graph import agreements, knocks, resolution
from crm.graph.driver import Reader, Row
from crm.graph.knocks import BusinessColumns, ReferralRow
from crm.services.golden import CONTACT

NEVER = "9999-12-31"
# The contacts of one business, each a list in the order of CONTACT.
Packed = list[list[Any]]
# The columns of contacts, by name.
Cells = Mapping[str, Any]

# The sectors that the NAICS writes as a range of two-digit codes.
RANGES = {"31-33": ("31", "32", "33"), "44-45": ("44", "45"), "48-49": ("48", "49")}


def split_prefixes(cell: str | None) -> tuple[str, ...]:
    """The NAICS prefixes of a cell; a range such as 31-33 stands for each of its codes, and for itself."""
    prefixes = [part.strip() for part in (cell or "").split(";") if part.strip()]
    return tuple(dict.fromkeys(code for prefix in prefixes for code in (*RANGES.get(prefix, ()), prefix)))


def join_prefixes(prefixes: Iterable[str]) -> str:
    """The cell of these prefixes, in which a range says itself what it stands for."""
    said = list(prefixes)
    implied = {code for name, codes in RANGES.items() if name in said for code in codes}
    return ";".join(prefix for prefix in said if prefix not in implied)


def split_places(cell: str | None) -> tuple[str, ...]:
    """The counties and zips of a cell."""
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


def find_day(text: str | None) -> int | None:
    return get_day(date.fromisoformat(text)) if text else None


def read_directory(db: Reader, viewer: Viewer) -> Directory:
    """Who knocks. Programs of an agency that is just being taken out are left out with it."""
    agencies, programs = knocks.map_directory(db, viewer)
    return Directory(agencies, {program: agency for program, agency in programs.items() if agency in agencies})


def read_agreements(db: Reader) -> tuple[tuple[Agreement, ...], tuple[Lead, ...]]:
    """Every agreement, and the leads that are agreed under them."""
    rows = [row for row in agreements.list_agreements(db) if is_about_any(row)]
    made = [shape_agreement(row) for row in rows]
    said = [(agreement, lead) for row, agreement in zip(rows, made, strict=True) for lead in json.loads(row["leads"])]
    business_of = resolution.find_resolved(db, "business", sorted({lead["record"] for _, lead in said} - {""}))
    leads = [
        Lead(agreement, business_of.get(lead["record"]), lead["lead"], lead["backup"])
        for agreement, lead in said
        # One for a business whose record is gone is not one for all.
        if not lead["record"] or lead["record"] in business_of
    ]
    return tuple(made), tuple(leads)


def is_about_any(row: Row) -> bool:
    """Whether an agreement covers anything: one whose businesses nobody knows (any more) covers none, which is not the
    same as naming none."""
    return bool(row["covered"] or row["sector"] or row["places"] or not row["businesses"])


def shape_agreement(row: Row) -> Agreement:
    """An agreement from a row of `crm.graph.agreements.list_agreements`."""
    return Agreement(
        name=row["name"] or "",
        agencies=tuple(row["agencies"]),
        begins_on=get_day(date.fromisoformat(row["begins_on"])),
        ends_on=find_day(row["ends_on"]),
        naics=split_prefixes(row["sector"]),
        businesses=frozenset(row["covered"]),
        places=split_places(row["places"]),
    )


def shape_referrals(rows: Iterable[ReferralRow], directory: Directory) -> list[Referral]:
    known = directory.programs
    return [
        Referral(row.business, row.from_program, row.to_program, get_day(date.fromisoformat(row.accepted_on)))
        for row in rows
        if row.from_program in known and row.to_program in known
    ]


def shape_businesses(columns: BusinessColumns) -> list[dict[str, Any]]:
    """Rows as `Businesses.read` takes them."""
    closed = list_days(day or NEVER for day in columns.closed_on)
    return [
        {
            "business": id,
            "name": name,
            "naics": naics,
            "county": county,
            "zip": zip_code,
            "employees": int(employees) if employees else None,
            "closed_on": closed_on if closed_text else None,
        }
        for id, name, naics, county, zip_code, employees, closed_text, closed_on in zip(
            columns.ids,
            columns.names,
            columns.naics,
            columns.counties,
            columns.zips,
            columns.employees,
            columns.closed_on,
            closed,
            strict=True,
        )
    ]


# The names that the measures use for what `Business.contacts` holds, in its order.
NAMES = tuple({"agency_id": "agency", "date": "day"}.get(name, name) for name in CONTACT)
NOTHING: Cells = dict.fromkeys(LISTS, ())


def read_contacts(ids: Sequence[str], texts: Iterable[Sequence[str]], directory: Directory) -> Contacts:
    """The contacts of these businesses as columns, from texts that come some businesses at a time.

    Parsed, a contact takes ten times the room that it takes as text.
    """
    return read_parts(_list_parts(ids, texts, directory))


def _list_parts(ids: Sequence[str], texts: Iterable[Sequence[str]], directory: Directory) -> Iterator[Part]:
    first, days = 0, DayTexts()
    for some in texts:
        parsed, cells = _parse(some, directory)
        yield ids[first : first + len(some)], list(map(len, parsed)), _read_days(cells, days)
        first += len(some)


def shape_contacts(columns: BusinessColumns, directory: Directory) -> list[dict[str, Any]]:
    """Rows as `Region.change` takes them, one for every business, its lists empty where it has no contact."""
    parsed, cells = _parse(columns.contacts, directory)
    days = DayTexts()
    # Somebody logged a contact, which is the usual case: the contacts of one business are all.
    of_each = [cells] if len(parsed) == 1 else map(_name_cells, parsed)
    return [{"business": id, **_read_days(of, days)} for id, of in zip(columns.ids, of_each, strict=True)]


def _parse(contacts: Sequence[str], directory: Directory) -> tuple[list[Packed], Cells]:
    """The contacts of each business, and the columns of all of them by `LISTS`."""
    parsed: list[Packed] = json.loads(f"[{','.join(contacts)}]")
    cells = _name_cells(list(chain.from_iterable(parsed)))
    # All at once is several times faster than one by one, so the odd ones are only looked for where there are some.
    if not _are_known(cells, directory):
        parsed = [[one for one in some if _are_known(_name_cells([one]), directory)] for some in parsed]
        cells = _name_cells(list(chain.from_iterable(parsed)))
    return parsed, cells


def _name_cells(contacts: Packed) -> Cells:
    """The columns of these contacts by `LISTS`, their days as texts."""
    return dict(zip(NAMES, zip(*contacts, strict=True), strict=True)) if contacts else NOTHING


def _read_days(cells: Cells, days: DayTexts) -> Cells:
    return {**cells, "day": list(map(days.__getitem__, cells["day"]))}


def _are_known(cells: Cells, directory: Directory) -> bool:
    """Whether all agencies and programs are in the directory. A contact of one that is not is just being taken out."""
    agencies, programs = set(cells["agency"]), set(chain.from_iterable(cells["programs"]))
    return agencies <= directory.agencies.keys() and programs <= directory.programs.keys()
