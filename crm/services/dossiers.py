"""What a page says of one business or one person: values with who says so, roles, timeline. The API gives the same."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph import businesses, dossiers, people
from crm.graph.dossiers import BusinessDossier, PersonDossier, RecordRow, Role, TimelineLine
from crm.graph.driver import Reader
from crm.services.given_ids import follow
from crm.services.golden import compute_ahead, compute_people_ahead

BUSINESS_FIELDS = (
    ("legal_name", "Legal name"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("website", "Website"),
    ("county", "County"),
    ("naics", "Industry (NAICS)"),
    ("employees", "Employees"),
    ("ein", "EIN"),
    ("parent", "Part of"),
    ("closed_on", "Closed on"),
)
PERSON_FIELDS = (
    ("title", "Title"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("mobile", "Mobile"),
    ("assistant", "Assistant"),
    ("assistant_phone", "Assistant's phone"),
)
ADDRESS = ("street", "city", "state", "zip")
NO_BUSINESS = "There is no such business. It may have been taken back with the file that it came from."
NO_NAME = "(no name)"
NO_PERSON = "There is no such person. They may have been taken back with the file that they came from."


@dataclass(frozen=True)
class Fact:
    """One golden value: its label, who says so, and what others say instead, as (value, who)."""

    field: str
    label: str
    value: str
    source: str
    others: list[tuple[str, str]]


@dataclass(frozen=True)
class BusinessPage:
    """Everything on the page of a business; `lines` is one page of the timeline."""

    business: BusinessDossier
    facts: list[Fact]
    records: list[RecordRow]
    roles: list[Role]
    lines: list[TimelineLine]
    agency_names: list[str]


@dataclass(frozen=True)
class PersonPage:
    """Everything on the page of a person; `lines` is one page of the timeline."""

    person: PersonDossier
    facts: list[Fact]
    records: list[RecordRow]
    roles: list[Role]
    lines: list[TimelineLine]
    agency_names: list[str]


def get_business_page(db: Reader, viewer: Viewer, id: str, *, page: int = 1) -> BusinessPage:
    """An id that was given up leads on; the page says which it is now. Raises NotFound."""
    business = get_business(db, viewer, id)
    id = business.id
    records = dossiers.list_business_records(db, id, viewer=viewer)
    facts = [_fact("address", "Address", address_of(business.values), "street", business.sources, records)]
    facts += [_fact(f, label, business.values.get(f, ""), f, business.sources, records) for f, label in BUSINESS_FIELDS]
    return BusinessPage(
        business=business,
        facts=[fact for fact in facts if fact.value],
        records=records,
        roles=dossiers.list_roles_at(db, id, viewer=viewer),
        lines=dossiers.list_newest(db, business, viewer=viewer, skip=(page - 1) * dossiers.PAGE),
        agency_names=sorted({record.agency for record in records}),
    )


def get_person_page(db: Reader, viewer: Viewer, id: str, *, page: int = 1) -> PersonPage:
    """An id that was given up leads on; the page says which it is now. Raises NotFound."""
    person = get_person(db, viewer, id)
    id = person.id
    records = dossiers.list_person_records(db, id, viewer=viewer)
    facts = [_fact(f, label, person.values.get(f, ""), f, person.sources, records) for f, label in PERSON_FIELDS]
    return PersonPage(
        person=person,
        facts=[fact for fact in facts if fact.value],
        records=records,
        roles=dossiers.list_roles_of(db, id, viewer=viewer, today=date.today()),
        lines=dossiers.list_person_timeline(db, id, viewer=viewer, skip=(page - 1) * dossiers.PAGE),
        agency_names=sorted({record.agency for record in records}),
    )


def get_business(db: Reader, viewer: Viewer, id: str) -> BusinessDossier:
    """The business of this id, old or current. Raises NotFound."""
    found = follow(db, id, partial(dossiers.find_business, db, viewer=viewer), businesses.find_current_id)
    if found is None:
        raise NotFound(NO_BUSINESS)
    if found.waits:
        # What it will be is what it is.
        known = compute_ahead(db, [found.id]).get(found.id)
        return dossiers.shape_business(known.row) if known else found
    return found


def get_person(db: Reader, viewer: Viewer, id: str) -> PersonDossier:
    """The person of this id, old or current. Raises NotFound."""
    found = follow(db, id, partial(dossiers.find_person, db, viewer=viewer), people.find_current_id)
    if found is None:
        raise NotFound(NO_PERSON)
    if found.waits:
        rows, _ = compute_people_ahead(db, [found.id])
        return dossiers.shape_person(rows[0]) if rows else found
    return found


def get_current_business_id(db: Reader, id: str) -> str:
    """Where the business of this id, old or current, is now. Raises NotFound."""
    current = businesses.find_current_id(db, id)
    if current is None:
        raise NotFound(NO_BUSINESS)
    return current


def find_current_business_id(db: Reader, id: str) -> str | None:
    """The same, or None where there is no such business."""
    return businesses.find_current_id(db, id) if id else None


def find_business_name(db: Reader, id: str) -> str | None:
    """The name of a business, under an old id or its current one, "(no name)" for one that has none; None where there
    is no such business."""
    name = follow(db, id, partial(businesses.find_name, db), businesses.find_current_id)
    return name if name is None else name or NO_NAME


def get_business_name(db: Reader, id: str) -> str:
    """The same. Raises NotFound."""
    name = find_business_name(db, id)
    if name is None:
        raise NotFound(NO_BUSINESS)
    return name


def find_person_name(db: Reader, id: str) -> str | None:
    """The name of a person, likewise."""
    name = follow(db, id, partial(people.find_name, db), people.find_current_id)
    return name if name is None else name or NO_NAME


def get_current_person_id(db: Reader, id: str) -> str:
    """Where the person of this id, old or current, is now. Raises NotFound."""
    current = people.find_current_id(db, id)
    if current is None:
        raise NotFound(NO_PERSON)
    return current


def address_of(values: dict[str, str]) -> str:
    """Street, town, state and ZIP in one line."""
    street, city, state, zip_code = (values.get(name, "") for name in ADDRESS)
    place = " ".join(part for part in (state, zip_code) if part)
    return ", ".join(part for part in (street, city, place) if part)


def _fact(field: str, label: str, value: str, source: str, sources: dict[str, str], records: list[RecordRow]) -> Fact:
    by_id = {record.id: record for record in records}
    record = by_id.get(sources.get(source, ""))
    cells = {r.id: address_of(r.cells) if field == "address" else r.cells.get(field, "") for r in records}
    others: dict[str, list[str]] = {}
    for other in records:
        said = cells[other.id]
        if said and other is not record and said.casefold() != value.casefold():
            others.setdefault(said, []).append(other.agency)
    differing = [(said, ", ".join(sorted(set(who)))) for said, who in sorted(others.items())]
    return Fact(field, label, value, name_record(record) if record else "", differing)


def name_record(record: RecordRow) -> str:
    """A record as a person would point to it."""
    return record.agency if record.stub else f"{record.agency}, record {record.key}"
