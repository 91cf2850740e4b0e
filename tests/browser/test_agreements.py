"""From the problem to a door that two agencies share: what if, keep, sign by two people, and the light follows."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.config import Settings
from crm.graph.driver import Store
from crm.services import accounts
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Size, visiting
from tests.factories import import_text
from tests.web.conftest import PASSWORD, make_app

ANA, EVE = "ana@college.example", "eve@port.example"
TODAY = date.today()


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    accounts.add_first_administrator(db, email=ANA, agency="Harbor College", password=PASSWORD, name="Ana Ruiz")
    accounts.add_user(db, email=EVE, agency="Port Authority", password=PASSWORD, name="Eve Port")
    import_text(
        db,
        """
        agency,source_id,name,city,naics,employees,county,zip
        Harbor College,77,Acme Tool Inc,Rockford,332710,300,Winnebago,61101
        """,
    )
    import_text(
        db,
        f"""
        agency,source_id,date,program,business,channel,purpose,reached,staff
        Harbor College,C1,{days_ago(40)},Welding,77,visit,needs,yes,{ANA}
        Port Authority,P1,{days_ago(20)},Docks,Acme Tool Inc,call,needs,yes,{EVE}
        """,
    )
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as started:
        yield started


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_problem_to_a_shared_door(chromium: Browser, address: str, db: Store, size: Size) -> None:
    business = db.read("MATCH (b:Business {name: 'Acme Tool Inc'}) RETURN b.id AS id")[0]["id"]
    with ExitStack() as stack:
        ana, eve = (
            stack.enter_context(visiting(chromium, address, email=email, size=size)).page for email in (ANA, EVE)
        )
        # The problem: Eve's call came after Ana's visit, and nothing links the two.
        ana.goto("/knocks")
        expect(ana.locator("h1")).to_contain_text("1 of 2 knocks was redundant")
        ana.goto(f"/businesses/{business}")
        expect(ana.locator(".light-panel")).to_contain_text("Ask first")
        # What if.
        ana.goto("/knocks")
        ana.locator("main").get_by_role("link", name="What would a shared lead have saved?").click()
        for name in ("Harbor College", "Port Authority"):
            ana.get_by_label(name).first.check()
        ana.get_by_role("button", name="Try it out").click()
        expect(ana.locator("h1")).to_contain_text("1 of 1 redundant knocks would not have been")
        expect(ana.locator("#rows")).to_contain_text("Acme Tool Inc")
        # Keep it.
        ana.get_by_role("link", name="Keep it as a proposed agreement").click()
        ana.get_by_label("First day").fill(days_ago(30))
        ana.get_by_role("button", name="Propose").click()
        expect(ana.locator("main")).to_contain_text("Proposed")
        # Signed by both, each for themselves.
        sign(ana, "Harbor College")
        expect(ana.locator("#answers")).to_contain_text("It counts when all have signed")
        eve.goto("/agreements")
        eve.get_by_role("link", name="Read and sign").click()
        sign(eve, "Port Authority")
        expect(eve.locator("#answers")).to_contain_text("the agreement is in force")
        expect(eve.locator("#change")).to_contain_text("What has changed since")
        # The door and the light follow.
        ana.goto("/knocks")
        expect(ana.locator("h1")).to_contain_text("0 of 2 knocks were redundant")
        ana.goto(f"/businesses/{business}")
        expect(ana.locator(".light-panel")).to_contain_text("Clear to call")
        expect(ana.locator(".light-panel")).to_contain_text("In your own door")
        # And back: the last signature is taken back where it was given.
        eve.locator("#answers").get_by_role("button", name="Undo").click()
        expect(eve.locator("main")).to_contain_text("Harbor College signed, Port Authority not yet")
        ana.goto("/knocks")
        expect(ana.locator("h1")).to_contain_text("1 of 2 knocks was redundant")


def sign(page: Page, agency: str) -> None:
    page.get_by_role("button", name=f"Sign for {agency}").click()
