"""The first run: the first administrator, from the machine itself or with the code, and only once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from crm.errors import Conflict
from crm.graph import users
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services import accounts
from tests.web.conftest import PASSWORD, open_client
from tests.web.pages import soup, words

ADA = {"name": "Ada Board", "email": "ada@board.example", "agency": "Workforce  Board", "password": PASSWORD}
FAR = {"REMOTE_ADDR": "10.1.2.3"}


def test_on_a_fresh_graph_every_page_leads_to_the_set_up(empty_app: Flask) -> None:
    client = open_client(empty_app)
    for path in ("/", "/account", "/users/", "/sign-in"):
        assert client.get(path).location == "/setup", path
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/me").status_code == 401


def test_the_first_administrator_is_created_and_signed_in(empty_app: Flask, db: Store) -> None:
    client = open_client(empty_app)
    assert client.send("/setup", **ADA).location == "/"
    assert "Ada Board" in words(client.get("/"))
    (ada,) = users.list_users(db)
    assert (ada.email, ada.name, ada.agency, ada.role) == ("ada@board.example", "Ada Board", "Workforce Board", "admin")
    assert ada.agency_id.startswith("a")


def test_afterwards_the_set_up_is_closed(app: Flask, db: Store) -> None:
    client = open_client(app)
    assert client.get("/setup").location == "/sign-in"
    token = soup(client.get("/sign-in")).select_one("form input[name=csrf_token]")["value"]  # type: ignore[index]
    answer = client.post("/setup", data={"csrf_token": token, **ADA, "email": "second@board.example"})
    assert answer.location == "/sign-in"
    assert users.find_user(db, "second@board.example") is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "ada at board", "is not an e-mail address"),
        ("password", "password1", "tries first"),
        ("password", "short", "at least 8"),
        ("agency", "Board; College", "cannot hold a comma"),
        ("agency", "  ", "needs 1 to 120"),
        ("name", "x" * 121, "120"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_written(
    empty_app: Flask, db: Store, field: str, value: str, said: str
) -> None:
    answer = open_client(empty_app).send("/setup", **{**ADA, field: value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not users.has_users(db)
    assert not db.read("MATCH (a:Agency) RETURN a.id AS id")


def test_from_elsewhere_the_printed_code_is_needed(empty_app: Flask, db: Store) -> None:
    client = open_client(empty_app)
    client.environ_base.update(FAR)
    assert "printed it where it was started" in words(client.get("/setup"))
    assert client.send("/setup", **ADA).status_code == 422
    assert client.send("/setup", **ADA, code="0000000000").status_code == 422
    assert not users.has_users(db)
    code = accounts.get_setup_code(db)
    assert len(code) == 10
    assert soup(client.get(f"/setup?code={code}")).select_one("#code")["value"] == code  # type: ignore[index]
    assert client.send("/setup", **ADA, code=f"{code[:5].upper()}-{code[5:]}").location == "/"


def test_codes_cannot_be_guessed_one_after_the_other(empty_app: Flask) -> None:
    client = open_client(empty_app)
    client.environ_base.update(FAR)
    answers = [client.send("/setup", **ADA, code=f"{guess:010}").status_code for guess in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_a_proxy_on_this_machine_passes_on_counts_as_from_elsewhere(empty_app: Flask, header: str) -> None:
    answer = open_client(empty_app).get("/setup", headers={header: "10.1.2.3"})
    assert "printed it where it was started" in words(answer)


def test_of_several_first_administrators_at_once_only_one_is_created(db: Store) -> None:
    stores = [open_store(db.settings) for _ in range(4)]

    def attempt(number: int) -> str:
        try:
            return accounts.add_first_administrator(
                stores[number % 4], email=f"a{number}@board.example", agency=f"Agency {number}", password=PASSWORD
            ).email
        except Conflict:
            return ""

    with ThreadPoolExecutor(8) as pool:
        created = [email for email in pool.map(attempt, range(8)) if email]
    for store in stores:
        store.close()
    assert len(created) == 1
    assert [user.email for user in users.list_users(db)] == created
    assert len(db.read("MATCH (a:Agency) RETURN a.id AS id")) == 1
