"""Real lists through `crm dedupe cluster`, its guesses of their columns included, scored by the scorer beside them."""

import json
import runpy
from pathlib import Path

import pytest

from crm import cli

DATA = Path(__file__).parents[3] / "shared/data"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data folder is not beside the repository")


@pytest.mark.parametrize(
    ("name", "kind", "rows", "precision", "f1"),
    [
        ("fodors_zagats", "business", 864, 0.97, 0.97),
        ("chicago_childcare", "business", 3337, 0.96, 0.94),
        ("patstat_nl", "business", 2379, 0.95, 0.90),
        ("febrl3", "person", 5000, 0.99, 0.99),
        ("historical_50k", "person", 50578, 0.985, 0.93),
    ],
)
def test_a_real_set_is_clustered_as_well_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str, rows: int, precision: float, f1: float
) -> None:
    out = tmp_path / "clusters.csv"
    assert cli.run(["dedupe", "cluster", str(DATA / name / "records.csv"), "--out", str(out), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["kind"], answer["rows"]) == (kind, rows)
    found = runpy.run_path(str(DATA / "score.py"))["score"](str(DATA / name), str(out))
    assert found["precision"] >= precision
    assert found["f1"] >= f1
