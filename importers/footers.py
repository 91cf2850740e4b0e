"""Rows of a table that are no data: totals, and what a program or a person writes below it.

A mistake here would lose somebody's row, so a row must say itself that it is none: a word such as "Grand Total" in its
first cell with nothing but numbers beside it, or a sentence that programs write. A lone sentence that says nothing of
the kind counts as a note only below the last row. A business called Total Wine, with a city beside it, is a business.
Whatever is left out is shown with its reason, and can be kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from importers.rows import BadRow, LeftOut, Row, shorten

TOTAL = "It adds up the rows above it."
STAMP = "The program that made the file writes this below a table."
NOTE = "It is a note below the table."

TOTALS = re.compile(
    r"""
    (grand\s+|sub[\s-]?|overall\s+|report\s+)? (totals?|sum|count|average|mean|median) \s* :?
    | (grand\s+|sub)?totals? \s* \( [\d,]+ \s records? \)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What a spreadsheet writes under each group: "Boston Total".
OF_A_GROUP = re.compile(r".{1,80}\s(total|count|average|subtotal)\s*:?", re.IGNORECASE)
STAMPS = re.compile(
    r"""
    (grand\s+)?totals? \s* \( [\d,]+ \s records? \)
    | confidential\ information\b.*
    | (copyright\s*)? (©|\(c\)) \s* \d{4} .*
    | copyright \s .* \d{4} .*
    | .* \ball\ rights\ reserved\.?
    | (end\ of\ (report|file|list|table|data)) [.!]?
    | page\ \d+\ of\ \d+
    | [\d,]+ \s (records?|rows?|results?) ( \s (found|exported|total|listed|selected|returned) )? \.?
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
NOTES = re.compile(
    r"""
    (\*|†|‡|¹|\[\d+\]|\(\d\)\ ) .*
    | (notes?|sources?|footnotes?|disclaimer|legend|filters?) \s* (:.*|-\s.*|)
    | (filtered|prepared|generated|exported|printed|created|downloaded|run) \ ((by|on|at|for|from)\b|\d) .*
    | (report|data|list) \ (run|generated|created|date|exported|filtered|as\ of) \b .*
    | (as\ of|last\ updated|updated\ (on|as\ of)) \b .* \d .*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# A quantity, not an id or a telephone number: no zero in front, no dash inside.
NUMBER = re.compile(r"\(?[-+]?[$€£]?\s?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)?(?:\.\d+)?\s?%?\)?")
# Letters in a lone cell below a blank row before it is taken for a sentence about the table.
SENTENCE = 40
NARROW = 3
MOST_NOTES = 100
BEGINNINGS = frozenset("tTgGsScCaAmMoOrR")


def leave_out_footers(rows: Iterable[Row | BadRow], width: int) -> Iterator[Row | BadRow | LeftOut]:
    """The same rows, with those that are no data as `LeftOut`. Blank rows pass through."""
    held: list[Row] = []  # notes, if no data comes after them
    after_blank = False
    for row in rows:
        if isinstance(row, BadRow):
            yield from _give_back(held)
            yield row
            after_blank = False
            continue
        cells = row.cells
        if not any(cells) or not any(map(str.strip, cells)):
            after_blank = True
            yield row
            continue
        lone = width > 1 and len(cells) - cells.count("") <= 1
        if lone and is_stamp(cells):
            # Even here, what came before it may be a note; a stamp is no data that would make it a row.
            yield from _leave_out(held)
            yield LeftOut(row.line, _text(cells), STAMP)
        elif is_total(cells, width):
            yield LeftOut(row.line, _text(cells), TOTAL)
        elif lone and width >= NARROW and len(held) < MOST_NOTES and _may_be_note(cells, after_blank or bool(held)):
            held.append(row)
        else:
            if held:
                yield from _give_back(held)
            yield row
            after_blank = False
    yield from _leave_out(held)


def is_stamp(cells: Sequence[str]) -> bool:
    """Whether the row's only cell is a sentence that programs write below a table."""
    return bool(STAMPS.fullmatch(next(filter(None, map(str.strip, cells)))))


def is_total(cells: Sequence[str], width: int) -> bool:
    """Whether the row adds up others: such a word first, and only quantities beside it."""
    first = cells[0] or next(filter(None, cells))
    if first[:1] not in BEGINNINGS and "otal" not in first and "ount" not in first and "verage" not in first:
        return False
    if width < 2:
        return False
    words = [cell for cell in map(str.strip, cells) if cell]
    if not all(NUMBER.fullmatch(word) for word in words[1:]):
        return False
    if TOTALS.fullmatch(words[0]):
        return True
    return len(words) > 1 and 2 * len(words) <= width and bool(OF_A_GROUP.fullmatch(words[0]))


def _may_be_note(cells: Sequence[str], after_blank: bool) -> bool:
    text = next(filter(None, map(str.strip, cells)))
    return bool(NOTES.fullmatch(text)) or (after_blank and len(text) > SENTENCE and " " in text)


def _give_back(held: list[Row]) -> Iterator[Row]:
    """Data came after them, so they are rows like others."""
    yield from held
    held.clear()


def _leave_out(held: list[Row]) -> Iterator[LeftOut]:
    for row in held:
        yield LeftOut(row.line, _text(row.cells), NOTE)
    held.clear()


def _text(cells: Sequence[str]) -> str:
    return shorten(" | ".join(filter(None, map(str.strip, cells))))
