"""Lights: may this agency call on a business, or a person, today? Found from the contacts as they are in the graph now.

The rule is `crm.analysis.lights` (definitions §4). Here it gets what it needs: the contacts of the businesses in
question, who is in whose door, and for what can turn the light amber also the promises and whom to ask. A
do-not-contact is said of people; it makes the person red, and not their business.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from crm.access import Viewer
from crm.analysis.days import get_date, get_day, list_days
from crm.analysis.lights import Contact, Light, Subject, light_business, light_person
from crm.analysis.settings import Settings
from crm.errors import NotFound
from crm.graph import businesses, lights, people
from crm.graph.driver import Store
from crm.graph.lights import ContactKey, SubjectRow
from crm.services import region_rows
from crm.services.golden import CONTACT
from crm.services.region_reading import Rules
from crm.services.regions import get_cache

# Of a packed contact. A page waits for thousands of them where a business is called on by everybody.
_get_date = itemgetter(CONTACT.index("date"))
_get_said = itemgetter(
    *map(CONTACT.index, ("agency_id", "system", "key", "programs", "channel", "direction", "purpose", "topics"))
)
# The contacts that name a person, by business.
Met = Mapping[str, Collection[ContactKey]]


def find_light(
    db: Store, viewer: Viewer, business_id: str, *, agency_id: str | None, as_of: date | None = None
) -> Light:
    """The light of a business for an agency on a day (default: today). Old ids lead on. Raises NotFound."""
    found = find_lights(db, viewer, [business_id], agency_id=agency_id, as_of=as_of)
    if not found and (current := businesses.find_current_id(db, business_id)):
        found = find_lights(db, viewer, [current], agency_id=agency_id, as_of=as_of)
    if not found:
        raise NotFound("There is no such business.")
    return next(iter(found.values()))


def find_lights(
    db: Store, viewer: Viewer, ids: Sequence[str], *, agency_id: str | None, as_of: date | None = None
) -> dict[str, Light]:
    """The lights of those of these businesses that there are, by id; for a page of a list, not for a region."""
    day, rules = get_day(as_of or date.today()), get_cache(db).get_rules()
    return {
        subject.business: light_business(subject, agency=agency_id or "", day=day, directory=rules.directory)
        for subject in _read_subjects(db, viewer, ids, rules, day=day)
    }


def find_person_light(
    db: Store, viewer: Viewer, person_id: str, *, agency_id: str | None, as_of: date | None = None
) -> Light:
    """The light of a person: over the contacts that name them, and red where their business is. Raises NotFound."""
    current = people.find_current_id(db, person_id)
    person = lights.find_person_contacts(db, viewer, current) if current else None
    if current is None or person is None:
        raise NotFound("There is no such person.")
    day, rules = get_day(as_of or date.today()), get_cache(db).get_rules()
    ids = sorted({*person.works_at, *person.met})
    return light_person(
        current,
        _read_subjects(db, viewer, ids, rules, day=day, person=current, met=person.met),
        works_at=person.works_at,
        agency=agency_id or "",
        day=day,
        directory=rules.directory,
        do_not_contact=person.do_not_contact,
    )


def _read_subjects(
    db: Store,
    viewer: Viewer,
    ids: Sequence[str],
    rules: Rules,
    *,
    day: int,
    person: str = "",
    met: Met | None = None,
) -> list[Subject]:
    """What the lights of these businesses depend on; `met` are the contacts that name the person."""
    recent = get_date(day - Settings().recent_days).isoformat()
    rows = lights.list_subjects(db, viewer, list(ids), recent=recent) if ids else []
    return [_shape(row, rules, person=person, met=(met or {}).get(row.id, ())) for row in rows]


def _shape(row: SubjectRow, rules: Rules, *, person: str, met: Collection[ContactKey]) -> Subject:
    packed: list[list[Any]] = json.loads(row.contacts)
    agencies, programs = rules.directory.agencies, rules.directory.programs
    days = list_days(_get_date(cells) for cells in packed)
    contacts = [_shape_contact(cells, day, row, person, met) for cells, day in zip(packed, days, strict=True)]
    return Subject(
        business=row.id,
        # A contact of a program or an agency that is not there is just being taken out.
        contacts=[
            contact
            for contact in contacts
            if contact.agency in agencies and all(program in programs for program in contact.programs)
        ],
        employees=int(row.employees) if row.employees else None,
        naics=row.naics,
        referrals=region_rows.shape_referrals(row.referrals, rules.directory),
        agreements=rules.agreements,
    )


def _shape_contact(cells: list[Any], day: int, row: SubjectRow, person: str, met: Collection[ContactKey]) -> Contact:
    agency, system, key, programs, channel, direction, purpose, topics = _get_said(cells)
    named: ContactKey = (agency, system, key)
    busy = row.busy.get(named)
    return Contact(
        agency=agency,
        key=key,
        day=day,
        programs=programs,
        system=system,
        channel=channel,
        direction=direction,
        purpose=purpose,
        topics=topics or "",
        persons=(person,) if named in met else (),
        staff=sorted(busy.staff) if busy else (),
        promise=bool(busy and busy.promised),
        promise_due=region_rows.find_day(busy.promise_due) if busy else None,
        promise_kept_on=region_rows.find_day(busy.promise_kept_on) if busy else None,
    )
