"""From the text of a cell to its value, as its column wants it: trimmed or exact, one value or several."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from importers.cell_types import PLACEHOLDER
from importers.cells import take_text
from importers.clues import list_clues
from importers.dates import compile_pattern
from importers.errors import MapError
from importers.kinds import CellType
from importers.map import Field
from importers.rows import MAX_CELL
from importers.rules import compare_word
from importers.splits import BY_NAME as SPLITTERS
from importers.verdicts import Problem, Remark, Unsaid, Value, Verdict

REMEMBERED = 20_000  # texts per column: words, days and programs recur, names and notes do not
LONGEST_REMEMBERED = 80

# Control characters, halves of surrogate pairs (bytes that were no letters) and code points that are no characters.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks that turn the direction of what follows, so that a text reads otherwise than it is. Those of single letters,
# which Hebrew and Arabic need, are not among them.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
LINE_BREAKS = re.compile("[\r\n\x85\u2028\u2029]")
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})

FIRST_REMARK = "the columns say different things; the first that is filled is taken"


class CellReader(dict[str, Value | Verdict]):
    """`reader[text]` is the value of a cell of one field; a short text is read once."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._type = field.column.type
        self._how = field.how
        self._check = _choose_check(field)
        self._split = SPLITTERS[field.split] if field.split else None
        self._part = field.part
        self._headers = field.headers
        self._words = field.words
        # Whether some cell was not simply its value.
        self.has_verdicts = False
        self._is_simple = self._split is None and not self._type.many and not self._type.exact
        self._limit = min(self._type.limit, MAX_CELL)

    def __missing__(self, text: str) -> Value | Verdict:
        trimmed = text.strip()
        if self._is_simple and trimmed and len(text) <= self._limit and _is_harmless(text) and trimmed[0] != "#":
            value = self._check(trimmed)  # As `read_cell` would, which takes as long as the check.
        else:
            value = read_cell(text, self._type, self._check) if self._split is None else self._read_part(text)
        if isinstance(value, Verdict):
            self.has_verdicts = True
        if len(text) <= LONGEST_REMEMBERED and len(self) < REMEMBERED:
            self[text] = value
        return value

    def read_column(self, texts: Sequence[str]) -> list[Value | Verdict]:
        """`reader[text]` of each, as quickly as it goes for texts that are like nearly all."""
        joined = "".join(texts)
        is_usual = (
            self._is_simple and "#" not in joined and _is_harmless(joined) and max(map(len, texts)) <= self._limit
        )
        if is_usual and self._check is take_text:
            return [text or None for text in map(str.strip, texts)]
        if not is_usual or len(self) < REMEMBERED:
            return list(map(self.__getitem__, texts))
        # Hardly a text of this column recurs.
        check = self._check
        values = [check(text) if text else None for text in map(str.strip, texts)]
        self.has_verdicts = self.has_verdicts or any(isinstance(value, Verdict) for value in values)
        return values

    def _read_part(self, text: str) -> Value | Verdict:
        """One part of a cell that is cut up; the first is the whole cell where it is not written so."""
        assert self._split is not None
        parts = self._split.cut(text.strip())
        if parts is not None:
            return read_cell(parts[self._part], self._type, self._check)
        if self._part or not text.strip():
            return () if self._type.many else None
        if PLACEHOLDER.fullmatch(text.strip()):
            return Remark(() if self._type.many else None, "stands for nothing, and is taken as blank")
        value = read_cell(text, self._type, self._check)
        if isinstance(value, Verdict):
            return value
        return Remark(value, f'is not written like "{self._split.example}"; taken whole')

    def read_shared(self, texts: Sequence[str]) -> Value | Verdict:
        """The value of several cells that share one field."""
        if self._how == "clue":
            return self._read_clues(texts)
        filled = [text for text in texts if text.strip()]
        if self._how == "newest":
            return self._read_newest(filled)
        if self._how == "first":
            value = self[filled[0] if filled else ""]
            says_more = len({text.strip() for text in filled}) > 1
            return Remark(value, FIRST_REMARK) if says_more and not isinstance(value, Verdict) else value
        return self[";".join(filled) if self._type.many else self._type.join(filled)]

    def _read_clues(self, texts: Sequence[str]) -> Value | Verdict:
        """What was said of the first clue of which something was said; `Unsaid` where that is none."""
        clues = list_clues(zip(self._headers, texts, strict=True))
        said = [self._words.get(compare_word(clue)) for clue in clues]
        if meaning := next(filter(None, said), None):
            return read_cell(meaning, self._type, self._type.check)
        unsaid = tuple(clue for clue, meaning in zip(clues, said, strict=True) if meaning is None)
        if not unsaid:
            return None
        shown = ", ".join(f"“{clue}”" for clue in unsaid)
        return Unsaid(
            f"Nobody has said yet with which business this was: {shown}.",
            "Say it once under “Are these known already?”, or name the business in a column.",
            unsaid,
        )

    def _read_newest(self, texts: Sequence[str]) -> Value | Verdict:
        days: list[date] = []
        for text in texts:
            value = self[text]
            if isinstance(value, Problem):
                return value
            value = value.value if isinstance(value, Remark) else value
            if isinstance(value, date):
                days.append(value)
        return max(days, default=None)


