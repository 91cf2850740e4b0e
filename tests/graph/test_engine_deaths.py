"""What a killed, frozen or full engine does to its users: nothing acknowledged is lost, and it works again soon."""

import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from neo4j.exceptions import Neo4jError

from crm.errors import EngineUnavailable
from crm.graph import driver
from crm.graph.driver import GraphSettings, Store
from tests.graph.engines import engine_pid, kill_engine, read_line, start_worker, wait_until
from tests.neo4j_server import Neo4jServer, start_under_java

COUNT = "MATCH (a:Agency) RETURN count(a) AS agencies"
IDS = "MATCH (a:Agency) RETURN a.id AS id"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # On a machine with much else to do an engine takes longer to come back than a page would wait.
    monkeypatch.setattr(driver, "RESTART_SECONDS", 60.0)
    monkeypatch.setattr(driver, "AWAY_SECONDS", 60.0)
    yield tmp_path / "data"
    kill_engine(tmp_path / "data")


@pytest.fixture
def db(folder: Path) -> Iterator[Store]:
    with closing(Store(GraphSettings(folder, engine_heap="256m"))) as db:
        yield db


def test_a_killed_engine_is_started_again_by_the_next_request(db: Store, folder: Path) -> None:
    db.write("CREATE (:Agency {id: 'a1'})")
    before = engine_pid(folder)
    kill_engine(folder)
    assert db.read(IDS) == [{"id": "a1"}]
    assert engine_pid(folder) != before


def test_under_eight_threads_a_killed_engine_loses_no_acknowledged_write_and_fails_no_request(
    db: Store, folder: Path
) -> None:
    acknowledged: list[str] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def write(thread: int) -> None:
        number = 0
        while not ended.is_set():
            name = f"{thread}-{number}"
            try:
                db.write("MERGE (a:Agency {id: $id})", id=name)
                acknowledged.append(name)
            except Exception as error:
                failed.append(error)
            number += 1

    db.read(COUNT)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        written = len(acknowledged)
        wait_until(lambda written=written: len(acknowledged) > written + 100)
        os.kill(engine_pid(folder), signal.SIGKILL)
    written = len(acknowledged)
    wait_until(lambda: len(acknowledged) > written + 50)
    ended.set()
    for thread in threads:
        thread.join()
    assert failed == []
    stored = {row["id"] for row in db.read(IDS)}
    assert [name for name in acknowledged if name not in stored] == []


def test_writes_of_another_process_survive_the_death_of_the_engine(db: Store, folder: Path) -> None:
    worker = start_worker(folder, "write", "w")
    try:
        acknowledged: list[int] = []

        def follow() -> None:
            assert worker.stdout is not None
            acknowledged.extend(int(line) for line in worker.stdout)

        reader = threading.Thread(target=follow)
        assert read_line(worker) == "0"
        reader.start()
        wait_until(lambda: len(db.read(IDS)) > 50)
        kill_engine(folder)
        stored = len(db.read(IDS))
        wait_until(lambda: len(db.read(IDS)) > stored + 20)
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(60) == 0
        reader.join()
        assert worker.stderr is not None
        assert worker.stderr.read() == ""
    finally:
        worker.kill()
    assert len(acknowledged) > 70
    stored_ids = {row["id"] for row in db.read(IDS)}
    assert [number for number in acknowledged if f"w-{number}" not in stored_ids] == []


def test_a_frozen_engine_is_said_within_ten_seconds_and_works_again_when_it_thaws(
    db: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    db.write("CREATE (:Agency {id: 'a1'})")
    pid = engine_pid(folder)
    os.kill(pid, signal.SIGSTOP)
    try:
        assert_refused_within_ten_seconds(db)
        assert_refused_within_ten_seconds(db)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert_answers_soon(db)


def test_a_disk_that_takes_no_more_is_an_error_and_loses_nothing(db: Store, folder: Path) -> None:
    db.write("CREATE (:Agency {id: 'a0'})")
    pid = engine_pid(folder)
    # No file may grow any more, which to the engine is a full disk.
    largest = max(path.stat().st_size for path in (folder / "graph").rglob("*") if path.is_file())
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    acknowledged = {"a0"}

    def fill() -> None:
        for number in range(200):
            db.write("CREATE (:Agency {id: $id, text: $text})", id=f"a{number + 1}", text="x" * 50_000)
            acknowledged.add(f"a{number + 1}")

    with pytest.raises((Neo4jError, EngineUnavailable)):
        fill()
    kill_engine(folder)
    stored = {row["id"] for row in db.read(IDS)}
    assert acknowledged <= stored


@pytest.fixture
def own_neo4j(neo4j_server: Neo4jServer, tmp_path: Path) -> Iterator[Neo4jServer]:
    """A Neo4j to be killed and frozen; the tests' own must not be."""
    if neo4j_server.pid is None:
        pytest.skip("only a Neo4j that runs under Java here can be killed and frozen")
    server = start_under_java(home=tmp_path / "neo4j")
    yield server
    server.stop()


def store_of(server: Neo4jServer, folder: Path) -> Store:
    return Store(GraphSettings(folder, uri=server.uri, username=server.username, password=server.password))


def test_a_frozen_neo4j_is_said_within_ten_seconds_and_works_again_when_it_thaws(
    own_neo4j: Neo4jServer, tmp_path: Path
) -> None:
    assert own_neo4j.pid is not None
    with closing(store_of(own_neo4j, tmp_path)) as db:
        db.write("CREATE (:Agency {id: 'a1'})")
        os.kill(own_neo4j.pid, signal.SIGSTOP)
        try:
            assert_refused_within_ten_seconds(db)
            assert_refused_within_ten_seconds(db)
        finally:
            os.kill(own_neo4j.pid, signal.SIGCONT)
        assert_answers_soon(db)


def test_a_killed_neo4j_is_said_within_ten_seconds_and_works_again_when_it_is_back(
    own_neo4j: Neo4jServer, tmp_path: Path
) -> None:
    port = int(own_neo4j.uri.rpartition(":")[2])
    with closing(store_of(own_neo4j, tmp_path)) as db:
        db.write("CREATE (:Agency {id: 'a1'})")
        own_neo4j.stop()
        assert_refused_within_ten_seconds(db)
        assert_refused_within_ten_seconds(db)
        again = start_under_java(port, home=tmp_path / "neo4j", password=own_neo4j.password)
        try:
            assert_answers_soon(db)
        finally:
            again.stop()


def assert_refused_within_ten_seconds(db: Store) -> None:
    began = time.monotonic()
    with pytest.raises(EngineUnavailable, match=r"cannot be reached|not answered"):
        db.read(COUNT)
    assert time.monotonic() - began < 10


def assert_answers_soon(db: Store) -> None:
    """Within a few requests: each may still meet what the outage left behind."""

    def answers() -> bool:
        try:
            return db.read(COUNT) == [{"agencies": 1}]
        except EngineUnavailable:
            return False

    wait_until(answers, seconds=30)
