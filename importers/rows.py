"""One line of a table as it stands in the file: a `Row` of text cells, or a `BadRow` that cannot be cut into cells."""

from dataclasses import dataclass
from typing import NamedTuple

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


def shorten(text: str, limit: int = 200) -> str:
    """The beginning of a long text, for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
