"""What each agency reads about itself, against a plain reading of the definitions, on random small regions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.analysis.businesses import Scope, Sector
from crm.analysis.days import Period, get_day
from crm.analysis.history import build_history
from crm.analysis.knocks import measure_region
from crm.analysis.workshops import measure_agencies
from tests.knock_worlds import World, list_ids, make_region
from tests.properties.knock_strategies import EPOCH, draw_worlds
from tests.properties.knocks_by_the_book import classify, in_sector, list_agencies
from tests.properties.test_whatif import AS_OF, BUSINESS_HOURS, STAFF_HOURS

CLASSES = ("first", "own_repeat", "coordinated", "redundant")


def measure_plainly(world: World, first: date, last: date, sector: Any, *, window: int, broad: bool) -> dict[str, Any]:
    """By agency: classes, businesses, shared ones and hours, one knock after the other."""
    found: dict[str, Any] = {
        name: dict.fromkeys(CLASSES, 0) | {"businesses": set(), "business_hours": 0.0, "staff_hours": 0.0}
        for name in world.agencies
    }
    for business in {touch.business for touch in world.touches}:
        if sector is not None and not in_sector(world, business, sector):
            continue
        for knock, name, _ in classify(world, business, AS_OF, window=window, broad=broad):
            if not first <= knock.on <= last:
                continue
            for agency in list_agencies(world, knock.asks[0].programs):
                found[agency][name] += 1
                found[agency]["businesses"].add(business)
                found[agency]["business_hours"] += sum(BUSINESS_HOURS[ask.channel] for ask in knock.asks)
                found[agency]["staff_hours"] += sum(STAFF_HOURS[ask.channel] for ask in knock.asks)
    for agency, one in found.items():
        others = [other["businesses"] for name, other in found.items() if name != agency]
        one["shared"] = sum(any(business in other for other in others) for business in one["businesses"])
    return found


@settings(max_examples=120, deadline=None)
@given(
    world=draw_worlds(),
    sector=st.sampled_from([None, (("31",), ()), (("3", "6"), ("COOK", "60601")), (("99",), ())]),
    first=st.integers(-40, 420),
    length=st.integers(0, 400),
    window=st.sampled_from([0, 30, 90, 180]),
    broad=st.booleans(),
)
def test_each_agency_reads_what_the_definitions_say(
    world: World, sector: Any, first: int, length: int, window: int, broad: bool
) -> None:
    begin = EPOCH + timedelta(days=first)
    end = begin + timedelta(days=length)
    plain = measure_plainly(world, begin, end, sector, window=window, broad=broad)
    history = build_history(make_region(world), as_of=get_day(AS_OF))
    asked: dict[str, Any] = {
        "period": Period(get_day(begin), get_day(end)),
        "scope": Scope(None if sector is None else Sector(*sector)),
        "window": window,
        "broad": broad,
    }
    names = {id: name for name, id in list_ids(world).items()}
    for one in measure_agencies(history, **asked):
        wanted = plain[names[one.agency]]
        assert {name: getattr(one, name) for name in CLASSES} == {name: wanted[name] for name in CLASSES}
        assert one.knocks == sum(wanted[name] for name in CLASSES)
        assert (one.businesses, one.shared) == (len(wanted["businesses"]), wanted["shared"])
        assert one.business_hours == pytest.approx(wanted["business_hours"], abs=1e-9)
        assert one.staff_hours == pytest.approx(wanted["staff_hours"], abs=1e-9)
        # And the region's own report, asked for this agency alone, says the same.
        report = measure_region(history, agency=one.agency, **asked)
        assert (report.knocks, report.redundant) == (one.knocks, one.redundant)
