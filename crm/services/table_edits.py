"""Seats and meetings that are added or ended on the screen, by a member of the agency whose table it is.

A seat is added as the agency's roster would say it, so that a later row that says the same is the same seat. Each
change is one transaction, and can be taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from crm.access import Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import businesses, imports, meetings, records, resolution, seats
from crm.graph.agencies import name_key
from crm.graph.driver import Store, Transaction
from crm.graph.records import Label, record_id
from crm.graph.tables import SYSTEM
from crm.moments import now
from crm.services.golden import compute_people, compute_touched
from crm.services.retractions import Loose, delete, note_ties, sweep
from crm.services.touchpoints import (
    EARLIEST,
    FURTHEST_DAYS,
    Contact,
    add_person_record,
    find_business_record,
    find_person_record,
    may_change,
    name_ties,
)


@dataclass(frozen=True)
class Sitting:
    """What the form says: either `business` (an id) or `new_business` (a name); likewise the person."""

    business: str | None = None
    new_business: str = ""
    person: str | None = None
    new_person: str = ""
    begins_on: date | None = None
    ends_on: date | None = None


def get_own_table(db: Store, viewer: Viewer, id: str) -> dict[str, Any]:
    """The properties of a table of the viewer's agency (an administrator's: of any). Raises NotFound or NotAllowed."""
    found = records.find_records(db, "Table", [id]).get(id)
    if found is None:
        raise NotFound("There is no such table.")
    if not may_change(viewer, found["agency_id"]):
        raise NotAllowed("Only the agency that convenes a table, or an administrator, can change it.")
    return found


def add_seat(db: Store, viewer: Viewer, table_id: str, sitting: Sitting, *, today: date) -> str:
    """Seat somebody at a table; returns the seat's id.

    Raises as `get_own_table`, Refused for what cannot be and for a seat that is there, NotFound for a business or
    person that is not.
    """
    table = get_own_table(db, viewer, table_id)
    check_sitting(sitting, today)
    business = sitting.business and businesses.find_current_id(db, sitting.business)
    if sitting.business and not business:
        raise NotFound("There is no such business any more.")
    with_business = Contact(key="", on=today, programs=(), business=business or None, new_business=sitting.new_business)
    return db.transact(lambda tx: _add_seat(tx, viewer, table, sitting, with_business))


def _add_seat(tx: Transaction, viewer: Viewer, table: dict[str, Any], sitting: Sitting, contact: Contact) -> str:
    agency, moment = table["agency_id"], now()
    seq = imports.take_number(tx) * records.ROWS_A_NUMBER
    record, business = find_business_record(tx, viewer, agency, contact, seq, moment)
    if sitting.person:
        person_record, person = find_person_record(tx, viewer, agency, sitting.person, record, seq, moment)
    else:
        person_record, person = add_person_record(tx, agency, sitting.new_person, record, seq)
    cells = {"table": table["name"], **name_ties(tx, record, [person_record])}
    cells |= {"from": sitting.begins_on.isoformat() if sitting.begins_on else ""}
    cells |= {"to": sitting.ends_on.isoformat() if sitting.ends_on else ""}
    key = " | ".join(name_key(cells.get(name, "")) for name in ("table", "business", "person", "from"))
    id = record_id("Seat", agency, SYSTEM, key)
    if id in records.find_records(tx, "Seat", [id]):
        raise Refused("That seat is in the list already.")
    said = {name: cell for name, cell in cells.items() if cell}
    row = {"props": said | _meta("Seat", agency, key, seq), "table": table["id"]}
    seats.put_seats(tx, [row | {"record": record, "person": person_record}], updated=[])
    compute_people(tx, [person], token=uuid4().hex)
    compute_touched(tx, [business], token=uuid4().hex)
    tx.tick()
    return id


def check_sitting(sitting: Sitting, today: date) -> None:
    """Raises Refused for what cannot be a seat, whatever the graph holds."""
    if (sitting.business is None) == (not sitting.new_business.strip()):
        raise Refused("Choose the business, or type the name of a new one.")
    if (sitting.person is None) == (not sitting.new_person.strip()):
        raise Refused("Choose the person, or type the name of somebody new.")
    for day in (sitting.begins_on, sitting.ends_on):
        if day is not None:
            check_day(day, today)
    if sitting.begins_on and sitting.ends_on and sitting.ends_on < sitting.begins_on:
        raise Refused("The seat cannot end before it begins.")


def check_day(day: date, today: date) -> None:
    """Raises Refused for a day that is a slip of the pen."""
    if day < EARLIEST or (day - today).days > FURTHEST_DAYS:
        raise Refused(f"{day.isoformat()} cannot be the day. Check the year.")


def remove_seat(db: Store, viewer: Viewer, id: str) -> str:
    """Take back a seat that was added on the screen; returns its table's id. Raises NotFound or NotAllowed."""
    return _change(db, viewer, "Seat", id, lambda tx, found: _remove(tx, "Seat", found), added=True)


def end_seat(db: Store, viewer: Viewer, id: str, *, on: date, today: date) -> tuple[str, int]:
    """Say the last day of a seat, also of one that came with a roster; returns its table's id and the revision.

    Raises NotFound, NotAllowed for another agency's, Refused for a day that cannot be.
    """
    check_day(on, today)

    def end(tx: Transaction, found: dict[str, Any]) -> int:
        if on.isoformat() < found.get("from", ""):
            raise Refused("The seat cannot end before it begins.")
        said = imports.take_number(tx) * records.ROWS_A_NUMBER
        seats.set_end(tx, id, on=on.isoformat(), said=said)
        return said

    revisions: list[int] = []
    table = _change(db, viewer, "Seat", id, lambda tx, found: revisions.append(end(tx, found)))
    return table, revisions[-1]


