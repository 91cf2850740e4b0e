"""`crm knocks` and `crm light` on a real graph: the worked values of definitions §3 and §4, from files to JSON."""

import json
import math
from typing import Any

import pytest
from click import Command
from click.testing import CliRunner, Result

from crm.access import OWNER
from crm.commands.knocks import knocks, light
from crm.errors import NotFound, Refused
from crm.graph.driver import Store
from crm.services.judgements import judge
from tests.factories import import_text, undo
from tests.worked_knocks import THREE_AGREE, TWO_AGREE, find_business, import_example

YEAR = ("--as-of", "2026-12-31")
FIGURES = (
    "as_of", "from", "to", "window_days", "broad", "knocks", "first", "own_repeat", "coordinated", "redundant", "rate",
    "interval", "mean_doors", "share_2_doors", "share_3_doors", "share_5_doors", "top_decile_share", "gini",
    "asked_twice", "assumed", "unknown_months", "businesses", "months",
)  # fmt: skip


@pytest.fixture
def run(engine_env: dict[str, str]):
    """Run a command in this process, on the graph of `db`."""

    def call(command: Command, *arguments: str) -> Result:
        return CliRunner().invoke(command, list(arguments), env=engine_env)

    return call


@pytest.fixture
def ask(run):
    """The JSON of `crm knocks`."""

    def call(*arguments: str) -> dict[str, Any]:
        result = run(knocks, *arguments, "--json")
        assert result.exception is None, result.output
        assert result.stdout.count("\n") == 1
        return json.loads(result.stdout)

    return call


@pytest.fixture
def shine(run):
    """The JSON of `crm light`."""

    def call(*arguments: str) -> dict[str, Any]:
        result = run(light, *arguments, "--json")
        assert result.exception is None, result.output
        return json.loads(result.stdout)

    return call


def count(answer: dict[str, Any]) -> tuple[int, ...]:
    return tuple(answer[name] for name in ("first", "own_repeat", "coordinated", "redundant"))


def classes(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(" ".join(knock["agencies"]), knock["class"]) for knock in answer["list"]]


def test_an_empty_graph_has_an_answer_without_numbers(ask, db: Store) -> None:
    answer = ask(*YEAR)
    assert tuple(answer) == FIGURES
    assert (answer["knocks"], answer["rate"], answer["interval"], answer["businesses"]) == (0, None, None, [])
    assert len(answer["months"]) == 12


def test_the_worked_example_without_an_agreement(ask, db: Store) -> None:
    business = import_example(db)
    answer = ask(*YEAR, "--business", business)
    assert tuple(answer) == (*FIGURES, "list")
    assert count(answer) == (3, 0, 0, 2)
    assert classes(answer) == [
        ("WDB", "first"), ("College", "redundant"), ("Chamber", "first"), ("VR", "redundant"), ("College", "first")
    ]  # fmt: skip


def test_the_worked_example_with_an_agreement_of_two(ask, db: Store) -> None:
    business = import_example(db)
    import_text(db, TWO_AGREE)
    answer = ask(*YEAR, "--business", business)
    assert classes(answer)[1] == ("College", "coordinated")
    assert classes(answer)[3] == ("VR", "redundant")
    assert count(answer) == (3, 0, 1, 1)


def test_the_worked_example_with_an_agreement_of_three(ask, db: Store) -> None:
    import_example(db)
    import_text(db, THREE_AGREE)
    assert count(ask(*YEAR)) == (3, 0, 2, 0)


def test_an_agreement_that_is_taken_back_joins_no_more(ask, db: Store) -> None:
    import_example(db)
    agreed = import_text(db, THREE_AGREE)
    assert ask(*YEAR)["redundant"] == 0
    undo(db, agreed)
    assert ask(*YEAR)["redundant"] == 2


def test_an_agreement_about_another_sector_or_business_joins_nobody_here(ask, db: Store) -> None:
    import_example(db)
    import_text(db, "name,agencies,from,sector\nElsewhere,WDB;College;VR,2026-01-01,62;48-49")
    import_text(db, "name,agencies,from,businesses\nNobody,WDB;College;VR,2026-01-01,WDB:B9")
    assert count(ask(*YEAR)) == (3, 0, 0, 2)


def test_an_agreement_about_a_range_of_sectors_covers_each_of_them(ask, db: Store) -> None:
    import_example(db)
    import_text(db, "name,agencies,from,sector\nMakers,WDB;College;VR,2026-01-01,31-33")
    assert count(ask(*YEAR)) == (3, 0, 2, 0)


