"""The region in memory is never stale: whatever anybody writes, in this process or another, the next answer has it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm.access import OWNER, Viewer
from crm.analysis.history import build_history
from crm.analysis.knocks import measure_region
from crm.errors import EngineUnavailable
from crm.graph import agencies, programs
from crm.graph import knocks as graph_knocks
from crm.graph.clock import CLOCK
from crm.graph.driver import Store
from crm.services import knocks
from crm.services.agencies import change_agency
from crm.services.judgements import judge
from crm.services.questions import ask
from crm.services.regions import RegionCache, get_cache
from crm.services.resolution import recompute
from crm.services.touchpoints import Contact, log_contact, remove_contact
from tests.conftest import empty_graph
from tests.factories import import_text, undo
from tests.worked_knocks import THREE_AGREE, TWO_AGREE, find_business, import_example

AS_OF = date(2026, 12, 31)
COLLEGE = Viewer("u1", "kim@college.example", agencies.agency_id("College"), "member")


def measure(db: Store) -> dict[str, Any]:
    return knocks.measure(db, OWNER, as_of=AS_OF)


def measure_anew(db: Store) -> dict[str, Any]:
    """The same without anything remembered."""
    question, cache = ask(db, OWNER, as_of=AS_OF), RegionCache(db)
    return measure_region(build_history(cache.get_region(), as_of=question.as_of)).as_json()


def counts(db: Store) -> tuple[int, int]:
    """(knocks, redundant ones), after making sure that a reading from nothing says the same."""
    known = measure(db)
    assert known == measure_anew(db)
    return known["knocks"], known["redundant"]


@pytest.fixture
def region(db: Store) -> Store:
    import_example(db)
    assert counts(db) == (5, 2)
    return db


def a_contact(db: Store, **changes: Any) -> Contact:
    welding = next(program.id for program in programs.list_programs(db, OWNER) if program.name == "Welding")
    business = find_business(db, "Acme Tool Inc")
    said = {"key": "form-1", "on": date(2026, 3, 10), "business": business, "channel": "visit", "purpose": "needs"}
    return Contact(programs=(welding,), **(said | changes))


def test_a_contact_that_is_logged_counts_at_once_and_one_that_is_removed_no_more(region: Store) -> None:
    logged = log_contact(region, COLLEGE, a_contact(region), today=AS_OF)
    assert counts(region) == (6, 3)
    remove_contact(region, COLLEGE, logged.id)
    assert counts(region) == (5, 2)


def test_a_contact_with_a_business_that_nobody_knew_counts_at_once(region: Store) -> None:
    contact = a_contact(region, business=None, new_business="Zeta Foods")
    logged = log_contact(region, COLLEGE, contact, today=AS_OF)
    assert counts(region) == (6, 2)
    remove_contact(region, COLLEGE, logged.id)
    assert counts(region) == (5, 2)
    assert [row["name"] for row in measure(region)["businesses"]] == ["Acme Tool Inc"]


def test_what_is_imported_counts_and_what_is_undone_does_not(region: Store) -> None:
    header = "agency,source_id,date,program,business,purpose"
    brought = import_text(
        region, f"{header}\nPort,1,2026-03-05,Docks,Acme Tool Inc,needs\nPort,2,2026-03-05,Docks,Zeta,needs"
    )
    assert counts(region) == (7, 3)
    undo(region, brought)
    assert counts(region) == (5, 2)


def test_agencies_and_programs_of_an_undone_import_are_forgotten(region: Store) -> None:
    brought = import_text(region, "agency,source_id,name\nPort,1,Zeta Foods")
    assert "Port" in {row["agency"] for row in measure(region)["unknown_months"]}
    undo(region, brought)
    counts(region)
    assert "Port" not in {row["agency"] for row in measure(region)["unknown_months"]}


def test_programs_alone_tell_of_an_agency(region: Store) -> None:
    brought = import_text(region, "agency,program\nPort,Docks")
    counts(region)
    assert "Port" in {row["agency"] for row in measure(region)["unknown_months"]}
    undo(region, brought)
    counts(region)
    assert "Port" not in {row["agency"] for row in measure(region)["unknown_months"]}


def test_an_agreement_and_its_end_count_at_once(region: Store) -> None:
    agreed = import_text(region, TWO_AGREE)
    assert counts(region) == (5, 1)
    import_text(region, THREE_AGREE)
    assert counts(region) == (5, 0)
    import_text(region, "name,agencies,from,to\nShared lead,WDB;College;VR,2026-01-01,2026-02-15")
    assert counts(region) == (5, 1)
    undo(region, agreed)
    assert counts(region) == (5, 1)


def test_a_referral_counts_from_its_acceptance_and_not_when_it_is_taken_back(region: Store) -> None:
    header = "agency,source_id,from_program,to_program,business,offered_on,accepted_on"
    row = "WDB,R1,WDB:Training,College:Welding,B1,2026-01-06"
    import_text(region, f"{header}\n{row},")
    assert counts(region) == (5, 2)
    accepted = import_text(region, f"{header}\n{row},2026-01-10")
    assert counts(region) == (5, 1)
    undo(region, accepted)
    assert counts(region) == (5, 2)


def test_a_sector_and_the_size_of_a_business_are_those_of_now(region: Store) -> None:
    def ask_metal() -> tuple[int, float]:
        answer = knocks.measure(region, OWNER, as_of=AS_OF, sector="Metal")
        return answer["knocks"], answer["businesses"][0]["budget"] if answer["businesses"] else 0

    import_text(region, "sector,naics,version\nMetal,62,1")
    assert ask_metal() == (0, 0)
    import_text(region, "sector,naics,version\nMetal,332,2")
    assert ask_metal() == (5, 1.0)
    import_text(region, "agency,source_id,name,employees\nWDB,B1,Acme Tool Inc,300")
    assert ask_metal() == (5, 4.0)
    counts(region)


def test_a_renamed_agency_has_its_new_name_everywhere(region: Store) -> None:
    change_agency(region, OWNER, agencies.agency_id("VR"), name="Vocational Rehabilitation", system=None)
    counts(region)
    assert "Vocational Rehabilitation" in {row["agency"] for row in measure(region)["unknown_months"]}


def test_businesses_that_are_joined_or_split_by_a_person_count_as_what_they_are_now(region: Store) -> None:
    import_text(region, "agency,source_id,name,city\nVR,V9,Summit Foundry,Peoria")
    header = "agency,source_id,date,program,business,purpose"
    import_text(region, f"{header}\nVR,V2,2026-06-01,Placement,V9,needs")
    assert counts(region) == (6, 2)
    of = {row["key"]: row["id"] for row in region.read("MATCH (r:BusinessRecord) RETURN r.id AS id, r.key AS key")}
    judge(region, OWNER, left=of["B1"], right=of["V9"], verdict="same")
    assert counts(region)[0] == 6
    judge(region, OWNER, left=of["B1"], right=of["V9"], verdict="different")
    assert counts(region) == (6, 2)


def test_computing_everything_again_changes_nothing(region: Store) -> None:
    before = measure(region)
    recompute(region)
    assert measure(region) == before


def test_another_process_imports_and_this_one_knows(region: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "touchpoints.csv"
    file.write_text("agency,source_id,date,program,business,purpose\nVR,V7,2026-03-05,Placement,Acme Tool Inc,needs\n")
    crm(engine_env, "import", str(file))
    assert counts(region) == (6, 3)
    imported = region.read("MATCH (i:Import {file: 'touchpoints.csv'}) RETURN i.id AS id")[0]["id"]
    crm(engine_env, "undo", imported)
    assert counts(region) == (5, 2)


def crm(env: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "crm.cli", *arguments, "--json"]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_what_a_contact_changed_is_read_with_five_questions(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock, its business, who knocks, the agreements, the clock again: each is a wait for the server."""
    measure(region)
    asked: list[str] = []
    read = Store.read

    def note(db: Store, query: Any, **params: Any) -> list[dict[str, Any]]:
        # Now and then another thread asks whether the graph is still of this program's version.
        if ":Schema" not in query:
            asked.append(query)
        return read(db, query, **params)

    log_contact(region, COLLEGE, a_contact(region), today=AS_OF)
    question = ask(region, OWNER, as_of=AS_OF)
    monkeypatch.setattr(Store, "read", note)
    assert knocks.find_knocks(region, OWNER, question).report.knocks == 6
    assert len(asked) == 5
    assert asked[0] == asked[-1] == CLOCK


