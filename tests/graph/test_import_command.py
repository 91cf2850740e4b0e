"""`crm import` as it is typed: what it says of files that it cannot take."""

import json
import shlex
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from crm.access import OWNER
from crm.commands.imports import import_files
from crm.graph import upload_bytes, upload_files, uploads
from crm.graph.driver import Store
from crm.services.uploads import read_bytes
from importers.errors import MapError
from importers.originals import open_original


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


def test_what_unknown_columns_most_likely_mean_is_said_as_it_is_typed(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Company,Met on\nAcme,1/2/2024\nBell,13/2/2024\n")
    command = [str(path), "--agency", "A", "--dry-run", "--json"]
    problem = str(CliRunner().invoke(import_files, command, env=engine_env).exception)
    guessed = shlex.split(problem.rpartition("says why): ")[2])
    assert guessed == [
        *("--kind", "touchpoints", "--map", "Company=business", "--map", "Met on=date"),
        *("--date-format", "Met on=d/m/yyyy"),
    ]
    (result,) = json.loads(
        CliRunner().invoke(import_files, [*command, *guessed, "--map", "=program:Visits"], env=engine_env).stdout
    )
    assert (result["kind"], result["created"], result["refused"]) == ("touchpoints", 2, 0)


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


def test_what_is_remarkable_of_cells_that_are_taken_is_told(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("source_id,name,zip,email\n1,Acme,2134,a@acme.example; b@acme.example\n2,Zeta,2155,\n")
    told = [
        CliRunner().invoke(import_files, [str(path), "--agency", "A", *options], env=engine_env).stdout
        for options in (["--dry-run", "--json"], ["--dry-run"], ["--json"])
    ]
    expected = [
        ("zip", "a ZIP has five digits; leading zeros may have been lost in a spreadsheet", 2),
        ("email", "several in one cell; the first is used", 1),
    ]
    for answer in (told[0], told[2]):
        (result,) = json.loads(answer)
        assert [(one["column"], one["remark"], one["cells"]) for one in result["remarks"]] == expected
    assert "email of list.csv: several in one cell; the first is used (1)." in told[1]


def test_a_known_export_goes_in_by_its_headings_alone(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(
        "Salutation,First Name,Last Name,Title,Mailing City,Phone,Email,Account Owner,Account Name\n"
        "Ms.,Ana,Silva,Owner,Boston,617-555-0117,ana@example.org,Jo Lee,Harbor Bakery\n"
        "\n"
        '"Grand Totals (1 records)"\n'
    )
    answer = CliRunner().invoke(import_files, [str(path), "--agency", "Chamber", "--json"], env=engine_env)
    (told,) = json.loads(answer.stdout)
    assert (told["kind"], told["created"], told["refused"]) == ("people", 1, 0)
    assert db.read("MATCH (r:PersonRecord) RETURN r.title AS title, r.email AS email") == [
        {"title": "Owner", "email": "ana@example.org"}
    ]
    assert db.read("MATCH (r:BusinessRecord) RETURN r.name AS name, r.city AS city") == [
        {"name": "Harbor Bakery", "city": "Boston"}
    ]


def test_of_a_calendar_is_said_only_what_it_does_not_say(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(
        "Subject,Start Date,Start Time,End Date,Meeting Organizer,Required Attendees,Location,Private\n"
        "Visit,3/17/2026,9:00 AM,3/17/2026,Jo Lee,Ana Silva,Harbor Bakery,False\n"
        "Dentist,3/18/2026,9:00 AM,3/18/2026,Jo Lee,,Main Street,True\n"
    )
    said = ["--agency", "Chamber", "--map", "=program:Visits", "--map", "Location=business", "--json"]
    answer = CliRunner().invoke(import_files, [str(path), *said], env=engine_env)
    (told,) = json.loads(answer.stdout)
    assert (told["created"], told["refused"]) == (1, 0)
    assert [row["reason"] for row in told["left_out"]] == ["Private is True."]
    assert db.read("MATCH (t:Touchpoint) RETURN t.date AS date, t.topics AS topics") == [
        {"date": "2026-03-17", "topics": "Visit"}
    ]


def test_a_sheet_a_row_of_headings_and_footers_can_be_said(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, business in (("First", "Acme"), ("Second", "Zeta")):
            page = book.add_worksheet(name)
            for number, row in enumerate((["Name", "City"], ["name", "city"], [business, "Lynn"], ["Total", 1])):
                page.write_row(number, 0, row)
    said = [str(path), "--sheet", "Second", "--header-row", "1", "--agency", "A", "--kind", "businesses", "--json"]
    answer = CliRunner().invoke(import_files, [*said, "--dry-run"], env=engine_env)
    (told,) = json.loads(answer.stdout)
    assert (told["created"], [row["text"] for row in told["left_out"]]) == (1, ["Total | 1"])
    CliRunner().invoke(import_files, [*said, "--keep-footers"], env=engine_env)
    rows = db.read("MATCH (r:BusinessRecord) RETURN r.name AS name ORDER BY name")
    assert [row["name"] for row in rows] == ["Total", "Zeta"]


def test_a_separator_is_said_in_words_and_a_folder_stands_for_its_files(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "a.csv").write_text("agency;source_id;name\nA;1;Acme, Inc\n")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    answer = CliRunner().invoke(import_files, [str(folder), "--delimiter", "semicolon", "--json"], env=engine_env)
    (told,) = json.loads(answer.stdout)
    assert (told["file"], told["created"]) == ("lists/a.csv", 1)
    assert "Passed over lists/logo.png: " in answer.stderr


def test_the_file_is_kept_as_it_came_for_who_may_see_its_rows(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    content = "Café;agency;name\n1;College;Harbor\n2;College;\n".encode("cp1252")
    archive = tmp_path / "sent.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("march/list.csv", content)
    for _ in range(2):
        answer = CliRunner().invoke(import_files, [str(archive), "--json"], env=engine_env)
    (told,) = json.loads(answer.stdout)
    assert told["unchanged"] == 1
    file = upload_files.find_file_of_import(db, told["import"])
    assert file is not None
    assert b"".join(read_bytes(db, file)) == content
    assert file.name == "list.csv"
    with open_original(db, file) as sheet:
        assert sheet.headers == ("Café", "agency", "name")
    assert upload_bytes.list_kept(db, [told["import"]]) == {told["import"]}
    assert uploads.list_open_uploads(db, OWNER, after=0) == []


def test_no_file_is_kept_where_the_settings_say_so(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("agency,name\nCollege,Harbor\n")
    env = engine_env | {"CRM_KEEP_ORIGINALS_DAYS": "0"}
    answer = CliRunner().invoke(import_files, [str(path), "--json"], env=env)
    (told,) = json.loads(answer.stdout)
    assert told["created"] == 1
    assert upload_files.find_file_of_import(db, told["import"]) is None


def test_what_rows_also_tell_of_is_said(db: Store, engine_env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(
        "Company,Street,Zip,Phone,Contact First Name,Contact Last Name,Contact Title\n"
        "Harbor Bakery,27 Dock St,02134,617-555-0117,Ana,Silva,Owner\n"
        "Harbor Bakery,27 Dock St,02134,617-555-0117,Ana,Silva,Manager\n"
        "Omega Plastics,9 Mill Rd,02155,978-555-0101,Bo,Lee,\n"
    )
    maps = ("Company=name", "Contact First Name=people.first_name", "Contact Last Name=people.last_name")
    said = [str(path), "--agency", "Chamber", "--map", "Contact Title=people.title"]
    said += [part for one in maps for part in ("--map", one)]
    for options in (["--dry-run"], []):
        answer = CliRunner().invoke(import_files, [*said, *options], env=engine_env)
        assert answer.exit_code == 0, answer.exception
        shown = " ".join(answer.stdout.split())
        assert "also tells of people: 2 new; 1 said otherwise than by an earlier row, which counts." in shown
