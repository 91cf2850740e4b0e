"""Contacts that are logged on the screen: one transaction from the form to the changed numbers.

The agency's own record of the business carries the contact. An agency that holds none yet gets a small one, with the
judgement that it is the business which was chosen; so nothing is guessed, and nothing of another agency's is touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from crm.access import Viewer
from crm.errors import NotAllowed, NotFound, Refused
from crm.graph import (
    business_records,
    businesses,
    edits,
    imports,
    judgements,
    people,
    person_records,
    programs,
    records,
    resolution,
    staff,
    touchpoints,
)
from crm.graph.agencies import name_key
from crm.graph.business_records import name_ref_of, ref_of
from crm.graph.driver import Store, Transaction
from crm.graph.programs import SYSTEM
from crm.graph.records import record_id
from crm.graph.stale import Kind
from crm.moments import now
from crm.services.golden import compute_people, compute_touched
from crm.services.retractions import Loose, delete, note_ties, sweep

EARLIEST = date(1990, 1, 1)
FURTHEST_DAYS = 5 * 365
NOBODY = "One of the people is not there any more. Choose again."


@dataclass(frozen=True)
class Contact:
    """What the form says. `key` was made when the form was drawn, so the same form sent twice is one contact.

    Either `business` (an id) or `new_business` (a name); `persons` are ids of people, `new_person` a name.
    """

    key: str
    on: date
    programs: tuple[str, ...]
    business: str | None = None
    new_business: str = ""
    persons: tuple[str, ...] = ()
    new_person: str = ""
    channel: str = ""
    direction: str = ""
    purpose: str = ""
    topics: str = ""
    reached: str = ""
    outcome: str = ""
    promise: str = ""
    promise_due: date | None = None
    notes: str = ""
    visibility: str = ""


@dataclass(frozen=True)
class Logged:
    """What was logged: the contact's id, its business's id, and whether it was there before."""

    id: str
    business: str
    is_new: bool


def log_contact(
    db: Store, viewer: Viewer, contact: Contact, *, today: date, made_by: tuple[str, str] | None = None
) -> Logged:
    """Log a contact for the viewer's agency, and compute its business again, in one transaction.

    `made_by` is the member of staff, (agency id, e-mail), if that is not the viewer. The same contact twice is one.
    Raises Refused for what cannot be, NotFound for a business or program that is not there.
    """
    agency = viewer.agency_id
    if agency is None:
        raise Refused("A contact is logged by a member of an agency.")
    check_contact(contact, today)
    moment = now()
    maker = made_by or (agency, viewer.email)
    current = contact
    if contact.business is not None:
        known = businesses.find_current_id(db, contact.business)
        if known is None:
            raise NotFound("There is no such business any more.")
        current = replace(contact, business=known)
    return db.transact(lambda tx: _log(tx, viewer, agency, current, moment=moment, today=today, made_by=maker))


def keep_promise(db: Store, viewer: Viewer, id: str, *, on: date | None) -> None:
    """Say that a promise was kept on a day, or (None) that it was not after all.

    Raises NotFound, NotAllowed for another agency's contact, Refused where nothing was promised.
    """
    record = _own(db, viewer, id)
    if not record.get("promise"):
        raise Refused("Nothing was promised in this contact.")
    db.transact(lambda tx: _keep(tx, record, on))


def _keep(tx: Transaction, record: dict[str, Any], on: date | None) -> None:
    touchpoints.set_promise_kept(tx, record, on.isoformat() if on else None)
    # Lights look at promises, so whoever keeps them in mind must notice.
    compute_touched(
        tx, list(resolution.find_resolved(tx, "business", _record_of(tx, record["id"])).values()), token=uuid4().hex
    )


def _record_of(tx: Transaction, id: str) -> list[str]:
    found, _ = touchpoints.list_ties(tx, [id])
    return sorted(found)


def remove_contact(db: Store, viewer: Viewer, id: str) -> str:
    """Take back a contact that was logged on the screen; returns its business's id.

    Raises NotFound, or NotAllowed for another agency's contact and for one that came with a file.
    """
    record = get_changeable(db, viewer, id)

    def work(tx: Transaction) -> str:
        loose = Loose(agencies={record["agency_id"], *touchpoints.list_staff_agencies(tx, [id])})
        note_ties(tx, "Touchpoint", [id], loose)
        resolved = resolution.find_resolved(tx, "business", sorted(loose.businesses))
        known = resolution.find_resolved(tx, "person", sorted(loose.persons))
        delete(tx, "Touchpoint", [id])
        edits.delete_edits(tx, id)
        sweep(tx, loose)
        compute_people(tx, sorted(set(known.values())), token=uuid4().hex)
        compute_touched(tx, sorted(set(resolved.values())), token=uuid4().hex)
        return next(iter(resolved.values()), "")

    return db.transact(work)


def may_change(viewer: Viewer, agency_id: str) -> bool:
    """Whether the viewer may change what this agency logged: its members may, and administrators."""
    return viewer.is_admin or viewer.agency_id == agency_id


def get_changeable(db: Store, viewer: Viewer, id: str) -> dict[str, Any]:
    """The properties of a contact that the viewer may change or take back on the screen.

    What came with a file is not: the agency's own list goes on saying what it says, and the next upload of it would
    bring the old row back without a word. Raises NotFound or NotAllowed.
    """
    record = _own(db, viewer, id)
    if record.get("import_id"):
        raise NotAllowed("This contact came with a file. Correct its row and import it again, or undo the import.")
    return record


def _own(db: Store, viewer: Viewer, id: str) -> dict[str, Any]:
    found = records.find_records(db, "Touchpoint", [id]).get(id)
    if found is None:
        raise NotFound("There is no such contact.")
    if not may_change(viewer, found["agency_id"]):
        raise NotAllowed("Only the agency that logged a contact, or an administrator, can change it.")
    return found


def check_contact(contact: Contact, today: date) -> None:
    """Raises Refused for what cannot be a contact, whatever the graph holds."""
    if not contact.programs:
        raise Refused("Choose the program that made the contact.")
    if not contact.on >= EARLIEST or (contact.on - today).days > FURTHEST_DAYS:
        raise Refused(f"{contact.on.isoformat()} cannot be the day of a contact. Check the year.")
    if (contact.business is None) == (not contact.new_business.strip()):
        raise Refused("Choose the business, or type the name of a new one.")


def _log(
    tx: Transaction,
    viewer: Viewer,
    agency: str,
    contact: Contact,
    *,
    moment: str,
    today: date,
    made_by: tuple[str, str],
) -> Logged:
    id = record_id("Touchpoint", agency, SYSTEM, f"screen-{contact.key}")
    there = records.find_records(tx, "Touchpoint", [id]).get(id)
    if there is not None:
        found, _ = touchpoints.list_ties(tx, [id])
        return Logged(
            id, next(iter(resolution.find_resolved(tx, "business", sorted(found)).values()), ""), is_new=False
        )
    chosen = find_programs(tx, contact.programs, agency)
    seq = imports.take_number(tx) * records.ROWS_A_NUMBER
    record, business = find_business_record(tx, viewer, agency, contact, seq, moment)
    persons = [find_person_record(tx, viewer, agency, person, record, seq, moment) for person in contact.persons]
    if contact.new_person.strip():
        persons.append(add_person_record(tx, agency, contact.new_person, record, seq))
    staff.add_staff(tx, [made_by])
    said = {"staff": made_by[1]} | say_cells(contact, agency, chosen) | name_ties(tx, record, [id for id, _ in persons])
    row = {
        "props": _props(said, contact.key, agency, seq, today),
        "record": record,
        "programs": list(contact.programs),
        "persons": [record_of for record_of, _ in persons],
        "staff": [staff.staff_id(*made_by)],
    }
    touchpoints.put_touchpoints(tx, [row], updated=[])
    compute_people(tx, sorted({person for _, person in persons}), token=uuid4().hex)
    compute_touched(tx, [business], token=uuid4().hex)
    return Logged(id, business, is_new=True)


def find_programs(tx: Transaction, ids: Sequence[str], agency: str) -> list[programs.Program]:
    """These programs, in this order. Raises NotFound, and Refused when none of them is the agency's own."""
    known = {program.id: program for program in programs.list_programs_by_id(tx, list(ids))}
    missing = [id for id in ids if id not in known]
    if missing:
        raise NotFound("One of the programs is not there any more. Choose again.")
    if all(program.agency_id != agency for program in known.values()):
        raise Refused("Choose at least one program of your own agency; add the partners' programs to it.")
    return [known[id] for id in ids]