def test_an_agreement_names_businesses_by_an_agencys_own_ids(ask, db: Store) -> None:
    import_text(db, "name,agencies,from,businesses\nThis one,WDB;College;VR,2026-01-01,WDB:B1")
    import_example(db)
    assert count(ask(*YEAR)) == (3, 0, 2, 0)


def test_an_accepted_referral_links_its_agencies_for_a_year(ask, db: Store) -> None:
    import_example(db)
    assert count(ask(*YEAR)) == (3, 0, 0, 2)
    header = "agency,source_id,from_program,to_program,business,offered_on,accepted_on"
    import_text(db, f"{header}\nWDB,R1,WDB:Training,College:Welding,B1,2026-01-06,2026-01-10")
    assert count(ask(*YEAR)) == (3, 0, 1, 1)


def test_a_knock_names_its_touchpoints_and_says_why(ask, db: Store) -> None:
    business = import_example(db)
    knock = ask(*YEAR, "--business", business)["list"][3]
    assert knock == {
        "touchpoints": [{"agency": "VR", "key": "V1"}],
        "date": "2026-03-01",
        "class": "redundant",
        "purpose_class": "input",
        "agencies": ["VR"],
        "burden": 1.0,
        "why": "Redundant: College had asked the same kind of question 40 days earlier, "
        "and the two agencies were not in one door that day.",
    }


def test_the_figures_of_the_business(ask, db: Store) -> None:
    business = import_example(db)
    row = ask(*YEAR)["businesses"][0]
    assert (row["business"], row["name"], row["knocks"], row["redundant"]) == (business, "Acme Tool Inc", 5, 2)
    assert (row["agencies"], row["programs"], row["doors"], row["budget"], row["hotspot"]) == (4, 4, 4, 1.0, True)
    shares = [2 / 5, 1 / 5, 1 / 5, 1 / 5]
    assert row["effective_doors"] == pytest.approx(math.exp(-sum(s * math.log(s) for s in shares)), abs=1e-12)


def test_the_business_may_be_named_by_an_id_a_source_or_a_name(ask, db: Store) -> None:
    business = import_example(db)
    lists = [ask(*YEAR, "--business", said)["list"] for said in (business, "WDB:B1", " acme  TOOL inc ", "Acme")]
    assert [len(found) for found in lists] == [5, 5, 5, 5]


def test_a_name_that_several_have_is_refused_with_the_candidates(run, db: Store) -> None:
    import_example(db)
    import_text(db, "agency,source_id,name,city\nVR,9,Acme Foods,Peoria")
    refusal = run(knocks, "--business", "acme", "--json").exception
    assert isinstance(refusal, Refused)
    assert "Acme Foods in Peoria" in str(refusal)
    assert find_business(db, "Acme Tool Inc") in str(refusal)


def test_an_id_that_was_given_up_leads_to_the_business_as_it_is_now(ask, db: Store) -> None:
    import_text(db, "agency,source_id,name,city\nWDB,B1,Northline Cold Storage,Rockford\nVR,V9,Summit Foundry,Peoria")
    header = "agency,source_id,date,program,business,purpose"
    import_text(db, f"{header}\nWDB,1,2026-02-01,Training,B1,needs\nVR,2,2026-03-01,Placement,V9,needs")
    ids = [find_business(db, name) for name in ("Northline Cold Storage", "Summit Foundry")]
    assert [len(ask(*YEAR, "--business", id)["list"]) for id in ids] == [1, 1]
    records = [row["id"] for row in db.read("MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id")]
    judge(db, OWNER, left=records[0], right=records[1], verdict="same")
    assert [classes(ask(*YEAR, "--business", id)) for id in ids] == [[("WDB", "first"), ("VR", "redundant")]] * 2


def test_period_window_sector_and_broad_mode(ask, db: Store) -> None:
    import_example(db)
    sectors = "sector,naics,places\nMetal,332;333,winnebago\nElsewhere,332,Cook\nHealth,62,"
    import_text(db, sectors)
    assert ask("--from", "2026-01-10", "--to", "2026-03-01")["knocks"] == 3
    assert count(ask(*YEAR, "--window", "30")) == (4, 0, 0, 1)
    assert ask(*YEAR, "--window", "30")["window_days"] == 30
    assert count(ask(*YEAR, "--broad")) == (2, 0, 0, 3)
    assert [ask(*YEAR, "--sector", name)["knocks"] for name in ("metal", "Elsewhere", "Health")] == [5, 0, 0]


