"""The people whom agencies met, in memory: after every write they are what a fresh reading of the graph gives."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from crm.access import OWNER, Viewer
from crm.analysis.critical_mass import Meetings
from crm.graph import agencies
from crm.graph import decision_makers as graph
from crm.graph.driver import Store
from crm.graph.programs import program_id
from crm.graph.records import record_id
from crm.services import decision_makers, touchpoints
from crm.services.judgements import judge
from crm.services.touchpoints import Contact
from tests.factories import import_text, undo
from tests.worked_knocks import BUSINESSES, CONTACTS, PROGRAMS, find_business

PEOPLE = "agency,source_id,business,name,title,email\nWDB,P1,B1,Ann Ames,Owner,ann@acme.example\n"
MET = "agency,source_id,date,program,business,person,channel,purpose,reached\n"
WDB = agencies.agency_id("WDB")
JO = Viewer(user_id="u1", email="jo@wdb.example", agency_id=WDB, role="member")
Line = tuple[str, str, int, bool, bool]


@pytest.fixture
def region(db: Store) -> Store:
    for text in (PROGRAMS, BUSINESSES, PEOPLE, CONTACTS, f"{MET}WDB,M1,2026-02-01,Training,B1,P1,visit,needs,yes"):
        import_text(db, text)
    return db


def list_lines(meetings: Meetings) -> list[Line]:
    return sorted(
        (
            meetings.businesses[business],
            meetings.persons[person],
            int(day),
            bool(meetings.decides[person]),
            bool(meetings.untitled[person]),
        )
        for business, person, day in zip(meetings.business, meetings.person, meetings.day, strict=True)
    )


def find_person(db: Store, name: str) -> str:
    return db.read("MATCH (e:Executive {name: $name}) RETURN e.id AS id", name=name)[0]["id"]


def log(db: Store, **changes: object) -> touchpoints.Logged:
    contact = Contact(
        key="a" * 32,
        on=date(2026, 3, 1),
        programs=(program_id(WDB, "Training"),),
        business=find_business(db, "Acme Tool Inc"),
        purpose="needs",
        channel="visit",
    )
    return touchpoints.log_contact(db, JO, replace(contact, **changes), today=date(2026, 3, 2))  # type: ignore[arg-type]


def log_and_remove(db: Store) -> None:
    logged = log(db, new_person="Di Dole")
    decision_makers.get_meetings(db)
    touchpoints.remove_contact(db, JO, logged.id)


def import_and_undo(db: Store) -> None:
    done = import_text(db, f"{MET}College,M2,2026-02-02,Welding,Acme Tool Inc,Bob Bell,visit,needs,yes")
    decision_makers.get_meetings(db)
    undo(db, done)


def find_two_to_be_one(db: Store) -> None:
    import_text(db, "agency,source_id,business,name,title\nCollege,Q1,Acme Tool Inc,A. Ames,\n")
    import_text(db, f"{MET}College,M3,2026-02-03,Welding,Acme Tool Inc,Q1,visit,needs,yes")
    decision_makers.get_meetings(db)
    left, right = (
        record_id("PersonRecord", agencies.agency_id(agency), "plain", key)
        for agency, key in (("WDB", "P1"), ("College", "Q1"))
    )
    judge(db, OWNER, left=left, right=right, verdict="same", kind="person")
    decision_makers.get_meetings(db)
    judge(db, OWNER, left=left, right=right, verdict="different", kind="person")


WRITES: dict[str, Callable[[Store], object]] = {
    "a contact with somebody known": lambda db: log(db, persons=(find_person(db, "Ann Ames"),)),
    "a contact with somebody new": lambda db: log(db, new_person="Cy Cole"),
    "a contact that reached nobody": lambda db: log(db, persons=(find_person(db, "Ann Ames"),), reached="no"),
    "a contact taken back": log_and_remove,
    "another title": lambda db: import_text(db, PEOPLE.replace("Owner", "Recruiter")),
    "no title any more": lambda db: import_text(db, PEOPLE.replace("Owner", "")),
    "an import undone": import_and_undo,
    "two who are one, and are not": find_two_to_be_one,
    "a row that says another day": lambda db: import_text(db, f"{MET}WDB,M1,2026-02-09,Training,B1,P1,visit,needs,yes"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_is_kept_in_step_is_what_is_there(region: Store, write: Callable[[Store], object]) -> None:
    assert len(list_lines(decision_makers.get_meetings(region))) == 1
    write(region)
    kept = list_lines(decision_makers.get_meetings(region))
    decision_makers._kept.forget(region)
    assert kept == list_lines(decision_makers.get_meetings(region))


def test_a_graph_that_took_the_place_of_what_was_read_is_read_anew(region: Store) -> None:
    assert list_lines(decision_makers.get_meetings(region))
    region.write("MATCH (t:Touchpoint) DETACH DELETE t")
    region.write("MATCH (c:Clock {id: 'graph'}) SET c.version = 1")
    assert list_lines(decision_makers.get_meetings(region)) == []


def test_only_what_changed_is_read_again(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = decision_makers.get_meetings(region)
    assert decision_makers.get_meetings(region) is before
    monkeypatch.setattr(decision_makers, "_read", lambda *_: pytest.fail("everything was read anew"))
    log(region, persons=(find_person(region, "Ann Ames"),))
    assert len(decision_makers.get_meetings(region).day) == 2
    log(region, key="b" * 32, new_person="Cy Cole")
    assert len(decision_makers.get_meetings(region).day) == 3


def test_what_was_read_ahead_is_not_read_again(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known = list_lines(decision_makers.get_meetings(region))
    fresh = Store(region.settings)
    try:
        decision_makers.warm_up(fresh)
        for thread in threading.enumerate():
            if thread.name == "meetings":
                thread.join()
        monkeypatch.delattr(graph, "list_meetings")
        assert list_lines(decision_makers.get_meetings(fresh)) == known
    finally:
        fresh.close()
