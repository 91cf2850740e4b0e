"""The steps of `bench.speeds`: each takes a running engine and gives lines of the table."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import uuid4

import psutil

from bench.children import Cost, run_crm, run_python
from bench.engines import Engine, get_megabytes, start_engine
from bench.machine import percentile
from bench.page_client import SEVERAL
from bench.pages import KNOCKS, TARGETS
from bench.region_files import LAST_DAY, Files
from bench.search_region import AGENCIES
from crm.access import OWNER
from crm.graph.agencies import agency_id
from crm.graph.driver import Store
from crm.services.touchpoints import remove_contact
from tests.deploy.stack import run_gunicorn
from tests.serving import free_port, serving

EMAIL, AGENCY = "bench@example.org", AGENCIES[1]
# The engine gives memory back once it has been at rest for a while (see embedded_server.Quiet).
REST_SECONDS = 12.0
COLD_RUNS = 3
PAGE_MS, TOGETHER_MS = 40.0, 100.0
LOGGED_NOW = (
    "MATCH (t:Touchpoint) WHERE t.agency_id = $agency AND t.key STARTS WITH 'screen-' RETURN t.id AS id ORDER BY id"
)


class Figure(NamedTuple):
    """A line of the table for one engine. `errors` must be 0."""

    name: str
    value: str
    target: str = ""
    missed: bool = False
    errors: int = 0


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def measure_start(engine: Engine) -> Iterator[Figure]:
    """`crm serve` on an empty graph until the page on which the first administrator is created."""
    if engine.server is not None:
        yield from _start(engine, "started before")
        return
    with start_engine(engine.name) as fresh:
        yield from _start(fresh, "")


def _start(engine: Engine, note: str) -> Iterator[Figure]:
    say("start on nothing")
    began = time.perf_counter()
    with serving(engine.environment, engine.settings.data_dir) as server:
        urllib.request.urlopen(f"{server.url}/", timeout=60).close()
        seconds = time.perf_counter() - began
        yield Figure("start to the first page, s", f"{seconds:.1f} {f'(engine {note})' if note else ''}".strip(),
                     "< 8 embedded", not note and seconds >= 8)  # fmt: skip
        time.sleep(REST_SECONDS)
        resting = engine.megabytes
        yield Figure("engine at rest on nothing, MB", tell_megabytes(resting), "< 300 embedded",
                     not note and (resting or 0) >= 300)  # fmt: skip


def tell_megabytes(megabytes: float | None) -> str:
    return "not seen" if megabytes is None else f"{megabytes:.0f}"


def measure_imports(engine: Engine, files: Files) -> Iterator[Figure]:
    """The region's files through the product's own command, each in a process of its own."""
    first, *others = files.contacts
    yield _import(engine, "import: programs", files.programs)
    yield _import(engine, "import: businesses", files.businesses)
    yield _import(engine, "import: people", files.people)
    yield _import(engine, "import: touchpoints, first half", first, most=(30, 600))
    yield _import(engine, "import: the same file again", first, most=(10, None), counted="unchanged")
    for path in others:
        yield _import(engine, "import: touchpoints, the other half", path, most=(30, 600))
    time.sleep(REST_SECONDS)
    yield Figure("engine at rest with the region, MB", tell_megabytes(engine.megabytes))


def _import(
    engine: Engine,
    name: str,
    path: Path,
    *,
    most: tuple[float | None, float | None] = (None, None),
    counted: str = "created",
) -> Figure:
    say(name)
    before = engine.processor_seconds
    (result,), cost = run_crm(engine.environment, "import", str(path))
    rows = result["rows"]
    seconds, megabytes = most
    target = ", ".join([f"< {seconds} s"] * bool(seconds) + [f"< {megabytes} MB"] * bool(megabytes))
    return Figure(
        name,
        f"{cost.seconds:.1f} s, {rows / cost.seconds:,.0f} rows/s, {cost.megabytes:.0f} MB, "
        f"cpu {cost.processor:.1f} + {engine.processor_seconds - before:.1f} s",
        target,
        bool(seconds and cost.seconds >= seconds) or bool(megabytes and cost.megabytes >= megabytes),
        errors=rows - result[counted],
    )


def measure_knocks(engine: Engine) -> Iterator[Figure]:
    """The whole region's figures in a new process that has read nothing yet."""
    say("crm knocks")
    costs = [run_crm(engine.environment, "knocks", "--as-of", str(LAST_DAY))[1] for _ in range(COLD_RUNS)]
    cost = Cost(*(median(values) for values in zip(*costs, strict=True)))
    yield Figure(
        f"crm knocks, median of {COLD_RUNS}",
        f"{cost.seconds:.2f} s, cpu {cost.processor:.2f} s, {cost.megabytes:.0f} MB",
        "< 3 s",
        cost.seconds >= 3,
    )


