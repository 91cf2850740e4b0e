"""The pages on coverage: each number opens its rows, and is the same on the page, the command, the API and in files."""

import csv
import io
import json
import re
from typing import Any

import pytest
import python_calamine
from bs4 import Tag
from click.testing import CliRunner

from crm.commands.coverage import coverage
from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.pages import PageClient, soup, words
from tests.worked_knocks import PROGRAMS

DAY = "as_of=2026-06-30"
EVIL = "=cmd|' /C calc'!A0"
BUSINESSES = f"""
agency,source_id,name,naics,employees,county,zip
WDB,B1,Acme Tool Inc,332710,5,Winnebago,61101
WDB,B2,<img src=x onerror=alert(1)>,332100,60,Winnebago,61102
WDB,B3,Cove Foods,311811,300,Cook,60601
WDB,B4,{EVIL},311811,,Cook,60602
WDB,B5,Elm Foods,311811,12,Cook,60602
"""
PEOPLE = """
agency,source_id,business,name,title
WDB,P1,B1,Ann <b>Ames</b>,Owner
WDB,P2,B3,Cy Cole,
"""
CONTACTS = """
agency,source_id,date,program,business,person,channel,purpose,reached
WDB,W1,2026-01-05,Training,B1,P1,visit,needs,yes
WDB,W2,2026-01-06,Training,B3,P2,visit,needs,yes
College,C1,2026-01-20,Welding,Acme Tool Inc,,call,service,
"""
SECTORS = """
sector,naics,places,version
Making,311;332,,2025
Making,332,Winnebago,2026
"""


@pytest.fixture
def region(db: Store) -> Store:
    for text in (PROGRAMS, BUSINESSES, PEOPLE, CONTACTS, SECTORS):
        import_text(db, text)
    return db


def get_json(client: PageClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def title(client: PageClient, path: str) -> str:
    heading = soup(client.get(path)).h1
    assert isinstance(heading, Tag)
    return heading.get_text(strip=True)


def names_in_table(client: PageClient, path: str) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in soup(client.get(path)).select("tbody th")]


def read_csv(client: PageClient, name: str, query: str = DAY) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(f"/coverage/{name}.csv?{query}").data.decode("utf-8-sig"))))


def read_xlsx(client: PageClient, name: str, query: str = DAY) -> list[list[Any]]:
    data = io.BytesIO(client.get(f"/coverage/{name}.xlsx?{query}").data)
    return python_calamine.CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.1f}%"


def test_a_region_without_businesses_says_what_will_stand_here(ana: PageClient) -> None:
    page = ana.get("/coverage")
    assert page.status_code == 200
    assert "No businesses yet" in words(page)
    assert soup(page).select_one('main a[href="/imports"]')


def test_the_first_thing_is_a_sentence(ana: PageClient, region: Store) -> None:
    assert (
        title(ana, f"/coverage?{DAY}")
        == "Together 2 of 5 businesses are reached; the widest agency alone reaches 2 of 5"
    )


@pytest.mark.parametrize("query", [DAY, f"{DAY}&sector=Making@2025", f"{DAY}&place=cook&size=unknown"])
def test_the_numbers_are_equal_on_the_page_the_command_the_api_and_in_files(
    ana: PageClient, region: Store, engine_env: dict[str, str], query: str
) -> None:
    api = get_json(ana, f"/api/v1/coverage?{query}")
    options = [part.split("=") for part in query.split("&")]
    arguments = [word for name, value in options for word in (f"--{name.replace('_', '-')}", value)]
    told = CliRunner().invoke(coverage, [*arguments, "--json"], env=engine_env)
    assert json.loads(told.stdout) == api

    page = soup(ana.get(f"/coverage?{query}"))
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in page.select("#coverage-agencies tbody tr")
    ]
    assert [rows[0][2], rows[0][4]] == [percent(api["together"]), percent(api["together_jobs"])]
    names = ("alone", "adds", "jobs", "adds_jobs")
    assert [row[2:] for row in rows[1:]] == [[percent(row[name]) for name in names] for row in api["agencies"]]
    cells = [cell.get_text(" ", strip=True) for cell in page.select("#coverage-strata tbody td")]
    assert cells == [
        f"{cell['engaged'] or ('none' if cell['empty'] else 0)} of {cell['businesses']}" if cell["businesses"] else "–"
        for cell in api["strata"]
    ]

    for table in (read_csv(ana, "agencies", query), read_xlsx(ana, "agencies", query)):
        agencies = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
        assert [number(agencies[0]["Alone"]), number(agencies[0]["Jobs"])] == [api["together"], api["together_jobs"]]
        heads = {"alone": "Alone", "adds": "Adds", "jobs": "Jobs", "adds_jobs": "Adds of jobs"}
        assert [{name: number(row[head]) for name, head in heads.items()} for row in agencies[1:]] == [
            {name: row[name] for name in heads} for row in api["agencies"]
        ]
    for table in (read_csv(ana, "strata", query), read_xlsx(ana, "strata", query)):
        heads = {"businesses": "Businesses", "engaged": "Reached", "share": "Share", "jobs": "Share of jobs"}
        strata = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
        assert [{name: number(row[head]) for name, head in heads.items()} for row in strata] == [
            {name: row[name] for name in heads} for row in api["strata"]
        ]
    for table in (read_csv(ana, "critical-mass", query), read_xlsx(ana, "critical-mass", query)):
        assert number(table[1][1]) == api["critical_mass"]["decision_makers"]["engaged"]


