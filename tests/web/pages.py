"""A test client that checks every page it opens: a title, the policy, unique ids, form tokens, nothing inline.

Tests ask for it with the `client` fixture (nobody signed in) and `sign_in`, and read pages with `soup`.
"""

import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.graph import sessions, users
from crm.services import accounts
from crm.views.headers import POLICY


def soup(response: TestResponse) -> BeautifulSoup:
    """The page as parsed HTML."""
    return BeautifulSoup(response.text, "html.parser")


def words(response: TestResponse) -> str:
    """What a reader reads on the page, on one line."""
    return " ".join(soup(response).get_text(" ").split())


def form_token(response: TestResponse) -> str:
    """The token of the first form on the page that posts."""
    return str(soup(response).select_one("form[method=post] input[name=csrf_token]")["value"])  # type: ignore[index]


class PageClient(FlaskClient):
    """Checks each answer, and knows how to sign in and how to send a form as a browser does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        check_answer(response)
        return response

    def sign_in(self, email: str) -> None:
        """Be signed in as this user, without the 0.2 s that a password takes."""
        db = self.application.extensions["crm.db"]
        user = users.get_user(db, email)
        token = f"token-of-{user.id}-{accounts.secrets.token_hex(8)}"
        sessions.add_session(db, user.id, token, now=accounts.now(), device="Firefox on a test")
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = token

    def send(self, path: str, *, page: str = "", **fields: Any) -> TestResponse:
        """Post a form: its token comes from the page that it stands on (`page`, else the same path)."""
        token = form_token(self.get(page or path))
        return self.post(path, data={"csrf_token": token, **fields})


def check_answer(response: TestResponse) -> None:
    headers = response.headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    if response.request.path.startswith("/static/"):
        return
    assert headers["Cache-Control"] == "no-store"
    if response.mimetype == "text/html" and response.text and not 300 <= response.status_code < 400:
        check_page(response)


def check_page(response: TestResponse) -> None:
    """What holds for every page and for every part of a page that htmx loads."""
    page = soup(response)
    where = response.request.path
    if page.html is not None:
        check_shell(page, where)
    ids = Counter(str(element["id"]) for element in page.select("[id]"))
    assert not [name for name, count in ids.items() if count > 1], f"{where}: an id stands twice"
    for form in page.select("form[method=post], form[hx-post]"):
        token = form.select_one("input[name=csrf_token]")
        assert token is not None, f"{where}: a form without its token"
        assert token["value"], f"{where}: a form with an empty token"
    for script in page.select("script"):
        assert script.get("src"), f"{where}: an inline script"
    assert not page.select("style, [style]"), f"{where}: an inline style"
    for element in page.find_all(True):
        inline = [name for name in element.attrs if name.startswith("on")]
        assert not inline, f"{where}: an inline handler {inline}"
        for name in ("href", "src", "action", "formaction"):
            value = str(element.get(name, ""))
            assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), f"{where}: {name}={value}"
    for control in page.select("input:not([type=hidden]), select, textarea"):
        labelled = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        named = control.get("id") and page.select_one(f'label[for="{control["id"]}"]')
        assert labelled or named, f"{where}: a control without a label: {control}"


def check_shell(page: BeautifulSoup, where: str) -> None:
    assert page.html is not None
    assert page.html.get("lang"), f"{where}: no language"
    title = page.title.get_text(strip=True) if page.title else ""
    assert len(title.split("–")[0].strip()) > 2, f"{where}: no title of its own"
    assert len(page.select("h1")) == 1, f"{where}: {len(page.select('h1'))} h1"
    assert page.select_one("main"), f"{where}: no main"
