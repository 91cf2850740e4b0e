"""Old, binary and OpenDocument workbooks are read as XLSX is: same texts, same lines, errors and hidden rows told."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from importers.errors import ReadError
from importers.read import open_sheet
from importers.rows import Row
from importers.workbook_child import write_number
from tests.importers.test_reading_workbooks import replace_part
from tests.importers.workbook_files import make_ods, make_xls, make_xlsb

Make = Callable[..., bytes]
MAKERS = [
    pytest.param(make_xls, "list.xls", id="xls"),
    pytest.param(make_xlsb, "list.xlsb", id="xlsb"),
    pytest.param(make_ods, "list.ods", id="ods"),
]
HEADINGS = ["source_id", "name", "zip", "employees"]


@pytest.mark.parametrize(("make", "name"), MAKERS)
def test_values_lines_errors_and_hidden_rows(make: Make, name: str) -> None:
    rows: list[list[Any]] = [
        HEADINGS,
        [7, "Harbor Bäckerei", "02134", 12.5],
        ["007", "None", 2134.0, ""],
        ["8", "Lost", ValueError, 0.1 + 0.2],
    ]
    with open_sheet(make(*rows, hidden=(2,)), name) as sheet:
        assert (sheet.format, sheet.sheet, sheet.header_row, sheet.encoding) == (name[5:], "List", 0, None)
        assert list(sheet.rows()) == [
            Row(2, ["7", "Harbor Bäckerei", "02134", "12.5"]),
            Row(3, ["007", "None", "2134", ""]),
            Row(4, ["8", "Lost", "#N/A", "0.3"]),
        ]
        assert "1 row is hidden in the workbook, the first is row 3. They are read like the others." in sheet.notes


@pytest.mark.parametrize(("make", "name"), [MAKERS[0], MAKERS[2]])
def test_a_real_date_is_iso(make: Make, name: str) -> None:
    with open_sheet(make(["name", "closed_on"], ["A", date(2026, 3, 5)]), name) as sheet:
        assert list(sheet.rows()) == [Row(2, ["A", "2026-03-05"])]


@pytest.mark.parametrize(("make", "name"), MAKERS)
@pytest.mark.parametrize("ending", [".xls", ".xlsx", ".xlsb", ".ods", ".csv", ".zip", ".vcf"])
def test_the_ending_and_the_bytes_must_agree(make: Make, name: str, ending: str) -> None:
    if name.endswith(ending):
        return
    with pytest.raises(ReadError, match=rf"its name ends in {ending}.*give it the ending {name[4:]}"):
        open_sheet(make(["name", "city"], ["A", "B"]), f"list{ending}")


@pytest.mark.parametrize(("make", "name"), MAKERS)
def test_a_damaged_workbook_is_refused_in_words(make: Make, name: str) -> None:
    data = make(["name", "city"], *[["A" * 50, "B"]] * 200)
    with pytest.raises(ReadError, match="damaged"):
        open_sheet(data[: len(data) // 3], name)


def test_an_opendocument_sheet_with_a_password_is_said_to_have_one() -> None:
    data = replace_part(
        make_ods(["name", "city"], ["A", "B"]), "META-INF/manifest.xml", b"<manifest/>", b"<manifest:encryption-data/>"
    )
    with pytest.raises(ReadError, match="protected by a password"):
        open_sheet(data, "list.ods")


def test_hidden_rows_of_an_xlsx_are_counted_below_the_headings_only() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.write("A1", "Members")
        for number in range(1, 6):
            page.write_row(number, 0, ["name", "city"] if number == 1 else [f"A{number}", "Lynn"])
        for number in (0, 2, 4):
            page.set_row(number, None, None, {"hidden": True})
    with open_sheet(data.getvalue(), "list.xlsx") as sheet:
        assert sheet.count_rows() == 4
        assert any(note.startswith("2 rows are hidden in the workbook, the first is row 3") for note in sheet.notes)


def test_a_hidden_sheet_is_not_taken_for_the_table_and_is_told() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        lists, cover, page = (book.add_worksheet(name) for name in ("Lists", "Cover", "Members"))
        for row in range(3):
            lists.write_row(row, 0, ["MA", "Massachusetts"])
            page.write_row(row, 0, ["name", "city"] if not row else ["A", "Lynn"])
        cover.write("A1", "Please read this first")
        lists.hide()
        page.activate()
        page.set_first_sheet()
    with open_sheet(data.getvalue(), "list.xlsx") as sheet:
        assert sheet.sheet == "Members"
        assert "Only the sheet 'Members' is read. The others are: Lists (hidden), Cover." in sheet.notes
    with open_sheet(data.getvalue(), "list.xlsx", sheet="Lists") as sheet:
        assert sheet.count_rows() == 2
        assert "The sheet 'Lists' is hidden in the workbook." in sheet.notes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.300000000000001, "12.3"), (0.1, "0.1"), (2134.0, "2134"), (-0.5, "-0.5"), (1e-7, "0.0000001"),
        (1234567.891, "1234567.891"), (1e22, "10000000000000000000000"),
    ],
)  # fmt: skip
def test_a_number_has_the_digits_that_the_sheet_shows(value: float, text: str) -> None:
    assert write_number(value) == text


def test_a_cell_merged_over_several_rows_is_read_in_each_of_them() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.merge_range("B1:B2", "Company")
        page.write_row("C1", ["Contact", "Phone"])
        page.merge_range("B3:B5", "Harbor Bakery")
        for number, name in enumerate(("Ana", "Ben", "Cora", "Dan")):
            page.write(number + 2, 2, name)
        page.write("B6", "Reata")
    with open_sheet(data.getvalue(), "list.xlsx") as sheet:
        assert sheet.headers[0] == "Company"
        rows = [row for row in sheet.rows() if isinstance(row, Row)]
        assert [(row.line, *row.cells[:2]) for row in rows] == [
            (3, "Harbor Bakery", "Ana"), (4, "Harbor Bakery", "Ben"), (5, "Harbor Bakery", "Cora"), (6, "Reata", "Dan"),
        ]  # fmt: skip
        assert "1 cell is merged over several rows; what stands there is read in each of these rows." in sheet.notes
