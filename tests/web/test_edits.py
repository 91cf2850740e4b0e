"""Correcting a contact on the screen and through the API: the same form, who was faster, and the way back."""

from datetime import date, timedelta

import pytest
from bs4 import Tag
from flask import Flask
from werkzeug.test import TestResponse

from crm.graph.driver import Store
from tests.web.conftest import open_client
from tests.web.pages import PageClient, form_token, soup, words
from tests.web.test_touchpoints import fill, find_business, find_program, region

__all__ = ["region"]
TODAY = date.today()


def log(client: PageClient, db: Store, business: str = "Zeta Foods", **said: object) -> str:
    """Log a contact on the screen; returns its path."""
    client.post("/log", data=fill(client, db, find_business(db, business), **said))
    rows = db.read("MATCH (t:Touchpoint) WHERE t.import_id IS NULL RETURN t.id AS id ORDER BY t.seq DESC LIMIT 1")
    return f"/touchpoints/{rows[0]['id']}"


def read_form(page: TestResponse) -> dict[str, object]:
    """What a browser would send for the form of a contact as it stands on the page."""
    form = soup(page).select_one("form.card")
    assert form is not None, page.text
    fields: dict[str, list[str]] = {}
    for control in form.select("input[name], textarea[name]"):
        if control.get("type") not in ("radio", "checkbox") or control.has_attr("checked"):
            # The line break after <textarea> is the mark-up's own.
            text = control.text.removeprefix("\r\n").removeprefix("\n") if control.name == "textarea" else None
            fields.setdefault(str(control["name"]), []).append(str(control.get("value", "")) if text is None else text)
    return dict(fields)


def save(client: PageClient, path: str, page: TestResponse | None = None, **changes: object) -> TestResponse:
    """Open the form of a contact (or take one that is open), change some of it, and save."""
    fields = read_form(page or client.get(f"{path}/edit")) | changes
    return client.post(f"{path}/edit", data={name: value for name, value in fields.items() if value is not None})


def press_undo(client: PageClient, page: TestResponse) -> TestResponse:
    form = soup(page).select_one("form[action*='/edits/']")
    assert isinstance(form, Tag), page.text
    return client.post(str(form["action"]), data={"csrf_token": form_token(page)}, follow_redirects=True)


def test_the_form_comes_with_what_the_contact_says_and_saving_it_as_it_is_changes_nothing(
    ana: PageClient, region: Store
) -> None:
    due = (TODAY + timedelta(days=9)).isoformat()
    path = log(
        ana, region, topics="welders, hiring", promise="Call back", promise_due=due, outcome="Good\r\ntalk",
        notes="\r\nBlank first", reached="no", direction="in", visibility="exists", new_person="Bo Ek",
    )  # fmt: skip
    form = read_form(ana.get(f"{path}/edit"))
    said = {
        "business_id": [find_business(region, "Zeta Foods")],
        "business_id_text": ["Zeta Foods"],
        "programs": [find_program(region, "Welding")],
        "channel": ["visit"],
        "purpose": ["needs"],
        "reached": ["no"],
        "direction": ["in"],
        "visibility": ["exists"],
        "topics": ["welders, hiring"],
        "on": [TODAY.isoformat()],
        "promise": ["Call back"],
        "promise_due": [due],
    }
    assert form | said == form
    assert len(form["persons"]) == 1  # type: ignore[arg-type]
    answer = save(ana, path)
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert "Nothing was changed" in words(ana.get(path))
    assert region.read("MATCH (e:Edit) RETURN e.id AS id") == []


def test_an_edit_is_on_the_page_at_once_and_says_what_changed_and_by_whom(
    app: Flask, ana: PageClient, region: Store
) -> None:
    path = log(ana, region, topics="welders")
    carl = open_client(app, "carl@college.example")
    save(carl, path, topics="nurses", channel="call")
    text = words(carl.get(path))
    assert "Changed: how and topics." in text
    assert "Call with Zeta Foods" in text
    assert "nurses" in text
    assert "by carl@college.example" in text
    assert "nurses" in words(carl.get(f"/businesses/{find_business(region, 'Zeta Foods')}"))


