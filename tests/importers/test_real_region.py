"""The main job on real input: nine agencies' lists and the diaries of 88 public offices become one region."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm.cli import cli
from crm.graph.driver import Store

DATA = Path(__file__).parents[3] / "shared/data"
LISTS = DATA / "chicago_childcare/records.csv"
DIARIES = DATA / "meeting_diaries/diaries.csv"
LISTS_READ = ("rec_id=source_id", "source=agency", "address=street")
DIARIES_READ = (
    "Date of meeting=date", "Minister=agency", "Minister=program", "Organisation / individual=business",
    "Purpose of meeting=notes", "=channel:visit", "=purpose:relationship",
)  # fmt: skip

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data folder is not beside the repository")


def run(env: dict[str, str], *arguments: str) -> Any:
    answer = CliRunner().invoke(cli, [*arguments, "--json"], env=env, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def with_maps(maps: tuple[str, ...]) -> list[str]:
    return [argument for one in maps for argument in ("--map", one)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nine_lists_and_all_diaries_go_in_and_the_commands_answer_from_them(
    db: Store, engine_env: dict[str, str]
) -> None:
    (listed,) = run(engine_env, "import", str(LISTS), "--kind", "businesses", *with_maps(LISTS_READ))
    assert (listed["rows"], listed["created"], listed["refused"]) == (3337, 3337, 0)
    records = run(engine_env, "records")
    with LISTS.open(encoding="utf-8", newline="") as file:
        rows = {(row["source"], row["rec_id"]) for row in csv.DictReader(file)}
    assert {(row["agency"], row["key"]) for row in records} == rows
    # Nine agencies know the same providers: far fewer businesses than records, and some known to most of them.
    businesses = run(engine_env, "businesses")
    assert sum(row["records"] for row in businesses) == 3337
    assert len(businesses) == len({row["business"] for row in records}) < 2_000
    assert len(businesses[0]["agencies"]) >= 4

    read = ("--date-format", "Date of meeting=d/m/yyyy", *with_maps(DIARIES_READ))
    (met,) = run(engine_env, "import", str(DIARIES), "--kind", "touchpoints", *read)
    # A few rows say what another row says, word for word: they are one contact.
    assert (met["rows"], met["refused"], met["updated"]) == (26562, 0, 0)
    assert met["created"] + met["unchanged"] == 26562
    assert met["unchanged"] < 200
    (again,) = run(engine_env, "import", str(DIARIES), "--kind", "touchpoints", *read)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 26562)

    told = run(engine_env, "knocks", "--from", "2010-01-01", "--to", "2030-12-31")
    assert told["knocks"] == told["first"] + told["own_repeat"] + told["coordinated"] + told["redundant"]
    assert 20_000 < told["knocks"] <= met["created"]
    assert told["redundant"] > 1_000
    busiest = told["businesses"][0]
    alone = run(engine_env, "knocks", "--business", busiest["business"], "--from", "2010-01-01", "--to", "2030-12-31")
    assert len(alone["list"]) == busiest["knocks"]
