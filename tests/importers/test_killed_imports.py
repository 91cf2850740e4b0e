"""An import that is killed, or that two people start at once, applies each row exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from crm.graph.driver import GraphSettings, Store
from crm.graph.schema import open_store
from importers.load import BATCH
from tests.factories import snapshot
from tests.graph.engines import kill_engine

ROWS = 6 * BATCH
FEW = 3 * BATCH
COMMAND = [sys.executable, "-m", "crm.cli", "import"]


def write_contacts(path: Path, *, once: int = 0, rows: int = ROWS) -> None:
    """A file of contacts with 300 businesses, several batches long; the first `once` are each with one of their own."""
    made = random.Random(7)
    lines = ["agency,source_id,date,program,business,channel,purpose"]
    lines += [f"Board,Once{number},2026-01-05,Training,Only {number},visit,needs" for number in range(once)]
    for number in range(once, rows):
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


def check_once(db: Store, *, imports: int = 1, rows: int = ROWS) -> None:
    """Each row is there once, with its ties, and everything that is computed agrees; one import brought them all."""
    assert db.read("MATCH (t:Touchpoint) RETURN count(t) AS n") == [{"n": rows}]
    assert db.read("MATCH (:Touchpoint)-[r:WITH]->() RETURN count(r) AS n") == [{"n": rows}]
    assert db.read("MATCH (:Touchpoint)-[r:MADE_BY]->() RETURN count(r) AS n") == [{"n": rows}]
    done = db.read("MATCH (i:Import) RETURN i.stage AS stage, i.rows AS rows, i.created AS created ORDER BY i.no")
    nothing_new = {"stage": "done", "rows": rows, "created": 0}
    assert done == [{"stage": "done", "rows": rows, "created": rows}, *[nothing_new] * (imports - 1)]
    assert db.read("MATCH (b:Business) RETURN count(b) AS n, sum(b.contact_count) AS contacts") == [
        {"n": 300, "contacts": rows}
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
    told = ""
    for process in both:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err.decode()
        told += err.decode()
    assert "Waiting: The import of contacts.csv goes first." in told
    check_once(db, imports=2)


def test_an_interrupted_import_says_how_to_go_on_and_goes_on(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    write_contacts(path, rows=FEW)
    process = start(path, engine_env)
    while process.poll() is None and not 0 < _offset(db) < FEW:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err.decode()
    assert "The same command goes on from there" in err.decode()
    assert _offset(db) < FEW
    last = start(path, engine_env)
    last.communicate(timeout=240)
    check_once(db, rows=FEW)


def test_an_import_whose_engine_is_killed_is_finished_by_the_same_command(tmp_path: Path) -> None:
    folder, path = tmp_path / "data", tmp_path / "contacts.csv"
    env = {"CRM_DATA_DIR": str(folder), "NEO4J_URI": ""}
    write_contacts(path, rows=FEW)
    with closing(open_store(GraphSettings(folder, engine_heap="256m"))) as db:
        process = start(path, env)
        while process.poll() is None and not 0 < _offset(db) < FEW:
            time.sleep(0.02)
        assert process.poll() is None, "the import was too fast for its engine to be killed; give it more rows"
        kill_engine(folder)
        process.communicate(timeout=240)
        last = start(path, env)
        _, err = last.communicate(timeout=240)
        assert last.returncode == 0, err.decode()
        # The first may have gone on by itself with the next engine, and have finished.
        check_once(db, rows=FEW, imports=1 if process.returncode else 2)
    kill_engine(folder)


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
