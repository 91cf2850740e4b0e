"""nginx and gunicorn as deployed, on a real graph: slow clients do not keep the others waiting."""

import http.client
import shutil
import ssl
from collections.abc import Generator
from pathlib import Path

import pytest

from crm.graph.driver import Store
from crm.services import accounts
from tests.deploy.clients import run_normal_clients, slow_clients
from tests.deploy.stack import Stack, run_stack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


@pytest.fixture
def served(db: Store, engine_env: dict[str, str]) -> dict[str, str]:
    """The environment of a graph with a first user, without whom every page leads to the set-up."""
    accounts.add_user(db, email="ana@college.example", agency="Harbor College", password="four plain words here")
    return engine_env


@pytest.fixture
def stack(served: dict[str, str], tmp_path: Path) -> Generator[Stack]:
    with run_stack(tmp_path, served) as running:
        yield running


def test_two_hundred_slow_clients_do_not_keep_fifty_others_waiting(stack: Stack) -> None:
    with slow_clients(stack.port, 200):
        answers = run_normal_clients(stack.port, many=50, requests=8, pause=0.05)
    assert answers.failed == 0, answers.statuses
    assert len(answers.statuses) == 400
    assert answers.percentile(0.5) < 2.0
    assert max(answers.seconds) < 8.0


def test_one_address_cannot_ask_without_end(stack: Stack) -> None:
    answers = run_normal_clients(stack.port, many=40, requests=1, path="/healthz")
    assert answers.failed == 0
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    statuses: list[int] = []
    for _ in range(700):
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    assert statuses[0] == 200
    assert 429 in statuses


def test_a_file_that_is_too_large_is_refused_before_it_reaches_the_application(stack: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    connection.putrequest("POST", "/imports")
    connection.putheader("Content-Length", str(300 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_what_a_client_says_about_its_own_address_is_not_believed(stack: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    connection.request("GET", "/sign-in", headers={"Host": "evil.example", "X-Forwarded-Host": "localhost"})
    assert connection.getresponse().status == 400


def test_with_a_certificate_everybody_is_sent_to_https(served: dict[str, str], tmp_path: Path) -> None:
    with run_stack(tmp_path, served, https=True) as stack:
        plain = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
        plain.request("GET", "/sign-in", headers={"Host": "localhost"})
        sent_on = plain.getresponse()
        assert (sent_on.status, sent_on.getheader("Location")) == (301, "https://localhost/sign-in")
        trusting = ssl.create_default_context(cafile=tmp_path / "conf" / "tls" / "certificate.pem")
        trusting.check_hostname = False
        secure = http.client.HTTPSConnection("127.0.0.1", stack.https_port, timeout=10, context=trusting)
        secure.request("GET", "/sign-in", headers={"Host": "localhost"})
        answer = secure.getresponse()
        assert answer.status == 200
        assert "__Host-crm=" in (answer.getheader("Set-Cookie") or "")
        assert answer.getheader("Strict-Transport-Security")
