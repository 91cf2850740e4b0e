"""Python values as JSON, for commands and the API."""

import json
from dataclasses import dataclass
from datetime import date

import numpy as np

from crm.json_values import to_json


@dataclass(frozen=True)
class Pair:
    b: int
    a: tuple[str, ...]


def test_a_dataclass_becomes_an_object_in_the_order_of_its_fields() -> None:
    assert to_json(Pair(b=1, a=("x", "y"))) == '{"b": 1, "a": ["x", "y"]}'


def test_dates_are_iso_and_sets_are_sorted() -> None:
    assert to_json({"on": date(2026, 6, 30), "of": {"b", "a"}}) == '{"on": "2026-06-30", "of": ["a", "b"]}'


def test_a_number_that_json_has_no_word_for_is_null() -> None:
    assert json.loads(to_json([float("nan"), float("inf"), 0.5])) == [None, None, 0.5]


def test_numbers_of_numpy_are_numbers() -> None:
    assert to_json([np.int64(3), np.float64(0.25), np.array([1, 2]), np.bool_(True)]) == "[3, 0.25, [1, 2], true]"


def test_text_stays_readable() -> None:
    assert to_json({"name": "Søndergaard <b>"}) == '{"name": "Søndergaard <b>"}'
