"""What is kept in step with the graph's clock: exact; of large works that go on pages hear a little late."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from crm.access import OWNER
from crm.errors import EngineUnavailable
from crm.graph import driver, imports
from crm.graph.clock import read_clock
from crm.graph.driver import Store, Transaction
from crm.services import clocked, knocks, pacing, search
from crm.services.clocked import Clocked
from crm.services.pacing import Pacer
from crm.services.regions import get_cache
from crm.services.touchpoints import log_contact
from importers import load
from tests.factories import import_text, undo
from tests.graph.test_regions import AS_OF, COLLEGE, a_contact
from tests.worked_knocks import import_example

T = TypeVar("T")


def elsewhere(work: Callable[[], T]) -> T:
    """As another request or process does it: nothing is known of what this one is doing."""
    return Context().run(work)


def tick(db: Store) -> int:
    return db.transact(Transaction.tick)


@pytest.fixture
def times() -> Clocked[int, Any]:
    """What is kept is the time up to which it was followed."""
    return Clocked(lambda db, known, now: now.time, read_clock=clocked.read_clock, name="times")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody follows in the background for as long as a test lasts."""
    monkeypatch.setattr(pacing.pacer, "add", lambda _: None)


def wait_for(found: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not found():
        assert time.monotonic() < until, "nobody followed"
        time.sleep(0.02)


@pytest.mark.usefixtures("slow")
def test_large_works_are_followed_late_by_others_and_at_once_by_themselves(db: Store, times: Clocked[int, Any]) -> None:
    before = tick(db)
    assert times.get(db) == before
    with db.in_bulk():
        assert [tick(db), tick(db)] == [before + 1, before + 2]
        assert elsewhere(lambda: times.get(db)) == before
        assert times.get(db) == before + 2
        assert tick(db) == before + 3
        assert elsewhere(lambda: times.get(db)) == before + 2
    assert elsewhere(lambda: times.get(db)) == before + 3
    # What comes after it is exact again.
    assert tick(db) == before + 4
    assert elsewhere(lambda: times.get(db)) == before + 4


@pytest.mark.usefixtures("slow")
def test_what_anybody_else_writes_meanwhile_is_followed_at_once(db: Store, times: Clocked[int, Any]) -> None:
    before = tick(db)
    times.get(db)
    with db.in_bulk():
        tick(db)
        said = elsewhere(lambda: tick(db))
        tick(db)
        assert said == before + 2
        assert elsewhere(lambda: times.get(db)) == before + 3
        tick(db)
        assert elsewhere(lambda: times.get(db)) == before + 3


@pytest.mark.usefixtures("slow")
def test_nothing_is_told_later_than_it_may_be(
    db: Store, times: Clocked[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tick(db)
    times.get(db)
    with db.in_bulk():
        tick(db)
        assert elsewhere(lambda: times.get(db)) == before
        monkeypatch.setattr(pacing, "LATE_SECONDS", 0.0)
        assert elsewhere(lambda: times.get(db)) == before + 1


@pytest.mark.usefixtures("slow")
def test_a_work_that_failed_is_told_at_once_too(db: Store, times: Clocked[int, Any]) -> None:
    before = tick(db)
    times.get(db)

    def fail() -> None:
        with db.in_bulk():
            tick(db)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert times.get(db) == before + 1


@pytest.mark.usefixtures("slow")
def test_another_graph_that_took_the_place_is_not_waited_for(db: Store, times: Clocked[int, Any]) -> None:
    tick(db)
    times.get(db)
    with db.in_bulk():
        tick(db)
        db.write("MATCH (c:Clock {id: 'graph'}) SET c.version = 1")
        assert elsewhere(lambda: times.get(db)) == 1


def test_it_is_followed_in_the_background_at_a_pace(
    db: Store, times: Clocked[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "PACE_SECONDS", 0.05)
    monkeypatch.setattr(pacing, "STILL_SECONDS", 0.2)
    before = tick(db)
    times.get(db)
    with db.in_bulk():
        tick(db)
        assert elsewhere(lambda: times.get(db)) == before
        follower = times.of(db)
        wait_for(lambda: follower.known == before + 1)
        # Without anybody asking.
        tick(db)
        wait_for(lambda: follower.known == before + 2)
        wait_for(lambda: pacing.pacer._thread is None)
        tick(db)
        assert elsewhere(lambda: times.get(db)) == before + 2
        wait_for(lambda: follower.known == before + 3)


def test_all_that_is_kept_follows_before_a_long_work_ends(
    db: Store, times: Clocked[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocked, "pacer", Pacer())
    monkeypatch.setattr(pacing, "PACE_SECONDS", 60.0)
    monkeypatch.setattr(driver, "SETTLE_AFTER_SECONDS", 0.0)
    others = Clocked[int, Any](lambda db, known, now: now.time, read_clock=clocked.read_clock, name="others")
    before = tick(db)
    assert (times.get(db), others.get(db)) == (before, before)
    with db.in_bulk():
        tick(db)
        assert elsewhere(lambda: times.get(db)) == before
        db.settle()
        # Also what nobody asked for since the work began.
        wait_for(lambda: (times.of(db).known, others.of(db).known) == (before + 1, before + 1))
        # Nobody else is told before that it has ended.
        assert read_clock(db).bulk_until == before + 1


def test_only_a_long_work_says_that_it_is_about_to_end(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(driver, "time", SimpleNamespace(monotonic=time.monotonic, sleep=slept.append))
    tick(db)
    with db.in_bulk():
        db.settle()
        tick(db)
        db.settle()
        assert not read_clock(db).is_closing
        assert not slept
        monkeypatch.setattr(driver, "SETTLE_AFTER_SECONDS", 0.0)
        monkeypatch.setattr(driver, "SETTLE_SECONDS", 0.0)
        db.settle()
        assert read_clock(db).is_closing
        assert slept == [0.0]
        tick(db)
        assert not read_clock(db).is_closing


def test_the_moment_before_the_end_begins_when_it_is_foretold(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    slept, now = list[float](), [100.0]
    monkeypatch.setattr(driver, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=slept.append))
    with db.in_bulk():
        tick(db)
        now[0] += 5.0
        db.foretell_end()
        assert read_clock(db).is_closing
        now[0] += 0.4
        db.settle()
        # What it wrote after all must be followed too.
        tick(db)
        assert not read_clock(db).is_closing
        now[0] += 30.0
        db.settle()
        assert read_clock(db).is_closing
    assert slept == pytest.approx([0.1, 1.0])


@pytest.mark.usefixtures("slow")
def test_what_was_not_asked_for_for_long_is_not_old_where_nothing_had_changed(
    db: Store, times: Clocked[int, Any]
) -> None:
    others = Clocked[int, Any](lambda db, known, now: now.time, read_clock=clocked.read_clock, name="others")
    before = tick(db)
    assert (times.get(db), others.get(db)) == (before, before)
    watch = pacing.watches.of(db)

    def let_time_pass() -> None:
        watch._seen_at = {state: at - 2 * pacing.LATE_SECONDS for state, at in watch._seen_at.items()}

    let_time_pass()
    times.get(db)
    with db.in_bulk():
        tick(db)
        assert elsewhere(lambda: others.get(db)) == before
        let_time_pass()
        assert elsewhere(lambda: others.get(db)) == before + 1


def test_all_is_written_when_an_import_and_its_undo_wait_for_those_who_follow(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_example(db)
    seen: list[tuple[int, str]] = []

    def look(self: Store) -> None:
        assert self.is_in_bulk
        seen.append((read_clock(db).time, imports.list_imports(db, OWNER, limit=1)[0].stage))

    monkeypatch.setattr(Store, "settle", look)
    brought = import_text(db, PORT)
    assert seen.pop() == (read_clock(db).time, "matching")
    undo(db, brought)
    assert seen.pop() == (read_clock(db).time, "undoing")
    assert not seen


def test_the_background_opens_no_store_that_was_closed(
    db: Store, times: Clocked[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "PACE_SECONDS", 0.05)
    other = Store(db.settings)
    tick(db)
    times.get(other)
    other.close()
    follower = times.of(other)
    with pytest.raises(ReferenceError):
        follower.follow()
    pacing.pacer.add(follower)
    wait_for(lambda: pacing.pacer._thread is None)
    assert not other.is_open


def test_an_engine_that_is_away_is_told_of_also_while_a_large_work_goes_on(db: Store, times: Clocked[int, Any]) -> None:
    tick(db)
    times.get(db)
    gone = Store(replace(db.settings, uri="bolt://127.0.0.1:9"))
    times.of(gone)._known = times.of(db)._known
    with db.in_bulk():
        tick(db)
        with pytest.raises(EngineUnavailable):
            elsewhere(lambda: times.get(gone))


HEADER = "agency,source_id,date,program,business,purpose"
PORT = f"{HEADER}\nPort,1,2026-03-05,Docks,Acme Tool Inc,needs\nPort,2,2026-03-05,Docks,Zeta Foods,needs"


@contextmanager
def looking_on(monkeypatch: pytest.MonkeyPatch, look: Callable[[], object]) -> Generator[list[object]]:
    """What somebody else sees after each transaction of a large work."""
    seen: list[object] = []
    transact = Store.transact

    def watched(self: Store, work: Callable[[Transaction], Any]) -> Any:
        done = transact(self, work)
        if self.is_in_bulk:
            seen.append(elsewhere(look))
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Store, "transact", watched)
        yield seen


def count(db: Store) -> tuple[int, int]:
    found = search.search(db, OWNER, "zeta").business_count
    return knocks.measure(db, OWNER, as_of=AS_OF)["knocks"], found


@pytest.mark.usefixtures("slow")
def test_pages_beside_an_import_and_its_undo_are_whole_and_right_at_the_end(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_example(db)
    assert count(db) == (5, 0)
    with looking_on(monkeypatch, lambda: count(db)) as seen:
        brought = import_text(db, PORT)
    assert len(seen) > 3
    assert set(seen) == {(5, 0)}
    assert count(db) == (7, 1)
    with looking_on(monkeypatch, lambda: count(db)) as seen:
        undo(db, brought)
    assert set(seen) == {(7, 1)}
    assert count(db) == (5, 0)


@pytest.mark.usefixtures("slow")
def test_a_contact_that_is_logged_beside_an_import_counts_at_once(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import_example(db)
    assert count(db) == (5, 0)
    seen: list[int] = []

    def log_beside(*args: Any) -> None:
        def log() -> None:
            log_contact(db, COLLEGE, a_contact(db), today=AS_OF)
            seen.append(count(db)[0])

        elsewhere(log)

    with monkeypatch.context() as patch:
        patch.setattr(load, "_mark_lacking", log_beside)
        import_text(db, PORT)
    assert seen == [6]
    assert count(db) == (8, 1)


def test_rules_are_read_once_for_lights_and_the_region(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import_example(db)
    cache = get_cache(db)
    cache.get_history(date(2026, 12, 31).toordinal())
    tick(db)
    region = cache.get_region()
    asked: list[str] = []
    read = Store.read
    monkeypatch.setattr(Store, "read", lambda self, query, **params: asked.append(query) or read(self, query, **params))
    assert cache.get_rules().directory == region.directory
    assert len([query for query in asked if ":Schema" not in query]) == 1
    assert cache.get_rules().time == read_clock(db).time
