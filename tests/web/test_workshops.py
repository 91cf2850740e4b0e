"""A workshop on its pages: guests and members, masks that hold in the source of every page, and steps that are led."""

import json
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from crm.graph import agencies, users, workshops
from crm.graph.driver import Store
from crm.services import workshop_people
from crm.services.workshops import PLACES
from tests.web.pages import PageClient, soup, words
from tests.workshop_worlds import (
    AGENCIES,
    BUSINESS_NAMES,
    KEY,
    decide,
    find_names,
    import_three_knocks,
    list_marks,
    start,
)


@pytest.fixture
def workshop(app: Flask, db: Store) -> str:
    """One that Ada leads, about three knocks of which one is redundant."""
    import_three_knocks(db)
    return start(db, users.get_user(db, "ada@board.example").viewer).id


def code_of(db: Store, workshop: str) -> str:
    return workshops.get_workshop(db, workshop).code


def join_as_guest(client: PageClient, code: str, **said: str) -> None:
    answer = client.send("/workshops/join", code=code, **said)
    assert (answer.status_code, answer.location.split("/")[-1]) == (303, "me")


def go(client: PageClient, workshop: str, step: str) -> None:
    answer = client.send(f"/workshops/{workshop}/step", page=f"/workshops/{workshop}", step=str(PLACES[step]))
    assert answer.status_code == 303


def test_the_register_says_what_to_do_first(ana: PageClient) -> None:
    page = ana.get("/workshops")
    assert "No workshop yet" in words(page)
    assert soup(page).select_one('a[href="/workshops/new"]')


def test_a_member_starts_one_and_leads_it(ana: PageClient, eve: PageClient, db: Store, workshop: str) -> None:
    answer = ana.send("/workshops/new", expected="3", sector="", place="", window="")
    assert answer.status_code == 303
    mine = answer.location.split("/")[-1]
    assert workshops.get_workshop(db, mine).title.startswith("All sectors, ")
    go(ana, mine, "guess")
    token = soup(ana.get(f"/workshops/{mine}")).select_one("input[name=csrf_token]")
    assert token is not None
    assert "Go to" not in eve.get(f"/workshops/{mine}").text
    refused = eve.post(
        f"/workshops/{mine}/step", data={"step": "3", "csrf_token": get_token(eve, f"/workshops/{mine}/me")}
    )
    assert refused.status_code == 403
    assert workshops.get_workshop(db, mine).step == 1


def get_token(client: PageClient, path: str) -> str:
    token = soup(client.get(path)).select_one("input[name=csrf_token]")
    assert token is not None
    return str(token["value"])


def test_what_cannot_be_asked_is_said_on_the_form(ana: PageClient, workshop: str) -> None:
    answer = ana.send("/workshops/new", expected="3", sector="No such sector")
    assert answer.status_code == 404
    assert "No such sector" in words(answer)
    assert ana.send("/workshops/new", expected="1").status_code == 422


