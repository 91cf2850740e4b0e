"""The jobs of imports: preview an upload, import it, take an import back. Each may be begun again after a crash.

Who asked for a job is looked up when it runs: somebody who was disabled or moved since gets what they may do now.
"""

import contextlib
import logging
from collections.abc import Generator
from typing import Any

from crm.access import OWNER, Viewer
from crm.errors import NotAllowed, Refused
from crm.graph import imports, preview_rows, upload_bytes, upload_files, uploads, users
from crm.graph.driver import Store
from crm.graph.jobs import Job
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from crm.services.jobs import NotYet, Report, handles
from crm.services.uploads import clear_old, unpack
from importers import orders
from importers.intake import forget_file, forget_old, said_of, texts_of
from importers.kinds import KINDS
from importers.load import Source, import_files
from importers.meanwhile import explain_moves, has_moved, list_differences, read_moment
from importers.openings import open_source
from importers.previews import Preview, Seen
from importers.results import Result
from importers.turns import NotYourTurn
from importers.undo import undo_import

log = logging.getLogger(__name__)

Opened = list[tuple[UploadFile, Source]]
ORDER = {kind.name: place for place, kind in enumerate(KINDS)}


@handles("preview", quick=True)
def preview_upload(db: Store, job: Job, report: Report) -> dict[str, Any]:
    """Work out what importing the files would do, and keep it beside each of them."""
    viewer = get_asker(db, job)
    upload = uploads.get_upload(db, job.subject, viewer=viewer)
    # Before anything is read: what changes from now on may or may not be in the preview.
    moment = read_moment(db)
    with (
        open_files(db, upload, upload.files) as opened,
        Preview(db, system=upload.system, viewer=viewer, collects_rows=True) as preview,
    ):
        upload_files.forget_counted(db, upload.id)
        for file, source in opened:
            upload_files.set_counted(db, file.id, _count(preview.add(source, progress=report)))
        results = preview.finish(progress=report)
        with preview.keeping_match():
            for (file, _), result, seen in zip(opened, results, preview.seen, strict=True):
                _keep_preview(db, file, result, seen, moment)
    clear_old(db)
    forget_old(db)
    return {"rows": sum(result.rows for result in results)}


def _count(result: Result) -> dict[str, int]:
    """What can be said of a file while it is still looked for whom its records are."""
    return {name: getattr(result, name) for name in ("rows", "created", "updated", "unchanged", "refused")}


def _keep_preview(db: Store, file: UploadFile, result: Result, seen: Seen, moment: list[int]) -> None:
    refusals = [refusal.to_json() for refusal in result.refusals]
    left_out = [row.to_json() for row in result.left_out]
    preview_rows.put_refusals(db, file.id, refusals, left_out)
    preview_rows.put_rows(db, file.id, seen.pages)
    preview_rows.put_remarked(db, file.id, seen.remarked)
    beside = {
        "matched": seen.matched,
        "named": seen.named,
        "names": seen.names,
        "remarks": seen.remarks,
        "samples": seen.samples.to_json(),
        "row_columns": seen.columns,
        "row_pages": seen.page_counts,
        "moment": moment,
    }
    if seen.lacking:
        preview_rows.put_lacking(db, file.id, seen.lacking.records)
        beside |= {"known": seen.lacking.known, "is_doubtful": seen.lacking.is_doubtful}
    upload_files.set_preview(db, file.id, _without_rows(result) | beside)


def _without_rows(result: Result) -> dict[str, Any]:
    """What is kept beside a file; refused rows and those left out are kept in pages of their own."""
    kept = {name: value for name, value in result.to_json().items() if name not in ("refusals", "left_out", "remarks")}
    return kept | {"rows_left_out": len(result.left_out)}


def cancel_import(db: Store, job: Job, report: Report) -> dict[str, Any]:
    """Take back what an import has written so far; its files wait again, to be imported or thrown away."""
    removed, restored = _take_back(db, job, report)
    uploads.reopen_upload(db, job.subject)
    upload = uploads.get_upload(db, job.subject, viewer=OWNER)
    orders.start_preview(db, get_asker(db, job), upload)
    return {"removed": removed, "restored": restored}


def _take_back(db: Store, job: Job, report: Report) -> tuple[int, int]:
    """Undo the imports of an upload's files; how many rows went, and how many say again what they said."""
    upload = uploads.get_upload(db, job.subject, viewer=OWNER)
    removed = restored = 0
    for file in sorted(upload.files, key=lambda file: -ORDER[file.said["kind"]]):
        if file.import_id is None:
            continue
        if imports.get_import(db, file.import_id, viewer=OWNER).stage != "undone":
            with queueing():
                undo_import(db, file.import_id, progress=report, wait=0)
        gone, again = imports.get_undone(db, file.import_id)
        removed, restored = removed + gone, restored + again
    return removed, restored


