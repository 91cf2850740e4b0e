"""Tallies: what is taken out and put in leaves what counting anew gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.analysis.tallies import Tally

NUMBERS = st.lists(st.one_of(st.integers(-5, 5), st.integers(-(2**40), 2**40)), max_size=30)


def tell(tally: Tally) -> dict[int, int]:
    return dict(zip(tally.numbers.tolist(), tally.counts.tolist(), strict=True))


def count(numbers: list[int]) -> Tally:
    return Tally.count(np.array(numbers, dtype=np.int64))


@pytest.mark.parametrize("numbers", [[3, 1, 3], [0, 2**40, 0], []])
def test_each_number_is_there_once_in_ascending_order(numbers: list[int]) -> None:
    tally = count(numbers)
    assert tell(tally) == {number: numbers.count(number) for number in numbers}
    assert tally.numbers.tolist() == sorted(set(numbers))


@given(kept=NUMBERS, out=NUMBERS, into=NUMBERS)
def test_exchanging_some_is_counting_anew(kept: list[int], out: list[int], into: list[int]) -> None:
    assert tell(count(kept + out).exchange(count(out), count(into))) == tell(count(kept + into))
