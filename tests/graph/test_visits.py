"""Joint visits on a real graph: what may be planned, whom it makes wait, and that nothing is left of one taken back."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from crm.access import OWNER, Viewer
from crm.commands.knocks import light
from crm.errors import NotFound, Refused
from crm.graph import agencies, dossiers, users
from crm.graph.driver import Store, Transaction
from crm.graph.programs import program_id
from crm.services import coverage, knocks, lights, touchpoints, visits
from crm.services.touchpoints import Contact
from tests.factories import import_text
from tests.worked_knocks import BUSINESSES, PROGRAMS, find_business

TODAY = date(2026, 6, 30)
STAFF = """
agency,source_id,date,program,business,channel,purpose,reached,staff
College,C1,2024-01-20,Welding,Acme Tool Inc,visit,needs,yes,Ana@college.example
WDB,W1,2024-01-20,Training,B1,visit,needs,yes,jo@wdb.example
VR,V1,2024-03-01,Placement,Acme Tool Inc,visit,needs,yes,Vi Orr
"""
WDB, COLLEGE, VR = (agencies.agency_id(name) for name in ("WDB", "College", "VR"))
JO = Viewer(user_id="u1", email="jo@wdb.example", agency_id=WDB, role="member")


@pytest.fixture
def region(db: Store) -> Store:
    for text in (PROGRAMS, BUSINESSES, STAFF):
        import_text(db, text)
    return db


def make_visit(db: Store, **changes: Any) -> Contact:
    visit = Contact(
        key="a" * 32,
        on=TODAY + timedelta(days=7),
        programs=(program_id(WDB, "Training"), program_id(COLLEGE, "Welding")),
        business=find_business(db, "Acme Tool Inc"),
        purpose="needs",
        topics="welders",
    )
    return replace(visit, **changes)


def plan(db: Store, *, lead: str = "ana@college.example", viewer: Viewer = JO, **changes: Any) -> touchpoints.Logged:
    return visits.plan_visit(db, viewer, make_visit(db, **changes), lead=lead, today=TODAY)


def shine(db: Store, agency: str, day: date = TODAY) -> lights.Light:
    return lights.find_light(db, JO, find_business(db, "Acme Tool Inc"), agency_id=agency, as_of=day)


def test_a_planned_visit_makes_others_wait_and_names_the_lead(region: Store, engine_env: dict[str, str]) -> None:
    assert shine(region, VR).light == "green"
    plan(region)
    waiting = shine(region, VR)
    assert (waiting.light, waiting.ask) == ("amber", ["ana@college.example"])
    assert waiting.reasons == ["College and WDB have a contact planned in 7 days (visit about welders)."]
    assert (shine(region, WDB).light, shine(region, COLLEGE).light) == ("green", "green")
    options = ["--agency", "VR", "--as-of", TODAY.isoformat(), "--json"]
    told = json.loads(CliRunner().invoke(light, ["Acme Tool Inc", *options], env=engine_env).stdout)
    assert (told["light"], told["ask"]) == ("amber", ["ana@college.example"])


@pytest.mark.parametrize(("ahead", "seen"), [(1, "amber"), (14, "amber"), (15, "green")])
def test_others_wait_from_fourteen_days_before(region: Store, ahead: int, seen: str) -> None:
    plan(region, on=TODAY + timedelta(days=ahead))
    assert shine(region, VR).light == seen


def test_it_stands_on_the_timeline_as_a_plan_of_all_who_go(region: Store) -> None:
    planned = plan(region)
    line = dossiers.get_touchpoint(region, planned.id, viewer=JO)
    assert (line.date, line.channel, line.purpose) == ("2026-07-07", "visit", "needs")
    assert [(agency, program) for program, _, agency in line.programs] == [("College", "Welding"), ("WDB", "Training")]
    assert line.staff == ["ana@college.example"]


def test_what_is_planned_is_no_knock_and_engages_nobody(region: Store) -> None:
    before = knocks.measure(region, OWNER, as_of=TODAY), coverage.measure(region, OWNER, as_of=TODAY)
    plan(region)
    assert (knocks.measure(region, OWNER, as_of=TODAY), coverage.measure(region, OWNER, as_of=TODAY)) == before


def test_sent_twice_it_is_one(region: Store) -> None:
    first, second = plan(region), plan(region)
    assert (first.id, first.is_new, second.is_new) == (second.id, True, False)


@pytest.mark.parametrize("lead", ["jo@wdb.example", "ana@college.example", "new@college.example"])
def test_taken_back_nothing_is_left(region: Store, lead: str) -> None:
    def work(tx: Transaction) -> None:
        users.add_user(
            tx, email="new@college.example", name="New", role="member", agency_id=COLLEGE, password_hash="x", now=1
        )

    region.transact(work)
    staff = region.read("MATCH (s:Staff) RETURN s.id AS id ORDER BY id")
    planned = plan(region, lead=lead)
    touchpoints.remove_contact(region, JO, planned.id)
    assert shine(region, VR).light == "green"
    assert region.read("MATCH (s:Staff) RETURN s.id AS id ORDER BY id") == staff


def test_the_lead_is_somebody_known_by_e_mail_the_own_agencys_first(region: Store) -> None:
    assert [(lead.email, lead.agency) for lead in visits.list_leads(region, JO)] == [
        ("jo@wdb.example", "WDB"),
        ("ana@college.example", "College"),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"on": TODAY}, "for a day to come"),
        ({"on": date(2040, 1, 1)}, "Check the year"),
        ({"programs": (program_id(WDB, "Training"),)}, "two or more agencies"),
        ({"programs": ()}, "two or more agencies"),
        ({"programs": (program_id(VR, "Placement"), program_id(COLLEGE, "Welding"))}, "your own agency"),
        ({"business": None}, "Choose the business"),
        ({"lead": "nobody@x.example"}, "Choose who leads"),
        ({"lead": ""}, "Choose who leads"),
        (
            {"programs": (program_id(WDB, "Training"), program_id(VR, "Placement"))},
            "ana@college.example is of College, which does not come along",
        ),
    ],
)
def test_what_is_no_joint_visit_is_refused_and_nothing_is_written(
    region: Store, changes: dict[str, Any], says: str
) -> None:
    before = region.clock()
    with pytest.raises(Refused) as refusal:
        plan(region, **changes)
    assert says in str(refusal.value)
    assert region.clock() == before


def test_a_business_or_program_that_is_not_there_is_not_found(region: Store) -> None:
    with pytest.raises(NotFound):
        plan(region, business="b0000000000000")
    with pytest.raises(NotFound):
        plan(region, programs=(program_id(WDB, "Training"), program_id(COLLEGE, "Welding"), "g0000000000000"))
