"""Delimited text becomes rows of text with their lines, and one broken row costs one row."""

import io
from pathlib import Path

import pytest

from importers.errors import ReadError
from importers.layouts import NO_HEADER
from importers.read import open_sheet
from importers.rows import BadRow, Row
from importers.sheets import Sheet


def sheet_of(content: str | bytes, name: str = "list.csv", **options: object) -> Sheet:
    data = content.encode() if isinstance(content, str) else content
    return open_sheet(data, name, **options)  # pyright: ignore[reportArgumentType]


def cells_of(content: str | bytes, **options: object) -> list[tuple[int, list[str]]]:
    with sheet_of(content, **options) as sheet:
        return [(row.line, row.cells) for row in sheet.rows() if isinstance(row, Row)]


def broken_of(content: str | bytes, **options: object) -> list[BadRow]:
    with sheet_of(content, **options) as sheet:
        return [row for row in sheet.rows() if isinstance(row, BadRow)]


def test_values_stay_the_texts_that_they_are() -> None:
    rows = cells_of("source_id,name,state,zip\n007,None,NA,02134\n1e5,nan,null,\n")
    assert rows == [(2, ["007", "None", "NA", "02134"]), (3, ["1e5", "nan", "null", ""])]


def test_a_row_after_a_cell_of_three_lines_has_its_own_line() -> None:
    rows = cells_of('name,notes\nA,"one\ntwo\nthree"\nB,x\n')
    assert rows == [(2, ["A", "one\ntwo\nthree"]), (5, ["B", "x"])]


def test_line_breaks_inside_a_cell_stay_exactly_as_they_are() -> None:
    assert cells_of('name,notes\r\nA,"one\r\ntwo\rthree\nfour"\r\n') == [(2, ["A", "one\r\ntwo\rthree\nfour"])]


def test_lines_that_end_in_a_bare_carriage_return_are_lines() -> None:
    assert cells_of("name,city\rA,Boston\rB,Lynn\r") == [(2, ["A", "Boston"]), (3, ["B", "Lynn"])]


def test_blank_rows_are_skipped_and_counted_and_do_not_shift_lines() -> None:
    with sheet_of("name,city\n\nA,Boston\n , \n,\nB,Lynn\n\n") as sheet:
        assert [row.line for row in sheet.rows()] == [3, 6]
        assert (sheet.tally.rows, sheet.tally.blank) == (2, 4)


def test_too_many_and_too_few_cells_are_refused_rows_with_a_fix() -> None:
    content = "name,city,zip\nA,Boston,02134\nB,Lynn\nC,Salem,01970,extra\nD,Lowell,01850\n"
    short, long = broken_of(content)
    assert (short.line, short.reason) == (3, "The row has only 2 of 3 cells.")
    assert (long.line, long.reason) == (4, "The row has 4 cells; there are 3 columns.")
    assert "quotation marks" in long.fix
    assert [line for line, _ in cells_of(content)] == [2, 5]


def test_blank_cells_too_many_lose_nothing() -> None:
    assert cells_of("name,city\nA,Boston,,\n") == [(2, ["A", "Boston"])]


def test_a_quote_that_is_never_closed_costs_only_its_own_row() -> None:
    content = 'name,city\nA,Boston\nB,"Lynn\nC,Salem\nD,Lowell\n'
    (broken,) = broken_of(content)
    assert (broken.line, broken.text) == (3, 'B,"Lynn')
    assert broken.reason == "A quotation mark opens in this row and is never closed."
    assert [line for line, _ in cells_of(content)] == [2, 4, 5]


def test_an_open_quote_that_a_later_quote_closes_costs_only_its_own_row() -> None:
    content = 'name,city,notes\nA,"Boston,x\nB,Lynn,"fine"\nC,Salem,"also, fine"\n'
    assert [row.line for row in broken_of(content)] == [2]
    assert cells_of(content) == [(3, ["B", "Lynn", "fine"]), (4, ["C", "Salem", "also, fine"])]


def test_an_open_quote_that_swallows_whole_rows_gives_them_back() -> None:
    content = 'name,city\nA,"Boston\nB,Lynn\nC,Salem\n"D",Lowell\n'
    assert [row.line for row in broken_of(content)] == [2]
    assert [line for line, _ in cells_of(content)] == [3, 4, 5]


def test_an_open_quote_at_the_start_of_a_long_file_is_found() -> None:
    content = "name,city\n" + 'A,"Boston\n' + "".join(f"B{n},Lynn\n" for n in range(20_000))
    with sheet_of(content) as sheet:
        rows = list(sheet.rows())
    assert len(rows) == 20_001
    assert isinstance(rows[0], BadRow)
    assert rows[-1] == Row(20_002, ["B19999", "Lynn"])


def test_a_stray_quote_is_refused_and_not_tidied_away() -> None:
    (broken,) = broken_of('name,city\n"Joe\'s" Bar,Boston\nB,Lynn\n')
    assert (broken.line, broken.reason) == (2, "A quotation mark stands in the middle of a cell.")


