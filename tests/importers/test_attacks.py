"""Files made to harm: each is refused in words before work starts, or read as the harmless text that it is."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from importers import children, read
from importers.check import Checked, Refusal, check_rows
from importers.errors import ReadError
from importers.map import map_columns
from importers.read import MAX_LINES, open_sheet
from importers.rows import BadRow, Row
from tests.importers.test_reading_workbooks import replace_part, workbook_of
from tests.importers.workbook_files import make_ods, make_xls

HEADER = b"name,city,notes\n"


def outcome_of(row: bytes) -> Checked | Refusal:
    with open_sheet(HEADER + row, "list.csv") as sheet:
        (result,) = check_rows(sheet, map_columns(sheet.headers, agency="A", kind="businesses"))
    assert not hasattr(result, "text")
    return result  # pyright: ignore[reportReturnType]


def test_a_line_of_two_hundred_megabytes_is_refused_without_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER)
        file.seek(200 * 1024 * 1024)
        file.write(b"x\n")
    with pytest.raises(ReadError, match=r"no line ends|NUL bytes"):
        open_sheet(path)


def test_a_long_line_of_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER)
        for _ in range(8):
            file.write(b"x" * (1 << 20))
    with pytest.raises(ReadError, match="no line ends"):
        open_sheet(path)


def test_many_long_quoted_lines_end_too() -> None:
    data = HEADER + b'A,"' + b"word " * 200_000 + b"\n" + b"B,Lynn,\n"
    with open_sheet(data, "list.csv") as sheet:
        rows = list(sheet.rows())
    assert isinstance(rows[0], BadRow)
    assert rows[-1] == Row(3, ["B", "Lynn", ""])


def test_more_lines_than_any_list_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.csv"
    path.write_bytes(HEADER + b"A,B,\n" * (MAX_LINES + 1))
    with pytest.raises(ReadError, match=r"has about 2,000,00\d lines; at most 2,000,000"):
        open_sheet(path)


def test_ten_thousand_columns_are_refused() -> None:
    wide = (",".join(f"c{n}" for n in range(10_000)) + "\n").encode()
    with pytest.raises(ReadError, match="has 10,000 columns; at most 1,000"):
        open_sheet(wide + wide, "wide.csv")
    with pytest.raises(ReadError, match="has 10,000 columns"):
        open_sheet(workbook_of([f"c{n}" for n in range(10_000)], ["x"]), "wide.xlsx")


def test_a_cell_at_the_far_corner_of_a_sheet_costs_no_memory_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "CHILD_MEMORY", 300 * 1024 * 1024)
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.write("A1", "name")
        page.write("XFD1048576", "far")
    with pytest.raises(ReadError, match=r"too much memory|more text|columns"):
        open_sheet(data.getvalue(), "far.xlsx")


def test_rows_that_an_opendocument_sheet_repeats_are_counted_against_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "MAX_LINES", 1_000)
    data = make_ods(["name", "city"], ["A", "Lynn"])
    bomb = replace_part(
        data, "content.xml", b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000">'
    )
    with pytest.raises(ReadError, match=r"has about 2,00\d lines; at most 1,000"):
        open_sheet(bomb, "bomb.ods")


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (b"Harbor\0Bakery", "a NUL byte"),
        (b"Harbor\x1b[31mBakery", "the control character U+001B"),
        (b"Harbor\x7fBakery", "the control character U+007F"),
        ("Harbor\u202eyrekaB".encode(), "a mark that turns the direction of writing"),
        ("Harbor\u2066Bakery".encode(), "a mark that turns the direction of writing"),
        ("Harbor\ufeffBakery".encode(), None),
        ("Bäckerei \u200fשלום".encode(), None),
    ],
)
def test_characters_that_hide_or_turn_text_are_refused_with_their_name(cell: bytes, what: str | None) -> None:
    result = outcome_of(cell + b",Lynn,\n")
    if what is None:
        assert isinstance(result, Checked)
    else:
        assert isinstance(result, Refusal)
        assert what in result.reason
        assert result.column == "name"


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1-617", "-2+3"])
def test_a_formula_in_a_text_file_is_text(cell: str) -> None:
    result = outcome_of(f'A,Lynn,"{cell}"\n'.encode())
    assert isinstance(result, Checked)
    assert result.values["notes"] == cell


def test_of_a_formula_in_a_workbook_the_value_is_read_and_no_link_followed() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "website"])
        page.write_formula(1, 0, "='[http://127.0.0.1:9/other.xlsx]Sheet1'!A1", None, "Harbor")
        page.write_formula(1, 1, '=WEBSERVICE("http://127.0.0.1:9/")', None, "www.harbor.example")
    with open_sheet(data.getvalue(), "list.xlsx") as sheet:
        assert list(sheet.rows()) == [Row(2, ["Harbor", "www.harbor.example"])]


def test_macros_are_not_looked_at() -> None:
    data = io.BytesIO(workbook_of(["name", "city"], ["A", "Lynn"]))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Auto_Open Shell")
    with open_sheet(data.getvalue(), "list.xlsm") as sheet:
        assert list(sheet.rows()) == [Row(2, ["A", "Lynn"])]


@pytest.mark.parametrize(
    ("part", "old", "name", "make"),
    [
        ("content.xml", b"<office:document-content", "list.ods", lambda: make_ods(["name", "city"], ["MARK", "B"])),
        ("xl/sharedStrings.xml", b"<sst", "list.xlsx", lambda: workbook_of(["name", "city"], ["MARK", "B"])),
    ],
)
@pytest.mark.parametrize(
    "entity",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;">]>',
    ],
)
def test_entities_are_not_followed(part: str, old: bytes, name: str, make: object, entity: bytes) -> None:
    data = replace_part(make(), part, old, entity + old)  # pyright: ignore[reportCallIssue]
    data = replace_part(data, part, b"MARK", b"&e;")
    with pytest.raises(ReadError, match="damaged"):
        open_sheet(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\nname,city\n", "list.csv"),
        (b"MZ\x90\0" + bytes(600), "list.csv"),
        (b"\x7fELF" + bytes(600), "list.xlsx"),
        (b"<?xml version='1.0'?><x/>", "list.xls"),
        (b"<html><script>alert(1)</script>", "list.xls"),
        (b"PK\x03\x04" + bytes(600), "list.ods"),
        (make_xls(["a", "b"], ["c", "d"])[:512] + bytes(4_000), "list.xls"),
        (b"BEGIN:VCARD\n" * 3, "list.xlsx"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(data: bytes, name: str) -> None:
    with pytest.raises(ReadError, match=name):
        open_sheet(data, name)


def test_an_old_excel_file_whose_chains_run_in_circles_ends() -> None:
    data = bytearray(make_xls(["name", "city"], *[[f"A{n}", "Lynn"] for n in range(500)]))
    size = 512
    for sector in range(len(data) // size - 1):
        at = (sector + 1) * size
        if data[at : at + 4] == b"\xfd\xff\xff\xff" or data[at + 4 : at + 8] == (2).to_bytes(4, "little"):
            data[at : at + size] = b"\x01\0\0\0" * (size // 4)
    with (
        pytest.raises(ReadError, match=r"damaged|too much memory|too long|no workbook"),
        open_sheet(bytes(data), "circle.xls") as sheet,
    ):
        raise ReadError(f"damaged: it holds {sheet.count_rows()} rows")


def test_a_card_of_a_huge_folded_line_ends() -> None:
    card = b"BEGIN:VCARD\nN:Silva;Ana\nPHOTO;ENCODING=b:" + b"A" * 75 + (b"\n " + b"A" * 75) * 100_000
    with open_sheet(card + b"\nEND:VCARD\n", "c.vcf") as sheet:
        (row,) = sheet.rows()
    assert isinstance(row, Row)
    assert row.cells[0] == "Ana"
