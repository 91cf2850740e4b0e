"""What a visitor sees when something goes wrong (promises D4, E2)."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from crm import access, create_app
from crm.config import Settings
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph.driver import GraphSettings, Store
from tests.relay import Relay, relay_to
from tests.web.conftest import make_app, open_client
from tests.web.pages import PageClient, form_token, words


def add_failing_route(app: Flask, error: Exception) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", access.member(fail))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("There is no such business."), 404),
        (NotAllowed("Only the agency itself may do this."), 403),
        (Conflict("Eve changed it at the same time."), 409),
        (Refused("The date is in the future."), 422),
    ],
)
def test_a_refusal_is_a_page_with_its_status_and_its_sentence(app: Flask, error: Exception, status: int) -> None:
    add_failing_route(app, error)
    answer = open_client(app, "ana@college.example").get("/fails")
    assert answer.status_code == status
    assert str(error) in words(answer)


def test_a_fault_of_ours_shows_nothing_of_itself(app: Flask) -> None:
    add_failing_route(app, ValueError("secret detail <script>"))
    answer = open_client(app, "ana@college.example").get("/fails")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


def test_an_address_that_is_none_is_404_for_everybody(client: PageClient, ana: PageClient) -> None:
    for browser in (client, ana):
        answer = browser.get("/no-such-page/<script>alert(1)</script>")
        assert answer.status_code == 404
        assert "There is nothing here" in words(answer)


def test_a_wrong_method_is_405_and_says_which_are_taken(ana: PageClient) -> None:
    answer = ana.get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_form_without_its_token_is_400_in_plain_words(ana: PageClient) -> None:
    answer = ana.post("/sign-out")
    assert answer.status_code == 400
    assert "Load it again" in words(answer)


def test_a_body_that_is_too_large_is_413(ana: PageClient) -> None:
    token = form_token(ana.get("/account"))
    for body in (
        {"current": "x" * 600_000},
        {f"f{number}": "x" for number in range(1_001)},
        {"chosen": "x" * 1_100_000},
    ):
        answer = ana.post("/account/password", data={"csrf_token": token, **body}, content_type="multipart/form-data")
        assert answer.status_code == 413
    assert ana.post("/account/password", data=b"x" * 1_100_000).status_code == 413


def test_a_route_for_files_takes_more_but_not_without_end(app: Flask) -> None:
    db = app.extensions["crm.db"]
    app = make_app(app.extensions["crm.settings"], db, upload_bytes=2_000_000)

    def upload() -> str:
        from flask import request

        return str(len(request.files["file"].read()))

    app.add_url_rule("/upload", "upload", access.member(access.takes_upload(upload)), methods=["POST"])
    ana = open_client(app, "ana@college.example")

    def send(size: int) -> tuple[int, str]:
        from io import BytesIO

        token = form_token(ana.get("/account"))
        answer = ana.post("/upload", data={"csrf_token": token, "file": (BytesIO(b"x" * size), "list.csv")})
        return answer.status_code, answer.text

    assert send(1_500_000) == (200, "1500000")
    assert send(2_100_000)[0] == 413


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_a_name_that_the_server_does_not_have_is_400(client: PageClient, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "crm.region.example"])
def test_its_own_names_are_answered(app: Flask, db: Store, host: str) -> None:
    app = make_app(app.extensions["crm.settings"], db, trusted_hosts=("crm.region.example",))
    assert open_client(app).get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("key", ["kept outside", None])
def test_without_its_graph_the_pages_say_so_within_ten_seconds(tmp_path: Path, key: str | None) -> None:
    away = GraphSettings(data_dir=tmp_path, uri="bolt://127.0.0.1:9", password="x")
    app = create_app(Settings(graph=away, secret_key=key))
    app.test_client_class = PageClient
    client = open_client(app)
    for path in ("/", "/sign-in", "/account"):
        began = time.monotonic()
        answer = client.get(path)
        assert time.monotonic() - began < 10
        assert answer.status_code == 503
        assert 1 <= int(answer.headers["Retry-After"]) <= 10
        assert "The data cannot be reached just now" in words(answer)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/static/crm.css").status_code == 200
    api = client.get("/api/v1/me", headers={"Authorization": "Bearer crm_x"})
    assert (api.status_code, api.json["error"]["status"]) == (503, 503)  # type: ignore[index]


@pytest.fixture
def relay(db: Store):
    with relay_to(db) as relay:
        yield relay


@pytest.mark.slow
def test_when_the_graph_goes_away_and_comes_back_the_same_process_works_again(
    app: Flask, relay: Relay, settings: Settings
) -> None:
    app = create_app(replace(settings, graph=relay.settings))
    app.test_client_class = PageClient
    ana = open_client(app, "ana@college.example")
    assert ana.get("/").status_code == 200
    relay.cut()
    began = time.monotonic()
    answer = ana.get("/")
    assert time.monotonic() - began < 10
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert ana.get("/no-such-page").status_code in (404, 503)
    relay.mend()
    # It recovers by itself; until the broken connections are out of the pool, a request may still find one.
    until = time.monotonic() + 10
    while (status := ana.get("/").status_code) == 503 and time.monotonic() < until:
        time.sleep(0.2)
    assert status == 200
    app.extensions["crm.db"].close()
