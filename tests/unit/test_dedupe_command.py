"""`crm dedupe cluster` as it is typed: any file in, the cluster of each row out, and no graph."""

import csv
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from crm import cli

ROWS = [
    ("1", "Harbor College", "Acme Tool Inc", "12 Main St", "Rockford", "61101", "815-555-1234"),
    ("2", "Chamber", "ACME TOOL", "12 Main Street", "Rockford", "61101", "(815) 555-1234"),
    ("3", "Chamber", "Zeta Foods", "9 Oak Ave", "Rockford", "61101", ""),
    ("10", "Board", "Acme Tool Incorporated", "12 Main St.", "Rockford", "61101", ""),
    ("4", "Board", "Baker Supply", "88 Elm Rd", "Belvidere", "61008", "815-555-7777"),
]
HEADER = ("rec_id", "source", "name", "address", "city", "zip", "phone")


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command must not look for a graph: this one is nowhere."""
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")


def write(path: Path, rows=ROWS, header=HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def clusters_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run(["dedupe", "cluster", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_every_row_has_the_cluster_of_its_first_record(tmp_path: Path, capsys) -> None:
    out = tmp_path / "clusters.csv"
    status, printed, _ = run(capsys, write(tmp_path / "a.csv"), "--out", out)
    assert status == 0
    assert clusters_of(out) == [["rec_id", "cluster"], ["1", "1"], ["2", "1"], ["3", "3"], ["10", "1"], ["4", "4"]]
    assert "5 rows are 3 businesses" in printed


def test_json_has_the_figures_and_how_the_columns_were_read(tmp_path: Path, capsys) -> None:
    status, printed, told = run(capsys, write(tmp_path / "a.csv"), "--out", tmp_path / "out.csv", "--json")
    answer = json.loads(printed)
    assert status == 0
    assert (answer["rows"], answer["clusters"], answer["kind"]) == (5, 3, "business")
    assert answer["seconds"] > 0
    assert answer["peak_memory_mb"] > 10
    meanings = ["rec_id", "agency", "name", "street", "city", "zip", "phone"]
    assert answer["columns"] == [{"header": h, "meaning": m} for h, m in zip(HEADER, meanings, strict=True)]
    assert "address: street" in told


def test_the_order_of_rows_and_columns_changes_no_cluster(tmp_path: Path, capsys) -> None:
    run(capsys, write(tmp_path / "a.csv"), "--out", tmp_path / "a.out")
    first = sorted(clusters_of(tmp_path / "a.out"))
    for seed in range(5):
        rows = random.Random(seed).sample(ROWS, len(ROWS))
        places = random.Random(seed).sample(range(len(HEADER)), len(HEADER))
        shuffled = [tuple(row[place] for place in places) for row in rows]
        write(tmp_path / "b.csv", shuffled, tuple(HEADER[place] for place in places))
        run(capsys, tmp_path / "b.csv", "--out", tmp_path / "b.out")
        found = clusters_of(tmp_path / "b.out")
        assert [row[0] for row in found[1:]] == [row[0] for row in rows]
        assert sorted(found) == first


def test_the_same_file_twice_is_the_same_to_the_byte(tmp_path: Path, capsys) -> None:
    for name in ("a.out", "b.out"):
        run(capsys, write(tmp_path / "a.csv"), "--out", tmp_path / name)
    assert (tmp_path / "a.out").read_bytes() == (tmp_path / "b.out").read_bytes()


@pytest.mark.parametrize(
    ("header", "rows", "says"),
    [
        (("Record ID", "name"), [("1", "Acme")], '--map "Record ID=rec_id"'),
        (("name", "phone"), [("Acme", "815-555-1234")], "has no column rec_id"),
        (("rec_id", "name"), [("1", "Acme"), ("2", "Zeta"), ("1", "Baker")], "'1' (lines 2 and 4)"),
        (("rec_id", "name"), [("1", "Acme"), (" ", "Zeta"), ("", "Baker")], "blank in 2 rows (line 3, 4)"),
        (("rec_id", "lat"), [("1", "0.5"), ("2", "0.7")], "Say what the columns mean"),
        (("rec_id", "name"), [("1", "Acme", "more"), ("2", "Zeta")], "line 2: The row has 3 cells"),
    ],
)
def test_a_file_that_cannot_be_clustered_is_refused_with_the_fix(tmp_path: Path, capsys, header, rows, says) -> None:
    out = tmp_path / "out.csv"
    status, printed, told = run(capsys, write(tmp_path / "a.csv", rows, header), "--out", out, "--json")
    assert (status, printed) == (1, "")
    assert says in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


def test_another_column_can_be_said_to_hold_the_ids(tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "a.csv", [("x", "Acme Tool"), ("y", "ACME TOOL")], ("No", "Firm"))
    status, _, _ = run(capsys, path, "--out", tmp_path / "out.csv", "--map", "no=rec_id", "--map", "Firm=name")
    assert status == 0
    assert [row[0] for row in clusters_of(tmp_path / "out.csv")] == ["rec_id", "x", "y"]


def test_people_are_found_as_people(tmp_path: Path, capsys) -> None:
    rows = [
        ("1", "Robert", "Silva", "bob@acme.example", "Acme Tool"),
        ("2", "Bob", "Silva", "bob@acme.example", "Acme Tool"),
        ("3", "Ana", "Silva", "ana@acme.example", "Acme Tool"),
    ]
    path = write(tmp_path / "a.csv", rows, ("rec_id", "First name", "Last name", "Email", "Employer"))
    _, printed, _ = run(capsys, path, "--out", tmp_path / "out.csv", "--json")
    assert json.loads(printed)["kind"] == "person"
    assert [row[1] for row in clusters_of(tmp_path / "out.csv")] == ["cluster", "1", "1", "3"]
    _, printed, _ = run(capsys, path, "--out", tmp_path / "out.csv", "--json", "--kind", "business")
    assert json.loads(printed)["kind"] == "business"


def test_other_separators_and_encodings_are_read(tmp_path: Path, capsys) -> None:
    text = "Rec ID;Name;Ort\n1;Bäckerei Müller;Köln\n2;BACKEREI MULLER;Köln\n"
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    assert run(capsys, tmp_path / "a.csv", "--out", tmp_path / "out.csv")[0] == 0
    assert clusters_of(tmp_path / "out.csv")[1:] == [["1", "1"], ["2", "1"]]


def test_ids_go_out_as_they_came_in(tmp_path: Path, capsys) -> None:
    ids = ["-5", "'=1", "a,b", 'say "x"', " 7", "007", "Søndergaard"]
    rows = [(id, f"Firm {chr(65 + n) * 5}") for n, id in enumerate(ids)]
    assert run(capsys, write(tmp_path / "a.csv", rows, ("rec_id", "name")), "--out", tmp_path / "out.csv")[0] == 0
    assert [row[0] for row in clusters_of(tmp_path / "out.csv")[1:]] == ids


def test_a_file_of_headings_alone_has_no_clusters(tmp_path: Path, capsys) -> None:
    status, printed, _ = run(capsys, write(tmp_path / "a.csv", []), "--out", tmp_path / "out.csv", "--json")
    assert status == 0
    assert json.loads(printed)["rows"] == 0
    assert (tmp_path / "out.csv").read_text() == "rec_id,cluster\n"


def test_what_cannot_be_written_is_refused_before_the_file_is_read(tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "a.csv", [("1", "Acme")], ("no id", "name"))
    status, _, told = run(capsys, path, "--out", tmp_path / "nowhere" / "out.csv")
    assert status == 1
    assert "out.csv cannot be written: No such file or directory." in told


def test_the_answer_does_not_replace_the_records(tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "a.csv")
    before = path.read_bytes()
    status, _, told = run(capsys, path, "--out", tmp_path / "." / "a.csv")
    assert status == 1
    assert "Name another file" in told
    assert path.read_bytes() == before


def test_a_refusal_leaves_an_older_answer_as_it_was(tmp_path: Path, capsys) -> None:
    out = tmp_path / "out.csv"
    out.write_text("older")
    assert run(capsys, write(tmp_path / "a.csv", [("1", "Acme")], ("no id", "name")), "--out", out)[0] == 1
    assert out.read_text() == "older"


@pytest.mark.parametrize(
    "arguments", [["a.csv"], ["none.csv", "--out", "o"], ["a.csv", "--out", "o", "--kind", "firm"], []]
)
def test_wrong_usage_is_status_2(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch, arguments) -> None:
    monkeypatch.chdir(write(tmp_path / "a.csv").parent)
    assert run(capsys, *arguments)[0] == 2


def test_long_work_tells_how_long_where_no_bar_can_be_drawn(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    import time

    from crm.commands import progress

    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr(progress, "EVERY", 0.05)
    with progress.bar_or_lines() as report:
        report("comparing", 0, None)
        time.sleep(0.3)
    assert "Comparing records … 0 s" in capsys.readouterr().err


def test_the_command_runs_without_graph_web_or_driver(tmp_path: Path) -> None:
    code = (
        "import sys; from crm import cli; status = cli.run(sys.argv[1:]);"
        "print(status, sorted(set(sys.modules) & {'flask', 'neo4j', 'pandas', 'gunicorn'}), file=sys.stderr)"
    )
    arguments = ["dedupe", "cluster", str(write(tmp_path / "a.csv")), "--out", str(tmp_path / "out.csv")]
    answer = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert answer.stderr.splitlines()[-1] == "0 []"
