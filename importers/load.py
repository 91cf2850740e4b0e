"""Step four of an import: plans become part of the graph, batch by batch, each row exactly once.

`import_files` checks and loads files, matches what they brought, and computes what that touched. Killed at any point,
it goes on from there when it is called again with the same files; called again when it is done, it changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

from crm.access import OWNER, Viewer
from crm.errors import Conflict
from crm.graph import (
    agencies,
    agreements,
    business_records,
    imports,
    meetings,
    person_records,
    profiles,
    programs,
    records,
    referrals,
    seats,
    sectors,
    staff,
    stale,
    tables,
    touchpoints,
    unsent,
)
from crm.graph.driver import Store, Transaction
from crm.services.resolution import resolve_new
from crm.services.retractions import Loose, note_ties, sweep_stubs
from importers import whole_lists
from importers.ahead import Numbered, plan_ahead
from importers.beside import BUSINESSES, LABELS, PEOPLE, add_counts, count_beside
from importers.check import CheckedRows, Outcome, Refusal
from importers.map import Mapping
from importers.plans import Plan, Planner
from importers.profiles import Profile
from importers.references import Missing, References
from importers.rows import LeftOut
from importers.sheets import Sheet
from importers.turns import LONGEST_WAIT, Notice, no_notice, take_turn
from importers.walls import check_kind, only_agency

BATCH = 1_000
# Labels that no business is computed from: writing them moves the graph's clock by itself.
TICKING = ("Program", "Agreement", "Table", "Seat", "Meeting")
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers who do not watch."""


@dataclass(frozen=True)
class Source:
    """A file that is open, and how it is read."""

    sheet: Sheet
    mapping: Mapping
    profile: Profile


Begun = Callable[[Source, str], None]


def no_check() -> None:
    """For callers to whom it is all the same what has changed since they looked."""


def no_note(source: Source, id: str) -> None:
    """For callers who need not know of an import before it ends."""


@dataclass
class Result:
    """What an import did, or what it would do. Counts are of rows; `to_review` of records that may be one with
    another. Rows of `left_out` are in none of the counts.
    """

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
    left_out: list[LeftOut] = field(default_factory=list)
    no_longer_sent: int = 0
    sent_again: int = 0
    new_agencies: list[str] = field(default_factory=list)
    new_programs: list[str] = field(default_factory=list)
    new_tables: list[str] = field(default_factory=list)
    unused_columns: tuple[str, ...] = ()
    # Of businesses and people that rows say something of beside, by kind: see `importers.beside`.
    beside: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, plan: Plan) -> None:
        self.rows += plan.total
        self.created += plan.created
        self.updated += plan.updated
        self.unchanged += plan.unchanged
        self.refused += len(plan.refusals)
        self.refusals.extend(plan.refusals)
        self.left_out.extend(plan.left_out)
        self.sent_again += len(plan.again)
        add_counts(self.beside, count_beside(plan.beside.items()))

    def to_json(self) -> dict[str, Any]:
        """The shape of the contract, and after it what else the user should know."""
        return {
            "import": self.id,
            "file": self.file,
            "kind": self.kind,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "to_review": self.to_review,
            "refusals": [refusal.to_json() for refusal in self.refusals],
            "left_out": [row.to_json() for row in self.left_out],
            "no_longer_sent": self.no_longer_sent,
            "sent_again": self.sent_again,
            "new_agencies": self.new_agencies,
            "new_programs": self.new_programs,
            "new_tables": self.new_tables,
            "unused_columns": list(self.unused_columns),
            "beside": self.beside,
        }


def fingerprint(sheet: Sheet, profile: Profile, *, only_agency: str | None = None) -> str:
    """What makes two imports the same one: the content of the file, how it is read, and whose rows are taken."""
    said = repr((sheet.sha256, profile.agency, profile.system, profile.kind, profile.maps, profile.date_formats))
    said += repr(profile.values) if profile.values else ""
    said += repr((sheet.sheet, sheet.header_row, sheet.encoding, sheet.delimiter, sheet.footers))
    whole = "whole" if profile.complete else ""
    return blake2b((said + (only_agency or "") + whole).encode(), digest_size=16).hexdigest()