def test_while_nothing_changes_an_answer_is_not_made_twice(region: Store) -> None:
    question = ask(region, OWNER, as_of=AS_OF)
    first = knocks.find_knocks(region, OWNER, question)
    assert knocks.find_knocks(region, OWNER, ask(region, OWNER, as_of=AS_OF)) is first
    # People are computed apart from businesses: the clock moves, the region does not.
    region.transact(lambda tx: tx.tick())
    assert knocks.find_knocks(region, OWNER, question) is first
    log_contact(region, COLLEGE, a_contact(region), today=AS_OF)
    assert knocks.find_knocks(region, OWNER, question) is not first


def test_another_day_or_window_is_another_answer(region: Store) -> None:
    asked = [{"as_of": AS_OF}, {"as_of": date(2026, 6, 30)}, {"as_of": AS_OF, "window": 30}, {"as_of": AS_OF}]
    found = [knocks.measure(region, OWNER, **one) for one in asked]
    assert [answer["redundant"] for answer in found] == [2, 2, 1, 2]
    assert [answer["knocks"] for answer in found] == [5, 4, 5, 5]


def test_threads_that_ask_at_once_get_one_answer(region: Store) -> None:
    cache, started = RegionCache(region), threading.Barrier(8)
    made, found = [], []

    def compute(history: Any) -> object:
        made.append(history)
        return object()

    def ask_at_once() -> None:
        started.wait()
        found.append(cache.get_answer("question", compute, as_of=20000))

    run_all([ask_at_once] * 8)
    assert len(made) == 1
    assert len(set(map(id, found))) == 1


