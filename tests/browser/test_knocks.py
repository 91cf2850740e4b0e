"""Many knocks in a real browser: from the headline to the row by the keyboard, on a phone and on a desktop."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from crm.config import Settings
from crm.graph.driver import Store
from crm.services import passwords
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.web.conftest import PASSWORD, add_people, make_app
from tests.worked_knocks import import_example

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}
YEAR = "as_of=2026-12-31"


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    """The application with the worked example, served to browsers."""
    import_example(db)
    add_people(db, passwords.hash_password(PASSWORD))
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as address:
        yield address


@pytest.fixture(params=list(SIZES))
def visit(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visit]:
    """A browser in which a member is signed in."""
    with visiting(chromium, address, email="ana@college.example", size=SIZES[request.param]) as visit:
        yield visit


def test_from_the_headline_to_what_was_missing_by_the_keyboard(visit: Visit) -> None:
    visit.open(f"/knocks?{YEAR}")
    page = visit.page
    expect(page.locator("h1")).to_have_text("2 of 5 knocks were redundant")
    page.locator("#classes").get_by_role("link", name="Redundant").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("1 business with a redundant knock")
    page.get_by_role("link", name="Acme Tool Inc").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("5 knocks on Acme Tool Inc")
    mark = page.get_by_role("link", name="Jan 20, 2026: College, redundant")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#knock-2$"))
    knock = page.locator("#knock-2:target")
    expect(knock).to_contain_text("It would have been coordinated if College and WDB had had a shared lead")
    expect(knock).to_be_in_viewport()
    faults = visit.find_faults("knocks-by-keyboard")
    assert not faults, "\n".join(faults)
