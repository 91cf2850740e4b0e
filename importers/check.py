"""Step three of an import: every row becomes values that can be loaded, or a refusal that says how to mend it.

Nothing is changed silently. Blanks around a value are trimmed (not in notes), words of a list may be written in any
case; everything else that is not exactly right is refused, or taken as it stands with a remark that is counted.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, repeat
from typing import Any, NamedTuple

from importers.map import Field, Mapping
from importers.readers import CellReader, read_field
from importers.rows import BadRow, LeftOut, Row, shorten
from importers.sheets import Sheet, join_cells
from importers.verdicts import Problem, Remark, Unsaid, Value, Verdict


class Checked(NamedTuple):
    """A row that can be loaded: every mapped column's value, None (or an empty tuple) for a blank one."""

    line: int
    values: dict[str, Value]


# Rows that are checked column by column.
AT_ONCE = 1_000


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be loaded: `column` is the file's own heading, None if the row as a whole is at fault."""

    line: int
    column: str | None
    value: str
    reason: str
    fix: str
    # What it says of whose it is and of its key, so that a row that was sent is not taken for one that was not.
    said: tuple[str, str] = dataclasses.field(default=("", ""), compare=False)

    def to_json(self) -> dict[str, Any]:
        return {
            "line": self.line, "column": self.column, "value": self.value, "reason": self.reason, "fix": self.fix,
        }  # fmt: skip


# What becomes of a row that is not blank.
Outcome = Checked | Refusal | LeftOut


class Remarked(NamedTuple):
    """A cell that is taken with a remark: its line, its heading, how it stands in the file, and what is remarkable."""

    line: int
    header: str
    cell: str
    text: str


class CheckedRows:
    """The checked rows of a sheet, in order; the counts are of the rows given so far, and start anew with each pass.

    `rows` = `taken` + `refused`; blank rows and those that are left out (`left_out`) are in none of them. `remarks`
    counts (heading, what is remarkable); `remarked` are the cells behind it, for who collects them.
    """

    def __init__(self, sheet: Sheet, mapping: Mapping, *, collects_remarks: bool = False) -> None:
        self.rows = self.taken = self.refused = self.left_out = 0
        self.remarks: Counter[tuple[str, str]] = Counter()
        self._sheet = sheet
        self._passed = mapping.passed
        self.remarked: list[Remarked] = []
        self._checker = RowChecker(mapping, self.remarks, self.remarked if collects_remarks else None)

    def __iter__(self) -> Iterator[Outcome]:
        self.rows = self.taken = self.refused = self.left_out = 0
        self.remarks.clear()
        self.remarked.clear()
        self.unsaid.clear()
        rows = self._sheet.rows()
        while some := list(islice(rows, AT_ONCE)):
            for result in self._check_all(some):
                if isinstance(result, Checked):
                    self.taken += 1
                elif isinstance(result, LeftOut):
                    self.left_out += 1
                else:
                    self.refused += 1
                self.rows = self.taken + self.refused
                yield result

    def _check_all(self, rows: Sequence[Row | BadRow | LeftOut]) -> Iterable[Outcome]:
        sorted_out = [self._sort_out(row) for row in rows]
        data = [row for row in sorted_out if isinstance(row, Row)]
        checked = self._checker.check(data)
        if len(data) == len(rows):
            return checked
        coming = iter(checked)
        return [next(coming) if isinstance(row, Row) else row for row in sorted_out]

    def _sort_out(self, row: Row | BadRow | LeftOut) -> Row | Refusal | LeftOut:
        if isinstance(row, Row):
            return (self._pass_over(row) or row) if self._passed else row
        return row if isinstance(row, LeftOut) else refuse_row(row)

    def _pass_over(self, row: Row) -> LeftOut | None:
        """A row that the column map leaves out, with the cell that says so."""
        for passed in self._passed:
            cell = row.cells[passed.place].strip()
            if cell.casefold() in passed.words:
                return LeftOut(row.line, join_cells(row.cells), f"{passed.header} is {cell}.")
        return None

    def list_remarks(self) -> list[tuple[str, str, int]]:
        """(heading, what is remarkable, how many cells), the most first."""
        return [(header, text, cells) for (header, text), cells in self.remarks.most_common()]

    @property
    def unsaid(self) -> Counter[str]:
        """Clues to businesses of which nobody has said what they mean, with the number of rows that have each."""
        return self._checker.unsaid

    @property
    def blank(self) -> int:
        """Blank rows that were passed over."""
        return self._sheet.tally.blank

    @property
    def unprotected(self) -> int:
        """Cells from which an apostrophe that guards against formulas was taken off."""
        return self._sheet.tally.unprotected


