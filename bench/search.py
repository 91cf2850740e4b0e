"""How well and how fast search finds: names with one slip among the first five, and answers as somebody types.

    python -m bench.search [--engine embedded|neo4j|both] [--size 60000] [--people 60000] [--seed 1]

For each engine an empty graph is filled with the region of `bench.search_region`, then a new process reads it into
its index and answers: for 30 names every beginning, letter by letter, through the whole application (session, search,
light, rendering); pages of results; the next search after one business changed; and 200 names of businesses, and of
people, with one slip each. One table, the engines side by side; times in milliseconds, beside them the processor's own
time of the asking process, which is what to compare on a machine with other work. `--keep FOLDER` leaves the embedded
engine's graph there and uses it the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

import psutil
from flask.testing import FlaskClient

from bench.search_region import AGENCIES, make_region, write_region
from bench.slips import slip
from crm import create_app
from crm.access import OWNER
from crm.config import Settings, read_settings
from crm.graph import sessions, users
from crm.graph.driver import GraphSettings, Row, Store
from crm.graph.schema import open_store
from crm.services import accounts
from crm.services.finders import get_finder
from crm.services.golden import compute_businesses
from crm.services.search import search
from tests.neo4j_server import start_neo4j

TYPED, SLIPPED, PAGES, CHANGES = 30, 200, 60, 30
EMAIL = "bench@example.org"
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=("embedded", "neo4j", "both"), default="both")
    parser.add_argument("--size", type=int, default=60_000)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        print(json.dumps(measure(options.seed)))
        return
    engines = ("embedded", "neo4j") if options.engine == "both" else (options.engine,)
    figures = {engine: run(engine, options) for engine in engines}
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{options.size:,} businesses, {options.people:,} people, seed {options.seed}")
    print(f"{platform.machine()}, {cores} cores, load {load:.1f}; milliseconds: median, 95 %, 99 % (processor, median)")
    width = max(len(name) for found in figures.values() for name in found)
    print(" " * width, *(f"{engine:>24}" for engine in engines))
    for name in figures[engines[0]]:
        print(f"{name:<{width}}", *(f"{figures[engine][name]:>24}" for engine in engines))


def run(engine: str, options: argparse.Namespace) -> Figures:
    """Fill a graph of this engine, and let a new process answer from it."""
    with ExitStack() as stack:
        settings = start(engine, options.keep, stack)
        db = open_store(settings)
        stack.callback(db.close)
        began = time.perf_counter()
        if not db.read("MATCH (b:Business) RETURN b.id AS id LIMIT 1"):
            write_region(db, make_region(size=options.size, people=options.people, seed=options.seed))
            add_user(db)
        written = time.perf_counter() - began
        env = {**os.environ, "CRM_DATA_DIR": str(settings.data_dir), "NEO4J_URI": settings.uri or ""}
        env |= {"NEO4J_USERNAME": settings.username, "NEO4J_PASSWORD": settings.password}
        command = [sys.executable, "-m", "bench.search", "--answer", "--seed", str(options.seed)]
        answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)
        return {"region written, s": f"{written:.0f}", **json.loads(answer.stdout)}


def start(engine: str, keep: Path | None, stack: ExitStack) -> GraphSettings:
    folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
    if engine == "embedded":
        return GraphSettings(folder)
    server = start_neo4j()
    stack.callback(server.stop)
    return GraphSettings(folder, uri=server.uri, username=server.username, password=server.password)


def add_user(db: Store) -> None:
    accounts.add_user(db, email=EMAIL, name="Bench", agency=AGENCIES[1], role="member", password=uuid4().hex)


def measure(seed: int) -> Figures:
    """In a new process: the figures, as texts."""
    db = open_store(read_settings().graph)
    businesses, people = db.read(BUSINESSES), db.read(PEOPLE)
    client = open_client(db)
    finder = get_finder(db)
    process, before = psutil.Process(), psutil.Process().memory_info().rss
    built = take_time(lambda: finder.get_index(db))
    grown = process.memory_info().rss - before
    index, draw = finder.get_index(db), random.Random(seed)
    typed = [row["name"][:end] for row in draw.sample(businesses, TYPED) for end in range(1, len(row["name"]) + 1)]
    asked = [row["name"] for row in draw.sample(businesses, PAGES)]

    def ask(path: str, text: str) -> None:
        assert client.get(f"{path}?q={quote(text)}").status_code == 200

    return {
        "index read and built, s (processor)": f"{built.seconds:.1f} ({built.processor:.1f})",
        "memory for it, MB": f"{grown / 1e6:.0f}",
        "look whether anything changed": spread(lambda _: finder.get_index(db), range(200)),
        "as one types: index alone": spread(lambda text: index.search(text, most=8), typed),
        "as one types: whole answer": spread(lambda text: ask("/search/suggest", text), typed),
        "page of results": spread(lambda text: ask("/search", text), asked),
        "index after one business changed": spread(
            lambda _: finder.get_index(db), range(CHANGES), before=lambda: change_one(db, draw.choice(businesses)["id"])
        ),
        f"businesses found, of {SLIPPED} with a slip": count_found(db, draw, businesses, people=False),
        f"people found, of {SLIPPED} with a slip": count_found(db, draw, people, people=True),
    }


BUSINESSES = "MATCH (b:Business) RETURN b.id AS id, b.name AS name ORDER BY id"
PEOPLE = "MATCH (e:Executive) RETURN e.id AS id, e.name AS name ORDER BY id"


class Took(NamedTuple):
    """Seconds by the clock, and of this process."""

    seconds: float
    processor: float


def take_time(work: Callable[[], object]) -> Took:
    began, used = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began, time.process_time() - used)


def spread(work: Callable[[Any], object], items: Iterable[Any], before: Callable[[], object] = lambda: None) -> str:
    """Median, 95th and 99th percentile in milliseconds, and the median of the processor's time."""
    took: list[Took] = []
    for item in items:
        before()
        took.append(take_time(lambda item=item: work(item)))
    clock = sorted(one.seconds * 1000 for one in took)
    cuts = [clock[min(len(clock) - 1, int(len(clock) * share))] for share in (0.5, 0.95, 0.99)]
    processor = statistics.median(one.processor * 1000 for one in took)
    return " ".join(f"{cut:.1f}" for cut in cuts) + f" ({processor:.1f})"


def change_one(db: Store, id: str) -> None:
    db.transact(lambda tx: compute_businesses(tx, [id], token=uuid4().hex))


def count_found(db: Store, draw: random.Random, things: list[Row], *, people: bool) -> str:
    """How many of the names with one slip bring their own thing among the first five."""
    found = 0
    for row in draw.sample(things, SLIPPED):
        answer = search(db, OWNER, slip(draw, row["name"]), most=5, people=people)
        found += row["id"] in [one.id for one in (answer.people if people else answer.businesses)]
    return str(found)


def open_client(db: Store) -> FlaskClient:
    """A browser in which the bench's user is signed in."""
    app = create_app(Settings(graph=db.settings, secret_key="only for the bench"), db=db)
    client, token = app.test_client(), uuid4().hex
    user = users.get_user(db, EMAIL)
    sessions.add_session(db, user.id, token, now=accounts.now(), device="bench")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


if __name__ == "__main__":
    main()
