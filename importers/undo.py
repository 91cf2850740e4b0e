"""Undo: an import is taken back as if it had never been, also after later imports and judgements.

Every record that the import said something about is folded again from its other versions. A record that nobody else said
anything about goes; if contacts or people of other imports refer to it, it stays as a stub. Then everything that was
computed from them is computed again. Killed half way, it goes on when it is called again.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crm.access import OWNER, Viewer
from crm.errors import Refused
from crm.graph import (
    agencies,
    business_records,
    imports,
    person_records,
    programs,
    records,
    referrals,
    resolution,
    staff,
    touchpoints,
)
from crm.graph.driver import Row, Store, Transaction
from crm.graph.leases import Lease, lease
from crm.graph.records import Label
from crm.graph.resolution import Kind
from crm.services.resolution import no_progress, resolve_under
from importers.load import Progress, now, write_missing, write_rows
from importers.plans import Asserted, split_cell, write_row
from importers.references import References

T = TypeVar("T")
BATCH = 500
# What refers to something goes before what it refers to.
ORDER: tuple[Label, ...] = (
    "Touchpoint", "Referral", "Agreement", "Sector", "PersonRecord", "BusinessRecord", "Program",
)  # fmt: skip


@dataclass
class Undone:
    """What undoing an import did: rows of it that went, and rows that are again what was said before."""

    id: str
    removed: int
    restored: int


@dataclass
class _Loose:
    """What the records that went referred to, and what may have lost its last reason to be there."""

    businesses: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)


def undo_import(db: Store, id: str, *, viewer: Viewer = OWNER, progress: Progress = no_progress) -> Undone:
    """Take an import back. Raises NotFound for an unknown one, Refused for one that was undone before."""
    found = imports.get_import(db, id, viewer=viewer)
    if found.stage == "undone":
        raise Refused(f"Import {id} ({found.file}) was undone before; there is nothing left of it.")
    with lease(db, "matching") as held:
        imports.set_stage(db, id, "undoing")
        loose = _Loose()
        total = max(1, found.created + found.updated)
        done = 0
        for label in ORDER:
            for batch in _batches(_list_affected(db, label, id)):
                _undo_batch(db, held, label, id, batch, loose)
                done += len(batch)
                progress("undoing", min(done, total), total)
        _sweep(db, held, loose)
        resolve_under(db, held, shrunk=True, progress=progress)
        imports.set_stage(db, id, "undone", at=now())
    removed, restored = imports.get_undone(db, id)
    return Undone(id, removed, restored)


def _list_affected(db: Store, label: Label, import_id: str) -> list[str]:
    ids = records.list_ids_of_import(db, label, import_id)
    older = [id for of, id in records.list_overwritten_of_import(db, import_id) if of == label]
    return list(dict.fromkeys([*ids, *older]))


def _undo_batch(db: Store, held: Lease, label: Label, import_id: str, ids: list[str], loose: _Loose) -> None:
    stored = records.find_records(db, label, ids)
    versions = records.list_versions(db, list(stored))
    left = {id: [v for v in versions.get(id, ()) if v["import_id"] != import_id] for id in stored}
    restored = {id: of for id, of in left.items() if of}
    going = [id for id, of in left.items() if not of]
    rows_going = [id for id in going if not stored[id].get("stub")]
    stubbed = set(_list_referred_to(db, label, going))
    loose.agencies |= {record["agency_id"] for record in stored.values() if record.get("agency_id")}
    references = References(db, system=next((record["system"] for record in stored.values()), "plain"))
    rows = [_fold(references, label, stored[id], of) for id, of in restored.items()]
    missing = references.take_missing()

    def write(tx: Transaction) -> None:
        held.check(tx)
        _note_ties(tx, label, list(stored), loose)
        _delete(tx, label, [id for id in going if id not in stubbed])
        records.keep_as_stubs(tx, label, [_stub(label, stored[id]) for id in sorted(stubbed)])
        write_missing(tx, missing)
        write_rows(tx, label, rows, updated=list(restored))
        records.replace_versions(tx, label, {id: of if len(of) > 1 else [] for id, of in restored.items()})
        imports.count_undone(tx, import_id, removed=len(rows_going), restored=len(restored))

    db.transact(write)


def _fold(references: References, label: Label, record: Row, versions: list[Row]) -> dict[str, Any]:
    """The record as its remaining versions say it."""
    cells: dict[str, str] = {}
    for version in versions:
        cells |= json.loads(version["cells"])
    said = {name: text for name, text in cells.items() if text}
    last = versions[-1]
    row = Asserted(0, record["id"], record["agency_id"], record["key"], last["seq"], last["hash"], said)
    references.look_up_businesses([(row.agency, said.get("business", ""))])
    references.look_up_persons((row.agency, cell) for cell in split_cell(said.get("person", "")))
    folded = write_row(references, label, row, said, system=record["system"], import_id=last["import_id"])
    folded["props"]["seq"] = versions[0]["seq"]
    return folded


def _stub(label: Label, record: Row) -> dict[str, Any]:
    """What stays of a record to which others refer: who it is, and nothing of what its row said of it."""
    kept = (
        "id",
        "agency_id",
        "system",
        "key",
        "ref",
        "name_ref",
        "name",
        "name_key",
        "first_name",
        "last_name",
        "seq",
        "said",
    )
    stub = {name: record[name] for name in kept if record.get(name) is not None} | {"stub": True}
    return stub if label == "Program" else stub | {"unmatched": record["id"]}


def _list_referred_to(db: Store, label: Label, ids: list[str]) -> list[str]:
    if label == "BusinessRecord":
        return business_records.list_referred_to(db, ids)
    if label == "PersonRecord":
        return person_records.list_referred_to(db, ids)
    return programs.list_referred_to(db, ids) if label == "Program" else []


def _note_ties(tx: Transaction, label: Label, ids: list[str], loose: _Loose) -> None:
    """Remember what these records refer to, and that the businesses of those must be computed again."""
    businesses: set[str] = set()
    if label == "Touchpoint":
        businesses, persons = touchpoints.list_ties(tx, ids)
        loose.persons |= persons
    elif label == "Referral":
        businesses = referrals.list_business_records(tx, ids)
    elif label == "PersonRecord":
        businesses = person_records.list_business_records(tx, ids)
    loose.businesses |= businesses
    resolution.mark_stale(tx, "business", sorted(businesses))


def _delete(tx: Transaction, label: Label, ids: list[str]) -> None:
    """Delete records; what they resolved to is computed again, or goes with its last record."""
    kind: Kind | None = "business" if label == "BusinessRecord" else "person" if label == "PersonRecord" else None
    if kind is None:
        records.delete_records(tx, label, ids)
        return
    resolution.mark_stale(tx, kind, ids)
    things = set(resolution.find_resolved(tx, kind, ids).values())
    resolution.forward(tx, resolution.list_heirs(tx, kind, ids))
    records.delete_records(tx, label, ids)
    resolution.drop_empty(tx, kind, sorted(things))


def _sweep(db: Store, held: Lease, loose: _Loose) -> None:
    """Take out the stubs, programs and agencies that only the import had use for."""

    def write(tx: Transaction) -> None:
        held.check(tx)
        _delete(tx, "PersonRecord", person_records.list_unused_stubs(tx, sorted(loose.persons)))
        _delete(tx, "BusinessRecord", business_records.list_unused_stubs(tx, sorted(loose.businesses)))
        programs.delete_unused_stubs(tx)
        staff.delete_unused_staff(tx, sorted(loose.agencies))
        agencies.delete_unused_agencies(tx, sorted(loose.agencies))
        agencies.refresh_systems(tx, sorted(loose.agencies))

    db.transact(write)


def _batches(items: list[T]) -> Iterable[list[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
