"""Engines of a test's own, to be killed, frozen and crowded."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from crm.graph import embedded
from tests.processes import is_alive

ROOT = Path(__file__).parents[2]
# The machine that runs the tests may have much else to do.
PATIENCE = 90.0


def wait_until(what: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"still not so after {seconds} seconds: {what}"
        time.sleep(0.05)


def engine_processes(folder: Path) -> list[psutil.Process]:
    """The engine processes of this data folder, however they came to be."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if str(folder.resolve()) in line and any(part.endswith("embedded_server.py") for part in line):
            found.append(process)
    return [process for process in found if is_alive(process)]


def engine_pid(folder: Path) -> int:
    endpoint = embedded.find_endpoint(folder)
    assert endpoint is not None
    return endpoint.pid


def kill_engine(folder: Path) -> None:
    killed = engine_processes(folder)
    for process in killed:
        with contextlib.suppress(psutil.NoSuchProcess):
            os.kill(process.pid, signal.SIGKILL)
    # Those, for whoever else works on the folder starts another at once.
    wait_until(lambda: not any(map(is_alive, killed)))


def start_worker(folder: Path, *task: str, **settings: str) -> "subprocess.Popen[str]":
    """A process of tests/graph/workers.py on this data folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.graph.workers", *task],
        env=os.environ | {"CRM_DATA_DIR": str(folder), "NEO4J_URI": ""} | settings,
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def read_line(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    line = worker.stdout.readline().strip()
    assert line, worker.communicate()[1]
    return line


def say(worker: "subprocess.Popen[str]", text: str = "go") -> None:
    assert worker.stdin is not None
    worker.stdin.write(f"{text}\n")
    worker.stdin.flush()


@contextlib.contextmanager
def workers_at_once(folder: Path, count: int, *task: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """So many workers, all of them killed in the end."""
    workers = [start_worker(folder, *task) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
