"""The web application on a real graph, with users of three agencies, and a client that checks every page.

| who | agency | role |
| --- | --- | --- |
| ada@board.example | Workforce Board | admin |
| ana@college.example | Harbor College | member |
| carl@college.example | Harbor College | member |
| eve@port.example | Port Authority | member |
"""

from dataclasses import replace

import pytest
from flask import Flask

from crm import create_app
from crm.access import Role
from crm.config import Settings
from crm.graph import agencies, users
from crm.graph.driver import Store, Transaction
from crm.services import accounts, passwords
from tests.web.pages import PageClient

PASSWORD = "seven green herons"
PEOPLE: tuple[tuple[str, str, str, Role], ...] = (
    ("ada@board.example", "Ada Board", "Workforce Board", "admin"),
    ("ana@college.example", "Ana Ruiz", "Harbor College", "member"),
    ("carl@college.example", "Carl Ibe", "Harbor College", "member"),
    ("eve@port.example", "Eve Port", "Port Authority", "member"),
)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """One hash for all test users: each would cost 0.2 s."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def settings(db: Store) -> Settings:
    return Settings(graph=db.settings, secret_key="only for tests")


@pytest.fixture
def empty_app(settings: Settings, db: Store) -> Flask:
    """The application on an empty graph: nobody has set it up yet."""
    return make_app(settings, db)


@pytest.fixture
def app(settings: Settings, db: Store, password_hash: str) -> Flask:
    """The application with its users."""
    add_people(db, password_hash)
    return make_app(settings, db)


@pytest.fixture
def client(app: Flask) -> PageClient:
    return open_client(app)


@pytest.fixture
def ana(app: Flask) -> PageClient:
    """A browser in which Ana of Harbor College, a member, is signed in."""
    return open_client(app, "ana@college.example")


@pytest.fixture
def eve(app: Flask) -> PageClient:
    """The same for Eve of the Port Authority, a member of another agency."""
    return open_client(app, "eve@port.example")


@pytest.fixture
def ada(app: Flask) -> PageClient:
    """The same for Ada of the Workforce Board, the administrator."""
    return open_client(app, "ada@board.example")


def make_app(settings: Settings, db: Store, **changes: object) -> Flask:
    app = create_app(replace(settings, **changes), db=db)  # type: ignore[arg-type]
    app.test_client_class = PageClient
    app.config["TESTING"] = False  # An error becomes its page, as it does for a visitor.
    return app


def open_client(app: Flask, email: str | None = None) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    if email is not None:
        client.sign_in(email)
    return client


def add_people(db: Store, password_hash: str) -> None:
    def work(tx: Transaction) -> None:
        agencies.add_agencies(tx, sorted({agency for _, _, agency, _ in PEOPLE}))
        for email, name, agency, role in PEOPLE:
            users.add_user(
                tx,
                email=email,
                name=name,
                role=role,
                agency_id=agencies.agency_id(agency),
                password_hash=password_hash,
                now=accounts.now(),
            )

    db.transact(work)
