"""The pages and partial answers of search."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from crm.graph import tokens, users
from crm.graph.driver import Store
from crm.spreadsheets import unprotect
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text
from tests.web.conftest import open_client
from tests.web.pages import PageClient, soup, words

SECTORS = "sector,naics,places\nFood,31,Winnebago"
MORE = """
agency,source_id,name,city,county,naics
Workforce Board,F1,Rock River Bakery,Rockford,Winnebago,311811
Workforce Board,F2,Lake Bakery,Chicago,Cook,311811
Harbor College,F3,=cmd|' /C calc'!A0,Peoria,Peoria,
Harbor College,F4,<script>alert(1)</script> Works,Peoria,Peoria,
"""


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    import_text(db, MORE)
    import_text(db, SECTORS)
    return db


def listed(response: TestResponse) -> list[str]:
    """The names in the table of results."""
    assert response.status_code == 200
    return [cell.get_text(strip=True) for cell in soup(response).select("tbody th a")]


def options(response: TestResponse) -> list[str]:
    assert response.status_code == 200
    return [" ".join(option.get_text(" ").split()) for option in soup(response).select("[role=option]")]


def test_nobody_searches_without_signing_in(client: PageClient, app: Flask) -> None:
    for path in ("/search?q=acme", "/search/suggest?q=acme", "/search/pick?x_text=acme", "/search/businesses.csv"):
        assert client.get(path).location.startswith("/sign-in")


def test_a_name_with_a_slip_leads_to_the_business(ana: PageClient, region: Store) -> None:
    page = ana.get("/search?q=acne+tol")
    assert listed(page) == ["Acme Tool Inc"]
    assert soup(page).select_one("tbody th a")["href"].startswith("/businesses/b")  # type: ignore[index]
    assert soup(page).select_one("#search")["value"] == "acne tol"  # type: ignore[index]
    assert "1–1 of 1" in words(page)
    row = " ".join(soup(page).select_one("tbody tr").get_text(" ").split())  # type: ignore[union-attr]
    assert "Rockford" in row
    assert "College" in row
    assert "Workforce Board" in row


def test_members_of_every_agency_find_the_same(ana: PageClient, eve: PageClient, region: Store) -> None:
    assert listed(ana.get("/search?q=acme")) == listed(eve.get("/search?q=acme")) == ["Acme Tool Inc"]


def test_the_light_is_that_of_the_viewers_agency(ana: PageClient, region: Store) -> None:
    assert soup(ana.get("/search?q=acme")).select("tbody .light")
    assert soup(ana.get("/search/suggest?q=acme")).select(".option .light")


def test_people_stand_on_their_own_tab_and_the_tabs_count_both(ana: PageClient, region: Store) -> None:
    page = ana.get("/search?q=ana+acme&kind=people")
    assert listed(page) == ["Ana Silva"]
    tabs = [" ".join(tab.get_text(" ").split()) for tab in soup(page).select(".tabs a")]
    assert tabs == ["Businesses 1", "People 1"]
    assert soup(page).select_one("tbody td a[href^='/businesses/']").get_text() == "Acme Tool Inc"  # type: ignore[union-attr]


def test_without_a_text_the_page_lists_all_best_known_first(ana: PageClient, region: Store) -> None:
    page = ana.get("/search")
    assert listed(page)[0] == "Acme Tool Inc"
    assert "1–7 of 7" in words(page)
    assert ana.get("/businesses").location == "/search"


def test_an_empty_region_says_what_will_stand_here_and_the_next_step(ana: PageClient) -> None:
    page = ana.get("/search")
    assert "No businesses yet" in words(page)
    assert soup(page).select("main a[href='/imports']")


def test_what_nobody_knows_can_be_added(ana: PageClient, region: Store) -> None:
    page = ana.get("/search?q=Zzyzx+Qwop")
    assert "No one knows them yet" in words(page)
    link = soup(page).select_one(".state a[href^='/log']")
    assert link is not None
    assert parse_qs(urlsplit(str(link["href"])).query) == {"name": ["Zzyzx Qwop"]}
    assert not soup(ana.get("/search?q=0000000")).select(".state a[href^='/log']")


def test_filters_leave_only_some(ana: PageClient, region: Store) -> None:
    board = region.read("MATCH (a:Agency {name: 'Workforce Board'}) RETURN a.id AS id")[0]["id"]
    assert set(listed(ana.get("/search?q=bakery"))) == {"Rock River Bakery", "Lake Bakery"}
    assert listed(ana.get("/search?q=bakery&place=rockford")) == ["Rock River Bakery"]
    assert listed(ana.get("/search?q=bakery&place=Cook")) == ["Lake Bakery"]
    assert listed(ana.get("/search?sector=Food")) == ["Rock River Bakery"]
    assert listed(ana.get(f"/search?agency={board}&never=yes")) == ["Lake Bakery", "Rock River Bakery"]
    assert listed(ana.get("/search?place=rockford&kind=people")) == ["Ana Silva"]
    page = ana.get("/search?q=acme&place=nowhere")
    assert "fits these filters" in words(page)
    assert soup(page).select("main a[href='/search?q=acme']")
    assert ana.get("/search?sector=Unheard").status_code == 404


def test_long_results_come_in_pages(ana: PageClient, region: Store) -> None:
    rows = "\n".join(f"College,M{number},Acme Number {number:02d},," for number in range(45))
    import_text(region, f"agency,source_id,name,city,phone\n{rows}")
    pages = [listed(ana.get(f"/search?q=acme&page={page}")) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 6]
    assert len({name for page in pages for name in page}) == 46
    last = ana.get("/search?q=acme&page=3")
    assert "41–46 of 46" in words(last)
    assert soup(last).select_one("a[rel=prev]")["href"] == "/search?q=acme&page=2"  # type: ignore[index]
    for beyond in ("4", "9999999", "-1", "x"):
        assert ana.get(f"/search?q=acme&page={beyond}").status_code == 200
    assert listed(ana.get("/search?q=acme&page=99")) == pages[2]


def test_all_results_can_be_taken_along(ana: PageClient, region: Store) -> None:
    page = soup(ana.get("/search?q=bakery&place=rock"))
    links = [str(link["href"]) for link in page.select("a[download]")]
    assert links == ["/search/businesses.csv?q=bakery&place=rock", "/search/businesses.xlsx?q=bakery&place=rock"]
    answer = ana.get(links[0])
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:2] == ["name", "street"]
    assert [row[0] for row in rows[1:]] == ["Rock River Bakery"]
    assert ana.get(links[1]).data[:2] == b"PK"
    assert "Ana Silva" in ana.get("/search/people.csv").text
    assert ana.get("/search/agencies.csv").status_code == 404


def test_a_name_that_is_a_formula_does_nothing_in_a_spreadsheet(ana: PageClient, region: Store) -> None:
    rows = list(csv.reader(io.StringIO(ana.get("/search/businesses.csv?q=calc").data.decode("utf-8-sig"))))
    assert rows[1][0].startswith("'=")
    assert unprotect(rows[1][0]) == "=cmd|' /C calc'!A0"


def test_the_box_offers_businesses_people_all_results_and_adding(ana: PageClient, region: Store) -> None:
    offered = options(ana.get("/search/suggest?q=acme"))
    assert offered[0].startswith("Acme Tool Inc")
    assert "2 agencies" in offered[0]
    assert offered[1].startswith("Ana Silva Acme Tool Inc")
    assert offered[-1] == "Log a first contact with “acme”"
    assert options(ana.get("/search/suggest?q=zzyzx")) == ["No one knows “zzyzx” yet: log a contact"]
    assert options(ana.get("/search/suggest?q=%20")) == []
    assert options(ana.get("/search/suggest")) == []


def test_the_box_leads_to_all_results_when_there_are_more(ana: PageClient, region: Store) -> None:
    rows = "\n".join(f"College,M{number},Acme Number {number:02d},," for number in range(9))
    import_text(region, f"agency,source_id,name,city,phone\n{rows}")
    answer = ana.get("/search/suggest?q=acme")
    more = soup(answer).select_one(".option.more")
    assert more is not None
    assert more["href"] == "/search?q=acme"
    assert more.get_text(strip=True) == "See all: 10 businesses and 1 person"


def test_the_picker_offers_ids_under_the_names_of_its_form(ana: PageClient, region: Store) -> None:
    answer = ana.get("/search/pick?business_id_text=acme&prefix=business_id")
    option = soup(answer).select_one("[role=option]")
    assert option is not None
    id = region.read("MATCH (b:Business {name: 'Acme Tool Inc'}) RETURN b.id AS id")[0]["id"]
    assert (option["id"], option["data-value"], option["data-text"]) == ("business_id-1", id, "Acme Tool Inc")
    person = soup(ana.get("/search/pick?who_text=silva&kind=people")).select_one("[role=option]")
    assert person is not None
    assert person["data-value"].startswith("e")  # type: ignore[union-attr]
    assert 'id="x"' not in ana.get('/search/pick?b_text=acme&prefix=%22%20id="x"').text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Acme Tool", "2 agencies already know Acme Tool Inc (12 Main Street, Rockford)."),
        ("acme tools, inc.", "2 agencies already know Acme Tool Inc (12 Main Street, Rockford)."),
        ("Zeta Foods LLC", "1 agency already knows Zeta Foods (9 Oak Ave, Rockford)."),
        ("Zeta", ""),
        ("Acme Roofing", ""),
        ("Nobody Here", ""),
        ("", ""),
    ],
)
def test_whoever_types_a_known_name_is_told_who_knows_it(ana: PageClient, region: Store, typed: str, said: str) -> None:
    answer = ana.get("/search/pick", query_string={"business_id_text": typed, "prefix": "business_id"})
    note = soup(answer).select_one("#business_id-known[hx-swap-oob]")
    assert note is not None
    assert note.get_text().startswith(said)
    assert bool(note.get_text()) == bool(said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ana Silva", "1 agency already knows Ana Silva (Acme Tool Inc)."),
        ("Silva, Ana", "1 agency already knows Ana Silva"),
        ("Rosa Silva", ""),
        ("9", ""),
    ],
)
def test_whoever_types_a_known_person_is_told_where_they_are(
    ana: PageClient, region: Store, typed: str, said: str
) -> None:
    told = soup(ana.get("/search/known", query_string={"new_person": typed})).get_text()
    assert told.startswith(said)
    assert bool(told) == bool(said)


def test_what_was_typed_and_what_was_imported_is_shown_as_text(ana: PageClient, region: Store) -> None:
    for path in ("/search?q=", "/search/suggest?q=", "/search/pick?b_text="):
        answer = ana.get(f"{path}<script>alert(1)</script> works")
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert(1)" in answer.text


def test_hostile_addresses_do_no_harm(ana: PageClient, region: Store) -> None:
    for query in ("q=" + "x" * 3000, "q=%00", "q=%FF%FE", "agency=';DROP", "page=1e9", "kind=_external&_external=1",
                  "q=a&_scheme=javascript&_external=1", "place=" + "%09" * 50):  # fmt: skip
        answer = ana.get(f"/search?{query}")
        assert answer.status_code == 200
        assert "javascript:" not in answer.text


@pytest.fixture
def bearer(app: Flask, db: Store) -> dict[str, str]:
    tokens.add_token(db, users.id_of_email("ana@college.example"), "crm_anas", name="script", now=1)
    return {"Authorization": "Bearer crm_anas"}


def test_the_api_gives_the_shape_of_the_contract(
    client: PageClient, app: Flask, region: Store, bearer: dict[str, str]
) -> None:
    found = client.get("/api/v1/businesses?search=acme", headers=bearer).json
    assert isinstance(found, list)
    assert list(found[0]) == ["business", "name", "city", "agencies", "records", "light"]
    assert found[0]["agencies"] == ["College", "Workforce Board"]
    assert found[0]["light"] in ("green", "amber", "red")
    everything = client.get("/api/v1/businesses", headers=bearer).json
    assert isinstance(everything, list)
    assert len(everything) == 7
    assert client.get("/api/v1/businesses?limit=-1", headers=bearer).status_code == 422
    assert client.get("/api/v1/businesses?limit=x", headers=bearer).status_code == 422
    assert client.get("/api/v1/businesses?search=acme").status_code == 401
    validate(client.get("/api/v1/openapi.json").json)


def test_the_first_page_reads_the_region_ahead(app: Flask, region: Store) -> None:
    from crm.services.finders import _finders

    _finders.forget(region)
    finder = _finders.of(region)
    assert not finder.is_ready
    open_client(app, "ana@college.example").get("/account")
    finder.warm_up().join(timeout=30)
    assert finder.is_ready
