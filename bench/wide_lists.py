"""One wide list as a business association keeps it: 25 columns, each row a business with the person to ask for.

    python -m bench.wide_lists FOLDER [--rows 100000] [--seed 1]

writes `list.csv` and `list.xlsx` with the same rows, drawn from the businesses and people of `bench.search_region`,
and prints their paths as JSON. The same seed and size give the same rows.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from bench.search_region import FIRST_NAMES, TITLES, make_region
from crm.spreadsheets import write_csv

# Heading -> what the product takes it for when it is asked (`crm inspect`); None for what no plain file has.
COLUMNS: dict[str, str | None] = {
    "Account ID": "source_id",
    "Account Name": "name",
    "Legal Name": "legal_name",
    "Billing Street": "street",
    "Billing City": "city",
    "Billing State": "state",
    "Billing Zip": "zip",
    "County": "county",
    "Phone": "phone",
    "Website": "website",
    "Account Email": "email",
    "Tax ID": "ein",
    "NAICS Code": "naics",
    "Employees": "employees",
    "Parent Account": "parent",
    "Description": "notes",
    "Contact First Name": "people.first_name",
    "Contact Last Name": "people.last_name",
    "Contact Title": "people.title",
    "Contact Phone": "people.phone",
    "Owner": None,
    "Rating": None,
    "Member Since": None,
    "Last Modified": None,
    "Source": None,
}
MAPS = tuple(f"{heading}={column or 'none'}" for heading, column in COLUMNS.items())
# The same without the person to ask for.
BARE_MAPS = tuple("=".join((one.partition("=")[0], "none")) if "people." in one else one for one in MAPS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = list(draw_rows(options.rows, options.seed))
    options.folder.mkdir(exist_ok=True)
    csv, xlsx = options.folder / "list.csv", options.folder / "list.xlsx"
    with csv.open("wb") as file:
        for chunk in write_csv(list(COLUMNS), rows):
            file.write(chunk)
    _write_workbook(xlsx, rows)
    print(json.dumps({"csv": str(csv), "xlsx": str(xlsx)}))


def draw_rows(count: int, seed: int) -> Iterator[list[str]]:
    """So many rows; about one in eight tells of a business that another row tells of too."""
    draw = random.Random(seed)
    region = make_region(size=round(count * 7 / 8), people=0, seed=seed)
    first = [some[0] for _, some in region.businesses.values()]
    again = [record for _, some in region.businesses.values() for record in some[1:]]
    records = first + again[: count - len(first)]
    draw.shuffle(records)
    for number, record in enumerate(records):
        day = date(2020, 1, 1) + timedelta(days=draw.randrange(2_000))
        yield [
            f"0014{number:011d}",
            record["name"],
            f"{record['name']} LLC" if draw.random() < 0.3 else "",
            record["street"],
            record["city"],
            record["state"],
            record["zip"],
            f"{record['city']} County",
            record["phone"],
            record.get("website", ""),
            f"office@{record['website'][12:-1]}" if "website" in record else "",
            f"{draw.randrange(10, 99)}-{draw.randrange(10**7):07d}" if draw.random() < 0.2 else "",
            record["naics"],
            str(draw.randrange(1, 900)) if draw.random() < 0.7 else "",
            "",
            f"Met at the fair of {day:%B}; asked about apprentices, parking and row {number}",
            draw.choice(FIRST_NAMES),
            f"{draw.choice(FIRST_NAMES)}son",
            draw.choice(TITLES),
            record["phone"],
            f"User {number % 40}",
            draw.choice(("Hot", "Warm", "Cold", "")),
            day.isoformat(),
            (day + timedelta(days=draw.randrange(900))).isoformat(),
            draw.choice(("Web", "Referral", "Event", "Purchased list")),
        ]


def _write_workbook(path: Path, rows: list[list[str]]) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Accounts")
    sheet.write_row(0, 0, list(COLUMNS))
    employees = list(COLUMNS).index("Employees")
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if cell and place == employees:
                sheet.write_number(number, place, int(cell))
            elif cell:
                sheet.write_string(number, place, cell)
    book.close()


if __name__ == "__main__":
    main()
