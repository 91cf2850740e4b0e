"""Planned: what one batch of rows would change, before anything of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crm.graph.driver import Row
from crm.graph.records import Label
from crm.graph.repeats import Repeat
from importers.check import Refusal
from importers.references import Missing
from importers.rows import LeftOut


class Told(NamedTuple):
    """What becomes of one row that is taken: `fate` is new, changed or same.

    `seq` is its place among all rows of all imports, `before` what its record said until then (None for a new one),
    `cells` what it says from then on. Where nothing changes, both are what the row says.
    """

    line: int
    fate: str
    id: str
    seq: int
    before: Mapping[str, str] | None
    cells: Mapping[str, str]


@dataclass
class Plan:
    """One batch: rows to write (each with `props` and the ids of what it refers to), and what became of each row."""

    label: Label
    rows: list[dict[str, Any]] = field(default_factory=list)
    updated_ids: list[str] = field(default_factory=list)
    versions: dict[str, list[Row]] = field(default_factory=dict)
    missing: Missing = field(default_factory=Missing)
    refusals: list[Refusal] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    # What the rows say beside of businesses and people, by kind: plans whose counts are of records, and changes of
    # what earlier batches counted.
    beside: "dict[str, Plan]" = field(default_factory=dict)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    known: int = 0
    differing: int = 0
    unplaced: int = 0
    told: list[Told] = field(default_factory=list)
    # What businesses are called whom rows refer to by a key that was made of their name and place, or by their id.
    called: dict[str, str] = field(default_factory=dict)
    # Rows that say nothing new; a dry run collects none.
    repeats: list[Repeat] = field(default_factory=list)
    # Ids of records that were no longer sent, and are again.
    again: list[str] = field(default_factory=list)

    @property
    def ids(self) -> set[str]:
        """Of the records that it writes."""
        return {row["props"]["id"] for row in self.rows}.union(*(part.ids for part in self.beside.values()))

    @property
    def total(self) -> int:
        """Rows of data; those that are left out are not among them."""
        return self.created + self.updated + self.unchanged + len(self.refusals)