def test_undo_after_saving_brings_the_old_words_back(ana: PageClient, region: Store) -> None:
    path = log(ana, region, topics="welders")
    save(ana, path, topics="nurses")
    page = press_undo(ana, ana.get(path))
    assert "says again what it said before" in words(page)
    assert "welders" in words(page)
    assert "Last edited" not in words(page)


def test_a_contact_moves_to_the_business_that_is_chosen(ana: PageClient, region: Store) -> None:
    path = log(ana, region)
    to = find_business(region, "Omega Plastics")
    save(ana, path, business_id=to, business_id_text="Omega Plastics")
    text = words(ana.get(path))
    assert "Changed: business." in text
    assert "Visit with Omega Plastics" in text
    assert "Nobody by name yet" in words(ana.get(f"/businesses/{find_business(region, 'Zeta Foods')}"))


def test_the_people_of_the_business_that_was_picked_are_offered(ana: PageClient, region: Store) -> None:
    offered = ana.get(f"/touchpoints/people?business_id={find_business(region, 'Acme Tool Inc')}")
    assert "Ana Silva" in words(offered)
    assert words(ana.get("/touchpoints/people?business_id=")) == ""


def test_of_two_who_have_the_form_open_the_second_sees_both_versions_and_decides(
    app: Flask, ana: PageClient, region: Store
) -> None:
    path = log(ana, region, topics="welders", notes="First")
    carl = open_client(app, "carl@college.example")
    opened = ana.get(f"{path}/edit")
    save(carl, path, topics="nurses", channel="call")
    answer = save(ana, path, opened, topics="bakers", notes="Second")
    assert answer.status_code == 409
    assert "carl@college.example was faster" in words(answer)
    table = soup(answer).select_one("table")
    assert table is not None
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]
    assert rows == [["How", "Call", "Visit"], ["Topics", "nurses", "bakers"], ["Note", "First", "Second"]]
    assert "nurses" in words(ana.get(path))
    assert save(ana, path, answer).status_code == 302
    text = words(ana.get(path))
    assert "bakers" in text
    assert "Visit with" in text


def test_sending_the_old_form_twice_is_a_conflict_both_times(app: Flask, ana: PageClient, region: Store) -> None:
    path = log(ana, region, topics="welders")
    opened = ana.get(f"{path}/edit")
    save(ana, path, topics="nurses")
    assert [save(ana, path, opened, topics="bakers").status_code for _ in range(2)] == [409, 409]
    assert "nurses" in words(ana.get(path))


def test_what_was_edited_again_is_not_undone_by_an_old_button(app: Flask, ana: PageClient, region: Store) -> None:
    path = log(ana, region, topics="welders")
    save(ana, path, topics="nurses")
    page = ana.get(path)
    save(open_client(app, "carl@college.example"), path, topics="bakers")
    assert press_undo(ana, page).status_code == 409
    assert "bakers" in words(ana.get(path))


def test_a_form_that_lacks_something_comes_back_with_what_was_typed(ana: PageClient, region: Store) -> None:
    path = log(ana, region)
    answer = save(ana, path, on="31.12.2026", topics="nurses")
    assert answer.status_code == 422
    assert "Another day" in words(answer)
    assert read_form(answer)["topics"] == ["nurses"]
    assert region.read("MATCH (e:Edit) RETURN e.id AS id") == []


def test_a_contact_of_another_agency_is_not_edited_and_its_page_offers_nothing(
    ana: PageClient, eve: PageClient, region: Store
) -> None:
    path = log(ana, region, topics="welders")
    page = eve.get(path)
    assert not soup(page).select("a[href$='/edit'], form[action$='/remove']")
    assert eve.get(f"{path}/edit").status_code == 403
    token = form_token(eve.get("/account"))
    fields = read_form(ana.get(f"{path}/edit")) | {"csrf_token": token, "topics": "stolen"}
    assert eve.post(f"{path}/edit", data=fields).status_code == 403
    assert eve.get("/touchpoints/t000000000000/edit").status_code == 404
    assert "welders" in words(ana.get(path))


