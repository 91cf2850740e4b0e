"""Planning one joint visit in a browser: from the business that nobody reaches to the light of others, and back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from crm.config import Settings
from crm.graph.driver import Store
from crm.services import passwords
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.factories import import_text
from tests.web.conftest import PASSWORD, add_people, make_app

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}
FILES = (
    "agency,program\nHarbor College,Welding\nWorkforce Board,Training\nPort Authority,Docks\n",
    """
agency,source_id,name,naics,employees,county
Workforce Board,B1,Acme Tool Inc,332710,50,Winnebago
Workforce Board,B2,Cove Foods,311811,300,Cook
""",
    f"""
agency,source_id,date,program,business,channel,purpose,reached
Workforce Board,W1,{date.today() - timedelta(days=40)},Training,B1,visit,needs,yes
""",
)


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    """A region in which nobody reaches Cove Foods, served to browsers."""
    for text in FILES:
        import_text(db, text)
    add_people(db, passwords.hash_password(PASSWORD))
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as address:
        yield address


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_from_the_untouched_business_to_the_light_of_others_and_back(
    address: str, chromium: Browser, size: tuple[int, int]
) -> None:
    with (
        visiting(chromium, address, email="ana@college.example", size=size) as ana,
        visiting(chromium, address, email="eve@port.example", size=size) as eve,
    ):
        ana.open("/coverage")
        expect(ana.page.locator("h1")).to_have_text(
            "Together 1 of 2 businesses are reached; the widest agency alone reaches 1 of 2"
        )
        ana.page.get_by_role("link", name="Plan one joint visit to Cove Foods").click()
        expect(ana.page.locator("h1")).to_have_text("Plan one joint visit")
        expect(ana.page.locator(".lead")).to_have_text("Cove Foods")
        fill(ana)
        ana.page.get_by_role("button", name="Plan the visit").click()
        expect(ana.page.locator("#answers")).to_contain_text("The joint visit is planned for")
        expect(ana.page.locator("#timeline")).to_contain_text("Workforce Board")
        expect(ana.page.locator(".light-panel")).to_contain_text("Clear to call")
        business = ana.page.url
        eve.page.goto(business)
        expect(eve.page.locator(".light-panel")).to_contain_text("Ask first")
        expect(eve.page.locator(".light-panel")).to_contain_text("Ask ada@board.example first")
        assert not ana.find_faults("visit-planned")
        ana.page.set_viewport_size({"width": size[0], "height": size[1]})
        ana.page.get_by_role("button", name="Undo").click()
        expect(ana.page.locator("#answers")).to_contain_text("taken back")
        eve.page.goto(business)
        expect(eve.page.locator(".light-panel")).to_contain_text("Clear to call")


def fill(visit: Visit) -> None:
    """The own program and the day are there already; partner, lead and what about are said."""
    page = visit.page
    expect(page.get_by_label("Welding")).to_be_checked()
    page.get_by_label("Workforce Board: Training").check()
    expect(page.get_by_label("Day")).to_have_value((date.today() + timedelta(days=7)).isoformat())
    page.get_by_label("Who leads").select_option("ada@board.example")
    page.get_by_label("What about").fill("night shift")


def test_what_cannot_be_planned_is_said_beside_the_form(address: str, chromium: Browser) -> None:
    with visiting(chromium, address, email="ana@college.example", size=PHONE) as ana:
        ana.expect_error("/visits/new")
        ana.open("/knocks/untouched")
        ana.page.get_by_role("link", name="Plan one joint visit to Cove Foods").click()
        fill(ana)
        ana.page.get_by_label("Who leads").select_option("eve@port.example")
        ana.page.get_by_role("button", name="Plan the visit").click()
        expect(ana.page.locator(".answer.error")).to_contain_text("Port Authority, which does not come along")
        expect(ana.page.get_by_label("What about")).to_have_value("night shift")
        assert not ana.find_faults("visit-refused")
