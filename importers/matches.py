"""Matches: which known business or person a previewed row would be put together with, how sure that is, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from crm.dedupe import explain
from crm.dedupe.records import BusinessRow, PersonRow
from crm.graph import resolution
from crm.graph.driver import Reader
from crm.graph.records import LETTERS
from crm.graph.stale import Kind
from crm.services.matched_kinds import find_kind
from crm.services.matched_rows import list_some_rows, to_business_row, to_person_row
from importers.previewed import PreviewedRow

MOST_REASONS: Final = 2


@dataclass(frozen=True)
class Known:
    """A business or person that is known. `score` is from 0 to 1, None where nothing need be weighed: the row's own
    record is of it. `why` is a sentence or two.
    """

    kind: Kind
    thing: str
    name: str
    score: float | None = None
    why: str = ""


def find_matches(db: Reader, rows: Sequence[PreviewedRow]) -> list[Known | None]:
    """For each row, the one that it, or the business that it is about, would be put together with or is of already."""
    records = [_find_record(row) for row in rows]
    things = _find_things(db, [record for record in records if record])
    weighed = _weigh(db, rows)
    found: list[Known | None] = []
    for row, record in zip(rows, records, strict=True):
        thing = things.get(record or "")
        if thing is None:
            found.append(None)
            continue
        kind, id, name = thing
        score, why = weighed.get(row.id, (None, ""))
        found.append(Known(kind, id, name, score, why))
    return found


def _find_record(row: PreviewedRow) -> str | None:
    """The record of the graph that says of which business or person a row is."""
    if row.match:
        return row.match.record
    return row.with_record or row.id


def kind_of(record: str) -> Kind | None:
    """Of which kind a record is, by its id; None for one that is no business and no person."""
    letters: dict[str, Kind] = {LETTERS["BusinessRecord"]: "business", LETTERS["PersonRecord"]: "person"}
    return letters.get(record[:1])


def _find_things(db: Reader, records: Iterable[str]) -> dict[str, tuple[Kind, str, str]]:
    """record -> (kind, id, name) of its business or person."""
    by_kind: dict[Kind, set[str]] = {"business": set(), "person": set()}
    for record in records:
        if kind := kind_of(record):
            by_kind[kind].add(record)
    found: dict[str, tuple[Kind, str, str]] = {}
    for kind, ids in by_kind.items():
        resolved = resolution.find_resolved(db, kind, sorted(ids)) if ids else {}
        known = resolution.list_things(db, kind, sorted(set(resolved.values()))) if resolved else {}
        for record, thing in resolved.items():
            said = known.get(thing) or []
            found[record] = (kind, thing, (said[0]["name"] if said else None) or thing)
    return found


def _weigh(db: Reader, rows: Sequence[PreviewedRow]) -> dict[str, tuple[float, str]]:
    """row id -> how likely it and its match are one by themselves, and what speaks most for it."""
    weighed: dict[str, tuple[float, str]] = {}
    kinds: tuple[Kind, ...] = ("business", "person")
    for kind in kinds:
        matched = [(row, row.match) for row in rows if row.match and kind_of(row.match.record) == kind]
        if not matched:
            continue
        there = [row.id for row, _ in matched if row.fate in ("same", "changed")]
        stored = {one.uid: one for one in list_some_rows(db, kind, [match.record for _, match in matched] + there)}
        weigher = find_kind(db, kind)
        for row, match in matched:
            other = stored.get(match.record)
            own = stored.get(row.id) if row.fate == "same" else _to_row(kind, row, match.at)
            if other is None or own is None:
                continue
            found = explain(weigher, own, other)
            reasons = sorted((one for one in found.features if one.score > 0), key=lambda one: -one.score)
            weighed[row.id] = (found.score, "; ".join(one.sentence for one in reasons[:MOST_REASONS]))
    return weighed


def _to_row(kind: Kind, row: PreviewedRow, at: str | None) -> BusinessRow | PersonRow:
    """What a row says of its business or person, as the matcher takes it."""
    cells = row.said
    if row.fate == "named":
        cells = {"email" if "@" in row.title else "name": row.title}
    elif row.with_record:
        cells = {"name": cells.get("business", "")}
    told = cells | {"id": row.id, "seq": 0, "agency_id": ""}
    return to_business_row(told) if kind == "business" else to_person_row(told, at)
