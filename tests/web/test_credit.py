"""My coordination: the reader's own and their agency's, each number opening its rows; nobody else by name."""

import csv
import io
import json
from typing import Any

import pytest
import python_calamine
from bs4 import Tag
from click.testing import CliRunner

from crm.commands.credit import credit
from crm.graph import tokens, users
from crm.graph.driver import Store
from tests.credit_region import import_credit_region
from tests.web.pages import PageClient, soup, words

YEAR = "as_of=2026-12-31"
MINE = f"/knocks/mine?{YEAR}"
COUNTS = ("holds_respected", "joint_visits", "referrals_given", "referrals_taken", "redundant")
LISTS = ("holds", "visits", "referrals", "redundant")


@pytest.fixture
def region(db: Store, app: Any) -> Store:
    import_credit_region(db)
    return db


def list_measures(client: PageClient, path: str = MINE) -> list[Tag]:
    """The lines of the overview."""
    return soup(client.get(path)).select("main .card table tr")[1:6]


def read_numbers(client: PageClient, path: str = MINE) -> list[list[str]]:
    return [[cell.get_text(strip=True) for cell in row.select("td")] for row in list_measures(client, path)]


def read_csv(client: PageClient, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).data.decode("utf-8-sig"))))


def test_who_has_nothing_yet_is_told_what_to_do(ana: PageClient) -> None:
    assert "Nothing to count yet" in words(ana.get(MINE))


def test_the_page_says_what_is_mine_and_what_is_my_agencys(ana: PageClient, region: Store) -> None:
    assert read_numbers(ana) == [["1 of 1", "1 of 2"], ["1", "1"], ["0", "1"], ["0", "0"], ["0 of 1", "2 of 3"]]


def test_page_command_api_csv_and_workbook_give_equal_numbers(
    ana: PageClient, client: PageClient, region: Store, engine_env: dict[str, str]
) -> None:
    tokens.add_token(region, users.id_of_email("ana@college.example"), "crm_anas", name="script", now=1)
    api: Any = client.get(f"/api/v1/credit?{YEAR}", headers={"Authorization": "Bearer crm_anas"}).json
    arguments = ["--as-of", "2026-12-31", "--as", "ana@college.example", "--json"]
    assert json.loads(CliRunner().invoke(credit, arguments, env=engine_env).stdout) == api
    table = read_csv(ana, f"/knocks/mine/overview.csv?{YEAR}")
    book = ana.get(f"/knocks/mine/overview.xlsx?{YEAR}").data
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    mine, ours = api["staff"][0], api["agencies"][0]
    expected = [[mine[name], ours[name]] for name in COUNTS]
    assert [[int(row[1]), int(row[3])] for row in table[1:]] == expected
    assert [[row[1], row[3]] for row in sheet[1:]] == expected
    assert [[int(cell.split(" ")[0]) for cell in row] for row in read_numbers(ana)] == expected
    assert "compared with earlier knocks of: 90 days" in table[0][-1]


@pytest.mark.parametrize("whose", ["me", "agency"])
def test_every_number_opens_so_many_rows(ana: PageClient, region: Store, whose: str) -> None:
    column = 0 if whose == "me" else 1
    opened = 0
    for row in list_measures(ana):
        link = row.select("td")[column].select_one("a")
        if link is None:
            continue
        page = soup(ana.get(str(link["href"])))
        label = row.th.get_text() if row.th else ""
        number, _, whole = link.get_text(strip=True).partition(" of ")
        # Of knocks the list shows the redundant ones, of holds all.
        wanted = int(whole) if "Holds" in label else int(number)
        assert len(page.select("tbody tr")) - len(page.select("details tbody tr")) == wanted, label
        opened += 1
    assert opened >= 3


def test_the_lists_lead_to_the_business_and_the_contact(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/knocks/mine/holds?whose=agency&{YEAR}"))
    text = page.get_text(" ")
    assert "1 of 2 holds of my agency respected" in text
    assert "We asked in between" in text
    for link in page.select("tbody a"):
        assert ana.get(str(link["href"])).status_code == 200
    redundant = soup(ana.get(f"/knocks/mine/redundant?whose=agency&{YEAR}")).select("tbody th a")
    assert ana.get(str(redundant[0]["href"])).status_code == 200
    assert "Together with Port Authority" in words(ana.get(f"/knocks/mine/visits?{YEAR}"))
    assert "Given to Workforce Board" in words(ana.get(f"/knocks/mine/referrals?whose=agency&{YEAR}"))


def test_nobody_else_is_named(ana: PageClient, region: Store) -> None:
    pages = [MINE, *(f"/knocks/mine/{what}?whose={whose}&{YEAR}" for what in LISTS for whose in ("me", "agency"))]
    files = [f"/knocks/mine/{what}.csv?whose=agency&{YEAR}" for what in ("overview", *LISTS)]
    for path in (*pages, *files):
        text = ana.get(path).text
        for other in ("carl@", "jo@", "eve@", "Carl Ibe", "Eve Port"):
            assert other not in text, path
    # Nor is another agency blamed for what others found redundant.
    page = words(ana.get(f"/knocks/mine/redundant?whose=agency&{YEAR}"))
    assert "Workforce Board" not in page.replace("Workforce Board (yours)", "")
    assert "Port Authority" not in page


def test_another_agencys_credit_is_not_to_be_had(ana: PageClient, eve: PageClient, region: Store) -> None:
    ours = read_numbers(ana)
    assert read_numbers(eve) != ours
    assert read_numbers(ana, f"{MINE}&agency=Port+Authority") == ours
    tokens.add_token(region, users.id_of_email("eve@port.example"), "crm_eves", name="script", now=1)
    answer: Any = eve.get(f"/api/v1/credit?{YEAR}", headers={"Authorization": "Bearer crm_eves"}).json
    assert [row["agency"] for row in answer["agencies"]] == ["Port Authority"]
    assert [row["staff"] for row in answer["staff"]] == ["eve@port.example"]


def test_the_filter_stays_in_the_address(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/knocks/mine?{YEAR}&place=Cook&window=30"))
    for link in page.select("main td a"):
        assert "place=Cook" in str(link["href"])
        assert "window=30" in str(link["href"])
    assert "compared with earlier knocks of 30 days" in " ".join(page.get_text(" ").split())
    assert ana.get("/knocks/mine?from=2026-05-01&to=2026-04-01").status_code == 422
