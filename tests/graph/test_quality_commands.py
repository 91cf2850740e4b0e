"""`crm dedupe quality` and `crm dedupe thresholds` on a real graph: the figures of the page."""

import json

import pytest
from click.testing import CliRunner, Result

from crm.commands.dedupe import dedupe
from crm.errors import NotAllowed
from crm.graph import resolution, thresholds
from crm.graph.driver import Store
from crm.services import accounts, quality
from tests.quality_worlds import ANA, answer_checks, make_quality_world


@pytest.fixture
def crm(engine_env: dict[str, str]):
    """Run a sub-command in this process, on the graph of `db`."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(dedupe, list(arguments), env=engine_env)

    return run


def test_the_command_draws_and_tells_what_the_page_tells(crm, db: Store) -> None:
    make_quality_world(db)
    assert "No pairs are drawn yet" in crm("quality").output
    drawn = json.loads(crm("quality", "--draw", "--json").stdout)
    assert drawn["checks"] > 0
    assert drawn["precision"] is None
    assert drawn["missing"] > 0
    answer_checks(db)
    told, found = json.loads(crm("quality", "--json").stdout), quality.find_quality(db, ANA, "business")
    assert found.precision is not None
    assert told["precision"]["value"] == pytest.approx(found.precision.value)
    assert [line["name"] for line in told["agencies"]] == [line.name for line in found.agencies]
    assert f"Precision {found.precision.value:.1%}" in crm("quality").output


def test_thresholds_are_tried_and_set_by_who_may(crm, db: Store) -> None:
    accounts.add_first_administrator(db, email="ada@board.example", agency="Workforce Board", password="seven herons")
    accounts.add_user(db, email="ana@college.example", agency="Harbor College", password="seven herons")
    make_quality_world(db)
    crm("quality", "--draw")
    tried = json.loads(crm("thresholds", "--join", "400", "--ask", "-150", "--json").stdout)
    assert tried["then"]["things"] > tried["now"]["things"]
    assert thresholds.find_in_force(db, "business") is None
    refused = crm("thresholds", "--join", "400", "--ask", "-150", "--set", "--as", "ana@college.example")
    assert isinstance(refused.exception, NotAllowed)
    assert crm("thresholds", "--join", "400", "--ask", "-150", "--set", "--as", "ada@board.example").exception is None
    assert len(set(resolution.list_resolved(db, "business").values())) == tried["then"]["things"]
    assert json.loads(crm("quality", "--json").stdout)["join"] == 400
