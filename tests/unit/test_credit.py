"""Coordination credit: the worked example of docs/measures.md, and the edges of a hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.analysis.businesses import Scope, Sector
from crm.analysis.credit import HOLD, Deed, Tally, list_deeds, tally
from crm.analysis.days import get_date
from crm.analysis.history import build_history
from tests.knock_worlds import Handover, Pact, Site, World, list_ids, make_region, make_touch, make_world
from tests.unit.test_knocks import FIVE, YEAR, day


def find(world: World, agency: str, *, as_of: str = "2026-12-31", **options: Any) -> list[Deed]:
    history = build_history(make_region(world), as_of=day(as_of))
    return list_deeds(history, agencies=[list_ids(world)[agency]], **{"period": YEAR, **options})


def list_holds(world: World, agency: str, **options: Any) -> list[tuple[str, str, bool]]:
    return [
        (get_date(deed.first).isoformat(), get_date(deed.last).isoformat(), deed.counts)
        for deed in find(world, agency, **options)
        if deed.kind == HOLD
    ]


def test_the_holds_of_the_worked_example() -> None:
    world = make_world(*FIVE)
    assert list_holds(world, "WDB") == [("2026-01-20", "2026-05-04", True), ("2026-07-15", "2026-08-02", True)]
    assert list_holds(world, "College") == [("2026-02-10", "2026-05-04", True)]
    assert list_holds(world, "Chamber") == [("2026-03-01", "2026-05-04", True), ("2026-07-15", "2026-08-02", True)]
    assert list_holds(world, "VR") == [("2026-07-15", "2026-08-02", True)]


def test_what_counts_for_the_college_in_the_worked_example() -> None:
    world = make_world(*FIVE, handovers=[Handover("bakery", "College", "VR", date(2026, 3, 10))])
    assert tally(find(world, "College")) == Tally(
        holds=1, holds_respected=1, joint_visits=0, referrals_given=1, referrals_taken=0, knocks=2, redundant=1
    )
    # The referral makes the two one door, so the College's visit in July holds VR up no more.
    assert tally(find(world, "VR")) == Tally(
        holds=0, holds_respected=0, joint_visits=0, referrals_given=0, referrals_taken=1, knocks=1, redundant=1
    )


def two(*more: Any, **changes: Any) -> World:
    """The Board calls, then the College: a business of 300, which is far from its budget."""
    first = make_touch("2026-01-05", "WDB", channel="call")
    second = make_touch("2026-02-01", "College", channel="call")
    return make_world(first, second, *more, sites=[Site("bakery", employees=300)], **changes)


def test_within_the_budget_a_hold_lasts_for_the_days_of_a_plan() -> None:
    assert list_holds(two(), "WDB") == [("2026-02-01", "2026-02-15", True)]


@pytest.mark.parametrize(("on", "respected"), [("2026-02-01", True), ("2026-02-02", False), ("2026-02-15", False)])
def test_an_own_ask_from_the_second_to_the_last_day_breaks_it(on: str, respected: bool) -> None:
    assert list_holds(two(make_touch(on, "WDB", key="again")), "WDB") == [("2026-02-01", "2026-02-15", respected)]


def test_an_ask_after_its_last_day_breaks_nothing() -> None:
    assert list_holds(two(make_touch("2026-02-16", "WDB", key="again")), "WDB") == [("2026-02-01", "2026-02-15", True)]


def test_what_is_no_ask_breaks_nothing_and_begins_nothing() -> None:
    service = make_touch("2026-02-05", "WDB", purpose="service")
    other = make_touch("2026-06-01", "VR", purpose="follow_up")
    assert list_holds(two(service, other), "WDB") == [("2026-02-01", "2026-02-15", True)]


def test_a_further_ask_of_another_door_lengthens_it() -> None:
    longer = two(make_touch("2026-02-15", "VR", channel="call"))
    assert list_holds(longer, "WDB") == [("2026-02-01", "2026-03-01", True)]
    later = two(make_touch("2026-02-16", "VR", channel="call"))
    assert list_holds(later, "WDB") == [("2026-02-01", "2026-02-15", True), ("2026-02-16", "2026-03-02", True)]


def test_a_partner_of_the_same_door_holds_nobody_up() -> None:
    assert list_holds(two(pacts=[Pact(("WDB", "College"), date(2026, 1, 1))]), "WDB") == []


def test_who_never_asked_there_has_nothing_to_hold_back() -> None:
    assert list_holds(two(), "VR") == []
    assert list_holds(two(), "College") == []
    long_ago = make_world(make_touch("2025-01-31", "WDB"), make_touch("2026-02-01", "College"))
    assert list_holds(long_ago, "WDB") == []


def test_a_hold_that_is_not_over_is_not_counted_yet() -> None:
    assert list_holds(two(), "WDB", as_of="2026-02-14") == []
    assert list_holds(two(), "WDB", as_of="2026-02-15") == [("2026-02-01", "2026-02-15", True)]


def test_it_is_credited_to_whoever_asked_last_before_it() -> None:
    (deed,) = (deed for deed in find(two(make_touch("2026-01-20", "WDB", key="latest")), "WDB") if deed.kind == HOLD)
    assert [key for _, _, key in deed.sources] == ["latest"]


def test_only_a_reached_joint_contact_is_a_joint_visit() -> None:
    world = make_world(
        make_touch("2026-02-01", "WDB", "College"),
        make_touch("2026-03-01", "WDB", "College", reached="no"),
        make_touch("2026-04-01", "College", "College evening"),
    )
    assert [tally(find(world, name)).joint_visits for name in ("WDB", "College", "VR")] == [1, 1, 0]


def test_a_referral_within_an_agency_or_never_accepted_counts_for_nobody() -> None:
    handovers = [
        Handover("bakery", "College", "College evening", date(2026, 3, 10)),
        Handover("bakery", "College", "WDB", None),
        Handover("bakery", "College", "WDB", date(2025, 3, 10)),
    ]
    found = tally(find(make_world(*FIVE, handovers=handovers), "College"))
    assert (found.referrals_given, found.referrals_taken) == (0, 0)


def test_a_referral_is_credited_to_the_contacts_around_the_day_of_acceptance() -> None:
    world = make_world(*FIVE, handovers=[Handover("bakery", "College", "WDB", date(2026, 1, 20))])
    given = [deed for deed in find(world, "College") if deed.kind == "referral_given"]
    assert [key[:10] for _, _, key in given[0].sources] == ["2026-01-20"]
    taken = [deed for deed in find(world, "WDB") if deed.kind == "referral_taken"]
    assert taken[0].sources == ()


def test_only_businesses_of_the_scope_count() -> None:
    world = make_world(*FIVE, sites=[Site("bakery", naics="311811")])
    assert tally(find(world, "College", scope=Scope(Sector(("31",))))) == tally(find(world, "College"))
    assert find(world, "College", scope=Scope(Sector(("99",)))) == []


def test_the_window_and_the_broad_reading_decide_what_is_redundant() -> None:
    world = make_world(*FIVE)
    assert [tally(find(world, "VR", window=window)).redundant for window in (30, 90)] == [0, 1]
    assert [tally(find(world, "Chamber", broad=broad)).redundant for broad in (False, True)] == [0, 1]
