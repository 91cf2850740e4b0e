"""Tables of web pages: many programs export "Excel" files (.xls) that are a page with one table in it.

The table with the most cells is taken. Nothing of the page is run or fetched; scripts and styles are no text.
"""

import re
from html.parser import HTMLParser

from importers.child_limits import Numbered

MOST_SPAN = 1_000
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
SILENT = frozenset(("script", "style"))


def read_web_table(data: bytes) -> list[Numbered]:
    """The rows of the page's largest table with their numbers in it; none if it has no table."""
    parser = _Tables()
    parser.feed(_decode(data))
    parser.close()
    parser.end_cell()
    rows = max(parser.tables, key=lambda table: sum(map(len, table)), default=[])
    return list(enumerate(rows, 1))


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    told = CHARSET.search(data[:4096])
    for encoding in ("utf-8-sig", told[1].decode() if told else "cp1252", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


class _Tables(HTMLParser):
    """All tables of a page; one inside another counts for itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._silent = 0
        # Of cells that reach down: column → (rows left, text).
        self._reaching: dict[int, tuple[int, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag == "table":
            self.end_cell()
            self._open.append([])
            self.tables.append(self._open[-1])
            self._reaching = {}
        elif tag == "tr" and self._open:
            self.end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self.end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            told = dict(attrs)
            self._spans = _read_span(told.get("colspan")), _read_span(told.get("rowspan"))
            self._cell = []
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th", "tr"):
            self.end_cell()
        elif tag == "table" and self._open:
            self.end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(re.sub(r"\s+", " ", data))

    def end_cell(self) -> None:
        """Put the cell that is open into its row, with those beside it that it covers."""
        if self._cell is None or not self._open:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(self._cell).split("\n")).strip()
        row, (across, down) = self._open[-1][-1], self._spans
        self._cell = None
        self._reach_down(row)
        if down > 1:
            self._reaching[len(row)] = down - 1, text
        row.append(text)
        row += [""] * (across - 1)
        self._reach_down(row)

    def _reach_down(self, row: list[str]) -> None:
        while found := self._reaching.get(len(row)):
            left, text = found
            if left > 1:
                self._reaching[len(row)] = left - 1, text
            else:
                del self._reaching[len(row)]
            row.append(text)


def _read_span(text: str | None) -> int:
    return max(1, min(int(text), MOST_SPAN)) if text and text.isdigit() and len(text) < 8 else 1
