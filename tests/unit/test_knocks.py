"""Knocks and their classes: the worked values of definitions §3, and the edges of §2 and §3."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm.analysis.businesses import Scope, Sector
from crm.analysis.days import Period, get_day
from crm.analysis.explanations import KnockLine, explain_business
from crm.analysis.history import build_history
from crm.analysis.knocks import RegionKnocks, list_asked_twice, measure_region
from crm.analysis.settings import Settings
from tests.knock_worlds import Handover, Pact, Site, World, list_ids, make_region, make_touch, make_world

AS_OF = "2026-12-31"
YEAR = Period(get_day(date(2026, 1, 1)), get_day(date(2026, 12, 31)))
FIVE = (
    make_touch("2026-01-05", "WDB"),
    make_touch("2026-01-20", "College"),
    make_touch("2026-02-10", "Chamber", purpose="sponsorship"),
    make_touch("2026-03-01", "VR"),
    make_touch("2026-07-15", "College"),
)


def day(text: str) -> int:
    return get_day(date.fromisoformat(text))


def measure(world: World, *, as_of: str = AS_OF, period: Period | None = YEAR, **options: Any) -> RegionKnocks:
    return measure_region(build_history(make_region(world), as_of=day(as_of)), period=period, **options)


def explain(world: World, *, as_of: str = AS_OF, period: Period = YEAR, **options: Any) -> list[KnockLine]:
    history = build_history(make_region(world), as_of=day(as_of))
    return explain_business(history, "bakery", period=period, **options)


def classify(world: World, **options: Any) -> list[str]:
    """The classes of the bakery's knocks, after checking that the region's figures count the same ones."""
    classes = [line.outcome.word for line in explain(world, **options)]
    answer = measure(world, **options)
    for name in ("first", "own_repeat", "coordinated", "redundant"):
        assert getattr(answer, name) == classes.count(name)
    return classes


class TestWorkedExample:
    def test_five_knocks_without_links(self) -> None:
        assert classify(make_world(*FIVE)) == ["first", "redundant", "first", "redundant", "first"]

    def test_an_agreement_of_two_coordinates_their_knocks_only(self) -> None:
        world = make_world(*FIVE, pacts=[Pact(("WDB", "College"), date(2026, 1, 1))])
        assert classify(world) == ["first", "coordinated", "first", "redundant", "first"]

    def test_an_agreement_of_all_three_leaves_no_redundant_one(self) -> None:
        world = make_world(*FIVE, pacts=[Pact(("WDB", "College", "VR"), date(2026, 1, 1))])
        assert classify(world) == ["first", "coordinated", "first", "coordinated", "first"]

    def test_the_rate_is_redundant_knocks_over_all(self) -> None:
        answer = measure(make_world(*FIVE))
        assert answer.rate == pytest.approx(2 / 5)
        # One business: drawing businesses with replacement always draws it.
        assert answer.interval == pytest.approx((2 / 5, 2 / 5))

    def test_a_window_of_30_days_forgets_the_knocks_before_march(self) -> None:
        assert classify(make_world(*FIVE), window=30) == ["first", "redundant", "first", "first", "first"]

    def test_broad_mode_compares_knocks_of_any_class(self) -> None:
        expected = ["first", "redundant", "redundant", "redundant", "first"]
        assert classify(make_world(*FIVE), broad=True) == expected

    def test_the_figures_have_the_names_of_the_contract(self) -> None:
        answer = measure(make_world(*FIVE)).as_json()
        assert list(answer) == [
            *("as_of", "from", "to", "window_days", "broad", "knocks", "first", "own_repeat", "coordinated"),
            *("redundant", "rate", "interval", "mean_doors", "share_2_doors", "share_3_doors", "share_5_doors"),
            *("top_decile_share", "gini", "asked_twice", "assumed", "unknown_months", "businesses", "months"),
        ]
        assert (answer["as_of"], answer["from"], answer["to"]) == ("2026-12-31", "2026-01-01", "2026-12-31")
        assert list(answer["businesses"][0]) == [
            *("business", "name", "knocks", "first", "own_repeat", "coordinated", "redundant", "agencies"),
            *("programs", "doors", "effective_doors", "fatigue", "budget", "hotspot"),
        ]
        assert list(answer["months"][0]) == ["month", "knocks", "redundant", "rate", "interval", "unknown"]


class TestChains:
    def test_tries_that_reach_nobody_are_one_knock(self) -> None:
        world = make_world(
            make_touch("2026-03-01", "WDB", reached="no", channel="call"),
            make_touch("2026-03-14", "WDB", reached="no", channel="email"),
            make_touch("2026-03-27", "WDB", channel="visit"),
        )
        (line,) = explain(world)
        assert line.day == day("2026-03-01")
        assert line.burden == pytest.approx(2.0)
        assert [key[:10] for _, key in line.touchpoints] == ["2026-03-01", "2026-03-14", "2026-03-27"]

    def test_a_try_after_exactly_14_days_is_a_new_knock(self) -> None:
        tries = [make_touch("2026-03-01", "WDB", reached="no"), make_touch("2026-03-15", "WDB")]
        assert len(explain(make_world(*tries))) == 2

    def test_after_the_business_was_reached_the_next_ask_is_a_new_knock(self) -> None:
        tries = [make_touch("2026-03-01", "WDB", reached="yes"), make_touch("2026-03-02", "WDB")]
        assert len(explain(make_world(*tries))) == 2

    def test_a_blank_result_counts_as_reached(self) -> None:
        tries = [make_touch("2026-03-01", "WDB", reached=""), make_touch("2026-03-02", "WDB")]
        assert len(explain(make_world(*tries))) == 2

    def test_another_program_of_the_agency_opens_its_own_chain(self) -> None:
        tries = [make_touch("2026-03-01", "College", reached="no"), make_touch("2026-03-02", "College evening")]
        assert classify(make_world(*tries)) == ["first", "own_repeat"]
        assert measure(make_world(*tries)).other_program == 1

    def test_a_repeat_of_the_same_program_is_told_apart(self) -> None:
        repeats = [make_touch("2026-03-01", "College"), make_touch("2026-03-20", "College")]
        assert classify(make_world(*repeats)) == ["first", "own_repeat"]
        assert measure(make_world(*repeats)).other_program == 0

    def test_a_repeat_of_any_earlier_program_in_the_window_is_no_other_program(self) -> None:
        days = ("2026-03-01", "2026-03-20", "2026-05-30")
        asks = [make_touch(on, name) for on, name in zip(days, ("College", "College evening", "College"), strict=True)]
        assert measure(make_world(*asks)).other_program == 1
        assert measure(make_world(*asks), window=89).other_program == 2

    def test_a_repeat_of_one_of_two_programs_is_no_other_program(self) -> None:
        asks = [make_touch("2026-03-01", "College", "College evening"), make_touch("2026-03-20", "College")]
        assert classify(make_world(*asks)) == ["first", "own_repeat"]
        assert measure(make_world(*asks)).other_program == 0

    def test_another_class_opens_its_own_chain(self) -> None:
        tries = [
            make_touch("2026-03-01", "WDB", reached="no"),
            make_touch("2026-03-02", "WDB", reached="no", purpose="sponsorship"),
            make_touch("2026-03-03", "WDB", purpose="survey"),
        ]
        lines = explain(make_world(*tries))
        assert [len(line.touchpoints) for line in lines] == [2, 1]

    def test_programs_in_another_order_are_the_same_set(self) -> None:
        tries = [
            make_touch("2026-03-01", "WDB", "VR", reached="no"),
            make_touch("2026-03-05", "VR", "WDB", agency="WDB"),
        ]
        assert len(explain(make_world(*tries))) == 1

    def test_a_chain_that_began_before_the_period_belongs_to_its_first_ask(self) -> None:
        tries = [make_touch("2025-12-30", "WDB", reached="no"), make_touch("2026-01-05", "WDB")]
        answer = measure(make_world(*tries))
        assert answer.knocks == 0
        assert answer.rate is None
        assert answer.interval is None

    def test_a_chain_keeps_the_asks_that_come_after_the_period(self) -> None:
        tries = [make_touch("2026-06-25", "WDB", reached="no"), make_touch("2026-07-02", "WDB")]
        (line,) = explain(make_world(*tries), period=Period(day("2026-06-01"), day("2026-06-30")))
        assert len(line.touchpoints) == 2


class TestWhatIsNoKnock:
    @pytest.mark.parametrize("purpose", ["service", "follow_up"])
    def test_service_and_follow_up_are_not_asks(self, purpose: str) -> None:
        assert measure(make_world(make_touch("2026-03-01", "WDB", purpose=purpose))).knocks == 0

    def test_inbound_contact_is_not_a_knock(self) -> None:
        assert measure(make_world(make_touch("2026-03-01", "WDB", direction="in"))).knocks == 0

    def test_a_plan_is_not_a_knock_until_its_day(self) -> None:
        world = make_world(make_touch("2026-03-02", "WDB"))
        assert measure(world, as_of="2026-03-01").knocks == 0
        assert measure(world, as_of="2026-03-02").knocks == 1

    def test_blanks_count_as_an_outbound_call_that_reached_and_are_said(self) -> None:
        touch = make_touch("2026-03-01", "WDB", direction="", channel="", reached="", purpose="")
        (line,) = explain(make_world(touch))
        assert (line.burden, line.purpose_class) == (0.6, "unstated")
        assert measure(make_world(touch)).assumed == {"direction": 1, "reached": 1, "channel": 1}

    def test_only_blanks_of_the_period_are_counted_as_assumed(self) -> None:
        touch = make_touch("2025-12-31", "WDB", direction="", channel="", reached="")
        assert measure(make_world(touch)).assumed == {"direction": 0, "reached": 0, "channel": 0}

    def test_blanks_of_plans_are_not_assumed(self) -> None:
        plan = make_touch("2026-12-01", "WDB", direction="", channel="", reached="")
        assert measure(make_world(plan), as_of="2026-11-30").assumed == {"direction": 0, "reached": 0, "channel": 0}


class TestWindow:
    def test_a_knock_exactly_90_days_later_still_meets_the_earlier_one(self) -> None:
        assert classify(make_world(make_touch("2026-03-01", "WDB"), make_touch("2026-05-30", "VR")))[1] == "redundant"

    def test_a_knock_91_days_later_does_not(self) -> None:
        assert classify(make_world(make_touch("2026-03-01", "WDB"), make_touch("2026-05-31", "VR")))[1] == "first"

    def test_knocks_before_the_period_are_looked_back_to(self) -> None:
        world = make_world(make_touch("2025-12-20", "WDB"), make_touch("2026-01-10", "VR"))
        assert classify(world) == ["redundant"]

    def test_of_two_knocks_on_one_day_the_later_in_order_is_redundant(self) -> None:
        world = make_world(make_touch("2026-03-01", "WDB"), make_touch("2026-03-01", "Chamber"))
        assert [(line.agencies, line.outcome.word) for line in explain(world)] == [
            (["Chamber"], "first"),
            (["WDB"], "redundant"),
        ]

    def test_upper_case_comes_before_lower_case_and_accents_last(self) -> None:
        programs = {"p1": "abel", "p2": "Zeta", "p3": "École"}
        touches = [make_touch("2026-03-01", "WDB", key="k", agency=a) for a in programs.values()]
        touches = [replace(t, programs=(p,)) for t, p in zip(touches, programs, strict=True)]
        lines = explain(make_world(*touches, programs=programs))
        assert [line.agencies for line in lines] == [["Zeta"], ["abel"], ["École"]]

    def test_keys_decide_between_contacts_of_one_agency_on_one_day(self) -> None:
        touches = [
            make_touch("2026-03-01", "College", key="9", reached="no"),
            make_touch("2026-03-01", "College", key="10", reached="yes"),
        ]
        assert [line.touchpoints for line in explain(make_world(*touches))] == [
            [("College", "10")],
            [("College", "9")],
        ]

    def test_systems_decide_where_the_key_is_the_same(self) -> None:
        touches = [
            make_touch("2026-03-01", "College", key="1", system="b", channel="email"),
            make_touch("2026-03-01", "College", key="1", system="a", channel="visit"),
        ]
        assert [line.burden for line in explain(make_world(*touches))] == [1.0, 0.4]


class TestJointContacts:
    def test_a_joint_visit_is_one_knock_credited_to_both(self) -> None:
        (line,) = explain(make_world(make_touch("2026-03-01", "WDB", "VR")))
        assert line.agencies == ["VR", "WDB"]
        row = measure(make_world(make_touch("2026-03-01", "WDB", "VR"))).businesses[0]
        assert (row.knocks, row.agencies, row.programs, row.doors, row.effective_doors) == (1, 2, 2, 1, 1.0)

    def test_two_programs_of_one_agency_are_not_joint(self) -> None:
        touches = [make_touch("2026-03-01", "College", "College evening"), make_touch("2026-03-05", "WDB")]
        row = measure(make_world(*touches)).businesses[0]
        assert (row.agencies, row.programs, row.doors) == (2, 3, 2)

    def test_a_knock_after_a_joint_one_with_the_same_agency_is_an_own_repeat(self) -> None:
        touches = [make_touch("2026-03-01", "WDB", "VR"), make_touch("2026-03-20", "VR")]
        assert classify(make_world(*touches)) == ["first", "own_repeat"]

    def test_a_joint_knock_by_one_of_the_door_is_not_redundant(self) -> None:
        touches = [make_touch("2026-03-01", "WDB"), make_touch("2026-03-20", "College", "VR")]
        assert classify(make_world(*touches)) == ["first", "redundant"]
        linked = make_world(*touches, pacts=[Pact(("WDB", "VR"), date(2026, 1, 1))])
        assert classify(linked) == ["first", "coordinated"]

    def test_a_joint_service_visit_links_the_knocks_that_follow(self) -> None:
        touches = [
            make_touch("2026-02-01", "WDB", "VR", purpose="service", direction="in", reached="no"),
            make_touch("2026-03-01", "WDB"),
            make_touch("2026-03-20", "VR"),
        ]
        assert classify(make_world(*touches)) == ["first", "coordinated"]

    def test_a_joint_visit_later_the_same_day_links_already(self) -> None:
        touches = [
            make_touch("2026-03-01", "College"),
            make_touch("2026-03-20", "Chamber"),
            make_touch("2026-03-20", "College", "Chamber", purpose="service", key="z"),
        ]
        assert classify(make_world(*touches)) == ["first", "coordinated"]

    def test_a_planned_joint_visit_does_not_link(self) -> None:
        touches = [
            make_touch("2026-03-01", "WDB"),
            make_touch("2026-03-20", "VR"),
            make_touch("2026-03-21", "WDB", "VR", purpose="service"),
        ]
        assert classify(make_world(*touches), as_of="2026-03-20") == ["first", "redundant"]


class TestAgreements:
    KNOCKS = (make_touch("2026-03-01", "WDB"), make_touch("2026-03-20", "VR"))

    def test_knocks_from_before_an_agreement_of_others_are_still_looked_back_to(self) -> None:
        pacts = [Pact(("College", "Chamber"), date(2026, 3, 10))]
        assert classify(make_world(*self.KNOCKS, pacts=pacts)) == ["first", "redundant"]

    @pytest.mark.parametrize(
        ("begins", "ends", "expected"),
        [
            (date(2026, 3, 20), None, "coordinated"),
            (date(2026, 3, 21), None, "redundant"),
            (date(2026, 1, 1), date(2026, 3, 20), "coordinated"),
            (date(2026, 1, 1), date(2026, 3, 19), "redundant"),
        ],
    )
    def test_the_agreements_of_the_day_of_the_knock_decide(
        self, begins: date, ends: date | None, expected: str
    ) -> None:
        pacts = [Pact(("WDB", "VR"), begins, ends)]
        assert classify(make_world(*self.KNOCKS, pacts=pacts)) == ["first", expected]

    def test_agreements_join_agencies_through_a_third(self) -> None:
        pacts = [Pact(("WDB", "Chamber"), date(2026, 1, 1)), Pact(("Chamber", "VR"), date(2026, 3, 5))]
        assert classify(make_world(*self.KNOCKS, pacts=pacts)) == ["first", "coordinated"]


class TestReferrals:
    KNOCKS = (make_touch("2026-03-01", "WDB"), make_touch("2026-03-20", "VR"))

    def test_an_accepted_referral_coordinates(self) -> None:
        handover = Handover("bakery", "WDB", "VR", date(2026, 3, 10))
        assert classify(make_world(*self.KNOCKS, handovers=[handover])) == ["first", "coordinated"]

    @pytest.mark.parametrize("accepted", [None, date(2026, 3, 21)])
    def test_a_referral_not_yet_accepted_does_not(self, accepted: date | None) -> None:
        handover = Handover("bakery", "WDB", "VR", accepted)
        assert classify(make_world(*self.KNOCKS, handovers=[handover])) == ["first", "redundant"]

    def test_a_referral_of_another_business_does_not(self) -> None:
        handover = Handover("smithy", "WDB", "VR", date(2026, 3, 10))
        assert classify(make_world(*self.KNOCKS, handovers=[handover])) == ["first", "redundant"]


class TestWhatIsOfWhen:
    OLD = (make_touch("2025-03-01", "WDB"), make_touch("2025-04-01", "VR"))

    def test_counts_are_of_the_period_and_doors_of_the_last_12_months(self) -> None:
        world = make_world(*self.OLD, make_touch("2026-11-01", "College"))
        answer = measure(world, period=Period(day("2025-01-01"), day("2025-12-31")))
        (row,) = answer.businesses
        assert (answer.knocks, row.agencies, row.programs) == (2, 2, 2)
        assert (row.doors, row.effective_doors) == (1, 1.0)
        assert (answer.mean_doors, answer.share_2_doors) == (1.0, 0.0)

    def test_a_business_without_a_recent_knock_has_no_effective_doors(self) -> None:
        answer = measure(make_world(*self.OLD), period=Period(day("2025-01-01"), day("2025-12-31")))
        (row,) = answer.businesses
        assert (row.doors, row.effective_doors) == (0, None)
        assert (answer.mean_doors, answer.share_2_doors) == (None, None)

    @pytest.mark.parametrize(("on", "doors"), [("2025-12-31", 0), ("2026-01-01", 1)])
    def test_the_last_12_months_are_365_days(self, on: str, doors: int) -> None:
        history = build_history(make_region(make_world(make_touch(on, "WDB"))), as_of=day("2026-12-31"))
        assert history.year.doors.tolist() == [doors]
        assert measure_region(history).knocks == doors


class TestAskedTwice:
    def test_a_topic_through_two_doors_counts_whatever_its_spelling(self) -> None:
        touches = [
            make_touch("2026-03-01", "WDB", topics=("Welders", "CDL")),
            make_touch("2026-09-20", "VR", topics=(" welders ",), purpose="sponsorship"),
        ]
        history = build_history(make_region(make_world(*touches)), as_of=day(AS_OF))
        assert measure_region(history).asked_twice == 1
        assert [(pair.topic, pair.doors) for pair in list_asked_twice(history)] == [("welders", 2)]

    @pytest.mark.parametrize(("on", "pairs"), [("2026-01-01", 1), ("2025-12-31", 0)])
    def test_only_asks_of_the_last_12_months_count(self, on: str, pairs: int) -> None:
        touches = [make_touch(on, "WDB", topics=("CDL",)), make_touch("2026-09-20", "VR", topics=("CDL",))]
        assert measure(make_world(*touches)).asked_twice == pairs

    def test_a_topic_through_one_door_does_not(self) -> None:
        touches = [make_touch("2026-03-01", "WDB", topics=("CDL",)), make_touch("2026-09-20", "VR", topics=("CDL",))]
        world = make_world(*touches, pacts=[Pact(("WDB", "VR"), date(2026, 12, 31))])
        assert measure(world).asked_twice == 0


class TestSectors:
    WORLD = World(
        programs={"WDB": "WDB"},
        touches=[make_touch("2026-03-01", "WDB", business=name) for name in ("bakery", "smithy", "shop")],
        sites=[
            Site("bakery", naics="311811", county="Cook", zip="60601"),
            Site("smithy", naics="332111", county="Lake", zip="60002-1234", closed_on=date(2026, 12, 31)),
            Site("shop", naics="", county="Cook"),
            Site("mill", naics="311211", county="Lake"),
        ],
    )

    def test_without_a_sector_all_businesses_count(self) -> None:
        assert measure(self.WORLD).knocks == 3

    def test_prefixes_choose_and_a_blank_code_is_in_none(self) -> None:
        assert [row.business for row in measure(self.WORLD, scope=Scope(Sector(("31", "33")))).businesses] == [
            "bakery",
            "smithy",
        ]

    @pytest.mark.parametrize(("place", "knocks"), [("COOK", 1), ("60601", 1), ("60002", 1), ("Will", 0)])
    def test_a_place_is_a_county_or_a_zip_ignoring_case(self, place: str, knocks: int) -> None:
        assert measure(self.WORLD, scope=Scope(Sector(("31", "33"), (place,)))).knocks == knocks

    @pytest.mark.parametrize(
        ("place", "knocked"),
        [(" cook ", ["bakery", "shop"]), ("60601", ["bakery"]), ("60002", ["smithy"]), ("Will", [])],
    )
    def test_a_place_alone_takes_every_sector(self, place: str, knocked: list[str]) -> None:
        assert sorted(row.business for row in measure(self.WORLD, scope=Scope(place=place)).businesses) == knocked

    def test_a_size_is_a_line_of_the_table_of_budgets_with_both_ends_in_it(self) -> None:
        counts = [None, 0, 1, 9, 10, 49, 50, 249, 250, 9000]
        world = make_world(
            *(make_touch("2026-03-01", "WDB", business=f"b{count}") for count in counts),
            sites=[Site(f"b{count}", employees=count) for count in counts],
        )
        found = {
            size.name: [row.business for row in measure(world, scope=Scope(size=size)).businesses]
            for size in Settings().sizes
        }
        assert found == {
            "1-9": ["b0", "b1", "b9"],
            "10-49": ["b10", "b49"],
            "50-249": ["b249", "b50"],
            "250+": ["b250", "b9000"],
            "unknown": ["bNone"],
        }

    def test_sector_place_and_size_hold_together(self) -> None:
        small = Settings().sizes[0]
        assert measure(self.WORLD, scope=Scope(Sector(("31",)), "Cook", None)).knocks == 1
        assert measure(self.WORLD, scope=Scope(Sector(("33",)), "Cook", None)).knocks == 0
        assert measure(self.WORLD, scope=Scope(Sector(("31",)), "Cook", small)).universe == 0

    def test_the_universe_leaves_out_the_closed_and_counts_the_untouched(self) -> None:
        answer = measure(self.WORLD, scope=Scope(Sector(("31", "33"))))
        assert (answer.knocks, answer.universe, answer.untouched) == (2, 2, 1)
        assert answer.top_decile_share == 1.0
        assert answer.gini == pytest.approx(0.5)

    def test_doors_and_hotspots_are_of_the_businesses_of_the_sector(self) -> None:
        more = [
            make_touch("2026-12-30", "WDB", business="shop", key=key, topics=("CDL",)) for key in ("1", "2", "3", "4")
        ]
        other = make_touch("2026-12-30", "VR", business="shop", topics=("CDL",))
        world = replace(self.WORLD, programs={"WDB": "WDB", "VR": "VR"}, touches=[*self.WORLD.touches, *more, other])
        whole, bakeries = measure(world), measure(world, scope=Scope(Sector(("311",))))
        assert (whole.mean_doors, whole.asked_twice) != (1.0, 0)
        assert (bakeries.mean_doors, bakeries.asked_twice, bakeries.door_counts) == (1.0, 0, {1: 1})
        assert [row.business for row in whole.businesses if row.hotspot] == ["shop"]
        assert [row.business for row in bakeries.businesses if row.hotspot] == ["bakery"]


class TestFilters:
    def test_one_agency_or_class_is_counted_and_still_compared_with_all(self) -> None:
        world = make_world(*FIVE)
        history = build_history(make_region(world), as_of=day(AS_OF))
        college = measure_region(history, period=YEAR, agency=list_ids(world)["College"])
        assert (college.knocks, college.redundant) == (2, 1)
        assert measure_region(history, period=YEAR, purpose_class="sponsorship").knocks == 1


class TestMonths:
    def test_every_month_that_the_period_touches_is_told(self) -> None:
        answer = measure(make_world(*FIVE), period=Period(day("2026-01-31"), day("2026-03-01")))
        assert [(month.month, month.knocks, month.redundant, month.rate) for month in answer.months] == [
            ("2026-01", 0, 0, None),
            ("2026-02", 1, 0, 0.0),
            ("2026-03", 1, 1, 1.0),
        ]
        assert [month.interval for month in answer.months] == [None, (0.0, 0.0), (1.0, 1.0)]

    def test_the_months_add_up_to_the_period(self) -> None:
        answer = measure(make_world(*FIVE))
        assert len(answer.months) == 12
        assert sum(month.knocks for month in answer.months) == answer.knocks
        assert sum(month.redundant for month in answer.months) == answer.redundant


class TestRanking:
    @staticmethod
    def make_answer() -> RegionKnocks:
        counts = {"d": 2, "a": 1, "c": 2, "b": 3}
        touches = [
            make_touch(f"2026-{month:02d}-01", "WDB" if month < 3 else "VR", business=name, key=f"{name}{month}")
            for name, count in counts.items()
            for month in range(1, count + 1)
        ]
        return measure(make_world(*touches, sites=[Site(name) for name in counts]))

    def test_the_most_knocks_come_first_then_ids_in_text_order(self) -> None:
        assert [row.business for row in self.make_answer().businesses] == ["b", "c", "d", "a"]

    def test_of_as_many_knocks_the_more_redundant_come_first(self) -> None:
        touches = [
            make_touch("2026-01-01", "WDB", business="a"),
            make_touch("2026-03-01", "WDB", business="a"),
            make_touch("2026-01-01", "WDB", business="b"),
            make_touch("2026-03-01", "VR", business="b"),
        ]
        answer = measure(make_world(*touches, sites=[Site("a"), Site("b")]))
        assert [row.business for row in answer.businesses] == ["b", "a"]

    def test_rows_are_read_by_place_and_by_slice(self) -> None:
        ranking = self.make_answer().businesses
        assert len(ranking) == 4
        assert ranking[-1].business == "a"
        assert [row.business for row in ranking[1:3]] == ["c", "d"]
        with pytest.raises(IndexError):
            ranking[4]

    def test_another_column_orders_and_keeps_ties_as_they_were(self) -> None:
        ranking = self.make_answer().businesses
        assert [ranking[place].business for place in ranking.list_places("redundant")] == ["b", "c", "d", "a"]
        assert [ranking[place].business for place in ranking.list_places("name", descending=False)] == [
            "a",
            "b",
            "c",
            "d",
        ]


class TestSentences:
    def test_each_class_says_why(self) -> None:
        touches = [*FIVE[:3], make_touch("2026-02-20", "College"), make_touch("2026-02-21", "College evening")]
        pacts = [Pact(("WDB", "VR"), date(2026, 2, 1))]
        lines = explain(make_world(*touches, make_touch("2026-04-25", "VR", "WDB"), pacts=pacts))
        assert [line.why for line in lines] == [
            "First: nobody had asked the same kind of question in the 90 days before.",
            "Redundant: WDB had asked the same kind of question 15 days earlier, and the two agencies were not in one "
            "door that day.",
            "First: nobody had asked the same kind of question in the 90 days before.",
            "Redundant: WDB had asked the same kind of question 46 days earlier, and the two agencies were not in one "
            "door that day.",
            "Redundant: WDB had asked the same kind of question 47 days earlier, and the two agencies were not in one "
            "door that day.",
            "Redundant: College had asked the same kind of question 63 days earlier, and their agencies were not in "
            "one door that day.",
        ]

    def test_a_coordinated_knock_names_what_links_the_agencies(self) -> None:
        pacts = [Pact(("WDB", "College"), date(2026, 1, 1))]
        why = explain(make_world(*FIVE[:2], pacts=pacts))[1].why
        assert why == (
            "Coordinated: WDB had asked the same kind of question 15 days earlier, and the two agencies were in one "
            'door that day through the agreement "WDB and College" of 2026-01-01.'
        )

    def test_agencies_linked_by_others_say_so(self) -> None:
        pacts = [Pact(("WDB", "VR"), date(2026, 1, 1)), Pact(("VR", "College"), date(2026, 1, 1))]
        why = explain(make_world(*FIVE[:2], pacts=pacts))[1].why
        assert why.endswith("were in one door that day through their links with other agencies.")

    def test_a_repeat_names_the_agency(self) -> None:
        touches = [make_touch("2026-03-01", "College"), make_touch("2026-03-01", "College", key="z")]
        assert explain(make_world(*touches))[1].why == (
            "Own repeat: College itself had asked the same kind of question earlier the same day."
        )
        other = [make_touch("2026-03-01", "College"), make_touch("2026-03-02", "College evening")]
        assert explain(make_world(*other))[1].why == (
            "Own repeat: another program of College had asked the same kind of question 1 day earlier."
        )

    def test_the_json_has_the_names_of_the_contract(self) -> None:
        line = explain(make_world(*FIVE))[1].as_json()
        assert line.pop("why").startswith("Redundant:")
        assert line == {
            "touchpoints": [{"agency": "College", "key": "2026-01-20 College"}],
            "date": "2026-01-20",
            "class": "redundant",
            "purpose_class": "input",
            "agencies": ["College"],
            "burden": 1.0,
        }

    def test_the_list_has_the_knocks_of_the_period_both_ends_inside(self) -> None:
        lines = explain(make_world(*FIVE), period=Period(day("2026-01-20"), day("2026-03-01")))
        assert [line.day for line in lines] == [day("2026-01-20"), day("2026-02-10"), day("2026-03-01")]

    def test_a_business_without_contacts_has_no_knocks(self) -> None:
        history = build_history(make_region(make_world(*FIVE)), as_of=day(AS_OF))
        assert explain_business(history, "nobody") == []
