"""Signing in and out: promises A3 to A7 and A10, in one process. (Across processes: test_limits_across_workers.)"""

import statistics
import time
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from crm.config import SignInLimits
from crm.errors import SignInNeeded
from crm.graph import users
from crm.graph.driver import Store
from crm.graph.sessions import IDLE_SECONDS, LIFE_SECONDS
from crm.services import accounts, passwords
from tests.web.conftest import PASSWORD, make_app, open_client
from tests.web.pages import PageClient, form_token, soup, words

ANA = {"email": "ana@college.example", "password": PASSWORD}


def cookie_of(client: PageClient, name: str = "crm") -> str:
    cookie = client.get_cookie(name)
    assert cookie is not None
    return cookie.value


def test_nobody_is_sent_to_the_sign_in_page_and_then_on_to_where_they_wanted(client: PageClient) -> None:
    asked = client.get("/account?tab=tokens")
    assert asked.status_code == 302
    assert asked.location == "/sign-in?next=/account?tab%3Dtokens"
    signed_in = client.send(asked.location, **ANA)
    assert signed_in.location == "/account?tab=tokens"


def test_signed_in_the_pages_know_who_it_is(client: PageClient) -> None:
    assert client.send("/sign-in", **ANA).location == "/"
    home = client.get("/")
    assert home.status_code == 200
    assert "Ana Ruiz" in words(home)
    assert "Harbor College" in words(home)


def test_capitals_and_spaces_around_the_address_do_not_matter(client: PageClient) -> None:
    assert client.send("/sign-in", email=" ANA@College.Example ", password=PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@college.example", "not her password"),
        ("nobody@college.example", PASSWORD),
        ("ana@college.example", PASSWORD.upper()),
        ("carl@college.example", PASSWORD),
    ],
)
def test_wrong_password_unknown_and_disabled_users_get_the_same_answer(
    client: PageClient, db: Store, email: str, password: str
) -> None:
    users.disable_user(db, users.id_of_email("carl@college.example"), now=1)
    answer = client.send("/sign-in", email=email, password=password)
    assert answer.status_code == 401
    assert "That e-mail and password do not match." in words(answer)
    assert client.get("/").status_code == 302


def test_an_empty_form_says_what_is_missing(client: PageClient) -> None:
    answer = client.send("/sign-in")
    assert answer.status_code == 422
    assert "Type your e-mail." in words(answer)
    assert "Type your password." in words(answer)


def test_an_unknown_user_takes_as_long_as_a_known_one(app: Flask, db: Store) -> None:
    """Measured as the processor's time, which does not depend on what else the machine does."""

    def work(email: str) -> float:
        began = time.process_time()
        with pytest.raises(SignInNeeded):
            accounts.sign_in(db, email, "wrong password")
        return time.process_time() - began

    known, unknown = zip(*((work("ana@college.example"), work("nobody@port.example")) for _ in range(8)), strict=True)
    assert statistics.median(unknown) == pytest.approx(statistics.median(known), rel=0.15)


def test_signing_out_kills_the_session_on_the_server_so_a_copied_cookie_is_worth_nothing(
    app: Flask, client: PageClient
) -> None:
    client.send("/sign-in", **ANA)
    copied = cookie_of(client)
    thief = open_client(app)
    thief.set_cookie("crm", copied)
    assert thief.get("/api/v1/me").status_code == 200
    assert client.send("/sign-out", page="/").location == "/sign-in"
    assert thief.get("/api/v1/me").status_code == 401
    assert thief.get("/account").location == "/sign-in?next=/account"


def test_signing_out_is_not_done_by_a_link(ana: PageClient) -> None:
    assert ana.get("/sign-out").status_code == 405
    assert ana.get("/").status_code == 200


def test_signing_in_gives_a_new_token_and_ends_the_session_before_it(app: Flask, client: PageClient) -> None:
    client.send("/sign-in", **ANA)
    before = cookie_of(client)
    token = soup(client.get("/")).select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    client.post("/sign-in", data={"csrf_token": token, **ANA})
    assert cookie_of(client) != before
    copy = open_client(app)
    copy.set_cookie("crm", before)
    assert copy.get("/api/v1/me").status_code == 401


def test_a_cookie_from_before_signing_in_does_not_become_signed_in(app: Flask, client: PageClient) -> None:
    client.get("/sign-in")
    planted = cookie_of(client)
    client.send("/sign-in", **ANA)
    other = open_client(app)
    other.set_cookie("crm", planted)
    assert other.get("/").status_code == 302


def test_the_cookie_does_not_hold_what_the_graph_holds(client: PageClient, db: Store) -> None:
    client.send("/sign-in", **ANA)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    kept = db.read("MATCH (s:Session) RETURN s.id AS id, properties(s) AS all")
    assert len(kept) == 1
    assert token not in str(kept[0])


