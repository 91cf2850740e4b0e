"""Real lists: nine agencies' child-care providers, and years of public meeting diaries. No row is lost."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from importers.check import Checked, check_rows
from importers.map import map_columns
from importers.read import open_sheet

DATA = Path(__file__).parents[3] / "shared/data"
LISTS = DATA / "chicago_childcare/records.csv"
DIARIES = DATA / "meeting_diaries/diaries.csv"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data folder is not beside the repository")


def test_nine_lists_are_read_without_losing_a_row() -> None:
    with LISTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    taken = 0
    for source in sorted({row["source"] for row in rows}):
        own = [row for row in rows if row["source"] == source]
        text = io.StringIO(newline="")
        columns = ("rec_id", "name", "address", "zip", "phone")
        writer = csv.DictWriter(text, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(own)
        with open_sheet(text.getvalue().encode("cp1252", errors="replace"), source) as sheet:
            mapping = map_columns(sheet.headers, maps=["rec_id=source_id", "address=street"], agency=source)
            run = check_rows(sheet, mapping)
            values = [row.values for row in run if isinstance(row, Checked)]
        assert (run.rows, run.refused) == (len(own), 0)
        assert [value["zip"] or "" for value in values] == [row["zip"] for row in own]
        taken += run.taken
    assert taken == 3337


def test_the_agency_can_be_a_column_of_the_file() -> None:
    with open_sheet(LISTS) as sheet:
        maps = ["rec_id=source_id", "source=agency", "address=street"]
        run = check_rows(sheet, map_columns(sheet.headers, maps=maps))
        agencies = {row.values["agency"] for row in run if isinstance(row, Checked)}
    assert (run.rows, run.taken, len(agencies)) == (3337, 3337, 9)
    kept = Counter({header: count for (header, _), count in run.remarks.items()})
    assert (kept["website"], kept["email"]) == (519, 134)


def test_the_diaries_are_read_day_first_without_losing_a_row() -> None:
    with open_sheet(DIARIES) as sheet:
        mapping = map_columns(
            sheet.headers,
            maps=[
                "Date of meeting=date", "Minister=agency", "Minister=program", "Organisation / individual=business",
                "Purpose of meeting=notes", "=channel:visit",
            ],
            date_formats=["Date of meeting=d/m/yyyy"],
        )  # fmt: skip
        run = check_rows(sheet, mapping)
        rows = [row for row in run if isinstance(row, Checked)]
    with DIARIES.open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    assert (run.rows, run.taken, run.refused) == (26562, 26562, 0)
    assert mapping.unused == ("Disclosure file", "Page")
    assert len({row.values["agency"] for row in rows}) == 88
    for row, source in zip(rows, truth, strict=True):
        day, month, year = map(int, source["Date of meeting"].split("/"))
        assert str(row.values["date"]) == f"{year}-{month:02}-{day:02}"
        assert row.values["business"] == source["Organisation / individual"]
        assert (row.values["notes"] or "") == source["Purpose of meeting"]


def test_the_lines_of_the_diaries_are_those_of_the_file() -> None:
    lines = DIARIES.read_bytes().split(b"\n")
    with open_sheet(DIARIES) as sheet:
        for row in list(sheet.rows())[::500]:
            assert lines[row.line - 1].startswith(row.cells[0].encode())