def test_no_page_holds_a_name_that_its_owner_has_not_shown(
    app: Flask, db: Store, ada: PageClient, ana: PageClient, client: PageClient, workshop: str
) -> None:
    leader, other = (users.get_user(db, email).viewer for email in ("ada@board.example", "ana@college.example"))
    made = workshops.get_workshop(db, workshop)
    marks = list_marks(db, made, leader, other)
    join_as_guest(client, made.code, agency="harbor college", name="Gus")
    ana.get(f"/workshops/{workshop}/me")
    ada.get(f"/workshops/{workshop}/me")
    ana.send(f"/workshops/{workshop}/guess", page=f"/workshops/{workshop}/me", knocks="4", redundant="1")
    decide(db, leader, workshop, marks)
    decide_with_names(db, leader, workshop, marks)
    ada.send(f"/workshops/{workshop}/whatif", page=f"/workshops/{workshop}", sharing=marks)
    say = {"stance": "dissent", "why": "Harbor  College has not asked Omega Plastics"}
    assert (
        ana.send(f"/workshops/{workshop}/decisions/{KEY}/say", page=f"/workshops/{workshop}/me", **say).status_code
        == 303
    )
    names = (*AGENCIES, *BUSINESS_NAMES)
    for reader in (ada, ana, client):
        for step in ("own", "knocks", "agree", "close"):
            go(ada, workshop, step)
            for path in ("", "/wall", "/me", "/state"):
                answer = reader.get(f"/workshops/{workshop}{path}")
                assert answer.status_code == (302 if reader is client and path in ("", "/wall") else 200)
                assert find_names(answer.text, names) == [], f"{path} in step {step}"
    for path in ("/workshops", "/workshops/new", "/workshops/join"):
        assert find_names(ada.get(path).text, names) == [], path
    ana.send(f"/workshops/{workshop}/show", page=f"/workshops/{workshop}/me")
    for reader in (ada, ana):
        assert find_names(reader.get(f"/workshops/{workshop}/wall").text, names) == ["Harbor College"]
    ada.send(f"/workshops/{workshop}/businesses/{mark_of(db, workshop)}/show", page=f"/workshops/{workshop}/me")
    assert find_names(ada.get(f"/workshops/{workshop}/wall").text, names) == [
        "Harbor College",
        "Fennatek Machinery Inc",
    ]
    ana.send(f"/workshops/{workshop}/hide", page=f"/workshops/{workshop}/me")
    assert find_names(ada.get(f"/workshops/{workshop}").text, AGENCIES) == []


def decide_with_names(db: Store, leader: object, workshop: str, marks: list[str]) -> None:
    from crm.services import workshop_sayings

    workshop_sayings.decide(
        db,
        leader,  # type: ignore[arg-type]
        workshop,
        "e" * 32,
        name="Ada",
        what="WORKFORCE BOARD leads at Fennatek Machinery Inc",
        letters=marks,
        begins=date.today(),
        review=date.today() + timedelta(days=30),
    )


def mark_of(db: Store, workshop: str) -> str:
    viewer = users.get_user(db, "ada@board.example").viewer
    made = workshops.get_workshop(db, workshop)
    return str(made.businesses.index(workshop_people.list_known_businesses(db, viewer, made)[0]) + 1)


def test_a_guest_sees_an_agencys_own_numbers_only_once_a_member_has_shown_them(
    ada: PageClient, ana: PageClient, client: PageClient, db: Store, workshop: str
) -> None:
    join_as_guest(client, code_of(db, workshop), agency="Harbor College")
    go(ada, workshop, "own")
    before = client.get(f"/workshops/{workshop}/me")
    assert "once a member of it shows them" in words(before)
    assert not soup(before).select("[data-part=own] table")
    letter = workshops_letter(db, workshop, "Harbor College")
    assert letter not in words(before)
    ana.send(f"/workshops/{workshop}/show", page=f"/workshops/{workshop}/me")
    after = client.get(f"/workshops/{workshop}/me")
    assert "Harbor College" in words(after)
    cells = [cell.get_text(strip=True) for cell in soup(after).select("[data-part=own] td.num")]
    assert cells == ["–", "1", "–", "1", "–", "100%", "–", "3.0"]


def workshops_letter(db: Store, workshop: str, name: str) -> str:
    from crm.services.workshops import make_masks

    return make_masks(db, workshops.get_workshop(db, workshop), []).call(agencies.agency_id(name))


def test_own_numbers_come_after_the_guess(ada: PageClient, ana: PageClient, workshop: str) -> None:
    go(ada, workshop, "guess")
    assert not soup(ana.get(f"/workshops/{workshop}/me")).select("[data-part=own] table")
    ana.send(f"/workshops/{workshop}/guess", page=f"/workshops/{workshop}/me", redundant="7", shared="30")
    go(ada, workshop, "own")
    cells = [
        cell.get_text(strip=True)
        for cell in soup(ana.get(f"/workshops/{workshop}/me")).select("[data-part=own] td.num")
    ]
    assert cells == ["–", "1", "7", "1", "30%", "100%", "–", "3.0"]


