"""Planning a joint visit on the screen and through the API."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm.graph import tokens, users
from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.pages import PageClient, soup, words

FILES = (
    """
agency,program
Harbor College,Welding
Workforce Board,Training
Port Authority,Docks
""",
    """
agency,source_id,name,naics,employees,county
Workforce Board,B1,Acme <b>Tool</b>,332710,50,Winnebago
Workforce Board,B2,Cove Foods,311811,300,Cook
""",
)
SOON = date.today() + timedelta(days=5)


@pytest.fixture
def region(db: Store) -> Store:
    for text in FILES:
        import_text(db, text)
    return db


def find_business(db: Store, name: str = "Acme <b>Tool</b>") -> str:
    return db.read("MATCH (b:Business {name: $name}) RETURN b.id AS id", name=name)[0]["id"]


def find_program(db: Store, name: str) -> str:
    return db.read("MATCH (p:Program {name: $name}) RETURN p.id AS id", name=name)[0]["id"]


def fill(client: PageClient, db: Store, **changes: object) -> dict[str, object]:
    """The form of a business as a browser would send it, with the key that the page was drawn with."""
    business = find_business(db)
    page = soup(client.get(f"/visits/new?business={business}"))
    fields = {
        "csrf_token": page.select_one("main input[name=csrf_token]")["value"],  # type: ignore[index]
        "key": page.select_one("input[name=key]")["value"],  # type: ignore[index]
        "business_id": business,
        "programs": [find_program(db, "Welding")],
        "partners": [find_program(db, "Training")],
        "on": SOON.isoformat(),
        "lead": "ada@board.example",
        "purpose": "needs",
        "topics": "welders, hiring",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def count_contacts(db: Store) -> int:
    return db.read("MATCH (t:Touchpoint) RETURN count(t) AS n")[0]["n"]


def test_the_form_offers_who_may_come_along_and_who_may_lead(ana: PageClient, region: Store) -> None:
    page = soup(ana.get(f"/visits/new?business={find_business(region)}"))
    partners = [label.get_text() for label in page.select("input[name=partners] + label")]
    # The board knows the business, so it stands first.
    assert partners == ["Workforce Board: Training", "Port Authority: Docks"]
    summaries = [part.get_text() for part in page.select("main fieldset summary")]
    assert summaries == ["Workforce Board, knows it already", "Port Authority"]
    own = page.select("input[name=programs][checked] + label")
    assert [label.get_text() for label in own] == ["Welding"]
    assert [str(group["label"]) for group in page.select("#lead optgroup")] == [
        "Harbor College", "Port Authority", "Workforce Board"
    ]  # fmt: skip
    chosen = page.select_one("#lead option[selected]")
    assert chosen is not None
    assert chosen["value"] == "ana@college.example"
    day = page.select_one("input[name=on]")
    assert day is not None
    assert str(day["min"]) == (date.today() + timedelta(days=1)).isoformat()


def test_a_planned_visit_stands_on_the_timeline_on_home_and_in_the_light_of_others(
    ana: PageClient, ada: PageClient, eve: PageClient, region: Store
) -> None:
    business = find_business(region)
    answer = ana.post("/visits/new", data=fill(ana, region))
    assert (answer.status_code, answer.location) == (303, f"/businesses/{business}")
    page = ana.get(answer.location)
    assert "The joint visit is planned for" in words(page)
    timeline = soup(page).select_one("#timeline")
    assert timeline is not None
    told = " ".join(timeline.get_text(" ").split())
    assert "Harbor College" in told
    assert "Workforce Board" in told
    assert "planned" in told.casefold()
    for client in (ana, ada):
        home = words(client.get("/"))
        assert "Planned this week 1" in home
        assert "Acme <b>Tool</b>" in home
    assert "Planned this week 0" in words(eve.get("/"))
    assert "Ask ada@board.example first" in words(eve.get(f"/businesses/{business}"))
    assert "Clear to call" in words(ana.get(f"/businesses/{business}"))


def test_undo_takes_it_back(ana: PageClient, eve: PageClient, region: Store) -> None:
    page = ana.get(ana.post("/visits/new", data=fill(ana, region)).location)
    undo = soup(page).select_one(".answer form")
    assert undo is not None
    ana.send(str(undo["action"]), page="/log")
    assert count_contacts(region) == 0
    assert "Clear to call" in words(eve.get(f"/businesses/{find_business(region)}"))
    assert "Planned this week 0" in words(ana.get("/"))


def test_a_double_click_plans_one_visit(ana: PageClient, region: Store) -> None:
    fields = fill(ana, region)
    first, second = ana.post("/visits/new", data=fields), ana.post("/visits/new", data=fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert count_contacts(region) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"partners": None}, "Choose at least one partner."),
        ({"programs": None}, "Choose your own program."),
        ({"on": "soon"}, "Day"),
        ({"on": date.today().isoformat()}, "planned for a day to come"),
        ({"lead": "eve@port.example"}, "Eve Port is of Port Authority, which does not come along"),
        ({"lead": "x@y.example"}, "Choose who leads the visit"),
        ({"business_id": ""}, "Choose one of those that are offered."),
        ({"purpose": "x"}, "Why"),
    ],
)
def test_what_cannot_be_planned_comes_back_with_what_was_typed(
    ana: PageClient, region: Store, changes: dict[str, Any], says: str
) -> None:
    answer = ana.post("/visits/new", data=fill(ana, region, **changes))
    assert answer.status_code == 422
    assert says in words(answer)
    topics = soup(answer).select_one("input[name=topics]")
    assert topics is not None
    assert topics["value"] == "welders, hiring"
    assert count_contacts(region) == 0


def test_without_the_forms_token_nothing_is_planned(ana: PageClient, region: Store) -> None:
    assert ana.post("/visits/new", data=fill(ana, region, csrf_token="x")).status_code in (400, 422)
    assert count_contacts(region) == 0


def test_a_business_that_is_not_there_is_not_found(ana: PageClient, region: Store) -> None:
    assert ana.get("/visits/new?business=b0000000000000").status_code == 404


def test_without_programs_the_page_says_what_to_do(ana: PageClient, db: Store) -> None:
    assert "Your agency has no program yet" in words(ana.get("/visits/new"))
    import_text(db, "agency,program\nHarbor College,Welding")
    assert "No other agency has a program yet" in words(ana.get("/visits/new"))


def test_it_is_one_click_from_where_the_problem_is_seen(ana: PageClient, region: Store) -> None:
    business = find_business(region)
    link = f'main a[href="/visits/new?business={business}"]'
    pages = ("/coverage", "/coverage/businesses?show=untouched", "/knocks/untouched", f"/knocks/businesses/{business}")
    for path in (*pages, f"/businesses/{business}"):
        assert soup(ana.get(path)).select(link), path


def test_a_name_with_markup_is_text(ana: PageClient, region: Store) -> None:
    page = ana.get(f"/visits/new?business={find_business(region)}")
    assert "Acme <b>Tool</b>" in words(page)
    assert not soup(page).select("main b")


def test_the_api_plans_as_the_page_does(client: PageClient, eve: PageClient, region: Store) -> None:
    tokens.add_token(region, users.id_of_email("ana@college.example"), "crm_anas", name="script", now=1)
    bearer = {"Authorization": "Bearer crm_anas"}
    said = {
        "key": "v1",
        "business": find_business(region),
        "programs": [find_program(region, "Welding"), find_program(region, "Training")],
        "date": SOON.isoformat(),
        "lead": "Ada@board.example",
        "purpose": "needs",
    }
    answer: Any = client.post("/api/v1/visits", json=said, headers=bearer)
    assert (answer.status_code, answer.json["created"]) == (200, True)
    again: Any = client.post("/api/v1/visits", json=said, headers=bearer).json
    assert (again["touchpoint"], again["created"]) == (answer.json["touchpoint"], False)
    assert "Ask ada@board.example first" in words(eve.get(f"/businesses/{said['business']}"))
    for changes in ({"programs": said["programs"][:1]}, {"date": date.today().isoformat()}, {"lead": "x"}):
        assert client.post("/api/v1/visits", json=said | {"key": "v2"} | changes, headers=bearer).status_code == 422
