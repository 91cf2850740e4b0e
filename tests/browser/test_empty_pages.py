"""Pages before there is anything to show: the first set-up, a stranger's, and those of a region without data."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from crm.config import Settings
from crm.graph.driver import Store
from tests.browser.conftest import Serve
from tests.browser.regions import ADMIN, make_empty_app
from tests.browser.visits import Visit, visiting
from tests.conftest import empty_graph
from tests.web.conftest import make_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# name of the picture -> address, and what the page says will stand there.
EMPTY = {
    "empty-home": ("/", "Nothing promised is due"),
    "empty-businesses": ("/search", "No businesses yet"),
    "empty-people": ("/search?kind=people", "No people yet"),
    "empty-knocks": ("/knocks", "No contacts yet"),
    "empty-asked-twice": ("/knocks/asked-twice", "Nobody was asked twice"),
    "empty-blanks": ("/knocks/blanks", "Nothing had to be assumed"),
    "empty-knocks-businesses": ("/knocks/businesses", "No business fits"),
    "empty-untouched": ("/knocks/untouched", "Every business"),
    "empty-imports": ("/imports", "Nothing imported yet"),
    "empty-review": ("/review", "Nothing to look at"),
    "empty-decisions": ("/review/decisions", "Nothing decided yet"),
    "empty-log": ("/log", "Your agency has no program yet"),
    "empty-agency": ("/agencies/own", "No programs yet"),
    "empty-workshops": ("/workshops", "No workshop yet"),
    "empty-pack": ("/packs", "The region in numbers"),
}


@pytest.fixture(scope="module")
def mina(chromium: Browser, embedded_store: Store, serve: Serve) -> Iterator[Visit]:
    """The administrator of a region in which nothing is known yet."""
    empty_graph(embedded_store)
    with serve(make_empty_app(embedded_store)) as address, visiting(chromium, address, email=ADMIN) as visit:
        yield visit


@pytest.fixture
def stranger(chromium: Browser, mina: Visit) -> Iterator[Visit]:
    """Somebody who is not signed in."""
    with visiting(chromium, mina.window.address) as visit:
        yield visit


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_without_data_says_what_will_stand_there(mina: Visit, name: str) -> None:
    address, said = EMPTY[name]
    assert mina.open(address) == 200
    expect(mina.page.locator("main")).to_contain_text(said)
    faults = mina.find_faults(name)
    assert not faults, "\n".join(faults)


def test_the_page_to_sign_in(stranger: Visit) -> None:
    assert stranger.open("/sign-in") == 200
    faults = stranger.find_faults("sign-in")
    assert not faults, "\n".join(faults)


def test_an_address_that_leads_nowhere(stranger: Visit) -> None:
    stranger.expect_error("/nowhere")
    assert stranger.open("/nowhere") == 404
    faults = stranger.find_faults("nowhere")
    assert not faults, "\n".join(faults)


def test_the_first_set_up(chromium: Browser, embedded_store: Store, serve: Serve) -> None:
    empty_graph(embedded_store)
    app: Flask = make_app(Settings(graph=embedded_store.settings, secret_key="only for tests"), embedded_store)
    with serve(app) as address, visiting(chromium, address) as visit:
        assert visit.open("/setup") == 200
        faults = visit.find_faults("setup")
        assert not faults, "\n".join(faults)
