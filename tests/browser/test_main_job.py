"""The main job as a person does it, from a fresh installation to a number that changes and changes back.

On the product as it is run, on both engines: `crm serve`, its workers, a browser. Sign in, search and log a contact are
done by the keyboard alone.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visits import DESKTOP
from tests.browser.watching import watched
from tests.serving import Server, serving
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EMAIL = "ada@board.example"
BUSINESSES = """agency,source_id,name,street,city,zip,phone,employees
Workforce Board,B1,Fennatek Machinery Inc,12 Main Street,Rockford,61101,815-555-0134,8
Harbor College,77,FENNATEK MACHINERY,12 Main St.,Rockford,61101,8155550134,
Chamber,C-5,Omega Plastics,9 Oak Avenue,Rockford,61101,,40
"""
# The college's call comes 20 days after the board's, about the same kind of question: one of three knocks is redundant.
CONTACTS = """agency,source_id,date,program,business,channel,purpose
Workforce Board,T1,{0},Training,B1,call,needs
Harbor College,T2,{1},Welding,77,call,needs
Chamber,T3,{2},Membership,C-5,visit,invitation
"""


@pytest.fixture
def server(engine_env: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """A fresh installation: nobody can sign in yet."""
    with serving(engine_env, tmp_path) as server:
        yield server


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """What somebody of the region has been sent by three agencies."""
    days = [(date.today() - timedelta(days=ago)).isoformat() for ago in (60, 40, 35)]
    businesses, contacts = tmp_path / "businesses.csv", tmp_path / "contacts.csv"
    businesses.write_text(BUSINESSES)
    contacts.write_text(CONTACTS.format(*days))
    return [businesses, contacts]


def test_from_a_fresh_installation_to_a_contact_that_changes_the_numbers_and_back(
    server: Server, files: list[Path], chromium: Browser
) -> None:
    with watched(chromium, server.url, DESKTOP) as window:
        page = window.context.new_page()
        set_up(page)
        sign_out(page)
        sign_in(page)
        bring(page, files)
        expect_knocks(page, "1 of 3 knocks was redundant")
        find_fennatek(page)
        expect(page.locator(".light-panel")).to_contain_text("Clear to call")
        log_visit(page)
        expect(page.locator(".light-panel")).to_contain_text("Hold")
        expect(page.locator("#timeline li").filter(has_text="apprentices")).to_be_visible()
        # In another tab, because the page of the business has the button that takes the contact back.
        other = window.context.new_page()
        expect_knocks(other, "2 of 4 knocks were redundant")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#answers")).to_contain_text("taken back")
        expect(page.locator(".light-panel")).to_contain_text("Clear to call")
        expect_knocks(other, "1 of 3 knocks was redundant")


def set_up(page: Page) -> None:
    """Create the first administrator."""
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Welcome")
    page.get_by_label("Your name").fill("Ada Board")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Agency").fill("Workforce Board")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    expect(page.locator("h1")).to_have_text("Hello, Ada Board")
    expect(page.get_by_text("No contacts yet")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_text("Your menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")


def sign_in(page: Page) -> None:
    """By the keyboard: the first field has the focus when the page opens."""
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(EMAIL)
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Hello, Ada Board")


def bring(page: Page, files: list[Path]) -> None:
    """Upload the files, look at what they will do, and import them."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Import").click()
    page.get_by_label("Files to look at").set_input_files(files)
    page.get_by_role("button", name="Look at the files").click()
    expect(page.locator("h1")).to_have_text("What these files will do", timeout=30_000)
    expect(page.get_by_text("6 rows will go in")).to_be_visible()
    expect(page.get_by_text("2 new agencies")).to_be_visible()
    page.get_by_role("button", name="Import 6 rows").click()
    # The page of the progress loads itself again when the job is done.
    expect(page.locator("h1")).to_have_text("Imported", timeout=60_000)
    expect(page.locator(".totals .new b")).to_have_text(["3", "3"])
    expect(page.locator(".totals .refused b")).to_have_text(["0", "0"])


def expect_knocks(page: Page, headline: str) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Many knocks").click()
    expect(page.locator("h1")).to_have_text(headline)


def find_fennatek(page: Page) -> None:
    """By the keyboard, and with a slip."""
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("fenatek machnery")
    first = page.locator("#search-options [role=option]").first
    expect(first).to_contain_text("Fennatek Machinery", ignore_case=True)
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/businesses/*")
    expect(page.locator("h1")).to_have_text(re.compile("fennatek machinery", re.IGNORECASE))


def log_visit(page: Page) -> None:
    """By the keyboard: the key l leads to the form of the business that one looks at."""
    page.keyboard.press("l")
    expect(page.locator("h1")).to_have_text("Log a contact")
    expect(page.locator(".lead")).to_have_text(re.compile("fennatek machinery", re.IGNORECASE))
    tab_to(page, page.get_by_label("Call", exact=True))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Visit", exact=True)).to_be_checked()
    tab_to(page, page.get_by_label("Their needs"))
    page.keyboard.press("Space")
    expect(page.get_by_label("Their needs")).to_be_checked()
    # The board has one program, which is chosen already.
    expect(page.get_by_label("Training")).to_be_checked()
    tab_to(page, page.get_by_label("Topics"))
    page.keyboard.type("apprentices")
    tab_to(page, page.get_by_role("button", name="Save", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#answers")).to_contain_text("The contact is logged")


def tab_to(page: Page, target: Locator, most: int = 40) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    expect(target).to_be_visible()
    for _ in range(most):
        if target.evaluate("part => part === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by {most} presses of Tab")
