"""The many-knocks analysis as the region grows: one command, one table, both engines, and plain pandas beside it.

    python -m bench.knocks [--touchpoints 200000,600000,2000000] [--engine embedded|neo4j|both] [--seed 1] [--no-peer]

Ten touchpoints a business, 60 agencies (`bench.knock_region`). For each size: the analysis alone, from lists to the
answer, ours and that of `bench.peers.knocks_pandas`, which must find the same; then on each engine a new process that
reads the region and answers, the page as deployed (gunicorn, two workers), and the answer after each of twenty contacts
that are logged, which must be what a reading of the whole region says. Ends with status 1 where any two figures differ;
a target that was missed is marked.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psutil

from bench.children import run_crm, run_python
from bench.engines import ENGINES, Engine, get_megabytes, start_engine
from bench.knock_region import AS_OF, list_whole, name_agency, name_business, name_program
from bench.machine import percentile, tell_machine
from bench.steps import EMAIL, Figure, put_user, say
from crm.analysis.days import get_date
from crm.graph.agencies import agency_id
from crm.graph.programs import program_id
from tests.deploy.stack import run_gunicorn
from tests.serving import free_port

PER_BUSINESS, LOGGED = 10, 20
COLD_SECONDS, COLD_MEGABYTES, WARM_MS, AFTER_MS = 20.0, 3000.0, 300.0, 100.0
PAGE = f"/knocks?as_of={get_date(AS_OF)}"
# The other pages of the analysis.
PAGES = {
    "coverage": [f"/coverage?as_of={get_date(AS_OF)}"],
    "what if": [f"/whatif?a={quote(f'{name_agency(0)},{name_agency(1)}')}&as_of={get_date(AS_OF)}"],
    "tables": [f"/tables?as_of={get_date(AS_OF)}"],
    "agreements": ["/agreements"],
    "my coordination": [f"/knocks/mine?as_of={get_date(AS_OF)}"],
}
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchpoints", default="200000,600000,2000000")
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    engines = ENGINES if options.engine == "both" else (options.engine,)
    print(f"{tell_machine()}; seed {options.seed}", flush=True)
    wrong = 0
    for touchpoints in map(int, options.touchpoints.split(",")):
        print(f"\n{touchpoints:,} touchpoints, {touchpoints // PER_BUSINESS:,} businesses", flush=True)
        for figure in measure_size(touchpoints, engines, options.seed, with_peer=not options.no_peer):
            star = " *" if figure.missed else ""
            errors = " WRONG" if figure.errors else ""
            print(f"  {figure.name:<52} {figure.value}{star}{errors}  {figure.target}".rstrip(), flush=True)
            wrong += figure.errors
    sys.exit(bool(wrong))


def measure_size(touchpoints: int, engines: tuple[str, ...], seed: int, *, with_peer: bool) -> Iterator[Figure]:
    businesses = touchpoints // PER_BUSINESS
    sizes = ["--touchpoints", str(touchpoints), "--businesses", str(businesses), "--seed", str(seed)]
    say("the analysis alone")
    ours, _ = run_python({}, "bench.knocks_compute", *sizes, "--json")
    yield Figure("analysis alone, from lists", tell_cost(ours))
    if with_peer:
        say("plain pandas")
        peer, _ = run_python({}, "bench.peers.knocks_pandas", *sizes)
        times = peer["processor"] / ours["processor"]
        yield Figure(
            "the same in pandas", f"{tell_cost(peer)}; {times:.1f} times ours", errors=count_unlike(ours, peer)
        )
    with tempfile.TemporaryDirectory(prefix="bench-knocks-") as folder:
        dump = Path(folder) / "region.jsonl"
        run_python({}, "bench.knock_region", str(dump), *sizes)
        for name in engines:
            with start_engine(name) as engine:
                say(f"{name}: loading")
                began = time.perf_counter()
                run_crm(engine.environment, "graph", "load", str(dump))
                yield Figure(f"{name}: loaded", f"{time.perf_counter() - began:.0f} s")
                yield from measure_service(engine, businesses, ours)
                yield from measure_page(engine, businesses)


def tell_cost(cost: Figures) -> str:
    return f"{cost['seconds']:.1f} s, cpu {cost['processor']:.1f} s, {cost['megabytes']:.0f} MB"


def count_unlike(ours: Figures, peer: Figures) -> int:
    """How many figures that both have are not the same; an interval is drawn, so it need only be near."""
    names = (ours.keys() & peer.keys()) - {"seconds", "processor", "megabytes", "interval"}
    unlike = [name for name in names if ours[name] != peer[name] and not near(ours[name], peer[name], 1e-9)]
    unlike += ["interval"] * (
        not all(near(*pair, 0.01) for pair in zip(ours["interval"], peer["interval"], strict=True))
    )
    for name in unlike:
        say(f"{name}: {ours[name]} and {peer[name]}")
    return len(unlike)


def near(left: Any, right: Any, tolerance: float) -> bool:
    return isinstance(left, int | float) and math.isclose(left, right, rel_tol=0, abs_tol=tolerance)


def measure_service(engine: Engine, businesses: int, ours: Figures) -> Iterator[Figure]:
    say(f"{engine.name}: cold, and after contacts")
    before = engine.processor_seconds
    whole = [name_business(number) for number in list_whole(businesses)]
    found, _ = run_python(
        engine.environment, "bench.knocks_service", "--businesses", ",".join(whole), "--agency", find_agency(),
        "--logged", str(LOGGED),
    )  # fmt: skip
    cold, held, cpu = found["cold_ms"] / 1000, found["cold_megabytes"], found["cold_cpu_ms"] / 1000
    same = all(found["figures"][name] == ours[name] for name in found["figures"])
    yield Figure(
        f"{engine.name}: cold, from the engine to the answer",
        f"{cold:.1f} s, cpu {cpu:.1f} + {engine.processor_seconds - before:.1f} s, {held:.0f} MB",
        f"< {COLD_SECONDS:.0f} s, < {COLD_MEGABYTES:.0f} MB",
        cold >= COLD_SECONDS or held >= COLD_MEGABYTES,
        errors=not same,
    )
    after, cpu = found["after_ms"], percentile(found["after_cpu_ms"], 0.5)
    yield Figure(
        f"{engine.name}: after each of {LOGGED} contacts, ms",
        f"{percentile(after, 0.5):.0f} / {percentile(after, 0.95):.0f}, cpu {cpu:.0f}",
        f"< {AFTER_MS:.0f}",
        percentile(after, 0.5) >= AFTER_MS,
        errors=not found["is_right"],
    )


def find_agency() -> str:
    return agency_id(name_agency(0))


def measure_page(engine: Engine, businesses: int) -> Iterator[Figure]:
    """The page through gunicorn as deployed, for a member who is signed in."""
    say(f"{engine.name}: the page")
    password = uuid4().hex
    put_user(engine, name_agency(0), password)
    logged = [name_business(number) for number in islice(cycle(list_whole(businesses)), LOGGED)]
    port = free_port()
    with run_gunicorn(port, engine.settings.data_dir, engine.environment) as server:
        workers = psutil.Process(server.pid).children()
        plan = {
            "email": EMAIL,
            "password": password,
            "pages": {"many knocks": [PAGE]} | PAGES,
            "logging": {
                "businesses": logged,
                "program": program_id(find_agency(), name_program(0)),
                "on": str(get_date(AS_OF)),
                "then": PAGE,
            },
            "port": port,
            "processes": [[worker.pid for worker in workers], engine.process_ids],
        }
        answer, _ = run_python({}, "bench.page_client", said=json.dumps(plan))
        held = [get_megabytes(worker) for worker in workers]
    for name, opened in answer["pages"].items():
        alone = opened["alone"]
        yield Figure(
            f"{engine.name}: the page {name}, ms",
            f"{percentile(alone['ms'], 0.5):.0f} / {percentile(alone['ms'], 0.95):.0f}",
            f"< {WARM_MS:.0f}",
            percentile(alone["ms"], 0.95) >= WARM_MS,
            errors=alone["wrong"],
        )
    then = answer["logging"]["then"]
    yield Figure(
        f"{engine.name}: the page right after a contact, ms",
        f"{percentile(then['ms'], 0.5):.0f} / {percentile(then['ms'], 0.95):.0f}",
        f"< {WARM_MS:.0f}",
        percentile(then["ms"], 0.95) >= WARM_MS,
        errors=answer["logging"]["logged"]["wrong"],
    )
    yield Figure(f"{engine.name}: each web worker at the end, MB", ", ".join(f"{one:.0f}" for one in held))


if __name__ == "__main__":
    main()
