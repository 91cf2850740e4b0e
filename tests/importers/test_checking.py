"""Every row is taken or refused with line, column, value, reason and fix; nothing is changed silently."""

from datetime import date
from typing import Any

import pytest

from crm.spreadsheets import write_csv
from importers import check, readers
from importers.cells import NO_MAILBOX, SEVERAL
from importers.check import Checked, CheckedRows, Refusal, check_rows
from importers.errors import MapError
from importers.map import map_columns
from importers.read import open_sheet


def run_of(content: str | bytes, **options: Any) -> tuple[list[Checked | Refusal], CheckedRows]:
    sheet = open_sheet(content.encode() if isinstance(content, str) else content, "list.csv")
    options.setdefault("agency", "College")
    run = check_rows(sheet, map_columns(sheet.headers, **options))
    return list(run), run


def check_cell(column: str, text: str, *, base: dict[str, str]) -> Checked | Refusal:
    cells = {**base, column: text}
    (row,), _ = run_of(b"".join(write_csv(list(cells), [list(cells.values())])))
    return row


BUSINESS = {"name": "Harbor Bakery", "source_id": "B-1"}
PERSON = {"name": "Ana Silva", "business": "B-1"}
TOUCHPOINT = {"date": "2026-03-31", "program": "Welding", "business": "B-1"}
PROGRAM = {"agency": "College", "program": "Welding"}


def value_of(column: str, text: str, base: dict[str, str]) -> Any:
    row = check_cell(column, text, base=base)
    assert isinstance(row, Checked), row
    return row.values[column]


def refusal_of(column: str, text: str, base: dict[str, str]) -> Refusal:
    row = check_cell(column, text, base=base)
    assert isinstance(row, Refusal), row
    assert (row.column, row.line) == (column, 2)
    assert row.fix
    return row


@pytest.mark.parametrize(
    ("base", "column", "text", "value"),
    [
        (BUSINESS, "zip", "02134", "02134"),
        (BUSINESS, "state", "NA", "NA"),
        (BUSINESS, "name", "None", "None"),
        (BUSINESS, "source_id", "007", "007"),
        (BUSINESS, "city", "  Boston ", "Boston"),
        (BUSINESS, "city", " ", None),
        (BUSINESS, "employees", "1200", 1200),
        (BUSINESS, "employees", "1,200", 1200),
        (BUSINESS, "employees", "0", 0),
        (BUSINESS, "naics", "31-33", "31-33"),
        (BUSINESS, "naics", "311811", "311811"),
        (BUSINESS, "ein", "041234567", "041234567"),
        (BUSINESS, "ein", "04-1234567", "04-1234567"),
        (BUSINESS, "website", "www.cps.edu", "www.cps.edu"),
        (BUSINESS, "website", "HTTPS://Example.org:8443/a?b#c", "HTTPS://Example.org:8443/a?b#c"),
        (BUSINESS, "website", "münchen.example.de", "münchen.example.de"),
        (BUSINESS, "email", "O'Neil@example.org", "O'Neil@example.org"),
        (BUSINESS, "phone", "(617) 555-0117 ext. 3", "(617) 555-0117 ext. 3"),
        (BUSINESS, "street", "1 Dock St\nSuite 4", "1 Dock St\nSuite 4"),
        (BUSINESS, "notes", "  kept\r\n exactly\t", "  kept\r\n exactly\t"),
        (BUSINESS, "closed_on", "2026-01-31", date(2026, 1, 31)),
        (PERSON, "do_not_contact", "YES", True),
        (PERSON, "do_not_contact", "no", False),
        (PERSON, "do_not_contact", "", None),
        (PERSON, "do_not_contact", "Unsubscribed", True),
        (PERSON, "do_not_contact", "true", True),
        (PERSON, "do_not_contact", "Subscribed", False),
        (BUSINESS, "naics", "54: Professional", "54"),
        (BUSINESS, "naics", "31-33: Manufacturing", "31-33"),
        (BUSINESS, "naics", "31181199", "311811"),
        (BUSINESS, "zip", "021341234", "02134-1234"),
        (PERSON, "email", "ana@example.org ::: a@example.com", "ana@example.org"),
        (PERSON, "phone", "617-555-0117; 617-555-0118", "617-555-0117"),
        (TOUCHPOINT, "program", "Welding; Job Club ;Welding", ("Welding", "Job Club")),
        (TOUCHPOINT, "program", "Board:Welding", ("Board:Welding",)),
        (TOUCHPOINT, "person", "P-1;College:P-2\n;ana@example.org", ("P-1", "College:P-2", "ana@example.org")),
        (TOUCHPOINT, "topics", "wages;shift\nwork", ("wages", "shift\nwork")),
        (TOUCHPOINT, "topics", "", ()),
        (TOUCHPOINT, "channel", "Mass Mail", "mass_mail"),
        (TOUCHPOINT, "channel", "E-mail", "email"),
        (TOUCHPOINT, "purpose", "Follow-up", "follow_up"),
        (TOUCHPOINT, "direction", "IN", "in"),
        (TOUCHPOINT, "reached", "Yes", True),
        (TOUCHPOINT, "visibility", "Exists", "exists"),
        (PROGRAM, "system", "Economic Development", "economic_development"),
    ],
)
def test_a_cell_becomes_its_value(base: dict[str, str], column: str, text: str, value: Any) -> None:
    assert value_of(column, text, base) == value


