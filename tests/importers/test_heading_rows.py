"""Headings in two rows are read together; titles and rows of data are not taken for the second of them."""

import io

import pytest
import xlsxwriter

from importers.errors import ReadError
from importers.read import open_sheet
from importers.rows import Row

PAIRS = [
    (
        "Company,Billing,,,Mailing,,\n,Street,City,Zip,Street,City,Zip\nHarbor,1 Pier,Lynn,1901,Box 1,Lynn,1903\n",
        ("Company", "Billing Street", "Billing City", "Billing Zip", "Mailing Street", "Mailing City", "Mailing Zip"),
    ),
    (
        "Id,Company,Contact,,Phone\n,,First Name,Last Name,\n7,Harbor,Ana,Silva,617-555-0117\n",
        ("Id", "Company", "Contact First Name", "Contact Last Name", "Phone"),
    ),
    (
        "Members 2026,,,\n,,,\nCompany,,Contact,\nName,Town,Name,Email\nHarbor,Lynn,Ana,a@x.org\n",
        ("Company Name", "Company Town", "Contact Name", "Contact Email"),
    ),
]


@pytest.mark.parametrize(("content", "headings"), PAIRS)
def test_two_rows_of_headings_are_joined_and_told(content: str, headings: tuple[str, ...]) -> None:
    with open_sheet(content.encode(), "list.csv") as sheet:
        assert sheet.headers == headings
        assert [row.cells[0] for row in sheet.rows() if isinstance(row, Row)] in (["Harbor"], ["7"])
        assert "The headings stand in two rows" in sheet.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        "Report run by,Ana Silva,,\nName,Town,Zip,Staff\nHarbor,Lynn,01901,9\n",
        "Members,,,\nName,Town,Zip,Staff\nHarbor,Lynn,01901,9\n",
        ",,Members,\nName,Town,Zip,Staff\nHarbor,Lynn,01901,9\n",
        "Name,Town,,Staff\nHarbor,Lynn,01901,9\nReata,Salem,01970,\n",
        "Name,,Town,Staff\nHarbor,Bakery,Lynn,\nReata,,Salem,\n",
    ],
)
def test_a_title_or_a_row_of_data_is_no_second_row_of_headings(content: str) -> None:
    with open_sheet(content.encode(), "list.csv") as sheet:
        assert sheet.headers[0] == "Name"
        assert not any("two rows" in note for note in sheet.notes)
        assert next(row.cells[0] for row in sheet.rows() if isinstance(row, Row)) == "Harbor"


def test_a_row_of_headings_that_is_said_is_not_joined() -> None:
    with open_sheet(PAIRS[0][0].encode(), "list.csv", header_row=1) as sheet:
        assert sheet.headers[1:3] == ("Street", "City")


@pytest.mark.parametrize("left", [0, 2])
def test_merged_cells_of_a_workbook_say_how_far_a_group_reaches(left: int) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.merge_range(0, left, 0, left + 4, "Members of the chamber")
        page.merge_range(1, left, 2, left, "Company")
        page.merge_range(1, left + 1, 1, left + 2, "Billing")
        page.write_row(2, left + 1, ["Street", "City", "Since", "Phone"])
        page.write_row(3, left, ["Harbor", "1 Pier Rd", "Lynn", 1999, "617-555-0117"])
    with open_sheet(data.getvalue(), "list.xlsx") as sheet:
        assert sheet.headers == ("Company", "Billing Street", "Billing City", "Since", "Phone")
        assert list(sheet.rows()) == [Row(4, ["Harbor", "1 Pier Rd", "Lynn", "1999", "617-555-0117"])]
        assert [line for line, _ in sheet.preamble] == [1]


def test_ten_thousand_columns_are_refused_before_any_work() -> None:
    with pytest.raises(ReadError, match=r"has 10,000 columns; at most 1,000 are allowed"):
        open_sheet((",".join(f"c{n}" for n in range(10_000)) + "\n").encode() * 2, "wide.csv")
