"""Parameters of the API: read and checked as they are declared."""

from datetime import date
from typing import Any

import pytest

from crm.errors import Refused
from crm.views.params import Param, read_params

PARAMS = (
    Param("as-of", "The day.", date),
    Param("window", "Days.", int, default=90),
    Param("broad", "Whether.", bool, default=False),
    Param("order", "Which first.", ("rate", "name"), default="rate"),
    Param("share", "Of all.", float),
    Param("ids", "Which.", list),
)


def test_what_is_given_arrives_in_its_kind_under_its_python_name() -> None:
    given = {"as-of": "2026-06-30", "window": "30", "broad": "yes", "order": "name", "share": "0.5", "ids": "a,b"}
    assert read_params(PARAMS, given) == {
        "as_of": date(2026, 6, 30), "window": 30, "broad": True, "order": "name", "share": 0.5, "ids": ["a", "b"]
    }  # fmt: skip


def test_what_is_not_given_takes_its_default() -> None:
    assert read_params(PARAMS, {"window": ""})["window"] == 90
    assert read_params(PARAMS, {})["as_of"] is None


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("as-of", "30.6.2026", "a date such as"),
        ("as-of", "20260630", "a date such as"),
        ("as-of", "2026-02-30", "a date such as"),
        ("window", "3.5", "a whole number"),
        ("broad", "maybe", "yes or no"),
        ("order", "size", "one of rate, name"),
        ("share", {"a": 1}, "a number"),
        ("windw", "3", "not a parameter"),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_should_be(name: str, value: Any, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_params(PARAMS, {name: value})


def test_a_missing_value_is_refused_where_one_is_needed() -> None:
    with pytest.raises(Refused, match="“business” is missing"):
        read_params((Param("business", "Which.", required=True),), {})