def find_business_record(
    tx: Transaction, viewer: Viewer, agency: str, contact: Contact, seq: int, moment: str
) -> tuple[str, str]:
    """The agency's own record of the business, made if it has none, and the business's id."""
    if contact.business is None:
        return _add_business_record(tx, agency, contact.new_business, f"name:{name_key(contact.new_business)}", seq)
    if not businesses.lock_businesses(tx, [contact.business], uuid4().hex):
        raise NotFound("There is no such business any more.")
    own = business_records.find_own(tx, contact.business, agency)
    if own is not None:
        return own, contact.business
    # It is locked, and so it is there.
    name = businesses.find_name(tx, contact.business) or ""
    record = record_id("BusinessRecord", agency, SYSTEM, f"screen:{contact.business}")
    stub = _stub("BusinessRecord", agency, f"screen:{contact.business}", name, seq)
    business_records.add_stubs(tx, [stub])
    _bind(tx, "business", record, contact.business, businesses.founding_record_id(contact.business), viewer, moment)
    return record, contact.business


def _add_business_record(tx: Transaction, agency: str, name: str, key: str, seq: int) -> tuple[str, str]:
    record = record_id("BusinessRecord", agency, SYSTEM, key)
    found = resolution.find_resolved(tx, "business", [record])
    if record in found:
        return record, found[record]
    business_records.add_stubs(tx, [_stub("BusinessRecord", agency, key, name, seq)])
    business = businesses.business_id(record)
    resolution.assign(tx, "business", [{"record": record, "thing": business, "moved": False}])
    return record, business