def read_cell(text: str, type_: CellType, check: Callable[[str], Value | Verdict]) -> Value | Verdict:
    """A cell's value, None or an empty tuple if it is blank, or what is wrong with it."""
    trimmed = text.strip()
    if not trimmed:
        return () if type_.many else None
    if len(text) > MAX_CELL:
        return Problem(f"The cell has {len(text):,} characters; {MAX_CELL:,} are allowed.", "Shorten the text.")
    if _is_harmless(text):
        if type_.exact:
            return text
        if type_.many or trimmed[0] == "#":
            return _read_trimmed(trimmed, type_, check)
        return _read_one(trimmed, type_, check)
    found = CONTROLS.search(text)
    if found:
        return _explain_control(found[0])
    turn = TURNS.search(text)
    if turn:
        name = f"a mark that turns the direction of writing (U+{ord(turn[0]):04X})"
        return Problem(f"The cell holds {name}.", "Delete it; it cannot be seen, so typing the cell anew is easiest.")
    return text if type_.exact else _read_trimmed(trimmed, type_, check)


def _is_harmless(text: str) -> bool:
    """Whether a text is like nearly all: there is none of the signs that the patterns look for."""
    return text.isascii() and text.isprintable()


def _read_trimmed(trimmed: str, type_: CellType, check: Callable[[str], Value | Verdict]) -> Value | Verdict:
    if trimmed in FORMULA_ERRORS:
        return Problem(f"The cell holds the error {trimmed} of a formula.", "Correct the formula, or clear the cell.")
    if not type_.lines and LINE_BREAKS.search(trimmed) and not type_.many:
        return Problem("The cell has a line break in it.", "Put the text on one line.")
    if type_.many:
        return _read_several(trimmed, type_, check)
    return _read_one(trimmed, type_, check)


def read_field(field: Field, text: str) -> Value:
    """The value of a constant in a column map. Raises MapError where a cell would be refused."""
    value = read_cell(text, field.column.type, _choose_check(field))
    if isinstance(value, Problem):
        raise MapError(f"{field.column.name} cannot be {text!r}: {value.reason} {value.fix}")
    assert not isinstance(value, Verdict) or isinstance(value, Remark)
    return value.value if isinstance(value, Remark) else value


def _choose_check(field: Field) -> Callable[[str], Value | Verdict]:
    check = compile_pattern(field.pattern) if field.pattern else field.column.type.check
    words = field.words
    if not words and not field.column.type.words:
        return check

    def check_meaning(text: str) -> Value | Verdict:
        meaning = words.get(compare_word(text))
        if meaning is not None:
            return check(meaning) if meaning else None
        value = check(text)
        if isinstance(value, Problem) and field.column.type.words:
            return Problem(value.reason, f"{value.fix} Or say once what it means where you say what the columns mean.")
        return value

    return check_meaning


def _read_one(text: str, type_: CellType, check: Callable[[str], Value | Verdict]) -> Value | Verdict:
    if len(text) > type_.limit:
        return Problem(f"The text has {len(text):,} characters; {type_.limit:,} are allowed.", "Shorten it.")
    return check(text)


def _read_several(text: str, type_: CellType, check: Callable[[str], Value | Verdict]) -> Value | Verdict:
    """The values between semicolons, each once, in the order of the cell."""
    values: dict[str, None] = {}
    for part in map(str.strip, text.split(";")):
        if not part:
            continue
        if not type_.lines and LINE_BREAKS.search(part):
            return Problem("There is a line break inside a value.", "Put a semicolon between values.")
        value = _read_one(part, type_, check)
        if isinstance(value, Problem):
            return value
        if value is None:
            continue
        values[part if isinstance(value, Remark) else str(value)] = None
    if values and len(values) < type_.least:
        return Problem(f"At least {type_.least} different values are needed.", "Put a semicolon between values.")
    return tuple(values)


def _explain_control(character: str) -> Problem:
    if "\ud800" <= character <= "\udfff":
        return Problem(
            "The cell holds bytes that are no letters.", "Save the file again as UTF-8, or type the cell anew."
        )
    name = "a NUL byte" if character == "\0" else f"the control character U+{ord(character):04X}"
    return Problem(f"The cell holds {name}.", "Delete it; it cannot be seen, so typing the cell anew is easiest.")
