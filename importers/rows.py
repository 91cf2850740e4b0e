"""One line of a table as it stands in the file: a `Row` of text cells, a `BadRow` that cannot be cut into cells, or
a row that is `LeftOut` because it is no data.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

MAX_CELL = 32_000  # characters; an Excel cell holds 32,767


class Row(NamedTuple):
    """`line` is the row's first line in the file, from 1; `cells` are the texts exactly as they stand there."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class BadRow:
    """A row that is there and cannot be taken; `text` is how it begins."""

    line: int
    text: str
    reason: str
    fix: str


@dataclass(frozen=True)
class LeftOut:
    """A row that is left out on purpose: counted and shown with its reason, neither taken nor refused.

    `text` is the row in one line, so that whoever disagrees can see what would be lost.
    """

    line: int
    text: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {"line": self.line, "text": self.text, "reason": self.reason}


# Marks that turn the direction of writing are shown by their numbers: a message must not read otherwise than it is.
TURNS = {number: f"⟨U+{number:04X}⟩" for number in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def shorten(text: str, limit: int = 200) -> str:
    """The beginning of a long text, for a message."""
    text = text if text.isascii() else text.translate(TURNS)
    return text if len(text) <= limit else text[: limit - 1] + "…"