def _check_preview(db: Store, upload: Upload, opened: Opened, viewer: Viewer, report: Report) -> None:
    """Stop an import that is about to begin if it would do something else than its preview said. Raises Refused."""
    previews = [file.preview for file, _ in opened if file.preview]
    begun = any(file.import_id for file in upload.files)
    if begun or len(previews) < len(opened) or not has_moved(db, previews):
        return
    with Preview(db, system=upload.system, viewer=viewer) as again:
        for _, source in opened:
            again.add(source, progress=report)
        results = again.finish(progress=report)
    found: list[str] = []
    for (file, _), result in zip(opened, results, strict=True):
        found += list_differences(file.name, file.preview or {}, result)
    if found:
        _stop(db, upload, [*found, explain_moves(db, viewer, previews)])


def _check_done(
    db: Store, job: Job, upload: Upload, opened: Opened, results: list[Result], viewer: Viewer, report: Report
) -> None:
    """Take an import back that did something else than its preview said, because of what others did while it ran.

    Raises Refused. The second time it is left as it is: its counts are told on its page, and it can be undone.
    """
    found: list[str] = []
    for (file, _), result in zip(opened, results, strict=True):
        if file.preview:
            found += list_differences(file.name, file.preview, result, is_done=True)
    if found and not upload.stopped:
        log.warning("import differs from its preview", extra={"upload": upload.id, "found": found})
        _take_back(db, job, report)
        _stop(db, upload, [*found, explain_moves(db, viewer, [file.preview for file, _ in opened if file.preview])])


def _stop(db: Store, upload: Upload, why: list[str]) -> None:
    uploads.reopen_upload(db, upload.id, stopped=why)
    raise Refused(f"Nothing was imported: what changed since the preview: {' '.join(why)} Look again.")


@contextlib.contextmanager
def queueing() -> Generator[None]:
    """Let a job that must wait for another run be given back until that one has ended."""
    try:
        yield
    except NotYourTurn as other:
        raise NotYet(str(other)) from None


@handles("import", cancel=cancel_import)
def import_upload(db: Store, job: Job, report: Report) -> dict[str, Any]:
    """Take the files in. Those that an earlier try has finished are left alone."""
    viewer = get_asker(db, job)
    upload = uploads.get_upload(db, job.subject, viewer=viewer)
    waiting = [file for file in upload.files if not _is_done(db, file)]
    with queueing(), open_files(db, upload, waiting) as opened:
        by_source = {id(source): file.id for file, source in opened}
        results = import_files(
            db,
            [source for _, source in opened],
            viewer=viewer,
            progress=report,
            begun=lambda source, import_id: upload_files.set_import(db, by_source[id(source)], import_id),
            wait=0,
            check=lambda: _check_preview(db, upload, opened, viewer, report),
            # Who saw the preview was asked whether the file is the whole list.
            sure=all(file.preview is not None for file in waiting),
        )
        _check_done(db, job, upload, opened, results, viewer, report)
        for (file, _), result in zip(opened, results, strict=True):
            if file.preview is None:
                upload_files.set_preview(db, file.id, _without_rows(result))
    # Read again: what an earlier try imported is in the answer too.
    files = uploads.get_upload(db, upload.id, viewer=viewer).files
    for file in files:
        preview_rows.drop_preview_rows(db, file.id)
        forget_file(db, file)
        if not db.settings.original_days:
            upload_bytes.drop_bytes(db, file.id)
    return {"imports": [file.import_id for file in files]}


def _is_done(db: Store, file: UploadFile) -> bool:
    if file.import_id is None:
        return False
    return imports.get_import(db, file.import_id, viewer=OWNER).stage not in imports.UNFINISHED


@handles("undo")
def undo(db: Store, job: Job, report: Report) -> dict[str, Any]:
    """Take an import back, or finish taking it back."""
    viewer = get_asker(db, job)
    found = imports.get_import(db, job.subject, viewer=viewer)
    if found.stage == "undone":  # An earlier try got that far.
        removed, restored = imports.get_undone(db, found.id)
    else:
        with queueing():
            done = undo_import(db, found.id, viewer=viewer, progress=report, wait=0)
        removed, restored = done.removed, done.restored
    return {"removed": removed, "restored": restored}


def get_asker(db: Store, job: Job) -> Viewer:
    """Who asked for the job, with what they may do now. Raises NotAllowed when they may no longer sign in."""
    if job.user_id == OWNER.user_id:
        return OWNER
    user = users.get_user_by_id(db, job.user_id)
    if user.disabled_at is not None:
        raise NotAllowed(f"{user.name}, who asked for this, may no longer sign in.")
    return user.viewer


@contextlib.contextmanager
def open_files(db: Store, upload: Upload, files: list[UploadFile]) -> Generator[list[tuple[UploadFile, Source]]]:
    """The files of an upload as they are to be read, in the order in which they are to be taken."""
    with contextlib.ExitStack() as stack:
        opened: list[tuple[UploadFile, Source]] = []
        for file in files:
            path = stack.enter_context(unpack(db, file))
            source = open_source(db, path, said_of(upload, file), name=file.name, keep=False, kept=texts_of(db))
            stack.callback(source.sheet.close)
            opened.append((file, source))
        yield sorted(opened, key=lambda pair: ORDER[pair[1].mapping.kind.name])
