"""One engine a data folder: found, shared, outliving whoever started it, and gone after the last one."""

import os
import signal
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm.errors import EngineUnavailable
from crm.graph import embedded, embedded_server
from crm.graph.driver import GraphSettings, Store
from tests.graph.engines import (
    engine_pid,
    engine_processes,
    kill_engine,
    read_line,
    say,
    start_worker,
    wait_until,
    workers_at_once,
)

ONE = "RETURN 1 AS one"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    kill_engine(tmp_path / "data")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of an engine that runs, for tests that only look at it."""
    folder = tmp_path_factory.mktemp("running") / "data"
    with closing(Store(GraphSettings(folder, engine_heap="256m"))) as db:
        db.write("CREATE (:Agency {id: 'a1'})")
        yield folder
    kill_engine(folder)


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    db = Store(GraphSettings(folder, engine_heap="256m"))
    yield db
    db.close()


@pytest.mark.parametrize("count", [2, 8])
def test_commands_started_at_the_same_moment_start_one_engine(folder: Path, count: int) -> None:
    with workers_at_once(folder, count, "touch") as workers:
        for worker in workers:
            assert read_line(worker) == "ready"
        for worker in workers:
            say(worker)
        pids = {read_line(worker) for worker in workers}
        assert pids == {str(process.pid) for process in engine_processes(folder)}
        assert len(pids) == 1


def test_the_engine_outlives_the_process_that_started_it_while_another_uses_it(folder: Path) -> None:
    first, second = start_worker(folder, "hold"), None
    try:
        pid = read_line(first)
        second = start_worker(folder, "hold", CRM_ENGINE_LINGER="1")
        assert read_line(second) == pid
        first.kill()
        first.wait()
        time.sleep(3)
        say(second)
        assert read_line(second) == "0"
        assert str(engine_pid(folder)) == pid
    finally:
        for worker in (first, second):
            if worker is not None:
                worker.kill()
                worker.communicate()


def test_the_engine_stops_when_the_last_user_is_gone_however_it_went(folder: Path) -> None:
    worker = start_worker(folder, "hold", CRM_ENGINE_LINGER="1")
    read_line(worker)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    wait_until(lambda: not engine_processes(folder))
    assert embedded.find_endpoint(folder) is None


def test_the_engine_waits_for_the_next_command_for_a_while(running: Path) -> None:
    pids: set[int] = set()
    for _ in range(2):
        with closing(Store(GraphSettings(running))) as db:
            db.read(ONE)
            pids.add(engine_pid(running))
    assert len(pids) == 1


def test_files_that_a_dead_engine_left_are_no_obstacle(store: Store, folder: Path) -> None:
    store.write("CREATE (:Agency {id: 'a1'})")
    kill_engine(folder)
    store.close()
    assert (folder / "engine.json").exists()
    assert (folder / "engine.lock").exists()
    assert store.read("MATCH (a:Agency) RETURN a.id AS id") == [{"id": "a1"}]


def test_an_endpoint_that_somebody_elses_program_answers_at_is_not_the_engine(store: Store, folder: Path) -> None:
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port: int = stranger.getsockname()[1]
        embedded_server.announce(folder, embedded.Endpoint(os.getpid(), port, port, "secret"))
        assert store.read(ONE) == [{"one": 1}]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "\x00"])
def test_an_endpoint_file_that_says_nothing_useful_names_no_engine(tmp_path: Path, text: str) -> None:
    (tmp_path / "engine.json").write_text(text)
    assert embedded.find_endpoint(tmp_path) is None


def test_a_port_that_is_taken_at_the_last_moment_is_no_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        # The engine process is another one: what it takes for free is told to it through a file that it loads first.
        hook = folder.parent / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(
            f"""
import socket, sys
real, taken = socket.create_server, [{squatter.getsockname()[1]}]
class Busy:
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def getsockname(self): return ("127.0.0.1", taken.pop())
def create_server(*args, **kwargs):
    return Busy() if taken and "backlog" not in kwargs else real(*args, **kwargs)
if any(part.endswith("embedded_server.py") for part in sys.orig_argv):
    socket.create_server = create_server
"""
        )
        monkeypatch.setenv("PYTHONPATH", str(hook))
        assert store.read(ONE) == [{"one": 1}]
    assert "busy" in (folder / "engine.log").read_text()


def test_only_the_owner_can_read_what_the_engine_keeps(running: Path) -> None:
    paths = [running, running / "engine.json", *(running / "graph").rglob("*")]
    assert len(paths) > 10
    assert {path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077} == set()


def test_the_password_of_the_engine_is_on_no_command_line(running: Path) -> None:
    endpoint = embedded.find_endpoint(running)
    assert endpoint is not None
    (process,) = engine_processes(running)
    assert endpoint.password not in " ".join(process.cmdline())
    assert endpoint.password not in str(process.environ())


def test_the_engine_listens_on_loopback_only(running: Path) -> None:
    (process,) = engine_processes(running)
    listening = [found for found in process.net_connections("inet") if found.status == "LISTEN"]
    assert len(listening) >= 2
    assert {found.laddr.ip.removeprefix("::ffff:") for found in listening} == {"127.0.0.1"}


def test_a_wrong_password_gets_no_lease_and_no_answer(running: Path) -> None:
    endpoint = embedded.find_endpoint(running)
    assert endpoint is not None
    with socket.create_connection(("127.0.0.1", endpoint.control_port), timeout=10) as stranger:
        stranger.sendall(b"guess\n")
        assert stranger.recv(10) == b""
    with pytest.raises(EngineUnavailable, match="refuses"):
        Store(GraphSettings(running, uri=endpoint.uri, username="root", password="guess")).read(ONE)


def test_a_platform_without_the_engine_is_told_to_use_neo4j(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EngineUnavailable, match="NEO4J_URI"):
        store.read(ONE)
    assert not folder.exists()


def test_a_data_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(EngineUnavailable, match="CRM_DATA_DIR"):
        Store(GraphSettings(tmp_path / "file" / "data")).read(ONE)


def test_an_engine_that_cannot_start_says_why(folder: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"did not start.*engine\.log"):
        Store(GraphSettings(folder, engine_heap="nonsense")).read(ONE)
