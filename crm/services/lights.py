"""Lights: may this agency call on a business, or a person, today? Found from the contacts as they are in the graph now.

The rule is `crm.analysis.lights` (definitions §4). Here it gets what it needs: the contacts of the businesses in
question, who is in whose door, and for what can turn the light amber also the promises and whom to ask. A
do-not-contact is said of people; it makes the person red, and not their business.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from crm.access import Viewer
from crm.analysis.days import get_day, list_days
from crm.analysis.leads import Lead, choose_lead
from crm.analysis.lights import Contact, Light, Subject, is_near, light_business, light_person, weigh_ask
from crm.analysis.settings import Settings
from crm.errors import NotFound
from crm.graph import businesses, lights, people, touchpoints
from crm.graph.driver import Row, Store
from crm.graph.lights import ContactKey, PersonContacts, SubjectRow
from crm.graph.records import record_id
from crm.services import region_rows
from crm.services.given_ids import follow
from crm.services.golden import CONTACT, Ahead, compute_ahead, compute_people_ahead, name_contact, pack_contacts
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

    def read(id: str) -> Light | None:
        return find_lights(db, viewer, [id], agency_id=agency_id, as_of=as_of).get(id)

    found = follow(db, business_id, read, businesses.find_current_id)
    if found is None:
        raise NotFound("There is no such business.")
    return found


def find_lights(
    db: Store, viewer: Viewer, ids: Sequence[str], *, agency_id: str | None, as_of: date | None = None
) -> dict[str, Light]:
    """The lights of those of these businesses that there are, by id; for a page of a list, not for a region."""
    day, rules = get_day(as_of or date.today()), get_cache(db).get_rules()
    return {
        subject.business: light_business(subject, agency=agency_id or "", day=day, directory=rules.directory)
        for subject in _read_subjects(db, viewer, ids, rules, day=day)
    }


def find_lead(db: Store, viewer: Viewer, business_id: str, *, as_of: date | None = None) -> Lead | None:
    """Who leads at a business on a day (default: today), as agencies have agreed; None if nobody does."""
    leads = get_cache(db).get_rules().leads
    rows = _list_subject_rows(db, viewer, [business_id]) if leads else []
    if not rows:
        return None
    day, row = get_day(as_of or date.today()), rows[0]
    return choose_lead(leads, row.id, row.naics, county=row.county, zip_code=row.zip, day=day)


def find_person_light(
    db: Store, viewer: Viewer, person_id: str, *, agency_id: str | None, as_of: date | None = None
) -> Light:
    """The light of a person: over the contacts that name them, and red where their business is. Raises NotFound."""
    person = follow(db, person_id, partial(lights.find_person_contacts, db, viewer), people.find_current_id)
    if person is None:
        raise NotFound("There is no such person.")
    if person.waits:
        person = _compute_person(db, person)
    day, rules = get_day(as_of or date.today()), get_cache(db).get_rules()
    ids = sorted({*person.works_at, *person.met})
    subjects = _read_subjects(db, viewer, ids, rules, day=day, person=person.id, met=person.met)
    return light_person(
        person.id,
        subjects,
        works_at=person.works_at,
        agency=agency_id or "",
        day=day,
        directory=rules.directory,
        do_not_contact=person.do_not_contact,
        lead=next((one.lead for one in subjects if one.lead and one.business in person.works_at), None),
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
    met = met or {}
    rows = _list_subject_rows(db, viewer, ids)
    sifted = _find_sifted(db, viewer, rows, rules, day=day, met=met)
    looked_up = sorted({id for one in sifted for id in one.looked_up})
    said = {row["id"]: row for row in touchpoints.list_promises_and_staff(db, viewer, looked_up)}
    return [_shape(one, rules, said, day=day, person=person, met=met.get(one.row.id, ())) for one in sifted]


def _list_subject_rows(db: Store, viewer: Viewer, ids: Sequence[str]) -> list[SubjectRow]:
    """Those of these businesses that there are. One that waits to be computed is shown by what it will be: nobody is
    to call on it meanwhile because nothing is known of it."""
    rows = lights.list_subjects(db, viewer, list(ids)) if ids else []
    ahead = compute_ahead(db, [row.id for row in rows if row.waits]) if any(row.waits for row in rows) else {}
    return [_fill(row, ahead[row.id]) if row.id in ahead else row for row in rows]


def _fill(row: SubjectRow, known: Ahead) -> SubjectRow:
    values = {name: known.row.get(name) for name in ("naics", "county", "zip", "employees")}
    return replace(row, **values, contacts=pack_contacts(known.contacts), promised=known.row["promised"])


def _compute_person(db: Store, person: PersonContacts) -> PersonContacts:
    """Somebody who waits to be computed, as they will be: what they asked for is not forgotten meanwhile."""
    rows, roles = compute_people_ahead(db, [person.id])
    asked = any(row.get("do_not_contact") == "yes" for row in rows)
    return replace(person, do_not_contact=asked, works_at=sorted({role["business"] for role in roles}))


@dataclass
class _Sifted:
    """A business whose contacts are parted: those that may matter on the day, and the asks among the others."""

    row: SubjectRow
    kept: list[tuple[int, list[Any]]]
    looked_up: set[str]  # ids of those of which promises and staff matter too
    past: list[tuple[int, float]]


def _find_sifted(
    db: Store, viewer: Viewer, rows: Sequence[SubjectRow], rules: Rules, *, day: int, met: Met
) -> list[_Sifted]:
    """Whom everybody calls on is looked up by everybody: their long lists are read and sifted once."""
    keys = {row.id: (row.id, row.stamp, day) for row in rows if row.contacts is None and not met.get(row.id)}
    known = {id: found for id, key in keys.items() if isinstance(found := rules.sifted.find(key), _Sifted)}
    wanted = [row.id for row in rows if row.contacts is None and row.id not in known]
    read = lights.list_contacts(db, viewer, wanted) if wanted else {}
    sifted: list[_Sifted] = []
    for row in rows:
        found = known.get(row.id)
        if found is None:
            text = row.contacts if row.contacts is not None else read.get(row.id, "[]")
            found = _sift(row, text, rules, day=day, met=met.get(row.id, ()))
            if row.id in keys:
                rules.sifted.put(keys[row.id], found)
        sifted.append(replace(found, row=row))
    return sifted


def _sift(row: SubjectRow, contacts: str, rules: Rules, *, day: int, met: Collection[ContactKey]) -> _Sifted:
    settings = Settings()
    agencies, programs = rules.directory.agencies, rules.directory.programs
    packed: list[list[Any]] = json.loads(contacts)
    promised = set(row.promised)
    found = _Sifted(row, [], set(), [])
    # Of thousands of contacts few are said in words of their own.
    weights: dict[tuple[str | None, ...], float | None] = {}
    for cells, of in zip(packed, list_days(map(_get_date, packed)), strict=True):
        agency, system, key, made_by, channel, direction, purpose, _ = _get_said(cells)
        # A contact of a program or an agency that is not there is just being taken out.
        if agency not in agencies or not all(program in programs for program in made_by):
            continue
        near = is_near(of, day=day, settings=settings)
        joint = len(made_by) > 1 and 0 <= day - of <= settings.link_days
        busy = near or (bool(promised) and name_contact(agency, system, key) in promised)
        if busy:
            found.looked_up.add(record_id("Touchpoint", agency, system, key))
        if busy or joint or (agency, system, key) in met:
            found.kept.append((of, cells))
            continue
        said = (direction, purpose, channel)
        if said not in weights:
            weights[said] = weigh_ask(direction, purpose, channel, settings)
        weight = weights[said]
        if weight is not None:
            found.past.append((of, weight))
    return found


def _shape(
    sifted: _Sifted, rules: Rules, said: Mapping[str, Row], *, day: int, person: str, met: Collection[ContactKey]
) -> Subject:
    row = sifted.row
    lead = choose_lead(rules.leads, row.id, row.naics, county=row.county, zip_code=row.zip, day=day)
    return Subject(
        business=row.id,
        contacts=[_shape_contact(cells, day, said, person, met) for day, cells in sifted.kept],
        past=sifted.past,
        employees=int(row.employees) if row.employees else None,
        naics=row.naics,
        county=row.county,
        zip_code=row.zip,
        referrals=region_rows.shape_referrals(row.referrals, rules.directory),
        agreements=rules.agreements,
        lead=lead.lead if lead else None,
    )


def _shape_contact(
    cells: list[Any], day: int, said: Mapping[str, Row], person: str, met: Collection[ContactKey]
) -> Contact:
    agency, system, key, programs, channel, direction, purpose, topics = _get_said(cells)
    looked_up = said.get(record_id("Touchpoint", agency, system, key), {})
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
        persons=(person,) if (agency, system, key) in met else (),
        staff=sorted(looked_up.get("staff", ())),
        promise=bool(looked_up.get("promised")),
        promise_due=region_rows.find_day(looked_up.get("promise_due")),
        promise_kept_on=region_rows.find_day(looked_up.get("promise_kept_on")),
    )