def find_person_record(
    tx: Transaction, viewer: Viewer, agency: str, person: str, record: str, seq: int, moment: str
) -> tuple[str, str]:
    """The agency's own record of the person, made (as at this business record) if it has none, and the person's id."""
    current = people.find_current_id(tx, person)
    if current is None:
        raise NotFound(NOBODY)
    own = person_records.find_own(tx, current, agency)
    if own is not None:
        return own, current
    key, name = f"screen:{current}", people.find_name(tx, current)
    if name is None:
        raise NotFound(NOBODY)
    id = record_id("PersonRecord", agency, SYSTEM, key)
    stub = _stub("PersonRecord", agency, key, name, seq)
    person_records.add_stubs(tx, [{"props": stub, "record": record}])
    _bind(tx, "person", id, current, people.founding_record_id(current), viewer, moment)
    return id, current


def add_person_record(tx: Transaction, agency: str, name: str, record: str, seq: int) -> tuple[str, str]:
    """The agency's record of somebody of this name at a business record, made if it has none, and the person's id."""
    key = f"name:{name_key(name)}@{record}"
    id = record_id("PersonRecord", agency, SYSTEM, key)
    found = resolution.find_resolved(tx, "person", [id])
    if id in found:
        return id, found[id]
    stub = _stub("PersonRecord", agency, key, name, seq)
    person_records.add_stubs(tx, [{"props": stub, "record": record}])
    person = people.person_id(id)
    resolution.assign(tx, "person", [{"record": id, "thing": person, "moved": False}])
    return id, person


def _bind(tx: Transaction, kind: Kind, record: str, thing: str, founder: str, viewer: Viewer, moment: str) -> None:
    """Let a new record resolve to the thing that its maker chose, and remember that it was chosen."""
    resolution.assign(tx, kind, [{"record": record, "thing": thing, "moved": False}])
    judgements.add_judgement(
        tx, kind=kind, left=record, right=founder, verdict="same", by=viewer.email, at=moment, why="Chosen when logging"
    )


def _stub(label: records.Label, agency: str, key: str, name: str, seq: int) -> dict[str, Any]:
    return {
        "id": record_id(label, agency, SYSTEM, key),
        "agency_id": agency,
        "system": SYSTEM,
        "key": key,
        "ref": ref_of(agency, key),
        "name_ref": name_ref_of(agency, name),
        "name": " ".join(name.split()),
        "seq": seq,
        "said": seq,
        "stub": True,
    }


def say_cells(contact: Contact, agency: str, chosen: Sequence[programs.Program]) -> dict[str, str]:
    """What the form says, as the cells of the agency's touchpoints file; blanks left out."""
    cells = {
        "date": contact.on.isoformat(),
        "program": ";".join(p.name if p.agency_id == agency else f"{p.agency}:{p.name}" for p in chosen),
        "channel": contact.channel,
        "direction": contact.direction,
        "purpose": contact.purpose,
        "topics": contact.topics,
        "reached": contact.reached,
        "outcome": contact.outcome,
        "promise": contact.promise,
        "promise_due": contact.promise_due.isoformat() if contact.promise_due else "",
        "notes": contact.notes,
        "visibility": contact.visibility,
    }
    return {name: text for name, text in cells.items() if text}


def name_ties(tx: Transaction, record: str, persons: Sequence[str]) -> dict[str, str]:
    """How a row of the agency's touchpoints file would name these records: by source id, or a stub by its name."""
    cells = {
        "business": _name_records(tx, "BusinessRecord", [record]),
        "person": _name_records(tx, "PersonRecord", list(persons)),
    }
    return {name: cell for name, cell in cells.items() if cell}


def _name_records(tx: Transaction, label: records.Label, ids: list[str]) -> str:
    found = records.find_records(tx, label, ids)
    return ";".join(found[id].get("name", "") if found[id].get("stub") else found[id]["key"] for id in ids)


def _props(said: dict[str, str], form: str, agency: str, seq: int, today: date) -> dict[str, Any]:
    """All properties of a new contact: its cells, and what a record knows about itself."""
    key = f"screen-{form}"
    meta = {
        "id": record_id("Touchpoint", agency, SYSTEM, key),
        "agency_id": agency,
        "system": SYSTEM,
        "key": key,
        "seq": seq,
        "said": seq,
        "hash": f"screen {key}",
    }
    return said | meta | touchpoints.mark_due(said | meta, today=today.isoformat())
