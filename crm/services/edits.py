"""Edits: a contact that was logged on the screen is corrected, and an edit is taken back.

Whoever edits says at which revision they saw the contact; the query that writes checks it, so of two people who edit
one contact at a time the second is told what the first has said, and nothing is lost. Both businesses of a contact
that moves are computed in the same transaction.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import uuid4

from crm.access import Viewer
from crm.errors import Conflict, NotFound, Refused
from crm.graph import (
    business_records,
    businesses,
    edits,
    imports,
    people,
    person_records,
    programs,
    records,
    resolution,
    touchpoints,
)
from crm.graph.dossiers import TimelineLine
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.stale import Kind
from crm.graph.touchpoints import Tied
from crm.moments import now
from crm.services.golden import compute_people, compute_touched
from crm.services.retractions import Loose, sweep_stubs
from crm.services.touchpoints import (
    Contact,
    add_person_record,
    check_contact,
    find_business_record,
    find_person_record,
    find_programs,
    get_changeable,
    name_ties,
    say_cells,
)

CHANGED = "Somebody else has changed this contact in the meantime. Nothing of yours was saved."
LATE = "This contact has been changed again since, so this edit cannot be taken back any more. Edit it instead."
# What the form says in words; what it says by choosing (day, programs, business, persons) is compared as it is.
TEXTS = ("channel", "direction", "purpose", "topics", "reached", "outcome", "promise", "notes", "visibility")
CELLS = frozenset((*TEXTS, "date", "program", "business", "person", "promise_due"))
DERIVED = frozenset(("joint_plan", "plan", "promise_open"))


@dataclass(frozen=True)
class Editable:
    """A contact as one who may change it sees it. `has_closed_notes`: of notes that are not theirs to read."""

    id: str
    agency_id: str
    revision: int
    contact: Contact
    has_closed_notes: bool


@dataclass(frozen=True)
class Edited:
    """What an edit did: the contact's revision and business now, and which fields of the form differ from before."""

    id: str
    business: str
    revision: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """That a contact says what it says since somebody edited it: who, and when (an ISO instant)."""

    by: str
    at: str


def find_mark(db: Reader, viewer: Viewer, line: TimelineLine) -> Mark | None:
    """Who last edited a contact that the viewer sees; None for one that says what was logged."""
    edit = edits.find_edit(db, line.id, line.revision)
    return Mark(edit.by, edit.at) if edit else None


def get_editable(db: Store, viewer: Viewer, id: str) -> Editable:
    """Raises NotFound; NotAllowed for another agency's contact, and for one that came with a file."""
    get_changeable(db, viewer, id)
    tied = touchpoints.find_tied(db, id)
    if tied is None:
        raise NotFound("There is no such contact.")
    return _see(tied, viewer)


def edit_contact(db: Store, viewer: Viewer, id: str, contact: Contact, *, revision: int, today: date) -> Edited:
    """Let a contact say what `contact` says (whose key does not count); one that says nothing new is left alone.

    Notes stay as they are where the viewer may not read them. Raises as `get_editable`, Refused for what cannot be, and
    Conflict when the contact is not at this revision any more.
    """
    get_changeable(db, viewer, id)
    check_contact(contact, today)
    moment = now()
    return db.transact(lambda tx: _Edit(tx, viewer, _hold(tx, id, revision, CHANGED), moment, today).write(contact))


def undo_edit(db: Store, viewer: Viewer, id: str, *, revision: int, today: date) -> str:
    """Take back the edit that brought a contact to this revision; returns its business's id.

    What was said of its promise since (that it was kept) stays. Raises as `get_editable`, and Conflict when the contact
    was changed again.
    """
    get_changeable(db, viewer, id)
    return db.transact(lambda tx: _undo(tx, _hold(tx, id, revision, LATE), today))


def _hold(tx: Transaction, id: str, revision: int, refusal: str) -> Tied:
    """The contact with its ties, held until the transaction ends. Raises Conflict."""
    held = touchpoints.hold_touchpoint(tx, id, revision=revision, token=uuid4().hex)
    tied = touchpoints.find_tied(tx, id) if held else None
    if tied is None:
        raise Conflict(refusal)
    return replace(tied, contact={name: value for name, value in tied.contact.items() if name not in DERIVED})


