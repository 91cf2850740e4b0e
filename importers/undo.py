"""Undo: an import is taken back as if it had never been, also after later imports and judgements.

Every record that the import said something about is folded again from its other versions. A record that nobody else
said anything about goes; if contacts or people of other imports refer to it, it stays as a stub. Then everything that
was computed from them is computed again. Killed half way, it goes on when it is called again.
"""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from crm.access import OWNER, Viewer
from crm.ahead import read_ahead
from crm.batches import in_batches
from crm.errors import Refused
from crm.graph import business_records, imports, person_records, programs, records, repeats, tables, unsent
from crm.graph.agencies import agency_id
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.leases import Lease, lease
from crm.graph.records import Label, Owned
from crm.graph.repeats import Repeated
from crm.moments import now
from crm.services.resolution import no_progress, resolve_under
from crm.services.retractions import Loose, delete, list_all_loose, note_ties, sweep, sweep_stubs
from importers.asserted import LABELS, Asserted, hash_of_record, list_people_in, split_cell, version_of, write_row
from importers.load import Progress
from importers.references import Missing, References
from importers.repeated import born_of, fold, leave_out
from importers.turns import LONGEST_WAIT, Notice, no_notice, take_turn
from importers.writes import write_missing, write_rows

BATCH = 1_000
# What refers to something goes before what it refers to.
ORDER: tuple[Label, ...] = (
    "Touchpoint", "Referral", "Agreement", "Seat", "Meeting", "Sector", "PersonRecord", "BusinessRecord", "Table",
    "Program",
)  # fmt: skip
# What refers to nothing and is changed by files alone, of whose agency this is the turn: it may be looked at ahead.
ALONE: tuple[Label, ...] = ("BusinessRecord",)
# What a business or a person is called by; one of these cells at least is filled.
CALLED: dict[Label, tuple[str, ...]] = {
    "BusinessRecord": ("name",),
    "PersonRecord": ("name", "first_name", "last_name", "email"),
}


@dataclass
class Undone:
    """What undoing an import did: rows of it that went, and rows that are again what was said before."""

    id: str
    removed: int
    restored: int


def undo_import(
    db: Store,
    id: str,
    *,
    viewer: Viewer = OWNER,
    progress: Progress = no_progress,
    wait: float = LONGEST_WAIT,
    notice: Notice = no_notice,
) -> Undone:
    """Take an import back. Raises NotFound for an unknown one, Refused for one that was undone before.

    Another run that may touch the same rows goes first: `notice` hears which, and after `wait` seconds NotYourTurn is
    raised.
    """
    found = imports.get_import(db, id, viewer=viewer)
    _check_undoable(found)
    about = f"The undoing of {found.file}"
    turn_taken = take_turn(db, found.agency_id, about=about, wait=wait, notice=notice)
    with db.in_bulk(), turn_taken as turn, lease(db, "matching") as held:
        progress = turn.kept_by(db, progress)
        found = imports.get_import(db, id, viewer=viewer)
        _check_undoable(found)
        imports.set_stage(db, id, "undoing")
        # Of an undo that was cut off nobody knows any more what it let loose.
        loose = list_all_loose(db) if found.stage == "undoing" else Loose()
        total = max(1, found.created + found.updated)
        done = 0
        overwritten = records.list_overwritten_of_import(db, id)
        for label in ORDER:
            owned = records.list_owned_of_import(db, label, id)
            owned |= records.find_owned(db, label, [older for of, older in overwritten if of == label])
            # The youngest first: an engine finds the newest tie of a program or an agency soonest.
            several = {older for of, older in overwritten if of == label}
            again = repeats.find_later(db, id, label, owned, several=several)
            batches = in_batches(sorted(owned.values(), key=lambda one: (one.seq, one.id), reverse=True), BATCH)
            going = (_look_up(db, label, found, batch, again) for batch in batches)
            with closing(read_ahead(going) if label in ALONE else going) as steps:
                for step in steps:
                    _undo_batch(db, held, label, found, step, loose)
                    done += len(step.batch)
                    progress("undoing", min(done, total), total)
        unsent.take_back(db, id, no=found.no, system=found.system, kind=found.kind)
        db.transact(lambda tx: repeats.drop(tx, id))
        _sweep(db, held, loose)
        resolve_under(db, held, progress=progress)
        db.settle()
        imports.set_stage(db, id, "undone", at=now())
    removed, restored = imports.get_undone(db, id)
    return Undone(id, removed, restored)


def _check_undoable(found: imports.Import) -> None:
    if found.stage == "undone":
        raise Refused(f"Import {found.id} ({found.file}) was undone before; there is nothing left of it.")


@dataclass
class _Step:
    """Some records of an import, and what is left of them without it: those that are `restored` from these versions,
    as `rows`, and the agencies that any of their versions names."""

    batch: list[Owned]
    restored: dict[str, list[Row]]
    rows: list[dict[str, Any]]
    missing: Missing
    named: set[str]


