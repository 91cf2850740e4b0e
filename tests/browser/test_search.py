"""Search in a real browser, on a phone and on a desktop: results as one types, with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.config import Settings
from crm.graph.driver import Store
from crm.services import passwords
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, visiting
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text
from tests.web.conftest import PASSWORD, add_people, make_app

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}
ACMES = "\n".join(f"College,A{number},Acme Number {number:02d}" for number in range(12))


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    """The application with a small region, served to browsers."""
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    import_text(db, f"agency,source_id,name\n{ACMES}")
    add_people(db, passwords.hash_password(PASSWORD))
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as address:
        yield address


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """A browser in which Ana is signed in. Nothing may go wrong in it, and nothing may break the page's policy."""
    with visiting(chromium, address, email="ana@college.example", size=SIZES[request.param]) as visit:
        visit.open("/search")
        yield visit.page


def test_names_come_as_one_types_and_the_arrows_and_enter_open_one(page: Page) -> None:
    box = page.locator("#search")
    box.press_sequentially("zeat fo", delay=30)
    option = page.locator("#search-options [role=option]").first
    expect(option).to_contain_text("Zeta Foods")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    chosen = option.get_attribute("id")
    assert chosen
    expect(box).to_have_attribute("aria-activedescendant", chosen)
    box.press("Enter")
    page.wait_for_url("**/businesses/b*")
    expect(page.locator("h1")).to_have_text("Zeta Foods")


def test_enter_alone_opens_all_results(page: Page) -> None:
    box = page.locator("#search")
    box.press_sequentially("acme", delay=30)
    box.press("Enter")
    page.wait_for_url("**/search?q=acme")
    expect(page.locator("tbody th a").first).to_have_text("Acme Tool Inc")
    expect(page.locator("#search")).to_have_value("acme")
    expect(page.get_by_text("1–13 of 13")).to_be_visible()


def test_the_last_lines_lead_to_all_results_and_to_adding(page: Page) -> None:
    box = page.locator("#search")
    box.press_sequentially("acme", delay=30)
    expect(page.locator("#search-options [role=option]")).to_have_count(10)
    box.press("ArrowUp")
    expect(page.locator("#search-options [role=option]").last).to_have_attribute("aria-selected", "true")
    expect(page.locator("#search-options [role=option]").last).to_contain_text("Log a first contact with “acme”")
    box.press("ArrowUp")
    box.press("Enter")
    page.wait_for_url("**/search?q=acme")


def test_escape_closes_the_list_and_leaves_what_was_typed(page: Page) -> None:
    box = page.locator("#search")
    box.press_sequentially("acme", delay=30)
    expect(page.locator("#search-options [role=option]").first).to_be_visible()
    box.press("Escape")
    expect(page.locator("#search-options [role=option]")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("acme")


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    for path in ("/search", "/search?q=acme", "/search?q=silva&kind=people", "/search?q=qqqq", "/search?place=x"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_form_of_a_contact_takes_the_business_that_is_picked(page: Page, db: Store) -> None:
    import_text(db, "agency,program\nHarbor College,Nursing")
    page.goto("/log")
    page.locator("#business_id-text").press_sequentially("zeta fods", delay=30)
    page.locator("#business_id-options [role=option]").first.click()
    expect(page.locator("#business_id-text")).to_have_value("Zeta Foods")
    assert page.locator("input[type=hidden][name=business_id]").input_value().startswith("b")


def test_the_slash_key_leads_to_the_box_from_anywhere(page: Page) -> None:
    page.locator("body").press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("omega")
    expect(page.locator("#search-options [role=option]").first).to_contain_text("Omega Plastics")


def test_a_form_says_who_is_known_already_until_one_of_them_is_chosen(page: Page, db: Store) -> None:
    import_text(db, "agency,program,system\nHarbor College,Welding,education")
    page.goto("/log")
    box, note = page.locator("#business_id-text"), page.locator("#business_id-known")
    box.press_sequentially("zeta foods", delay=20)
    expect(note).to_contain_text("1 agency already knows Zeta Foods")
    page.locator("#new_person").press_sequentially("Ana Silva", delay=20)
    expect(page.locator("#new_person-known")).to_contain_text("already knows Ana Silva (Acme Tool Inc)")
    box.fill("zeta food")
    box.press("s")
    page.locator("#business_id-options [role=option]").first.click()
    expect(note).to_be_empty()
    expect(page.locator("#business_id")).not_to_have_value("")
