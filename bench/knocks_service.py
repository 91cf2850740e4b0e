"""What the many-knocks analysis costs in a process that has read nothing yet, and after each contact that is logged.

    python -m bench.knocks_service --businesses ID,ID… --agency ID [--logged 20]

on the graph of CRM_DATA_DIR or NEO4J_URI; prints JSON. The contacts are logged with these businesses in turn and taken
back at the end; what is said after the last of them is compared with what a reading of the whole region says.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from bench.knock_region import AS_OF
from crm.access import OWNER, Viewer
from crm.analysis.days import get_date
from crm.analysis.knocks import measure_region
from crm.config import read_settings
from crm.graph import programs
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services.knocks import find_knocks
from crm.services.questions import ask
from crm.services.regions import RegionCache
from crm.services.touchpoints import Contact, log_contact, remove_contact

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--businesses", required=True, help="ids with commas between them")
    parser.add_argument("--agency", required=True, help="the id of the agency that logs")
    parser.add_argument("--logged", type=int, default=20)
    options = parser.parse_args()
    db = open_store(read_settings().graph)
    try:
        print(json.dumps(measure(db, options.businesses.split(","), options.agency, options.logged)))
    finally:
        db.close()


def measure(db: Store, businesses: list[str], agency: str, logged: int) -> dict[str, Any]:
    day = get_date(AS_OF)
    viewer = Viewer("bench", "bench@example.org", agency, "member")
    question = ask(db, viewer, as_of=day)

    def answer() -> dict[str, Any]:
        return find_knocks(db, viewer, question).report.as_json()

    found: dict[str, Any] = {}
    first, found["cold_ms"], found["cold_cpu_ms"] = clock(answer)
    found["cold_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _, found["again_ms"], _ = clock(lambda: find_knocks(db, viewer, question).report.knocks)
    program = next(one.id for one in programs.list_programs(db, OWNER) if one.agency_id == agency)
    after: list[float] = []
    worked: list[float] = []
    made: list[str] = []
    for number in range(logged):
        said = Contact(
            key=uuid4().hex, on=day, programs=(program,), business=businesses[number % len(businesses)],
            channel="visit", direction="out", purpose="needs", reached="yes",
        )  # fmt: skip
        made.append(log_contact(db, viewer, said, today=day).id)
        _, passed, processor = clock(lambda: find_knocks(db, viewer, question).report.knocks)
        after.append(passed)
        worked.append(processor)
    last = answer()
    anew = RegionCache(db)
    found["is_right"] = measure_region(anew.get_history(AS_OF)).as_json() == last and last != first
    for id in made:
        remove_contact(db, viewer, id)
    figures = {name: value for name, value in first.items() if not isinstance(value, list)}
    return found | {"after_ms": after, "after_cpu_ms": worked, "figures": figures}


def clock(work: Callable[[], T]) -> tuple[T, float, float]:
    """What it gives, milliseconds by the clock and of the processor."""
    began, worked = time.perf_counter(), time.process_time()
    result = work()
    return result, 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)


if __name__ == "__main__":
    main()
