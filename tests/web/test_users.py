"""Looking after users and the own account: promises A3, A4, C5 and C6."""

import time

import pytest
import time_machine
from flask import Flask

from crm.graph import tokens, users
from crm.graph.driver import Store
from crm.services import passwords
from tests.web.conftest import PASSWORD, open_client
from tests.web.pages import PageClient, form_token, soup, words

NEW = {"name": "Bo Lund", "email": "bo@port.example", "agency": "port  authority", "password": "three tall ships"}


def id_of(email: str) -> str:
    return users.id_of_email(email)


def press(client: PageClient, path: str, *, page: str = "/account") -> int:
    """Press a button that posts, and say what came back."""
    return client.post(path, data={"csrf_token": form_token(client.get(page))}).status_code


def test_an_administrator_adds_a_user_to_an_agency_that_is_known_by_name(
    ada: PageClient, db: Store, app: Flask
) -> None:
    added = ada.send("/users/add", **NEW, role="member")
    assert added.location == "/users/"
    assert "Bo Lund of Port Authority can sign in now." in words(ada.get("/users/"))
    assert {user.agency_id for user in users.list_users(db) if user.agency == "Port Authority"} == {
        users.get_user(db, "eve@port.example").agency_id
    }
    assert open_client(app).send("/sign-in", email=NEW["email"], password=NEW["password"]).location == "/"


def test_an_address_that_has_a_user_is_refused(ada: PageClient, db: Store) -> None:
    answer = ada.send("/users/add", **{**NEW, "email": "EVE@port.example"}, role="member")
    assert answer.status_code == 409
    assert "There is already a user" in words(answer)
    assert users.get_user(db, "eve@port.example").name == "Eve Port"


def test_fields_that_are_not_on_the_form_change_nothing(ana: PageClient, ada: PageClient, db: Store) -> None:
    ada.send("/users/add", **NEW, role="owner", id="u0", disabled_at="1", password_hash="x", created_at="0")
    assert users.find_user(db, NEW["email"]) is None  # There is no such role.
    ada.send("/users/add", **NEW, role="member", id="u0", user_id="u0", disabled_at="1", created_at="0", agency_id="a0")
    bo = users.get_user(db, NEW["email"])
    assert (bo.id, bo.disabled_at, bo.agency, bo.role) == (id_of(NEW["email"]), None, "Port Authority", "member")
    assert bo.created_at > time.time() - 60
    ana.send(
        "/account/password",
        page="/account",
        current=PASSWORD,
        chosen="nine grey gulls",
        role="admin",
        agency="Port Authority",
    )
    own = users.get_user(db, "ana@college.example")
    assert (own.role, own.agency) == ("member", "Harbor College")


def test_a_demoted_administrator_loses_it_with_the_next_request(app: Flask, ada: PageClient, db: Store) -> None:
    assert ada.get("/users/").status_code == 200
    users.set_role(db, id_of("ada@board.example"), "member")
    assert ada.get("/users/").status_code == 403
    assert ada.get("/").status_code == 200


def test_a_disabled_user_is_out_with_the_next_request_and_so_are_their_tokens(
    app: Flask, ada: PageClient, ana: PageClient, db: Store
) -> None:
    tokens.add_token(db, id_of("ana@college.example"), "crm_anas", name="script", now=1)
    script = open_client(app)
    bearer = {"Authorization": "Bearer crm_anas"}
    assert script.get("/api/v1/me", headers=bearer).status_code == 200
    assert press(ada, f"/users/{id_of('ana@college.example')}/disable") == 302
    assert ana.get("/").status_code == 302
    assert script.get("/api/v1/me", headers=bearer).status_code == 401
    assert press(ada, f"/users/{id_of('ana@college.example')}/enable") == 302
    assert ana.get("/").status_code == 302  # The old session stays dead.
    assert script.get("/api/v1/me", headers=bearer).status_code == 200


def test_an_administrator_signs_somebody_out_everywhere(ada: PageClient, ana: PageClient) -> None:
    assert press(ada, f"/users/{id_of('ana@college.example')}/sign-out") == 302
    assert ana.get("/api/v1/me").status_code == 401
    assert ada.get("/").status_code == 200


