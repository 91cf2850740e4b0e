"""What several processes must agree on, with the product run as it is run: `crm serve`, three workers (promise A6)."""

import http.client
import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from crm.graph.driver import Store
from tests.serving import Server, serving
from tests.web.conftest import PASSWORD, add_people

pytestmark = pytest.mark.slow


class Browser:
    """Just enough of one: keeps the cookie, finds the token of a form."""

    def __init__(self, server: Server) -> None:
        self.address = urlsplit(server.url).netloc
        self.cookie = ""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields or {}), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if (cookie := answer.getheader("Set-Cookie", "")).startswith("crm="):
            self.cookie = cookie.partition(";")[0]
        return answer.status, dict(answer.getheaders()), text

    def token(self, path: str = "/sign-in") -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", path)[2])
        assert found is not None
        return found[1]


def sign_in(server: Server, password: str = PASSWORD) -> tuple[Browser, int]:
    browser = Browser(server)
    fields = {"csrf_token": browser.token(), "email": "ana@college.example", "password": password}
    return browser, browser.ask("POST", "/sign-in", fields)[0]


def test_of_forty_tries_at_once_at_three_workers_the_limit_lets_exactly_five_through_even_after_a_restart(
    db: Store, engine_env: dict[str, str], password_hash: str, tmp_path: Path
) -> None:
    add_people(db, password_hash)
    env = {**engine_env, "CRM_SIGN_IN_LIMIT_ACCOUNT": "5 per 10 minutes"}
    with serving(env, tmp_path, "--workers", "3") as server:
        browser = Browser(server)
        fields = {"csrf_token": browser.token(), "email": "ana@college.example", "password": "wrong password"}

        def attempt(_: int) -> tuple[int, dict[str, str]]:
            return browser.ask("POST", "/sign-in", fields)[:2]

        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(attempt, range(40)))
        assert Counter(status for status, _ in answers) == {401: 5, 429: 35}, server.log.read_text()
        assert all(0 < int(headers["Retry-After"]) <= 600 for status, headers in answers if status == 429)
    with serving(env, tmp_path, "--workers", "2") as server:
        assert sign_in(server)[1] == 429


def test_a_session_is_known_to_every_worker_and_ended_in_all_of_them(
    db: Store, engine_env: dict[str, str], password_hash: str, tmp_path: Path
) -> None:
    add_people(db, password_hash)
    with serving(engine_env, tmp_path, "--workers", "3", "--threads", "1") as server:
        browser, status = sign_in(server)
        assert status == 302
        copied = browser.cookie
        with ThreadPoolExecutor(6) as pool:
            seen = [status for status, _, _ in pool.map(lambda _: browser.ask("GET", "/account"), range(18))]
        assert seen == [200] * 18
        browser.ask("POST", "/sign-out", {"csrf_token": browser.token("/account")})
        thief = Browser(server)
        thief.cookie = copied

        def steal(_: int) -> int:
            thief.cookie = copied
            return thief.ask("GET", "/api/v1/me")[0]

        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(steal, range(18))) == [401] * 18


def test_on_a_fresh_graph_the_server_prints_where_the_first_administrator_is_created(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    with serving(engine_env, tmp_path) as server:
        printed = re.search(r"(/setup\?code=[0-9a-z]{10})\n", server.log.read_text())
        assert printed is not None
        assert Browser(server).ask("GET", printed[1])[0] == 200


def test_the_log_of_a_server_is_json_and_holds_no_password(
    db: Store, engine_env: dict[str, str], password_hash: str, tmp_path: Path
) -> None:
    add_people(db, password_hash)
    canary = "canary 7f3a9 canary"
    with serving(engine_env, tmp_path) as server:
        assert sign_in(server, canary)[1] == 401
        browser, status = sign_in(server)
        assert status == 302
        browser.ask("POST", "/account/password", {"csrf_token": browser.token("/account"), "current": canary})
        assert Browser(server).ask("POST", "/sign-in", {"csrf_token": canary, "password": canary})[0] == 400
    text = server.log.read_text()
    assert canary not in text
    events = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {"signed in", "form refused"} <= {event["event"] for event in events}
