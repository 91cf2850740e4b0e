"""A made-up region as the plain files of its agencies, for whatever goes through the product's own import.

    python -m bench.region_files FOLDER [--businesses 60000] [--people 60000] [--touchpoints 200000] [--seed 1]

Businesses and people are those of `bench.search_region`, each record a row of the agency that it is of; contacts are
drawn over two years with the skew that the problem has (contacts per business as 1 / rank^0.8, 3 % joint). The same
seed and size give the same files.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple

from bench.search_region import AGENCIES, Region, make_region
from crm.graph.agencies import agency_id
from crm.spreadsheets import write_csv

LAST_DAY = date(2026, 6, 30)
DAYS = 730
PROGRAMS_AN_AGENCY, STAFF_AN_AGENCY = 4, 8
PROGRAM_COLUMNS = ("agency", "program", "system", "contact_email")
BUSINESS_COLUMNS = ("agency", "source_id", "name", "street", "city", "state", "zip", "phone", "website", "naics")
PERSON_COLUMNS = ("agency", "source_id", "business", "first_name", "last_name", "title", "email", "phone")
CONTACT_COLUMNS = (
    "agency", "source_id", "date", "program", "staff", "business", "channel", "direction", "purpose", "topics",
    "reached", "notes",
)  # fmt: skip
SYSTEMS = ("workforce", "education", "economic_development", "other")
CHANNELS = ("visit", "call", "call", "email", "email", "event", "letter", "survey", "")
PURPOSES = ("needs", "survey", "relationship", "job_development", "sponsorship", "invitation", "service", "follow_up")
TOPICS = ("", "", "", "welders", "night shift", "drivers;licences", "apprentices", "childcare")


PARTS = 2


class Files(NamedTuple):
    """Where the files of a region are; `contacts` are its touchpoints in files of equal size."""

    programs: Path
    businesses: Path
    people: Path
    contacts: list[Path]


def write_files(folder: Path, *, size: int, people: int, contacts: int, parts: int, seed: int) -> Files:
    """Write the files of a region of `size` businesses, `people` people and `contacts` touchpoints."""
    region = make_region(size=size, people=people, seed=seed)
    names = {agency_id(name): name for name in AGENCIES}
    files = Files(
        folder / "programs.csv",
        folder / "businesses.csv",
        folder / "people.csv",
        [folder / f"touchpoints-{part + 1}.csv" for part in range(parts)],
    )
    _write(files.programs, PROGRAM_COLUMNS, _list_programs())
    _write(files.businesses, BUSINESS_COLUMNS, _list_businesses(region, names))
    _write(files.people, PERSON_COLUMNS, _list_people(region, names))
    rows = _draw_contacts(region, names, contacts, seed)
    for path in files.contacts:
        _write(path, CONTACT_COLUMNS, islice(rows, contacts // parts))
    return files


def add_sizes(parser: argparse.ArgumentParser) -> None:
    """How large a region is, and which one."""
    parser.add_argument("--businesses", type=int, default=60_000)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--touchpoints", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)


def list_sizes(options: argparse.Namespace) -> list[str]:
    """The same as arguments for another process."""
    names = ("businesses", "people", "touchpoints", "seed")
    return [argument for name in names for argument in (f"--{name}", str(getattr(options, name)))]


def main() -> None:
    """Write the files, and print as JSON where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    add_sizes(parser)
    options = parser.parse_args()
    files = write_files(
        options.folder,
        size=options.businesses,
        people=options.people,
        contacts=options.touchpoints,
        parts=PARTS,
        seed=options.seed,
    )
    print(json.dumps(files._asdict(), default=str))


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("wb") as file:
        file.writelines(write_csv(columns, rows))


def _program(agency: str, number: int) -> str:
    return f"{agency} program {number + 1}"


def _list_programs() -> Iterator[tuple[str, ...]]:
    for place, agency in enumerate(AGENCIES):
        for number in range(PROGRAMS_AN_AGENCY):
            yield agency, _program(agency, number), SYSTEMS[place % 4], ""


def _list_businesses(region: Region, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for _, records in region.businesses.values():
        for record in records:
            cells = (record.get(name, "") for name in BUSINESS_COLUMNS[2:])
            yield names[record["agency_id"]], record["key"], *cells


def _list_people(region: Region, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    at = {record["id"]: record["key"] for _, records in region.businesses.values() for record in records}
    for _, record, business in region.people.values():
        cells = (record.get(name, "") for name in PERSON_COLUMNS[3:])
        yield names[record["agency_id"]], record["key"], at[business], *cells


def _draw_contacts(region: Region, names: dict[str, str], count: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Each is logged by an agency that holds a record of the business, under that record's id."""
    draw = random.Random(seed)
    of_business = [records for _, records in region.businesses.values()]
    weights = list(accumulate(1 / rank**0.8 for rank in range(1, len(of_business) + 1)))
    for number, records in enumerate(draw.choices(of_business, cum_weights=weights, k=count)):
        record = draw.choice(records)
        agency = names[record["agency_id"]]
        programs = [_program(agency, draw.randrange(PROGRAMS_AN_AGENCY))]
        if draw.random() < 0.03:
            other = draw.choice(AGENCIES)
            programs.append(f"{other}:{_program(other, draw.randrange(PROGRAMS_AN_AGENCY))}")
        yield (
            agency,
            f"T-{number:07d}",
            (LAST_DAY - timedelta(days=draw.randrange(DAYS))).isoformat(),
            ";".join(programs),
            f"staff{draw.randrange(STAFF_AN_AGENCY)}@{record['agency_id']}.example",
            record["key"],
            draw.choice(CHANNELS),
            draw.choice(("out", "out", "out", "out", "in", "")),
            draw.choice(PURPOSES),
            draw.choice(TOPICS),
            draw.choice(("yes", "yes", "no", "")),
            f"Spoke about item {number}, will call again." if number % 5 == 0 else "",
        )


if __name__ == "__main__":
    main()