def _look_up(
    db: Store, label: Label, found: imports.Import, batch: list[Owned], again: dict[str, list[Repeated]]
) -> _Step:
    """What others said of these records is all that is left of them; `again` is what later imports only repeated."""
    versions = records.list_versions(db, [one.id for one in batch])
    alone = [one.id for one in batch if one.id in again and one.id not in versions and not one.is_stub]
    versions |= {id: [version_of(label, stored)] for id, stored in records.find_records(db, label, alone).items()}
    left = {id: leave_out(found.id, of, again.get(id, ())) for id, of in versions.items()}
    restored = {id: of for id, of in left.items() if of}
    named = {one.agency_id for one in batch if one.agency_id}
    named |= {agency for of in versions.values() for version in of for agency in _list_named(label, version)}
    return _Step(batch, restored, *_fold_all(db, label, restored), named)


def _undo_batch(db: Store, held: Lease, label: Label, found: imports.Import, step: _Step, loose: Loose) -> None:
    """Take this import out of these records."""
    import_id, restored, rows = found.id, step.restored, step.rows
    ids = [one.id for one in step.batch]
    going = [one for one in step.batch if one.id not in restored]
    loose.agencies |= step.named

    def write(tx: Transaction) -> None:
        held.check(tx)
        note_ties(tx, label, ids, loose)
        # Within the transaction: a contact that somebody logs meanwhile must find its business.
        kept = records.find_records(tx, label, _list_referred_to(tx, label, [one.id for one in going]))
        delete(tx, label, [one.id for one in going if one.id not in kept])
        records.keep_as_stubs(tx, label, [records.identity_of(record) for _, record in sorted(kept.items())])
        if rows:
            write_missing(tx, step.missing)
            write_rows(tx, label, rows, updated=list(restored))
            records.replace_versions(tx, label, {id: of if len(of) > 1 else [] for id, of in restored.items()})
        if label == LABELS[found.kind]:
            # What a roster said of people goes with its seats, and is no row of its own.
            removed = sum(not one.is_stub for one in going)
            imports.count_undone(tx, import_id, removed=removed, restored=len(restored))
        tx.tick()

    db.transact(write)


def _fold_all(db: Store, label: Label, versions: dict[str, list[Row]]) -> tuple[list[dict[str, Any]], Missing]:
    """These records as their remaining versions (record id -> in order) say them, as rows to be written, and what they
    refer to that is not there any more.
    """
    stored = records.find_records(db, label, list(versions)) if versions else {}
    said = {id: fold(of) for id, of in versions.items()}
    rows: list[dict[str, Any]] = []
    missing = Missing()
    for system in sorted({record["system"] for record in stored.values()}):
        references = References(db, system=system, restoring=True)
        of_system = [id for id in versions if stored[id]["system"] == system]
        asked = [(stored[id]["agency_id"], said[id]) for id in of_system]
        references.look_up_businesses([(agency, cells.get("business", "")) for agency, cells in asked])
        references.look_up_persons(
            (agency, cell, references.find_business(cells.get("business", ""), agency=agency))
            for agency, cells in asked
            for cell in list_people_in(label, cells)
        )
        rows += [_fold(references, label, stored[id], said[id], versions[id]) for id in of_system]
        missing.add(references.take_missing())
    return rows, missing


def _fold(
    references: References, label: Label, record: Row, said: dict[str, str], versions: list[Row]
) -> dict[str, Any]:
    """The record as its remaining versions say it."""
    last = versions[-1]
    if not any(name in said for name in CALLED.get(label, said)):
        # Rows that call it by its id alone say more of it, and the name is what others know it by.
        said = {name: record[name] for name in CALLED[label] if record.get(name)} | said
    row = Asserted(0, record["id"], record["agency_id"], record["key"], last["seq"], said, said)
    hash = hash_of_record(last["hash"], said, json.loads(last["cells"]))
    folded = write_row(references, label, row, said, system=record["system"], import_id=last["import_id"], hash=hash)
    # What was logged on the screen was born there, whatever it says since it was edited.
    folded["props"]["seq"] = record["seq"] if versions[0]["import_id"] is None else born_of(versions[0])
    return folded


def _list_named(label: Label, version: Row) -> list[str]:
    """The agencies that an agreement's version names, be it that a later one names others."""
    if label != "Agreement":
        return []
    cells: dict[str, str] = json.loads(version["cells"])
    names = [
        cell.partition(":")[0] for column in ("agencies", "businesses") for cell in split_cell(cells.get(column, ""))
    ]
    return [agency_id(name) for name in names]


def _list_referred_to(db: Reader, label: Label, ids: list[str]) -> list[str]:
    if label == "BusinessRecord":
        return business_records.list_referred_to(db, ids)
    if label == "PersonRecord":
        return person_records.list_referred_to(db, ids)
    if label == "Table":
        return tables.list_referred_to(db, ids)
    return programs.list_referred_to(db, ids) if label == "Program" else []


def _sweep(db: Store, held: Lease, loose: Loose) -> None:
    """Take out what only the records that went had use for, some at a time: others are to get between."""

    def take_out(tx: Transaction, part: Loose, work: Callable[[Transaction, Loose], None]) -> None:
        held.check(tx)
        work(tx, part)

    # People first: a business may be there for one of them alone.
    parts = [Loose(persons=set(ids)) for ids in in_batches(sorted(loose.persons), BATCH)]
    parts += [Loose(businesses=set(ids)) for ids in in_batches(sorted(loose.businesses), BATCH)]
    for part in parts:
        db.transact(partial(take_out, part=part, work=sweep_stubs))
        loose.agencies |= part.agencies
    db.transact(partial(take_out, part=Loose(agencies=loose.agencies), work=sweep))
