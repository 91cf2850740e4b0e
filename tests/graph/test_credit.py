"""`crm credit` on a real graph: from files to JSON, and what each may see of it."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from crm.access import OWNER, Viewer
from crm.commands.credit import credit
from crm.errors import NotAllowed
from crm.graph.agencies import agency_id
from crm.graph.credit import list_logged
from crm.graph.driver import Store
from crm.services import credit as services
from tests.credit_region import import_credit_region

NOTHING = {
    "holds": 0, "holds_respected": 0, "joint_visits": 0, "referrals_given": 0, "referrals_taken": 0,
    "knocks": 0, "redundant": 0,
}  # fmt: skip


def view_as(email: str, agency: str) -> Viewer:
    return Viewer(user_id="u1", email=email, agency_id=agency_id(agency), role="member")


@pytest.fixture
def ask(engine_env: dict[str, str]):
    def call(*arguments: str) -> dict[str, Any]:
        result = CliRunner().invoke(credit, ["--as-of", "2026-12-31", *arguments, "--json"], env=engine_env)
        assert result.exception is None, result.output
        assert result.stdout.count("\n") == 1
        return json.loads(result.stdout)

    return call


def test_an_empty_graph_has_an_answer(ask, db: Store) -> None:
    answer = ask()
    assert (answer["agencies"], answer["staff"]) == ([], [])
    assert (answer["as_of"], answer["from"], answer["to"]) == ("2026-12-31", "2026-01-01", "2026-12-31")


def test_the_owner_sees_every_agency_and_everybody_named(ask, db: Store) -> None:
    import_credit_region(db)
    answer = ask()
    assert [row["agency"] for row in answer["agencies"]] == ["Harbor College", "Port Authority", "Workforce Board"]
    college = answer["agencies"][0]
    assert college == {
        "agency": "Harbor College", "holds": 2, "holds_respected": 1, "joint_visits": 1, "referrals_given": 1,
        "referrals_taken": 0, "knocks": 3, "redundant": 2,
    }  # fmt: skip
    assert answer["agencies"][1] == {"agency": "Port Authority", **NOTHING, "holds": 1, "holds_respected": 1,
                                     "joint_visits": 1, "knocks": 1, "redundant": 1}  # fmt: skip
    by_staff = {row["staff"]: row for row in answer["staff"]}
    assert list(by_staff) == ["ana@college.example", "carl@college.example", "eve@port.example", "jo@board.example"]
    # Ana asked last before the Board did, and then held back; Carl was held up by the Port and asked all the same.
    ana = {"agency": "Harbor College", "staff": "ana@college.example"}
    assert by_staff["ana@college.example"] == NOTHING | ana | {
        "holds": 1, "holds_respected": 1, "joint_visits": 1, "knocks": 1,
    }  # fmt: skip
    carl = {"agency": "Harbor College", "staff": "carl@college.example"}
    assert by_staff["carl@college.example"] == NOTHING | carl | {
        "holds": 1, "referrals_given": 1, "knocks": 2, "redundant": 2,
    }  # fmt: skip


def test_one_agency_a_period_and_a_scope_can_be_asked_for(ask, db: Store) -> None:
    import_credit_region(db)
    answer = ask("--agency", "port authority")
    assert [row["agency"] for row in answer["agencies"]] == ["Port Authority"]
    assert [row["staff"] for row in answer["staff"]] == ["eve@port.example"]
    january = ask("--from", "2026-01-01", "--to", "2026-01-31", "--agency", "Harbor College")["agencies"][0]
    assert (january["knocks"], january["redundant"], january["holds"]) == (1, 0, 0)
    cook = ask("--place", "cook", "--agency", "Harbor College")["agencies"][0]
    assert cook == {"agency": "Harbor College", **NOTHING, "joint_visits": 1}


def test_a_member_sees_the_own_agency_and_nobody_else_by_name(db: Store) -> None:
    import_credit_region(db)
    ana = view_as("Ana@college.example", "Harbor College")
    answer = services.measure(db, ana)
    assert [row["agency"] for row in answer["agencies"]] == ["Harbor College"]
    assert [row["staff"] for row in answer["staff"]] == ["ana@college.example"]
    with pytest.raises(NotAllowed):
        services.measure(db, ana, agency="Port Authority")
    assert services.measure(db, ana, agency="Harbor College") == answer


def test_the_wall_is_in_the_query(db: Store) -> None:
    import_credit_region(db)
    assert [one.staff for one in list_logged(db, OWNER)] == [
        "ana@college.example", "carl@college.example", "eve@port.example", "jo@board.example",
    ]  # fmt: skip
    (mine,) = list_logged(db, view_as("carl@college.example", "Harbor College"))
    assert {key for _, _, key in mine.contacts} == {"C2", "C3"}
    # Somebody of another agency who signs in with a colleague's address of here is nobody's colleague.
    assert list_logged(db, view_as("carl@college.example", "Port Authority")) == []


def test_who_logged_nothing_has_a_line_of_noughts(db: Store) -> None:
    import_credit_region(db)
    answer = services.measure(db, view_as("new@college.example", "Harbor College"))
    assert answer["staff"] == [{"agency": "Harbor College", "staff": "new@college.example", **NOTHING}]


def test_people_read_two_tables(engine_env: dict[str, str], db: Store) -> None:
    import_credit_region(db)
    text = CliRunner().invoke(credit, ["--as-of", "2026-12-31"], env=engine_env).stdout
    assert "Period 2026-01-01 to 2026-12-31" in text
    assert "Harbor College" in text
    assert "carl@college.example" in text
