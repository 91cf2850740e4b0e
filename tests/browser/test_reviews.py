"""The review in a real browser, on a phone and on a desktop: one key an answer, and the next pair at once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from crm.config import Settings
from crm.graph.driver import Store
from crm.services import jobs, passwords
from crm.services.judgements import judge
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.review_worlds import a_member, find_records, make_contradictions, make_review_world
from tests.web.conftest import PASSWORD, add_people, make_app

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    """The application with pairs to review, served to browsers."""
    make_review_world(db)
    add_people(db, passwords.hash_password(PASSWORD))
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as address:
        yield address


@pytest.fixture(params=list(SIZES))
def visit(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visit]:
    """A browser in which Ana is signed in. Nothing may go wrong in it, and nothing may break the page's policy."""
    with visiting(chromium, address, email="ana@college.example", size=SIZES[request.param]) as visit:
        yield visit


def test_the_queue_is_answered_with_the_keys_alone(visit: Visit, db: Store) -> None:
    page = visit.page
    visit.open("/review/next")
    expect(page.locator("h1")).to_have_text("Are these the same business?")
    expect(page.locator("main")).to_contain_text("Fennatek Machinery Inc")
    expect(page.locator("main")).to_contain_text("2 redundant knocks appear")
    first = page.url
    page.keyboard.press("f")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("#answers")).to_contain_text("two sites of one firm")
    expect(page.locator("main")).to_contain_text("1 of 4 answered")
    expect(page.locator("#waiting")).to_contain_text("1 answer is being worked into")
    jobs.run_all(db)
    expect(page.locator("#waiting")).to_contain_text("All answers are in", timeout=10_000)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(first)
    expect(page.locator("#answers")).to_contain_text("Taken back")


def test_a_letter_typed_into_the_reason_is_no_answer(visit: Visit) -> None:
    page = visit.page
    visit.open("/review/next")
    first = page.url
    page.get_by_text("Say why").click()
    page.get_by_label("Why").press_sequentially("different owners, sadly")
    assert page.url == first
    page.get_by_role("button", name="Different").click()
    page.wait_for_url(lambda url: url != first)
    visit.open("/review/decisions")
    expect(page.locator("main")).to_contain_text("different owners, sadly")


def test_enter_in_the_reason_gives_no_answer(visit: Visit) -> None:
    page = visit.page
    visit.open("/review/next")
    page.get_by_text("Say why").click()
    page.get_by_label("Why").press_sequentially("so far")
    page.get_by_label("Why").press("Enter")
    visit.open("/review/decisions")
    expect(page.locator("main")).to_contain_text("Nothing decided yet")


def test_the_cells_of_a_pair_are_seen_above_the_answers(visit: Visit) -> None:
    visit.open("/review/next")
    cell = visit.page.locator(".diff tbody td").first.bounding_box()
    bar = visit.page.locator(".review-bar").bounding_box()
    assert cell is not None
    assert bar is not None
    assert cell["y"] + 40 < bar["y"]


def test_the_page_of_a_firm_follows_what_is_said_of_it(visit: Visit, db: Store) -> None:
    page, ids = visit.page, find_records(db)
    judge(db, a_member("ana", "College"), left=ids["B1"], right=ids["77"], verdict="firm")
    visit.open("/firms")
    page.locator("tbody th a").first.click()
    expect(page.locator("h1")).to_have_text("Fennatek Machinery")
    size, faults = page.viewport_size, visit.find_faults("firm-said")
    assert not faults, "\n".join(faults)
    page.set_viewport_size(size or {"width": PHONE[0], "height": PHONE[1]})
    page.get_by_role("button", name="is not of this firm").first.click()
    expect(page.locator("main")).to_contain_text("1 decision is being worked in")
    jobs.run_all(db)
    # It loads itself again, and the firm is not there any more.
    page.wait_for_url("**/businesses/*")
    expect(page.locator("main")).not_to_contain_text("A site of")


def test_the_pages_of_the_review_stand(visit: Visit, db: Store) -> None:
    faults: list[str] = []
    for name, path in (("list", "/review"), ("pair", "/review/next"), ("person", "/review/next?kind=person")):
        assert visit.open(path) == 200
        faults += visit.find_faults(f"review-{name}")
    visit.page.keyboard.press("s")
    visit.page.wait_for_url("**/review?kind=person")
    jobs.run_all(db)
    for name, path in (("empty", "/review?kind=person"), ("decisions", "/review/decisions"), ("home", "/")):
        assert visit.open(path) == 200
        faults += visit.find_faults(f"review-{name}")
    assert not faults, "\n".join(faults)


def test_what_contradicts_itself_stands_first(visit: Visit, db: Store) -> None:
    make_contradictions(db)
    assert visit.open("/review/decisions") == 200
    expect(visit.page.locator("main")).to_contain_text("Decisions that contradict each other")
    expect(visit.page.locator("main")).to_contain_text("Two people, two answers")
    faults = visit.find_faults("review-contradictions")
    assert not faults, "\n".join(faults)


def test_two_who_answer_at_once_are_told_apart(chromium: Browser, visit: Visit, address: str, db: Store) -> None:
    """Both have the page; whoever comes second is told, and sees the pair as it is now."""
    visit.open("/review/next")
    pair = visit.page.url
    with visiting(chromium, address, email="eve@port.example") as eve:
        eve.open(pair.removeprefix(address))
        expect(eve.page.locator("main")).to_contain_text("Ana Ruiz is looking at these two just now")
        assert eve.page.locator(".review-bar").count() == 0
        db.write("MATCH (t:ReviewTurn) SET t.until = 0")
        eve.open(pair.removeprefix(address))
        eve.page.get_by_role("button", name="Different").click()
        eve.page.wait_for_url(lambda url: url != pair)
    visit.expect_error(pair.removeprefix(address))
    visit.page.keyboard.press("s")
    expect(visit.page.locator("#conflict")).to_have_text("Somebody else was faster")
    expect(visit.page.locator("main")).to_contain_text("Eve Port")