def import_files(
    db: Store,
    files: Iterable[Source],
    *,
    viewer: Viewer = OWNER,
    progress: Progress = no_progress,
    begun: Begun = no_note,
    wait: float = LONGEST_WAIT,
    notice: Notice = no_notice,
    check: Callable[[], None] = no_check,
    sure: bool = False,
) -> list[Result]:
    """Take files in, in the order given, and finish what interrupted imports of them left. Matches once, at the end.

    A member's files hold rows of the own agency only; others are refused. `begun` hears of each file's import (its id)
    before its first row goes in. Another run that may touch the same rows goes first: `notice` hears which, and after
    `wait` seconds NotYourTurn is raised. `check` is called when it is these files' turn, before anything is written.
    What files that are whole lists lack is marked as no longer sent;
    one that lacks more than half is refused (Refused), with nothing written, unless the user is `sure`.
    """
    files = list(files)
    for file in files:
        if file.profile.complete:
            whole_lists.check_kind(file.mapping.kind.name)
    names = " and ".join(dict.fromkeys(file.sheet.name for file in files))
    owner = find_owner(db, files, viewer)
    with db.in_bulk(), take_turn(db, owner, about=f"The import of {names}", wait=wait, notice=notice) as turn:
        kept = turn.kept_by(db, progress)
        check()
        if not sure:
            _check_whole_lists(db, files, viewer)
        started = [_load(db, file, viewer=viewer, progress=kept, begun=begun) for file in files]
        _mark_lacking(db, started, viewer)
        finish_imports(db, [load.id for load in started], progress=kept)
    results = [_read_result(db, load, viewer) for load in started]
    said: set[str] = set()
    for result in results:
        # The same file twice in one command is one import; what it says the second time is there by then.
        if result.id in said:
            result.created, result.updated, result.unchanged = 0, 0, result.rows - result.refused
            for counts in result.beside.values():
                said_now = counts["created"] + counts["updated"] + counts["unchanged"]
                counts |= {"created": 0, "updated": 0, "unchanged": said_now}
        said.add(result.id or "")
    return results


def read_sent(db: Store, source: Source, viewer: Viewer) -> whole_lists.Sent:
    """What a file sends, without a word on what it would change."""
    references = References(db, system=source.profile.system, only_agency=only_agency(viewer))
    planner = Planner(
        db, source.mapping, references, system=source.profile.system, import_id="none", import_no=0, made={}
    )
    sent = planner.begin_noting()
    for _, batch in number(CheckedRows(source.sheet, source.mapping)):
        planner.note_sent(batch)
    return sent


def _check_whole_lists(db: Store, files: Sequence[Source], viewer: Viewer) -> None:
    whole = [file for file in files if file.profile.complete and not _is_begun(db, file, viewer)]
    for place, sent in whole_lists.last_of([read_sent(db, file, viewer) for file in whole]).items():
        whole_lists.check_plausible(whole_lists.find_lacking(db, sent), whole[place].sheet.name)


def _is_begun(db: Store, source: Source, viewer: Viewer) -> bool:
    """Whether an earlier run was interrupted in this import: it has been checked then."""
    return imports.is_begun(db, fingerprint(source.sheet, source.profile, only_agency=only_agency(viewer)))


def _mark_lacking(db: Store, started: "list[_Loaded]", viewer: Viewer) -> None:
    """Mark what whole lists lack. Files of one kind and system in one command are one list."""
    whole = [load for load in started if load.source.profile.complete]
    if all(unsent.is_noted(db, load.id) for load in whole):
        return
    all_sent = whole_lists.last_of([load.sent or read_sent(db, load.source, viewer) for load in whole])
    for place, load in enumerate(whole):
        if place in all_sent:
            on = imports.get_import(db, load.id, viewer=OWNER).started_at[:10]
            whole_lists.mark_lacking(db, all_sent[place], import_id=load.id, on=on)
        else:
            unsent.note_whole(db, load.id, agency_ids=[])


def find_owner(db: Store, files: Sequence[Source], viewer: Viewer) -> str | None:
    """The agency (id) that all rows of these files belong to; None if they may be of several."""
    only = only_agency(viewer)
    if only is not None:
        return only
    owners: set[str | None] = set()
    for file in files:
        says_agency = any(field.column.name == "agency" for field in file.mapping.fields)
        name = file.mapping.agency if file.mapping.kind.takes_agency and not says_agency else None
        owners.add(agencies.find_agency_id(db, name) if name else None)
    return owners.pop() if len(owners) == 1 else None


def finish_imports(db: Store, ids: list[str], *, progress: Progress = no_progress) -> None:
    """Match what these imports brought, and compute what they touched."""
    resolved = resolve_new(db, progress=progress)
    reviewed = sorted(resolved.reviewed)
    for id in ids:
        brought = [
            uid for label in ("BusinessRecord", "PersonRecord") for uid in records.list_brought(db, label, id, reviewed)
        ]
        imports.finish(db, id, to_review=brought, at=now())


