"""The interval of a redundancy rate: drawn by whole businesses, the same every time, whatever their order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crm.analysis.bootstrap import find_interval
from crm.analysis.settings import Settings

DRAW = np.random.default_rng(7)
KNOCKS = DRAW.integers(1, 12, 300)
REDUNDANT = DRAW.binomial(KNOCKS, 0.3)


def test_it_is_what_drawing_businesses_one_by_one_gives() -> None:
    plain = np.random.default_rng(11)
    drawn = plain.integers(0, len(KNOCKS), (4000, len(KNOCKS)))
    rates = REDUNDANT[drawn].sum(axis=1) / KNOCKS[drawn].sum(axis=1)
    expected = tuple(np.quantile(rates, [0.025, 0.975]))
    settings = replace(Settings(), replicates=4000)
    assert find_interval(KNOCKS, REDUNDANT, settings) == pytest.approx(expected, abs=0.004)


def test_the_order_of_the_businesses_does_not_matter() -> None:
    order = DRAW.permutation(len(KNOCKS))
    found = find_interval(KNOCKS[order], REDUNDANT[order], Settings())
    assert found == find_interval(KNOCKS, REDUNDANT, Settings())


def test_the_rate_lies_inside() -> None:
    low, high = find_interval(KNOCKS, REDUNDANT, Settings()) or (1, 0)
    assert low < REDUNDANT.sum() / KNOCKS.sum() < high


def test_one_business_is_no_spread() -> None:
    assert find_interval(np.array([4]), np.array([1]), Settings()) == (0.25, 0.25)


def test_nothing_has_no_interval() -> None:
    assert find_interval(np.array([], dtype=np.int64), np.array([], dtype=np.int64), Settings()) is None


def test_knocks_on_one_business_are_not_independent() -> None:
    # The same 100 knocks, half redundant: spread over 100 businesses they say more than on 4.
    many = find_interval(np.ones(100, dtype=np.int64), np.arange(100) % 2, Settings()) or (0, 1)
    few = find_interval(np.full(4, 25), np.array([25, 25, 0, 0]), Settings()) or (0, 0)
    assert few[1] - few[0] > 2 * (many[1] - many[0])