def test_a_file_that_opens_quotes_everywhere_is_refused_as_a_whole() -> None:
    with sheet_of("name,city\n" + 'A,"B\n' * 500) as sheet, pytest.raises(ReadError, match="quotation mark"):
        list(sheet.rows())


def test_the_headings_again_in_the_middle_are_a_refused_row() -> None:
    (broken,) = broken_of("Name,City\nA,Boston\nName,City\nB,Lynn\n")
    assert (broken.line, broken.reason) == (3, "This row repeats the column headings.")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(delimiter: str) -> None:
    content = "\n".join(
        delimiter.join(row) for row in (("Site", "Town", "Kind"), ("A", "Boston", "x,y;z"), ("B", "Lynn", "k"))
    )
    content = content.replace("x,y;z", '"x,y;z"')
    with sheet_of(content) as sheet:
        assert sheet.delimiter == delimiter
        assert sheet.headers == ("Site", "Town", "Kind")


def test_lists_in_cells_do_not_pass_for_columns() -> None:
    with sheet_of("Site,Topics\nA,a;b;c\nB,d;e;f\nC,g;h;i\n") as sheet:
        assert sheet.delimiter == ","


def test_a_separator_that_is_said_is_not_guessed() -> None:
    with sheet_of("a;b,c;d\n1;2,3;4\n", delimiter=",") as sheet:
        assert sheet.headers == ("a;b", "c;d")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("name,city\nCafé,Łódź\n".encode(), "utf-8"),
        ("name,city\nCafé,Łódź\n".encode("utf-8-sig"), "utf-8-sig"),
        ("name,city\nCafé,Łódź\n".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "name,city\nCafé,Łódź\n".encode("utf-16-be"), "utf-16"),
        ("name,city\nCafé,Łódź\n".encode("utf-16-le"), "utf-16-le"),
        ("name,city\nCafé,Łódź\n".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_unicode_is_recognised_with_and_without_a_mark(data: bytes, encoding: str) -> None:
    with sheet_of(data) as sheet:
        assert sheet.encoding == encoding
        assert sheet.headers == ("name", "city")
        assert list(sheet.rows()) == [Row(2, ["Café", "Łódź"])]


def test_what_is_not_utf8_is_windows_1252_and_says_so() -> None:
    with sheet_of("name,city\nCafé “Zoë” – €5,x\n".encode("cp1252")) as sheet:
        assert sheet.encoding == "cp1252"
        assert list(sheet.rows()) == [Row(2, ["Café “Zoë” – €5", "x"])]
        assert any("Windows-1252" in note for note in sheet.notes)


def test_old_mac_files_are_mac_roman() -> None:
    with sheet_of("name,city\rCafé,x\r".encode("mac_roman")) as sheet:
        assert sheet.encoding == "mac_roman"
        assert list(sheet.rows()) == [Row(2, ["Café", "x"])]


def test_the_encoding_can_be_said() -> None:
    data = "name,city\nЖук,x\n".encode("cp1251")
    assert cells_of(data, encoding="cp1251") == [(2, ["Жук", "x"])]


def test_an_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ReadError, match="cannot be read as utf-8"):
        sheet_of(b"name,city\nCaf\xe9,x\n", encoding="utf-8")
    with pytest.raises(ReadError, match="no encoding 'klingon'"):
        sheet_of(b"name,city\n", encoding="klingon")


def test_one_broken_letter_does_not_spoil_the_others() -> None:
    with sheet_of("name,city\nCafé,Łódź\nŻuk,x\n".encode() + b"Caf\xe9,y\n") as sheet:
        rows = list(sheet.rows())
    assert rows[0] == Row(2, ["Café", "Łódź"])
    assert rows[2] == Row(4, ["Caf\udce9", "y"])


def test_letters_encoded_twice_are_pointed_out_and_kept() -> None:
    with sheet_of("name,city\nCafÃ©,x\n") as sheet:
        assert any("encoded twice" in note for note in sheet.notes)
        assert list(sheet.rows()) == [Row(2, ["CafÃ©", "x"])]


def test_letters_encoded_twice_are_mended_where_somebody_says_so() -> None:
    meant = "Café “Zoë” – Łódź, naïve, €5, Ü"
    content = f"name,city\n{spoil(meant)},São Paulo\n".replace(", ", "; ")
    with sheet_of(content) as sheet:
        (note,) = [note for note in sheet.notes if "encoded twice" in note]
        assert "If Café is meant, choose the letters utf-8-twice." in note
    assert cells_of(content, encoding="utf-8-twice") == [(2, [meant.replace(", ", "; "), "São Paulo"])]


