"""How long the measures of knocks take, from the lists of a bulk read to the figures: no graph, no page.

    python -m bench.knocks_compute [--touchpoints 200000] [--businesses 60000] [--seed 1] [--runs 5] [--json]

Makes the region of `bench.knock_region` and prints one table: the median and the worst of the runs, in milliseconds.
The first run of each step is counted like the others; "cold" is everything from the lists to the answer. The time of
the processor stands beside it: on a machine with other work it is the figure to compare. `--json` prints the answer of
one cold run and what it cost, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from bench.knock_region import AS_OF, make_agreements, make_directory, make_referrals, make_rows, make_sites
from bench.machine import tell_machine
from crm.analysis.contacts import LISTS
from crm.analysis.explanations import explain_business
from crm.analysis.history import History, build_history
from crm.analysis.knocks import RegionKnocks, measure_region
from crm.analysis.lights import Contact, Subject, light_business
from crm.analysis.regions import Agreement, Region, read_region

Answer = TypeVar("Answer")


def make_subject(row: dict[str, Any], agreements: list[Agreement]) -> Subject:
    fields = zip(*(row[name] for name in LISTS), strict=True)
    named = (dict(zip(LISTS, values, strict=True)) for values in fields)
    contacts = [Contact(**{name: value for name, value in entry.items() if name != "reached"}) for entry in named]
    return Subject(row["business"], contacts, employees=20, naics="311811", agreements=agreements)


def make_change(history: History, rows: list[dict[str, Any]]) -> Callable[[], RegionKnocks]:
    """What a page costs after a write: these businesses read again, with one more contact each time."""
    grown = [{name: list(value) if name in LISTS else value for name, value in row.items()} for row in rows]

    def answer() -> RegionKnocks:
        for row in grown:
            for name in LISTS:
                row[name].append(row[name][-1])
            row["day"][-1] = AS_OF - len(row["day"]) % 300
            row["key"][-1] = f"new-{len(row['day'])}"
        region = history.region.change(contacts=grown)
        return measure_region(history.update(region, [str(row["business"]) for row in grown]))

    return answer


class Table:
    """One line a step: how often it was run, the median and the worst."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        print(f"{'step':58} {'median ms':>10} {'worst ms':>10} {'processor ms':>13}")

    def time(self, step: str, function: Callable[[], Answer]) -> Answer:
        spent: list[float] = []
        worked = time.process_time()
        answers: list[Answer] = []
        for _ in range(self.runs):
            answers.clear()
            started = time.perf_counter()
            answers.append(function())
            spent.append(1000 * (time.perf_counter() - started))
        worked = 1000 * (time.process_time() - worked) / self.runs
        print(f"{step:58} {statistics.median(spent):10.2f} {max(spent):10.2f} {worked:13.2f}")
        return answers[0]


def get_memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchpoints", type=int, default=200_000)
    parser.add_argument("--businesses", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    directory, size = make_directory(), {"businesses": args.businesses, "seed": args.seed}
    rows = make_rows(directory, touchpoints=args.touchpoints, **size)
    sites, agreements, referrals = make_sites(**size), make_agreements(directory), make_referrals(directory, **size)
    if args.json:
        began, worked = time.perf_counter(), time.process_time()
        region = read_region(
            directory=directory, contacts=rows, businesses=sites, referrals=referrals, agreements=agreements
        )
        answer = measure_region(build_history(region, as_of=AS_OF)).as_json()
        cost = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked}
        cost["megabytes"] = get_memory()
        print(json.dumps({name: value for name, value in answer.items() if not isinstance(value, list)} | cost))
        return
    print(f"{tell_machine()}, numpy {np.__version__}")
    print(f"{args.touchpoints} touchpoints, {args.businesses} businesses ({len(rows)} contacted), seed {args.seed}")
    before = get_memory()
    table = Table(args.runs)

    def read() -> Region:
        return read_region(
            directory=directory, contacts=rows, businesses=sites, referrals=referrals, agreements=agreements
        )

    def run_cold() -> RegionKnocks:
        return measure_region(build_history(read(), as_of=AS_OF))

    answer = table.time("cold: lists to answer", run_cold)
    region = table.time("  lists to columns", read)
    table.time("  columns to history", lambda: build_history(region, as_of=AS_OF))
    table.time("  columns to answer", lambda: measure_region(build_history(region, as_of=AS_OF)))
    history = build_history(region, as_of=AS_OF)
    measure_region(history)
    table.time("once computed: another period, sector or page", lambda: measure_region(history))
    table.time("the answer as JSON values", answer.as_json)

    for name, changed in (("5 businesses", rows[1000:1005]), ("the busiest", rows[:1])):
        # Each run logs one contact more in each, so that no interval is remembered from the run before.
        table.time(f"{name} changed: to the answer", make_change(history, changed))
    table.time(
        "knocks of one business, each with its sentence", lambda: explain_business(history, rows[1000]["business"])
    )
    for place in (1000, len(rows) // 2):
        subject = make_subject(rows[place], agreements)
        step = f"light of one business ({len(subject.contacts)} contacts)"
        agency = directory.agency_ids[0]
        table.time(step, lambda s=subject, a=agency: light_business(s, agency=a, day=AS_OF, directory=directory))
    print(f"memory: {before:.0f} MB with the lists, {get_memory():.0f} MB at most")
    print(f"{answer.knocks} knocks, {answer.redundant} redundant ({answer.rate:.3f}), interval {answer.interval}")


if __name__ == "__main__":
    main()
