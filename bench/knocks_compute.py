"""How long the measures of knocks take, from the lists of a bulk read to the figures: no graph, no page.

    python -m bench.knocks_compute [--touchpoints 200000] [--businesses 60000] [--seed 1] [--runs 5]

Makes a region of that size from the seed (contacts per business as 1 / rank^0.8, over two years, 3 % joint, a referral
for every fiftieth business, five agreements) and prints one table: the median and the worst of the runs, in
milliseconds. The first run of each step is counted like the others; "cold" is everything from the lists to the answer.
The processor's own time stands beside it: on a machine with other work it is the figure to compare.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from bench.machine import tell_machine
from crm.analysis.contacts import LISTS
from crm.analysis.days import get_day
from crm.analysis.explanations import explain_business
from crm.analysis.history import History, build_history
from crm.analysis.knocks import RegionKnocks, measure_region
from crm.analysis.lights import Contact, Subject, light_business
from crm.analysis.regions import Agreement, Directory, Referral, Region, read_region

AS_OF = get_day(date(2026, 6, 30))
DAYS = 730
AGENCIES, PROGRAMS = 60, 240
CHANNELS = ("visit", "survey", "call", "video", "email", "text", "letter", "event", "mass_mail", "")
PURPOSES = (
    "needs",
    "survey",
    "sponsorship",
    "job_development",
    "invitation",
    "relationship",
    "",
    "service",
    "follow_up",
)
TOPICS = ("", "", "", "welders", "night shift", "drivers; licences", "apprentices", "childcare")
Answer = TypeVar("Answer")


def make_directory() -> Directory:
    agencies = {f"a{number:012d}": f"Agency {number}" for number in range(AGENCIES)}
    ids = list(agencies)
    return Directory(agencies, {f"p{number:012d}": ids[number % AGENCIES] for number in range(PROGRAMS)})


def make_rows(directory: Directory, *, touchpoints: int, businesses: int, seed: int) -> list[dict[str, Any]]:
    """One row per business that has contacts, its touchpoints as lists, as a bulk read delivers them."""
    draw = np.random.default_rng(seed)
    likely = 1 / np.arange(1, businesses + 1) ** 0.8
    business = np.sort(draw.choice(businesses, touchpoints, p=likely / likely.sum()))
    program = draw.integers(0, PROGRAMS, touchpoints)
    other = (7 * program + draw.integers(1, 4, touchpoints)) % PROGRAMS
    joint = draw.random(touchpoints) < 0.03
    programs = [
        [f"p{first:012d}", f"p{second:012d}"] if both else [f"p{first:012d}"]
        for first, second, both in zip(program.tolist(), other.tolist(), joint.tolist(), strict=True)
    ]

    def pick(words: tuple[str, ...]) -> list[str]:
        return [words[number] for number in draw.integers(0, len(words), touchpoints).tolist()]

    columns: dict[str, list[Any]] = {
        "agency": [directory.programs[names[0]] for names in programs],
        "system": ["plain"] * touchpoints,
        "key": [f"T-{number:07d}" for number in draw.permutation(touchpoints).tolist()],
        "day": (AS_OF - draw.integers(-20, DAYS, touchpoints)).tolist(),
        "programs": programs,
        "channel": pick(CHANNELS),
        "direction": pick(("out", "out", "out", "out", "in", "")),
        "purpose": pick(PURPOSES),
        "reached": pick(("yes", "yes", "no", "")),
        "topics": pick(TOPICS),
    }
    cuts = [0, *(np.flatnonzero(np.diff(business)) + 1).tolist(), touchpoints]
    return [
        {"business": f"b{business[first]:012d}"} | {name: columns[name][first:last] for name in LISTS}
        for first, last in pairwise(cuts)
    ]


def make_sites(*, businesses: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {
            "business": f"b{number:012d}",
            "name": f"Business {number}",
            "naics": draw.choice(("", "236220", "311811", "332710", "484121", "541511", "623110")),
            "county": draw.choice(("Cook", "Lake", "Will")),
            "zip": f"{60000 + draw.randrange(300)}",
            "employees": draw.choice((None, 4, 20, 80, 400)),
            "closed_on": AS_OF - 100 if draw.random() < 0.02 else None,
        }
        for number in range(businesses)
    ]


def make_agreements(directory: Directory) -> list[Agreement]:
    ids = directory.agency_ids
    return [
        Agreement("Everywhere", ids[:3], AS_OF - 300),
        Agreement("Health", ids[3:7], AS_OF - 500, naics=("62",)),
        Agreement("Metal", ids[2:5], AS_OF - 200, AS_OF - 20, naics=("332", "31")),
        Agreement("Freight", ids[10:12], AS_OF - 900, naics=("48",)),
        Agreement("Ten sites", ids[12:20], AS_OF - 100, businesses=frozenset(f"b{n:012d}" for n in range(10))),
    ]


def make_referrals(*, businesses: int, seed: int) -> list[Referral]:
    draw = random.Random(seed)

    def pick_program() -> str:
        return f"p{draw.randrange(PROGRAMS):012d}"

    return [
        Referral(f"b{number:012d}", pick_program(), pick_program(), AS_OF - draw.randrange(DAYS))
        for number in range(0, businesses, 50)
    ]


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
    args = parser.parse_args()
    directory, size = make_directory(), {"businesses": args.businesses, "seed": args.seed}
    rows = make_rows(directory, touchpoints=args.touchpoints, **size)
    sites, agreements, referrals = make_sites(**size), make_agreements(directory), make_referrals(**size)
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
