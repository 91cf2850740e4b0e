"""What must hold for every region (definitions §0 and §3, properties)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.contacts import read_contacts
from crm.analysis.days import Period, get_day
from crm.analysis.history import History, build_history
from crm.analysis.knocks import RegionKnocks, measure_region
from crm.analysis.patches import Patched
from tests.knock_worlds import World, make_region, make_rows
from tests.properties.knock_strategies import EPOCH, draw_handovers, draw_pacts, draw_worlds

AS_OF = EPOCH + timedelta(days=400)
ALWAYS = Period(get_day(date(1990, 1, 1)), get_day(date(2050, 1, 1)))
windows = st.sampled_from([30, 90, 180])


def build(world: World, *, as_of: date = AS_OF) -> History:
    return build_history(make_region(world), as_of=get_day(as_of))


def measure(world: World, *, window: int = 90, broad: bool = False) -> RegionKnocks:
    return measure_region(build(world), period=ALWAYS, window=window, broad=broad)


def list_effective(world: World) -> dict[str, float]:
    history = build(world)
    doors = zip(history.region.words.business_ids, history.year.effective.tolist(), strict=True)
    return {business: value for business, value in doors if value == value}


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), window=windows, broad=st.booleans())
def test_the_four_classes_sum_to_all_knocks(world: World, window: int, broad: bool) -> None:
    answer = measure(world, window=window, broad=broad)
    assert answer.first + answer.own_repeat + answer.coordinated + answer.redundant == answer.knocks
    assert sum(row.knocks for row in answer.businesses) == answer.knocks
    assert sum(month.knocks for month in answer.months) == answer.knocks
    for row in answer.businesses:
        assert row.first + row.own_repeat + row.coordinated + row.redundant == row.knocks


@settings(max_examples=80, deadline=None)
@given(
    world=draw_worlds(),
    pact=draw_pacts(businesses=4),
    handover=draw_handovers(businesses=4),
    window=windows,
    broad=st.booleans(),
)
def test_another_agreement_or_referral_raises_neither_redundancy_nor_doors(
    world: World, pact: Any, handover: Any, window: int, broad: bool
) -> None:
    more = replace(world, pacts=[*world.pacts, pact], handovers=[*world.handovers, handover])
    before, after = (measure(each, window=window, broad=broad) for each in (world, more))
    assert after.redundant <= before.redundant
    assert (after.first, after.own_repeat) == (before.first, before.own_repeat)
    doors = list_effective(more)
    for business, value in list_effective(world).items():
        assert doors[business] <= value + 1e-9


@settings(max_examples=80, deadline=None)
@given(world=draw_worlds(), window=windows)
def test_merging_businesses_without_links_and_all_reached_lowers_no_redundancy(world: World, window: int) -> None:
    # One agency a contact and no agreement or referral: nothing links; all reached: nothing chains.
    alone = [replace(touch, programs=touch.programs[:1], reached="yes") for touch in world.touches]
    apart = replace(world, touches=alone, handovers=(), pacts=())
    merged = replace(apart, touches=[replace(t, business="b0" if t.business == "b1" else t.business) for t in alone])
    assert measure(merged, window=window).redundant >= measure(apart, window=window).redundant


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), days=st.integers(-800, 800))
def test_shifting_all_dates_changes_only_what_is_told_by_month(world: World, days: int) -> None:
    def shift(day: date | None) -> date | None:
        return None if day is None else day + timedelta(days=days)

    moved = replace(
        world,
        touches=[replace(t, on=shift(t.on), promise_kept_on=shift(t.promise_kept_on)) for t in world.touches],
        handovers=[replace(h, accepted_on=shift(h.accepted_on)) for h in world.handovers],
        pacts=[replace(p, begins=shift(p.begins), ends=shift(p.ends)) for p in world.pacts],
        sites=[replace(s, closed_on=shift(s.closed_on)) for s in world.sites],
    )
    before = measure_region(build(world)).as_json()
    after = measure_region(build(moved, as_of=AS_OF + timedelta(days=days))).as_json()
    for name in ("as_of", "from", "to", "months", "unknown_months"):
        del before[name], after[name]
    assert after == before


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), data=st.data())
def test_the_order_of_import_changes_nothing(world: World, data: st.DataObject) -> None:
    def shuffle(name: str) -> list[Any]:
        return data.draw(st.permutations(list(getattr(world, name))), label=name)

    names = ("touches", "handovers", "pacts", "sites")
    mixed = replace(world, **{name: shuffle(name) for name in names})
    assert measure(mixed).as_json() == measure(world).as_json()


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), cut=st.integers(0, 24))
def test_contacts_read_in_parts_measure_like_those_read_at_once(world: World, cut: int) -> None:
    region = make_region(world)
    early = make_region(replace(world, touches=world.touches[:cut]))
    late = read_contacts(make_rows(world), words=early.words)
    parts = replace(region, rows=Patched(late, late.business))
    assert measure_region(build_history(parts, as_of=get_day(AS_OF))).as_json() == (
        measure_region(build_history(region, as_of=get_day(AS_OF))).as_json()
    )


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds())
def test_nothing_after_the_day_of_the_report_changes_it(world: World) -> None:
    known = replace(
        world,
        touches=[touch for touch in world.touches if touch.on <= AS_OF],
        handovers=[h for h in world.handovers if h.accepted_on is None or h.accepted_on <= AS_OF],
        pacts=[pact for pact in world.pacts if pact.begins <= AS_OF],
    )
    assert measure(known).as_json() == measure(world).as_json()


@settings(max_examples=40, deadline=None)
@given(world=draw_worlds(), window=windows)
def test_a_longer_window_never_finds_less_redundancy(world: World, window: int) -> None:
    history = build(world)
    redundant = [measure_region(history, period=ALWAYS, window=days).redundant for days in (0, window, window + 40)]
    assert redundant == sorted(redundant)
