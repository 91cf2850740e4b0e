"""The pack: one figure is the same on the page, in the PDF, in the workbook, from the command and from the API."""

import io
import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from crm.commands.packs import pack as pack_command
from crm.graph import users
from crm.graph.driver import Store
from crm.services import coverage, knocks
from crm.services.packs import find_pack
from crm.views.pack_sheets import Cell, Sheet, make_sheets
from tests.web.pages import PageClient, soup
from tests.workshop_worlds import AGENCIES, BUSINESS_NAMES, fill, find_names, import_three_knocks, start

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def workshop(app: Flask, db: Store) -> str:
    """One with guesses, a rule and a decision."""
    import_three_knocks(db)
    leader, other = (users.get_user(db, email).viewer for email in ("ada@board.example", "ana@college.example"))
    made = start(db, leader)
    fill(db, made, leader, other)
    return made.id


@pytest.fixture
def run(engine_env: dict[str, str]) -> Any:
    def call(*arguments: str) -> Any:
        return CliRunner().invoke(pack_command, list(arguments), env=engine_env)

    return call


def squeeze(text: str) -> str:
    """A text without the blanks and line ends that a layout makes."""
    return "".join(text.split())


def read_pdf(content: bytes) -> str:
    return squeeze("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def read_workbook(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read_page(client: PageClient, path: str) -> list[list[list[str]]]:
    tables = soup(client.get(path)).select("main table.data-table")
    return [
        [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]
        for table in tables
    ]


def find_sheets(db: Store, email: str, **asked: Any) -> list[Sheet]:
    return make_sheets(find_pack(db, users.get_user(db, email).viewer, **asked))


@pytest.mark.parametrize("of_workshop", [True, False])
def test_a_figure_is_the_same_wherever_it_stands(
    ana: PageClient, db: Store, workshop: str, run: Any, of_workshop: bool, tmp_path: Any
) -> None:
    asked = {"workshop": workshop} if of_workshop else {}
    query = "&".join(["own=yes", *(f"{name}={value}" for name, value in asked.items())])
    sheets = find_sheets(db, "ana@college.example", agency="Harbor College", **asked)
    names = ["Region", "Own numbers", "Kinds", "Months", "Doors", "Knocks a business", "Agencies", "Coverage"]
    names += ["Tables", "Shared seats", "Seat load"]
    names += ["Guesses", "What if", "Decisions"] if of_workshop else []
    assert [sheet.name for sheet in sheets] == [*names, "Method", "Settings"]

    pdf = ana.get(f"/packs/pack.pdf?{query}")
    assert pdf.mimetype == "application/pdf"
    assert "attachment" in pdf.headers["Content-Disposition"]
    printed = read_pdf(pdf.data)
    place = 0
    for sheet in sheets:
        # In the order of reading, so that a figure of one table cannot stand in for that of another.
        place = printed.index(squeeze(sheet.title), place)
        for cell in (cell for row in sheet.rows for cell in row):
            found = printed.find(squeeze(cell.text), place)
            assert found >= 0, (sheet.name, cell)
            place = found + len(squeeze(cell.text))

    workbook = ana.get(f"/packs/pack.xlsx?{query}")
    assert workbook.mimetype == XLSX
    tables = read_workbook(workbook.data)
    assert list(tables) == [sheet.name for sheet in sheets]
    for sheet in sheets:
        head, *rows = tables[sheet.name]
        assert head == list(sheet.columns)
        assert rows == [[expect_cell(cell) for cell in row] for row in sheet.rows], sheet.name

    shown = read_page(ana, f"/packs?{query}")
    assert shown == [[[cell.text for cell in row] for row in sheet.rows] for sheet in sheets]

    path = f"/api/v1/pack?agency=Harbor+College{''.join(f'&{name}={value}' for name, value in asked.items())}"
    api = json.loads(ana.get(path).text)
    assert api["sheets"] == json.loads(json.dumps([sheet.as_json() for sheet in sheets]))
    files = {form: tmp_path / f"pack.{form}" for form in ("pdf", "xlsx")}
    for form, file in files.items():
        said = ["--agency", "Harbor College", "--as", "ana@college.example", "--out", str(file), "--json"]
        done = run(*said, *(word for name, value in asked.items() for word in (f"--{name}", value)))
        assert done.exception is None, done.output
        answer = json.loads(done.stdout)
        assert answer == {"file": str(file)} | api, form
    assert read_workbook(files["xlsx"].read_bytes()) == tables
    assert read_pdf(files["pdf"].read_bytes()) == printed


def expect_cell(cell: Cell) -> Any:
    """As a workbook gives it back: a blank for nothing, and numbers with the 16 digits that it keeps."""
    return "" if cell.value is None else pytest.approx(cell.value, rel=1e-15) if cell.is_number else cell.value


def test_its_figures_are_those_of_the_pages_they_come_from(db: Store, workshop: str) -> None:
    viewer = users.get_user(db, "ana@college.example").viewer
    sheets = {sheet.name: sheet for sheet in find_sheets(db, "ana@college.example", agency="Harbor College")}
    region = {row[0].value: row[1].value for row in sheets["Region"].rows}
    answer = knocks.measure(db, viewer)
    assert (region["Knocks"], region["Redundant knocks"], region["Share redundant"]) == (
        answer["knocks"],
        answer["redundant"],
        answer["rate"],
    )
    assert [row[1].value for row in sheets["Months"].rows] == [month["knocks"] for month in answer["months"]]
    covered = coverage.measure(db, viewer)
    assert region["Share of businesses reached by anybody"] == covered["together"]
    assert sorted(row[2].value for row in sheets["Coverage"].rows) == sorted(
        one["alone"] for one in covered["agencies"]
    )
    own = knocks.measure(db, viewer, agency="Harbor College")
    assert [cell.value for cell in sheets["Own numbers"].rows[0]][:3] == [
        "Harbor College",
        own["knocks"],
        own["redundant"],
    ]


def test_an_agencys_own_numbers_are_for_its_members(ana: PageClient, workshop: str, run: Any, tmp_path: Any) -> None:
    assert ana.get("/api/v1/pack?agency=Port+Authority").status_code == 403
    refused = run("--agency", "Port Authority", "--as", "ana@college.example")
    assert "Only a member" in str(refused.exception)
    assert run("--agency", "Port Authority").exception is None
    page = ana.get("/packs?own=yes&agency=Port+Authority")
    assert "Harbor College: our own numbers" in page.text
    assert "Port Authority" not in page.text


def test_a_pack_for_all_holds_no_masked_name(ana: PageClient, workshop: str) -> None:
    names = (*AGENCIES, *BUSINESS_NAMES)
    for query in ("", f"?workshop={workshop}"):
        assert find_names(ana.get(f"/packs{query}").text, names) == []
        assert find_names(ana.get(f"/api/v1/pack{query}").text, names) == []
        pdf = ana.get(f"/packs/pack.pdf{query}")
        assert find_names(read_pdf(pdf.data), names) == []
        assert find_names(str(pdf.headers) + str(PdfReader(io.BytesIO(pdf.data)).metadata), names) == []
        workbook = ana.get(f"/packs/pack.xlsx{query}")
        assert find_names(str(read_workbook(workbook.data)) + str(workbook.headers), names) == []


def test_a_name_that_was_shown_stands_in_the_pack_of_its_workshop_alone(ana: PageClient, workshop: str) -> None:
    ana.send(f"/workshops/{workshop}/show", page=f"/workshops/{workshop}/me")
    found = find_names(read_pdf(ana.get(f"/packs/pack.pdf?workshop={workshop}").data), AGENCIES)
    assert found == ["Harbor College"]
    assert find_names(read_pdf(ana.get("/packs/pack.pdf").data), AGENCIES) == []


def test_what_cannot_be_made_is_said(ana: PageClient, workshop: str, run: Any, tmp_path: Any) -> None:
    assert ana.get("/packs/pack.pdf?workshop=nope").status_code == 404
    assert ana.get("/packs?sector=nope").status_code == 404
    assert "nope" in soup(ana.get("/packs?sector=nope")).get_text()
    assert "pdf or .xlsx" in str(run("--out", str(tmp_path / "pack.doc")).exception)
    assert "cannot be written" in str(run("--out", str(tmp_path / "no" / "pack.pdf")).exception)


def test_a_region_without_a_knock_has_a_pack_too(ana: PageClient) -> None:
    assert "No knocks in this period" in PdfReader(io.BytesIO(ana.get("/packs/pack.pdf").data)).pages[0].extract_text()
    assert ana.get("/packs").status_code == 200