def _see(tied: Tied, viewer: Viewer) -> Editable:
    said = tied.contact
    own = viewer.is_owner or viewer.agency_id == said["agency_id"]
    texts = {name: said.get(name, "") for name in TEXTS if name != "notes" or own}
    due = said.get("promise_due")
    return Editable(
        id=said["id"],
        agency_id=said["agency_id"],
        revision=said["said"],
        contact=Contact(
            key=said["key"],
            on=date.fromisoformat(said["date"]),
            programs=tuple(tied.programs),
            business=tied.business,
            persons=tuple(person for _, person in tied.persons),
            promise_due=date.fromisoformat(due) if due else None,
            **texts,
        ),
        has_closed_notes=bool(said.get("notes")) and not own,
    )


class _Edit:
    """One edit on its way into the graph."""

    def __init__(self, tx: Transaction, viewer: Viewer, tied: Tied, moment: str, today: date) -> None:
        self._tx = tx
        self._viewer = viewer
        self._tied = tied
        self._moment = moment
        self._today = today
        self._id: str = tied.contact["id"]
        self._agency: str = tied.contact["agency_id"]

    def write(self, said: Contact) -> Edited:
        tx, tied = self._tx, self._tied
        before = _see(tied, self._viewer)
        contact = _settle(tx, said, before.contact)
        changed = list_changed(before.contact, contact)
        if not changed:
            return Edited(self._id, tied.business, before.revision, ())
        chosen = find_programs(tx, contact.programs, self._agency)
        seq = imports.take_number(tx) * records.ROWS_A_NUMBER
        businesses.lock_businesses(tx, sorted({tied.business, contact.business or tied.business}), uuid4().hex)
        record, business = tied.record, tied.business
        if contact.business != tied.business:
            record, business = find_business_record(tx, self._viewer, self._agency, contact, seq, self._moment)
        persons = self._find_persons(contact, record, seq)
        kept = _keep(tx, tied)
        cells = say_cells(contact, self._agency, chosen) | name_ties(tx, record, [of for of, _ in persons])
        row = {
            "props": self._props(cells, closed=before.has_closed_notes, seq=seq),
            "record": record,
            "programs": list(contact.programs),
            "persons": [of for of, _ in persons],
            "staff": tied.staff,
        }
        touchpoints.put_touchpoints(tx, [row], updated=[self._id])
        by = self._viewer.email or self._viewer.user_id
        edits.add_edit(tx, touchpoint=self._id, revision=seq, by=by, at=self._moment, before=kept)
        _finish(tx, left=tied, now=(record, business), persons=persons)
        return Edited(self._id, business, seq, changed)

    def _find_persons(self, contact: Contact, record: str, seq: int) -> list[tuple[str, str]]:
        """(record, person) of everybody who was met. Whom only this form has named goes with it to another business."""
        tx, agency = self._tx, self._agency
        there = {person: of for of, person in self._tied.persons}
        stubs = records.find_records(tx, "PersonRecord", list(there.values())) if record != self._tied.record else {}
        found: list[tuple[str, str]] = []
        for person in contact.persons:
            stub = stubs.get(there.get(person, ""), {})
            if stub.get("stub") and stub["key"].startswith("name:"):
                found.append(add_person_record(tx, agency, stub["name"], record, seq))
            elif person in there:
                found.append((there[person], person))
            else:
                found.append(find_person_record(tx, self._viewer, agency, person, record, seq, self._moment))
        if contact.new_person.strip():
            found.append(add_person_record(tx, agency, contact.new_person, record, seq))
        return list(dict.fromkeys(found))

    def _props(self, cells: dict[str, str], *, closed: bool, seq: int) -> dict[str, Any]:
        """All properties of the contact: what the form says, and what it was born with and the form does not say."""
        before = self._tied.contact
        kept = {name: value for name, value in before.items() if name not in CELLS or (closed and name == "notes")}
        if "promise" not in cells:
            kept.pop("promise_kept_on", None)
        props = cells | kept | {"said": seq}
        return props | touchpoints.mark_due(props, today=self._today.isoformat())


def _settle(tx: Transaction, said: Contact, before: Contact) -> Contact:
    """What was said, with ids as they are today, and with the old text where only its line ends differ."""
    business = said.business
    if business is not None:
        business = businesses.find_current_id(tx, business)
        if business is None:
            raise NotFound("There is no such business any more.")
    persons = tuple(people.find_current_id(tx, person) or person for person in said.persons)
    same = {
        name: getattr(before, name)
        for name in TEXTS
        if _comparable(getattr(said, name)) == _comparable(getattr(before, name))
    }
    return replace(said, key=before.key, business=business, persons=persons, **same)


