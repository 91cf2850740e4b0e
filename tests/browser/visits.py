"""A visit to every page: opened once, then held at two widths and in two themes against what holds for all pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.audits import find_barriers, find_cut, find_wide, unfolded
from tests.browser.watching import Watched, watched
from tests.web.conftest import PASSWORD

Size = tuple[int, int]
PHONE, DESKTOP = (390, 844), (1280, 800)
PICTURES = Path(__file__).parent.parent.parent / "artifacts" / "screenshots"
# The rules that a theme can break.
COLOURS = ("color-contrast",)


@dataclass(frozen=True)
class Visit:
    """A page in a watched window; `ids` are of the region's things, for addresses such as `/people/{person}`."""

    window: Watched
    page: Page
    ids: dict[str, str] = field(default_factory=dict)

    def open(self, address: str) -> int:
        """The status of the answer."""
        answer = self.page.goto(address.format_map(self.ids))
        assert answer is not None
        return answer.status

    def expect_error(self, address: str) -> None:
        """That this page's status is an error is no fault."""
        self.window.expected.add(self.window.address + address.replace(" ", "%20"))

    def find_faults(self, picture: str) -> list[str]:
        """All that is wrong with the page as it stands. A picture of it at each width is kept under this name."""
        faults = [*self._look(DESKTOP, picture), *self._look(PHONE, picture)]
        faults += [f"on paper: {fault}" for fault in find_cut(self.page)]
        faults += self.window.faults
        self.window.faults.clear()
        return faults

    def _look(self, size: Size, picture: str) -> Iterator[str]:
        page, width = self.page, size[0]
        page.set_viewport_size({"width": width, "height": size[1]})
        page.screenshot(path=PICTURES / f"{picture}-{width}.png", full_page=True)
        yield from (f"at {width}: {fault}" for fault in find_wide(page))
        with unfolded(page):
            yield from (f"at {width}, unfolded: {fault}" for fault in (*find_wide(page), *find_barriers(page)))
            page.emulate_media(color_scheme="dark")
            yield from (f"at {width}, dark: {fault}" for fault in find_barriers(page, COLOURS))
            page.emulate_media(color_scheme="light")


@contextmanager
def visiting(
    chromium: Browser, address: str, *, email: str = "", ids: dict[str, str] | None = None, size: Size = DESKTOP
) -> Iterator[Visit]:
    """A window in which this user (or nobody) is signed in."""
    # Without motion, because a colour that is on its way to another is no colour to measure.
    with watched(chromium, address, size, reduced_motion="reduce") as window:
        page = window.context.new_page()
        if email:
            page.goto("/sign-in")
            page.fill("[name=email]", email)
            page.fill("[name=password]", PASSWORD)
            page.click("main form button")
            page.wait_for_url("**/")
        yield Visit(window, page, ids or {})
