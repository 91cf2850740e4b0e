"""A table that is written comes back exactly, and no cell of it can run as a formula."""

import csv
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.errors import Refused
from crm.spreadsheets import protect, unprotect, write_csv, write_xlsx
from importers.read import open_sheet
from importers.rows import Row

SIGNS = "=+-@\t\r\n＝＋－＠"
HOSTILE = st.text(st.sampled_from(SIGNS + "'\"` \u00a0A1,;|"), max_size=8)
TEXTS = st.one_of(st.text(max_size=20), HOSTILE)
# A workbook is XML, which has no room for these two.
SHEET_TEXTS = TEXTS.map(lambda text: text.replace("\ufffe", "").replace("\uffff", ""))


def skip_decoration(text: str) -> str:
    return text.lstrip(" \u00a0\"'`")


@given(TEXTS)
def test_unprotect_is_the_reverse_of_protect(text: str) -> None:
    assert unprotect(protect(text)) == text


@given(HOSTILE)
def test_nothing_that_a_spreadsheet_might_run_is_left_bare(text: str) -> None:
    if skip_decoration(text)[:1] in set(SIGNS):
        assert protect(text) == "'" + text


@pytest.mark.parametrize("text", ["'Tis", "O'Neil", "''quoted''", "a=b", "617-555", "rock 'n' roll", "'", "2 - 1"])
def test_harmless_apostrophes_and_signs_stay(text: str) -> None:
    assert protect(text) == text
    assert unprotect(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "'=1", " =1", '"=1', "+1 617", "-5", "@home", "\t=1", "＝1", "' \"＋1", "\u200b=1"]
)
def test_what_might_run_is_protected(text: str) -> None:
    assert protect(text) == "'" + text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6).map(str), TEXTS, TEXTS), max_size=6))
def test_a_csv_table_is_read_back_exactly(rows: list[tuple[str, str, str]]) -> None:
    data = b"".join(write_csv(["source_id", "name", "notes"], rows))
    with open_sheet(data, "export.csv") as sheet:
        back = [tuple(row.cells) if isinstance(row, Row) else row for row in sheet.rows()]
    assert back == rows


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6).map(str), SHEET_TEXTS, SHEET_TEXTS), min_size=1, max_size=6))
def test_a_workbook_is_read_back_exactly(rows: list[tuple[str, str, str]]) -> None:
    data = b"".join(write_xlsx(["source_id", "name", "notes"], rows))
    with open_sheet(data, "export.xlsx") as sheet:
        back = [tuple(row.cells) if isinstance(row, Row) else row for row in sheet.rows()]
    assert back == rows


def test_csv_is_marked_quoted_and_ends_its_lines_as_spreadsheets_expect() -> None:
    data = b"".join(write_csv(["name", "n"], [("=A", -5), (None, 1.5)]))
    assert data == b'\xef\xbb\xbf"name","n"\r\n"\'=A","-5"\r\n"","1.5"\r\n'


def test_values_are_written_as_the_plain_files_have_them() -> None:
    data = b"".join(write_csv(["a", "b", "c"], [(date(2026, 3, 31), ("x", "y"), True)]))
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1] == ["2026-03-31", "x;y", "yes"]


def test_a_workbook_holds_no_formula_and_no_link() -> None:
    data = b"".join(write_xlsx(["name", "n"], [("=1+1", -5), ("https://example.org", 7), ("12", date(2026, 3, 31))]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert '<c r="B2"><v>-5</v>' in page
    with open_sheet(data, "export.xlsx") as sheet:
        assert [row.cells for row in sheet.rows() if isinstance(row, Row)] == [
            ["=1+1", "-5"], ["https://example.org", "7"], ["12", "2026-03-31"],
        ]  # fmt: skip


def test_a_text_too_long_for_a_workbook_is_refused_and_not_dropped() -> None:
    with pytest.raises(Refused, match="row 1, column notes"):
        list(write_xlsx(["notes"], [("x" * 32_768,)]))


def test_a_large_table_is_written_in_pieces() -> None:
    pieces = list(write_csv(["name"], ((f"Business {n}",) for n in range(20_000))))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 20_001
