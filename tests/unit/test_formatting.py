"""How values are written for a reader."""

from datetime import date, datetime

import pytest
from flask import Flask

from crm.views.formatting import (
    ago,
    asset,
    calendar_date,
    decimal,
    initials,
    month_name,
    of,
    on_day,
    percent,
    phone,
    phone_link,
    plural,
    relative_words,
    signed,
    thousands,
    to_date,
    url_with,
    web_link,
    words_list,
    written_days,
)

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 6, 30), "today"),
        (date(2026, 6, 29), "yesterday"),
        (date(2026, 7, 1), "tomorrow"),
        (date(2026, 6, 24), "6 days ago"),
        (date(2026, 6, 16), "2 weeks ago"),
        (date(2026, 7, 8), "in 8 days"),
        (date(2026, 4, 30), "2 months ago"),
        (date(2025, 6, 30), "11 months ago"),
        (date(2023, 6, 1), "3 years ago"),
    ],
)
def test_a_date_is_told_by_its_distance(day: date, words: str) -> None:
    assert relative_words(day, AS_OF) == words


@pytest.mark.parametrize(
    "value", [date(2026, 6, 24), datetime(2026, 6, 24, 23, 59), "2026-06-24", "2026-06-24T08:00:00", 20628]
)
def test_a_date_may_come_in_any_of_its_forms(value: date | str | int) -> None:
    assert to_date(value) == date(2026, 6, 24)


def test_the_distance_carries_the_date_on_hover() -> None:
    assert ago("2026-06-24", AS_OF) == '<time datetime="2026-06-24" title="Jun 24, 2026">6 days ago</time>'


def test_the_date_carries_the_distance_on_hover() -> None:
    assert on_day("2026-06-24", AS_OF) == '<time datetime="2026-06-24" title="6 days ago">Jun 24, 2026</time>'


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    written = [ago(None), on_day(""), calendar_date(None), thousands(None), percent(None), decimal(None), phone("")]
    assert set(written) == {"–"}


def test_days_within_a_sentence_are_written_out_and_what_only_looks_like_one_stays() -> None:
    said = written_days("Free again on 2026-07-03. It is about form 2026-99-01.")
    assert said == "Free again on Jul 3, 2026. It is about form 2026-99-01."


def test_numbers_have_separators_and_a_true_minus() -> None:
    assert thousands(60000) == "60,000"
    assert thousands(-1200) == "\u22121,200"
    assert decimal(2.349, 2) == "2.35"
    assert signed(3) == "+3"
    assert signed(-2) == "\u22122"
    assert signed(0) == "0"


def test_a_share_is_written_in_percent() -> None:
    assert percent(0.3812) == "38%"
    assert percent(0.3812, 1) == "38.1%"


def test_a_count_comes_with_its_whole() -> None:
    assert of(14, 3200) == "14 of 3,200"


def test_one_is_singular_and_all_else_plural() -> None:
    assert [plural(n, "business", "businesses") for n in (0, 1, 2000)] == [
        "0 businesses",
        "1 business",
        "2,000 businesses",
    ]
    assert plural(2, "day") == "2 days"


def test_names_are_listed_as_in_a_sentence() -> None:
    assert words_list([]) == ""
    assert words_list(["a"]) == "a"
    assert words_list(["a", "b", "c"]) == "a, b and c"


def test_a_month_is_named() -> None:
    assert month_name("2026-03") == month_name(date(2026, 3, 9)) == "Mar 2026"


@pytest.mark.parametrize(
    ("raw", "shown", "link"),
    [
        ("+12065550123", "(206) 555-0123", "tel:+12065550123"),
        ("206.555.0123 ext 14", "(206) 555-0123 x14", "tel:+12065550123;ext=14"),
        ("+44 20 7946 0000", "+44 20 7946 0000", "tel:+442079460000"),
        ("ask for Ana", "ask for Ana", ""),
    ],
)
def test_a_phone_number_can_be_read_and_dialled(raw: str, shown: str, link: str) -> None:
    assert phone(raw) == shown
    assert phone_link(raw) == link


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://reata.example/a", "https://reata.example/a"),
        ("reata.example", "https://reata.example"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)//http://x.example", ""),
        ("data:text/html,x", ""),
        ("//evil.example", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_become_links(raw: str | None, link: str) -> None:
    assert web_link(raw) == link


def test_a_badge_has_two_letters() -> None:
    assert [initials(name) for name in ("Ana Maria Ruiz", "ana", "", None)] == ["AR", "A", "", ""]


def test_a_changed_query_keeps_the_rest_and_does_not_spell_out_page_one() -> None:
    app = Flask("test")
    with app.test_request_context("/knocks?sector=mfg&page=3&sort=doors"):
        assert url_with(page=4) == "/knocks?sector=mfg&sort=doors&page=4"
        assert url_with(page=1, sort=None) == "/knocks?sector=mfg"
        assert url_with(sector=None, sort=None, page=None) == "/knocks"


def test_a_static_file_is_named_with_its_content() -> None:
    path, _, version = asset("crm.css").partition("?v=")
    assert path == "/static/crm.css"
    assert len(version) == 10