def test_a_stranger_is_asked_for_the_code(client: PageClient, ada: PageClient, workshop: str) -> None:
    assert client.get(f"/workshops/{workshop}/me").location == "/workshops/join"
    assert client.get(f"/workshops/{workshop}/state").status_code == 404
    assert client.get(f"/workshops/{workshop}/wall").status_code == 302
    said = client.send(f"/workshops/{workshop}/guess", page="/workshops/join", knocks="1")
    assert said.status_code == 401
    assert client.send("/workshops/join", code="wrong1").status_code == 404


def test_a_guest_of_one_workshop_is_a_stranger_in_another(client: PageClient, db: Store, workshop: str) -> None:
    join_as_guest(client, code_of(db, workshop))
    other = start(db, users.get_user(db, "ana@college.example").viewer).id
    assert client.get(f"/workshops/{other}/me").status_code == 302
    assert client.get(f"/workshops/{workshop}/me").status_code == 200


def test_wrong_codes_are_counted_and_right_ones_are_not(client: PageClient, db: Store, workshop: str) -> None:
    code = code_of(db, workshop)
    for _ in range(3):
        join_as_guest(client, code)
    statuses = [client.send("/workshops/join", code="000000").status_code for _ in range(21)]
    assert statuses[:20] == [404] * 20
    assert statuses[20] == 429
    assert client.send("/workshops/join", code=code).status_code == 429


def test_names_of_agencies_cannot_be_tried_out(client: PageClient, db: Store, workshop: str) -> None:
    code = code_of(db, workshop)
    statuses = [client.send("/workshops/join", code=code, agency=f"Agency {n}").status_code for n in range(21)]
    assert statuses == [422] * 20 + [429]


def test_the_state_tells_phones_where_the_room_is(ada: PageClient, ana: PageClient, workshop: str) -> None:
    first = json.loads(ana.get(f"/workshops/{workshop}/state").text)
    go(ada, workshop, "knocks")
    second = json.loads(ana.get(f"/workshops/{workshop}/state").text)
    assert (first["step"], second["step"], second["ended"]) == (0, PLACES["knocks"], False)
    assert set(second) == {"step", "elapsed", "version", "ended"}