def test_a_new_password_from_an_administrator_ends_the_users_sessions(
    ada: PageClient, ana: PageClient, app: Flask
) -> None:
    path = f"/users/{id_of('ana@college.example')}"
    assert ada.send(f"{path}/password", page=path, password="password").status_code == 422
    answer = ada.post(f"{path}/password", data={"csrf_token": form_token(ada.get(path)), "password": "nine grey gulls"})
    assert answer.status_code == 302
    assert ana.get("/").status_code == 302
    assert open_client(app).send("/sign-in", email="ana@college.example", password="nine grey gulls").status_code == 302


@pytest.mark.parametrize("what", ["disable", "role/member", "enable"])
def test_nobody_locks_themselves_out(ada: PageClient, what: str) -> None:
    assert press(ada, f"/users/{id_of('ada@board.example')}/{what}") == 403
    assert ada.get("/users/").status_code == 200


def test_a_user_that_is_none_is_404(ada: PageClient) -> None:
    assert ada.get("/users/u000").status_code == 404
    assert press(ada, "/users/u000/disable") == 404


def test_what_matters_asks_for_the_password_again_after_a_while(ada: PageClient, db: Store) -> None:
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        asked = ada.get("/users/add")
        assert asked.location == "/account/confirm?next=/users/add"
        assert press(ada, f"/users/{id_of('eve@port.example')}/disable") == 302
        assert users.get_user(db, "eve@port.example").disabled_at is None
        wrong = ada.send("/account/confirm", password="wrong password")
        assert (wrong.status_code, "That is not your password." in words(wrong)) == (422, True)
        assert ada.get("/users/add").status_code == 302
        assert ada.send(asked.location, password=PASSWORD).location == "/users/add"
        assert ada.get("/users/add").status_code == 200


def test_changing_the_own_password_ends_every_other_session_and_keeps_this_one(app: Flask, ana: PageClient) -> None:
    other = open_client(app, "ana@college.example")
    done = ana.send("/account/password", page="/account", current=PASSWORD, chosen="nine grey gulls")
    assert done.location == "/account"
    assert "signed out everywhere else" in words(ana.get("/account"))
    assert other.get("/").status_code == 302
    assert open_client(app).send("/sign-in", email="ana@college.example", password=PASSWORD).status_code == 401


def test_the_own_password_is_not_changed_without_the_old_one_or_to_a_weak_one(ana: PageClient, db: Store) -> None:
    def kept() -> bool:
        known = users.find_credentials(db, "ana@college.example")
        return known is not None and passwords.matches(known.password_hash, PASSWORD)

    wrong = ana.send("/account/password", page="/account", current="wrong password", chosen="nine grey gulls")
    assert wrong.status_code == 422
    assert "That is not your password." in words(wrong)
    weak = ana.send("/account/password", page="/account", current=PASSWORD, chosen="harbor college")
    assert weak.status_code == 422
    assert "others know" in words(weak)
    assert kept()


def test_the_account_page_shows_where_one_is_signed_in(app: Flask, ana: PageClient) -> None:
    phone = open_client(app)
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36"
    phone.send("/sign-in", email="ana@college.example", password=PASSWORD)
    page = words(ana.get("/account"))
    assert "Chrome on Android" in page
    assert page.count("this one") == 1
    assert "Eve" not in page


def test_signing_out_everywhere_signs_out_here_too(app: Flask, ana: PageClient) -> None:
    other = open_client(app, "ana@college.example")
    assert press(ana, "/account/sign-out-everywhere") == 302
    assert other.get("/").status_code == 302
    assert ana.get("/").status_code == 302


def test_a_token_is_shown_once_works_and_can_be_removed(
    app: Flask, ana: PageClient, eve: PageClient, db: Store
) -> None:
    made = ana.send("/account/tokens", page="/account", name="Nightly report")
    token = str(soup(made).select_one("code").get_text())  # type: ignore[union-attr]
    assert token.startswith("crm_")
    page = ana.get("/account")
    assert "Nightly report" in words(page)
    assert token not in page.text
    script = open_client(app)
    me = script.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json
    assert me["email"] == "ana@college.example"  # type: ignore[index]
    remove = f"/account/tokens/{tokens.hash_token(token)}/remove"
    assert press(eve, remove) == 404
    assert press(ana, remove) == 302
    assert script.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
