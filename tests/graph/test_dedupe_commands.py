"""`crm dedupe explain` and `crm dedupe decide` on a real graph."""

import json

import pytest
from click.testing import CliRunner, Result

from crm import cli
from crm.commands.dedupe import dedupe
from crm.errors import NotFound, Refused
from crm.graph import business_records
from crm.graph.driver import Store
from crm.services import accounts
from tests.factories import PEOPLE_AND_PLACES, import_text
from tests.review_worlds import make_contradictions, make_review_world

PEOPLE = """
agency,source_id,business,name,email
Workforce Board,P1,B1,Ana Silva,ana@acme.example
College,P7,77,Ana Silva,ana@acme.example
College,P8,78,Bo Ross,bo@zeta.example
"""


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES)
    return db


@pytest.fixture
def crm(engine_env: dict[str, str]):
    """Run a sub-command in this process, on the graph of `db`."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(dedupe, list(arguments), env=engine_env)

    return run


def answer(result: Result):
    assert result.exception is None, result.output
    return json.loads(result.stdout)


def businesses_of(db: Store) -> dict[str, str]:
    return {f"{row['agency']}:{row['key']}": row["business"] for row in db.read(business_records.RECORDS)}


def test_an_explanation_names_every_feature_with_its_sentence(crm, region: Store) -> None:
    found = answer(crm("explain", "Workforce Board:B1", "college : 77", "--json"))
    assert found["decision"] == "same"
    assert found["score"] > 0.9
    assert found["together"] is True
    assert {"name", "score", "sentence"} == set(found["features"][0])
    assert all(feature["sentence"] for feature in found["features"])
    other = answer(crm("explain", "Workforce Board:B1", "College:78", "--json"))
    assert (other["decision"], other["together"]) == ("different", False)
    assert other["score"] < found["score"]


def test_the_two_sides_can_be_turned_and_named_by_id(crm, region: Store) -> None:
    ids = {row["key"]: row["id"] for row in region.read(business_records.RECORDS)}
    found = answer(crm("explain", "Workforce Board:B1", "College:77", "--json"))
    turned = answer(crm("explain", ids["77"], ids["B1"], "--json"))
    assert found["score"] == turned["score"]
    shown = crm("explain", ids["77"], ids["B1"]).stdout
    assert "Taken for one" in shown
    assert found["features"][0]["sentence"] in shown


def test_a_decision_joins_and_parts_and_says_what_is_there_now(crm, region: Store) -> None:
    apart = answer(crm("decide", "Workforce Board:B1", "College:77", "different", "--why", "Two shops", "--json"))
    assert apart["judgement"].startswith("j")
    assert [one["name"] for one in apart["businesses"]] == ["Acme Tool Inc", "ACME TOOL"]
    assert apart["businesses"][0]["records"] == [{"agency": "Workforce Board", "system": "plain", "key": "B1"}]
    found = answer(crm("explain", "College:77", "Workforce Board:B1", "--json"))
    assert (found["decision"], found["together"]) == ("different", False)
    assert (found["judgement"]["verdict"], found["judgement"]["why"]) == ("different", "Two shops")
    one = answer(crm("decide", "Workforce Board:B1", "College:78", "same", "--json"))
    assert len(one["businesses"]) == 1
    assert [record["key"] for record in one["businesses"][0]["records"]] == ["78", "B1"]
    assert one["businesses"][0]["id"] == businesses_of(region)["College:78"]


def test_who_is_unsure_leaves_things_as_they_are_and_puts_the_pair_to_review(crm, region: Store) -> None:
    before = businesses_of(region)
    answer(crm("decide", "Workforce Board:B1", "College:78", "unsure", "--json"))
    assert businesses_of(region) == before
    assert answer(crm("explain", "Workforce Board:B1", "College:78", "--json"))["decision"] == "review"


def test_a_decision_is_that_of_the_user_it_is_made_as(crm, region: Store) -> None:
    accounts.add_user(
        region, email="ana@college.example", agency="College", role="member", name="", password="seven green herons"
    )
    pair = ("Workforce Board:B1", "College:78")
    answer(crm("decide", *pair, "different", "--as", "ana@college.example", "--json"))
    assert answer(crm("explain", *pair, "--json"))["judgement"]["by"] == "ana@college.example"
    nobody = crm("decide", *pair, "same", "--as", "nobody@college.example")
    assert isinstance(nobody.exception, Refused)
    assert answer(crm("explain", *pair, "--json"))["judgement"]["verdict"] == "different"


def test_people_are_explained_and_judged_as_people(crm, region: Store) -> None:
    import_text(region, PEOPLE)
    assert answer(crm("explain", "Workforce Board:P1", "College:P7", "--json"))["kind"] == "person"
    found = answer(crm("decide", "Workforce Board:P1", "College:P7", "different", "--kind", "person", "--json"))
    assert [one["name"] for one in found["people"]] == ["Ana Silva", "Ana Silva"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("College:nothing", 'College has no business record "nothing". All are listed by: crm records'),
        ("Colege:77", 'There is no agency "Colege". Known agencies: College, Workforce Board.'),
        ("77", 'There is no record "77". Write it as AGENCY:SOURCE_ID'),
    ],
)
def test_a_record_that_is_none_is_not_found_with_the_way_to_find_it(crm, region: Store, said: str, says: str) -> None:
    for command in (("explain", "College:78", said), ("decide", said, "College:78", "same")):
        failed = crm(*command)
        assert isinstance(failed.exception, NotFound)
        assert says in str(failed.exception)
    assert region.read("MATCH (j:Judgement) RETURN count(j) AS n") == [{"n": 0}]


def test_a_source_id_of_two_systems_is_refused_with_the_records_to_choose_from(crm, region: Store) -> None:
    import_text(region, "agency,source_id,name\nCollege,77,Another firm", system="salesforce")
    failed = crm("explain", "College:77", "College:78")
    assert isinstance(failed.exception, Refused)
    assert "(of plain)" in str(failed.exception)
    assert "(of salesforce)" in str(failed.exception)


def test_a_record_and_itself_are_nothing_to_decide(crm, region: Store) -> None:
    assert isinstance(crm("explain", "College:77", "college:77").exception, Refused)
    assert isinstance(crm("decide", "College:77", "college:77", "same").exception, Refused)
    assert crm("decide", "College:77", "College:78", "perhaps").exit_code == 2


def test_exit_status_and_what_goes_where(
    region: Store, engine_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in engine_env.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["dedupe", "explain", "Workforce Board:B1", "College:77", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decision"] == "same"
    assert cli.run(["dedupe", "explain", "Workforce Board:B1", "College:nothing", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == 'crm: College has no business record "nothing". All are listed by: crm records\n'
    assert cli.run(["dedupe", "decide", "Workforce Board:B1", "College:77", "perhaps"]) == 2


def test_the_queue_its_decisions_and_their_contradictions_are_told(crm, db: Store) -> None:
    make_review_world(db)
    first = answer(crm("reviews", "--json"))[0]
    assert {first["left"], first["right"]} == {"Workforce Board:B1", "Harbor College:77"}
    assert (first["kind"], first["redundant"], first["shown_to"]) == ("business", 2, None)
    assert [one["kind"] for one in answer(crm("reviews", "--kind", "person", "--json"))] == ["person"]
    assert answer(crm("decisions", "--json")) == []
    make_contradictions(db)
    (conflict,) = answer(crm("decisions", "--conflicts", "--json"))
    assert {conflict["same"]["left"], conflict["same"]["right"]} == {"Port Authority:P2", "Harbor College:78"}
    (against,) = conflict["against"]
    assert against["why"] == "Two plants, we were in both"
    assert against in answer(crm("decisions", "--json"))
    assert answer(crm("withdraw", against["judgement"], "--json"))["verdict"] == "different"
    assert answer(crm("decisions", "--conflicts", "--json")) == []
    assert crm("withdraw", against["judgement"]).exit_code == 1


def test_who_moved_is_said_with_the_day_and_who_is_of_no_firm_with_the_site(crm, region: Store) -> None:
    import_text(region, PEOPLE)
    moved = answer(crm("decide", "Workforce Board:P1", "College:P8", "moved", "--on", "2026-02-01", "--json"))
    assert len(moved["people"]) == 1
    answer(crm("decide", "Workforce Board:B1", "College:78", "two_firms", "--json"))
    listed = {one["verdict"]: one for one in answer(crm("decisions", "--json"))}
    assert (listed["moved"]["about"], listed["moved"]["moved_on"]) == ("College:P8", "2026-02-01")
    assert listed["two_firms"]["about"] == "College:78"
    explained = answer(crm("explain", "Workforce Board:P1", "College:P8", "--json"))
    assert (explained["decision"], explained["judgement"]["verdict"]) == ("same", "moved")