@dataclass
class _Loaded:
    id: str
    source: Source
    new_agencies: list[str]
    new_programs: list[str]
    new_tables: list[str]
    # None where it was not read from its first row to the last.
    sent: whole_lists.Sent | None = None


def _load(db: Store, source: Source, *, viewer: Viewer, progress: Progress, begun: Begun) -> _Loaded:
    sheet, mapping, profile = source.sheet, source.mapping, source.profile
    check_kind(viewer, mapping.kind)
    saved = find_saved(db, profile)
    id = imports.start_import(
        db,
        fingerprint=fingerprint(sheet, profile, only_agency=only_agency(viewer)),
        file=sheet.name,
        kind=mapping.kind.name,
        system=profile.system,
        agency=profile.agency,
        by=viewer.email or viewer.user_id,
        at=now(),
        profile=saved[0] if saved else None,
        profile_version=saved[1] if saved else None,
    )
    begun(source, id)
    started = imports.get_import(db, id, viewer=viewer)
    references = References(db, system=profile.system, import_id=id, only_agency=only_agency(viewer))
    sent = None
    if started.stage == "loading":
        planner = _load_rows(db, source, references, started, progress)
        sent = planner.sent if started.offset == 0 else None
        if not imports.set_stage(db, id, "matching", after=("loading", "matching")):
            raise Conflict(f"The import of {sheet.name} was taken back meanwhile.")
    made = references.created_agencies, references.created_programs, references.created_tables
    return _Loaded(id, source, *made, sent)


def find_saved(db: Store, profile: Profile) -> tuple[str, int] | None:
    """Name and version of the saved profile that says what this one says; None if none does."""
    if not profile.maps and not profile.date_formats:
        return None
    plain = replace(profile, agency=None, system="", headers=(), version=1)
    for name, data in profiles.list_profiles(db).items():
        known = Profile.from_json(data)
        if replace(known, agency=None, system="", headers=(), version=1) == plain:
            return name, known.version
    return None


def _load_rows(
    db: Store, source: Source, references: References, started: imports.Import, progress: Progress
) -> Planner:
    sheet, mapping = source.sheet, source.mapping
    planner = Planner(db, mapping, references, system=started.system, import_id=started.id, import_no=started.no)
    if source.profile.complete:
        planner.begin_noting()
    done = started.offset
    numbered = number(CheckedRows(sheet, mapping))
    with closing(plan_ahead(planner, _pass_over(planner, numbered, done))) as steps:
        for step in steps:
            if step.end <= done:
                continue
            if not db.transact(_Batch(started.id, step.plan, step.offset, step.end).write):
                # Another worker on the same import was faster; go on from where it is.
                now_there = imports.get_import(db, started.id, viewer=OWNER)
                if now_there.stage not in imports.UNFINISHED:
                    raise Conflict(f"The import of {sheet.name} was taken back meanwhile.")
                done = now_there.offset
            progress("loading", step.end, max(step.end, sheet.lines))
    return planner


def _pass_over(planner: Planner, batches: Iterable[Numbered], done: int) -> Iterator[Numbered]:
    """The batches that are not written yet, in an import of whose rows `done` are."""
    for offset, batch in batches:
        if offset + len(batch) > done:
            yield offset, batch
        else:
            planner.pass_over(offset, batch)


def _read_result(db: Store, load: _Loaded, viewer: Viewer) -> Result:
    done = imports.get_import(db, load.id, viewer=viewer)
    lacked, again = unsent.count_of_import(db, load.id)
    return Result(
        no_longer_sent=lacked,
        sent_again=again,
        id=load.id,
        file=load.source.sheet.name,
        kind=done.kind,
        rows=done.rows,
        created=done.created,
        updated=done.updated,
        unchanged=done.unchanged,
        refused=done.refused,
        to_review=done.to_review,
        refusals=[Refusal(**refusal) for refusal in imports.list_refusals(db, load.id)],
        left_out=[LeftOut(**row) for row in imports.list_left_out(db, load.id)],
        new_agencies=load.new_agencies,
        new_programs=load.new_programs,
        new_tables=load.new_tables,
        unused_columns=load.source.mapping.unused,
        beside=imports.get_beside(db, load.id),
    )