@pytest.mark.parametrize(
    ("base", "column", "text", "reason"),
    [
        (BUSINESS, "name", " ", "A row needs name"),
        (BUSINESS, "name", "x" * 301, "301 characters; 300 are allowed"),
        (BUSINESS, "name", "Harbor\nBakery", "line break"),
        (BUSINESS, "name", "#REF!", "error #REF!"),
        (BUSINESS, "name", "Harbor\0Bakery", "a NUL byte"),
        (BUSINESS, "notes", "bell \x07", "control character U+0007"),
        (BUSINESS, "notes", "x" * 32_001, "32,001 characters"),
        (BUSINESS, "employees", "about 12", "whole number"),
        (BUSINESS, "employees", "-1", "whole number"),
        (BUSINESS, "employees", "12,00", "whole number"),
        (BUSINESS, "employees", "10-49", "whole number"),
        (BUSINESS, "employees", "²", "whole number"),
        (BUSINESS, "naics", "5: Professional", "two to six digits"),
        (BUSINESS, "naics", "12-99", "two to six digits"),
        (BUSINESS, "ein", "1234567", "nine digits"),
        (BUSINESS, "website", "javascript:alert(1)", "not a web address"),
        (BUSINESS, "website", "javascript://example.org/%0aalert(1)", "http or https"),
        (BUSINESS, "website", 'https://example.org/"onmouseover=', "not a web address"),
        (BUSINESS, "website", "https://user@example.org", "not a web address"),
        (BUSINESS, "website", "data:text/html,x", "not a web address"),
        (BUSINESS, "email", "ana@example", "not an e-mail address"),
        (BUSINESS, "email", "Ana <ana@example.org>", "not an e-mail address"),
        (BUSINESS, "phone", "unknown", "has digits"),
        (BUSINESS, "closed_on", "31/1/2026", "not a date in the form 2026-03-31"),
        (BUSINESS, "closed_on", "2026-02-30", "no day 30 in February"),
        (PERSON, "do_not_contact", "maybe", "not on the list"),
        (TOUCHPOINT, "reached", "y", "not on the list"),
        (TOUCHPOINT, "date", "", "A row needs date"),
        (TOUCHPOINT, "program", ";", "A row needs program"),
        (TOUCHPOINT, "program", "Welding, Job Club", "hold no ','"),
        (TOUCHPOINT, "program", "A:B:C", "hold no ':'"),
        (TOUCHPOINT, "program", "Welding\nJob Club", "line break inside a value"),
        (TOUCHPOINT, "channel", "phone", "not on the list"),
        (PROGRAM, "agency", "A;B", "hold no ';'"),
        (PROGRAM, "program", "A:B", "hold no ':'"),
        (PROGRAM, "system", "private", "not on the list"),
    ],
)
def test_a_cell_that_cannot_be_taken_says_why(base: dict[str, str], column: str, text: str, reason: str) -> None:
    assert reason in refusal_of(column, text, base).reason


