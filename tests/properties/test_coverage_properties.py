"""Coverage on random small regions: what always holds, and that it is what a plain reading of the definitions gives."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.businesses import EVERYTHING, Scope, Sector
from crm.analysis.coverage import Coverage, measure_coverage
from crm.analysis.days import get_day
from crm.analysis.history import build_history
from crm.analysis.settings import Settings, Size
from tests.knock_worlds import World, make_region
from tests.properties.coverage_by_the_book import measure_by_the_book
from tests.properties.knock_strategies import EPOCH, draw_worlds

AS_OF = EPOCH + timedelta(days=400)
sectors = st.sampled_from([None, (("31",), ()), (("3", "311", "6"), ("COOK", "60601")), (("99",), ())])


def measure(world: World, *, after: int = 0, scope: Scope = EVERYTHING) -> Coverage:
    return measure_coverage(build_history(make_region(world), as_of=get_day(AS_OF) + after), scope=scope)


def tell(coverage: Coverage) -> dict[str, Any]:
    return {
        "universe": coverage.size,
        "shares": (coverage.together, coverage.together_jobs),
        "agencies": [agency.as_json() for agency in coverage.agencies],
        "strata": [cell.as_json() for cell in coverage.cells],
    }


@settings(max_examples=200, deadline=None)
@given(
    world=draw_worlds(),
    sector=sectors,
    place=st.sampled_from(["", "", "COOK", "60601"]),
    size=st.sampled_from([None, None, *Settings().sizes]),
)
def test_every_figure_is_what_the_definitions_say(world: World, sector: Any, place: str, size: Size | None) -> None:
    expected = measure_by_the_book(world, AS_OF, sector=sector, place=place, size=size.name if size else "")
    found = measure(world, scope=Scope(Sector(*sector) if sector else None, place, size))
    assert found.size == expected["universe"]
    assert found.together == pytest.approx(expected["together"], abs=1e-9)
    assert found.together_jobs == pytest.approx(expected["together_jobs"], abs=1e-9)
    assert sorted(agency.agency for agency in found.agencies) == sorted(expected["agencies"])
    for agency in found.agencies:
        told = {name: value for name, value in agency.as_json().items() if name != "agency"}
        assert told == pytest.approx(expected["agencies"][agency.agency], abs=1e-9)
    cells = {(cell.sub_sector, cell.size): cell for cell in found.cells}
    assert {name for name, cell in cells.items() if cell.businesses} == set(expected["strata"])
    for name, cell in expected["strata"].items():
        assert {key: getattr(cells[name], key) for key in cell} == pytest.approx(cell, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(world=draw_worlds(), sector=sectors)
def test_all_together_reach_no_less_than_each_alone_and_what_each_adds_is_part_of_it(world: World, sector: Any) -> None:
    found = measure(world, scope=Scope(Sector(*sector) if sector else None))
    for together, alone, adds in (
        (found.together, [a.alone for a in found.agencies], [a.adds for a in found.agencies]),
        (found.together_jobs, [a.jobs for a in found.agencies], [a.adds_jobs for a in found.agencies]),
    ):
        if together is None:
            assert set(alone) | set(adds) == {None}
            continue
        assert 0 <= together <= 1
        assert all(share is not None and together >= share for share in alone)
        assert all(share is not None and share >= 0 for share in adds)
        assert sum(share for share in adds if share is not None) <= together + 1e-9
        assert sum(share for share in alone if share is not None) >= together - 1e-9


@settings(max_examples=100, deadline=None)
@given(world=draw_worlds(), sector=sectors)
def test_the_strata_split_the_universe(world: World, sector: Any) -> None:
    found = measure(world, scope=Scope(Sector(*sector) if sector else None))
    assert sum(cell.businesses for cell in found.cells) == found.size
    assert sum(cell.engaged for cell in found.cells) == found.reached
    assert all((cell.share is None) == (cell.businesses == 0) for cell in found.cells)
    for cell in found.cells:
        assert int((found.strata.flag(cell.sub_sector, cell.size) & found.universe).sum()) == cell.businesses


@settings(max_examples=80, deadline=None)
@given(world=draw_worlds(), days=st.integers(-2000, 2000))
def test_shifting_all_dates_changes_nothing(world: World, days: int) -> None:
    step = timedelta(days=days)
    shifted = replace(
        world,
        touches=[replace(touch, on=touch.on + step) for touch in world.touches],
        sites=[replace(site, closed_on=site.closed_on and site.closed_on + step) for site in world.sites],
    )
    assert tell(measure(shifted, after=days)) == tell(measure(world))


@settings(max_examples=80, deadline=None)
@given(world=draw_worlds(), seed=st.integers(0, 10_000))
def test_the_order_of_imports_changes_nothing(world: World, seed: int) -> None:
    mixed = random.Random(seed)
    shuffled = replace(
        world,
        touches=mixed.sample(list(world.touches), len(world.touches)),
        sites=mixed.sample(list(world.sites), len(world.sites)),
    )
    assert tell(measure(shuffled)) == tell(measure(world))
