"""Step four of an import: plans become part of the graph, batch by batch, each row exactly once.

`import_file` reads, maps, checks and loads a file, matches what it brought, and computes what that touched. Killed at any
point, it goes on from there when it is called again with the same file; called again when it is done, it changes nothing.
`preview_file` does everything but write, and counts the same.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar

from crm.access import OWNER, Viewer
from crm.graph import (
    agencies,
    agreements,
    business_records,
    imports,
    person_records,
    programs,
    records,
    referrals,
    resolution,
    sectors,
    staff,
    touchpoints,
)
from crm.graph.driver import Store, Transaction
from crm.services.resolution import resolve_new
from importers.check import Checked, CheckedRows, Refusal
from importers.map import Mapping
from importers.plans import Plan, Planner
from importers.profiles import Profile
from importers.references import Missing, References
from importers.sheets import Sheet

BATCH = 1_000
T = TypeVar("T")
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers who do not watch."""


@dataclass
class Result:
    """What an import did, or what it would do. Counts are of rows; `to_review` of records that may be one with another."""

    id: str | None
    file: str
    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    to_review: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    new_agencies: list[str] = field(default_factory=list)
    new_programs: list[str] = field(default_factory=list)
    unused_columns: tuple[str, ...] = ()
    samples: list[dict[str, Any]] = field(default_factory=list)

    def count(self, plan: Plan) -> None:
        self.rows += plan.total
        self.created += plan.created
        self.updated += plan.updated
        self.unchanged += plan.unchanged
        self.refused += len(plan.refusals)
        self.refusals.extend(plan.refusals)


def fingerprint(sheet: Sheet, profile: Profile) -> str:
    """What makes two imports the same one: the content of the file and how it is read."""
    said = repr((sheet.sha256, profile.agency, profile.system, profile.kind, profile.maps, profile.date_formats))
    return blake2b(said.encode(), digest_size=16).hexdigest()


def import_file(
    db: Store,
    sheet: Sheet,
    mapping: Mapping,
    profile: Profile,
    *,
    viewer: Viewer = OWNER,
    progress: Progress = no_progress,
) -> Result:
    """Take a file in, and finish what an interrupted import of it left."""
    id = imports.start_import(
        db,
        fingerprint=fingerprint(sheet, profile),
        file=sheet.name,
        kind=mapping.kind.name,
        system=profile.system,
        agency=profile.agency,
        by=viewer.email or viewer.user_id,
        at=now(),
    )
    started = imports.get_import(db, id, viewer=viewer)
    references = References(db, system=profile.system)
    if started.stage == "loading":
        _load(db, sheet, mapping, references, started, progress)
        imports.set_stage(db, id, "matching")
    finish_import(db, id, progress=progress)
    done = imports.get_import(db, id, viewer=viewer)
    return Result(
        id=id,
        file=sheet.name,
        kind=mapping.kind.name,
        rows=done.rows,
        created=done.created,
        updated=done.updated,
        unchanged=done.unchanged,
        refused=done.refused,
        to_review=done.to_review,
        refusals=[Refusal(**refusal) for refusal in imports.list_refusals(db, id)],
        new_agencies=references.created_agencies,
        new_programs=references.created_programs,
        unused_columns=mapping.unused,
    )


def finish_import(db: Store, id: str, *, progress: Progress = no_progress) -> None:
    """Match what the import brought and compute what it touched."""
    resolve_new(db, progress=progress)
    imports.set_stage(db, id, "done", at=now())


def preview_file(
    db: Store, sheet: Sheet, mapping: Mapping, references: References, *, system: str, progress: Progress = no_progress
) -> Result:
    """What importing the file would do. `references` carries over what earlier files of the same command would make."""
    result = Result(None, sheet.name, mapping.kind.name, unused_columns=mapping.unused)
    planner = Planner(db, mapping, references, system=system, import_id="preview", import_no=900_000)
    for offset, batch in _number(_batches(CheckedRows(sheet, mapping), BATCH)):
        plan = planner.plan(offset, batch)
        result.count(plan)
        progress("checking", result.rows, sheet.lines)
    result.new_agencies, result.new_programs = references.created_agencies, references.created_programs
    return result


def _load(
    db: Store, sheet: Sheet, mapping: Mapping, references: References, started: imports.Import, progress: Progress
) -> None:
    planner = Planner(db, mapping, references, system=started.system, import_id=started.id, import_no=started.no)
    planner.forget_written()
    done = started.offset
    for offset, batch in _number(_batches(CheckedRows(sheet, mapping), BATCH)):
        end = offset + len(batch)
        if end <= done:
            continue
        if offset < done:
            raise AssertionError("a batch was cut in two: its size must not change between runs")
        plan = planner.plan(offset, batch)
        if not db.transact(lambda tx, plan=plan, offset=offset, end=end: _write(tx, started.id, plan, offset, end)):
            # Another worker on the same import was faster; go on from where it is.
            done = imports.get_import(db, started.id, viewer=OWNER).offset
        progress("loading", end, max(end, sheet.lines))


def _write(tx: Transaction, import_id: str, plan: Plan, old: int, new: int) -> bool:
    counts = {
        "rows": plan.total,
        "created": plan.created,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "refused": len(plan.refusals),
        "to_review": 0,
    }
    refused = [refusal.to_json() for refusal in plan.refusals]
    if not imports.advance(tx, import_id, old=old, new=new, counts=counts, refusals=refused):
        return False
    write_missing(tx, plan.missing)
    write_rows(tx, plan.label, plan.rows, updated=plan.updated_ids)
    if plan.versions:
        records.replace_versions(tx, plan.label, plan.versions)
    return True


def write_missing(tx: Transaction, missing: Missing) -> None:
    """Create what rows refer to and the graph does not have."""
    agencies.add_agencies(tx, list(missing.agencies.values()))
    programs.add_programs(tx, list(missing.programs.values()))
    staff.add_staff(tx, list(missing.staff.values()))
    business_records.add_stubs(tx, list(missing.businesses.values()))
    person_records.add_stubs(tx, list(missing.persons.values()))


def write_rows(tx: Transaction, label: records.Label, rows: list[dict[str, Any]], *, updated: list[str]) -> None:
    """Write planned rows of one label, of which those in `updated` were there before; mark what they touch as stale."""
    if label == "Program":
        programs.put_programs(tx, rows)
    elif label == "BusinessRecord":
        business_records.put_records(tx, [row["props"] for row in rows])
    elif label == "PersonRecord":
        person_records.put_records(tx, rows)
    elif label == "Touchpoint":
        left, _ = touchpoints.list_ties(tx, updated) if updated else (set[str](), set[str]())
        touchpoints.put_touchpoints(tx, rows, updated=updated)
        resolution.mark_stale(tx, "business", sorted(left | {row["record"] for row in rows}))
    elif label == "Referral":
        referrals.put_referrals(tx, rows, updated=updated)
    elif label == "Agreement":
        agreements.put_agreements(tx, rows, updated=updated)
    else:
        sectors.put_sectors(tx, rows)


def now() -> str:
    """This moment, as the graph keeps instants."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _number(batches: Iterable[list[Checked | Refusal]]) -> Iterator[tuple[int, list[Checked | Refusal]]]:
    offset = 0
    for batch in batches:
        yield offset, batch
        offset += len(batch)