@pytest.mark.parametrize(
    ("base", "column", "text", "fix"),
    [
        (TOUCHPOINT, "channel", "Phone call", "Did you mean call?"),
        (TOUCHPOINT, "channel", "vist", "Did you mean visit?"),
        (TOUCHPOINT, "direction", "Outbound", "Did you mean out?"),
        (TOUCHPOINT, "reached", "TRUE", "Did you mean yes?"),
        (BUSINESS, "naics", "54 Professional", "Write 54."),
        (BUSINESS, "ein", "41234567", "041234567"),
        (TOUCHPOINT, "date", "25/12/2026", "d/m/yyyy"),
    ],
)
def test_a_fix_names_what_was_probably_meant(base: dict[str, str], column: str, text: str, fix: str) -> None:
    assert fix in refusal_of(column, text, base).fix


def test_a_refusal_names_the_files_own_heading_and_line() -> None:
    rows, _ = run_of('Site name,Staff\n"A\nB",3\nC,many\n', maps=["Site name=name", "Staff=employees"])
    assert [row.to_json() for row in rows if isinstance(row, Refusal)] == [
        {"line": 2, "column": "Site name", "value": "A\nB", "reason": "The cell has a line break in it.",
         "fix": "Put the text on one line."},
        {"line": 4, "column": "Staff", "value": "many",
         "reason": "The number of employees is a whole number, 0 or more.",
         "fix": "Write it as 1200, or leave the cell blank."},
    ]  # fmt: skip


def test_a_row_with_two_faults_is_one_refusal_that_names_both() -> None:
    rows, run = run_of("name,email,employees\nA,nobody@,many\n")
    (refusal,) = rows
    assert isinstance(refusal, Refusal)
    assert refusal.column == "email"
    assert refusal.fix.endswith("Look at employees in this row too.")
    assert run.refused == 1


def test_every_row_is_taken_or_refused_and_blank_ones_are_counted_apart() -> None:
    _, run = run_of('name,city\nA,Boston\n\nB\n,Lynn\nC,"Salem\nD,Lowell\n')
    assert (run.rows, run.taken, run.refused, run.blank) == (5, 2, 3, 1)


def test_columns_that_the_file_lacks_are_absent_and_blank_ones_are_none() -> None:
    rows, _ = run_of("name,city\nA,\n")
    assert rows == [Checked(2, {"name": "A", "city": None, "agency": "College"})]


def test_the_agency_for_the_file_fills_only_blank_cells() -> None:
    rows, _ = run_of("agency,name\nBoard,A\n,B\n")
    assert [row.values["agency"] for row in rows if isinstance(row, Checked)] == ["Board", "College"]


def test_a_row_of_no_agency_is_refused() -> None:
    rows, _ = run_of("agency,name\nBoard,A\n,B\n", agency=None)
    assert isinstance(rows[1], Refusal)
    assert (rows[1].column, rows[1].reason) == ("agency", "The row does not say whose it is.")


def test_a_first_and_a_last_name_stand_for_the_name() -> None:
    rows, _ = run_of("first_name,last_name,title\nAna,Silva,CEO\nAna,,CEO\n")
    assert isinstance(rows[0], Checked)
    assert "name" not in rows[0].values
    assert isinstance(rows[1], Refusal)
    assert rows[1].fix == "Fill in name, or first_name and last_name."


