"""An import that is killed, or that two people start at once, applies each row exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from crm.graph.driver import Store
from importers.load import BATCH
from tests.factories import snapshot

ROWS = 6 * BATCH
COMMAND = [sys.executable, "-m", "crm.cli", "import"]


def write_contacts(path: Path, *, once: int = 0) -> None:
    """A file of contacts with 300 businesses, several batches long; the first `once` are each with one of their own."""
    made = random.Random(7)
    lines = ["agency,source_id,date,program,business,channel,purpose"]
    lines += [f"Board,Once{number},2026-01-05,Training,Only {number},visit,needs" for number in range(once)]
    for number in range(once, ROWS):
        day = f"2026-{made.randint(1, 9):02d}-{made.randint(1, 28):02d}"
        lines.append(f"Board,T{number},{day},Training,Firm number {number % 300},visit,needs")
    path.write_text("\n".join(lines) + "\n")


def start(path: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, str(path), "--json"],
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def check_once(db: Store) -> None:
    """Each row is there once, with its ties, and everything that is computed agrees."""
    assert db.read("MATCH (t:Touchpoint) RETURN count(t) AS n") == [{"n": ROWS}]
    assert db.read("MATCH (:Touchpoint)-[r:WITH]->() RETURN count(r) AS n") == [{"n": ROWS}]
    assert db.read("MATCH (:Touchpoint)-[r:MADE_BY]->() RETURN count(r) AS n") == [{"n": ROWS}]
    done = db.read("MATCH (i:Import) RETURN i.stage AS stage, i.rows AS rows, i.created AS created")
    assert done == [{"stage": "done", "rows": ROWS, "created": ROWS}]
    assert db.read("MATCH (b:Business) RETURN count(b) AS n, sum(b.contact_count) AS contacts") == [
        {"n": 300, "contacts": ROWS}
    ]


def test_an_import_that_is_killed_again_and_again_applies_each_row_once(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    write_contacts(path)
    made = random.Random(3)
    kills = 0
    while kills < 3:
        process = start(path, engine_env)
        offset = _offset(db)
        wait_until = time.monotonic() + 60
        # Killed at a random moment after it has made some progress: in a batch, in matching, or in computing.
        while process.poll() is None and time.monotonic() < wait_until and _offset(db) == offset < ROWS:
            time.sleep(0.02)
        time.sleep(made.uniform(0, 0.4))
        if process.poll() is not None:
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills >= 2, "the import was too fast to be killed; give it more rows"
    last = start(path, engine_env)
    _, err = last.communicate(timeout=240)
    assert last.returncode == 0, err.decode()
    check_once(db)


def test_two_people_who_import_one_file_at_once_do_not_double_it(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    write_contacts(path)
    both = [start(path, engine_env) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err.decode()
    check_once(db)


def test_an_undo_that_is_killed_is_finished_by_the_next(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    write_contacts(path, once=BATCH // 2)
    taken = start(path, engine_env)
    taken.communicate(timeout=240)
    id = db.read("MATCH (i:Import) RETURN i.id AS id")[0]["id"]
    undo = [sys.executable, "-m", "crm.cli", "undo", id]
    process = subprocess.Popen(undo, env=os.environ | engine_env, start_new_session=True, stderr=subprocess.DEVNULL)
    while process.poll() is None and db.read("MATCH (t:Touchpoint) RETURN count(t) AS n")[0]["n"] == ROWS:
        time.sleep(0.02)
    assert process.poll() is None, "the undo was too fast to be killed; give it more rows"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run(undo, env=os.environ | engine_env, check=True, capture_output=True, timeout=240)
    nodes, ties = snapshot(db)
    assert (nodes, ties) == ({}, set())


def _offset(db: Store) -> int:
    rows = db.read("MATCH (i:Import) RETURN i.offset AS offset")
    return rows[0]["offset"] if rows else 0
