"""The door of the worker processes: few are served at once, nobody stands in one line while another is empty."""

import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm.commands.door import Door
from crm.commands.serve import gunicorn_options
from tests.serving import free_port

ROOT = Path(__file__).parents[2]
WORKERS, THREADS = 2, 3


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server with an application that only waits."""
    with run_server(tmp_path_factory.mktemp("door")) as address:
        yield address


@contextmanager
def run_server(folder: Path, **changed: str) -> Generator[str]:
    port = free_port()
    options = gunicorn_options("127.0.0.1", port, workers=WORKERS, threads=THREADS) | changed
    (folder / "conf.py").write_text("".join(f"{name} = {value!r}\n" for name, value in options.items()))
    command = [sys.executable, "-m", "gunicorn", "--config", str(folder / "conf.py"), "tests.deploy.waiting_app:app"]
    process = subprocess.Popen(command, cwd=ROOT)
    address = f"http://127.0.0.1:{port}/?seconds="
    try:
        deadline = time.monotonic() + 30
        while len({found["process"] for found in ask(address, [0.0] * 8)}) < WORKERS:
            assert time.monotonic() < deadline, "both processes should serve by now"
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def ask(address: str, seconds: list[float]) -> list[dict[str, int]]:
    """Ask for all at once; who has not been let in yet gets no answer, but waits."""

    def get(wait: float) -> dict[str, int]:
        try:
            with urllib.request.urlopen(f"{address}{wait}", timeout=30) as answer:
                return json.load(answer)
        except OSError:
            return {"process": 0, "inside": 0}

    with ThreadPoolExecutor(len(seconds)) as pool:
        return list(pool.map(get, seconds))


def test_a_process_serves_few_at_once_and_the_others_get_whoever_is_free(tmp_path: Path) -> None:
    with run_server(tmp_path, worker_class="tests.deploy.waiting_app.PatientDoor") as address:
        answers = ask(address, [0.1] * 24)
    assert max(answer["inside"] for answer in answers) <= Door.at_once
    shares = Counter(answer["process"] for answer in answers)
    assert 0 not in shares, "everybody was answered"
    assert len(shares) == WORKERS
    assert min(shares.values()) >= 6, "chance would have put nearly all of them into one process at times"


def test_what_takes_long_holds_nobody_up_for_longer_than_patience_lasts(url: str) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ask, url, [4.0] * (WORKERS * Door.at_once))
        time.sleep(Door.patience)
        assert ask(url, [0.0])[0]["process"]
        assert time.monotonic() - began < 3, "answered while all that came before are still waiting"
        assert all(answer["process"] for answer in slow.result())


def test_nobody_is_taken_in_by_a_process_that_has_no_hand_for_them(url: str) -> None:
    """Of seven, six are served at once by three hands each; the last comes to whoever is done first."""
    answers = ask(url, [1.0] * (WORKERS * THREADS) + [0.0])
    assert max(answer["inside"] for answer in answers) <= THREADS
    assert Counter(answer["process"] for answer in answers[:-1]).most_common(1)[0][1] <= THREADS + 1