def test_the_period_decides_the_day_of_the_report_unless_it_is_said(ask, db: Store) -> None:
    answer = ask("--to", "2026-03-31")
    assert (answer["as_of"], answer["from"], answer["to"]) == ("2026-03-31", "2025-04-01", "2026-03-31")
    answer = ask("--from", "2026-03-01", "--to", "2026-03-31", "--as-of", "2026-06-30")
    assert (answer["as_of"], answer["from"], answer["to"]) == ("2026-06-30", "2026-03-01", "2026-03-31")


def test_blanks_are_assumed_and_counted_in_the_period_and_the_sector(ask, db: Store) -> None:
    import_example(db)
    import_text(db, "agency,source_id,date,program,business\nVR,V2,2026-03-02,Placement,Acme Tool Inc")
    assert ask(*YEAR)["assumed"] == {"direction": 6, "reached": 1, "channel": 1}
    assert ask("--to", "2026-03-01")["assumed"] == {"direction": 4, "reached": 0, "channel": 0}


def test_months_before_the_first_and_after_the_last_row_of_an_agency_are_unknown(ask, db: Store) -> None:
    import_example(db)
    import_text(db, "agency,source_id,name\nSilent,1,Zeta Foods")
    answer = ask("--from", "2026-01-01", "--to", "2026-03-31")
    assert [(month["month"], month["unknown"]) for month in answer["months"]] == [
        ("2026-01", ["Chamber", "Silent", "VR"]),
        ("2026-02", ["College", "Silent", "VR", "WDB"]),
        ("2026-03", ["Chamber", "College", "Silent", "WDB"]),
    ]
    assert answer["unknown_months"][1] == {"agency": "Silent", "month": "2026-01"}


def test_an_organisation_that_is_only_here_to_sign_in_is_not_missing(ask, db: Store) -> None:
    import_example(db)
    db.write("MERGE (a:Agency {id: 'a-state'}) SET a.name = 'The State', a.name_key = 'the state'")
    db.write("MERGE (c:Clock {id: 'graph'}) SET c.version = c.version + 1")
    assert "The State" not in {row["agency"] for row in ask(*YEAR)["unknown_months"]}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "2026-05-01", "--to", "2026-04-30"), "begins on 2026-05-01, after it ends on 2026-04-30"),
        (("--from", "2026-05-01", "--as-of", "2026-04-30"), "begins on 2026-05-01, after it ends on 2026-04-30"),
        (("--window", "-1"), "-1 days"),
        (("--as-of", "0001-01-01"), "Check the year"),
        (("--purpose", "nonsense"), "no kind of question"),
        (("--sector", "Nothing"), 'no sector "Nothing"'),
        (("--program", "Nothing"), 'no program "Nothing". Write it as AGENCY:PROGRAM'),
        (("--program", "VR:Welding"), 'no program "VR:Welding"'),
        (("--agency", "Nobody"), 'no agency "Nobody". Known agencies: Chamber, College, VR, WDB'),
        (("--business", "Nobody Inc"), 'no business "Nobody Inc"'),
        (("--business", "b0000000000000"), "no business"),
        (("--business", ""), 'no business ""'),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(run, db: Store, arguments: tuple[str, ...], says: str) -> None:
    import_example(db)
    refusal = run(knocks, *arguments, "--json").exception
    assert isinstance(refusal, Refused | NotFound)
    assert says in str(refusal)


def test_a_date_that_is_none_is_wrong_usage(run, db: Store) -> None:
    refused = run(knocks, "--as-of", "31.12.2026")
    assert refused.exit_code == 2
    assert "'31.12.2026' is not a day. Write it as 2026-03-31." in refused.stderr


def test_only_the_knocks_of_one_agency_or_kind_are_counted_but_compared_with_all(ask, db: Store) -> None:
    import_example(db)
    assert count(ask(*YEAR, "--agency", "college")) == (1, 0, 0, 1)
    assert count(ask(*YEAR, "--purpose", "sponsorship")) == (1, 0, 0, 0)
    assert (
        count(ask(*YEAR, "--program", "college: welding")) == count(ask(*YEAR, "--program", "Welding")) == (1, 0, 0, 1)
    )
    business = find_business(db, "Acme Tool Inc")
    assert classes(ask(*YEAR, "--agency", "College", "--business", business)) == [
        ("College", "redundant"),
        ("College", "first"),
    ]


