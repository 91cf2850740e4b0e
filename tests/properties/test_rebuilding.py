"""Whatever happened to a region, it is what its records and judgements say: a rebuild from them changes nothing."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.access import OWNER, Viewer
from crm.errors import Refused
from crm.graph import edits, judgements
from crm.graph.agencies import agency_id
from crm.graph.driver import Store
from crm.graph.stale import Kind
from crm.services.edits import edit_contact, get_editable, undo_edit
from crm.services.judgements import judge, withdraw
from crm.services.resolution import recompute, resolve_new
from crm.services.table_edits import (
    Sitting,
    add_meeting,
    add_seat,
    cancel_meeting,
    end_seat,
    remove_meeting,
    remove_seat,
)
from crm.services.touchpoints import Contact, log_contact, remove_contact
from importers.undo import undo_import
from tests.conftest import empty_graph
from tests.factories import import_text, snapshot

NAMES = ("Acme Tool Inc", "ACME TOOL", "Zeta Foods LLC", "Zeta Foods", "Omega Plastics")
STREETS = ("12 Main St", "12 Main Street", "9 Oak Ave", "")
PHONES = ("815-555-0111", "8155550111", "815-555-0122", "")
AGENCIES = ("Board", "College", "Chamber")

Step = Callable[[Store, list[str]], None]


def a_business() -> st.SearchStrategy[str]:
    parts = [AGENCIES, tuple("123"), NAMES, STREETS, PHONES]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(lambda cells: f"{','.join(cells)},61101")


def a_contact() -> st.SearchStrategy[str]:
    days = ("2026-01-05", "2026-02-05", "2026-03-05")
    businesses = (*NAMES, "1", "2")
    people = ("Ana Silva", "Bo Ek", "p1", "Bo Ek;p2", "")
    parts = [AGENCIES, tuple("12345"), days, ("Training",), businesses, people]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(",".join)


def a_person() -> st.SearchStrategy[str]:
    parts = [AGENCIES, ("p1", "p2", ""), (*NAMES, "1", "2", ""), ("Ana Silva", "Bo Ek"), ("", "ana@x.example")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(",".join)


def a_referral() -> st.SearchStrategy[str]:
    parts = [AGENCIES, tuple("12"), ("Training", "Welding"), ("Port:Docks", "College:Welding"), (*NAMES, "1")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(lambda cells: f"{','.join(cells)},2026-01-01")


def an_agreement() -> st.SearchStrategy[str]:
    parts = [("Lead", "Other"), ("Board;College", "College;Chamber", "Board;Harbor"), ("", "Board:1", "Elsewhere:7")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(
        lambda cells: f"{cells[0]},{cells[1]},2026-01-01,{cells[2]}"
    )


TABLES = ("Panel", "Council", "Board:Panel", "College:Panel")


def a_table() -> st.SearchStrategy[str]:
    parts = [TABLES[:2], AGENCIES, ("", "Food"), ("", "1.5")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(",".join)


def a_seat() -> st.SearchStrategy[str]:
    people = ("Ana Silva", "Bo Ek", "p1", "Board:p1", "ana@x.example")
    days, ends = ("", "2026-01-05"), ("", "2026-06-05")
    parts = [TABLES, (*NAMES, "1", "Board:1"), people, days, ends, ("", "Owner", "Head"), ("", "ana@x.example")]
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(",".join)


def a_meeting() -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(TABLES), st.sampled_from(("2026-01-05", "2026-05-05"))).map(",".join)


def get_first_cell(row: str) -> str:
    return row.partition(",")[0]


def importing(
    header: str, rows: st.SearchStrategy[str], *, once: Callable[[str], str] | None = None
) -> st.SearchStrategy[Step]:
    """`once`: what no two rows of a file share."""

    def step(lines: list[str]) -> Step:
        def run(db: Store, done: list[str]) -> None:
            result = import_text(db, "\n".join([header, *lines]))
            assert result.id is not None
            done.append(result.id)

        return run

    return st.lists(rows, min_size=1, max_size=5, unique_by=once).map(step)


def undoing() -> st.SearchStrategy[Step]:
    def step(place: int) -> Step:
        def run(db: Store, done: list[str]) -> None:
            if done:
                undo_import(db, done.pop(place % len(done)))

        return run

    return st.integers(0, 20).map(step)


VERDICTS = ("same", "firm", "two_firms", "different", "unsure", "back")
OF_PEOPLE = ("same", "moved", "different", "back")


RECORDS = {
    "business": "MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id",
    "person": "MATCH (r:PersonRecord) RETURN r.id AS id ORDER BY id",
}


def judging(kind: Kind, verdicts: tuple[str, ...]) -> st.SearchStrategy[Step]:
    def step(what: tuple[int, int, str]) -> Step:
        def run(db: Store, _: list[str]) -> None:
            ids: list[Any] = [row["id"] for row in db.read(RECORDS[kind])]
            if len(ids) > 1:
                left, right = what[0] % len(ids), what[1] % len(ids)
                said = judgements.find_of_pair(db, ids[left], ids[right])
                if what[2] == "back" and said:
                    withdraw(db, OWNER, said["id"])
                elif left != right and what[2] != "back":
                    judge(db, OWNER, left=ids[left], right=ids[right], verdict=what[2], kind=kind)

        return run

    return st.tuples(st.integers(0, 50), st.integers(0, 50), st.sampled_from(verdicts)).map(step)


# Contacts that no file has said anything about, with their revisions.
LOGGED = "MATCH (t:Touchpoint) WHERE t.import_id IS NULL RETURN t.id AS id, t.said AS said ORDER BY id"
TODAY = date(2026, 3, 31)
SAYS = ("topics", "promise", "notes")


def member_of(agency: str) -> Viewer:
    return Viewer("u1", "kim@example.org", agency_id(agency), "member")


def list_ids(db: Store, label: str) -> list[str]:
    query = {
        "b": "MATCH (n:Business) RETURN n.id AS id ORDER BY id",
        "e": "MATCH (n:Executive) RETURN n.id AS id ORDER BY id",
    }
    return [row["id"] for row in db.read(query[label])]  # type: ignore[arg-type]


def find_own_program(db: Store, agency: str) -> str | None:
    rows = db.read("MATCH (p:Program)-[:OF]->(:Agency {id: $id}) RETURN p.id AS id ORDER BY id", id=agency)
    return rows[0]["id"] if rows else None


def say(db: Store, contact: Contact, what: tuple[int, int, str, str, str]) -> Contact:
    """The contact with another business (there or new), person and words."""
    place, person, name, new_person, text = what
    known, people = list_ids(db, "b"), list_ids(db, "e")
    business = known[place % len(known)] if known and place % 3 else None
    return replace(
        contact,
        business=business,
        new_business="" if business else name,
        persons=(people[person % len(people)],) if people and person % 2 else (),
        new_person=new_person,
        **dict.fromkeys(SAYS, text),
    )


def a_saying() -> st.SearchStrategy[tuple[int, int, str, str, str]]:
    people = ("Ana Silva", "Bo Ek", "")
    return st.tuples(
        st.integers(0, 50), st.integers(0, 20), st.sampled_from(NAMES), st.sampled_from(people), st.sampled_from("ab")
    )


def logging() -> st.SearchStrategy[Step]:
    def step(what: tuple[str, tuple[int, int, str, str, str]]) -> Step:
        def run(db: Store, _: list[str]) -> None:
            agency, saying = what
            program = find_own_program(db, agency_id(agency))
            if program is not None:
                key = f"form-{len(db.read(LOGGED))}"
                log_contact(db, member_of(agency), say(db, Contact(key, TODAY, (program,)), saying), today=TODAY)

        return run

    return st.tuples(st.sampled_from(AGENCIES), a_saying()).map(step)


def changing() -> st.SearchStrategy[Step]:
    """Edit one of the contacts that were logged, take its last edit back, or take it back itself."""

    def step(what: tuple[str, int, tuple[int, int, str, str, str]]) -> Step:
        def run(db: Store, _: list[str]) -> None:
            kind, place, saying = what
            logged = db.read(LOGGED)
            if not logged:
                return
            id, said = (logged[place % len(logged)][name] for name in ("id", "said"))
            if kind == "edit":
                seen = get_editable(db, OWNER, id)
                edit_contact(db, OWNER, id, say(db, seen.contact, saying), revision=seen.revision, today=TODAY)
            elif kind == "remove":
                remove_contact(db, OWNER, id)
            elif edits.find_edit(db, id, said):
                undo_edit(db, OWNER, id, revision=said, today=TODAY)

        return run

    return st.tuples(st.sampled_from(("edit", "edit", "undo", "remove")), st.integers(0, 9), a_saying()).map(step)


SEATS = "MATCH (s:Seat) RETURN s.id AS id, s.import_id AS file, s.ended_said AS ended ORDER BY id"
MEETINGS = "MATCH (m:Meeting) RETURN m.id AS id, m.import_id AS file, m.cancelled_at AS off ORDER BY id"
KNOWN_TABLES = "MATCH (t:Table) RETURN t.id AS id ORDER BY id"


def seating() -> st.SearchStrategy[Step]:
    """Add a seat on the screen, end one, or take either back; add a meeting or call one off."""

    def step(what: tuple[str, int, tuple[int, int, str, str, str]]) -> Step:
        def run(db: Store, _: list[str]) -> None:
            kind, place, (business, person, name, new_person, _text) = what
            tables, seats, meetings = (db.read(query) for query in (KNOWN_TABLES, SEATS, MEETINGS))
            known, people = list_ids(db, "b"), list_ids(db, "e")
            there = known[business % len(known)] if known and business % 3 else None
            who = people[person % len(people)] if people and person % 2 else None
            sitting = Sitting(there, "" if there else name, who, "" if who else new_person or "Cy Young")
            with contextlib.suppress(Refused):
                if kind == "seat" and tables:
                    add_seat(db, OWNER, tables[place % len(tables)]["id"], sitting, today=TODAY)
                elif kind == "end" and seats:
                    end_seat(db, OWNER, seats[place % len(seats)]["id"], on=TODAY, today=TODAY)
                elif kind == "remove" and (own := [seat["id"] for seat in seats if seat["file"] is None]):
                    remove_seat(db, OWNER, own[place % len(own)])
                elif kind == "meeting" and tables:
                    add_meeting(db, OWNER, tables[place % len(tables)]["id"], on=TODAY, today=TODAY)
                elif kind == "cancel" and meetings:
                    cancel_meeting(db, OWNER, meetings[place % len(meetings)]["id"])

        return run

    kinds = ("seat", "seat", "end", "remove", "meeting", "cancel")
    return st.tuples(st.sampled_from(kinds), st.integers(0, 9), a_saying()).map(step)


STEPS = st.lists(
    st.one_of(
        importing("agency,source_id,name,street,phone,zip", a_business()),
        importing("agency,source_id,date,program,business,person", a_contact()),
        importing("agency,source_id,business,name,email", a_person()),
        importing("agency,source_id,from_program,to_program,business,offered_on", a_referral()),
        # An agency that only a row said which a later row of the same file overrules is still made, and stays.
        importing("name,agencies,from,businesses", an_agreement(), once=get_first_cell),
        importing("table,agency,sector,hours", a_table()),
        importing("table,business,person,from,to,title,email", a_seat()),
        importing("table,date", a_meeting()),
        seating(),
        undoing(),
        judging("business", VERDICTS),
        judging("person", OF_PEOPLE),
        logging(),
        changing(),
    ),
    min_size=2,
    max_size=9,
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_history_of_imports_contacts_edits_judgements_and_undo_equals_a_rebuild(
    db: Store, steps: list[Step]
) -> None:
    empty_graph(db)
    done: list[str] = []
    for step in steps:
        step(db, done)
    resolve_new(db)
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=importing("agency,source_id,name,street,phone,zip", a_business()), steps=STEPS)
def test_undoing_everything_leaves_nothing(db: Store, first: Step, steps: list[Step]) -> None:
    empty_graph(db)
    done: list[str] = []
    for step in (first, *steps):
        step(db, done)
    for row in db.read(LOGGED):
        remove_contact(db, OWNER, row["id"])
    remove_seatings(db)
    while done:
        undo_import(db, done.pop())
    for row in db.read(LOGGED):
        remove_contact(db, OWNER, row["id"])
    remove_seatings(db)
    assert snapshot(db) == ({}, set())


def remove_seatings(db: Store) -> None:
    """Take back the seats and meetings that were added on the screen."""
    for row in db.read(SEATS):
        if row["file"] is None:
            remove_seat(db, OWNER, row["id"])
    for row in db.read(MEETINGS):
        if row["file"] is None:
            remove_meeting(db, OWNER, row["id"])
