"""The store: one way to the graph, the same on either engine."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from neo4j.exceptions import ClientError, ConstraintError, CypherSyntaxError, Neo4jError

from crm.errors import EngineUnavailable
from crm.graph import connections, driver
from crm.graph.driver import GraphSettings, Store, Transaction
from crm.graph.schema import open_store

ROOT = Path(__file__).parents[2]
WORKER = [sys.executable, "-m", "tests.graph.workers"]


def test_what_was_written_is_read(db: Store) -> None:
    db.write("CREATE (a:Agency {id: $id, name: $name})", id="a1", name="Workforce Board")
    assert db.read("MATCH (a:Agency) RETURN a.id AS id, a.name AS name") == [{"id": "a1", "name": "Workforce Board"}]


def test_every_test_begins_with_an_empty_graph(db: Store) -> None:
    assert db.read("MATCH (a:Agency) RETURN count(a) AS agencies") == [{"agencies": 0}]


def test_values_come_back_as_they_were_stored(db: Store) -> None:
    values = {
        "text": "Ünïcode \"'\\ 漢字 🙂\n",
        "big": 2**62,
        "whole": 1.0,
        "yes": True,
        "names": ["b", "a"],
        "none": [],
    }
    db.write("CREATE (a:Agency {id: 'a1'}) SET a += $values", values={**values, "day": date(2026, 6, 30)})
    found = db.read("MATCH (a:Agency) RETURN properties(a) AS a")[0]["a"]
    assert found.pop("day").to_native() == date(2026, 6, 30)
    assert found == {"id": "a1", **values}
    assert {name: type(found[name]) for name in values} == {name: type(value) for name, value in values.items()}


def test_several_statements_are_one_transaction(db: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.run("CREATE (a:Agency {id: 'a1'})")
        tx.run("THIS IS NO CYPHER")

    with pytest.raises(ClientError):
        db.transact(work)
    assert db.read("MATCH (a:Agency) RETURN a.id AS id") == []


def test_a_transaction_reads_what_it_has_written(db: Store) -> None:
    def work(tx: Transaction) -> list[dict[str, Any]]:
        tx.run("CREATE (a:Agency {id: 'a1'})")
        return tx.read("MATCH (a:Agency) RETURN a.id AS id")

    assert db.transact(work) == [{"id": "a1"}]


def test_several_reads_are_one_transaction(db: Store) -> None:
    db.write("UNWIND range(1, 3) AS i CREATE (a:Agency {id: toString(i)})")

    def work(tx: Transaction) -> tuple[int, str]:
        count = tx.read("MATCH (a:Agency) RETURN count(a) AS agencies")[0]["agencies"]
        return count, tx.read("MATCH (a:Agency) RETURN a.id AS id ORDER BY id LIMIT 1")[0]["id"]

    assert db.read_together(work) == (3, "1")


def test_an_exception_of_the_work_undoes_it_and_is_passed_on(db: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.run("CREATE (a:Agency {id: 'a1'})")
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        db.transact(work)
    assert db.read("MATCH (a:Agency) RETURN a.id AS id") == []


def test_a_wrong_statement_is_an_error_at_once(db: Store) -> None:
    with pytest.raises(CypherSyntaxError):
        db.read("MATCH (a:Agency RETURN a")


def test_a_key_that_is_there_for_good_is_refused(db: Store) -> None:
    db.write("CREATE (a:Agency {id: 'a1'})")
    with pytest.raises(ConstraintError):
        db.write("CREATE (a:Agency {id: 'a1'})")
    assert db.read("MATCH (a:Agency) RETURN count(a) AS agencies") == [{"agencies": 1}]


def test_a_bulk_read_gives_columns(db: Store) -> None:
    db.write("UNWIND range(1, 5) AS i CREATE (t:Touchpoint {id: toString(i), day: i * 10})")
    columns = db.read_columns(
        "MATCH (t:Touchpoint) WITH t ORDER BY t.id RETURN collect(t.id) AS id, collect(t.day) AS day"
    )
    assert columns == {"id": ["1", "2", "3", "4", "5"], "day": [10, 20, 30, 40, 50]}


def test_a_bulk_read_of_nothing_gives_empty_columns(db: Store) -> None:
    assert db.read_columns("MATCH (t:Touchpoint) RETURN collect(t.id) AS id") == {"id": []}


def test_a_bulk_read_that_lost_nulls_is_an_error(db: Store) -> None:
    db.write("CREATE (:Touchpoint {id: '1', day: 1}), (:Touchpoint {id: '2'})")
    with pytest.raises(ValueError, match="equally long"):
        db.read_columns("MATCH (t:Touchpoint) RETURN collect(t.id) AS id, collect(t.day) AS day")


def test_a_statement_that_takes_too_long_is_ended_by_the_engine(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_STATEMENT_SECONDS", "4")
    monkeypatch.setattr(driver, "STATEMENT_SECONDS", 4)
    own = GraphSettings(tmp_path)
    settings = own if engine == "embedded" else request.getfixturevalue("neo4j_store").settings
    with closing(Store(settings)) as db:
        for _ in range(20):
            db.write("UNWIND range(1, 1000) AS i CREATE (t:Touchpoint {id: randomUUID(), day: i})")
        began = time.monotonic()
        with pytest.raises(Neo4jError):
            db.read("MATCH (a:Touchpoint), (b:Touchpoint) WHERE a.day * b.day = -1 RETURN count(*) AS pairs")
        assert time.monotonic() - began < 30


def run_together(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run the work in so many threads at once; what went wrong in them."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_the_clock_loses_no_tick(db: Store) -> None:
    before = db.clock()
    seen: list[int] = []

    def tick(_: int) -> None:
        seen.extend([db.transact(lambda tx: tx.tick()) for _ in range(100)])

    assert run_together(8, tick) == []
    assert db.clock() == before + 800
    assert sorted(seen) == list(range(before + 1, before + 801))


def test_the_clock_of_a_graph_that_nobody_changed_is_nought(db: Store) -> None:
    db.write("MATCH (c:Clock) DELETE c")
    assert db.clock() == 0
    assert db.transact(lambda tx: tx.tick()) == 1


def test_a_transaction_that_fails_does_not_move_the_clock(db: Store) -> None:
    before = db.clock()

    def work(tx: Transaction) -> None:
        tx.tick()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.transact(work)
    assert db.clock() == before


def test_a_long_writer_gets_through_a_stream_of_short_ones(db: Store) -> None:
    db.write("CREATE (:Agency {id: 'hub'})")
    done = threading.Event()

    def work(number: int) -> None:
        if number > 0:
            count = 0
            while not done.is_set():
                db.write("CREATE (t:Touchpoint {id: $id, day: 1})", id=f"{number}-{(count := count + 1)}")
            return
        try:
            for batch in range(3):
                db.write(
                    """
                    UNWIND range(1, 2000) AS i
                    MERGE (t:Touchpoint {id: $batch + '/' + toString(i)})
                    SET t.day = i
                    WITH t
                    MATCH (a:Agency {id: 'hub'})
                    MERGE (t)-[:MADE_BY]->(a)
                    """,
                    batch=f"batch {batch}",
                )
        finally:
            done.set()

    assert run_together(4, work) == []
    assert db.read("MATCH (t:Touchpoint)-[:MADE_BY]->(:Agency) RETURN count(t) AS made") == [{"made": 6000}]


def test_eight_processes_that_create_the_same_keys_make_each_once(db: Store, engine_env: dict[str, str]) -> None:
    workers = [
        subprocess.Popen(
            [*WORKER, "merge", "200"],
            env=os.environ | engine_env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(8)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n", worker.communicate()[1].decode()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(b"go\n")
        worker.stdin.flush()
    outputs = [worker.communicate(timeout=120) for worker in workers]
    assert [(worker.returncode, error.decode()) for worker, (_, error) in zip(workers, outputs, strict=True)] == [
        (0, "")
    ] * 8
    rows = db.read("MATCH (b:Business) RETURN count(b) AS all, count(DISTINCT b.id) AS ids, sum(b.seen) AS seen")
    assert rows == [{"all": 200, "ids": 200, "seen": 8 * 200}]


def test_a_forked_child_has_a_connection_of_its_own(db: Store, engine_env: dict[str, str]) -> None:
    ran = subprocess.run(
        [*WORKER, "fork"], env=os.environ | engine_env, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout)
    assert told == {"child": "ok", "parent": "ok"}
    rows = db.read("MATCH (a:Agency) RETURN a.id AS id ORDER BY id")
    assert rows == [{"id": "after"}, {"id": "before"}, {"id": "child"}]


def test_a_users_own_writes_are_seen_by_their_next_request(db: Store) -> None:
    with db.following([]):
        db.write("CREATE (a:Agency {id: 'a1'})")
        marks = db.bookmarks
    other = open_store(db.settings)
    with other.following(marks):
        assert other.read("MATCH (a:Agency) RETURN a.id AS id") == [{"id": "a1"}]
        assert other.bookmarks
    other.close()


def test_bookmarks_of_one_request_are_not_those_of_the_next(db: Store) -> None:
    with db.following([]):
        db.write("CREATE (a:Agency {id: 'a1'})")
    with db.following([]):
        assert db.bookmarks == frozenset()


def test_threads_do_not_mix_their_bookmarks(db: Store) -> None:
    def work(number: int) -> None:
        with db.following([]):
            for step in range(10):
                db.write("CREATE (a:Agency {id: $id})", id=f"{number}-{step}")
                assert len(db.bookmarks) == 1

    assert run_together(6, work) == []


def test_a_closed_store_opens_again(db: Store) -> None:
    db.close()
    assert db.read("RETURN 1 AS one") == [{"one": 1}]


def test_a_server_that_is_not_there_is_said_within_ten_seconds(tmp_path: Path) -> None:
    db = Store(GraphSettings(tmp_path, uri="bolt://127.0.0.1:9"))
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        db.read("RETURN 1 AS one")
    db.close()


@pytest.mark.parametrize("uri", ["nonsense", "http://127.0.0.1:7687", "bolt://127.0.0.1:port"])
def test_an_address_that_cannot_be_one_is_said(tmp_path: Path, uri: str) -> None:
    db = Store(GraphSettings(tmp_path, uri=uri))
    with pytest.raises(EngineUnavailable, match="NEO4J_URI"):
        db.read("RETURN 1 AS one")


def test_the_watchman_does_not_end_a_slow_statement_of_a_living_server(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "STALL_SECONDS", 0.1)
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.05)
    db.close()
    db.write("UNWIND range(1, 3000) AS i CREATE (t:Touchpoint {id: toString(i), day: i})")
    rows = db.read("MATCH (a:Touchpoint), (b:Touchpoint) WHERE a.day = b.day + 3000 RETURN count(*) AS pairs")
    assert rows == [{"pairs": 0}]


def test_a_read_is_declared_as_one_so_that_a_cluster_may_send_it_to_a_replica(neo4j_store: Store) -> None:
    """Neo4j refuses to write in what was declared to read; the embedded engine has no replicas."""
    create = "CREATE (a:Agency {id: 'declared as a read'})"
    with pytest.raises(ClientError):
        neo4j_store.read(create)
    with pytest.raises(ClientError):
        neo4j_store.read_together(lambda tx: tx.run(create))
    assert neo4j_store.read("MATCH (a:Agency {id: 'declared as a read'}) RETURN a.id AS id") == []