def spoil(text: str) -> str:
    """As a program that takes UTF-8 for Windows-1252 would save it; bytes that have no letter there stay."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def test_rows_that_begin_with_their_number_have_a_column_without_a_heading() -> None:
    with sheet_of("name,city\n1,A,Boston\n2,B,Lynn\n3,C,\n") as sheet:
        assert sheet.headers == ("Column 1", "name", "city")
        assert [row.cells for row in sheet.rows() if isinstance(row, Row)][1] == ["2", "B", "Lynn"]
        assert any("the first, a number, has no heading" in note for note in sheet.notes)


def test_rows_that_all_end_in_a_separator_lose_nothing() -> None:
    assert cells_of("name,city\n1,Boston,\n2,Lynn,\n") == [(2, ["1", "Boston"]), (3, ["2", "Lynn"])]


def test_lines_above_the_headings_are_left_out_and_told() -> None:
    content = 'Notes:\n"When exporting, some\nemails are missing"\n\nFirst Name,Last Name,Company\nAna,Silva,Harbor\n'
    with sheet_of(content) as sheet:
        assert (sheet.header_row, sheet.headers) == (3, ("First Name", "Last Name", "Company"))
        assert list(sheet.rows()) == [Row(6, ["Ana", "Silva", "Harbor"])]
        assert [line for line, _ in sheet.preamble] == [1, 2]
        assert any("above the headings (line 5)" in note for note in sheet.notes)


def test_blank_cells_above_the_headings_are_not_told() -> None:
    with sheet_of(",,Members,\n,,,\nname,city,zip,phone\nA,Boston,02134,617-555-0117\n") as sheet:
        assert "1 row above the headings (line 3) was left out (line 1: Members)." in sheet.notes


def test_a_title_above_a_plain_file_does_not_hide_it() -> None:
    with sheet_of("Businesses of 2026,,\nname,city,zip\nA,Boston,02134\n") as sheet:
        assert (sheet.header_row, sheet.headers) == (1, ("name", "city", "zip"))


def test_a_file_without_headings_gets_numbered_columns() -> None:
    with sheet_of("17,Harbor Bakery,02134\n18,Reata,02135\n") as sheet:
        assert sheet.header_row is None
        assert sheet.headers == ("Column 1", "Column 2", "Column 3")
        assert [row.line for row in sheet.rows()] == [1, 2]


def test_the_header_row_can_be_said() -> None:
    assert cells_of("a,b\nc,d\ne,f\n", header_row=1) == [(3, ["e", "f"])]
    assert cells_of("a,b\nc,d\n", header_row=NO_HEADER) == [(1, ["a", "b"]), (2, ["c", "d"])]
    with pytest.raises(ReadError, match="no row 9"):
        sheet_of("a,b\nc,d\n", header_row=9)


def test_repeated_and_blank_headings_get_names_of_their_own() -> None:
    with sheet_of("Email,Email,,Phone\na,b,c,d\n") as sheet:
        assert sheet.headers == ("Email", "Email (2)", "Column 3", "Phone")
        assert sheet.raw_headers == ("Email", "Email", "", "Phone")
        assert any("Email, Email (2)" in note for note in sheet.notes)


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "list.csv", "is empty"),
        (b"\n \n,,\n", "list.csv", "is empty: it has no rows"),
        (b"%PDF-1.7 ...", "list.csv", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "list.csv", "is a picture"),
        (b"PK\x03\x04....", "list.csv", "is a zip file, but its name ends in .csv"),
        (b"<html><table>", "list.csv", "is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "list.xlsx", "another kind of Office document"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "list.xlsx",
            "protected by a password",
        ),
        (b"name,city\nA,B\n", "list.xlsx", "is not a workbook"),
        (b"name,city\nA,B\n", "list.exe", "ends in .exe"),
        (bytes(range(256)) * 40, "list.csv", "is not text"),
        (b"name,city\n" + b"\0" * 5000, "list.csv", "NUL bytes"),
        (b"x" * 3_000_000, "list.csv", "no line ends"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, name: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        open_sheet(data, name)


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="There is no file"):
        open_sheet(tmp_path / "absent.csv")


def test_a_stream_is_read_and_its_copy_deleted() -> None:
    sheet = open_sheet(io.BytesIO(b"name,city\nA,B\n"), "upload.csv")
    copy = Path(sheet.closers[-1].__self__.path)  # pyright: ignore[reportFunctionMemberAccess]
    assert copy.exists()
    assert "upload" not in copy.name
    sheet.close()
    assert not copy.exists()


def test_rows_can_be_read_again() -> None:
    with sheet_of("name,city\nA,B\nC,D\n") as sheet:
        assert list(sheet.rows()) == list(sheet.rows())
        assert sheet.count_rows() == 2


def test_a_preview_keeps_texts_as_they_are() -> None:
    with sheet_of("name,zip\nNone,02134\nNA,\n") as sheet:
        frame = sheet.frame()
    assert frame.to_dict("list") == {"name": ["None", "NA"], "zip": ["02134", ""]}
    assert list(frame.index) == [2, 3]


def test_an_apostrophe_is_taken_off_only_where_it_guards_a_formula() -> None:
    with sheet_of("name,notes\n'=1+1,'Tis the season\nO'Neil,''quoted''\n'+1 617,rock 'n' roll\n") as sheet:
        rows = [row.cells for row in sheet.rows() if isinstance(row, Row)]
        assert sheet.tally.unprotected == 2
    assert rows == [["=1+1", "'Tis the season"], ["O'Neil", "''quoted''"], ["+1 617", "rock 'n' roll"]]
