"""The page of a business: who knows it, what happened, where each value comes from."""

import pytest

from crm.graph.driver import Store
from tests.factories import CONTACTS, import_text, undo
from tests.web.pages import PageClient, soup, words

LISTS = """
agency,source_id,name,street,city,zip,phone,notes
Workforce Board,B1,Acme Tool Inc,12 Main St,Rockford,61101,815-555-0134,Ask for Bo
Harbor College,77,ACME TOOL,12 Main Street,Rockford,61101,815-555-0199,Slow payer
"""


def find_business(db: Store, name: str) -> str:
    return db.read("MATCH (b:Business {name: $name}) RETURN b.id AS id", name=name)[0]["id"]


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, LISTS)
    import_text(db, CONTACTS.replace("College", "Harbor College"))
    return db


def test_the_page_shows_every_agencys_contacts_and_the_light(ana: PageClient, region: Store) -> None:
    page = ana.get(f"/businesses/{find_business(region, 'Acme Tool Inc')}")
    text = words(page)
    assert page.status_code == 200
    assert soup(page).h1.get_text(strip=True) == "Acme Tool Inc"  # type: ignore[union-attr]
    assert soup(page).select_one(".light-panel")
    assert "Workforce Board" in text
    assert "Harbor College" in text
    assert "Ana Silva" in text


def test_a_value_says_which_record_it_comes_from_and_what_others_say(ana: PageClient, region: Store) -> None:
    text = words(ana.get(f"/businesses/{find_business(region, 'Acme Tool Inc')}"))
    assert "Harbor College, record 77" in text
    assert "1 other value" in text


def test_another_agencys_note_is_said_to_exist_and_is_nowhere_in_the_page(ana: PageClient, region: Store) -> None:
    page = ana.get(f"/businesses/{find_business(region, 'Acme Tool Inc')}")
    assert "Ask for Bo" not in page.text
    assert "Slow payer" in page.text
    assert "its agency keeps it to itself" in words(page)


def test_the_id_that_a_business_had_before_it_joined_leads_on(ana: PageClient, region: Store) -> None:
    business = find_business(region, "Acme Tool Inc")
    younger = region.read("MATCH (r:BusinessRecord {key: '77'}) RETURN r.id AS id")[0]["id"]
    answer = ana.get(f"/businesses/b{younger[1:]}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/businesses/{business}")


def test_the_id_leads_on_also_after_its_first_record_was_taken_back(ana: PageClient, db: Store) -> None:
    first = import_text(db, LISTS.split("Harbor College")[0])
    import_text(db, LISTS.splitlines()[1] + "\n" + LISTS.splitlines()[3])
    old = find_business(db, "Acme Tool Inc")
    undo(db, first)
    answer = ana.get(f"/businesses/{old}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/businesses/{find_business(db, 'ACME TOOL')}"


def test_an_unknown_business_is_not_found(ana: PageClient) -> None:
    assert ana.get("/businesses/b000000000000").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: PageClient, region: Store) -> None:
    answer = client.get(f"/businesses/{find_business(region, 'Acme Tool Inc')}")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in")


def test_what_an_agency_typed_is_shown_as_text(ana: PageClient, db: Store) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    text = f'agency,source_id,name,website\nHarbor College,1,"{hostile.replace(chr(34), chr(34) * 2)}",example.org'
    import_text(db, text)
    page = ana.get(f"/businesses/{find_business(db, hostile)}")
    assert not soup(page).select("img")
    assert hostile in words(page)


def test_a_business_without_contacts_says_what_to_do(ana: PageClient, db: Store) -> None:
    import_text(db, LISTS)
    text = words(ana.get(f"/businesses/{find_business(db, 'Acme Tool Inc')}"))
    assert "No contacts yet" in text
    assert "Log the first contact" in text


def test_a_person_is_shown_with_where_they_work_and_what_happened(ana: PageClient, region: Store) -> None:
    person = region.read("MATCH (e:Executive) RETURN e.id AS id")[0]["id"]
    page = ana.get(f"/people/{person}")
    assert soup(page).h1.get_text(strip=True) == "Ana Silva"  # type: ignore[union-attr]
    assert "Acme Tool Inc" in words(page)


def test_the_api_gives_what_the_page_shows(ana: PageClient, region: Store) -> None:
    answer = ana.get(f"/api/v1/businesses/{find_business(region, 'Acme Tool Inc')}").get_json()
    assert answer["name"] == "Acme Tool Inc"
    assert answer["agencies"] == ["Harbor College", "Workforce Board"]
    assert [record["notes"] for record in answer["records"]] == ["Slow payer", None]
    assert len(answer["contacts"]) == 2