SECTORS = """
sector,naics,places,version
Making,311,,2024
Making,332,Winnebago,2026
Food,311,,
"""
NEIGHBOURS = """
agency,source_id,name,naics,employees,county,zip
WDB,B2,Bay Foods,311811,12,Cook,60601-1234
WDB,B3,Bay Metal,332100,,Cook,60601
"""
MORE_CONTACTS = """
agency,source_id,date,program,business,channel,purpose
WDB,W2,2026-03-01,Training,B2,visit,needs
WDB,W3,2026-03-02,Training,B3,visit,needs
"""


@pytest.fixture
def places(db: Store) -> Store:
    import_example(db)
    for text in (NEIGHBOURS, MORE_CONTACTS, SECTORS):
        import_text(db, text)
    return db


@pytest.mark.parametrize(
    ("arguments", "knocked"),
    [
        ((), ["Acme Tool Inc", "Bay Foods", "Bay Metal"]),
        (("--sector", "making"), ["Acme Tool Inc"]),
        (("--sector", "Making@2026"), ["Acme Tool Inc"]),
        (("--sector", " making @ 2024 "), ["Bay Foods"]),
        (("--place", "COOK"), ["Bay Foods", "Bay Metal"]),
        (("--place", "60601"), ["Bay Foods", "Bay Metal"]),
        (("--place", "61101", "--size", "1-9"), ["Acme Tool Inc"]),
        (("--size", "10-49"), ["Bay Foods"]),
        (("--size", "250+"), []),
        (("--size", "unknown", "--place", "cook"), ["Bay Metal"]),
    ],
)
def test_a_sectors_version_a_place_and_a_size_say_whose_knocks_count(
    ask, places: Store, arguments: tuple[str, ...], knocked: list[str]
) -> None:
    answer = ask(*YEAR, *arguments)
    assert sorted(row["name"] for row in answer["businesses"]) == knocked
    assert answer["knocks"] == sum(row["knocks"] for row in answer["businesses"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sector", "Making@2020"), 'Making has no version "2020". Known versions: 2024, 2026.'),
        (("--sector", "Nothing@2"), 'no sector "Nothing@2". Known sectors: Food, Making.'),
        (("--size", "3-4"), "“3-4” is no size of a business. Known sizes, by employees: 1-9, 10-49, 50-249, 250+, "),
    ],
)
def test_a_version_or_size_that_is_not_there_is_refused(
    run, places: Store, arguments: tuple[str, ...], says: str
) -> None:
    refusal = run(knocks, *arguments, "--json").exception
    assert isinstance(refusal, Refused | NotFound)
    assert says in str(refusal)


def test_a_program_name_that_several_have_is_refused_with_the_candidates(run, db: Store) -> None:
    import_example(db)
    import_text(db, "agency,program\nVR,Training")
    refusal = run(knocks, *YEAR, "--program", "Training", "--json").exception
    assert isinstance(refusal, Refused)
    assert "VR:Training, WDB:Training" in str(refusal)


def test_people_read_a_sentence_and_a_table(run, db: Store) -> None:
    import_example(db)
    text = run(knocks, *YEAR, "--business", "Acme Tool Inc").stdout
    assert "2 of 5 knocks were redundant" in text
    assert "Acme Tool Inc" in text
    assert "2026-03-01  VR (input): Redundant: College had asked" in text


def test_the_links_that_redundant_knocks_lacked_come_when_they_are_asked_for(ask, run, db: Store) -> None:
    business = import_example(db)
    answer = ask(*YEAR, "--business", business, "--links")
    assert tuple(answer) == (*FIGURES, "list", "missing_links")
    assert [(one["date"], one["agencies"], one["links"]) for one in answer["missing_links"]] == [
        ("2026-01-20", ["College"], [{"own": "College", "other": "WDB"}]),
        ("2026-03-01", ["VR"], [{"own": "VR", "other": "College"}, {"own": "VR", "other": "WDB"}]),
    ]
    text = run(knocks, *YEAR, "--business", business, "--links").stdout
    assert "2026-01-20  College: It would have been coordinated if College and WDB had had a shared lead" in text


