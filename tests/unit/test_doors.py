"""Doors: links, their boundaries, what an agreement covers, and the worked effective doors of definitions §3."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from crm.analysis.days import get_day
from crm.analysis.doors import Doors, Link, join_masks, label_agencies, merge_links
from crm.analysis.history import build_history, count_doors
from crm.analysis.knocks import RegionKnocks, measure_region
from crm.analysis.regions import Agreement
from tests.knock_worlds import Handover, Pact, Site, World, make_region, make_touch, make_world

WDB, COLLEGE, VR, CHAMBER = 1, 2, 4, 8


def measure(world: World, as_of: str) -> RegionKnocks:
    return measure_region(build_history(make_region(world), as_of=get_day(date.fromisoformat(as_of))))


def count_after(joint: str, *, as_of: str) -> int:
    """The doors of two agencies that knocked alone and met jointly, for no ask, on another day."""
    world = make_world(
        make_touch("2026-12-01", "WDB"),
        make_touch("2026-12-02", "VR"),
        make_touch(joint, "WDB", "VR", purpose="service"),
    )
    return measure(world, as_of).businesses[0].doors


class TestEffectiveDoors:
    @pytest.mark.parametrize(
        ("burdens", "expected"), [([4, 2, 1, 1], 3.364), ([4, 3, 1], 2.649), ([8], 1.0), ([1, 1, 1], 3.0)]
    )
    def test_the_worked_values(self, burdens: list[float], expected: float) -> None:
        doors = np.arange(len(burdens), dtype=np.int32)
        counted = count_doors(np.zeros_like(doors), doors, np.array(burdens, dtype=np.float64), businesses=1)
        assert counted.effective[0] == pytest.approx(expected, abs=0.0005)
        assert counted.doors.tolist() == [len(burdens)]

    def test_joining_agencies_lowers_the_number_as_worked(self) -> None:
        visits = {"WDB": 4, "College": 2, "Chamber": 1, "VR": 1}
        touches = [
            make_touch(f"2026-{2 * number + 1:02d}-01", agency)
            for agency, count in visits.items()
            for number in range(count)
        ]

        def find_mean(*pacts: Pact) -> float | None:
            return measure(make_world(*touches, pacts=list(pacts)), "2026-12-01").mean_doors

        begin = date(2026, 12, 1)
        assert find_mean() == pytest.approx(3.364, abs=0.0005)
        assert find_mean(Pact(("College", "Chamber"), begin)) == pytest.approx(2.649, abs=0.0005)
        assert find_mean(Pact(tuple(visits), begin)) == 1.0

    def test_the_region_weighs_each_business_by_its_knocks(self) -> None:
        touches = [
            make_touch("2026-03-01", "WDB", business="bakery"),
            make_touch("2026-03-02", "VR", business="bakery"),
            make_touch("2026-03-03", "VR", business="smithy"),
        ]
        answer = measure(make_world(*touches), "2026-12-01")
        assert answer.mean_doors == pytest.approx((2 * 2 + 1 * 1) / 3)
        assert (answer.share_2_doors, answer.share_3_doors) == (0.5, 0.0)
        assert answer.door_counts == {1: 1, 2: 1}


class TestLinksInTime:
    def test_a_joint_contact_links_for_exactly_365_days(self) -> None:
        assert count_after("2025-12-15", as_of="2026-12-15") == 1
        assert count_after("2025-12-14", as_of="2026-12-15") == 2

    def test_a_joint_contact_links_on_its_own_day(self) -> None:
        assert count_after("2026-12-15", as_of="2026-12-15") == 1
        assert count_after("2026-12-16", as_of="2026-12-15") == 2

    @pytest.mark.parametrize(
        ("begins", "ends", "doors"),
        [
            (date(2026, 12, 15), None, 1),
            (date(2026, 12, 16), None, 2),
            (date(2026, 1, 1), date(2026, 12, 15), 1),
            (date(2026, 1, 1), date(2026, 12, 14), 2),
        ],
    )
    def test_an_agreement_links_from_its_first_to_its_last_day(
        self, begins: date, ends: date | None, doors: int
    ) -> None:
        touches = [make_touch("2026-12-01", "WDB"), make_touch("2026-12-02", "VR")]
        world = make_world(*touches, pacts=[Pact(("WDB", "VR"), begins, ends)])
        assert measure(world, "2026-12-15").businesses[0].doors == doors

    @pytest.mark.parametrize(("accepted", "doors"), [(date(2025, 12, 15), 1), (date(2025, 12, 14), 2)])
    def test_an_accepted_referral_links_for_exactly_365_days(self, accepted: date, doors: int) -> None:
        touches = [make_touch("2026-12-01", "WDB"), make_touch("2026-12-02", "VR")]
        world = make_world(*touches, handovers=[Handover("bakery", "VR", "WDB", accepted)])
        assert measure(world, "2026-12-15").businesses[0].doors == doors


class TestWhatAnAgreementCovers:
    @pytest.mark.parametrize(
        ("changes", "covered"),
        [
            ({}, True),
            ({"naics": ("31",)}, True),
            ({"naics": ("32", "3118")}, True),
            ({"naics": ("32",)}, False),
            ({"businesses": frozenset(["bakery"])}, True),
            ({"businesses": frozenset(["smithy"])}, False),
            ({"naics": ("32",), "businesses": frozenset(["bakery"])}, True),
            ({"naics": ("31",), "businesses": frozenset(["smithy"])}, True),
            ({"places": ("COOK",)}, True),
            ({"places": ("Lake", "60601")}, True),
            ({"places": ("Lake",)}, False),
            ({"naics": ("31",), "places": ("Cook",)}, True),
            ({"naics": ("31",), "places": ("Lake",)}, False),
            ({"naics": ("32",), "places": ("Cook",)}, False),
            ({"places": ("Lake",), "businesses": frozenset(["bakery"])}, True),
        ],
    )
    def test_the_named_and_those_of_the_sector_and_place_and_without_either_all(
        self, changes: dict[str, object], covered: bool
    ) -> None:
        agreement = Agreement("A", ("x", "y"), 0, **changes)  # type: ignore[arg-type]
        assert agreement.covers("bakery", "311811", county="Cook", zip_code="60601-1234") == covered
        touches = [make_touch("2026-12-01", "WDB"), make_touch("2026-12-02", "VR")]
        pact = Pact(("WDB", "VR"), date(2026, 1, 1), **changes)  # type: ignore[arg-type]
        world = make_world(*touches, pacts=[pact], sites=[Site("bakery", "311811", county="Cook", zip="60601-1234")])
        assert measure(world, "2026-12-15").businesses[0].doors == (1 if covered else 2)

    def test_a_business_without_a_code_is_in_no_sector(self) -> None:
        assert not Agreement("A", ("x", "y"), 0, naics=("31",)).covers("bakery", "")
        assert not Agreement("A", ("x", "y"), 0, naics=("31",)).covers("bakery", None)

    def test_an_agreement_of_one_agency_joins_nothing(self) -> None:
        touches = [make_touch("2026-12-01", "WDB"), make_touch("2026-12-02", "VR")]
        world = make_world(*touches, pacts=[Pact(("WDB",), date(2026, 1, 1))])
        assert measure(world, "2026-12-15").businesses[0].doors == 2

    def test_more_agreements_than_bits_in_a_number_are_told_apart(self) -> None:
        touches = [
            make_touch(on, agency, business=f"b{number}")
            for number in range(70)
            for on, agency in (("2026-12-01", "WDB"), ("2026-12-02", "VR"))
        ]
        pacts = [Pact(("WDB", "VR"), date(2026, 1, 1), businesses=frozenset([f"b{n}"])) for n in range(0, 70, 2)]
        pacts += [Pact(("WDB", "College"), date(2026, 1, 1), businesses=frozenset([f"b{n}"])) for n in range(1, 70, 2)]
        rows = measure(make_world(*touches, pacts=pacts), "2026-12-15").businesses
        assert {row.business: row.doors for row in rows} == {f"b{n}": 1 if n % 2 == 0 else 2 for n in range(70)}


class TestSetsOfAgencies:
    def test_sets_that_overlap_are_one_door_through_any_number_of_others(self) -> None:
        assert sorted(join_masks([WDB | COLLEGE, VR | CHAMBER, COLLEGE | VR])) == [WDB | COLLEGE | VR | CHAMBER]
        assert sorted(join_masks([WDB | COLLEGE, VR | CHAMBER])) == [WDB | COLLEGE, VR | CHAMBER]

    def test_a_door_is_widened_only_by_links_of_the_day(self) -> None:
        doors = Doors([Link(WDB | COLLEGE, 10, 20, "joint"), Link(COLLEGE | VR, 15, 30, "joint")])
        assert [doors.widen(WDB, day) for day in (9, 10, 15, 20, 21)] == [
            WDB,
            WDB | COLLEGE,
            WDB | COLLEGE | VR,
            WDB | COLLEGE | VR,
            WDB,
        ]

    def test_merged_links_leave_the_doors_of_every_day_as_they_were(self) -> None:
        links = [
            Link(WDB | VR, 5, 8, "joint"),
            Link(WDB | VR, 1, 3, "joint"),
            Link(WDB | VR, 7, 9, "referral"),
            Link(WDB | VR, 4, 4, "joint"),
            Link(WDB | VR, 8, 8, "joint"),
            Link(WDB | VR, 12, 12, "joint"),
            Link(COLLEGE | VR, 2, 6, "joint"),
        ]
        merged = merge_links(links)
        assert len(merged) == 3
        for day in range(14):
            assert sorted(Doors(merged).list_doors(day)) == sorted(Doors(links).list_doors(day))

    def test_agencies_of_one_door_get_the_label_of_the_lowest(self) -> None:
        assert label_agencies([COLLEGE | CHAMBER], 5) == [0, 1, 2, 1, 4]
