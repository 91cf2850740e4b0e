"""The page on quality in a real browser: figures on a phone and on a desktop, sliders that show before anything is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from crm.config import Settings
from crm.graph import thresholds
from crm.graph.driver import Store
from crm.services import passwords
from crm.services.surveys import take_survey
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.quality_worlds import answer_checks, make_quality_world
from tests.web.conftest import PASSWORD, add_people, make_app

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    """The application with a region whose pairs are drawn and answered, served to browsers."""
    make_quality_world(db)
    take_survey(db, "business")
    answer_checks(db, most=45)
    add_people(db, passwords.hash_password(PASSWORD))
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as address:
        yield address


@pytest.fixture(params=list(SIZES))
def visit(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visit]:
    """A browser in which the administrator is signed in."""
    with visiting(chromium, address, email="ada@board.example", size=SIZES[request.param]) as visit:
        yield visit


def test_the_pages_stand(visit: Visit) -> None:
    faults: list[str] = []
    for name, path in (
        ("quality", "/quality"),
        ("quality-empty", "/quality?kind=person"),
        ("quality-pairs", "/quality/pairs"),
        ("quality-trial", "/quality/thresholds?join=400&ask=-400"),
        ("quality-check", "/review/next?only=checks"),
    ):
        assert visit.open(path) == 200
        faults += visit.find_faults(name)
    assert not faults, "\n".join(faults)


def test_the_slider_shows_what_would_change_and_changes_nothing(visit: Visit, db: Store) -> None:
    page = visit.page
    visit.open("/quality")
    slider = page.get_by_label("Taken for one from")
    assert slider.get_attribute("type") == "range"
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#trial")).to_contain_text("Taken for one from 150 points")
    page.keyboard.press("End")
    expect(page.locator("#trial")).to_contain_text("Taken for one from 400 points")
    expect(page.locator("#trial")).to_contain_text("would part")
    faults = visit.find_faults("quality-slider")
    assert not faults, "\n".join(faults)
    assert thresholds.find_in_force(db, "business") is None
    page.get_by_role("button", name="Set these thresholds").click()
    expect(page.locator("#answers")).to_contain_text("These thresholds are set")
    assert thresholds.find_in_force(db, "business") is not None
