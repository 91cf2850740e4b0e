"""A step of the matcher reads what it touches and no more, and a memory that is lost or cut off changes nothing."""

import shutil
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from crm.access import OWNER
from crm.dedupe.apart import MatcherGone
from crm.errors import Conflict
from crm.graph import leases
from crm.graph.driver import Store, Transaction
from crm.graph.leases import find_state, lease
from crm.services import from_nothing, resolution, roll_ups
from crm.services.judgements import judge
from crm.services.matcher_file import Memory
from crm.services.resolution import recompute
from importers.undo import undo_import
from tests.factories import import_text, preview_text, snapshot
from tests.processes import find_matchers

SIZE = 400
HEADER = "agency,source_id,name,street,zip,phone"


def row(number: int, agency: str = "Board") -> str:
    name = f"{'abcdefghijklmnopqrst'[number % 20]}{'aeiou'[number // 20 % 5]}x{number} Tool"
    return f"{agency},{number},{name},{number} Oak St,61101,81555{number:05}"


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, "\n".join([HEADER, *(row(number) for number in range(SIZE))]))
    return db


@pytest.fixture
def count_rows(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], tuple[int, int]]:
    """How many questions some work asks the graph, and how many rows it is given."""

    def count(work: Callable[[], Any]) -> tuple[int, int]:
        answers: list[int] = []
        with monkeypatch.context() as patch:
            for owner, name in ((Store, "read"), (Store, "write"), (Transaction, "run")):
                original = getattr(owner, name)

                def counted(self: Any, *args: Any, original: Any = original, **params: Any) -> Any:
                    found = original(self, *args, **params)
                    # What an earlier test left to be followed in the background is no part of it.
                    if threading.current_thread().name != "pacer":
                        answers.append(len(found))
                    return found

                patch.setattr(owner, name, counted)
            work()
        return len(answers), sum(answers)

    return count


def find_record(db: Store, key: str) -> str:
    return db.read("MATCH (r:BusinessRecord {key: $key}) RETURN r.id AS id", key=key)[0]["id"]


def list_things(db: Store) -> dict[str, str]:
    rows = db.read("MATCH (r:BusinessRecord)-[:RESOLVES_TO]->(b:Business) RETURN r.id AS record, b.id AS thing")
    return {row["record"]: row["thing"] for row in rows}


def test_a_judgement_reads_only_what_it_touches(region: Store, count_rows: Any) -> None:
    left, right = find_record(region, "7"), find_record(region, "300")

    def work() -> None:
        judge(region, OWNER, left=left, right=right, verdict="same")

    asked, given = count_rows(work)
    assert list_things(region)[left] == list_things(region)[right]
    assert asked < 70
    assert given < SIZE // 4
    assert snapshot(region) == after_recompute(region)


def test_new_records_read_only_what_they_touch(region: Store, count_rows: Any) -> None:
    asked, given = count_rows(lambda: import_text(region, "\n".join([HEADER, row(5, "College"), row(901, "College")])))
    things = list_things(region)
    assert len(things) == SIZE + 2
    assert len(set(things.values())) == SIZE + 1
    assert asked < 120
    assert given < SIZE // 3
    assert snapshot(region) == after_recompute(region)


def test_a_preview_reads_only_what_it_touches_and_changes_nothing(region: Store, count_rows: Any) -> None:
    text = "\n".join([HEADER, row(5, "College"), row(901, "College"), "College,9,Axx5 Tools,,61101,"])
    before, state, found = snapshot(region), find_state(region, "matching"), []
    asked, given = count_rows(lambda: found.append(preview_text(region, text)))
    assert asked < 60
    assert given < SIZE // 4
    assert (snapshot(region), find_state(region, "matching")) == (before, state)
    assert found[0].to_review == import_text(region, text).to_review


def after_recompute(db: Store) -> Any:
    recompute(db)
    return snapshot(db)


def test_without_its_file_the_matcher_starts_again(region: Store) -> None:
    shutil.rmtree(region.settings.data_dir / "matcher")
    result = import_text(region, "\n".join([HEADER, row(5, "College"), row(6, "College")]))
    assert len(set(list_things(region).values())) == SIZE
    assert result.id
    undo_import(region, result.id)
    assert snapshot(region) == after_recompute(region)


