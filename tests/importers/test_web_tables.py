"""A web page that is called an Excel file is read as the table that it holds."""

import pytest

from importers.errors import ReadError
from importers.read import open_sheet
from importers.rows import Row

PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><style>td { color: red }</style></head><body>
<table><tr><td>Run by Ana</td></tr></table>
<table border=1>
<tr><th>Company</th><th>Contact<br>name</th><th colspan=2>Billing</th></tr>
<tr><td rowspan="2">Caf\xe9 &amp; Bar</td><td>Ana  <b>Silva</b></td><td>1 Pier Rd<br>Suite 2</td><td>02134</td></tr>
<tr><td>Ben<td><script>alert("x")</script>2 Oak St<td>&nbsp;
<tr><td>Reata</td><td>Cora</td><td></td><td>007</td></tr>
</table></body></html>"""


def test_the_largest_table_of_a_page_is_read_as_text() -> None:
    with open_sheet(PAGE.encode("iso-8859-1"), "report.xls") as sheet:
        assert (sheet.format, sheet.header_row, sheet.encoding) == ("html", 0, None)
        assert sheet.headers == ("Company", "Contact name", "Billing", "Column 4")
        assert list(sheet.rows()) == [
            Row(2, ["Café & Bar", "Ana Silva", "1 Pier Rd\nSuite 2", "02134"]),
            Row(3, ["Café & Bar", "Ben", "2 Oak St", ""]),
            Row(4, ["Reata", "Cora", "", "007"]),
        ]
        assert any("web page" in note for note in sheet.notes)


@pytest.mark.parametrize("name", ["report.xls", "report.html"])
def test_a_page_without_a_table_is_refused(name: str) -> None:
    with pytest.raises(ReadError, match=rf"{name} is empty"):
        open_sheet(b"<html><body>Please sign in</body></html>", name)


def test_a_page_that_is_called_text_or_a_workbook_is_refused() -> None:
    for name in ("report.csv", "report.xlsx"):
        with pytest.raises(ReadError, match="is a web page"):
            open_sheet(PAGE.encode("iso-8859-1"), name)


def test_cells_that_claim_a_million_columns_are_refused() -> None:
    page = '<table><tr><td colspan="999">a</td><td colspan="1000000">b</td></tr></table>'
    with pytest.raises(ReadError, match=r"has 1,999 columns; at most 1,000"):
        open_sheet(page.encode(), "report.xls")
