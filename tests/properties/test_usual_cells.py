"""Sites and telephone numbers that pass at a glance pass the closer look, too."""

from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from importers import cells
from importers.cells import DOMAIN, SHORTENED, USUAL_PHONE, USUAL_SITE

SITES = st.text(alphabet="ab1.-_:/@?# wHTPSps", max_size=30)
PHONES = st.text(alphabet="0129+() .-xE;|:\n", max_size=20)


@given(st.one_of(st.from_regex(USUAL_SITE, fullmatch=True), SITES))
@example("http://a.org")
@example("https://a.org/b/c.html")
@example("a-.org")
@example("a.o")
def test_a_usual_site_is_a_site(text: str) -> None:
    if USUAL_SITE.fullmatch(text):
        bare = text.partition("://")[2] if "://" in text else text
        assert DOMAIN.fullmatch(bare)
        assert urlsplit(f"//{bare}").hostname


@given(st.one_of(st.from_regex(USUAL_PHONE, fullmatch=True), PHONES))
@example("7E+16")
@example("617 555 0101 ")
@example("+1 (617) 555-0101")
def test_a_usual_number_is_a_number(text: str) -> None:
    if USUAL_PHONE.fullmatch(text):
        assert cells._first_of(text) == text
        assert any(map(str.isdigit, text))
        assert not SHORTENED.fullmatch(text)


def test_those_of_real_lists_are_usual() -> None:
    assert all(map(USUAL_SITE.fullmatch, ("www.harbor-tool.example.com", "https://harbor.org/about", "3m.com")))
    assert all(map(USUAL_PHONE.fullmatch, ("(617) 555-0101", "617.555.0101", "+1 617 555 0101", "6175550101")))
