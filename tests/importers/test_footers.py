"""Totals and notes below a table are left out and told; a business with such a name is a business."""

import pytest

from crm.access import OWNER
from crm.graph import imports
from crm.graph.driver import Store
from importers.check import check_rows
from importers.map import map_columns
from importers.read import open_sheet
from importers.rows import LeftOut, Row
from tests.factories import import_text, preview_text

SALESFORCE = """\
"Last Activity","Account Owner","Account Name","Billing State/Province"
"3/5/2026","Ana Silva","Harbor Bakery","MA"
"","Ben Ortiz","Total Wine & More","MA"
"","Total","",""

"Grand Totals (5,700 records)"
"Confidential Information - Do Not Distribute"
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""


def parts_of(content: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The first cells of the rows of data, and line and reason of those left out."""
    with open_sheet(content.encode(), "list.csv") as sheet:
        rows = list(sheet.rows())
    data = [row.cells[0] if isinstance(row, Row) else f"refused {row.line}" for row in rows if type(row) is not LeftOut]
    return data, [(row.line, row.reason.split()[1]) for row in rows if isinstance(row, LeftOut)]


def test_what_salesforce_writes_below_a_report_is_left_out_with_its_reason() -> None:
    with open_sheet(SALESFORCE.encode(), "report.csv") as sheet:
        rows = list(sheet.rows())
        assert (sheet.tally.rows, sheet.tally.left_out, sheet.tally.blank) == (2, 4, 1)
        assert sheet.count_rows() == 2
    assert [row.cells[2] for row in rows if isinstance(row, Row)] == ["Harbor Bakery", "Total Wine & More"]
    left = [row for row in rows if isinstance(row, LeftOut)]
    assert [(row.line, row.text[:12]) for row in left] == [
        (4, "Total"), (6, "Grand Totals"), (7, "Confidential"), (8, "Copyright (c"),
    ]  # fmt: skip
    assert left[0].reason == "It adds up the rows above it."


def test_the_counts_of_checked_rows_do_not_hold_what_is_left_out() -> None:
    with open_sheet(b"name,employees,city\nA,5,Lynn\n,,\nTotal,5,\n", "list.csv") as sheet:
        run = check_rows(sheet, map_columns(sheet.headers, agency="A", kind="businesses"))
        rows = list(run)
    assert [type(row).__name__ for row in rows] == ["Checked", "LeftOut"]
    assert (run.rows, run.taken, run.refused, run.left_out) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    "row",
    [
        "Total Wine,12 Main St,Boston,40",
        "Grand Total Media,,,",
        "Total,12 Main St,Boston,",
        "Sources Unlimited,,,",
        "Legend Realty,,,",
        "Copyright Clearance Center,,,",
        "Average Joe's Gym,,,12",
        "Boston Total,02134,617-555-0117,",
        "Exported Goods LLC,,,",
    ],
)
def test_a_business_with_such_a_name_is_data(row: str) -> None:
    data, left = parts_of(f"Company,Street,Town,Staff\nHarbor Bakery,1 Pier Rd,Boston,9\n\n{row}\n")
    assert data == ["Harbor Bakery", row.split(",")[0]]
    assert left == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Total,,,49", "adds"),
        ('GRAND TOTAL:,,,"1,049"', "adds"),
        ("Subtotal,,,$12.50", "adds"),
        (",Count,,2", "adds"),
        ("Boston Total,,,49", "adds"),
        ("* Staff as reported by the owner", "is"),
        ("Source: Chamber of Commerce,,,", "is"),
        ("Report generated 3/5/2026 by asilva,,,", "is"),
        ("These figures are estimates and may not be shared outside of the board.,,,", "is"),
        ("Page 1 of 3,,,", "program"),
        ("2 records,,,", "program"),
    ],
)
def test_a_total_or_a_note_below_the_table_is_left_out(row: str, reason: str) -> None:
    data, left = parts_of(f"Company,Street,Town,Staff\nHarbor Bakery,1 Pier Rd,Boston,9\n\n{row}\n")
    assert data == ["Harbor Bakery"]
    assert left == [(4, reason)]


def test_a_lone_sentence_with_data_below_it_is_a_row_like_others() -> None:
    rows = "* a footnote,,\nB,Lynn,01901\n"
    assert parts_of("Company,Town,Zip\nA,Boston,02134\n\n" + rows) == (["A", "* a footnote", "B"], [])


def test_a_list_of_one_column_has_no_footers() -> None:
    assert parts_of("Company\nHarbor Bakery\nTotal\n2 records\n")[0] == ["Harbor Bakery", "Total", "2 records"]


def test_a_preview_and_an_import_tell_the_same_rows_that_were_left_out(db: Store) -> None:
    text = "agency,name,city\nA,Harbor Bakery,Lynn\n\nTotal,1,\n* as of March,,\n"
    expected = preview_text(db, text)
    got = import_text(db, text)
    for result in (expected, got):
        assert (result.rows, result.created, result.refused) == (1, 1, 0)
        assert result.to_json()["left_out"] == [
            {"line": 4, "text": "Total | 1", "reason": "It adds up the rows above it."},
            {"line": 5, "text": "* as of March", "reason": "It is a note below the table."},
        ]
    assert imports.get_import(db, got.id or "", viewer=OWNER).left_out == 2
