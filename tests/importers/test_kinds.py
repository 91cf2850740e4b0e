"""The table of plain files is the contract with other systems."""

from pathlib import Path

import pytest

from crm.spreadsheets import write_csv
from importers.check import Checked, check_rows
from importers.kinds import BY_NAME, KINDS, Kind, find_kind, template
from importers.map import map_columns
from importers.read import open_sheet

CONTRACT = Path(__file__).parents[3] / "shared/product/contract.md"


def test_files_are_taken_in_this_order() -> None:
    assert [kind.name for kind in KINDS] == [
        "programs", "businesses", "people", "touchpoints", "referrals", "agreements", "tables", "seats",
        "meetings", "sectors",
    ]  # fmt: skip


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not beside the repository")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_columns_are_those_of_the_contract(kind: Kind) -> None:
    line = next(line for line in CONTRACT.read_text().splitlines() if line.startswith(f"| {kind.name} |"))
    cells = line.split("|")[2].replace("`AGENCY:SOURCE_ID`", "").replace("`", "")
    named = [part.strip().split(" ")[0] for part in cells.replace("(", ",(").split(",") if part.strip()]
    named = [name for name in named if not name.startswith("(") and name.replace("*", "").replace("_", "").isalpha()]
    named = [name for name in named if name not in ("education", "economic_development", "other")]
    assert [name.strip("*") for name in named] == [column.name for column in kind.columns]
    assert {name.strip("*") for name in named if name.startswith("**")} == {c.name for c in kind.columns if c.required}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_template_is_recognised_and_its_row_is_taken(kind: Kind) -> None:
    columns, example = template(kind)
    assert find_kind(columns) is kind
    with open_sheet(b"".join(write_csv(columns, [example])), "template.csv") as sheet:
        (row,) = check_rows(sheet, map_columns(sheet.headers))
    assert isinstance(row, Checked)


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("program,agency", "programs"),
        ("notes,name,zip", "businesses"),
        ("last_name,first_name,business", "people"),
        ("NAME, Title ,E-mail", "people"),
        ("date,program,business", "touchpoints"),
        ("from_program,to_program,business,offered_on", "referrals"),
        ("agencies,name,from", "agreements"),
        ("naics,sector", "sectors"),
        ("First Name,Last Name,Title", None),
        ("date,business", None),
    ],
)
def test_a_file_is_recognised_by_its_headings_in_any_order(headers: str, name: str | None) -> None:
    found = find_kind(headers.split(","))
    assert (found and found.name) == name


def test_every_kind_has_a_key_that_is_a_column_of_it() -> None:
    assert all(kind.column(kind.key) for kind in BY_NAME.values())
