"""Whatever is done to a file, no cell of it is lost in silence: it is imported, or in a row that is refused or left out
with its reason, or under a heading that is told as unused, or above the headings, which is told too.

Files have the headings of real exports. CRM_MANY_FILES says how many are tried.
"""

import csv
import io
import os
from dataclasses import dataclass

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.check import Checked, check_rows
from importers.delimited import DELIMITERS
from importers.errors import ReadError
from importers.map import map_columns
from importers.read import open_sheet
from importers.rows import LeftOut, Row
from importers.rules import NONE
from importers.sheets import Sheet

FILES = int(os.environ.get("CRM_MANY_FILES", "60"))
HEADINGS = (
    "Salutation,First Name,Last Name,Title,Mailing Street,Mailing City,Phone,Email,Account Owner,Account Name",
    "Last Activity,Account Owner,Account Name,Billing State/Province,Type,Last Modified Date,Account ID,Website",
    "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Associated Company",
    "Subject,Start Date,Start Time,Meeting Organizer,Required Attendees,Categories,Location,Private",
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
    "Company Name,Address,City,State,ZIP Code,Primary NAICS,Location Employee Size Actual,IUSA Number",
    "Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee Status",
)
SAID = (
    "", "", "Harbor Bakery", "02134", "3/5/2026", "ana@x.org", "Núñez & Söhne", "Total", "Grand Totals (2 records)",
    "'=1+1", "N/A", "a; b, c | d", 'say "hi"', "two\nlines", " blanks ", "'Tis", "1,250.00", "Copyright (c) 2026 x",
)  # fmt: skip
CELLS = st.one_of(st.sampled_from(SAID), st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=12))


@dataclass(frozen=True)
class Made:
    """A file as it was made: its rows with the line on which each begins."""

    data: bytes
    name: str
    delimiter: str | None
    rows: list[tuple[int, list[str]]]
    is_unicode: bool


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Rows with a real header, and what people and programs do to them: titles, footers, ragged and blank rows."""
    header = draw(st.sampled_from(HEADINGS)).split(",")
    width = len(header)
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    for at, row in enumerate(rows):
        # Most rows have a name, so that they are taken.
        row[0] = draw(st.sampled_from(["Harbor Bakery", f"Number {at}", row[0]]))
        rows[at] = draw(st.sampled_from([row, row, row[:-1], [*row, ""], [*row, "more"], [], list(header)]))
    above = draw(st.sampled_from([[], [["A list of 2026"]], [["Report", "", "Members"], []]]))
    below = draw(st.sampled_from([[], [[], ["* as of March"]], [["Total", "", "7"]], [["Grand Totals (2 records)"]]]))
    return [*above, header, *rows, *below]


@st.composite
def text_files(draw: st.DrawFn) -> Made:
    table = draw(tables())
    delimiter = draw(st.sampled_from(list(DELIMITERS)))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    if any("\r" in cell for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # Unquoted, a CR ends the line and the row.
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    rows: list[tuple[int, list[str]]] = []
    for row in table:
        rows.append((count_lines(text.getvalue()) + 1, row))
        writer.writerow(row)
    whole = text.getvalue()
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):  # somebody's editor eats or adds a character
        at = draw(st.integers(0, len(whole)))
        whole = whole[:at] + draw(st.sampled_from(["", '"', "'", "\0", "\u202e", delimiter])) + whole[at:]
        rows = []
    data = whole.encode(encoding, errors="replace")
    return Made(data, "list.csv", delimiter, rows, encoding != "cp1252")


@st.composite
def workbooks(draw: st.DrawFn) -> Made:
    table = draw(tables())
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                page.write_string(number, column, "".join(letter for letter in cell if letter >= " " or letter == "\n"))
    kept = [(n, ["".join(a for a in cell if a >= " " or a == "\n") for cell in row]) for n, row in enumerate(table, 1)]
    return Made(data.getvalue(), "list.xlsx", None, kept, True)


def count_lines(text: str) -> int:
    """As Python counts them: LF, CR LF and CR end a line."""
    return len(io.StringIO(text, newline="").readlines())


def account_for(sheet: Sheet) -> tuple[dict[int, list[str] | None], set[str]]:
    """By line, what the sheet says became of the row: its cells, or None where a reason is told; the unused headings.

    Asserts that each row is checked, refused or left out exactly once, and that each cell of a checked one went where
    its heading goes.
    """
    targets = dict(zip(sheet.headers, ("name", "notes"), strict=False))
    maps = [f"{header}={targets.get(header, NONE)}" for header in sheet.headers]
    mapping = map_columns(sheet.headers, maps=maps, kind="businesses", agency="A")
    assert set(mapping.unused) == set(sheet.headers) - targets.keys()
    told: dict[int, list[str] | None] = {line: None for line, _ in sheet.preamble}
    raw = {row.line: row for row in sheet.rows()}
    for outcome in check_rows(sheet, mapping):
        assert outcome.line not in told
        row = raw.pop(outcome.line)
        if isinstance(outcome, LeftOut):
            assert outcome.reason
            assert outcome.text
            told[outcome.line] = None
        elif isinstance(outcome, Checked):
            assert isinstance(row, Row)
            for header, name in targets.items():
                cell = row.cells[sheet.headers.index(header)]
                assert squeeze(outcome.values.get(name) or "") == squeeze(cell)
            told[outcome.line] = row.cells
        else:
            assert outcome.reason
            assert outcome.fix
            told[outcome.line] = row.cells if isinstance(row, Row) else None
    assert not raw
    return told, set(mapping.unused)


def squeeze(text: object) -> str:
    return "".join(str(text).split())


def check_file(made: Made) -> None:
    try:
        with open_sheet(made.data, made.name, delimiter=made.delimiter) as sheet:
            told, _ = account_for(sheet)
    except ReadError:
        return  # the whole file is refused, in words
    if not made.rows:
        return
    heads: set[int] = set()
    if sheet.header_row is not None:
        heads = {made.rows[place][0] for place in (sheet.header_row, sheet.header_row - 1)}
    for line, cells in made.rows:
        filled = [cell for cell in cells if cell.strip()]
        if not filled or line in heads:
            continue
        assert line in told, f"line {line} of {made.rows} is told nowhere"
        got = told[line]
        if got is not None and made.is_unicode:
            # A guarding apostrophe may be taken off, which is counted.
            assert [c.lstrip("'") for c in got if c.strip()] == [c.lstrip("'") for c in filled]


RULES = settings(max_examples=FILES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RULES
@given(text_files())
def test_no_cell_of_a_text_file_is_lost_in_silence(made: Made) -> None:
    check_file(made)


@settings(RULES, max_examples=max(10, FILES // 6))
@given(workbooks())
def test_no_cell_of_a_workbook_is_lost_in_silence(made: Made) -> None:
    check_file(made)