def number(cell: Any) -> float | None:
    return None if cell == "" else pytest.approx(float(cell), abs=1e-12)


def test_each_number_opens_so_many_businesses(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/coverage?{DAY}"))
    api = get_json(ana, f"/api/v1/coverage?{DAY}")
    checked = 0
    for row, agency in zip(page.select("#coverage-agencies tbody tr")[1:], api["agencies"], strict=True):
        links = [str(a["href"]) for a in row.select("td a")]
        wanted = [round(agency[name] * api["universe"]) for name in ("alone", "adds") if agency[name]]
        assert [len(names_in_table(ana, link)) for link in links] == wanted
        checked += len(links)
    for cell in page.select("#coverage-strata tbody td a"):
        shown = int(cell.get_text(" ", strip=True).split(" of ")[1])
        assert len(names_in_table(ana, str(cell["href"]))) == shown
        checked += 1
    for tile in page.select("a.tile"):
        assert ana.get(str(tile["href"])).status_code == 200
    assert checked >= 8


def test_a_cell_without_anybody_is_marked_in_words(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/coverage?{DAY}&sector=Making@2025"))
    gaps = [cell.get_text(" ", strip=True) for cell in page.select("#coverage-strata td.gap")]
    assert gaps == ["none of 1", "none of 1", "none of 1"]
    link = page.select_one("#coverage-strata td.gap a")
    assert link is not None
    assert title(ana, str(link["href"])) == "1 business (311 Food manufacturing, 10–49 employees): 0 reached"
    assert names_in_table(ana, str(link["href"])) == ["Elm Foods"]


def test_the_untouched_are_listed_the_largest_first(ana: PageClient, region: Store) -> None:
    path = f"/coverage/businesses?show=untouched&{DAY}"
    assert title(ana, path) == "3 of 5 businesses are reached by nobody"
    assert names_in_table(ana, path) == ["<img src=x onerror=alert(1)>", "Elm Foods", EVIL]
    shown = names_in_table(ana, f"/coverage?{DAY}")
    assert [name for name in shown if name in ("Elm Foods", "Cove Foods")] == ["Elm Foods"]


def test_the_decision_makers_behind_the_gauge_are_listed(ana: PageClient, region: Store) -> None:
    assert names_in_table(ana, f"/coverage/people?{DAY}") == ["Ann <b>Ames</b>"]
    assert names_in_table(ana, f"/coverage/people?untitled=yes&{DAY}") == ["Cy Cole"]
    text = words(ana.get(f"/coverage?{DAY}"))
    assert "1 met, 12 needed" in text
    assert "1 more person met without a known title" in text
    assert "Not a critical mass yet" in text


def test_names_are_text_on_pages_and_in_files(ana: PageClient, region: Store) -> None:
    for path in (f"/coverage?{DAY}", f"/coverage/businesses?{DAY}", f"/coverage/people?{DAY}"):
        assert not soup(ana.get(path)).select("main img, main th b")
    assert "'" + EVIL in [row[0] for row in read_csv(ana, "businesses")]
    assert EVIL in [row[0] for row in read_xlsx(ana, "businesses")]


@pytest.mark.parametrize("name", ["agencies", "strata", "businesses", "people", "critical-mass", "settings"])
def test_every_table_is_there_as_csv_and_as_workbook_with_equal_rows(ana: PageClient, region: Store, name: str) -> None:
    sheet = read_xlsx(ana, name)
    rows = read_csv(ana, name)
    assert len(rows) == len(sheet) > 1
    assert rows[0] == sheet[0]


def test_the_settings_say_what_the_numbers_are_about(ana: PageClient, region: Store) -> None:
    settings = dict(read_csv(ana, "settings", f"{DAY}&sector=making@2026&size=1-9"))
    assert (settings["sector"], settings["NAICS prefixes"]) == ("Making, version 2026", "332")
    assert (settings["places of the sector"], settings["employees"]) == ("Winnebago", "1-9")


def test_what_cannot_be_asked_is_said_and_the_usual_numbers_stay(ana: PageClient, region: Store) -> None:
    page = ana.get("/coverage?sector=Nothing")
    assert page.status_code == 404
    assert "These are the usual numbers instead" in words(page)
    for query in ("sector=Nothing", "sector=Making@1", "size=x", "as_of=x", "agency=Nobody"):
        assert ana.get(f"/coverage/businesses?{query}").status_code in (404, 422)
    assert ana.get("/coverage/users.csv").status_code == 404
    empty = ana.get("/coverage?place=nowhere")
    assert empty.status_code == 200
    assert "No business is in this sector, place and size" in words(empty)


def send_goals(client: PageClient, query: str = f"sector=Making&{DAY}", **form: Any) -> Any:
    return client.send(f"/coverage/goals?{query}", page=f"/coverage?{query}", **form)


class TestGoals:
    def test_an_administrator_sets_them_and_takes_them_back(
        self, ada: PageClient, ana: PageClient, region: Store
    ) -> None:
        answer = send_goals(ada, stratum=["332 1-9", "332 50-249"], jobs="40 %")
        assert answer.status_code == 303
        page = ada.get(answer.location)
        assert "1 of 2 reached" in words(page)
        assert "40.0% needed" in words(page)
        assert "Nobody reaches: 332 Fabricated metal products, 50–249 employees" in words(ana.get(answer.location))
        mass = get_json(ana, f"/api/v1/coverage?sector=Making&{DAY}")["critical_mass"]
        assert (mass["strata"]["met"], mass["jobs"]["needed"]) == (False, 0.4)
        checked = [str(box["value"]) for box in soup(page).select("input[name=stratum][checked]")]
        assert checked == ["332 1-9", "332 50-249"]
        undo = soup(page).select_one(".answer form")
        assert undo is not None
        back = ada.send(str(undo["action"]), page="/coverage")
        assert "Taken back" in words(ada.get(back.location))
        assert get_json(ana, f"/api/v1/coverage?sector=Making&{DAY}")["critical_mass"]["jobs"]["needed"] is None

    def test_who_is_no_administrator_sees_no_form_and_is_refused(self, ana: PageClient, region: Store) -> None:
        assert not soup(ana.get(f"/coverage?{DAY}")).select('form[action^="/coverage/goals"]')
        assert send_goals(ana, jobs="40").status_code == 403

    @pytest.mark.parametrize(
        "form", [{"jobs": "lots"}, {"jobs": "0"}, {"jobs": "101"}, {"jobs": "nan"}, {"stratum": ["x 1-9"]}]
    )
    def test_what_cannot_be_is_refused(self, ada: PageClient, region: Store, form: dict[str, Any]) -> None:
        assert send_goals(ada, **form).status_code == 422

    def test_without_the_forms_token_nothing_is_set(self, ada: PageClient, region: Store) -> None:
        assert ada.post(f"/coverage/goals?{DAY}", data={"jobs": "40"}).status_code == 400


def test_the_second_row_of_navigation_leads_here(ana: PageClient, region: Store) -> None:
    here = soup(ana.get("/coverage")).select_one(".subnav a[aria-current]")
    assert here is not None
    assert here.get_text(strip=True) == "Coverage"


def test_filters_stay_in_every_address_of_the_page(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/coverage?sector=Making@2025&place=cook&{DAY}"))
    inside = [str(a["href"]) for a in page.select('main a[href^="/coverage/"]')]
    assert len(inside) > 10
    assert all(re.search(r"sector=Making(@|%40)2025&place=cook", url) for url in inside)
