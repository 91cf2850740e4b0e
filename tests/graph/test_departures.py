"""What goes leaves its id behind, so that copies in memory follow without reading what is left."""

from datetime import date

import pytest

from crm.access import OWNER
from crm.graph import departures, resolution, search
from crm.graph import knocks as graph_knocks
from crm.graph.driver import Store, Transaction
from crm.services.dossiers import get_business_page, get_person_page
from crm.services.finders import Finder
from crm.services.regions import RegionCache
from crm.services.resolution import compute_stale
from tests.factories import import_text, undo

HEADER = "agency,source_id,name,city,phone"
STAYS = f"{HEADER}\nBoard,1,Acme Tool,Rockford,8155550101\nBoard,2,Zeta Foods,Dixon,8155550102"
GOES = f"{HEADER}\nPort,1,Harbor Freight,Moline,8155550103\nPort,2,Quad Metals,Moline,8155550104"


def test_an_undo_is_followed_without_reading_every_id(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import_text(db, STAYS)
    brought = import_text(db, GOES)
    region, finder = RegionCache(db), Finder(db)
    assert len(region.get_region().businesses.places) == 4
    before = finder.get_index().list_ids()
    undo(db, brought)
    listed: list[str] = []
    monkeypatch.setattr(graph_knocks, "list_business_ids", lambda _: listed.append("region"))
    monkeypatch.setattr(search, "list_ids", lambda *_: listed.append("search"))
    followed, found = region.get_region(), finder.get_index().list_ids()
    monkeypatch.undo()
    assert listed == []
    there = {row["id"] for row in db.read("MATCH (b:Business) RETURN b.id AS id")}
    assert set(followed.businesses.places) == set(RegionCache(db).get_region().businesses.places) == there
    assert found == Finder(db).get_index().list_ids() == there
    assert len(before - found) == 2


def test_a_business_that_waits_to_be_computed_has_a_page_and_is_found_when_it_is(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_text(db, STAYS)
    region, finder = RegionCache(db), Finder(db)
    two = set(region.get_region().businesses.places)
    assert finder.get_index().list_ids() == two
    record = db.read("MATCH (r:BusinessRecord {key: '2'}) RETURN r.id AS id")[0]["id"]

    def move(tx: Transaction) -> None:
        resolution.assign(tx, "business", [{"record": record, "thing": "b-waits", "moved": True}])
        resolution.drop_empty(tx, "business", sorted(two))
        tx.tick()

    db.transact(move)
    page = get_business_page(db, OWNER, "b-waits")
    assert (page.business.name, [row.id for row in page.records]) == ("Zeta Foods", [record])
    with monkeypatch.context() as patch:
        patch.setattr(graph_knocks, "list_business_ids", lambda _: pytest.fail("all ids were read"))
        patch.setattr(search, "list_ids", lambda *_: pytest.fail("all ids were read"))
        (stays,) = region.get_region().businesses.places
        assert finder.get_index().list_ids() == {stays}
        compute_stale(db)
        assert set(region.get_region().businesses.places) == finder.get_index().list_ids() == {stays, "b-waits"}
    assert get_business_page(db, OWNER, "b-waits").business.name == "Zeta Foods"


def test_a_person_who_waits_to_be_computed_has_a_page(db: Store) -> None:
    db.write("CREATE (:Executive {id: 'e-waits'})")
    assert get_person_page(db, OWNER, "e-waits").person.name == "(no name)"


def test_what_went_and_came_again_is_there(db: Store) -> None:
    import_text(db, STAYS)
    brought = import_text(db, GOES)
    region, finder = RegionCache(db), Finder(db)
    all_four = set(region.get_region().businesses.places)
    assert finder.get_index().list_ids() == all_four
    undo(db, brought)
    import_text(db, GOES)
    assert set(region.get_region().businesses.places) == all_four
    assert finder.get_index().list_ids() == all_four


def test_a_graph_whose_departures_are_lost_is_followed_all_the_same(db: Store) -> None:
    import_text(db, STAYS)
    brought = import_text(db, GOES)
    region, finder = RegionCache(db), Finder(db)
    region.get_region()
    finder.get_index()
    undo(db, brought)
    db.write("MATCH (g:Gone) DELETE g")
    assert len(region.get_region().businesses.places) == len(finder.get_index().list_ids()) == 2


def test_departures_are_noted_with_the_time_of_their_transaction_and_forgotten_in_the_end(db: Store) -> None:
    def leave(tx: Transaction) -> int:
        departures.note(tx, "business", ["b1", "b2"])
        departures.note(tx, "person", ["e1"])
        return tx.tick()

    time = db.transact(leave)
    assert departures.list_gone(db, "business", after=time - 1, until=time) == {"b1", "b2"}
    assert departures.list_gone(db, "person", after=time - 1, until=time) == {"e1"}
    assert departures.list_gone(db, "business", after=time, until=time + 1) == set()
    db.write("MATCH (c:Clock {id: 'graph'}) SET c.version = c.version + $n", n=departures.KEPT_TICKS)
    db.transact(leave)
    assert departures.list_gone(db, "business", after=time - 1, until=time) == set()
    assert db.read("MATCH (g:Gone) RETURN count(g) AS n") == [{"n": 2}]


def test_a_region_that_lost_all_is_empty(db: Store) -> None:
    brought = import_text(db, STAYS)
    region = RegionCache(db)
    assert len(region.get_history(date(2026, 12, 31).toordinal()).region.businesses.places) == 2
    undo(db, brought)
    assert not region.get_region().businesses.places
    assert search.list_all_texts(db, OWNER) == []
