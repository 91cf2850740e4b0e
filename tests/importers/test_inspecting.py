"""`crm inspect` as it is typed: how a file will be read, with nothing stored and no engine started."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crm import cli
from crm.graph.driver import Store
from importers.openings import Said, close_sources, open_sources

LIST = (
    'Exported by Jo\n\nEmployer,"City,\nState",Fax,Zip code\n'
    "Harbor,Boston MA,617-555-0100,02134\nReata,Lynn MA,,01901\n"
)


def inspect(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert cli.run(["inspect", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_a_list_is_told_column_by_column(fresh: Path, capsys) -> None:
    path = fresh / "list.csv"
    path.write_text(LIST)
    told = inspect(capsys, path)
    assert [column["header"] for column in told["columns"]] == ["Employer", "City,\nState", "Fax", "Zip code"]
    means = {column["header"]: column["meaning"] for column in told["columns"]}
    assert (means["Employer"], means["Fax"], means["Zip code"]) == ("businesses.name", "none", "businesses.zip")
    assert {name: told[name] for name in ("kind", "delimiter", "header_row", "rows", "sheet", "profile")} == {
        "kind": "businesses", "delimiter": ",", "header_row": 2, "rows": 2, "sheet": None, "profile": None
    }  # fmt: skip
    assert all(column["why"] and 0 <= column["confidence"] <= 1 for column in told["columns"])


def test_a_fresh_folder_stays_as_it_was(fresh: Path, capsys) -> None:
    path = fresh / "list.csv"
    path.write_text(LIST)
    inspect(capsys, path)
    assert sorted(one.name for one in fresh.iterdir()) == ["list.csv"]


def test_what_was_found_can_be_overruled(fresh: Path, capsys) -> None:
    path = fresh / "list.txt"
    path.write_bytes("Größe|name\n1|Café\n".encode("cp1252"))
    told = inspect(capsys, path, "--header-row", "-1", "--delimiter", "|", "--encoding", "cp1252")
    assert (told["header_row"], told["rows"], told["delimiter"]) == (None, 2, "|")
    assert [column["header"] for column in told["columns"]] == ["Column 1", "Column 2"]


def test_each_file_of_a_zip_file_and_of_a_folder_is_told_with_its_path(fresh: Path, capsys) -> None:
    folder = fresh / "sent"
    (folder / "march").mkdir(parents=True)
    (folder / "list.csv").write_text(LIST)
    (folder / "march" / "people.csv").write_text("First Name,Last Name,E-mail\nAna,Silva,ana@x.org\n")
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    archive = fresh / "sent.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("list.csv", "march/people.csv", "photo.png"):
            made.write(folder / name, name)
    for path, shown in ((folder, "sent"), (archive, "sent.zip")):
        listed: Any = inspect(capsys, path)
        told = {one["file"].removeprefix(f"{shown}/"): one for one in listed}
        kinds = {name: one["kind"] for name, one in told.items()}
        assert kinds == {"list.csv": "businesses", "march/people.csv": "people", "photo.png": None}
        assert told["list.csv"]["columns"] == inspect(capsys, folder / "list.csv")["columns"]
        assert told["list.csv"]["problem"] is None
        assert (told["photo.png"]["columns"], "photo.png" in told["photo.png"]["problem"]) == ([], True)
        assert cli.run(["inspect", str(path)]) == 0
        assert "march/people.csv" in capsys.readouterr().out


def test_a_zip_file_that_only_says_so_is_refused(fresh: Path, capsys) -> None:
    path = fresh / "sent.zip"
    path.write_text(LIST)
    assert cli.run(["inspect", str(path), "--json"]) == 1
    assert "sent.zip" in capsys.readouterr().err


def test_people_get_a_table(fresh: Path, capsys) -> None:
    path = fresh / "list.csv"
    path.write_text(LIST)
    assert cli.run(["inspect", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "rows: businesses" in shown
    assert "City, State" in shown


def test_a_file_that_is_no_table_is_refused_in_one_line(fresh: Path, capsys) -> None:
    path = fresh / "list.csv"
    path.write_bytes(b"%PDF-1.4")
    assert cli.run(["inspect", str(path), "--json"]) == 1
    assert "list.csv is a PDF" in capsys.readouterr().err


def test_a_saved_profile_says_what_was_said_before(
    db: Store, engine_env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Who,Nr\nHarbor,7\n")
    said = Said(agency="Chamber", system="roster", maps=("Who=name", "Nr=source_id"), kind="businesses")
    close_sources(open_sources(db, [path], said))
    for name, value in engine_env.items():
        monkeypatch.setenv(name, value)
    told = inspect(capsys, path)
    assert told["profile"] == "Chamber, roster, businesses"
    assert [(column["meaning"], column["confidence"]) for column in told["columns"]] == [
        ("businesses.name", 1.0), ("businesses.source_id", 1.0)
    ]  # fmt: skip