def test_what_was_asked_twice_comes_when_it_is_asked_for(ask, run, db: Store) -> None:
    import_example(db)
    header = "agency,source_id,date,program,business,channel,purpose,topics,staff,reached"
    import_text(
        db,
        f"{header}\nVR,V8,2026-08-01,Placement,Acme Tool Inc,visit,needs,Welders,vi@vr.example,yes\n"
        "WDB,W8,2026-08-02,Training,Acme Tool Inc,visit,needs,welders,jo@wdb.example,no",
    )
    answer = ask(*YEAR, "--topics")
    assert tuple(answer) == (*FIGURES, "topics")
    (topic,) = answer["topics"]
    assert (topic["topic"], topic["doors"], topic["held_by"]) == ("welders", 2, ["VR"])
    assert (topic["on"], topic["ask"]) == ("2026-08-01", ["vi@vr.example"])
    text = run(knocks, *YEAR, "--topics").stdout
    assert "Acme Tool Inc: welders, asked through 2 doors; VR knows since 2026-08-01, ask vi@vr.example." in text


FATIGUE = """
agency,source_id,date,program,business,channel,purpose
WDB,1,2026-06-20,Training,Acme Tool Inc,visit,needs
WDB,2,2026-05-21,Training,Acme Tool Inc,call,relationship
WDB,3,2026-04-11,Training,Acme Tool Inc,survey,survey
"""


def test_the_worked_value_of_the_light(shine, db: Store) -> None:
    import_text(db, FATIGUE)
    answer = shine("Acme Tool Inc", "--agency", "WDB", "--as-of", "2026-06-30")
    assert (answer["light"], answer["budget"], answer["free_on"], answer["ask"]) == ("red", 1.0, "2026-07-23", [])
    assert answer["fatigue"] == pytest.approx(1.4146, abs=5e-5)
    assert tuple(answer) == ("light", "reasons", "fatigue", "budget", "free_on", "ask")


def test_a_larger_business_carries_more(shine, db: Store) -> None:
    import_text(db, FATIGUE)
    import_text(db, "agency,source_id,name,employees\nWDB,B1,Acme Tool Inc,10")
    answer = shine("WDB:B1", "--agency", "wdb", "--as-of", "2026-06-30")
    assert (answer["light"], answer["budget"], answer["free_on"]) == ("green", 1.5, None)


def test_amber_names_the_staff_of_the_other_doors_contacts(shine, db: Store) -> None:
    import_example(db)
    ask_staff = shine("Acme Tool Inc", "--agency", "WDB", "--as-of", "2026-08-10")
    assert (ask_staff["light"], ask_staff["ask"]) == ("amber", ["ana@college.example"])
    assert shine("Acme Tool Inc", "--agency", "College", "--as-of", "2026-08-10")["light"] == "green"
    assert shine("Acme Tool Inc", "--agency", "WDB", "--as-of", "2026-08-15")["light"] == "green"


def test_without_staff_amber_names_their_agency(shine, db: Store) -> None:
    import_text(db, "agency,source_id,date,program,business,channel,purpose\nChamber,1,2026-06-20,M,Acme,letter,needs")
    import_text(db, "agency,program\nVR,Placement")
    assert shine("Acme", "--agency", "VR", "--as-of", "2026-06-30")["ask"] == ["Chamber"]


def test_agencies_of_one_door_do_not_hold_each_other_up(shine, db: Store) -> None:
    import_example(db)
    import_text(db, TWO_AGREE)
    assert shine("Acme Tool Inc", "--agency", "WDB", "--as-of", "2026-08-10")["light"] == "green"
    assert shine("Acme Tool Inc", "--agency", "VR", "--as-of", "2026-08-10")["light"] == "amber"


def test_a_promise_holds_until_it_is_kept_and_a_plan_for_two_weeks(shine, db: Store) -> None:
    header = "agency,source_id,date,program,business,channel,purpose,promise,promise_due,promise_kept_on"
    import_text(db, f"{header}\nVR,1,2026-01-05,Placement,Acme,call,service,send forms,2026-02-01,2026-05-01")
    import_text(db, f"{header}\nVR,2,2026-06-30,Placement,Acme,visit,service,,,")
    import_text(db, "agency,program\nWDB,Training")
    days = {"2026-04-30": "amber", "2026-05-01": "green", "2026-06-15": "green", "2026-06-16": "amber"}
    assert {day: shine("Acme", "--agency", "WDB", "--as-of", day)["light"] for day in days} == days


def test_an_unknown_agency_is_refused_and_none_is_wrong_usage(run, db: Store) -> None:
    import_example(db)
    assert isinstance(run(light, "Acme Tool Inc", "--agency", "Nobody").exception, NotFound)
    assert run(light, "Acme Tool Inc").exit_code == 2
