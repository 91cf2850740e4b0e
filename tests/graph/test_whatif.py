"""`crm whatif` on a real graph: the worked example of definitions §3, from files to JSON."""

import json

import pytest
from click.testing import CliRunner

from crm.access import OWNER
from crm.commands.whatif import whatif
from crm.errors import CrmError
from crm.graph.driver import Store
from crm.services import whatif as services
from tests.factories import import_text
from tests.worked_knocks import TWO_AGREE, import_example

YEAR = ("--as-of", "2026-12-31")


@pytest.fixture
def run(engine_env: dict[str, str]):
    """Run the command in this process, on the graph of `db`."""

    def call(*arguments: str):
        return CliRunner().invoke(whatif, [*arguments, *YEAR], env=engine_env)

    return call


@pytest.fixture
def ask(run):
    def call(*arguments: str) -> list[float]:
        result = run(*arguments, "--json")
        assert result.exception is None, result.output
        answer = json.loads(result.stdout)
        assert list(answer) == ["redundant_before", "redundant_after", "avoided", "business_hours", "staff_hours"]
        return list(answer.values())

    return call


def test_the_worked_example(ask, db: Store) -> None:
    import_example(db)
    assert ask("--agreement", "WDB,College") == [2, 1, 1, 1.0, 2.0]
    assert ask("--agreement", " wdb , VR,college") == [2, 0, 2, 2.0, 4.0]
    assert ask("--agreement", "WDB,College", "--agreement", "College,VR") == [2, 0, 2, 2.0, 4.0]
    assert ask("--agreement", "Chamber,VR") == [2, 2, 0, 0, 0]


def test_nothing_is_kept_and_agreements_that_there_are_count(ask, db: Store) -> None:
    import_example(db)
    ask("--agreement", "WDB,College,VR")
    assert ask("--agreement", "Chamber,VR") == [2, 2, 0, 0, 0]
    import_text(db, TWO_AGREE)
    assert ask("--agreement", "WDB,VR") == [1, 0, 1, 1.0, 2.0]


def test_a_sector_is_the_scope_of_the_agreement(ask, db: Store) -> None:
    import_example(db)
    import_text(db, "sector,naics,places\nMetal,332,Winnebago\nFood,311,")
    assert ask("--agreement", "WDB,College", "--sector", "Metal") == [2, 1, 1, 1.0, 2.0]
    assert ask("--agreement", "WDB,College", "--sector", "Food") == [2, 2, 0, 0, 0]


@pytest.mark.parametrize(
    ("agreement", "says"),
    [
        ("WDB", "fewer than two agencies"),
        ("WDB,wdb", "fewer than two agencies"),
        ("WDB,Nobody", "There is no agency"),
        (",", "fewer than two agencies"),
    ],
)
def test_what_is_no_agreement_is_refused(run, db: Store, agreement: str, says: str) -> None:
    import_example(db)
    refusal = run("--agreement", agreement).exception
    assert isinstance(refusal, CrmError)
    assert says in str(refusal)


def test_in_words_it_is_two_lines(run, db: Store) -> None:
    import_example(db)
    said = run("--agreement", "WDB,College").stdout
    assert "2 knocks were redundant; 1 would have been: 1 fewer." in said
    assert "1.0 of businesses, 2.0 of staff" in said


def test_an_answer_follows_what_is_written(db: Store) -> None:
    import_example(db)
    asked = {"agreements": ["WDB,College"], "period": (None, None), "as_of": None}
    before = services.measure(db, OWNER, **asked)
    import_text(
        db,
        "agency,source_id,date,program,business,channel,purpose\n"
        "WDB,W8,2026-11-01,Training,B1,visit,needs\n"
        "College,C8,2026-11-05,Welding,Acme Tool Inc,call,needs\n",
    )
    after = services.measure(db, OWNER, **asked)
    assert after["avoided"] == before["avoided"] + 1
