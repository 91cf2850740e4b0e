"""Coordination credit against a plain second computation, on random small regions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.credit import list_deeds, tally, tally_staff
from crm.analysis.days import Period, get_date, get_day
from crm.analysis.history import build_history
from tests.knock_worlds import World, list_ids, make_directory, make_region
from tests.properties.credit_by_the_book import list_deeds_by_the_book
from tests.properties.knock_strategies import EPOCH, draw_worlds

AS_OF = EPOCH + timedelta(days=400)
Deeds = dict[str, list[tuple[Any, ...]]]


def find_deeds(world: World, first: date, last: date, *, as_of: date = AS_OF, **options: Any) -> Deeds:
    """By the name of the agency, in the shape of the second computation."""
    ids, directory = list_ids(world), make_directory(world)
    back = {id: name for name, id in ids.items()}
    deeds = list_deeds(
        build_history(make_region(world), as_of=get_day(as_of)),
        agencies=list(ids.values()),
        period=Period(get_day(first), get_day(last)),
        **options,
    )
    found: Deeds = {name: [] for name in world.agencies}
    for deed in deeds:
        sources = tuple((back[agency], system, key) for agency, system, key in deed.sources)
        others = tuple(sorted(directory.name_mask(deed.others)))
        days = get_date(deed.first), get_date(deed.last)
        found[directory.names[deed.agency]].append((deed.kind, deed.business, *days, deed.counts, others, sources))
    return {name: sorted(entries) for name, entries in found.items()}


@settings(max_examples=100, deadline=None)
@given(
    world=draw_worlds(businesses=3),
    first=st.integers(-40, 420),
    length=st.integers(0, 400),
    window=st.sampled_from([30, 90]),
    broad=st.booleans(),
)
def test_every_deed_is_what_the_second_computation_finds(
    world: World, first: int, length: int, window: int, broad: bool
) -> None:
    begin = EPOCH + timedelta(days=first)
    end = begin + timedelta(days=length)
    found = find_deeds(world, begin, end, window=window, broad=broad)
    assert found == {
        name: list_deeds_by_the_book(world, name, AS_OF, begin, end, window=window, broad=broad)
        for name in world.agencies
    }


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds(), days=st.integers(-2000, 2000), order=st.randoms())
def test_neither_the_calendar_nor_the_order_of_imports_changes_anything(world: World, days: int, order: Any) -> None:
    shift = timedelta(days=days)
    touches = [
        replace(
            touch,
            on=touch.on + shift,
            promise_kept_on=None if touch.promise_kept_on is None else touch.promise_kept_on + shift,
        )
        for touch in world.touches
    ]
    order.shuffle(touches)
    moved = replace(
        world,
        touches=touches,
        handovers=[replace(h, accepted_on=h.accepted_on and h.accepted_on + shift) for h in world.handovers],
        pacts=[replace(p, begins=p.begins + shift, ends=p.ends and p.ends + shift) for p in world.pacts],
        sites=[replace(s, closed_on=s.closed_on and s.closed_on + shift) for s in world.sites],
    )
    first, last = AS_OF - timedelta(days=364), AS_OF
    there = find_deeds(moved, first + shift, last + shift, as_of=AS_OF + shift)
    expected = find_deeds(world, first, last)
    for name, deeds in expected.items():
        shifted = [(kind, business, a + shift, b + shift, *rest) for kind, business, a, b, *rest in deeds]
        assert there[name] == sorted(shifted)


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds())
def test_the_parts_add_up(world: World) -> None:
    ids = list_ids(world)
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    deeds = list_deeds(history, agencies=list(ids.values()))
    whole = tally(deeds)
    for name, id in ids.items():
        own = [deed for deed in deeds if history.region.directory.names[deed.agency] == name]
        assert tally(own) == tally(list_deeds(history, agencies=[id]))
    assert 0 <= whole.holds_respected <= whole.holds
    assert 0 <= whole.redundant <= whole.knocks


@settings(max_examples=60, deadline=None)
@given(world=draw_worlds())
def test_one_person_who_did_all_of_an_agencys_work_has_its_tally(world: World) -> None:
    ids = list_ids(world)
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    deeds = list_deeds(history, agencies=list(ids.values()))
    every = {source for deed in deeds for source in deed.sources}
    people = {name: (history.region.directory.numbers[id], every) for name, id in ids.items()}
    credited = [deed for deed in deeds if deed.sources]
    assert tally_staff(deeds, people) == {
        name: tally(deed for deed in credited if deed.agency == number) for name, (number, _) in people.items()
    }
    assert tally_staff(deeds, {"idle": (0, ())}) == {"idle": tally([])}
