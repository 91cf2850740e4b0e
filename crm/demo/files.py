"""The demo region as plain files, one a kind, such as any agency could bring: `write_files` makes them in a folder."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from crm.demo.agencies import AGENCIES
from crm.demo.contacts import list_touchpoints
from crm.demo.links import SECTORS, list_agreements, list_referrals
from crm.demo.listings import Cells, list_businesses
from crm.demo.rosters import list_people
from crm.demo.sites import build_sites
from crm.demo.tables import list_meetings, list_seats, list_tables

# In the order in which they refer to each other.
KINDS = (
    "programs", "businesses", "people", "touchpoints", "referrals", "agreements", "tables", "seats", "meetings",
    "sectors",
)  # fmt: skip


def name_file(kind: str) -> str:
    return f"demo-{kind}.csv"


def build_rows(as_of: date) -> dict[str, Sequence[Cells]]:
    """The rows of every kind of file, as the region stands on this day."""
    listings = list_businesses(build_sites(), as_of)
    people = list_people(listings)
    return {
        "programs": list_programs(),
        "businesses": [listing.cells for listing in listings],
        "people": [person.cells for person in people],
        "touchpoints": list_touchpoints(listings, people, as_of),
        "referrals": list_referrals(listings, as_of),
        "agreements": list_agreements(as_of),
        "tables": list_tables(),
        "seats": list_seats(people, as_of),
        "meetings": list_meetings(as_of),
        "sectors": SECTORS,
    }


def list_programs() -> list[Cells]:
    """The agencies' programs, each with the address to write to."""
    return [
        {
            "agency": agency.name,
            "program": program.name,
            "system": agency.system,
            "contact_email": f"{program.name.lower().replace(' ', '.')}@{agency.host}",
        }
        for agency in AGENCIES
        for program in agency.programs
    ]


def write_files(folder: Path, as_of: date) -> dict[str, Path]:
    """Write the region into the folder; kind -> file, in the order in which they are to be imported."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for kind, rows in build_rows(as_of).items():
        paths[kind] = folder / name_file(kind)
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with paths[kind].open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return paths
