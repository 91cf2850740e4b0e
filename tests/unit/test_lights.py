"""The light of a business and of a person (definitions §4): colours, reasons, whom to ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.analysis.days import get_day
from crm.analysis.lights import Light, light_business, light_person
from tests.knock_worlds import (
    Handover,
    Pact,
    Site,
    Touch,
    World,
    list_ids,
    make_directory,
    make_subject,
    make_touch,
    make_world,
)

DAY = "2026-06-30"
BIG = [Site("bakery", employees=1000)]


def light(
    *touches: Touch, agency: str = "WDB", day: str = DAY, forbidden: bool = False, lead: str | None = None, **world: Any
) -> Light:
    made = make_world(*touches, **{"sites": BIG, **world})
    return light_business(
        make_subject(made, "bakery", do_not_contact=forbidden, lead=lead),
        agency=list_ids(made)[agency],
        day=get_day(date.fromisoformat(day)),
        directory=make_directory(made),
    )


def light_ann(world: World, *, businesses: tuple[str, ...] = ("bakery",), **options: Any) -> Light:
    return light_person(
        "ann",
        [make_subject(world, business, do_not_contact=options.pop("closed", False)) for business in businesses],
        works_at=["bakery"],
        agency=list_ids(world)["WDB"],
        day=get_day(date.fromisoformat(DAY)),
        directory=make_directory(world),
        **options,
    )


WORKED = (
    make_touch("2026-06-20", "VR", channel="visit"),
    make_touch("2026-05-21", "VR", channel="call"),
    make_touch("2026-04-11", "VR", channel="survey"),
)


class TestRed:
    def test_the_worked_example_is_red_and_free_in_23_days(self) -> None:
        found = light(*WORKED, sites=[Site("bakery")])
        assert found.light == "red"
        assert found.fatigue == pytest.approx(1.4146, abs=0.00005)
        assert found.as_json() | {"fatigue": None} == {
            "light": "red",
            "reasons": [
                "Asked too often lately (fatigue 1.41, at most 1). Free again on 2026-07-23, in 23 days.",
            ],
            "fatigue": None,
            "budget": 1.0,
            "free_on": "2026-07-23",
            "ask": [],
        }

    def test_it_is_red_for_the_agency_that_asked_too(self) -> None:
        assert light(*WORKED, sites=[Site("bakery")], agency="VR").light == "red"

    def test_on_the_free_day_it_is_red_no_more(self) -> None:
        assert light(*WORKED, sites=[Site("bakery")], day="2026-07-22").light == "red"
        assert light(*WORKED, sites=[Site("bakery")], day="2026-07-23").light == "green"

    def test_a_bigger_business_can_carry_it(self) -> None:
        assert light(*WORKED, sites=[Site("bakery", employees=10)], agency="VR").light == "green"

    def test_do_not_contact_is_red_without_a_free_day(self) -> None:
        found = light(forbidden=True)
        assert (found.light, found.free_on, found.ask) == ("red", None, [])
        assert found.reasons == ["Do not contact: a record of this business says so."]

    def test_a_joint_ask_weighs_once(self) -> None:
        assert light(make_touch("2026-06-30", "VR", "College")).fatigue == 1.0


class TestAmber:
    def test_an_ask_of_another_door_names_who_and_when(self) -> None:
        found = light(make_touch("2026-06-24", "College", channel="visit", topics=("welders",), staff=("Ana@x.org",)))
        assert found.light == "amber"
        assert found.reasons == ["College asked 6 days ago (visit about welders)."]
        assert found.ask == ["ana@x.org"]

    @pytest.mark.parametrize(("on", "expected"), [("2026-05-31", "amber"), ("2026-05-30", "green")])
    def test_an_ask_counts_for_exactly_30_days(self, on: str, expected: str) -> None:
        assert light(make_touch(on, "VR")).light == expected

    @pytest.mark.parametrize(
        ("on", "expected"),
        [("2026-07-01", "amber"), ("2026-07-14", "amber"), ("2026-07-15", "green")],
    )
    def test_a_plan_counts_for_exactly_14_days_ahead(self, on: str, expected: str) -> None:
        assert light(make_touch(on, "VR", purpose="service")).light == expected

    def test_a_service_visit_last_week_is_no_reason(self) -> None:
        assert light(make_touch("2026-06-24", "VR", purpose="service")).light == "green"

    def test_a_service_visit_today_is_no_plan_any_more(self) -> None:
        assert light(make_touch(DAY, "VR", purpose="service")).light == "green"

    def test_inbound_contact_is_no_ask(self) -> None:
        assert light(make_touch("2026-06-24", "VR", direction="in")).light == "green"

    @pytest.mark.parametrize(
        ("kept", "expected"),
        [(None, "amber"), (date(2026, 7, 1), "amber"), (date(2026, 6, 30), "green"), (date(2025, 1, 1), "green")],
    )
    def test_a_promise_counts_until_it_is_kept(self, kept: date | None, expected: str) -> None:
        old = make_touch("2025-01-01", "VR", purpose="service", promise="a flyer", promise_kept_on=kept)
        assert light(old).light == expected

    def test_a_promise_in_a_plan_is_not_made_yet(self) -> None:
        assert light(make_touch("2026-09-01", "VR", promise="a flyer")).light == "green"

    def test_its_own_asks_are_no_reason(self) -> None:
        assert light(make_touch("2026-06-24", "VR"), agency="VR").light == "green"

    def test_a_joint_contact_of_its_own_is_no_reason(self) -> None:
        assert light(make_touch("2026-07-02", "VR", "WDB"), agency="WDB").light == "green"

    @pytest.mark.parametrize(
        "links",
        [
            {"pacts": [Pact(("WDB", "VR"), date(2026, 6, 30))]},
            {"pacts": [Pact(("WDB", "Chamber"), date(2026, 1, 1)), Pact(("Chamber", "VR"), date(2026, 1, 1))]},
            {"handovers": [Handover("bakery", "VR", "WDB", date(2026, 6, 30))]},
        ],
    )
    def test_an_ask_of_the_same_door_is_no_reason(self, links: dict[str, Any]) -> None:
        assert light(make_touch("2026-06-24", "VR"), **links).light == "green"

    def test_the_door_of_the_day_decides(self) -> None:
        pacts = [Pact(("WDB", "VR"), date(2026, 1, 1), date(2026, 6, 29))]
        assert light(make_touch("2026-06-24", "VR"), pacts=pacts).light == "amber"


class TestWhomToAsk:
    ASKED = (
        make_touch("2026-06-24", "VR", staff=("zoe@vr.org", "BEN@vr.org ")),
        make_touch("2026-06-25", "College"),
        make_touch("2025-06-25", "Chamber", staff=("old@chamber.org",)),
    )

    def test_the_lead_if_there_is_one(self) -> None:
        assert light(*self.ASKED, lead="lead@x.org").ask == ["lead@x.org"]

    def test_else_the_staff_of_those_contacts(self) -> None:
        assert light(*self.ASKED).ask == ["ben@vr.org", "zoe@vr.org"]

    def test_else_their_agencies(self) -> None:
        touches = [make_touch("2026-06-25", "VR", "College"), make_touch("2026-06-26", "VR")]
        assert light(*touches).ask == ["College", "VR"]


class TestGreen:
    def test_nobody_ever_called(self) -> None:
        assert light().as_json() == {
            "light": "green",
            "reasons": ["No other door asked in the last 30 days, plans to in the next 14, or has a promise open."],
            "fatigue": 0.0,
            "budget": 4.0,
            "free_on": None,
            "ask": [],
        }

    def test_what_partners_in_ones_own_door_did_is_told_and_holds_nobody(self) -> None:
        visit, own = make_touch("2026-06-20", "VR", channel="visit"), make_touch("2026-06-25", "WDB", channel="call")
        pact = Pact(("WDB", "VR"), date(2026, 1, 1))
        found = light(visit, own, pacts=[pact])
        assert (found.light, found.ask) == ("green", [])
        assert found.reasons[1:] == ["In your own door: VR asked 10 days ago (visit)."]
        assert light(visit, own).light == "amber"


class TestPersons:
    def test_only_asks_that_name_them_weigh_each_with_the_whole_weight(self) -> None:
        touches = [
            make_touch("2026-06-30", "WDB", persons=("ann", "bob"), channel="call"),
            make_touch("2026-06-30", "WDB", persons=("bob",), key="other"),
        ]
        found = light_ann(make_world(*touches, sites=BIG))
        assert (found.light, found.fatigue, found.budget) == ("green", 0.6, 1.0)

    def test_a_person_is_red_above_one_though_the_business_is_not(self) -> None:
        touches = [make_touch(f"2026-06-{day}", "WDB", persons=("ann",)) for day in (29, 30)]
        found = light_ann(make_world(*touches, sites=BIG))
        assert found.light == "red"
        assert found.free_on == get_day(date(2026, 8, 14))

    def test_asks_at_every_business_count(self) -> None:
        touches = [
            make_touch("2026-06-29", "WDB", persons=("ann",)),
            make_touch("2026-06-30", "WDB", persons=("ann",), business="smithy"),
        ]
        found = light_ann(make_world(*touches, sites=BIG), businesses=("bakery", "smithy"))
        assert found.light == "red"

    def test_a_person_is_red_when_their_business_is(self) -> None:
        found = light_ann(make_world(sites=BIG), closed=True)
        assert found.light == "red"
        assert found.reasons == ["Their business: Do not contact: a record of this business says so."]
        assert found.free_on is None

    def test_do_not_contact_of_the_person_is_red(self) -> None:
        found = light_ann(make_world(sites=BIG), do_not_contact=True)
        assert (found.light, found.reasons) == ("red", ["Do not contact: a record of this person says so."])

    def test_contacts_that_do_not_name_them_are_no_reason_but_still_link(self) -> None:
        unnamed = make_touch("2026-06-24", "VR")
        named = make_touch("2026-06-24", "VR", persons=("ann",))
        joint = make_touch("2026-06-01", "VR", "WDB", purpose="service")
        assert light_ann(make_world(unnamed, sites=BIG)).light == "green"
        assert light_ann(make_world(named, sites=BIG)).light == "amber"
        assert light_ann(make_world(named, joint, sites=BIG)).light == "green"
