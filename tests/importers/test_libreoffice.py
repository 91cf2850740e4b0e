"""Workbooks that another program wrote: XLS, ODS and XLSX of LibreOffice, all of one table."""

from pathlib import Path

import pytest

from importers.check import Checked, Refusal, check_rows
from importers.map import map_columns
from importers.read import open_sheet
from importers.rows import LeftOut, Row

FOLDER = Path(__file__).parent / "libreoffice"
FILES = pytest.mark.parametrize("name", ["visits.xls", "visits.ods", "visits.xlsx"])


@FILES
def test_the_table_is_found_with_its_headings_in_two_rows(name: str) -> None:
    with open_sheet(FOLDER / name) as sheet:
        assert (sheet.sheet, sheet.sheets) == ("Visits", ("Read me", "Visits", "2025"))
        assert sheet.headers == (
            "No.", "Name", "City", "ZIP", "Phone", "Date", "Logged", "Length", "Employees", "Share", "Wage"
        )  # fmt: skip
        assert set(sheet.notes) >= {
            "Only the sheet 'Visits' is read. The others are: Read me, 2025 (hidden).",
            "1 row is hidden in the workbook, the first is row 8. They are read like the others.",
            "2 cells are merged over several rows; what stands there is read in each of these rows.",
            "The headings stand in two rows (lines 3 and 4); they are read together, such as 'No.'.",
            "1 row above the headings (line 4) was left out (line 1: Visits to employers, January to March 2026).",
        }


@FILES
def test_cells_are_what_people_see_in_them(name: str) -> None:
    with open_sheet(FOLDER / name) as sheet:
        rows = list(sheet.rows())
    assert rows[:7] == [
        Row(5, ["1", "Harbor Bäckerei", "Boston", "2134", "617-555-0117", "2026-03-05", "2026-03-05T14:30:00",
                "01:30:00", "24", "0.125", "21.5"]),
        Row(6, ["2", "Okafor & Söhne", "Renton", "98057", "4255550199", "2026-12-31", "2026-12-31", "00:45:00",
                "", "0.3", "1250"]),
        Row(7, ["3", "None", "Everett", "98201", "425-555-0100", "1999-01-02", "1999-01-02T00:00:01", "00:05:00",
                "180", "1", "18.3333333333333"]),
        Row(8, ["4", "Hidden Valley Farm", "Lynn", "1901", "", "2026-02-28", "2026-02-28T23:59:59", "02:00:00",
                "3", "0", "15"]),
        Row(9, ["5", "Broken Arrow Tool", "#N/A", "#DIV/0!", "", "2026-03-12", "TRUE", "", "48", "#VALUE!", ""]),
        Row(10, ["6", "Twin Pines", "Salem", *[""] * 8]),
        Row(11, ["6", "Twin Pines", "Lynn", *[""] * 8]),
    ]  # fmt: skip
    assert rows[7:] == [LeftOut(12, "Total | 255", "It adds up the rows above it.")]


@FILES
def test_another_sheet_is_read_where_it_is_said(name: str) -> None:
    with open_sheet(FOLDER / name, sheet="2025") as sheet:
        assert list(sheet.rows()) == [Row(2, ["Elm Dental", "Salem"])]
        assert "The sheet '2025' is hidden in the workbook." in sheet.notes


@FILES
def test_rows_go_in_and_errors_of_formulas_refuse_theirs(name: str) -> None:
    with open_sheet(FOLDER / name) as sheet:
        mapping = map_columns(
            sheet.headers, maps=["No.=source_id", "Date=none", "Logged=none"], agency="A", kind="businesses"
        )
        rows = list(check_rows(sheet, mapping))
    assert [row.line for row in rows if isinstance(row, Checked)] == [5, 6, 7, 8, 10, 11]
    (refused,) = [row for row in rows if isinstance(row, Refusal)]
    assert (refused.line, refused.column, refused.reason) == (9, "City", "The cell holds the error #N/A of a formula.")
    assert [row.values["employees"] for row in rows if isinstance(row, Checked)][:3] == [24, None, 180]
