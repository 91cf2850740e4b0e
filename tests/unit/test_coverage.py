"""Coverage and critical mass: a worked region, and what each word of the definition leaves in or out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from crm.analysis.businesses import EVERYTHING, Scope, Sector
from crm.analysis.coverage import Coverage, measure_coverage
from crm.analysis.critical_mass import Goals, Meetings, Met, is_decision_maker, judge_critical_mass, list_met
from crm.analysis.days import get_day
from crm.analysis.history import build_history
from crm.analysis.naics import find_title
from crm.analysis.settings import Settings
from tests.knock_worlds import Site, World, make_region, make_touch, make_world

AS_OF = date(2026, 6, 30)
FOOD = Scope(Sector(("311", "312")))
# Ten food firms; WDB reaches b0-b3, the College b2-b5, both jointly b3 and the Chamber nobody.
SITES = [
    *(Site(f"b{number}", naics="311811", employees=10 * (number + 1)) for number in range(8)),
    Site("b8", naics="312120", employees=None),
    Site("b9", naics="312130", employees=5),
    Site("shut", naics="311811", employees=100, closed_on=AS_OF),
    Site("bank", naics="522110", employees=7),
    Site("blank"),
]
TOUCHES = [
    *(make_touch("2026-03-01", "WDB", business=f"b{number}") for number in (0, 1, 2)),
    make_touch("2026-03-02", "WDB", "College", business="b3"),
    *(make_touch("2026-03-03", "College", business=f"b{number}") for number in (2, 4, 5)),
]
WORLD = make_world(*TOUCHES, sites=SITES)


def measure(world: World = WORLD, *, scope: Scope = FOOD, as_of: date = AS_OF) -> Coverage:
    return measure_coverage(build_history(make_region(world), as_of=get_day(as_of)), scope=scope)


def shares(coverage: Coverage) -> dict[str, tuple[float | None, float | None]]:
    return {agency.agency: (agency.alone, agency.adds) for agency in coverage.agencies}


class TestWorkedRegion:
    def test_alone_together_and_what_each_adds_by_count(self) -> None:
        found = measure()
        assert (found.size, found.reached, found.together) == (10, 6, 0.6)
        assert shares(found) == {"WDB": (0.4, 0.2), "College": (0.4, 0.2), "Chamber": (0, 0), "VR": (0, 0)}

    def test_the_same_by_jobs_leaves_unknown_sizes_out_of_both_sums(self) -> None:
        found = measure()
        total = sum(10 * (number + 1) for number in range(8)) + 5
        assert (found.jobs, found.jobs_unknown) == (total, 1)
        assert found.together_jobs == pytest.approx(210 / total)
        by_name = {agency.agency: agency for agency in found.agencies}
        assert by_name["WDB"].jobs == pytest.approx((10 + 20 + 30 + 40) / total)
        assert by_name["WDB"].adds_jobs == pytest.approx((10 + 20) / total)
        assert by_name["College"].adds_jobs == pytest.approx((50 + 60) / total)

    def test_the_widest_come_first_and_equals_by_name(self) -> None:
        assert [agency.agency for agency in measure().agencies] == ["College", "WDB", "Chamber", "VR"]

    def test_the_businesses_behind_each_number(self) -> None:
        found = measure()
        ids = [site.business for site in SITES]

        def name(flags: Any) -> list[str]:
            return [ids[place] for place in np.flatnonzero(flags)]

        assert name(found.flag_agency("WDB")) == ["b0", "b1", "b2", "b3"]
        assert name(found.flag_agency("WDB", alone=True)) == ["b0", "b1"]
        assert name(found.universe & ~found.engaged) == ["b6", "b7", "b8", "b9"]
        assert found.list_agencies_of(3) == ["College", "WDB"]

    def test_the_cells_are_the_sectors_prefixes_by_size(self) -> None:
        cells = {(cell.sub_sector, cell.size): (cell.engaged, cell.businesses) for cell in measure().cells}
        assert {cell: counts for cell, counts in cells.items() if counts[1]} == {
            ("311", "10-49"): (4, 4), ("311", "50-249"): (2, 4), ("312", "1-9"): (0, 1), ("312", "unknown"): (0, 1),
        }  # fmt: skip
        assert len(cells) == 2 * 5
        assert [(cell.sub_sector, cell.size) for cell in measure().cells if cell.is_empty] == [
            ("312", "1-9"), ("312", "unknown")
        ]  # fmt: skip

    def test_without_a_sector_all_businesses_count_by_two_digits(self) -> None:
        found = measure(scope=EVERYTHING)
        assert found.size == 12
        assert found.strata.sub_sectors == ["31-33", "52", "unknown"]
        assert found.find_cell("31-33", "10-49").businesses == 4
        assert found.find_cell("62", "1-9").businesses == 0

    def test_nothing_is_a_share_of_nothing(self) -> None:
        found = measure(scope=Scope(Sector(("99",))))
        assert (found.size, found.together, found.together_jobs) == (0, None, None)
        assert set(shares(found).values()) == {(None, None)}


class TestEngaged:
    @pytest.mark.parametrize(
        ("changes", "engaged"),
        [
            ({}, 1),
            ({"direction": "in"}, 1),
            ({"purpose": "service"}, 1),
            ({"reached": ""}, 1),
            ({"reached": "no"}, 0),
            ({"on": date(2025, 7, 1)}, 1),
            ({"on": date(2025, 6, 30)}, 0),
            ({"on": date(2026, 6, 30)}, 1),
            ({"on": date(2026, 7, 1)}, 0),
            ({"business": "shut"}, 0),
            ({"business": "bank"}, 0),
            ({"business": "nowhere"}, 0),
        ],
    )
    def test_a_reached_contact_of_the_last_12_months_engages(self, changes: dict[str, Any], engaged: int) -> None:
        touch = replace(make_touch("2026-03-01", "WDB", business="b0"), **changes)
        assert measure(make_world(touch, sites=SITES)).reached == engaged

    def test_the_agency_is_that_of_the_program_and_not_who_logged_it(self) -> None:
        touch = make_touch("2026-03-01", "WDB", business="b0", agency="VR")
        assert shares(measure(make_world(touch, sites=SITES)))["WDB"] == (0.1, 0.1)
        assert shares(measure(make_world(touch, sites=SITES)))["VR"] == (0, 0)

    def test_the_longest_prefix_names_the_sub_sector_and_a_range_only_what_is_coded_so(self) -> None:
        sector = Sector(("31", "32", "33", "31-33", "332"))
        sites = [Site("a", naics="332710"), Site("b", naics="331110"), Site("c", naics="31-33")]
        strata = measure(make_world(sites=sites), scope=Scope(sector)).strata
        assert strata.sub_sectors == ["31", "31-33", "32", "33", "332"]
        assert [strata.sub_sectors[code] for code in strata.sub_sector] == ["332", "33", "31-33"]


class TestDecisionMakers:
    @pytest.mark.parametrize(
        "title",
        ["Owner", "President/CEO", "Pres.", "V.P. Operations", "Vice President of Sales", "Chief Executive Officer",
         "CFO", "Managing Partner", "GM", "Gen. Manager", "Plant Mgr", "Executive Director", "co-owner", "Chairwoman",
         "SVP Finance", "Founder & CEO"],
    )  # fmt: skip
    def test_who_heads_a_business_decides(self, title: str) -> None:
        assert is_decision_maker(title)

    @pytest.mark.parametrize(
        "title",
        ["", "HR Manager", "Office Manager", "Recruiter", "Executive Assistant", "Assistant to the President",
         "Training Manager", "Controller", "HR Business Partner", "Production Supervisor", "Partnership Manager",
         "Sales representative", "Chief of Staff"],
    )  # fmt: skip
    def test_who_works_for_them_does_not(self, title: str) -> None:
        assert not is_decision_maker(title)

    def test_people_met_in_the_last_12_months_at_businesses_of_the_universe_count_once(self) -> None:
        day = get_day(AS_OF)
        meetings = Meetings(
            businesses=["b0", "b1", "bank"],
            persons=["ann", "bob", "cy", "di"],
            business=np.array([0, 1, 2, 0, 0, 1], dtype=np.int32),
            person=np.array([0, 0, 1, 2, 3, 2], dtype=np.int32),
            day=np.array([day, day - 364, day, day - 365, day + 1, day], dtype=np.int32),
            decides=np.array([True, True, False, True]),
            untitled=np.array([False, False, True, False]),
        )
        found = list_met(meetings, ["b0", "b1"], as_of=day, settings=Settings())
        assert found == Met(decision_makers=["ann"], untitled=["cy"])


class TestCriticalMass:
    TWELVE = Met([f"p{number}" for number in range(12)], ["x"])

    def judge(self, goals: Goals, met: Met = TWELVE) -> dict[str, Any]:
        return judge_critical_mass(measure(), met, goals, Settings()).as_json()

    def test_what_the_region_has_not_set_is_neither_met_nor_missed(self) -> None:
        told = self.judge(Goals())
        assert (told["met"], told["strata"]["met"], told["jobs"]["needed"], told["jobs"]["met"]) == (None,) * 4
        assert told["decision_makers"] == {"engaged": 12, "needed": 12, "met": True, "untitled": 1}
        assert told["jobs"]["businesses_of_unknown_size"] == 1

    def test_eleven_decision_makers_are_too_few(self) -> None:
        told = self.judge(Goals(), Met(self.TWELVE.decision_makers[1:], []))
        assert (told["decision_makers"]["met"], told["met"]) == (False, False)

    def test_every_named_cell_needs_one(self) -> None:
        assert self.judge(Goals((("311", "10-49"),)))["strata"]["met"] is True
        told = self.judge(Goals((("311", "10-49"), ("312", "1-9"))))
        assert [cell["met"] for cell in told["strata"]["named"]] == [True, False]
        assert (told["strata"]["met"], told["met"]) == (False, False)
        assert self.judge(Goals((("999", "1-9"),)))["strata"]["met"] is False

    def test_jobs_at_the_limit_are_enough(self) -> None:
        share = 210 / 365
        assert self.judge(Goals(jobs=share))["jobs"]["met"] is True
        assert self.judge(Goals(jobs=share + 1e-10))["jobs"]["met"] is True
        assert self.judge(Goals(jobs=0.6))["jobs"]["met"] is False

    def test_all_three_together_are_a_critical_mass(self) -> None:
        assert self.judge(Goals((("311", "10-49"),), 0.5))["met"] is True


def test_a_code_is_called_by_the_longest_title_that_it_has() -> None:
    assert find_title("332710") == "Fabricated metal products"
    assert find_title("31-33") == "Manufacturing"
    assert find_title("unknown") == find_title("") == ""
