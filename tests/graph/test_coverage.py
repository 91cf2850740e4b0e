"""`crm coverage` on a real graph, what a region sets for critical mass, and the people whom agencies met."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from crm.access import OWNER, Viewer
from crm.commands.coverage import coverage
from crm.errors import CrmError, NotAllowed, NotFound, Refused
from crm.graph.driver import Store
from crm.services import coverage as services
from crm.services.questions import ask as ask_question
from tests.factories import import_text, undo
from tests.worked_knocks import PROGRAMS

BUSINESSES = """
agency,source_id,name,naics,employees,county,zip
WDB,B1,Acme Tool Inc,332710,5,Winnebago,61101
WDB,B2,Bay Metal,332100,60,Winnebago,61102
WDB,B3,Cove Foods,311811,300,Cook,60601
WDB,B4,Dale Foods,311811,,Cook,60602
"""
PEOPLE = """
agency,source_id,business,name,title,email
WDB,P1,B1,Ann Ames,Owner,ann@acme.example
WDB,P2,B3,Bob Bell,HR Manager,bob@cove.example
WDB,P3,B3,Cy Cole,,cy@cove.example
"""
CONTACTS = """
agency,source_id,date,program,business,person,channel,purpose,reached
WDB,W1,2026-01-05,Training,B1,P1,visit,needs,yes
WDB,W2,2026-01-06,Training,B3,P2;P3,visit,needs,yes
WDB,W3,2026-01-07,Training,B2,,visit,needs,no
College,C1,2026-01-20,Welding,Acme Tool Inc,,call,service,
"""
SECTORS = """
sector,naics,places,version
Making,311;332,,2025
Making,332,Winnebago,2026
"""
DAY = date(2026, 6, 30)
ADMIN = replace(OWNER, email="lead@region.example")


@pytest.fixture
def region(db: Store) -> Store:
    for text in (PROGRAMS, BUSINESSES, PEOPLE, CONTACTS, SECTORS):
        import_text(db, text)
    return db


@pytest.fixture
def run(engine_env: dict[str, str]):
    def call(*arguments: str):
        return CliRunner().invoke(coverage, ["--as-of", "2026-06-30", *arguments], env=engine_env)

    return call


@pytest.fixture
def ask(run):
    def call(*arguments: str) -> dict[str, Any]:
        result = run(*arguments, "--json")
        assert result.exception is None, result.output
        return json.loads(result.stdout)

    return call


def measure(db: Store, **asked: Any) -> dict[str, Any]:
    return services.measure(db, OWNER, as_of=DAY, **asked)


def test_the_answer_has_the_shape_of_the_contract(ask, region: Store) -> None:
    answer = ask()
    assert list(answer) == ["universe", "together", "together_jobs", "agencies", "strata", "critical_mass"]
    assert (answer["universe"], answer["together"]) == (4, 0.5)
    assert answer["together_jobs"] == pytest.approx(305 / 365)
    assert [(row["agency"], row["alone"], row["adds"]) for row in answer["agencies"]] == [
        ("WDB", 0.5, 0.25), ("College", 0.25, 0), ("Chamber", 0, 0), ("VR", 0, 0)
    ]  # fmt: skip
    assert set(answer["agencies"][0]) == {"agency", "alone", "adds", "jobs", "adds_jobs"}


def test_an_empty_graph_has_an_answer_without_numbers(ask, db: Store) -> None:
    answer = ask()
    assert (answer["universe"], answer["together"], answer["together_jobs"]) == (0, None, None)
    assert (answer["agencies"], answer["strata"], answer["critical_mass"]["met"]) == ([], [], False)


def test_a_sectors_version_a_place_and_a_size_choose_the_universe(ask, region: Store) -> None:
    assert ask("--sector", "Making")["universe"] == 2
    older = ask("--sector", "Making@2025")
    assert (older["universe"], {cell["sub_sector"] for cell in older["strata"]}) == (4, {"311", "332"})
    assert ask("--sector", "Making@2025", "--place", "cook")["universe"] == 2
    assert ask("--size", "unknown")["universe"] == 1


def test_people_read_who_reaches_what_and_which_groups_nobody_reaches(run, region: Store) -> None:
    text = run().stdout
    assert "4 businesses: all agencies together reach 50.0%, with 83.6% of the jobs." in text
    assert "Decision-makers met: 1; needed 12." in text
    assert "Jobs reached: 83.6%; needed not set." in text
    assert "Critical mass: not reached." in text
    assert "Nobody reaches any of:" in text


def test_decision_makers_are_the_people_met_whose_title_says_so(region: Store) -> None:
    people = measure(region)["critical_mass"]["decision_makers"]
    assert people == {"engaged": 1, "needed": 12, "met": False, "untitled": 1}
    assert measure(region, sector="Making")["critical_mass"]["decision_makers"]["untitled"] == 0


def test_whom_agencies_met_follows_every_write(region: Store) -> None:
    def count() -> tuple[int, int]:
        people = measure(region)["critical_mass"]["decision_makers"]
        return people["engaged"], people["untitled"]

    assert count() == (1, 1)
    more = import_text(
        region,
        "agency,source_id,date,program,business,person,channel,purpose,reached\n"
        "WDB,W9,2026-02-01,Training,B2,Di Dole,visit,needs,yes\nWDB,W8,2026-02-01,Training,B2,P1,visit,needs,yes",
    )
    assert count() == (1, 2)
    import_text(region, "agency,source_id,business,name,title,email\nWDB,P3,B3,Cy Cole,President,cy@cove.example")
    assert count() == (2, 1)
    undo(region, more)
    assert count() == (2, 0)


class TestGoals:
    def set(self, db: Store, *, viewer: Viewer = ADMIN, sector: str = "Making@2025", **goals: Any) -> str:
        question = ask_question(db, viewer, as_of=DAY, sector=sector)
        return services.set_goals(db, viewer, question, **{"strata": [], "jobs": None, **goals})

    def test_what_is_set_for_a_sector_holds_for_its_versions_alone(self, region: Store) -> None:
        self.set(region, strata=[("311", "250+"), ("332", "50-249")], jobs=0.8)
        mass = measure(region, sector="Making@2025")["critical_mass"]
        assert [(cell["sub_sector"], cell["size"], cell["met"]) for cell in mass["strata"]["named"]] == [
            ("311", "250+", True), ("332", "50-249", False)
        ]  # fmt: skip
        assert (mass["strata"]["met"], mass["jobs"]["needed"], mass["jobs"]["met"]) == (False, 0.8, True)
        newest = measure(region, sector="Making")["critical_mass"]
        assert (newest["jobs"]["needed"], newest["jobs"]["met"]) == (0.8, False)
        assert measure(region)["critical_mass"]["jobs"]["needed"] is None

    def test_undo_brings_back_what_was_in_force_before(self, region: Store) -> None:
        first = self.set(region, jobs=0.5)
        second = self.set(region, jobs=0.7)
        assert measure(region, sector="Making")["critical_mass"]["jobs"]["needed"] == 0.7
        with pytest.raises(NotFound):
            services.undo_goals(region, ADMIN, first)
        assert services.undo_goals(region, ADMIN, second) == "making"
        assert measure(region, sector="Making")["critical_mass"]["jobs"]["needed"] == 0.5
        services.undo_goals(region, ADMIN, first)
        assert measure(region, sector="Making")["critical_mass"]["jobs"]["needed"] is None
        with pytest.raises(NotFound):
            services.undo_goals(region, ADMIN, first)

    def test_only_an_administrator_sets_them(self, region: Store) -> None:
        id = self.set(region, jobs=0.5)
        member = replace(ADMIN, role="member", agency_id="a")
        with pytest.raises(NotAllowed):
            self.set(region, viewer=member, jobs=0.6)
        with pytest.raises(NotAllowed):
            services.undo_goals(region, member, id)

    @pytest.mark.parametrize("goals", [{"strata": [("99", "1-9")]}, {"jobs": 0}, {"jobs": 1.2}, {"jobs": float("nan")}])
    def test_what_cannot_be_is_refused(self, region: Store, goals: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            self.set(region, **goals)
        assert measure(region, sector="Making")["critical_mass"]["jobs"]["needed"] is None


def test_what_is_not_there_is_refused(run, region: Store) -> None:
    for arguments in (("--sector", "Nothing"), ("--sector", "Making@9"), ("--size", "x")):
        assert isinstance(run(*arguments).exception, CrmError)