@dataclass
class _Batch:
    """A plan on its way into the graph."""

    import_id: str
    plan: Plan
    old: int
    new: int
    tries: int = 0

    def write(self, tx: Transaction) -> bool:
        """Write the batch and move the import's offset; False, with nothing written, if another worker did.

        The first try takes what the plan found to be new for new, which is fast. Where another process has made some
        of it meanwhile, the constraints refuse, and the next try looks for each.
        """
        self.tries += 1
        fresh, plan = self.tries == 1, self.plan
        counts = {
            "rows": plan.total,
            "created": plan.created,
            "updated": plan.updated,
            "unchanged": plan.unchanged,
            "refused": len(plan.refusals),
            "left_out": len(plan.left_out),
        }
        refused = [refusal.to_json() for refusal in plan.refusals]
        left_out = [row.to_json() for row in plan.left_out]
        if not imports.advance(
            tx, self.import_id, old=self.old, new=self.new, counts=counts, refusals=refused, left_out=left_out
        ):
            return False
        if plan.beside:
            imports.add_beside(tx, self.import_id, count_beside(plan.beside.items()))
        # Businesses, be they rows or only told of, must be there before the people who are named at them.
        write_missing(tx, replace(plan.missing, persons={}), fresh=fresh)
        _write_part(tx, plan.beside.get(BUSINESSES))
        is_of_businesses = plan.label == LABELS[BUSINESSES]
        if is_of_businesses:
            _write_part(tx, plan, fresh=fresh)
        person_records.add_stubs(tx, list(plan.missing.persons.values()))
        _write_part(tx, plan.beside.get(PEOPLE))
        if not is_of_businesses:
            _write_part(tx, plan, fresh=fresh)
        if plan.missing.agencies or plan.missing.programs or plan.label in TICKING:
            # What is said of businesses moves the clock when they are computed; who knocks, and with whom, only here.
            tx.tick()
        if plan.again:
            unsent.end(tx, plan.again, import_id=self.import_id)
        return True


def _write_part(tx: Transaction, part: Plan | None, *, fresh: bool = False) -> None:
    if part is not None:
        write_rows(tx, part.label, part.rows, updated=part.updated_ids, fresh=fresh)
        if part.versions:
            records.replace_versions(tx, part.label, part.versions)


def write_missing(tx: Transaction, missing: Missing, *, fresh: bool = False) -> None:
    """Create what rows refer to and the graph does not have."""
    agencies.add_agencies(tx, list(missing.agencies.values()))
    programs.add_programs(tx, list(missing.programs.values()))
    staff.add_staff(tx, list(missing.staff.values()))
    tables.add_tables(tx, list(missing.tables.values()))
    business_records.add_stubs(tx, list(missing.businesses.values()), fresh=fresh)
    person_records.add_stubs(tx, list(missing.persons.values()))


def write_rows(
    tx: Transaction, label: records.Label, rows: list[dict[str, Any]], *, updated: list[str], fresh: bool = False
) -> None:
    """Write planned rows of one label, of which those in `updated` were there before; mark what they touch as stale.

    `fresh` says that the others surely were not.
    """
    loose = Loose()
    if updated:
        note_ties(tx, label, updated, loose)
    if label == "Program":
        programs.put_programs(tx, rows)
    elif label == "BusinessRecord":
        business_records.put_records(tx, [row["props"] for row in rows], updated=updated, fresh=fresh)
    elif label == "PersonRecord":
        person_records.put_records(tx, rows)
    elif label == "Touchpoint":
        touchpoints.put_touchpoints(tx, rows, updated=updated, fresh=fresh)
        stale.mark(tx, "contacts", records={row["record"] for row in rows})
    elif label == "Referral":
        referrals.put_referrals(tx, rows, updated=updated)
        stale.mark(tx, "contacts", records={row["record"] for row in rows})
    elif label == "Agreement":
        agreements.put_agreements(tx, rows, updated=updated)
    elif label == "Table":
        tables.put_tables(tx, rows)
    elif label == "Seat":
        seats.put_seats(tx, rows, updated=updated)
    elif label == "Meeting":
        meetings.put_meetings(tx, rows, updated=updated)
    else:
        sectors.put_sectors(tx, rows)
    # What a row referred to before, and no row refers to any more.
    sweep_stubs(tx, loose)


def now() -> str:
    """This moment, as the graph keeps instants."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def number(rows: Iterable[Outcome]) -> Iterator[tuple[int, list[Outcome]]]:
    """The rows in batches, each with the place of its first row. The size never changes: offsets must fit after a
    crash.
    """
    iterator, offset = iter(rows), 0
    while batch := list(islice(iterator, BATCH)):
        yield offset, batch
        offset += len(batch)
