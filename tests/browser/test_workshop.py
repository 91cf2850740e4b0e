"""A whole workshop: a facilitator with the wall, a member and a guest on phones, a network that fails for a while."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.config import Settings
from crm.graph import workshops
from crm.graph.driver import Store
from crm.services import accounts
from crm.services.workshop_figures import Room, open_room
from crm.services.workshops import PLACES, STEPS
from tests.browser.audits import find_barriers, find_wide
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.conftest import empty_graph
from tests.web.conftest import PASSWORD, make_app
from tests.workshop_worlds import AGENCIES, BUSINESS_NAMES, find_names, import_three_knocks

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADA, ANA = "ada@board.example", "ana@college.example"
# A phone asks every three seconds where the room is.
SOON = 15_000


@pytest.fixture
def address(embedded_store: Store, serve: Serve) -> Iterator[str]:
    """Where an administrator and a member of another agency may sign in, and three knocks are known."""
    empty_graph(embedded_store)
    accounts.add_first_administrator(
        embedded_store, email=ADA, agency="Workforce Board", password=PASSWORD, name="Ada Bird"
    )
    accounts.add_user(embedded_store, email=ANA, agency="Harbor College", password=PASSWORD, name="Ana Ruiz")
    import_three_knocks(embedded_store)
    with serve(make_app(Settings(graph=embedded_store.settings, secret_key="only for tests"), embedded_store)) as found:
        yield found


@pytest.fixture
def people(chromium: Browser, address: str) -> Iterator[tuple[Visit, Visit, Visit]]:
    """The facilitator's screen, and the phones of a member and of a guest."""
    with ExitStack() as stack:
        ada = stack.enter_context(visiting(chromium, address, email=ADA, size=DESKTOP))
        ana = stack.enter_context(visiting(chromium, address, email=ANA, size=PHONE))
        gus = stack.enter_context(visiting(chromium, address, size=PHONE))
        yield ada, ana, gus