@pytest.mark.parametrize("few", [0, 1_000], ids=["all are read", "what changed is read"])
def test_firms_of_many_changed_businesses_are_known_as_if_from_nothing(
    region: Store, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    header, sites = "agency,source_id,name,street,zip,ein", range(500, 520)
    import_text(region, "\n".join([header, *(f"Board,{at},Acme {at},{at} Elm St,61101,36-1234567" for at in sites)]))
    monkeypatch.setattr(roll_ups, "FEW", few)
    monkeypatch.setattr(roll_ups, "PART", SIZE)
    # Half of the sites go to another firm, and back.
    other = [f"Board,{at},Acme {at},{at} Elm St,61101,36-7654321" for at in sites[:10]]
    over = import_text(region, "\n".join([header, *other]))
    firms = region.read("MATCH (b:Business) WHERE b.firm_shared RETURN b.firm_id AS id, count(b) AS n ORDER BY n")
    assert sorted(row["n"] for row in firms) == [10, 10]
    # The memory that is left serves the next step.
    import_text(region, f"{header}\nBoard,519,Acme 519,519 Elm St,61101,36-7654321")
    assert snapshot(region) == after_recompute(region)
    undo_import(region, over.id or "")
    import_text(region, f"{header}\nBoard,519,Acme 519,519 Elm St,61101,36-1234567")
    assert snapshot(region) == after_recompute(region)


def test_what_is_matched_apart_is_remembered_as_if_it_were_matched_here(
    db: Store, count_rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(from_nothing, "MANY", 1)
        import_text(db, "\n".join([HEADER, *(row(number) for number in range(SIZE))]))
        (file,) = (db.settings.data_dir / "matcher").glob("*.sqlite")
        import_text(db, "agency,source_id,name,business,email\nBoard,1,Ana Silva,7,ana@hx7.example")
    assert file.exists()  # It was matched with what was remembered.
    asked, given = count_rows(lambda: import_text(db, "\n".join([HEADER, row(5, "College"), row(901, "College")])))
    assert len(set(list_things(db).values())) == SIZE + 1
    assert asked < 120
    assert given < SIZE // 3
    assert find_matchers() == []
    assert snapshot(db) == after_recompute(db)


def test_an_import_goes_on_where_the_process_that_matched_was_killed(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join([HEADER, *(row(number) for number in range(SIZE))])
    with monkeypatch.context() as patch:
        patch.setattr(from_nothing, "MANY", 1)
        patch.setattr(from_nothing, "list_said", lambda *_: [process.kill() for process in find_matchers()])
        with pytest.raises(MatcherGone):
            import_text(db, text)
        assert find_matchers() == []
    import_text(db, text)
    assert len(set(list_things(db).values())) == SIZE
    assert snapshot(db) == after_recompute(db)


def test_a_step_that_was_cut_off_leaves_no_memory_that_counts(region: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = find_record(region, "7"), find_record(region, "300")
    before = find_state(region, "matching")
    assert before

    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Memory, "keep", fail)
        with pytest.raises(KeyboardInterrupt):
            judge(region, OWNER, left=left, right=right, verdict="same")
    assert find_state(region, "matching") is None
    judge(region, OWNER, left=left, right=find_record(region, "8"), verdict="different")
    assert find_state(region, "matching") not in (None, before)
    assert list_things(region)[left] == list_things(region)[right]
    assert snapshot(region) == after_recompute(region)


def test_who_works_at_a_business_that_became_another_follows_it_though_the_step_was_cut_off(
    region: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_text(region, "agency,source_id,name,business,title\nBoard,p1,Ana Silva,300,Owner", name="people.csv")
    resolve = resolution._resolve

    def fail_at_people(db: Store, held: leases.Lease, memory: Memory, kind: str, *others: Any, **more: Any) -> Any:
        if kind == "person":
            raise KeyboardInterrupt
        return resolve(db, held, memory, kind, *others, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(resolution, "_resolve", fail_at_people)
        with pytest.raises(KeyboardInterrupt):
            judge(region, OWNER, left=find_record(region, "7"), right=find_record(region, "300"), verdict="same")
    judge(region, OWNER, left=find_record(region, "7"), right=find_record(region, "8"), verdict="different")
    assert snapshot(region) == after_recompute(region)


def test_who_says_how_far_the_work_is_keeps_it(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "SECONDS", 2.0)
    heard: list[tuple[str, int, int]] = []
    with lease(db, "matching") as held:
        report = held.kept_by(db, lambda *said: heard.append(said))
        for done in range(6):
            time.sleep(0.6)
            report("comparing", done, 6)
        with pytest.raises(Conflict), lease(db, "matching", wait=0):
            pass
    assert heard == [("comparing", done, 6) for done in range(6)]


def test_matching_from_nothing_says_how_far_it_is(region: Store) -> None:
    stages: dict[str, tuple[int, int]] = {}
    recompute(region, progress=lambda stage, done, total: stages.__setitem__(stage, (done, total)))
    assert stages.keys() >= {"preparing", "comparing", "computing", "firms", "remembering"}
    assert all(done == total for done, total in stages.values())
