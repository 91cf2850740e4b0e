"""Where a visitor is sent after signing in (promise A10)."""

import pytest

from crm.views.guard import safe_next

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\x7f/evil.example",
    "/\x00/evil.example",
    "evil.example",
    "",
    None,
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_an_address_that_could_leave_the_site_becomes_the_home_page(target: str | None) -> None:
    assert safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/", "/knocks?from=2026-01-01&to=2026-06-30", "/businesses/b123#people", "/a//b"])
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert safe_next(target) == target