def test_a_business_without_a_trade_name_goes_by_its_legal_name_and_that_is_said() -> None:
    rows, run = run_of("name,legal_name\nDelta Bolt,Delta Fasteners Inc\n,Kinzie Tool LLC\n,\n")
    assert [row.values["name"] for row in rows if isinstance(row, Checked)] == ["Delta Bolt", "Kinzie Tool LLC"]
    assert run.remarks == {("name", "is blank; legal_name is taken for it"): 1}
    (alone,), _ = run_of("source_id,legal_name,city\n7,Kinzie Tool LLC,Chicago\n")
    assert isinstance(alone, Checked)
    assert alone.values["name"] == "Kinzie Tool LLC"


def test_a_tick_that_follow_up_is_needed_is_a_promise_and_a_no_is_none() -> None:
    head = "date,program,business,promise"
    rows, run = run_of(f"{head}\n2026-03-31,Welding,B-1,Y\n2026-03-31,Welding,B-2,No\n2026-03-31,Welding,B-3,Call\n")
    assert [row.values["promise"] for row in rows if isinstance(row, Checked)] == ["Follow up", None, "Call"]
    assert sum(run.remarks.values()) == 2


def test_an_end_before_its_beginning_is_refused() -> None:
    rows, _ = run_of("name,agencies,from,to\nX,A;B,2026-02-01,2026-01-01\nY,A;B,2026-02-01,2026-02-01\n", agency=None)
    assert isinstance(rows[0], Refusal)
    assert rows[0].column == "to"
    assert isinstance(rows[1], Checked)


def test_an_agreement_needs_two_agencies_and_whole_references() -> None:
    rows, _ = run_of(
        "name,agencies,from,businesses\nX,A;A,2026-02-01,\nY,A;B,2026-02-01,B-17\nZ,A;B,2026-02-01,A:B-17;B:9:1\n"
    )
    assert [row.column for row in rows if isinstance(row, Refusal)] == ["agencies", "businesses"]
    assert isinstance(rows[2], Checked)
    assert rows[2].values["businesses"] == ("A:B-17", "B:9:1")


def test_shared_columns_are_joined_or_the_first_or_newest_is_taken() -> None:
    content = "name,S1,S2,P1,P2,C1,C2\nA,1 Dock St,Suite 4,,617-555-0118,2025-01-01,2026-01-01\nB,2 Dock St,,1,2,,\n"
    rows, run = run_of(content, maps=[
        "S1=street:join", "S2=street:join", "P1=phone:first", "P2=phone", "C1=closed_on:newest", "C2=closed_on",
    ])  # fmt: skip
    assert [(r.values["street"], r.values["phone"], r.values["closed_on"]) for r in rows if isinstance(r, Checked)] == [
        ("1 Dock St, Suite 4", "617-555-0118", date(2026, 1, 1)),
        ("2 Dock St", "1", None),
    ]
    told = {("P1 + P2", "the columns say different things; the first that is filled is taken"): 1}
    assert dict(run.remarks) == told


@pytest.mark.parametrize(
    ("cell", "taken"),
    [
        ("none; ana@x.org", "ana@x.org"), ("ana@x.org; none", "ana@x.org"), ("n/a | none", "n/a | none"),
        ("7.73E+16; 617-555-0101", "7.73E+16"), ("617-555-0101 | 2", "617-555-0101"),
    ],
)  # fmt: skip
def test_of_several_in_one_cell_the_first_that_can_be_used_is_and_the_rest_is_told(cell: str, taken: str) -> None:
    column = "email" if "@" in cell or "none" in cell else "phone"
    rows, run = run_of(f"name,{column}\nA,{cell}\n")
    assert isinstance(rows[0], Checked)
    assert rows[0].values[column] == taken
    assert [text for _, text in run.remarks] == [SEVERAL if taken != cell else NO_MAILBOX]


def test_a_fault_in_a_shared_column_names_all_of_its_headings() -> None:
    rows, _ = run_of("name,C1,C2\nA,2025-01-01,soon\n", maps=["C1=closed_on:newest", "C2=closed_on:newest"])
    assert isinstance(rows[0], Refusal)
    assert (rows[0].column, rows[0].value) == ("C1 + C2", "2025-01-01 | soon")