def test_a_session_that_is_not_used_ends(ana: PageClient) -> None:
    with time_machine.travel(time.time() + IDLE_SECONDS - 100, tick=True):
        assert ana.get("/").status_code == 200
    with time_machine.travel(time.time() + 2 * IDLE_SECONDS - 200, tick=True):
        assert ana.get("/").status_code == 200  # It was used in between.
    with time_machine.travel(time.time() + 4 * IDLE_SECONDS, tick=True):
        assert ana.get("/").status_code == 302


def test_a_session_ends_after_a_week_however_much_it_is_used(ana: PageClient) -> None:
    start = time.time()
    for hours in range(0, LIFE_SECONDS // 3600, 6):
        with time_machine.travel(start + timedelta(hours=hours).total_seconds() + 60, tick=True):
            assert ana.get("/healthz").status_code == 200
            assert ana.get("/api/v1/me").status_code == 200
    with time_machine.travel(start + LIFE_SECONDS + 60, tick=True):
        assert ana.get("/api/v1/me").status_code == 401


def test_a_page_writes_that_it_was_seen_at_most_once_a_minute(ana: PageClient, db: Store) -> None:
    seen = "MATCH (s:Session) RETURN s.seen_at AS at"
    first = db.read(seen)[0]["at"]
    with time_machine.travel(time.time() + 30, tick=True):
        ana.get("/")
    assert db.read(seen)[0]["at"] == first
    with time_machine.travel(time.time() + 70, tick=True):
        ana.get("/")
    assert db.read(seen)[0]["at"] > first + 60


def test_sessions_that_timed_out_are_cleared_away_by_the_next_sign_in(app: Flask, db: Store) -> None:
    open_client(app, "ana@college.example")
    with time_machine.travel(time.time() + IDLE_SECONDS + 60, tick=True):
        open_client(app, "eve@port.example")
    assert db.read("MATCH (s:Session)-[:OF]->(u:User) RETURN u.email AS email") == [{"email": "eve@port.example"}]


def test_over_https_the_cookie_is_a_host_cookie_and_the_browser_is_told_to_stay_on_https(app: Flask) -> None:
    client = open_client(app)
    page = client.get("/sign-in", base_url="https://localhost")
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    set_cookie = page.headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-crm=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in set_cookie
    assert "Domain" not in set_cookie


def test_over_http_the_cookie_is_still_out_of_reach_of_scripts_and_other_sites(client: PageClient) -> None:
    set_cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert set_cookie.startswith("crm=")
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Secure" not in set_cookie


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example"])
def test_after_signing_in_nobody_is_sent_to_another_site(client: PageClient, target: str) -> None:
    token = form_token(client.get("/sign-in"))
    answer = client.post("/sign-in", query_string={"next": target}, data={"csrf_token": token, **ANA})
    assert answer.location == "/"


def test_a_password_hashed_with_other_parameters_is_hashed_again_at_sign_in(client: PageClient, db: Store) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    users.set_password_hash(db, users.id_of_email("ana@college.example"), weak)
    assert client.send("/sign-in", **ANA).status_code == 302
    kept = users.find_credentials(db, "ana@college.example")
    assert kept is not None
    assert kept.password_hash != weak
    assert not passwords.needs_rehash(kept.password_hash)
    assert client.send("/sign-out", page="/").status_code == 302
    assert client.send("/sign-in", **ANA).status_code == 302


def test_tries_are_limited_by_account_and_a_right_one_does_not_count(app: Flask, db: Store) -> None:
    limited = make_app(app.extensions["crm.settings"], db, sign_in_limits=SignInLimits(account="3 per 5 minutes"))
    client = open_client(limited)
    for _ in range(2):
        assert client.send("/sign-in", email=ANA["email"], password="wrong password").status_code == 401
    for _ in range(4):
        assert open_client(limited).send("/sign-in", **ANA).status_code == 302
    assert client.send("/sign-in", email=ANA["email"], password="wrong password").status_code == 401
    refused = client.send("/sign-in", **ANA)
    assert refused.status_code == 429
    assert 200 < int(refused.headers["Retry-After"]) <= 300
    assert client.send("/sign-in", email="eve@port.example", password=PASSWORD).status_code == 302
    with time_machine.travel(time.time() + 301, tick=True):
        assert open_client(limited).send("/sign-in", **ANA).status_code == 302


def test_tries_are_limited_by_address_and_for_all_together(app: Flask, db: Store) -> None:
    settings = app.extensions["crm.settings"]
    by_address = open_client(make_app(settings, db, sign_in_limits=SignInLimits(address="2 per minute")))
    codes = [by_address.send("/sign-in", email=f"x{i}@y.example", password="wrong one").status_code for i in range(3)]
    assert codes == [401, 401, 429]
    for_all = make_app(settings, db, sign_in_limits=SignInLimits(everyone="1 per minute"))
    db.write("MATCH (r:RateLimit) DELETE r")
    codes = []
    for number in (1, 2):
        client = open_client(for_all)
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        codes.append(client.send("/sign-in", email=f"z{number}@y.example", password="wrong one").status_code)
    assert codes == [401, 429]