def undo_end(db: Store, viewer: Viewer, id: str, *, revision: int) -> str:
    """Take back that a seat was ended; returns its table's id. Raises Conflict where something newer was said."""

    def undo(tx: Transaction, found: dict[str, Any]) -> None:
        if found.get("ended_said") != revision:
            raise Conflict("Something newer was said of this seat. Look at it again.")
        seats.set_end(tx, id, on=None, said=None)

    return _change(db, viewer, "Seat", id, undo)


def add_meeting(db: Store, viewer: Viewer, table_id: str, *, on: date, today: date) -> str:
    """Note that a table met, or will; returns the meeting's id. One that was called off takes place after all.

    Raises as `get_own_table`, and Refused for a day that cannot be and for a meeting that is there.
    """
    table = get_own_table(db, viewer, table_id)
    check_day(on, today)
    key = f"{name_key(table['name'])} | {on.isoformat()}"
    id = record_id("Meeting", table["agency_id"], SYSTEM, key)

    def add(tx: Transaction) -> None:
        there = records.find_records(tx, "Meeting", [id]).get(id)
        if there and not there.get("cancelled_at"):
            raise Refused("That meeting is in the list already.")
        if there:
            meetings.set_cancelled(tx, id, at=None)
        else:
            said = {"table": table["name"], "date": on.isoformat()}
            seq = imports.take_number(tx) * records.ROWS_A_NUMBER
            row = {"props": said | _meta("Meeting", table["agency_id"], key, seq), "table": table["id"]}
            meetings.put_meetings(tx, [row], updated=[])
        tx.tick()

    db.transact(add)
    return id


def remove_meeting(db: Store, viewer: Viewer, id: str) -> str:
    """Take back a meeting that was added on the screen; returns its table's id. One that came with a file, and was put
    back, is called off again. Raises NotFound or NotAllowed.
    """
    at = now()

    def remove(tx: Transaction, found: dict[str, Any]) -> None:
        if found.get("import_id"):
            meetings.set_cancelled(tx, id, at=at)
        else:
            _remove(tx, "Meeting", found)

    return _change(db, viewer, "Meeting", id, remove)


def cancel_meeting(db: Store, viewer: Viewer, id: str) -> str:
    """Call a meeting off, also one that came with a file; returns its table's id. Raises NotFound or NotAllowed."""
    at = now()
    return _change(db, viewer, "Meeting", id, lambda tx, found: meetings.set_cancelled(tx, id, at=at))


def restore_meeting(db: Store, viewer: Viewer, id: str) -> str:
    """Take back that a meeting was called off; returns its table's id. Raises NotFound or NotAllowed."""
    return _change(db, viewer, "Meeting", id, lambda tx, found: meetings.set_cancelled(tx, id, at=None))


def get_seat(db: Store, viewer: Viewer, id: str) -> dict[str, Any]:
    """The properties of a seat at a table of the viewer's agency. Raises NotFound or NotAllowed."""
    return _get_own(db, viewer, "Seat", id)


def _get_own(db: Store, viewer: Viewer, label: Label, id: str) -> dict[str, Any]:
    found = records.find_records(db, label, [id]).get(id)
    if found is None:
        raise NotFound(f"There is no such {label.lower()}.")
    if not may_change(viewer, found["agency_id"]):
        raise NotAllowed("Only the agency that convenes a table, or an administrator, can change it.")
    return found


def _change(
    db: Store,
    viewer: Viewer,
    label: Label,
    id: str,
    work: Callable[[Transaction, dict[str, Any]], object],
    *,
    added: bool = False,
) -> str:
    """Do something with a seat or a meeting of the viewer's agency; returns its table's id. `added`: only one that was
    added on the screen."""
    found = _get_own(db, viewer, label, id)
    if added and found.get("import_id"):
        raise NotAllowed("This came with a file. Correct its row and import it again, or undo the import.")

    def run(tx: Transaction) -> None:
        work(tx, _read_again(tx, label, id))
        tx.tick()

    db.transact(run)
    return record_id("Table", found["agency_id"], SYSTEM, name_key(found["table"]))


def _read_again(tx: Transaction, label: Label, id: str) -> dict[str, Any]:
    found = records.find_records(tx, label, [id]).get(id)
    if found is None:
        raise NotFound(f"There is no such {label.lower()} any more.")
    return found


def _remove(tx: Transaction, label: Label, found: dict[str, Any]) -> None:
    loose = Loose(agencies={found["agency_id"]})
    note_ties(tx, label, [found["id"]], loose)
    touched = set(resolution.find_resolved(tx, "business", sorted(loose.businesses)).values())
    known = set(resolution.find_resolved(tx, "person", sorted(loose.persons)).values())
    delete(tx, label, [found["id"]])
    sweep(tx, loose)
    compute_people(tx, sorted(known), token=uuid4().hex)
    compute_touched(tx, sorted(touched), token=uuid4().hex)


def _meta(label: Label, agency: str, key: str, seq: int) -> dict[str, Any]:
    return {
        "id": record_id(label, agency, SYSTEM, key),
        "agency_id": agency,
        "system": SYSTEM,
        "key": key,
        "seq": seq,
        "said": seq,
        "hash": f"screen {key}",
    }
