"""What the browser tests look for is found where it is: each check on a page that is wrong on purpose."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audits import find_barriers, find_cut, find_wide
from tests.browser.visits import PHONE
from tests.browser.watching import Watched, watched

pytestmark = pytest.mark.browser
ADDRESS = "http://127.0.0.1:9"
SOUND = "<html lang='en'><title>Sound</title><main><h1>Sound</h1><p>Words.</p></main>"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    yield context.new_page()
    context.close()


def test_a_sound_page_has_no_faults(page: Page) -> None:
    page.set_content(SOUND)
    assert [*find_barriers(page), *find_wide(page), *find_cut(page)] == []


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("<input>", "label"),
        ("<p style='color:#bbb'>Hardly to be read</p>", "color-contrast"),
        ("<button style='width:9px;height:9px;padding:0'>a</button><button style='width:9px;padding:0'>b</button>",
         "target-size"),
    ],
)  # fmt: skip
def test_a_barrier_is_named_by_its_rule(page: Page, part: str, rule: str) -> None:
    page.set_content(SOUND + part)
    assert rule in {fault.partition(":")[0] for fault in find_barriers(page)}


def test_what_is_wider_than_the_screen_is_named(page: Page) -> None:
    page.set_content(SOUND + "<p id='wide' style='width:400px'>Wide</p>")
    assert 'id="wide"' in find_wide(page)[1]


@pytest.mark.parametrize("style", ["overflow:auto;height:20px", "width:900px", "position:fixed"])
def test_what_paper_would_lose_is_named(page: Page, style: str) -> None:
    page.set_content(SOUND.replace("<p>", f"<div id='lost' style='{style}'><p style='height:60px'>"))
    assert any("lost" in fault for fault in find_cut(page))


def test_a_broken_policy_an_error_and_a_request_elsewhere_are_noted(chromium: Browser) -> None:
    with pytest.raises(AssertionError), watched(chromium, ADDRESS, PHONE) as window:
        break_all(window)
    said = " ".join(window.faults)
    assert "policy: img-src" in said
    assert "a request to another host: http://other.example/" in said
    assert "went wrong on purpose" in said


def break_all(window: Watched) -> None:
    answer = "<meta http-equiv='Content-Security-Policy' content=\"img-src 'none'\"><img src='/x.png'>"
    window.context.route("**/*", lambda route: route.fulfill(body=answer, content_type="text/html"))
    page = window.context.new_page()
    page.goto(f"{ADDRESS}/page")
    with page.expect_request("http://other.example/"):
        page.evaluate("() => { fetch('http://other.example/', { mode: 'no-cors' }); }")
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('went wrong on purpose'); }); }")