def test_a_whole_workshop(people: tuple[Visit, Visit, Visit], embedded_store: Store) -> None:
    ada, ana, gus = people
    id = start(ada.page)
    room = lambda: open_room(embedded_store, id)  # noqa: E731
    lead = ada.page.url
    look(ada.page)

    wall = ada.page
    wall.get_by_role("link", name="Open the wall").click()
    expect(wall.locator(".slide:visible h2")).to_have_text("Welcome")
    for phone, said in ((ana, {}), (gus, {"Your name": "Gus", "Your agency": "harbor college"})):
        join(phone.page, workshops.get_workshop(embedded_store, id).code, said)
    expect(wall.get_by_text("2 people here, 1 of 3 agencies")).to_be_visible(timeout=SOON)
    for page in (wall, ana.page, gus.page):
        look(page)

    press(wall, "ArrowRight", "Guess first")
    for phone in (ana.page, gus.page):
        expect(phone.get_by_role("heading", name="Guess first")).to_be_visible(timeout=SOON)
        look(phone)
    guess(ana.page, knocks="4", redundant="3", shared="50", hours="2")
    expect(ana.page.locator("[data-note]")).to_have_text("Saved.")

    # The network fails for everybody but Ana: the wall goes on, and what Gus says is kept on the phone.
    for visit in (ada, gus):
        fail(visit, id)
    guess(gus.page, knocks="77", redundant="7", shared="10", hours="9")
    expect(gus.page.locator("[data-note]")).to_contain_text("kept on this phone")
    press(wall, " ", "Then see")
    press(wall, "ArrowRight", "Many tables")
    press(wall, "PageUp", "Then see")
    expect(wall.locator("[data-note]")).to_contain_text("The wall goes on")
    assert workshops.get_workshop(embedded_store, id).step == PLACES["guess"]
    assert len(room().list_entries("guess")) == 1
    # The wall comes back first, so that the guess of Gus is late.
    ada.window.context.set_offline(False)
    expect(ana.page.get_by_role("heading", name="Then see")).to_be_visible(timeout=SOON)
    gus.window.context.set_offline(False)
    expect(gus.page.locator("[data-note]")).to_have_text(re.compile(r"Saved\.|The network is back\."), timeout=SOON)
    assert workshops.get_workshop(embedded_store, id).step == PLACES["own"]
    guesses = {entry.by_name: entry.data for entry in room().list_entries("guess")}
    assert (guesses["Ana Ruiz"]["late"], guesses["Gus"]["late"], guesses["Gus"]["sure"]) == (False, True, False)

    # Each agency sees its own numbers now, and the wall shows masks alone.
    own = ana.page.locator("[data-part=own] tbody tr").nth(1)
    expect(own.locator("td")).to_have_text(["3", "1"], timeout=SOON)
    expect(gus.page.locator("[data-part=own]")).to_contain_text("once a member of it shows them")
    letter = room().masks.mask(room().present[0])
    expect(wall.locator("[data-part=own] tbody th").filter(has_text=letter)).to_be_visible(timeout=SOON)
    for page in (wall, ana.page, gus.page):
        assert find_names(page.content(), (*AGENCIES, *BUSINESS_NAMES)) == []
        look(page)

    # A member shows the name: the wall and the guest of the same agency read it.
    ana.page.get_by_role("button", name="Show our name and figures").click()
    expect(ana.page.locator(".answer")).to_contain_text("reads your agency's name")
    expect(wall.locator("[data-part=own]")).to_contain_text("Harbor College", timeout=SOON)
    expect(gus.page.locator("[data-part=own] tbody tr").nth(1).locator("td")).to_have_text(["7", "1"], timeout=SOON)

    for title in ("Many tables", "Many knocks", "Alone or together", "What if", "What we agree on"):
        press(wall, "ArrowRight", title)
        look(wall)
    expect(wall.get_by_text("1 of 3 knocks was redundant").first).to_be_attached()

    # A decision, with a dissent, becomes a proposed agreement.
    board = ada.window.context.new_page()
    board.goto(lead)
    decide(board, room())
    expect(ana.page.get_by_text("One lead for the machine shops.").first).to_be_visible(timeout=SOON)
    dissent(ana.page, "Our trustees have not seen it.")
    expect(wall.locator("[data-part=agree]")).to_contain_text("Our trustees have not seen it.", timeout=SOON)
    look(wall)
    look(ana.page)
    expect(board.get_by_text("must show its name first")).to_be_visible()
    board.get_by_role("link", name="Your own page").click()
    board.get_by_role("button", name="Show our name and figures").click()
    board.goto(lead)
    board.get_by_role("button", name="Propose as an agreement").click()
    expect(board.get_by_text("proposed as an agreement: 0 of 2 have signed").first).to_be_visible()
    look(board)

    # The pack, and the end.
    board.get_by_role("link", name="The pack").click()
    with board.expect_download() as found:
        board.get_by_role("link", name="PDF").click()
    assert found.value.path().read_bytes().startswith(b"%PDF")
    board.goto(lead)
    board.get_by_role("button", name="End the workshop").click()
    expect(board.get_by_role("heading", name="What has become of it")).to_be_visible()
    look(board)
    for visit in people:
        visit.window.faults[:] = [fault for fault in visit.window.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def start(page: Page) -> str:
    page.goto("/workshops")
    page.get_by_role("link", name="Start a workshop").first.click()
    page.get_by_label("How many agencies will come").fill("3")
    look(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("All sectors")
    return page.url.split("/")[-1]


def join(page: Page, code: str, said: dict[str, str]) -> None:
    page.goto("/workshops/join")
    page.get_by_label("Code").fill(code.upper())
    for label, text in said.items():
        page.get_by_label(label).fill(text)
    look(page)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def press(wall: Page, key: str, title: str) -> None:
    wall.keyboard.press(key)
    expect(wall.locator(".slide:visible h2")).to_have_text(title)
    place = next(place for place, step in enumerate(STEPS, 1) if step.title == title)
    expect(wall.locator("[data-count]")).to_have_text(f"{place} of {len(STEPS)}")
    expect(wall.locator("[data-timer]")).to_have_text(re.compile(r"\d+:\d\d left"))


def guess(page: Page, **numbers: str) -> None:
    for name, number in numbers.items():
        page.locator(f"[name={name}]").fill(number)
    page.get_by_role("button", name="Keep my guess").click()


def fail(visit: Visit, id: str) -> None:
    """Cut the visitor's network; that the browser tells of it on the console is no fault."""
    base = f"{visit.window.address}/workshops/{id}"
    visit.window.expected |= {f"{base}/{end}" for end in ("state", "step", "guess", "wall", "me")}
    visit.window.context.set_offline(True)


def decide(page: Page, room: Room) -> None:
    page.get_by_label("What is decided").fill("One lead for the machine shops.")
    form = page.locator("form[action$='/decisions']")
    own = next(id for id in room.masks.agencies if room.masks.names[id] == "Workforce Board")
    for name in (room.masks.call(own), "Harbor College"):
        form.get_by_label(name, exact=True).check(force=True)
    form.get_by_label("From when").fill(date.today().isoformat())
    form.get_by_label("Looked at again on").fill((date.today() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#answers")).to_contain_text("The decision stands on the wall")


def dissent(page: Page, why: str) -> None:
    page.get_by_label("I dissent").check(force=True)
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("[data-note]")).to_have_text("Saved.")


def look(page: Page) -> None:
    """Nothing stands in anybody's way, and nothing is wider than the screen."""
    faults = [*find_barriers(page), *find_wide(page)]
    assert not faults, "\n".join(faults)
