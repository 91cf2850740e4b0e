"""The bench of the matcher: what it makes of a set that the scorer can read, and its table."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from bench.dedupe import ROOT, SCORES, write_name_pairs

DATA = ROOT.parent / "shared" / "data"
PAIRS = """schema,name1,name2,label
Person,Ana Lee,Anna Lee,1
Person,Ana Lee,Jo May,0
Company,Kelmar Inc,Kelmar,1
"""


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_pairs_of_names_are_lists_in_which_every_name_is_one_record(tmp_path: Path) -> None:
    (tmp_path / "name_pairs.csv").write_text(PAIRS, encoding="utf-8")
    (tmp_path / "made").mkdir()
    people, others = write_name_pairs(tmp_path, tmp_path / "made")
    assert (people.rows, others.rows) == (3, 2)
    assert read(people.folder / "records.csv")[1:] == [["n0", "Ana Lee"], ["n1", "Anna Lee"], ["n2", "Jo May"]]
    assert read(people.folder / "pairs.csv")[1:] == [["n0", "n1", "1"], ["n0", "n2", "0"]]
    assert read(others.folder / "pairs.csv") == [["l", "r", "label"], ["n0", "n1", "1"]]


@pytest.mark.skipif(not DATA.exists(), reason="the data folder is not beside the repository")
def test_the_bench_prints_one_line_a_set_with_scores_and_cost() -> None:
    command = [sys.executable, "-m", "bench.dedupe", "--peers", "none", "--sizes", "300", "--seeds", "1,2"]
    command += ["--sets", "fodors_zagats,generated", "--shared", str(DATA)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=240)
    heading, _, _, _, *lines = answer.stdout.splitlines()
    assert "seeds of the generated lists: 1,2" in heading
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[:3] for row in cells] == [
        ["fodors_zagats", "864", "ours"],
        ["generated 300, seed 1", "300", "ours"],
        ["generated 300, seed 2", "300", "ours"],
    ]
    assert all(0.5 < float(score) <= 1 for row in cells for score in row[3 : 3 + len(SCORES)])
    assert all(float(cost) > 0 for row in cells for cost in row[-3:])