def list_changed(before: Contact, after: Contact) -> tuple[str, ...]:
    """The fields of the form in which two contacts differ; the order in which things were chosen does not count."""
    differing = {
        field.name
        for field in fields(Contact)
        if _comparable(getattr(before, field.name)) != _comparable(getattr(after, field.name))
    }
    if "new_business" in differing:
        differing = differing - {"new_business"} | {"business"}
    if "new_person" in differing:
        differing = differing - {"new_person"} | {"persons"}
    return tuple(field.name for field in fields(Contact) if field.name in differing)


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return value.splitlines()  # A browser ends lines in its own way.
    return sorted(value) if isinstance(value, tuple) else value


def _keep(tx: Transaction, tied: Tied) -> dict[str, Any]:
    """What the contact is before the edit, with who the records are that may go with it."""
    return {
        "contact": tied.contact,
        "programs": tied.programs,
        "staff": tied.staff,
        "business": _who(tx, "BusinessRecord", tied.record) | {"thing": tied.business},
        "persons": [_who(tx, "PersonRecord", of) | {"thing": person} for of, person in tied.persons],
    }


def _who(tx: Reader, label: records.Label, id: str) -> dict[str, Any]:
    """Who a record is, so that it can be made again: of a stub everything, of others what tells which one it is."""
    record = records.find_records(tx, label, [id])[id]
    identity = record if record.get("stub") else records.identity_of(record)
    employer = person_records.list_business_records(tx, [id]) if label == "PersonRecord" else set[str]()
    return {
        "record": identity,
        "employer": next(iter(sorted(employer)), None),
    }


def _undo(tx: Transaction, tied: Tied, today: date) -> str:
    said = tied.contact
    edit = edits.find_edit(tx, said["id"], said["said"])
    if edit is None:
        raise Conflict(LATE)
    before = edit.before
    if len(programs.list_programs_by_id(tx, before["programs"])) < len(before["programs"]):
        raise Refused("One of the programs that it had is not there any more. Edit the contact instead.")
    record, business = _bring_business(tx, before["business"])
    persons = [_bring_person(tx, who) for who in before["persons"]]
    row = {
        "props": _restore(before["contact"], said, today),
        "record": record,
        "programs": before["programs"],
        "persons": [of for of, _ in persons],
        "staff": before["staff"],
    }
    touchpoints.put_touchpoints(tx, [row], updated=[said["id"]])
    edits.delete_edit(tx, edit.id)
    _finish(tx, left=tied, now=(record, business), persons=persons)
    return business


def _restore(before: Row, now: Row, today: date) -> Row:
    props = dict(before)
    if before.get("promise") and now.get("promise"):
        # Whether it was kept is not the form's to say, so the newest word counts.
        props.pop("promise_kept_on", None)
        props |= {"promise_kept_on": now["promise_kept_on"]} if now.get("promise_kept_on") else {}
    return props | touchpoints.mark_due(props, today=today.isoformat())


def _bring_business(tx: Transaction, who: Row) -> tuple[str, str]:
    """The business record that a contact was with before, made again if it went, and the business's id."""
    id: str = who["record"]["id"]
    found = resolution.find_resolved(tx, "business", [id])
    if id not in found:
        thing = businesses.find_current_id(tx, who["thing"])
        business_records.add_stubs(tx, [who["record"]])
        _resolve_again(tx, "business", id, thing or businesses.business_id(id))
        found = resolution.find_resolved(tx, "business", [id])
    return id, found[id]


def _bring_person(tx: Transaction, who: Row) -> tuple[str, str]:
    """The same for a person record."""
    id: str = who["record"]["id"]
    found = resolution.find_resolved(tx, "person", [id])
    if id not in found:
        thing = people.find_current_id(tx, who["thing"])
        person_records.add_stubs(tx, [{"props": who["record"], "record": who["employer"]}])
        _resolve_again(tx, "person", id, thing or people.person_id(id))
        found = resolution.find_resolved(tx, "person", [id])
    return id, found[id]


def _resolve_again(tx: Transaction, kind: Kind, record: str, thing: str) -> None:
    """It is matched again later; what was chosen on the screen stays chosen, for that is a judgement."""
    resolution.assign(tx, kind, [{"record": record, "thing": thing, "moved": False}])


def _finish(tx: Transaction, *, left: Tied, now: tuple[str, str], persons: list[tuple[str, str]]) -> None:
    """Take out what only the contact had use for before, and compute what it was with and what it is with.

    Programs that no contact names any more stay until the next retraction: the way back needs them, and so does the
    form.
    """
    record, business = now
    gone = Loose(
        businesses={left.record} - {record}, persons={of for of, _ in left.persons} - {of for of, _ in persons}
    )
    sweep_stubs(tx, gone)
    known = {person for _, person in (*left.persons, *persons)}
    compute_people(tx, sorted(known), token=uuid4().hex)
    compute_touched(tx, sorted({left.business, business}), token=uuid4().hex)