def check_rows(sheet: Sheet, mapping: Mapping) -> CheckedRows:
    """The sheet's rows as values or refusals; iterate it. Raises MapError if a constant of the map cannot be taken."""
    return CheckedRows(sheet, mapping)


def refuse_row(row: BadRow) -> Refusal:
    return Refusal(row.line, None, row.text, row.reason, row.fix)


class RowChecker:
    """Checks rows under one mapping, column by column, remembering the texts that recur."""

    def __init__(
        self, mapping: Mapping, remarks: Counter[tuple[str, str]], remarked: "list[Remarked] | None" = None
    ) -> None:
        self._mapping = mapping
        self._remarked = remarked
        self._line = 0
        self._remarks = remarks
        self._constants = {f.column.name: read_field(f, f.constant) for f in mapping.fields if f.constant is not None}
        # Clues of which nobody has said what they mean, with the number of rows that have each.
        self.unsaid: Counter[str] = Counter()
        shared = [field for field in mapping.fields if len(field.places) > 1 or field.how == "clue"]
        single = [field for field in mapping.fields if len(field.places) == 1 and field not in shared]
        self._single = [(field.places[0], CellReader(field)) for field in single]
        self._shared = [(field.places, CellReader(field)) for field in shared]
        self._read = [*single, *shared]
        self._names = [field.column.name for field in self._read]
        self._fields = {field.column.name: field for field in mapping.fields}
        kind = mapping.kind
        # An agency that is said for the whole file fills the blank cells.
        self._agency = mapping.agency if kind.takes_agency else None
        self._needed = [column.name for column in kind.columns if column.required]
        if kind.takes_agency and "agency" not in self._needed:
            self._needed.insert(0, "agency")
        self._falling = [name for name, other in kind.falls_back if other in self._fields]
        self._is_ordered = any(first in self._fields and second in self._fields for first, second in kind.ordered)

    def check(self, rows: Sequence[Row]) -> list[Checked | Refusal]:
        """The values of each row, or a refusal for its first problem that names the columns of the others."""
        columns, verdicts = self._read_columns([row.cells for row in rows])
        by_row: Iterable[tuple[Any, ...]] = zip(*columns, strict=True) if columns else repeat((), len(rows))
        checked: list[Checked | Refusal] = []
        for place, (row, read) in enumerate(zip(rows, by_row, strict=True)):
            values: dict[str, Value] = dict(zip(self._names, read, strict=True))
            if self._constants:
                values = self._constants | values
            problems: list[tuple[str, str, Problem]] = []
            self._line = row.line
            for number in verdicts.get(place, ()):
                field = self._read[number]
                text = " | ".join([row.cells[at] for at in field.places])
                values[field.column.name] = self._weigh(field, text, read[number], problems)
            if self._agency is not None and not values.get("agency"):
                values["agency"] = self._agency
            if self._falling and not all(map(values.get, self._falling)):
                self._fall_back(values)
            if not all(map(values.get, self._needed)):
                self._find_blanks(values, problems)
            if self._is_ordered:
                self._find_disorder(values, problems)
            checked.append(self._refuse(row, values, problems) if problems else Checked(row.line, values))
        return checked

    def _read_columns(self, rows: Sequence[list[str]]) -> tuple[list[list[Any]], dict[int, list[int]]]:
        """What stands in each column that is read; and of rows with verdicts the numbers of the columns of these."""
        texts = list(zip(*rows, strict=True))
        columns: list[list[Any]] = []
        if rows:
            columns += [reader.read_column(texts[place]) for place, reader in self._single]
        columns += [
            [reader.read_shared([cells[place] for place in places]) for cells in rows]
            for places, reader in self._shared
        ]
        verdicts: dict[int, list[int]] = {}
        for number, column in enumerate(columns):
            if number >= len(self._single) or self._single[number][1].has_verdicts:
                for place, value in enumerate(column):
                    if isinstance(value, Verdict):
                        verdicts.setdefault(place, []).append(number)
        return columns, verdicts

    def _refuse(self, row: Row, values: dict[str, Value], problems: list[tuple[str, str, Problem]]) -> Refusal:
        said = str(values.get("agency") or ""), str(values.get(self._mapping.kind.key) or "")
        return replace(refuse_cells(row.line, problems), said=said)

    def _weigh(self, field: Field, text: str, verdict: Verdict, problems: list[tuple[str, str, Problem]]) -> Value:
        if isinstance(verdict, Remark):
            self._note(field, text, verdict)
            return verdict.value
        assert isinstance(verdict, Problem)
        if isinstance(verdict, Unsaid):
            self.unsaid.update(verdict.clues)
        problems.append((field.header, text, verdict))
        return None

    def _fall_back(self, values: dict[str, Value]) -> None:
        for name, other in self._mapping.kind.falls_back:
            said = values.get(other)
            if said and not values.get(name):
                values[name] = said
                if name in self._fields and other in self._fields:
                    taken = self._fields[other].header
                    self._note(self._fields[name], "", Remark(said, f"is blank; {taken} is taken for it"))

    def _note(self, field: Field, text: str, remark: Remark) -> None:
        self._remarks[field.header, remark.text] += 1
        if self._remarked is not None:
            self._remarked.append(Remarked(self._line, field.header, shorten(text), remark.text))

    def _find_blanks(self, values: dict[str, Value], problems: list[tuple[str, str, Problem]]) -> None:
        for name in self._needed:
            if values.get(name):
                continue
            stand_ins = [others for needed, others in self._mapping.kind.instead if needed == name]
            header = self._fields[name].header if name in self._fields else name
            stood_for = any(all(_says(values, other) for other in others) for others in stand_ins)
            if stood_for or any(problem[0] == header for problem in problems):
                continue
            problems.append((header, "", _explain_blank(name, stand_ins[0] if stand_ins else ())))

    def _find_disorder(self, values: dict[str, Value], problems: list[tuple[str, str, Problem]]) -> None:
        for first, second in self._mapping.kind.ordered:
            begin, end = values.get(first), values.get(second)
            if isinstance(begin, date) and isinstance(end, date) and end < begin:
                problem = Problem(f"This day is before {first} ({begin}).", "Correct one of the two days.")
                problems.append((self._fields[second].header, str(end), problem))


def refuse_cells(line: int, problems: Sequence[tuple[str, str, Problem]]) -> Refusal:
    """One refusal a row: its first problem, with the headings of the others."""
    (header, text, problem), *others = problems
    more = list(dict.fromkeys(other[0] for other in others if other[0] != header))
    also = f" Look at {', '.join(more)} in this row too." if more else ""
    return Refusal(line, header, shorten(text), problem.reason, problem.fix + also)


def _says(values: dict[str, Value], name: str) -> bool:
    """Whether a row says this; what stands in a cell for e-mails and is no address says nothing."""
    value = values.get(name)
    return bool(value) and (name != "email" or "@" in str(value))


def _explain_blank(name: str, stand_ins: tuple[str, ...]) -> Problem:
    if name == "agency":
        return Problem("The row does not say whose it is.", "Fill in the agency, or name one for the whole file.")
    instead = f", or {' and '.join(stand_ins)}" if stand_ins else ""
    return Problem(f"A row needs {name}, and this cell is blank.", f"Fill in {name}{instead}.")
