"""The what-if page: up to three rules side by side, their rows, and the way to a proposal; one number everywhere."""

import csv
import io
import json
from typing import Any

import pytest
from bs4 import Tag
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from crm.commands.whatif import whatif as command
from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.pages import PageClient, soup, words
from tests.worked_knocks import import_example

YEAR = "from=2026-01-01&to=2026-12-31"


@pytest.fixture
def business(db: Store) -> str:
    return import_example(db)


def read(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def tiles(client: PageClient, address: str) -> list[str]:
    return [read(tile.select_one(".tile-number")) for tile in soup(client.get(address)).select(".tile")]


def test_one_rule_says_what_it_would_have_avoided_and_who_would_lead(ana: PageClient, business: str) -> None:
    page = ana.get(f"/whatif?a=WDB&a=College&{YEAR}")
    text = words(page)
    assert "1 of 2 redundant knocks would not have been" in text
    assert tiles(ana, f"/whatif?a=WDB,College&{YEAR}") == ["1 of 2", "1.0", "2.0"]
    (row,) = soup(page).select("#rows tbody tr")
    # College reached the business twice, WDB once.
    assert [read(cell) for cell in row.select("th, td")] == ["Acme Tool Inc", "College", "2", "2", "3", "1"]
    link = row.select_one("a")
    assert link is not None
    assert f"/knocks/businesses/{business}" in str(link["href"])
    (knock,) = soup(ana.get(f"/whatif?a=WDB,College&list=knocks&{YEAR}")).select("#rows tbody tr")
    assert [read(cell) for cell in knock.select("th, td")][1:3] == ["Jan 20, 2026", "College"]


def test_three_rules_stand_side_by_side_and_the_address_holds_them(ana: PageClient, db: Store, business: str) -> None:
    import_text(db, "sector,naics,places\nFood,311,\nMetal,332,Winnebago")
    address = f"/whatif?a=WDB,College&b=WDB,College,VR&c=WDB,College&sector_c=Food&{YEAR}"
    page = soup(ana.get(address))
    rows = {read(row.select_one("th")): [read(cell) for cell in row.select("td")] for row in page.select("#compare tr")}
    assert rows["Knocks avoided"] == ["1", "2 most", "0"]
    assert rows["Redundant with the rule"] == ["1", "0", "2"]
    assert rows["Hours of staff"] == ["2.0", "4.0", "0.0"]
    links = [str(link["href"]) for link in page.select("#compare a, main .tabs a")]
    assert links
    for link in links:
        again = soup(ana.get(link.partition("#")[0]))
        assert [read(cell) for cell in again.select("#compare td")] == [
            read(cell) for cell in page.select("#compare td")
        ]
    assert "2 of 2 redundant" in words(ana.get(f"{address}&show=b"))


def test_page_command_api_and_files_say_the_same(ana: PageClient, business: str, engine_env: dict[str, str]) -> None:
    asked = ["--agreement", "WDB,College,VR", "--from", "2026-01-01", "--to", "2026-12-31", "--list", "--json"]
    said: dict[str, Any] = json.loads(CliRunner().invoke(command, asked, env=engine_env).stdout)
    api = ana.get(f"/api/v1/whatif?agreement=WDB,College,VR&list=yes&{YEAR}").get_json()
    assert said == api
    assert (said["avoided"], said["business_hours"], said["staff_hours"]) == (2, 2.0, 4.0)
    assert tiles(ana, f"/whatif?a=WDB,College,VR&{YEAR}") == ["2 of 2", "2.0", "4.0"]
    text = ana.get(f"/whatif/leads.csv?a=WDB,College,VR&{YEAR}").get_data().decode("utf-8-sig")
    leads = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Business"], row["Would lead"], int(row["Avoided"]), row["Id"]) for row in leads] == [
        (row["name"], row["lead"], row["avoided"], row["business"]) for row in said["leads"]
    ]
    sent = ana.get(f"/whatif/knocks.xlsx?a=WDB,College,VR&{YEAR}").get_data()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sent)).get_sheet_by_index(0).to_python()[1:]
    assert len(rows) == said["avoided"]
    assert sum(float(row[4]) for row in rows) == said["business_hours"]  # type: ignore[arg-type]


def test_it_is_kept_as_a_proposal_between_the_same(ana: PageClient, db: Store, business: str) -> None:
    import_text(db, "sector,naics,places\nMetal,332,Winnebago")
    page = soup(ana.get(f"/whatif?a=WDB,College&sector_a=Metal&{YEAR}"))
    link = page.select_one("a[href^='/agreements/new']")
    assert link is not None
    form = soup(ana.get(str(link["href"])))
    assert [box.find_next("label").get_text() for box in form.select("[name=agencies][checked]")] == ["College", "WDB"]  # type: ignore[union-attr]
    chosen = form.select_one("[name=sector] option[selected]")
    assert chosen is not None
    assert chosen["value"] == "Metal"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("a=WDB", "Choose one agency more"),
        ("a=WDB,Nobody", "There is no agency"),
        ("a=WDB,College&sector_a=Nothing", "There is no sector"),
        ("", "Whose lead would help most?"),
    ],
)
def test_what_cannot_be_tried_says_how_to_mend_it(ana: PageClient, business: str, query: str, says: str) -> None:
    page = ana.get(f"/whatif?{query}")
    assert page.status_code == 200
    assert says in words(page)
    if query:
        assert ana.get(f"/whatif/leads.csv?{query}").status_code == 422


def test_a_time_that_cannot_be_gives_the_usual_numbers_and_says_so(ana: PageClient, business: str) -> None:
    page = ana.get("/whatif?a=WDB,College&from=soon")
    assert page.status_code == 422
    assert "not a date" in words(page)


def test_without_contacts_it_says_what_will_stand_there(ana: PageClient) -> None:
    assert "No contacts yet" in words(ana.get("/whatif"))
