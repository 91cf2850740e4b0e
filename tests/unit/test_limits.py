"""Limits in words."""

import pytest

from crm.config import Settings, SignInLimits
from crm.errors import Refused
from crm.services.limits import Limit, parse_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("10 per 5 minutes", Limit(10, 300)),
        ("5 per minute", Limit(5, 60)),
        ("2 per 30 seconds", Limit(2, 30)),
    ],
)
def test_a_limit_is_read_from_words(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "ten per minute", "0 per minute", "5 per fortnight", "5"])
def test_what_is_no_limit_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="10 per 5 minutes"):
        parse_limit(text)


def test_the_limits_that_the_product_comes_with_can_be_read() -> None:
    allowed = SignInLimits()
    assert [parse_limit(words).seconds for words in (allowed.account, allowed.address, allowed.everyone)] == [300] * 3
    assert parse_limit(Settings.api_limit).count == 600