def test_a_value_for_every_row_is_checked_once() -> None:
    rows, _ = run_of("date,business\n2026-03-31,B-1\n", maps=["=program:Job Club;Welding", "=channel:Visit"])
    assert isinstance(rows[0], Checked)
    assert (rows[0].values["program"], rows[0].values["channel"]) == (("Job Club", "Welding"), "visit")
    with pytest.raises(MapError, match="channel cannot be 'shouting'"):
        run_of("date,business\n2026-03-31,B-1\n", maps=["=program:Job Club", "=channel:shouting"])


def test_what_a_spreadsheet_may_have_spoiled_is_kept_and_remarked_on() -> None:
    rows, run = run_of("source_id,name,zip,phone\n1.2E+11,A,2134,7.73E+16\n2,B,1234,\n")
    assert all(isinstance(row, Checked) for row in rows)
    assert {header: count for (header, _), count in run.remarks.items()} == {"source_id": 1, "zip": 2, "phone": 1}


def test_bytes_that_are_no_letters_cost_their_row_only() -> None:
    rows, _ = run_of("name,city\nCafé,Łódź\nŻuk,x\n".encode() + b"Caf\xe9,y\n")
    assert [type(row) for row in rows] == [Checked, Checked, Refusal]
    assert isinstance(rows[2], Refusal)
    assert rows[2].reason == "The cell holds bytes that are no letters."


def test_many_different_texts_do_not_pile_up() -> None:
    content = "source_id,name\n" + "".join(f"{n},Business {n}\n" for n in range(60_000))
    sheet = open_sheet(content.encode(), "list.csv")
    run = check_rows(sheet, map_columns(sheet.headers, agency="A"))
    assert sum(1 for _ in run) == 60_000
    readers = [reader for *_, reader in run._checker._single]
    assert max(map(len, readers)) <= 20_000


ODD = (
    "source_id,name,legal_name,street,zip,phone,website,email,ein,employees,notes,do_not_contact\n"
    "1,Harbor Bakery,,1 Dock St,2134,617 555 0101,www.harbor.example.com,ana@harbor.org,12-3456789,12,,no\n"
    "7.73E+16,,Kinzie Tool,#5 Oak Ave,02134,none,No,none,1,many,Two,maybe\n"
    "\n"
    '3,Café Zoë,,"2 Elm\nRear",021341234,call 1;2,javascript:x,a@b.org;c@d.org,,1200,#N/A,\n'
    "4, Trimmed ,,  ,,(617) 555-0101 ,http://a.org/x?y=1,ana@example.test,,,,yes\n"
    f"5,{'x' * 400},,,,+1 617.555.0101,https://a.co/b,,,,,\n"
    "6,,,,,,,,,,,\n"
    "name,too,few\n"
)


@pytest.mark.parametrize("remembered", [readers.REMEMBERED, 0])
@pytest.mark.parametrize("maps", [(), ("name=name:first", "legal_name=name:first", "=closed_on:2026-01-31")])
def test_rows_become_the_same_alone_as_among_others(
    monkeypatch: pytest.MonkeyPatch, maps: tuple[str, ...], remembered: int
) -> None:
    def run() -> Any:
        sheet = open_sheet(ODD.encode(), "list.csv")
        mapping = map_columns(sheet.headers, agency="A", kind="businesses", maps=maps)
        rows = CheckedRows(sheet, mapping, collects_remarks=True)
        outcomes = list(rows)
        return outcomes, [*rows.remarks.items()], rows.remarked, (rows.rows, rows.taken, rows.refused, rows.blank)

    monkeypatch.setattr(readers, "REMEMBERED", remembered)
    together = run()
    monkeypatch.setattr(check, "AT_ONCE", 1)
    assert run() == together
    assert together[3][0] == 7
    assert together[1]
