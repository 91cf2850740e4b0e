"""Excel workbooks become the same rows of text, and none can take the process down."""

import io
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from importers import children, sources
from importers.errors import ReadError
from importers.read import open_sheet
from importers.rows import Row


def workbook_of(
    *rows: list[Any], sheet: str = "List", others: tuple[str, ...] = (), top: int = 0, left: int = 0
) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name in others:
            book.add_worksheet(name)
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows, top):
            page.write_row(number, left, row)
    return data.getvalue()


def rows_of(data: bytes, **options: Any) -> list[Row]:
    with open_sheet(data, "list.xlsx", **options) as sheet:
        return [row for row in sheet.rows() if isinstance(row, Row)]


def replace_part(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            after.writestr(name, content)
    return result.getvalue()


def test_numbers_are_the_texts_that_their_owner_typed() -> None:
    data = workbook_of(["source_id", "name", "zip", "employees"], [7, "None", 2134.0, 12], ["007", "NA", "02134", 0.5])
    assert rows_of(data) == [Row(2, ["7", "None", "2134", "12"]), Row(3, ["007", "NA", "02134", "0.5"])]


def test_large_and_tiny_numbers_keep_their_digits() -> None:
    data = workbook_of(["name", "phone"], ["A", 6175550117], ["B", 77352211561150000], ["C", 0.0000001])
    assert [row.cells[1] for row in rows_of(data)] == ["6175550117", "77352211561150000", "0.0000001"]


def test_dates_are_iso_and_a_time_of_day_is_kept() -> None:
    data = workbook_of(["name", "closed_on"], ["A", date(2026, 3, 31)], ["B", datetime(2026, 3, 31, 14, 30)])
    assert [row.cells[1] for row in rows_of(data)] == ["2026-03-31", "2026-03-31T14:30:00"]


def test_a_yes_or_no_of_excel_is_a_word() -> None:
    assert rows_of(workbook_of(["name", "city"], ["A", True]))[0].cells == ["A", "TRUE"]


def test_an_error_cell_is_not_taken_for_a_blank_one() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        page.write_row(2, 1, ["name", "zip"])
        page.write_string(3, 1, "A")
        page.write_formula(3, 2, "=NA()", None, "#N/A")
    assert rows_of(data.getvalue()) == [Row(4, ["A", "#N/A"])]


def test_lines_are_the_row_numbers_of_the_sheet() -> None:
    data = workbook_of(["name", "city"], [], ["A", "Boston"], top=4, left=2)
    with open_sheet(data, "list.xlsx") as sheet:
        assert (sheet.header_row, sheet.headers) == (4, ("name", "city"))
        assert list(sheet.rows()) == [Row(7, ["A", "Boston"])]


def test_the_first_filled_sheet_is_read_and_the_others_are_named() -> None:
    data = workbook_of(["name", "city"], ["A", "B"], others=("Cover",))
    with open_sheet(data, "list.xlsx") as sheet:
        assert sheet.sheet == "List"
        assert any("'List' is read" in note and "Cover" in note for note in sheet.notes)


def test_a_sheet_can_be_chosen_and_a_missing_one_is_named() -> None:
    data = workbook_of(["name", "city"], ["A", "B"], others=("Cover",))
    with pytest.raises(ReadError, match=r"no sheet 'Members'.*Cover, List"):
        open_sheet(data, "list.xlsx", sheet="Members")
    with pytest.raises(ReadError, match="is empty"):
        open_sheet(data, "list.xlsx", sheet="Cover")


def test_an_apostrophe_in_a_workbook_is_text() -> None:
    assert rows_of(workbook_of(["name", "city"], ["'=A", "x"]))[0].cells == ["'=A", "x"]


def test_a_zip_that_unpacks_to_much_is_refused_before_it_is_opened() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    with pytest.raises(ReadError, match="times its size"):
        open_sheet(data.getvalue(), "bomb.xlsx")


def test_a_zip_of_too_many_parts_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number in range(sources.MAX_ENTRIES + 1):
            archive.writestr(f"part{number}", "")
    with pytest.raises(ReadError, match="is made of 2,001 parts"):
        open_sheet(data.getvalue(), "bomb.xlsx")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(ReadError, match="text document"):
        open_sheet(data.getvalue(), "letter.xlsx")


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    data = bytearray(workbook_of(["name", "city"], *[["A", "B" * 50]] * 2000))
    place = data.find(b"PK\x01\x02")
    while place >= 0:  # the unpacked size of every part in the directory becomes 10 bytes
        data[place + 24 : place + 28] = struct.pack("<I", 10)
        place = data.find(b"PK\x01\x02", place + 4)
    with pytest.raises(ReadError, match="damaged"):
        open_sheet(bytes(data), "liar.xlsx")


def test_a_workbook_cut_short_is_refused() -> None:
    with pytest.raises(ReadError, match="damaged"):
        open_sheet(workbook_of(["name"], ["A"])[:-600], "list.xlsx")


def test_entities_in_a_workbook_are_not_followed() -> None:
    data = workbook_of(["name", "city"], ["MARK", "B"])
    attack = replace_part(
        data, "xl/sharedStrings.xml", b"<sst", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst'
    )
    attack = replace_part(attack, "xl/sharedStrings.xml", b"MARK", b"&e;")
    with pytest.raises(ReadError, match="damaged"):
        open_sheet(attack, "list.xlsx")


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """Two million cells: more than the limits of the tests below allow."""
    small = workbook_of(["name", "city"], ["A", "B"])
    row = b"".join(b"<c><v>%d</v></c>" % n for n in range(100))
    return replace_part(
        small, "xl/worksheets/sheet1.xml", b"</sheetData>", (b"<row>" + row + b"</row>") * 20_000 + b"</sheetData>"
    )


def test_a_child_that_needs_too_much_memory_ends_alone(heavy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "CHILD_MEMORY", 80 * 1024 * 1024)
    with pytest.raises(ReadError, match="too much memory"):
        open_sheet(heavy, "large.xlsx")


def test_a_child_that_computes_too_long_is_stopped(heavy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "CHILD_SECONDS", 1)
    with pytest.raises(ReadError, match="takes too long"):
        open_sheet(heavy, "large.xlsx")


def test_a_child_that_does_not_end_is_stopped(heavy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.2)
    with pytest.raises(ReadError, match="takes too long"):
        open_sheet(heavy, "large.xlsx")
