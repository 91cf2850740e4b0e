"""`crm user` on a real graph."""

import json

import pytest
from click.testing import CliRunner, Result

from crm.commands.users import user
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import tokens, users
from crm.graph.driver import Store
from crm.services import accounts

ADD = ["add", "Ana@College.example", "--agency", "Harbor  College"]
PASSWORD = "seven green herons\n"


@pytest.fixture
def crm(engine_env: dict[str, str]):
    """Run a sub-command in this process, on the graph of `db`."""

    def run(*arguments: str, password: str | None = None) -> Result:
        return CliRunner().invoke(user, list(arguments), input=password, env=engine_env)

    return run


def test_a_user_is_added_with_its_agency_and_can_sign_in(crm, db: Store) -> None:
    made = json.loads(crm(*ADD, "--role", "admin", "--password-stdin", "--json", password=PASSWORD).stdout)
    assert made["user"] == users.id_of_email("ana@college.example")
    assert (made["email"], made["agency"], made["role"]) == ("Ana@College.example", "Harbor College", "admin")
    assert accounts.sign_in(db, "ana@college.example", PASSWORD.strip())


def test_the_same_user_is_not_added_twice(crm, db: Store) -> None:
    crm(*ADD, password=PASSWORD)
    again = crm(*ADD, "--role", "admin", password="another good password\n")
    assert isinstance(again.exception, Conflict)
    assert [one.role for one in users.list_users(db)] == ["member"]


@pytest.mark.parametrize("password", ["password1\n", "short\n", "\n", ""])
def test_a_weak_or_missing_password_is_refused_and_nothing_is_written(crm, db: Store, password: str) -> None:
    assert isinstance(crm(*ADD, password=password).exception, Refused)
    assert not users.has_users(db)


def test_a_token_is_printed_and_nothing_else(crm, db: Store) -> None:
    crm(*ADD, password=PASSWORD)
    token = crm("token", "ana@college.example").stdout
    assert token.count("\n") == 1
    found = tokens.find_token_user(db, token.strip())
    assert found is not None
    assert found.email == "Ana@College.example"


def test_disabling_role_and_password_act_on_the_graph(crm, db: Store) -> None:
    crm(*ADD, password=PASSWORD)
    session = accounts.sign_in(db, "ana@college.example", PASSWORD.strip())
    assert json.loads(crm("role", "ana@college.example", "admin", "--json").stdout)["role"] == "admin"
    crm("password", "ana@college.example", password="nine grey gulls\n")
    assert accounts.find_session(db, session) is None
    assert accounts.sign_in(db, "ana@college.example", "nine grey gulls")
    assert json.loads(crm("disable", "ana@college.example", "--json").stdout)["disabled"] is True
    assert json.loads(crm("enable", "ana@college.example", "--json").stdout)["disabled"] is False


def test_as_somebody_only_what_they_may_do(crm, db: Store) -> None:
    crm(*ADD, password=PASSWORD)
    assert isinstance(crm("list", "--as", "ana@college.example").exception, NotAllowed)
    assert isinstance(crm("list", "--as", "nobody@college.example").exception, Refused)
    users.set_role(db, users.id_of_email("ana@college.example"), "admin")
    assert len(json.loads(crm("list", "--as", "ana@college.example", "--json").stdout)) == 1


def test_a_user_that_is_none_is_refused(crm) -> None:
    for name in ("token", "disable", "enable"):
        assert isinstance(crm(name, "nobody@college.example").exception, NotFound)


def test_an_empty_list_says_so(crm) -> None:
    assert crm("list").stdout == "Nothing found.\n"
    assert crm("list", "--json").stdout == "[]\n"
