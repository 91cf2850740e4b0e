"""Logging a contact on the screen."""

from datetime import date, timedelta

import pytest

from crm.graph.driver import Store
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text
from tests.web.pages import PageClient, form_token, soup, words


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES.replace("College", "Harbor College"))
    import_text(db, CONTACTS.replace("College", "Harbor College"))
    return db


def find_business(db: Store, name: str) -> str:
    return db.read("MATCH (b:Business {name: $name}) RETURN b.id AS id", name=name)[0]["id"]


def find_program(db: Store, name: str) -> str:
    return db.read("MATCH (p:Program {name: $name}) RETURN p.id AS id", name=name)[0]["id"]


def fill(client: PageClient, db: Store, business: str, **changes: object) -> dict[str, object]:
    """The form of a business as a browser would send it, with the key that the page was drawn with."""
    page = client.get(f"/log?business={business}")
    key = soup(page).select_one("input[name=key]")["value"]  # type: ignore[index]
    fields = {
        "csrf_token": form_token(page),
        "key": key,
        "business_id": business,
        "programs": [find_program(db, "Welding")],
        "channel": "visit",
        "purpose": "needs",
        "reached": "yes",
        "direction": "out",
        "visibility": "who",
        "on": date.today().isoformat(),
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def count_contacts(db: Store) -> int:
    return db.read("MATCH (t:Touchpoint) RETURN count(t) AS n")[0]["n"]


def test_a_contact_is_logged_and_stands_on_the_page_of_the_business(ana: PageClient, region: Store) -> None:
    business = find_business(region, "Zeta Foods")
    answer = ana.post("/log", data=fill(ana, region, business, topics="welders, hiring"))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/businesses/{business}")
    text = words(ana.get(f"/businesses/{business}"))
    assert "The contact is logged" in text
    assert "welders and hiring" in text


def test_a_double_click_logs_one_contact(ana: PageClient, region: Store) -> None:
    before = count_contacts(region)
    fields = fill(ana, region, find_business(region, "Zeta Foods"))
    first, second = ana.post("/log", data=fields), ana.post("/log", data=fields)
    assert (first.status_code, second.status_code) == (302, 302)
    assert count_contacts(region) == before + 1


def test_a_form_that_lacks_something_comes_back_and_nothing_is_written(ana: PageClient, region: Store) -> None:
    before = count_contacts(region)
    answer = ana.post(
        "/log", data=fill(ana, region, find_business(region, "Zeta Foods"), purpose=None, on="31.12.2026")
    )
    assert answer.status_code == 422
    assert "Choose why." in words(answer)
    assert count_contacts(region) == before


def test_a_contact_with_another_agencys_program_only_is_refused(eve: PageClient, region: Store) -> None:
    import_text(region, "agency,program\nPort Authority,Docks")
    fields = fill(eve, region, find_business(region, "Zeta Foods"))
    answer = eve.post("/log", data=fields)
    assert answer.status_code == 422
    assert "your own agency" in words(answer)


def test_an_agency_without_programs_is_told_to_add_one_first(eve: PageClient, region: Store) -> None:
    assert "Your agency has no program yet" in words(eve.get("/log"))


def test_undo_takes_the_contact_back(ana: PageClient, region: Store) -> None:
    before = count_contacts(region)
    business = find_business(region, "Zeta Foods")
    ana.post("/log", data=fill(ana, region, business))
    page = ana.get(f"/businesses/{business}")
    undo = str(soup(page).select_one("form[action$='/remove']")["action"])  # type: ignore[index]
    ana.post(undo, data={"csrf_token": form_token(page)})
    assert count_contacts(region) == before


def test_a_promise_is_on_the_home_page_until_it_is_kept(ana: PageClient, region: Store) -> None:
    due = (date.today() + timedelta(days=2)).isoformat()
    business = find_business(region, "Zeta Foods")
    ana.post("/log", data=fill(ana, region, business, promise="Send the course list", promise_due=due))
    home = ana.get("/")
    assert "Send the course list" in words(home)
    kept = str(soup(home).select_one("form[action$='/promise']")["action"])  # type: ignore[index]
    ana.post(kept, data={"csrf_token": form_token(home), "kept": "yes", "next": "home"})
    assert "Send the course list" not in words(ana.get("/"))


def test_a_plan_is_on_the_home_page(ana: PageClient, region: Store) -> None:
    day = (date.today() + timedelta(days=3)).isoformat()
    ana.post("/log", data=fill(ana, region, find_business(region, "Zeta Foods"), on=day))
    assert "Zeta Foods" in words(ana.get("/"))


def test_a_contact_has_a_page_that_every_member_may_read(eve: PageClient, region: Store) -> None:
    contact = region.read("MATCH (t:Touchpoint {key: 'T3'}) RETURN t.id AS id")[0]["id"]
    text = words(eve.get(f"/touchpoints/{contact}"))
    assert "Omega Plastics" in text
    assert "joint" in text


def test_a_script_logs_a_contact_through_the_api_once(app, ana: PageClient, region: Store) -> None:  # type: ignore[no-untyped-def]
    page = ana.get("/account")
    body = {
        "key": "my-1",
        "date": "2026-06-01",
        "programs": [find_program(region, "Welding")],
        "business": find_business(region, "Zeta Foods"),
        "channel": "call",
    }
    headers = {"X-CSRFToken": form_token(page)}
    first = ana.post("/api/v1/touchpoints", json=body, headers=headers)
    second = ana.post("/api/v1/touchpoints", json=body, headers=headers)
    assert first.get_json()["created"] is True
    assert second.get_json() == first.get_json() | {"created": False}


def test_agencies_are_listed_and_a_member_changes_only_their_own(ana: PageClient, region: Store) -> None:
    assert "Workforce Board" in words(ana.get("/agencies"))
    own = ana.get("/agencies/own").headers["Location"]
    ana.send(f"{own}/programs/add", name="Nursing", contact_email="nursing@example.org")
    assert "Nursing" in words(ana.get(own))
    other = region.read("MATCH (a:Agency {name: 'Workforce Board'}) RETURN a.id AS id")[0]["id"]
    answer = ana.post(
        f"/agencies/{other}/programs/add", data={"csrf_token": form_token(ana.get("/account")), "name": "Ours now"}
    )
    assert answer.status_code == 403
    assert "Ours now" not in words(ana.get(f"/agencies/{other}"))


def test_a_program_name_that_is_taken_is_refused_on_the_form(ana: PageClient, region: Store) -> None:
    own = ana.get("/agencies/own").headers["Location"]
    answer = ana.send(f"{own}/programs/add", name="welding")
    assert answer.status_code == 422
    assert "already" in words(answer)
