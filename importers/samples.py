"""Samples: some of the rows that an import would add or change, as people look at them: old → new, cell by cell."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crm.graph import records
from crm.graph.driver import Reader
from crm.graph.records import Label
from importers.asserted import said_in
from importers.planned import Plan

MOST = 50

# The cells that a row is known by, for each label.
TITLES: dict[Label, tuple[str, ...]] = {
    "Program": ("program",),
    "BusinessRecord": ("name",),
    "PersonRecord": ("name", "first_name", "last_name"),
    "Touchpoint": ("date", "business"),
    "Referral": ("offered_on", "business"),
    "Agreement": ("name",),
    "Table": ("table",),
    "Seat": ("person", "business"),
    "Meeting": ("table", "date"),
    "Sector": ("sector",),
}


@dataclass(frozen=True)
class Change:
    """One cell: what was said before (None for a new row, "" for a blank cell), and what would be said."""

    column: str
    old: str | None
    new: str


@dataclass(frozen=True)
class Sample:
    """One row: what it is known by, and its cells; of a changed row only those that change."""

    title: str
    cells: tuple[Change, ...]


@dataclass
class Samples:
    """The first rows of a file that are new, and the first that change something."""

    added: list[Sample] = field(default_factory=list)
    changed: list[Sample] = field(default_factory=list)

    def note(self, db: Reader, plan: Plan) -> None:
        """Take some of what a plan would write, before it is written."""
        changing = set(plan.updated_ids)
        rows = [row["props"] for row in plan.rows]
        for props in [row for row in rows if row["id"] not in changing][: MOST - len(self.added)]:
            said = call_by_name(said_in(plan.label, props), plan.called)
            cells = tuple(Change(name, None, text) for name, text in said.items())
            self.added.append(Sample(find_title(plan.label, said), cells))
        wanted = [row for row in rows if row["id"] in changing][: MOST - len(self.changed)]
        before = records.find_records(db, plan.label, [row["id"] for row in wanted]) if wanted else {}
        for props in wanted:
            old, new = (
                call_by_name(said_in(plan.label, one), plan.called) for one in (before.get(props["id"], {}), props)
            )
            self.changed.append(Sample(find_title(plan.label, new), compare_cells(old, new)))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def find_title(label: Label, said: Mapping[str, Any]) -> str:
    """What a row is known by, from its cells."""
    names = TITLES[label][:1] if label == "PersonRecord" and said.get("name") else TITLES[label]
    title = " ".join([text for name in names if (text := said.get(name))])
    return title or said.get("email", "") if label == "PersonRecord" else title


def call_by_name(cells: Mapping[str, str], called: Mapping[str, str]) -> Mapping[str, str]:
    """What a row says, with the name of its business in place of the key by which it refers to it."""
    name = called.get(cells.get("business", ""))
    return {**cells, "business": name} if name else cells


def compare_cells(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """The cells that differ, those of the new row first."""
    names = dict.fromkeys([*new, *old])
    return tuple(
        Change(name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name, "") != new.get(name, "")
    )