def test_what_is_said_while_a_page_is_drawn_makes_it_ask_again(
    ana: PageClient, db: Store, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_participants = workshops.list_participants
    ana.get(f"/workshops/{workshop}/me")

    def decide_meanwhile(db: Store, id: str) -> list[workshops.Participant]:
        # When what was said so far has been read.
        told = {"what": "One lead for the machine shops."}
        workshops.put_entry(db, id, "decision", "d1", by="u1", by_name="Ada", agency=None, at=1, data=told)
        return list_participants(db, id)

    for page in ("me", "wall"):
        with monkeypatch.context() as patch:
            patch.setattr("crm.services.workshop_figures.workshops.list_participants", decide_meanwhile)
            drawn = soup(ana.get(f"/workshops/{workshop}/{page}"))
        room = drawn.select_one("[data-room]")
        state = json.loads(ana.get(f"/workshops/{workshop}/state").text)
        assert room is not None
        assert room["data-version"] != state["version"]
        workshops.take_back(db, workshops.entry_id(workshop, "decision", "d1"), at=2, by="u1")


def test_the_wall_holds_every_step_and_shows_one(ada: PageClient, workshop: str) -> None:
    page = soup(ada.get(f"/workshops/{workshop}/wall?step=4"))
    parts = page.select("[data-part]")
    assert [part["data-part"] for part in parts] == list(PLACES)
    assert [part["data-part"] for part in parts if not part.has_attr("hidden")] == ["knocks"]
    assert read_link(page, "data-next") == f"/workshops/{workshop}/wall?step=5"
    assert read_link(page, "data-back") == f"/workshops/{workshop}/wall?step=3"
    assert "1 of 3 knocks was redundant" in page.get_text()


def read_link(page: BeautifulSoup, name: str) -> str:
    return str(page.select_one(f"a[{name}]")["href"])  # type: ignore[index]


def test_only_an_agency_that_knows_a_business_is_led_to_it(
    ada: PageClient, eve: PageClient, db: Store, workshop: str
) -> None:
    mark = mark_of(db, workshop)
    assert ada.get(f"/workshops/{workshop}/businesses/{mark}").location.startswith("/businesses/b")
    assert eve.get(f"/workshops/{workshop}/businesses/{mark}").status_code == 404


def test_a_decision_is_written_down_dissented_from_and_taken_back(
    ada: PageClient, ana: PageClient, db: Store, workshop: str
) -> None:
    letters = list_marks(
        db,
        workshops.get_workshop(db, workshop),
        *(users.get_user(db, e).viewer for e in ("ada@board.example", "ana@college.example")),
    )
    page = f"/workshops/{workshop}"
    said = {"key": KEY, "what": "One lead", "letters": letters, "begins": "2026-09-01", "review": "2026-12-01"}
    assert ada.send(f"{page}/decisions", page=page, **said | {"letters": letters[:1]}).status_code == 422
    assert ada.send(f"{page}/decisions", page=page, **said).status_code == 303
    assert (
        ana.send(f"{page}/decisions/{KEY}/say", page=f"{page}/me", stance="dissent", why="Too early").status_code == 303
    )
    assert "Dissent: “Too early”" in words(ada.get(f"{page}/wall"))
    assert ada.send(f"{page}/decision/{KEY}/take-back", page=page).status_code == 303
    assert "Too early" not in words(ada.get(f"{page}/wall"))
    assert ada.send(f"{page}/decision/{KEY}/bring-back", page=page).status_code == 303
    assert "Too early" in words(ada.get(page))


def test_a_decision_is_proposed_and_withdrawn_again(ada: PageClient, ana: PageClient, db: Store, workshop: str) -> None:
    leader, other = (users.get_user(db, email).viewer for email in ("ada@board.example", "ana@college.example"))
    page, act = f"/workshops/{workshop}", f"/workshops/{workshop}/decisions/{KEY}/propose"
    decide(db, leader, workshop, list_marks(db, workshops.get_workshop(db, workshop), leader, other))
    refused = ada.send(act, page=page)
    assert refused.status_code == 422
    assert find_names(refused.text, AGENCIES) == []
    for reader in (ada, ana):
        reader.send(f"{page}/show", page=f"{page}/me")
    assert ada.send(act, page=page).status_code == 303
    shown = ada.get(page)
    assert "0 of 2 have signed" in words(shown)
    link = soup(shown).select_one(".decision a[href^='/agreements/']")
    assert link is not None
    assert ada.get(str(link["href"])).status_code == 200
    assert ada.send(f"/workshops/{workshop}/decisions/{KEY}/unpropose", page=page).status_code == 303
    assert "Propose it as an agreement" in words(ada.get(page))


def test_after_the_end_it_says_what_has_become_of_it(ada: PageClient, db: Store, workshop: str) -> None:
    page = f"/workshops/{workshop}"
    assert ada.send(f"{page}/end", page=page).status_code == 303
    text = words(ada.get(page))
    assert "What has become of it" in text
    assert "In the room: 1 of 3 knocks was redundant" in text
    assert ada.send(f"{page}/reopen", page=page).status_code == 303
    assert "What has become of it" not in words(ada.get(page))


def test_a_script_is_answered_without_a_page(ana: PageClient, workshop: str) -> None:
    path = f"/workshops/{workshop}"
    data = {"csrf_token": get_token(ana, f"{path}/me"), "knocks": "3"}
    assert ana.post(f"{path}/guess", data=data, headers={"X-Room": "1"}).status_code == 204
