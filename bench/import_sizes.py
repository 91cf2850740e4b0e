"""What a wide list costs from the uploaded bytes to the last number that it changes: its preview, import and undo.

    python -m bench.import_sizes [--rows 100000] [--engine embedded|neo4j|both] [--seed 1] [--format xlsx|csv|both]
                                 [--pages] [--over] [--bare]

A list of 25 columns (`bench.wide_lists`) is uploaded as XLSX and as CSV, each into an empty graph; then previewed,
imported and undone by the jobs that the pages order, each in a process of its own. Each row makes a business and the
person to ask for there; with `--bare` the business alone. `--pages` also measures
`bench.pages_beside` on the graph before the undo, about whose businesses others have said something then. `--over` also
imports a list of half as many rows over the first, with its ids and other cells, and takes that back. Memory is
that of all processes together at one moment, without a Neo4j server. The same seed and size give the same list. A
target that was missed is marked, and is no failure.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from bench.children import ROOT, run_python
from bench.engines import ENGINES, Engine, get_megabytes, start_engine
from bench.machine import tell_machine
from bench.pages_beside import measure_pages
from bench.speeds import draw
from bench.steps import Figure, say
from crm.graph.schema import open_store

# Seconds between two looks at the memory: one takes 10 ms a process, from the cores that the job would have.
EVERY = 0.5
MEGABYTES = 700
# Seconds for 100,000 rows; of the undo for 50,000.
LIMITS = {"xlsx": {"preview": 6, "import": 40}, "csv": {"preview": 3, "import": 30}}
UNDO_SECONDS, UNDO_ROWS = 60, 50_000
FULL = 100_000


class Spent(NamedTuple):
    """Seconds of the job by the clock, seconds of the processor of all processes, and the most memory they held."""

    seconds: float
    processor: float
    megabytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=FULL)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="embedded")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("xlsx", "csv", "both"), default="both")
    parser.add_argument("--pages", action="store_true", help="also read pages during a small import")
    parser.add_argument("--over", action="store_true", help="also overwrite half of the rows, and put them back")
    parser.add_argument("--bare", action="store_true", help="pass over the contact person in each row")
    options = parser.parse_args()
    heading = tell_machine()
    engines = ENGINES if options.engine == "both" else (options.engine,)
    formats = ("xlsx", "csv") if options.format == "both" else (options.format,)
    with tempfile.TemporaryDirectory(prefix="bench-lists-") as folder:
        say("writing the list")
        lists, _ = run_python({}, "bench.wide_lists", folder, "--rows", str(options.rows), "--seed", str(options.seed))
        if options.over:
            written = (str(Path(folder) / "over"), "--rows", str(options.rows // 2), "--seed", str(options.seed + 1))
            over, _ = run_python({}, "bench.wide_lists", *written)
            lists["over"] = over["csv"]
        table = {name: {one.name: one for one in run(name, lists, formats, options)} for name in engines}
    print(heading)
    people = "no people" if options.bare else "a person in each"
    print(f"{options.rows:,} rows of 25 columns, {people}, seed {options.seed}")
    print("cpu: of all processes; MB: of all at one moment")
    draw(table)


def run(name: str, lists: dict[str, str], formats: tuple[str, ...], options: argparse.Namespace) -> Iterator[Figure]:
    print(name, file=sys.stderr)
    for format in formats:
        with start_engine(name) as engine:
            db = open_store(engine.settings)
            try:
                db.read("RETURN 1 AS one")  # With this connection the engine runs from here to the end.
                yield from measure(engine, format, lists, options)
            finally:
                db.close()


def measure(engine: Engine, format: str, lists: dict[str, str], options: argparse.Namespace) -> Iterator[Figure]:
    """One list through all steps on an empty graph."""
    scale, path = options.rows / FULL, Path(lists[format])
    say(f"{format}: upload")
    upload, spent = do(engine, step_of(options), str(path))
    yield Figure(f"{format}: upload, read the first time", _tell(spent))
    for step in ("preview", "import"):
        say(f"{format}: {step}")
        answer, spent = do(engine, step, upload)
        limit = LIMITS[format][step] * max(scale, 0.05)
        missed = spent.seconds >= limit or spent.megabytes >= MEGABYTES
        told = ", ".join(f"{value:,} {key}" for key, value in answer.items() if isinstance(value, int))
        yield Figure(f"{format}: {step}", f"{_tell(spent)} ({told})", f"< {limit:.0f} s, < {MEGABYTES} MB", missed)
    if options.pages:
        yield from measure_pages(engine, path if format == "csv" else path.with_suffix(".csv"))
    if options.over:
        yield from overwrite(engine, format, step_of(options), lists["over"], options.rows // 2)
    say(f"{format}: undo")
    _, spent = do(engine, "undo", answer["id"])
    limit = UNDO_SECONDS * options.rows / UNDO_ROWS
    yield Figure(f"{format}: undo", _tell(spent), f"< {limit:.0f} s", spent.seconds >= limit)


def step_of(options: argparse.Namespace) -> str:
    return "add-bare" if options.bare else "add"


def overwrite(engine: Engine, format: str, step: str, path: str, rows: int) -> Iterator[Figure]:
    """A list over another, and what was there put back."""
    say(f"{format}: another list over it, and back")
    upload, _ = do(engine, step, path)
    answer, spent = do(engine, "import", upload)
    yield Figure(f"{format}: import over half", f"{_tell(spent)} ({answer['updated']:,} updated)")
    _, spent = do(engine, "undo", answer["id"])
    limit = UNDO_SECONDS * rows / UNDO_ROWS
    yield Figure(f"{format}: undo of that", _tell(spent), f"< {limit:.0f} s", spent.seconds >= limit)


def _tell(spent: Spent) -> str:
    return f"{spent.seconds:.1f} s, cpu {spent.processor:.1f} s, {spent.megabytes:.0f} MB"


def do(engine: Engine, step: str, subject: str) -> tuple[Any, Spent]:
    """A step in a process of its own, watched with all that it starts, and with the embedded engine."""
    before = engine.processor_seconds
    with tempfile.TemporaryFile() as answer:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.import_job", step, subject],
            cwd=ROOT,
            env=os.environ | engine.environment,
            stdout=answer,
        )
        most = [0.0]
        watcher = threading.Thread(target=partial(_watch, process.pid, engine, most), daemon=True)
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{step} ended with status {process.returncode}")
        answer.seek(0)
        told = json.load(answer)
    processor = used.ru_utime + used.ru_stime + engine.processor_seconds - before
    return told["answer"], Spent(told["seconds"], processor, most[0])


def _watch(pid: int, engine: Engine, most: list[float]) -> None:
    ours = engine.process_ids if engine.server is None else []
    while psutil.pid_exists(pid):
        held = 0.0
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            for one in (process, *process.children(recursive=True), *map(psutil.Process, ours)):
                held += get_megabytes(one)
        except psutil.Error:
            continue
        most[0] = max(most[0], held)
        time.sleep(EVERY)


if __name__ == "__main__":
    main()
