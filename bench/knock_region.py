"""A made-up region for the measures of knocks: as the rows of a bulk read, and as a dump that either engine loads.

    python -m bench.knock_region FILE [--touchpoints 200000] [--businesses 20000] [--seed 1]

Contacts per business fall as 1 / rank^0.8, over two years, 3 % are joint; a referral for every fiftieth business, five
agreements. The same seed and size give the same region.

In the dump every business has its list of contacts, which is what the analysis reads; the touchpoints themselves, as
nodes, are there for a few businesses only (`list_whole`), which are those that contacts can be logged with. So a region
of two million touchpoints is loaded in minutes and not in hours.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from crm.analysis.contacts import LISTS
from crm.analysis.days import get_date, get_day
from crm.analysis.regions import Agreement, Directory, Referral
from crm.graph.agencies import agency_id
from crm.graph.dump import Manifest, write_dump
from crm.graph.programs import program_id
from crm.graph.records import record_id
from crm.ids import mint
from crm.search.entries import pack_business
from crm.services.golden import CONTACT

Row = dict[str, Any]

AS_OF = get_day(date(2026, 6, 30))
DAYS = 730
AGENCIES, PROGRAMS = 60, 240
WHOLE = 40
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


def make_directory() -> Directory:
    names = [name_agency(number) for number in range(AGENCIES)]
    ids = [agency_id(name) for name in names]
    programs = {
        program_id(ids[number % AGENCIES], name_program(number)): ids[number % AGENCIES] for number in range(PROGRAMS)
    }
    return Directory(dict(zip(ids, names, strict=True)), programs)


def name_agency(number: int) -> str:
    return f"Agency {number}"


def name_program(number: int) -> str:
    return f"Program {number}"


def name_business(number: int) -> str:
    return mint("b", str(number))


def make_rows(directory: Directory, *, touchpoints: int, businesses: int, seed: int) -> list[dict[str, Any]]:
    """One row per business that has contacts, its touchpoints as lists, as a bulk read delivers them."""
    draw = np.random.default_rng(seed)
    likely = 1 / np.arange(1, businesses + 1) ** 0.8
    business = np.sort(draw.choice(businesses, touchpoints, p=likely / likely.sum()))
    program = draw.integers(0, PROGRAMS, touchpoints)
    other = (7 * program + draw.integers(1, 4, touchpoints)) % PROGRAMS
    joint = draw.random(touchpoints) < 0.03
    ids = list(directory.programs)
    programs = [
        [ids[first], ids[second]] if both else [ids[first]]
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
        {"business": name_business(business[first])} | {name: columns[name][first:last] for name in LISTS}
        for first, last in pairwise(cuts)
    ]


def make_sites(*, businesses: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {
            "business": name_business(number),
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
        Agreement("Ten sites", ids[12:20], AS_OF - 100, businesses=frozenset(name_business(n) for n in range(10))),
    ]


def make_referrals(directory: Directory, *, businesses: int, seed: int) -> list[Referral]:
    draw = random.Random(seed)
    programs = list(directory.programs)

    def pick_program() -> str:
        return programs[draw.randrange(PROGRAMS)]

    return [
        Referral(name_business(number), pick_program(), pick_program(), AS_OF - draw.randrange(DAYS))
        for number in range(0, businesses, 50)
    ]


def list_whole(businesses: int, *, busiest: int = 5) -> list[int]:
    """The numbers of the businesses whose touchpoints are in a dump one by one: the busiest and some of all kinds."""
    step = max(1, businesses // WHOLE)
    return sorted({*range(min(busiest, businesses)), *range(busiest, businesses, step)})


def write_region(path: Path, *, touchpoints: int, businesses: int, seed: int) -> Manifest:
    """The region as a dump for `crm graph load`."""
    directory = make_directory()
    rows = {
        row["business"]: row for row in make_rows(directory, touchpoints=touchpoints, businesses=businesses, seed=seed)
    }
    sites = make_sites(businesses=businesses, seed=seed)
    referrals = make_referrals(directory, businesses=businesses, seed=seed)
    return write_dump(_list_entries(directory, rows, sites, referrals), path)


def _list_entries(
    directory: Directory, rows: dict[str, Row], sites: list[Row], referrals: list[Referral]
) -> Iterator[Row]:
    agreements = make_agreements(directory)
    whole = {name_business(number) for number in list_whole(len(sites))}
    recorded = whole | {one.business for one in referrals} | {id for one in agreements for id in one.businesses}
    owner = directory.agency_ids[0]
    yield _node("Clock", id="graph", version=1)
    for id, name in directory.agencies.items():
        yield _node("Agency", id=id, name=name, name_key=name.casefold())
    for number, (id, agency) in enumerate(directory.programs.items()):
        name = name_program(number)
        yield _node(
            "Program", id=id, name=name, name_key=name.casefold(), agency_id=agency, key=name.casefold(), system="plain"
        )
        yield _tie("OF", ("Program", id), ("Agency", agency))
    for site in sites:
        yield from _list_business(site, rows.get(site["business"]), directory)
    for site in sites:
        if site["business"] in recorded:
            yield from _list_record(site, owner)
    for id in sorted(whole & rows.keys()):
        yield from _list_touchpoints(rows[id], record_id("BusinessRecord", owner, "plain", id))
    for number, agreement in enumerate(agreements):
        yield from _list_agreement(f"g{number:012d}", agreement, owner)
    for number, referral in enumerate(referrals):
        yield from _list_referral(f"f{number:012d}", referral, owner)


def _list_business(site: Row, row: Row | None, directory: Directory) -> Iterator[Row]:
    cells = {name: site[name] for name in ("name", "naics", "county", "zip") if site[name]}
    if site["employees"]:
        cells["employees"] = str(site["employees"])
    if site["closed_on"] is not None:
        cells["closed_on"] = get_date(site["closed_on"]).isoformat()
    id, count = site["business"], len(row["day"]) if row else 0
    packed = pack_business(id, cells, [], agencies=[], contacts=count)
    yield _node(
        "Business", id=id, **cells, records=1, agencies=[], contact_count=count, promised=[], newest=[], search=packed,
        sources="{}",
        firm_id="o" + id[1:], firm_shared=False, stamp=1,
    )  # fmt: skip
    if row:
        yield _node("ContactList", id=id, contacts=_pack(row))


def _pack(row: Row) -> str:
    days = [get_date(day).isoformat() for day in row["day"]]
    named = row | {"date": days, "agency_id": row["agency"], "programs": [sorted(one) for one in row["programs"]]}
    listed = [list(contact) for contact in zip(*(named[name] for name in CONTACT), strict=True)]
    return json.dumps(sorted(listed, key=lambda contact: contact[:4]), separators=(",", ":"))


def _list_record(site: Row, agency: str) -> Iterator[Row]:
    id, key = record_id("BusinessRecord", agency, "plain", site["business"]), site["business"]
    yield _node(
        "BusinessRecord", id=id, agency_id=agency, system="plain", key=key, name=site["name"], ref=f"{agency}:{key}",
        name_ref=f"{agency}:{site['name'].casefold()}", seq=1, said=1,
    )  # fmt: skip
    yield _tie("OF", ("BusinessRecord", id), ("Agency", agency))
    yield _tie("RESOLVES_TO", ("BusinessRecord", id), ("Business", site["business"]))


def _list_touchpoints(row: Row, record: str) -> Iterator[Row]:
    for agency, key, day, programs, channel, direction, purpose, reached, topics in zip(
        *(row[name] for name in LISTS if name != "system"), strict=True
    ):
        id = record_id("Touchpoint", agency, "plain", key)
        cells = {"channel": channel, "direction": direction, "purpose": purpose, "reached": reached, "topics": topics}
        said = {name: value for name, value in cells.items() if value}
        date_text = get_date(day).isoformat()
        yield _node(
            "Touchpoint", id=id, agency_id=agency, system="plain", key=key, date=date_text, seq=1, said=1, **said
        )
        yield _tie("WITH", ("Touchpoint", id), ("BusinessRecord", record))
        for program in programs:
            yield _tie("MADE_BY", ("Touchpoint", id), ("Program", program))


def _list_agreement(id: str, agreement: Agreement, owner: str) -> Iterator[Row]:
    covered = sorted(agreement.businesses)
    said = {
        "to": None if agreement.ends_on is None else get_date(agreement.ends_on).isoformat(),
        "sector": ";".join(agreement.naics) or None,
        "businesses": ";".join(covered) or None,
        "covers": [f"{owner}:{key}" for key in covered] or None,
    }
    begins = get_date(agreement.begins_on).isoformat()
    yield _node(
        "Agreement", id=id, name=agreement.name, system="plain", key=id, agency_id=owner, seq=1, said=1,
        **{"from": begins}, **{name: value for name, value in said.items() if value},
    )  # fmt: skip
    for agency in agreement.agencies:
        yield _tie("BINDS", ("Agreement", id), ("Agency", agency))


def _list_referral(id: str, referral: Referral, owner: str) -> Iterator[Row]:
    day = get_date(referral.accepted_on or AS_OF).isoformat()
    record = record_id("BusinessRecord", owner, "plain", referral.business)
    said = {"offered_on": day, "accepted_on": day}
    yield _node("Referral", id=id, agency_id=owner, system="plain", key=id, seq=1, said=1, **said)
    yield _tie("ABOUT", ("Referral", id), ("BusinessRecord", record))
    yield _tie("FROM_PROGRAM", ("Referral", id), ("Program", referral.from_program))
    yield _tie("TO_PROGRAM", ("Referral", id), ("Program", referral.to_program))


def _node(label: str, **properties: Any) -> Row:
    return {"node": label, "properties": properties}


def _tie(tie: str, source: tuple[str, str], target: tuple[str, str]) -> Row:
    return {"tie": tie, "from": list(source), "to": list(target), "properties": {}}


def main() -> None:
    """Write the dump, and print as JSON what it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--touchpoints", type=int, default=200_000)
    parser.add_argument("--businesses", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    size = {"touchpoints": options.touchpoints, "businesses": options.businesses, "seed": options.seed}
    print(json.dumps(write_region(options.path, **size).to_json()))


if __name__ == "__main__":
    main()
