"""Businesses that are new are made with all that is computed of them, once, whoever else writes at that moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from threading import Event
from typing import Any

import pytest

from crm.access import Viewer
from crm.errors import Conflict
from crm.graph import agencies, leases, resolution, stale
from crm.graph.driver import Store, Transaction
from crm.graph.leases import lease
from crm.services import founding, from_nothing, kept_records, retractions
from crm.services.resolution import recompute, resolve_new
from crm.services.touchpoints import Contact, log_contact
from importers import load
from tests.factories import import_text, snapshot

HEADER = "agency,source_id,name,street,zip,phone"
NAMES = ("Acme Tool", "Bolt Works", "Corn Mill", "Dairy Hill", "Elm Press", "Ferry Dock", "Grain Silo")
ROWS = [f"Board,{n},{name},{n} Oak St,61101,81555501{n:02}" for n, name in enumerate(NAMES)]
# The same business in another agency's words: it is made of both records.
ROWS.append("College,9,ACME TOOL INC,0 Oak Street,61101,(815) 555-0100")
TIES = "MATCH (r:BusinessRecord)-[:RESOLVES_TO]->(b:Business) RETURN r.id AS record, b.id AS thing"
CONTACTS = "MATCH (b:Business {name: $name}) RETURN b.id AS id, b.contact_count AS contacts"


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "AT_ONCE", 2)


@pytest.fixture
def loaded(db: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A region in which records are that nobody has matched."""
    with monkeypatch.context() as patch:
        patch.setattr(load, "resolve_new", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            import_text(db, "\n".join([HEADER, *ROWS]))
        with pytest.raises(KeyboardInterrupt):
            import_text(
                db, "agency,source_id,date,program,business,channel,purpose\nBoard,t1,2026-01-05,Training,1,visit,needs"
            )
    return db


def check_whole(db: Store) -> None:
    """Each record resolves once, nothing is left to do, and all is as it would be from nothing."""
    ties = db.read(TIES)
    assert len(ties) == len({row["record"] for row in ties}) == len(ROWS)
    assert len({row["thing"] for row in ties}) == len(NAMES)
    assert db.read("MATCH (s:Stale) RETURN count(s) AS n") == [{"n": 0}]
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


def test_new_businesses_are_whole_and_leave_no_marks(loaded: Store) -> None:
    resolve_new(loaded)
    assert loaded.read(CONTACTS, name="Bolt Works")[0]["contacts"] == 1
    check_whole(loaded)


def test_contacts_whose_marks_were_worked_off_before_are_counted(loaded: Store) -> None:
    marks, things = stale.list_marks(loaded, "contacts")
    assert (len(marks), things) == (1, [])
    stale.drop_marks(loaded, marks)
    resolve_new(loaded)
    assert loaded.read(CONTACTS, name="Bolt Works")[0]["contacts"] == 1
    check_whole(loaded)


def list_new(db: Store) -> list[tuple[str, list[str]]]:
    records = [row["id"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id")]
    return [("b" + record[1:], [record]) for record in records]


def test_a_batch_of_which_nobody_heard_that_it_was_written_is_not_written_twice(loaded: Store) -> None:
    things = list_new(loaded)
    with lease(loaded, "matching") as held:
        assert sum(founding.found_things(loaded, held, "business", things[:3])) == 3
        first = snapshot(loaded)
        assert sum(founding.found_things(loaded, held, "business", things)) == len(ROWS)
    assert len(loaded.read(TIES)) == len(ROWS)
    nodes, _ = snapshot(loaded)
    assert {id: nodes[id] for id, _ in things[:3]} == {id: first[0][id] for id, _ in things[:3]}
    resolve_new(loaded)
    check_whole(loaded)


def test_a_business_that_another_process_makes_meanwhile_keeps_what_it_has(loaded: Store) -> None:
    record = loaded.read("MATCH (r:BusinessRecord {key: '9'}) RETURN r.id AS id")[0]["id"]
    row: dict[str, Any] = {"record": record, "thing": "b" + record[1:], "moved": False}

    def meet(original: Callable[..., Any], done: list[str]) -> Callable[..., Any]:
        def found(tx: Transaction, *said: Any) -> None:
            if not done:
                done.append(record)
                loaded.transact(lambda other: resolution.assign(other, "business", [row]))
            original(tx, *said)

        return found

    things = [thing for thing in list_new(loaded) if thing[0] == row["thing"]]
    with lease(loaded, "matching") as held, pytest.MonkeyPatch.context() as patch:
        patch.setattr(resolution, "found_things", meet(resolution.found_things, []))
        assert list(founding.found_things(loaded, held, "business", things)) == [1]
    assert len(loaded.read(TIES)) == 1
    resolve_new(loaded)
    check_whole(loaded)


def test_a_step_that_is_cut_off_is_finished_by_the_next(loaded: Store) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "matching" and done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resolve_new(loaded, progress=stop)
    assert 0 < len(loaded.read(TIES)) < len(ROWS)
    resolve_new(loaded)
    check_whole(loaded)


def test_contacts_that_are_logged_all_the_while_are_counted(loaded: Store) -> None:
    viewer = Viewer(user_id="u1", email="jo@board.example", agency_id=agencies.agency_id("Board"), role="member")
    (program,) = (row["id"] for row in loaded.read("MATCH (p:Program) RETURN p.id AS id"))
    started, done, logged = Event(), Event(), list[str]()

    def log(number: int) -> None:
        for row in loaded.read("MATCH (b:Business) RETURN b.id AS id ORDER BY id DESC LIMIT 1"):
            contact = Contact(f"k{number}", date(2026, 2, 1), (program,), row["id"], channel="call", purpose="needs")
            logged.append(log_contact(loaded, viewer, contact, today=date(2026, 3, 1)).business)

    def go_on() -> None:
        number = 0
        while not done.is_set() or len(logged) < 4:
            log(number)
            number += 1
            started.set()

    with ThreadPoolExecutor(1) as helper:
        future = helper.submit(go_on)
        assert started.wait(30)
        resolve_new(loaded)
        done.set()
        future.result()
    resolve_new(loaded)
    counted = loaded.read("MATCH (b:Business) RETURN sum(b.contact_count) AS n")
    assert counted == [{"n": len(logged) + 1}]
    assert len(logged) > 1
    before = snapshot(loaded)
    recompute(loaded)
    assert snapshot(loaded) == before


def test_new_people_hold_their_roles_at_new_businesses(db: Store) -> None:
    people = [f"Board,p{n},{n % 3},Person{'abcdefg'[n]} Silva,Boss {n},ana{n}@x.example" for n in range(7)]
    people.append("Board,p9,4,Personb Silva,Head,ana1@x.example")  # the second in another dress, with two employers
    import_text(db, "\n".join([HEADER, *ROWS]))
    import_text(db, "\n".join(["agency,source_id,business,name,title,email", *people]))
    roles = db.read("MATCH (e:Executive)-[h:HOLDS_ROLE]->(b:Business) RETURN e.name AS name, h.title AS title")
    assert len(roles) == len(people)
    assert {row["title"] for row in roles if row["name"] == "Personb Silva"} == {"Boss 1", "Head"}
    check_whole(db)


@pytest.mark.parametrize("key", ["0", "9"])
def test_a_record_that_goes_after_it_was_read_counts_for_nothing(loaded: Store, key: str) -> None:
    """Of the two of one business: the one that gives it its id, or the other."""
    (record,) = (row["id"] for row in loaded.read("MATCH (r:BusinessRecord {key: $key}) RETURN r.id AS id", key=key))

    def let_go(original: Callable[..., Any], left: list[str]) -> Callable[..., Any]:
        def found(tx: Transaction, *said: Any) -> None:
            while left:
                loaded.transact(lambda other: retractions.delete(other, "BusinessRecord", [left.pop()]))
            original(tx, *said)

        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(from_nothing, "MANY", 1)
        patch.setattr(resolution, "found_things", let_go(resolution.found_things, [record]))
        resolve_new(loaded)
    resolve_new(loaded)
    assert len(loaded.read(TIES)) == len(ROWS) - 1
    before = snapshot(loaded)
    recompute(loaded)
    assert snapshot(loaded) == before


def test_records_of_which_only_some_were_kept_make_the_same(loaded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_nothing, "MANY", 1)
    monkeypatch.setattr(from_nothing, "READ_AT_ONCE", 3)
    monkeypatch.setattr(kept_records, "MOST", 4)
    resolve_new(loaded)
    check_whole(loaded)


def test_who_is_seen_before_their_employer_is_works_there_all_the_same(db: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "resolve_new", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            import_text(db, "\n".join([HEADER, *ROWS]))
        with pytest.raises(KeyboardInterrupt):
            import_text(db, "agency,source_id,business,name,title\nBoard,p1,1,Ana Silva,Boss")
    look = stale.list_unmatched

    def see_people_first(db: Store, times: list[int]) -> dict[str, list[str]]:
        found = look(db)
        times.append(1)
        return found if len(times) > 1 else {id: of for id, of in found.items() if of[0].startswith("q")}

    with pytest.MonkeyPatch.context() as patch:
        times: list[int] = []
        patch.setattr(stale, "list_unmatched", lambda db: see_people_first(db, times))
        resolve_new(db)
    resolve_new(db)
    assert db.read("MATCH (e:Executive)-[h:HOLDS_ROLE]->(:Business) RETURN h.title AS title") == [{"title": "Boss"}]
    check_whole(db)


def test_people_of_a_batch_of_which_nobody_heard_are_not_made_twice(db: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "resolve_new", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            import_text(db, "agency,source_id,business,name,title\nBoard,p1,1,Ana Silva,Boss\nBoard,p2,1,Bo Ek,Head")
    records = [row["id"] for row in db.read("MATCH (r:PersonRecord) RETURN r.id AS id ORDER BY id")]
    things = [("e" + record[1:], [record]) for record in records]
    with lease(db, "matching") as held:
        for _ in range(2):
            assert list(founding.found_things(db, held, "person", things)) == [2]
    resolve_new(db)
    assert len(db.read("MATCH (:PersonRecord)-[r:RESOLVES_TO]->(:Executive) RETURN r.id AS id")) == 2
    assert len(db.read("MATCH (:Executive)-[r:HOLDS_ROLE]->(:Business) RETURN r.title AS title")) == 2
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


def test_who_has_lost_the_lease_makes_nothing(loaded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "SECONDS", -1.0)
    with lease(loaded, "matching") as held:
        with lease(loaded, "matching", wait=0):
            pass
        with (
            pytest.raises(Conflict),
            closing(founding.found_things(loaded, held, "business", list_new(loaded))) as made,
        ):
            next(made)
    assert loaded.read(TIES) == []
