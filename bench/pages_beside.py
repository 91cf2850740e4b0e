"""Pages of a region while an import, and then its undo, goes on beside them, as deployed: gunicorn and its worker.

    python -m bench.pages_beside [--rows 20000] [--small 5000] [--engine embedded|neo4j|both] [--seed 1]

A list of `--rows` businesses (`bench.wide_lists`) and a contact with every second of them make the region. Two people
open one page after the other, each page a moment after the last one has come; meanwhile another list of `--small` rows
is ordered, taken in by the worker that the server starts, and taken back. Its ids are those of the first list, so that
values are overwritten and put back. `bench.import_sizes --pages` measures the same on its own graph. With BENCH_PAGES=1
each address and the server's log are told too. A target that was missed is marked, and is no failure.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.children import run_crm, run_python
from bench.engines import ENGINES, Engine, start_engine
from bench.import_job import AGENCY
from bench.machine import percentile, tell_machine
from bench.page_client import Times, ask_pages, sign_in
from bench.speeds import draw
from bench.steps import EMAIL, Figure, put_user, say, tell_spread
from crm.graph.schema import open_store
from tests.deploy.stack import run_gunicorn
from tests.serving import free_port

PAGE_MS = 150
SMALL = 5_000
PAUSE = 0.2  # seconds between a page and the next of the same person
PEOPLE = 2
KINDS = ("/", "/search?q=machine", "/imports", "/agencies", "/knocks", "/knocks/businesses", "/coverage")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="embedded")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    heading = tell_machine()
    engines = ENGINES if options.engine == "both" else (options.engine,)
    table = {name: {one.name: one for one in run(name, options)} for name in engines}
    print(heading)
    print(f"A region of {options.rows:,} rows, seed {options.seed}; {PEOPLE} people, {PAUSE} s between two pages")
    draw(table)


def run(name: str, options: argparse.Namespace) -> Iterator[Figure]:
    print(name, file=sys.stderr)
    with start_engine(name) as engine, tempfile.TemporaryDirectory(prefix="bench-beside-") as folder:
        db = open_store(engine.settings)
        try:
            db.read("RETURN 1 AS one")  # With this connection the engine runs from here to the end.
            say("making the region")
            rows, seed = str(options.rows), str(options.seed)
            lists, _ = run_python({}, "bench.wide_lists", folder, "--rows", rows, "--seed", seed)
            upload, _ = run_python(engine.environment, "bench.import_job", "add", lists["csv"])
            run_python(engine.environment, "bench.import_job", "import", upload["answer"])
            yield from measure_pages(engine, Path(lists["csv"]), small=options.small)
        finally:
            db.close()


def measure_pages(engine: Engine, listed: Path, *, small: int = SMALL) -> Iterator[Figure]:
    """The region's list is at `listed` and has been taken in; it gets contacts, and pages are read."""
    say("pages beside an import")
    password = "bench-pages-beside"  # of a graph that goes with this bench
    put_user(engine, AGENCY, password)
    with tempfile.TemporaryDirectory(prefix="bench-small-") as folder:
        run_crm(engine.environment, "import", str(_write_contacts(listed, Path(folder) / "contacts.csv")))
        lists, _ = run_python({}, "bench.wide_lists", folder, "--rows", str(small), "--seed", "2")
        port = free_port()
        with run_gunicorn(port, engine.settings.data_dir, engine.environment):
            browser = sign_in({"port": port, "email": EMAIL, "password": password})
            found = re.findall(r"/businesses/b[0-9a-z]+", browser.get("/search?q=machine").text)
            paths = [*KINDS, *list(dict.fromkeys(found))[:5]]
            read = partial(ask_pages, port, browser.cookies, paths, clients=PEOPLE, pause=PAUSE)
            ask_pages(port, browser.cookies, paths, clients=PEOPLE, most=400)
            yield _tell("pages alone", read(most=200))
            upload, _ = run_python(engine.environment, "bench.import_job", "add", lists["csv"])
            order = partial(run_python, engine.environment, "bench.import_job")
            answer, times = _read_beside(read, partial(order, "order-import", upload["answer"]))
            yield _tell(f"pages while {small:,} rows go in", times, answer["seconds"])
            answer, times = _read_beside(read, partial(order, "order-undo", answer["answer"]["id"]))
            yield _tell(f"pages while {small:,} rows are taken back", times, answer["seconds"])
            if os.environ.get("BENCH_PAGES"):
                sys.stderr.write((engine.settings.data_dir / "gunicorn.log").read_text()[-20_000:])


def _write_contacts(listed: Path, path: Path) -> Path:
    """A contact with every second business of the list."""
    with listed.open(newline="", encoding="utf-8-sig") as rows, path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("agency", "source_id", "date", "program", "business", "channel", "purpose"))
        for number, row in enumerate(csv.DictReader(rows)):
            if number % 2 == 0:
                day = f"2026-{number % 9 + 1:02d}-{number % 28 + 1:02d}"
                cells = (f"Training {number % 5}", row["Account ID"], "visit", "needs")
                writer.writerow((AGENCY, f"T{number}", day, *cells))
    return path


def _read_beside(read: Callable[..., Times], work: Callable[[], Any]) -> tuple[dict[str, Any], Times]:
    """The answer of work in a process of its own, and the pages that were read while it was done."""
    answer: list[Any] = []
    job = threading.Thread(target=lambda: answer.append(work()[0]))
    job.start()
    every: Times = {"ms": [], "wrong": 0, "of": defaultdict(list)}
    while job.is_alive():
        times = read(most=20)
        every["ms"] += times["ms"]
        every["wrong"] += times["wrong"]
        for path, some in times["of"].items():
            every["of"][path] += some
    job.join()
    if not answer:
        raise SystemExit("The work beside the pages failed.")
    return answer[0], every


def _tell(name: str, times: Times, seconds: float | None = None) -> Figure:
    for path, some in sorted(times["of"].items()):
        if os.environ.get("BENCH_PAGES"):
            say(f"{path}: {tell_spread(some)} of {len(some)}, most {max(some):.0f}")
    about = f" of {len(times['ms'])}" + (f", in {seconds:.1f} s" if seconds else "")
    missed = percentile(times["ms"], 0.95) >= PAGE_MS
    return Figure(f"{name}, ms", tell_spread(times["ms"]) + about, f"p95 < {PAGE_MS}", missed, times["wrong"])


if __name__ == "__main__":
    main()
