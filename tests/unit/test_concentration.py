"""Concentration: the worked values of definitions §3."""

from __future__ import annotations

import numpy as np
import pytest

from crm.analysis.concentration import find_gini, find_top_share
from crm.analysis.tallies import Tally

WORKED = np.array([0, 0, 0, 0, 0, 1, 1, 2, 4, 12])


def test_the_worked_gini_is_three_quarters() -> None:
    assert find_gini(Tally.count(WORKED)) == 0.75


def test_the_worked_top_decile_has_60_percent() -> None:
    assert find_top_share(Tally.count(WORKED)) == 0.6


def test_the_order_of_the_businesses_does_not_matter() -> None:
    assert find_gini(Tally.count(WORKED[::-1])) == 0.75
    assert find_top_share(Tally.count(WORKED[::-1])) == 0.6


def test_equal_counts_are_exactly_not_concentrated() -> None:
    assert find_gini(Tally.count(np.full(7, 3))) == 0.0


@pytest.mark.parametrize(("businesses", "highest"), [(1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_the_top_decile_is_rounded_up(businesses: int, highest: int) -> None:
    assert find_top_share(Tally.count(np.ones(businesses, dtype=np.int64))) == highest / businesses


@pytest.mark.parametrize("counts", [np.array([], dtype=np.int64), np.zeros(5, dtype=np.int64)])
def test_over_nothing_there_is_no_share_and_no_index(counts: np.ndarray) -> None:
    assert find_gini(Tally.count(counts)) is None
    assert find_top_share(Tally.count(counts)) is None
