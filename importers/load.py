"""Step four of an import: plans become part of the graph, batch by batch, each row exactly once.

`import_files` checks and loads files, matches what they brought, and computes what that touched. Killed at any point,
it goes on from there when it is called again with the same files; called again when it is done, it changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice

from crm.access import OWNER, Viewer
from crm.errors import Conflict
from crm.graph import agencies, imports, profiles, records, unsent
from crm.graph.driver import Store
from crm.moments import now
from crm.services.resolution import resolve_new
from importers import whole_lists
from importers.ahead import Numbered, plan_ahead
from importers.check import CheckedRows, Outcome, Refusal
from importers.made import Made
from importers.map import Mapping
from importers.plans import Planner
from importers.profiles import Profile
from importers.references import References
from importers.results import Result
from importers.rows import LeftOut
from importers.sheets import Sheet
from importers.turns import LONGEST_WAIT, Notice, no_notice, take_turn
from importers.walls import check_kind, only_agency
from importers.writes import Batch

BATCH = 1_000
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
        db, source.mapping, references, system=source.profile.system, import_id="none", import_no=0, made=Made()
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
    db.settle()
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
    remarks: list[tuple[str, str, int]] = field(default_factory=list)


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
    sent, rows = None, CheckedRows(sheet, mapping)
    if started.stage == "loading":
        planner = _load_rows(db, source, rows, references, started, progress)
        sent = planner.sent if started.offset == 0 else None
        if not imports.set_stage(db, id, "matching", after=("loading", "matching")):
            raise Conflict(f"The import of {sheet.name} was taken back meanwhile.")
    made = references.created_agencies, references.created_programs, references.created_tables
    return _Loaded(id, source, *made, sent, rows.list_remarks())


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
    db: Store,
    source: Source,
    rows: CheckedRows,
    references: References,
    started: imports.Import,
    progress: Progress,
) -> Planner:
    sheet, mapping = source.sheet, source.mapping
    planner = Planner(db, mapping, references, system=started.system, import_id=started.id, import_no=started.no)
    if source.profile.complete:
        planner.begin_noting()
    done = started.offset
    if done:
        planner.recall()
    numbered = number(rows)
    with closing(plan_ahead(planner, _pass_over(planner, numbered, done))) as steps:
        for step in steps:
            if step.end <= done:
                continue
            if not db.transact(Batch(started.id, step.plan, step.offset, step.end).write):
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
        remarks=load.remarks,
        beside=imports.get_beside(db, load.id),
    )


def number(rows: Iterable[Outcome]) -> Iterator[tuple[int, list[Outcome]]]:
    """The rows in batches, each with the place of its first row. The size never changes: offsets must fit after a
    crash.
    """
    iterator, offset = iter(rows), 0
    while batch := list(islice(iterator, BATCH)):
        yield offset, batch
        offset += len(batch)