def measure_search(engine: Engine, seed: int) -> Iterator[Figure]:
    say("search")
    found, _ = run_python(engine.environment, "bench.search", "--seed", str(seed))
    yield Figure("search index read and built", f"{found['built_s']:.1f} s, cpu {found['processor_s']:.1f} s, "
                 f"{found['megabytes']:.0f} MB")  # fmt: skip
    yield Figure("index alone, as one types, ms", tell_times(found["typed_ms"]))
    yield Figure("index after one business changed, ms", tell_times(found["changed_ms"]))
    for kind in ("businesses", "people"):
        right, tried = found[kind]
        yield Figure(f"{kind} with a slip among the first 5", f"{right} of {tried}", ">= 95 %", right < 0.95 * tried)


def tell_times(times: tuple[float, float]) -> str:
    return f"{times[0]:.1f} / {times[1]:.1f}"


def measure_pages(engine: Engine, db: Store, seed: int) -> Iterator[Figure]:
    """Pages through gunicorn as deployed, for a member who is signed in; what is logged is taken back afterwards."""
    password, agency = uuid4().hex, agency_id(AGENCY)
    put_user(engine, AGENCY, password)
    pages, _ = run_python(engine.environment, "bench.pages", "--agency", agency, "--seed", str(seed))
    plan = {
        "email": EMAIL,
        "password": password,
        "pages": pages["addresses"],
        "logging": {name: pages[name] for name in ("businesses", "program")} | {"on": str(LAST_DAY), "then": KNOCKS},
    }
    say("pages")
    port = free_port()
    with run_gunicorn(port, engine.settings.data_dir, engine.environment) as server:
        workers = psutil.Process(server.pid).children()
        plan |= {"port": port, "processes": [[worker.pid for worker in workers], engine.process_ids]}
        answer, _ = run_python({}, "bench.page_client", said=json.dumps(plan))
        held = [get_megabytes(worker) for worker in workers]
    for row in db.read(LOGGED_NOW, agency=agency):
        remove_contact(db, OWNER, row["id"])
    yield from (_tell_page(kind, times) for kind, times in answer["pages"].items())
    logged, then = answer["logging"]["logged"], answer["logging"]["then"]
    yield Figure("logging a contact", tell_spread(logged["ms"]), errors=logged["wrong"])
    yield Figure(
        "many knocks right after it", tell_spread(then["ms"]), "p95 < 300", percentile(then["ms"], 0.95) >= 300
    )
    yield Figure("each web worker at the end, MB", ", ".join(f"{one:.0f}" for one in held))
    yield Figure("the measuring client itself, ms a request", f"{answer['own_ms']:.2f}")


def put_user(engine: Engine, agency: str, password: str) -> None:
    """By commands: hashing a password takes memory that would be counted to every later child of this process."""
    known, _ = run_crm(engine.environment, "user", "list")
    is_known = EMAIL in [user["email"] for user in known]
    wanted = ("password", EMAIL) if is_known else ("add", EMAIL, "--agency", agency)
    run_crm(engine.environment, "user", *wanted, "--password-stdin", said=f"{password}\n")


def _tell_page(kind: str, times: dict[str, Any]) -> Figure:
    alone, together, most = times["alone"], times["together"], TARGETS.get(kind, PAGE_MS)
    missed = percentile(alone["ms"], 0.95) >= most or percentile(together["ms"], 0.95) >= max(most, TOGETHER_MS)
    cpu = " + ".join(f"{one:.1f}" for one in alone["cpu_ms"])
    return Figure(
        f"page: {kind}",
        f"{tell_spread(alone['ms'])}; {SEVERAL} at once {tell_spread(together['ms'])}; cpu {cpu}",
        f"p95 < {most:.0f}; < {max(most, TOGETHER_MS):.0f}",
        missed,
        alone["wrong"] + together["wrong"],
    )


def tell_spread(times: list[float]) -> str:
    return tell_times((percentile(times, 0.5), percentile(times, 0.95)))
