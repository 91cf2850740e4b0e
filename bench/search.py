"""How well search finds, and what its index costs: a new process reads the region of a graph and answers from it.

    python -m bench.search [--seed 1]

on the graph of CRM_DATA_DIR or NEO4J_URI; `bench.speeds` fills one and puts these figures into its table. Names of
businesses and of people with one slip each shall bring their own among the first five; what one types is every
beginning of a name, letter by letter. (What the whole page takes, with session, light and rendering, is in that table.)
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import psutil

from bench.engines import get_megabytes
from bench.machine import percentile
from bench.pages import BUSINESSES, PEOPLE
from bench.slips import slip
from crm.access import OWNER
from crm.config import read_settings
from crm.graph.driver import Row, Store
from crm.graph.schema import open_store
from crm.services.finders import get_finder
from crm.services.golden import compute_businesses
from crm.services.search import search

TYPED, SLIPPED, CHANGES = 30, 200, 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    db = open_store(read_settings().graph)
    try:
        print(json.dumps(measure(db, parser.parse_args().seed)))
    finally:
        db.close()


def measure(db: Store, seed: int) -> dict[str, Any]:
    """Seconds, MB, milliseconds (median and 95 of 100), and how many of how many names were found."""
    businesses, people = db.read(BUSINESSES), db.read(PEOPLE)
    finder, process = get_finder(db), psutil.Process()
    before, began, worked = get_megabytes(process), time.perf_counter(), time.process_time()
    index = finder.get_index()
    built, processor = time.perf_counter() - began, time.process_time() - worked
    grown, draw = get_megabytes(process) - before, random.Random(seed)
    typed = [
        row["name"][:end]
        for row in draw.sample(businesses, min(TYPED, len(businesses)))
        for end in range(1, len(row["name"]) + 1)
    ]

    def change_one() -> None:
        db.transact(lambda tx: compute_businesses(tx, [draw.choice(businesses)["id"]], token=uuid4().hex))

    return {
        "built_s": built,
        "processor_s": processor,
        "megabytes": grown,
        "typed_ms": spread(lambda text: index.search(text, most=8), typed),
        "changed_ms": spread(lambda _: finder.get_index(), range(CHANGES), before=change_one),
        "businesses": count_found(db, draw, businesses, people=False),
        "people": count_found(db, draw, people, people=True),
    }


def spread(work: Callable[[Any], object], items: Iterable[Any], before: Callable[[], object] = lambda: None) -> Any:
    """Milliseconds at the median and at 95 of 100."""
    times: list[float] = []
    for item in items:
        before()
        began = time.perf_counter()
        work(item)
        times.append(1000 * (time.perf_counter() - began))
    return percentile(times, 0.5), percentile(times, 0.95)


def count_found(db: Store, draw: random.Random, things: list[Row], *, people: bool) -> tuple[int, int]:
    """How many names with one slip bring their own thing among the first five, of how many that were tried."""
    tried = draw.sample(things, min(SLIPPED, len(things)))
    found = 0
    for row in tried:
        answer = search(db, OWNER, slip(draw, row["name"]), most=5, people=people)
        found += row["id"] in [one.id for one in (answer.people if people else answer.businesses)]
    return found, len(tried)


if __name__ == "__main__":
    main()
