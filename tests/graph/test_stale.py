"""What must be computed again is never forgotten, and never computed for nothing."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from crm.access import Viewer
from crm.graph import schema, stale
from crm.graph.agencies import agency_id
from crm.graph.driver import Store, Transaction
from crm.graph.schema import open_store
from crm.services import resolution
from crm.services.golden import compute_ahead, compute_businesses, compute_contacts
from crm.services.resolution import compute_stale
from crm.services.touchpoints import Contact, log_contact
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, snapshot

COUNTED = "MATCH (b:Business {id: $id}) RETURN b.contact_count AS contacts"
MARKS = "MATCH (s:Stale) RETURN count(s) AS marks"


@pytest.fixture
def acme(db: Store) -> str:
    """The id of a business with two records and two contacts."""
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    return db.read("MATCH (b:Business) WHERE b.records = 2 RETURN b.id AS id")[0]["id"]


def count_marks(db: Store) -> int:
    return db.read(MARKS)[0]["marks"]


def test_an_import_leaves_no_marks(db: Store, acme: str) -> None:
    assert db.read(COUNTED, id=acme) == [{"contacts": 2}]
    assert count_marks(db) == 0


def test_a_mark_by_record_means_what_the_record_resolves_to_by_then(db: Store, acme: str) -> None:
    record = db.read("MATCH (r:BusinessRecord {key: '77'}) RETURN r.id AS id")[0]["id"]
    db.transact(lambda tx: stale.mark(tx, "business", records=[record]))
    marks, things = stale.list_marks(db, "business")
    assert (len(marks), things) == (1, [acme])
    assert stale.list_marks(db, "person") == ([], [])


def test_a_change_while_its_business_is_computed_is_not_missed(db: Store, acme: str) -> None:
    db.transact(lambda tx: stale.mark(tx, "business", things=[acme]))
    marks, things = stale.list_marks(db, "business")
    # Another process changes the business after its marks were read, and before they are taken away.
    db.transact(lambda tx: stale.mark(tx, "business", things=[acme]))
    for thing in things:
        db.transact(lambda tx, thing=thing: compute_businesses(tx, [thing], token=uuid4().hex))
    stale.drop_marks(db, marks)
    assert stale.list_marks(db, "business")[1] == [acme]
    compute_stale(db)
    assert count_marks(db) == 0


def test_who_marks_and_computes_in_one_transaction_leaves_nothing_to_do(db: Store, acme: str) -> None:
    def mark_and_compute(tx: Transaction, *marked: str) -> None:
        stale.mark(tx, "business", things=marked)
        compute_businesses(tx, [acme], token=uuid4().hex)

    db.transact(lambda tx: mark_and_compute(tx, acme))
    assert count_marks(db) == 0
    db.transact(lambda tx: mark_and_compute(tx, acme, "b-other"))
    assert stale.list_marks(db, "business")[1] == sorted(["b-other", acme])


def test_a_long_list_is_several_marks(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale, "LISTED", 2)
    db.transact(lambda tx: stale.mark(tx, "person", things=["e3", "e1", "e2", "e1"]))
    marks, things = stale.list_marks(db, "person")
    assert (len(marks), things) == (2, ["e1", "e2", "e3"])


@pytest.fixture
def older(db: Store, acme: str) -> Iterator[Store]:
    """A graph of version 1, in which what had to be computed again was marked on the thing itself."""
    db.write("MATCH (b:Business {id: $id}) SET b.stale = b.id, b.contact_count = 7", id=acme)
    db.write("MATCH (s:Schema {id: 'schema'}) SET s.version = 1")
    yield db
    db.write("MATCH (s:Schema {id: 'schema'}) SET s.version = $version", version=len(schema.MIGRATIONS))


def test_marks_of_an_older_version_are_worked_off(older: Store, acme: str) -> None:
    with closing(open_store(older.settings)) as db:
        assert stale.list_marks(db, "business")[1] == [acme]
        compute_stale(db)
        assert db.read(COUNTED, id=acme) == [{"contacts": 2}]
        nodes, _ = snapshot(db)
        assert not any("stale" in properties for _, properties in nodes.values())  # pyright: ignore[reportGeneralTypeIssues]


def test_what_only_contacts_changed_is_computed_without_its_records(db: Store, acme: str) -> None:
    before = snapshot(db)
    db.write("MATCH (b:Business {id: $id}) SET b.name = 'Untouched', b.contact_count = 7, b.newest = []", id=acme)
    db.transact(lambda tx: stale.mark(tx, "contacts", things=[acme]))
    compute_stale(db)
    found = db.read("MATCH (b:Business {id: $id}) RETURN b.name AS name, b.contact_count AS contacts", id=acme)
    assert found == [{"name": "Untouched", "contacts": 2}]
    db.transact(lambda tx: stale.mark(tx, "business", things=[acme]))
    compute_stale(db)
    assert snapshot(db) == before
    assert count_marks(db) == 0


def test_a_business_marked_for_both_is_computed_once(db: Store, acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []

    def compute(tx: Transaction, ids: list[str], *, token: str) -> int:
        computed.extend(ids)
        return compute_contacts(tx, ids, token=token)

    monkeypatch.setattr(resolution, "compute_contacts", compute)
    db.transact(lambda tx: stale.mark(tx, "business", things=[acme]))
    db.transact(lambda tx: stale.mark(tx, "contacts", things=[acme]))
    compute_stale(db)
    assert (computed, count_marks(db)) == ([], 0)


def test_a_business_that_was_never_computed_is_computed_whole(db: Store, acme: str) -> None:
    before = snapshot(db)
    db.write("MATCH (b:Business {id: $id}) SET b = {id: $id}", id=acme)
    db.transact(lambda tx: stale.mark(tx, "contacts", things=[acme]))
    compute_stale(db)
    after, _ = snapshot(db)
    # Which firm it is of is not computed here.
    assert after[acme] == before[0][acme]


def test_what_was_computed_ahead_is_what_is_computed_then(db: Store, acme: str) -> None:
    before = snapshot(db)
    db.write("MATCH (b:Business {id: $id}) SET b.name = 'Another', b.contact_count = 7", id=acme)
    ahead = compute_ahead(db, [acme, "b-gone"])
    assert ahead.keys() == {acme}
    db.transact(lambda tx: compute_businesses(tx, [acme, "b-gone"], token="1", ahead=ahead))
    assert snapshot(db) == before


def test_who_wrote_to_a_business_after_it_was_computed_ahead_is_heard(db: Store, acme: str) -> None:
    ahead = compute_ahead(db, [acme])
    (program,) = (row["id"] for row in db.read("MATCH (p:Program {name: 'Welding'}) RETURN p.id AS id"))
    member = Viewer("u1", "kim@example.org", agency_id("College"), "member")
    contact = Contact("k1", date(2026, 3, 1), (program,), acme, channel="call", purpose="needs")
    log_contact(db, member, contact, today=date(2026, 3, 1))
    assert db.read(COUNTED, id=acme) == [{"contacts": 3}]
    before = snapshot(db)
    db.transact(lambda tx: compute_businesses(tx, [acme], token="1", ahead=ahead))
    assert snapshot(db) == before


def test_many_are_computed_while_those_before_them_are_written(
    db: Store, acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolution, "COMPUTED_AT_ONCE", 1)
    ahead: list[list[str]] = []

    def compute(reader: Store, ids: list[str]) -> Any:
        ahead.append(ids)
        return compute_ahead(reader, ids)

    monkeypatch.setattr(resolution, "compute_ahead", compute)
    before = snapshot(db)
    things = sorted(row["id"] for row in db.read("MATCH (b:Business) RETURN b.id AS id"))
    db.write("MATCH (b:Business) SET b.name = 'Another', b.contact_count = 7")
    db.transact(lambda tx: stale.mark(tx, "business", things=things))
    compute_stale(db)
    assert ahead == [[thing] for thing in things[1:]]
    assert snapshot(db) == before
