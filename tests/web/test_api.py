"""The frame of the JSON API: tokens, errors, limits, its description."""

import pytest
from flask import Flask
from openapi_spec_validator import validate

from crm import access
from crm.graph import tokens, users
from crm.graph.driver import Store
from crm.views.api import respond
from tests.web.conftest import make_app, open_client
from tests.web.pages import PageClient, form_token

ME = "/api/v1/me"


@pytest.fixture
def bearer(app: Flask, db: Store) -> dict[str, str]:
    tokens.add_token(db, users.id_of_email("ana@college.example"), "crm_anas", name="script", now=1)
    return {"Authorization": "Bearer crm_anas"}


def test_a_token_stands_for_its_user(client: PageClient, bearer: dict[str, str], db: Store) -> None:
    ana = users.get_user(db, "ana@college.example")
    assert client.get(ME, headers=bearer).json == {
        "user": ana.id, "email": "ana@college.example", "agency": ana.agency_id, "role": "member"
    }  # fmt: skip


@pytest.mark.parametrize("header", ["Bearer", "Bearer crm_other", "Basic YW5hOng=", "crm_anas", ""])
def test_anything_else_is_refused_in_json(client: PageClient, bearer: dict[str, str], header: str) -> None:
    answer = client.get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json["error"]["status"] == 401  # type: ignore[index]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_refused_even_where_a_cookie_is_right(ana: PageClient) -> None:
    assert ana.get(ME).status_code == 200
    assert ana.get(ME, headers={"Authorization": "Bearer crm_other"}).status_code == 401


def test_a_token_is_of_no_use_on_pages(client: PageClient, bearer: dict[str, str]) -> None:
    assert client.get("/account", headers=bearer).status_code == 302


def test_nothing_is_kept_of_a_token_but_its_hash(bearer: dict[str, str], db: Store) -> None:
    assert "crm_anas" not in str(db.read("MATCH (t:Token) RETURN properties(t) AS all, t.id AS id"))


def test_errors_are_json(client: PageClient, bearer: dict[str, str]) -> None:
    missing = client.get("/api/v1/nothing", headers=bearer)
    assert (missing.status_code, missing.json["error"]["message"]) == (404, "There is nothing here.")  # type: ignore[index]
    assert client.delete(ME, headers=bearer).json["error"]["status"] == 405  # type: ignore[index]
    wrong = client.get(f"{ME}?colour=red", headers=bearer)
    assert wrong.status_code == 422
    assert "“colour” is not a parameter here" in wrong.json["error"]["message"]  # type: ignore[index]


def test_calls_are_limited_by_user(app: Flask, bearer: dict[str, str], db: Store) -> None:
    client = open_client(make_app(app.extensions["crm.settings"], db, api_limit="3 per minute"))
    assert [client.get(ME, headers=bearer).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(ME, headers=bearer)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["error"]["status"] == 429  # type: ignore[index]


def test_the_description_is_valid_and_names_every_endpoint(app: Flask, client: PageClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    validate(document)
    described = {f"/api/v1{path}" for path in document["paths"]}  # type: ignore[index]
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert described == routes - {"/api/v1/openapi.json"}


def test_the_description_says_what_an_answer_holds(client: PageClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    answer = document["paths"]["/me"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]  # type: ignore[index]
    assert answer == {"$ref": "#/components/schemas/Me"}
    assert document["components"]["schemas"]["Me"]["required"] == ["agency", "email", "role", "user"]  # type: ignore[index]


def test_a_change_by_cookie_needs_the_token_of_a_form_and_one_by_bearer_does_not(
    app: Flask, bearer: dict[str, str]
) -> None:
    app.add_url_rule("/api/v1/change", "api.change", access.member(lambda: respond({"done": True})), methods=["POST"])
    ana = open_client(app, "ana@college.example")
    forged = ana.post("/api/v1/change", json={})
    assert (forged.status_code, forged.json["error"]["status"]) == (400, 400)  # type: ignore[index]
    token = form_token(ana.get("/account"))
    assert ana.post("/api/v1/change", json={}, headers={"X-CSRFToken": token}).status_code == 200
    assert open_client(app).post("/api/v1/change", json={}, headers=bearer).status_code == 200
