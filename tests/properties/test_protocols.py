"""Before and after an agreement, against a plain reading of its definition, on random small regions."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.days import get_day
from crm.analysis.history import build_history
from crm.analysis.protocols import Change, Side, measure_change
from tests.knock_worlds import Pact, World, make_agreements, make_region
from tests.properties.knock_strategies import EPOCH, draw_pacts, draw_worlds
from tests.properties.knocks_by_the_book import classify, covers, is_unknown, list_months

AS_OF = EPOCH + timedelta(days=400)


def measure(world: World, *, window: int = 90, broad: bool = False) -> Change | None:
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    return measure_change(history, make_agreements(world)[-1], window=window, broad=broad)


def count(world: World, pact: Pact, first: date, last: date, *, window: int, broad: bool) -> dict[str, Any]:
    """One side by hand."""
    names: list[str] = []
    for business in {touch.business for touch in world.touches}:
        if covers(world, pact, business):
            for knock, name, _ in classify(world, business, AS_OF, window=window, broad=broad):
                if first <= knock.on <= last and knock.agencies & set(pact.agencies):
                    names.append(name)
    redundant = names.count("redundant")
    followed = redundant + names.count("coordinated")
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "knocks": len(names),
        "redundant": redundant,
        "rate": redundant / len(names) if names else None,
        "followed": followed,
        "followed_rate": followed / len(names) if names else None,
        "unknown_months": [
            {"agency": agency, "month": month}
            for month in list_months(first, last)
            for agency in sorted(pact.agencies)
            if is_unknown(world, agency, month, AS_OF)
        ],
    }


@settings(max_examples=150, deadline=None)
@given(
    world=draw_worlds(),
    pact=draw_pacts(businesses=4),
    window=st.sampled_from([0, 30, 90, 180]),
    broad=st.booleans(),
)
def test_it_is_what_its_definition_says(world: World, pact: Pact, window: int, broad: bool) -> None:
    world = replace(world, pacts=[*world.pacts, pact])
    found = measure(world, window=window, broad=broad)
    last = min(day for day in (AS_OF, pact.ends, pact.begins + timedelta(days=364)) if day is not None)
    if last < pact.begins or len(set(pact.agencies)) < 2:
        assert found is None
        return
    assert found is not None
    days = (last - pact.begins).days + 1
    answer = found.as_json()
    for side, first, end in (
        ("before", pact.begins - timedelta(days=days), pact.begins - timedelta(days=1)),
        ("after", pact.begins, last),
    ):
        by_hand = count(world, pact, first, end, window=window, broad=broad)
        assert {name: answer[side][name] for name in by_hand} == by_hand
        months = [month for month in answer["months"] if month["side"] == side]
        assert [month["month"] for month in months] == list_months(first, end)
        for name in ("knocks", "redundant", "followed"):
            assert sum(month[name] for month in months) == by_hand[name]
    rates = answer["before"]["rate"], answer["after"]["rate"]
    assert answer["difference"] == (None if None in rates else pytest.approx(rates[1] - rates[0], abs=1e-9))
    if answer["verdict"] == "lower":
        assert answer["difference"] < 0
        assert answer["before"]["unknown_months"] == answer["after"]["unknown_months"] == []


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), pact=draw_pacts(businesses=4), seed=st.integers(0, 9))
def test_the_order_of_imports_does_not_show(world: World, pact: Pact, seed: int) -> None:
    touches = list(world.touches)
    random.Random(seed).shuffle(touches)
    first = measure(replace(world, pacts=[*world.pacts, pact]))
    second = measure(replace(world, pacts=[*world.pacts, pact], touches=touches))
    assert first == second


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), pact=draw_pacts(businesses=4))
def test_an_interval_holds_its_rate(world: World, pact: Pact) -> None:
    found = measure(replace(world, pacts=[*world.pacts, pact]))
    sides: list[Side] = [found.before, found.after] if found else []
    for side in sides:
        assert (side.interval is None) == (side.rate is None)
        if side.interval and side.rate is not None:
            assert 0 <= side.interval[0] <= side.interval[1] <= 1
            assert side.redundant <= side.followed <= side.knocks
    if found and found.interval:
        assert -1 <= found.interval[0] <= found.interval[1] <= 1