def test_readers_and_writers_at_once_end_with_the_same_numbers(region: Store) -> None:
    """Eight threads read while two log contacts; whatever they see on the way, the end is right."""
    failures: list[BaseException] = []

    def read() -> None:
        for _ in range(10):
            answer = measure(region)
            parts = answer["first"] + answer["own_repeat"] + answer["coordinated"] + answer["redundant"]
            assert parts == answer["knocks"] >= 5

    def write(name: str) -> Callable[[], None]:
        def log() -> None:
            for number in range(5):
                contact = a_contact(region, key=f"{name}{number}", on=date(2026, 8, 1 + number))
                log_contact(region, COLLEGE, contact, today=AS_OF)

        return log

    def watched(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as failure:
                failures.append(failure)

        return run

    run_all([watched(work) for work in (*[read] * 8, write("a"), write("b"))])
    assert not failures
    assert counts(region) == (15, 2)


def run_all(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_a_graph_that_was_emptied_or_replaced_is_seen(region: Store) -> None:
    empty_graph(region)
    assert counts(region) == (0, 0)
    import_example(region)
    assert counts(region) == (5, 2)
    region.write("MATCH (c:Clock {id: 'graph'}) SET c.version = 1")
    assert counts(region) == (5, 2)


def test_a_contact_whose_program_is_being_taken_out_does_not_count_any_more(region: Store) -> None:
    """Half way through an undo: the program is gone, its businesses wait to be computed."""
    import_text(region, "agency,source_id,date,program,business,purpose\nPort,1,2026-03-05,Docks,Acme Tool Inc,needs")
    assert counts(region) == (6, 3)
    region.write("MATCH (p:Program {name: 'Docks'}) DETACH DELETE p")
    region.transact(lambda tx: tx.tick())
    assert counts(region) == (5, 2)


def test_few_histories_and_answers_are_kept(region: Store) -> None:
    for day in range(1, 25):
        knocks.measure(region, OWNER, as_of=date(2026, 10, day))
    view = get_cache(region)._views.get()
    assert len(view.histories) <= 3
    assert len(view.answers._values) <= 12


def test_an_engine_that_is_away_is_an_error_and_not_an_old_number(region: Store) -> None:
    measure(region)
    gone = Store(replace(region.settings, uri="bolt://127.0.0.1:9"))
    cache = RegionCache(gone)
    cache._views._known = get_cache(region)._views._known
    with pytest.raises(EngineUnavailable):
        cache.get_region()


def test_a_region_too_large_to_collect_is_read_some_at_a_time(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import_text(region, "agency,source_id,name\nCollege,Z1,Nobody Calls Here")
    collected = measure_anew(region)
    monkeypatch.setattr(graph_knocks, "MOST_COLLECTED", 0)
    monkeypatch.setattr(graph_knocks, "AT_ONCE", 2)
    monkeypatch.setattr(graph_knocks, "ALL_CONTACTS", "RETURN 1 / 0")
    assert measure_anew(region) == collected
