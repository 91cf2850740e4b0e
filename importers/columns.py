"""A file's columns as they are seen: what each heading says and what the cells look like."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from importers.cell_types import Cells, look_at
from importers.dates import SERIAL
from importers.headings import Heading, drop_common_word, read_heading


@dataclass(frozen=True)
class Column:
    """One column as it is seen: what its heading says and what its cells look like."""

    header: str
    heading: Heading
    cells: Cells
    raw: Sequence[str] = field(default=(), repr=False)


def look_at_columns(headers: Sequence[str], samples: dict[str, list[str]]) -> list[Column]:
    """The columns as they are seen; a repeated heading ("Email (2)") is the second of its name."""
    said = drop_common_word(headers)
    return [
        Column(header, read_heading(bare), look_at(samples[header]), samples[header])
        for header, bare in zip(headers, said, strict=True)
    ]


def has(columns: Sequence[Column], thing: str, *, bare: bool = False) -> bool:
    return any(
        column.heading.rate(thing) >= 0.9 and not (bare and column.heading.subjects - {"member"}) for column in columns
    )


def has_job(columns: Sequence[Column]) -> bool:
    """Whether a column says outright that it is the job: beside it, Title is the form of address."""
    return any(column.heading.words in (("job_title",), ("position",)) for column in columns)


def list_patterns(column: Column) -> list[str]:
    """How the days of a column that holds days may be written."""
    return column.cells.patterns or ([SERIAL] if column.cells.are_serials else [])


def choose_pattern(patterns: Sequence[str]) -> str | None:
    return patterns[0] if patterns and patterns[0] != "yyyy-mm-dd" else None
