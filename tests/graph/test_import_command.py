"""`crm import` as it is typed: what it says of files that it cannot take."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm.commands.imports import import_files
from crm.graph.driver import Store
from importers.errors import MapError


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("foo,bar\n1,2\n", "wrong.csv: These columns are not known: foo, bar."),
        ("source_id,name\n1,Acme\n", "wrong.csv: The file does not say whose rows these are."),
        ("agency,name,name\nA,Acme,Acme\n", "wrong.csv: Several columns go to name"),
    ],
)
def test_what_is_wrong_with_the_columns_is_said_of_the_file_that_has_them(
    db: Store, engine_env: dict[str, str], tmp_path: Path, text: str, says: str
) -> None:
    right, wrong = tmp_path / "right.csv", tmp_path / "wrong.csv"
    right.write_text("agency,source_id,name\nA,1,Acme\n")
    wrong.write_text(text)
    answer = CliRunner().invoke(import_files, [str(right), str(wrong), "--json"], env=engine_env)
    assert isinstance(answer.exception, MapError)
    assert says in str(answer.exception)
    assert db.read("MATCH (r:BusinessRecord) RETURN count(r) AS records") == [{"records": 0}]


def test_the_same_file_twice_in_one_command_is_one_import(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("agency,source_id,name\nA,1,Acme\nA,2,Zeta\nA,3,\n")
    counts = []
    for option in ("--dry-run", "--json"):
        answer = CliRunner().invoke(import_files, [str(path), str(path), option, "--json"], env=engine_env)
        told = json.loads(answer.stdout)
        counts.append([(one["created"], one["updated"], one["unchanged"], one["refused"]) for one in told])
    assert counts == [[(2, 0, 0, 1), (0, 0, 2, 1)]] * 2
    assert len({one["import"] for one in told}) == 1
