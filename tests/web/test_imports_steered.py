"""Imports in the background: paused, gone on with, cancelled, and one after the other."""

import threading
import time

import pytest
from werkzeug.test import TestResponse

from crm.access import OWNER
from crm.graph import imports, jobs, uploads
from crm.graph.driver import Store
from crm.services.jobs import run_all, run_next
from importers import load, orders
from importers.turns import take_turn
from tests.factories import snapshot
from tests.web.import_steps import do_jobs, press, upload
from tests.web.pages import PageClient, soup

ROWS = 60


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 10)


def list_businesses(count: int = ROWS) -> str:
    lines = [f"B-{number},Firm {number} Machine,{number} Mill Street,Renton,98057" for number in range(count)]
    return "\n".join(["source_id,name,street,city,zip", *lines]) + "\n"


def order_import(db: Store, client: PageClient, **texts: str) -> tuple[TestResponse, str]:
    """The page of an import that waits for a worker, and the id of its upload."""
    preview = do_jobs(db, client, upload(client, **texts))
    page = press(client, preview, "Import ")
    return page, page.request.path.rpartition("/")[2]


def work_until(db: Store, wish: str, upload_id: str, monkeypatch: pytest.MonkeyPatch, *, batches: int = 2) -> None:
    """Let a worker do the import; after so many batches somebody presses pause or cancel."""
    job = orders.import_job_id(upload_id)
    advance, seen = imports.advance, [0]

    def press_meanwhile(*said: object, **named: object) -> bool:
        seen[0] += 1
        if seen[0] == batches + 1:
            assert {"pause": jobs.wish_pause, "cancel": jobs.wish_cancel}[wish](db, job)
            time.sleep(1.6)  # The worker hears of it when it next says how far it is.
        return advance(*said, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(imports, "advance", press_meanwhile)
        run_all(db)


def test_a_paused_import_rests_where_it_is_and_goes_on_from_there(
    db: Store, ana: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, id = order_import(db, ana, firms=list_businesses())
    work_until(db, "pause", id, monkeypatch)
    paused = ana.get(page.request.path)
    (found,) = imports.list_imports(db, OWNER)
    assert 0 < found.rows < ROWS
    assert f"The import is paused: {found.rows} rows are in" in paused.text
    run_all(db)
    assert imports.list_imports(db, OWNER)[0].rows == found.rows, "a paused import goes on by itself"
    done = do_jobs(db, ana, press(ana, paused, "Go on"))
    assert "60 rows of this file count" in done.text
    (found,) = imports.list_imports(db, OWNER)
    assert (found.rows, found.created, found.stage) == (ROWS, ROWS, "done")
    assert db.read("MATCH (r:BusinessRecord) RETURN count(r) AS n") == [{"n": ROWS}]


def test_a_cancelled_import_takes_back_what_was_in_and_its_files_wait(
    db: Store, ana: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, id = order_import(db, ana, firms=list_businesses())
    before = snapshot(db)
    work_until(db, "cancel", id, monkeypatch)
    (found,) = imports.list_imports(db, OWNER)
    assert found.stage == "undone"
    assert 0 < found.rows < ROWS
    assert snapshot(db) == before
    waiting = do_jobs(db, ana, page)
    assert f"{found.rows} rows that were in are taken back, and nothing of it is left" in waiting.text
    again = do_jobs(db, ana, press(ana, waiting, "Import 60 rows"))
    assert "60 rows of this file count" in again.text
    assert db.read("MATCH (r:BusinessRecord) RETURN count(r) AS n") == [{"n": ROWS}]


def test_an_import_that_waits_or_is_paused_is_cancelled_too(db: Store, ana: PageClient) -> None:
    page, id = order_import(db, ana, firms=list_businesses(3))
    paused = press(ana, page, "Pause")
    assert "The import is paused: no row is in yet" in paused.text
    press(ana, paused, "Cancel the import")
    waiting = do_jobs(db, ana, page)
    assert "The import was cancelled before any row was in" in waiting.text
    assert imports.list_imports(db, OWNER) == []
    assert not uploads.get_upload(db, id, viewer=OWNER).is_committed


def test_what_is_done_can_no_longer_be_cancelled_or_paused(db: Store, ana: PageClient) -> None:
    page, id = order_import(db, ana, firms=list_businesses(3))
    stale = ana.get(page.request.path)
    run_all(db)
    late = press(ana, stale, "Cancel the import")
    assert "It can be undone" in late.text
    assert jobs.get_job(db, orders.import_job_id(id), viewer=OWNER).state == "done"
    assert imports.list_imports(db, OWNER)[0].stage == "done"


def test_a_cancelled_import_whose_worker_dies_is_taken_back_by_the_next(
    db: Store, ana: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, id = order_import(db, ana, firms=list_businesses())
    before = snapshot(db)
    work_until(db, "pause", id, monkeypatch)
    job = orders.import_job_id(id)
    assert jobs.wish_cancel(db, job)
    taken = jobs.take_job(db, job, holder="somebody who died")
    assert taken is not None
    assert taken.wish == "cancel"
    db.write("MATCH (j:Job {id: $id}) SET j.due = 1.0", id=job)
    run_all(db)
    assert snapshot(db) == before
    assert jobs.get_job(db, job, viewer=OWNER).state == "cancelled"


def test_the_second_import_of_an_agency_waits_and_says_for_what(
    db: Store, ana: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, id = order_import(db, ana, firms=list_businesses(3))
    (agency,) = db.read("MATCH (u:Upload) RETURN u.agency_id AS id")
    with take_turn(db, agency["id"], about="The import of visits.csv"):
        assert run_next(db)
        assert "The import of visits.csv goes first" in ana.get(page.request.path).text
        assert imports.list_imports(db, OWNER) == []
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 3)
    run_all(db)
    assert jobs.get_job(db, orders.import_job_id(id), viewer=OWNER).tries == 1
    assert imports.list_imports(db, OWNER)[0].created == 3


def test_turns_of_two_agencies_are_side_by_side_and_those_of_all_alone(db: Store) -> None:
    said: list[str] = []
    with take_turn(db, "a1", about="One"), take_turn(db, "a2", about="Two"):
        waiting = threading.Thread(target=lambda: _take_all(db, said))
        waiting.start()
        waiting.join(timeout=0.7)
        assert waiting.is_alive()
    waiting.join(timeout=10)
    assert said[0] in ("One goes first.", "Two goes first.")
    assert said[-1] == "taken"


def _take_all(db: Store, said: list[str]) -> None:
    with take_turn(db, None, about="All", notice=said.append):
        said.append("taken")


def test_progress_is_said_aloud_once(db: Store, ana: PageClient) -> None:
    page, id = order_import(db, ana, firms=list_businesses(3))
    said = soup(page).select_one("#job-said")
    assert said is not None
    assert said.text == "Waiting for its turn"
    url = f"/imports/uploads/{id}/progress"
    assert "hx-swap-oob" in ana.get(url).text
    assert "hx-swap-oob" not in ana.get(url, query_string={"said": said.text}).text