def test_an_administrator_edits_for_another_agency_without_seeing_its_note(
    ana: PageClient, ada: PageClient, region: Store
) -> None:
    path = log(ana, region, topics="welders", notes="They are selling")
    page = ada.get(f"{path}/edit")
    assert "They are selling" not in page.text
    assert "notes" not in read_form(page)
    assert "logged by Harbor College" in words(page)
    save(ada, path, topics="nurses", notes="Overwritten")
    text = words(ana.get(path))
    assert "nurses" in text
    assert "They are selling" in text
    assert "by ada@board.example" in text


def test_a_contact_that_came_with_a_file_says_how_to_change_it(ana: PageClient, region: Store) -> None:
    contact = region.read("MATCH (t:Touchpoint {key: 'T2'}) RETURN t.id AS id")[0]["id"]
    page = ana.get(f"/touchpoints/{contact}")
    assert "as the row with the id T2 . Correct that row in your own list and import the list again" in words(page)
    assert not soup(page).select("a[href$='/edit']")
    refused = ana.get(f"/touchpoints/{contact}/edit")
    assert refused.status_code == 403
    assert "Correct its row and import it again" in words(refused)


def test_a_contact_is_taken_back_from_its_own_page(ana: PageClient, region: Store) -> None:
    path = log(ana, region)
    save(ana, path, topics="nurses")
    page = ana.get(path)
    ana.post(f"{path}/remove", data={"csrf_token": form_token(page)})
    assert ana.get(path).status_code == 404


def test_what_is_typed_into_an_edit_is_text(ana: PageClient, region: Store) -> None:
    path = log(ana, region)
    opened = ana.get(f"{path}/edit")
    save(ana, path, topics="<script>one()</script>")
    page = save(ana, path, opened, topics="<script>two()</script>")
    for shown in (page, ana.get(path), ana.get(f"{path}/edit")):
        assert "<script>one" not in shown.text
        assert "<script>two" not in shown.text
    assert "<script>one()</script>" in words(page)


@pytest.fixture
def headers(ana: PageClient) -> dict[str, str]:
    return {"X-CSRFToken": form_token(ana.get("/account"))}


def test_a_script_edits_a_contact_and_takes_it_back(ana: PageClient, region: Store, headers: dict[str, str]) -> None:
    business, welding = find_business(region, "Zeta Foods"), find_program(region, "Welding")
    body = {"date": "2026-06-01", "programs": [welding], "business": business, "channel": "call", "topics": "one"}
    id = ana.post("/api/v1/touchpoints", json={"key": "my-1", **body}, headers=headers).get_json()["touchpoint"]
    url = f"/api/v1/touchpoints/{id}"
    read = ana.get(url).get_json()
    said = body | {"revision": read["revision"], "topics": "two", "visibility": "exists"}
    edited = ana.put(url, json=said, headers=headers).get_json()
    assert edited == {
        "touchpoint": id,
        "business": business,
        "revision": ana.get(url).get_json()["revision"],
        "changed": ["topics", "visibility"],
    }
    late = ana.put(url, json=said, headers=headers)
    assert (late.status_code, late.get_json()["error"]["status"]) == (409, 409)
    undone = ana.post(f"{url}/undo", json={"revision": edited["revision"]}, headers=headers)
    assert undone.get_json() == {"touchpoint": id, "business": business}
    assert ana.get(url).get_json() == read


def test_a_script_of_another_agency_edits_nothing(ana: PageClient, eve: PageClient, region: Store) -> None:
    path = log(ana, region)
    headers = {"X-CSRFToken": form_token(eve.get("/account"))}
    body = {"date": "2026-06-01", "programs": [find_program(region, "Welding")], "revision": 1}
    refused = eve.put(f"/api/v1{path}", json=body | {"business": find_business(region, "Zeta Foods")}, headers=headers)
    assert refused.status_code == 403
    assert ana.get(f"/api/v1{path}").get_json()["date"] == TODAY.isoformat()
