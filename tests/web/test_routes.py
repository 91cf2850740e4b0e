"""Every route: it is on the list with its access rule, keeps strangers out, and takes no change without a form's token.

The list is `routes.txt`. A route that appears or disappears on purpose is written there by
`python -m tests.web.test_routes`; the difference is part of the change that is reviewed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule
from werkzeug.routing.converters import NumberConverter

from crm import create_app
from crm.access import find_rule
from crm.config import Settings
from crm.graph.driver import GraphSettings
from tests.web.pages import PageClient

LIST = Path(__file__).with_name("routes.txt")
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def lonely_app() -> Flask:
    """The application without a graph: enough to read its table of routes."""
    return create_app(Settings(graph=GraphSettings(data_dir=Path(os.devnull)), secret_key="only for tests"))


def list_routes(app: Flask) -> list[str]:
    """One line a route: its path, methods, and who may open it."""
    lines = []
    for route in app.url_map.iter_rules():
        rule = find_rule(app.view_functions[route.endpoint])
        who = "NOBODY SAID" if rule is None else rule.audience or ""
        marks = [] if rule is None else [mark for mark in ("confirmed", "upload") if getattr(rule, mark)]
        methods = ",".join(sorted((route.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(" ".join([route.rule, methods, who, *marks]))
    return sorted(lines)


def paths(app: Flask, *, changing: bool) -> Iterator[tuple[str, str, Rule]]:
    """(method, a concrete path, route) of the routes that change something, or of those that do not."""
    with app.test_request_context():
        for route in app.url_map.iter_rules():
            values = {name: _example(route._converters[name]) for name in route.arguments}
            if route.endpoint == "static":
                values = {"filename": "crm.css"}
            for method in sorted(route.methods or ()):
                if (method in CHANGES) == changing and method not in ("HEAD", "OPTIONS"):
                    yield method, route.build(values, append_unknown=False)[1], route  # type: ignore[index]


def _example(converter: BaseConverter) -> str | int:
    if isinstance(converter, NumberConverter):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


def test_the_routes_are_those_of_the_list(lonely_app: Flask) -> None:
    assert list_routes(lonely_app) == LIST.read_text().splitlines()


def test_every_route_says_who_may_open_it(lonely_app: Flask) -> None:
    assert not [line for line in list_routes(lonely_app) if "NOBODY SAID" in line]


def test_a_route_that_says_nothing_is_opened_by_nobody(app: Flask, ada: PageClient) -> None:
    app._got_first_request = False  # Flask takes no route once it has served; this one comes late on purpose.
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = ada.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_strangers_see_only_what_is_public(app: Flask, client: PageClient) -> None:
    for method, path, route in paths(app, changing=False):
        rule = find_rule(app.view_functions[route.endpoint])
        assert rule is not None
        answer = client.open(path, method=method)
        if rule.audience == "public":
            assert answer.status_code in (200, 302, 404), path
        elif path.startswith("/api/"):
            assert answer.status_code == 401, path
        else:
            assert answer.status_code == 302, path
            assert answer.location.startswith("/sign-in"), path


def test_members_are_kept_out_of_what_is_for_administrators(app: Flask, ana: PageClient) -> None:
    closed = [
        (method, path)
        for changing in (False, True)
        for method, path, route in paths(app, changing=changing)
        if getattr(find_rule(app.view_functions[route.endpoint]), "audience", None) == "admin"
    ]
    assert closed
    for method, path in closed:
        assert ana.open(path, method=method).status_code == 403, path


def test_nothing_changes_without_the_token_of_a_form(app: Flask, ada: PageClient) -> None:
    for method, path, route in paths(app, changing=True):
        answer = ada.open(path, method=method, data={"csrf_token": "made up"})
        assert answer.status_code == 400, f"{method} {path} ({route.endpoint})"


def test_a_stranger_who_posts_is_told_that_nothing_was_saved(app: Flask, client: PageClient) -> None:
    answer = client.post("/account/password", data={"current": "x"})
    assert answer.status_code == 401
    assert "nothing was saved" in answer.text


def test_every_page_carries_the_headers_and_is_well_formed(app: Flask, ada: PageClient) -> None:
    """The checks themselves are the client's, on each answer."""
    opened = {path: ada.open(path, method=method).status_code for method, path, _ in paths(app, changing=False)}
    assert list(opened.values()).count(200) > 5
    assert not [path for path, status in opened.items() if status >= 500]


if __name__ == "__main__":
    application = create_app(Settings(graph=GraphSettings(data_dir=Path(os.devnull)), secret_key="only for tests"))
    LIST.write_text("\n".join(list_routes(application)) + "\n")
