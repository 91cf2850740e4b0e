"""Every page of the application in a browser: at the width of a phone and a desktop, in the light and dark theme.

Nothing breaks the policy or fails on the console, nothing is asked of another host, axe finds no barrier, nothing is
wider than the screen, and nothing is lost on paper.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from crm.graph.driver import Store
from tests.browser.audits import find_barriers, find_wide
from tests.browser.conftest import Serve
from tests.browser.places import ERROR_PAGES, NO_PAGES, PAGES, STRANGERS_PAGES, list_get_routes
from tests.browser.regions import ADMIN, make_region
from tests.browser.visits import DESKTOP, PHONE, Size, Visit, visiting
from tests.conftest import empty_graph

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADDRESSES = {name: address for group in PAGES.values() for name, address in group.items()}
MENUS = [(DESKTOP, ".topbar .menu"), (PHONE, ".topbar .menu"), (PHONE, ".bottombar .menu")]
ERROR_ADDRESSES = {name: address for group in ERROR_PAGES.values() for name, address in group.items()}
Region = tuple[str, dict[str, str]]


@pytest.fixture(scope="module")
def region(embedded_store: Store, serve: Serve) -> Iterator[Region]:
    """The address of the served region, and the ids of what its pages are about."""
    empty_graph(embedded_store)
    app, ids = make_region(embedded_store)
    with serve(app) as address:
        yield address, ids


@pytest.fixture(scope="module")
def mina(chromium: Browser, region: Region) -> Iterator[Visit]:
    """The administrator, signed in."""
    address, ids = region
    with visiting(chromium, address, email=ADMIN, ids=ids) as visit:
        yield visit


def test_every_route_is_a_page_that_is_opened_here_or_no_page() -> None:
    opened = [*PAGES, *ERROR_PAGES, *STRANGERS_PAGES, *NO_PAGES]
    assert len(opened) == len(set(opened))
    assert set(opened) == list_get_routes()


@pytest.mark.parametrize("route", NO_PAGES)
def test_what_is_not_looked_at_is_no_page(mina: Visit, route: str) -> None:
    answer = mina.page.request.get(NO_PAGES[route].format_map(mina.ids), max_redirects=0)
    assert answer.status in (200, 302), answer.text()
    assert "<main" not in answer.text()


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_stands_at_two_widths_in_two_themes_and_on_paper(mina: Visit, name: str) -> None:
    assert mina.open(ADDRESSES[name]) == 200
    faults = mina.find_faults(name)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", ERROR_ADDRESSES)
def test_an_error_page_stands_as_well(mina: Visit, name: str) -> None:
    mina.expect_error(ERROR_ADDRESSES[name])
    assert mina.open(ERROR_ADDRESSES[name]) == int(name.removeprefix("error-"))
    faults = mina.find_faults(name)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("size", "menu"), MENUS)
def test_a_menu_of_the_frame_stands_when_it_is_open(mina: Visit, size: Size, menu: str) -> None:
    mina.open("/account")
    mina.page.set_viewport_size({"width": size[0], "height": size[1]})
    mina.page.locator(f"{menu} > summary").click()
    expect(mina.page.locator(f"{menu} .menu-panel")).to_be_visible()
    faults = [*find_barriers(mina.page), *find_wide(mina.page)]
    assert not faults, "\n".join(faults)
