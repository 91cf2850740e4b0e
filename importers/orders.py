"""Orders: what people ask to be done with uploads and imports. Each becomes a job; asked for twice, it is done once.

Only what was previewed can be imported: the order names the revision of the upload that its preview showed.
"""

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import import_rows, imports, jobs, upload_files, uploads
from crm.graph.driver import Reader, Store
from crm.graph.imports import Import
from crm.graph.jobs import Job
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from crm.ids import mint
from importers.intake import get_file

CHANGED = "The files have changed since this preview. Look at the new one first; nothing was imported."

DOUBTFUL = (
    "More than half of the rows that were sent so far are not in this file. Say first that it really is the whole "
    "list, or change how it is read. Nothing was imported."
)


def start_preview(db: Store, viewer: Viewer, upload: Upload) -> None:
    """Ask for a preview. Raises Refused while it is not known how each file is read."""
    waiting = [file.name for file in upload.files if not file.is_ready]
    if waiting:
        raise Refused(f"Say first what the columns of {' and '.join(waiting)} mean.")
    jobs.put_job(db, preview_id(upload), "preview", subject=upload.id, viewer=viewer)


def preview_if_ready(db: Store, viewer: Viewer, upload_id: str) -> None:
    """Ask for a preview as soon as it is known how each file is read."""
    upload = uploads.get_upload(db, upload_id, viewer=viewer)
    if all(file.is_ready for file in upload.files):
        start_preview(db, viewer, upload)


def start_import(
    db: Store, viewer: Viewer, upload: Upload, *, revision: int, unseen: bool = False, sure: bool = False
) -> None:
    """Ask for the import of what was previewed as this revision. Raises Conflict when something has changed since, and
    Refused for a whole list that lacks more than half of what was sent so far, unless the user is `sure` of it.

    `unseen`: for who sends files with all that is to be said of them and wants no preview.
    """
    if not sure and any(file.preview and file.preview.get("is_doubtful") for file in upload.files):
        raise Refused(DOUBTFUL)
    if not upload.is_committed and not unseen:
        preview = find_preview(db, viewer, upload)
        if preview is None or preview.state != "done":
            raise Conflict(CHANGED)
    if not uploads.commit_upload(db, upload.id, revision=revision):
        raise Conflict(CHANGED)
    jobs.put_job(db, import_job_id(upload.id), "import", subject=upload.id, viewer=viewer)


def pause_import(db: Store, viewer: Viewer, upload: Upload) -> bool:
    """Let an import rest after the batch that it is at. False when it has ended or rests already."""
    return jobs.wish_pause(db, _get_import_job(db, viewer, upload).id)


def resume_import(db: Store, viewer: Viewer, upload: Upload) -> bool:
    """Let it go on from where it is. False when it does not rest."""
    return jobs.resume_job(db, _get_import_job(db, viewer, upload).id)


def cancel_import(db: Store, viewer: Viewer, upload: Upload) -> bool:
    """Stop an import and take back what it has written. False when it was in already: then it can be undone."""
    return jobs.wish_cancel(db, _get_import_job(db, viewer, upload).id)


def _get_import_job(db: Reader, viewer: Viewer, upload: Upload) -> Job:
    return jobs.get_job(db, import_job_id(upload.id), viewer=viewer)


def start_undo(db: Store, viewer: Viewer, found: Import) -> None:
    """Ask for an import to be taken back.

    Raises NotAllowed for rows of another agency, Refused for one that was undone before, Conflict while it goes in.
    """
    if found.stage == "undone":
        raise Refused("This import was undone before; there is nothing left of it.")
    if not may_undo(db, viewer, found, thoroughly=True):
        raise NotAllowed("Only the agency whose rows these are, or an administrator, can undo this import.")
    if found.stage in imports.UNFINISHED and not _was_given_up(db, found.id):
        raise Conflict("This import is still going in. Wait until it is done, then undo it.")
    jobs.put_job(db, undo_job_id(found.id), "undo", subject=found.id, viewer=viewer)


def may_undo(db: Reader, viewer: Viewer, found: Import, *, thoroughly: bool = False) -> bool:
    """Whether the viewer may take an import back; `thoroughly` also looks for rows of other agencies in it."""
    if viewer.is_admin:
        return True
    if found.agency_id is None or found.agency_id != viewer.agency_id:
        return False
    return not thoroughly or not import_rows.has_rows_of_others(db, found.id, agency_id=viewer.agency_id or "")


def may_see_rows(viewer: Viewer, found: Import) -> bool:
    """Whether the viewer may read rows of an import, also refused ones: administrators, and the agency they are of."""
    return viewer.is_admin or (found.agency_id is not None and found.agency_id == viewer.agency_id)


def get_previewed(db: Reader, viewer: Viewer, upload_id: str, n: int) -> tuple[Upload, UploadFile]:
    """A file of an upload that was looked through as it is now. Raises NotFound."""
    upload = uploads.get_upload(db, upload_id, viewer=viewer)
    file = get_file(upload, n)
    job = find_preview(db, viewer, upload)
    if file.preview is None or job is None or job.state != "done":
        raise NotFound("This file was not looked at yet, or has changed since. Look at the files again.")
    return upload, file


def find_preview(db: Reader, viewer: Viewer, upload: Upload) -> Job | None:
    """The preview of an upload as it is now."""
    return jobs.find_job(db, preview_id(upload), viewer=viewer)


def find_import_job(db: Reader, viewer: Viewer, upload: Upload) -> Job | None:
    return jobs.find_job(db, import_job_id(upload.id), viewer=viewer)


def find_undo(db: Reader, import_id: str) -> Job | None:
    """The job that takes an import back, whoever asked for it; only for who may know of the import."""
    return jobs.find_job(db, undo_job_id(import_id), viewer=OWNER)


def preview_id(upload: Upload) -> str:
    return mint("k", "preview", upload.id, str(upload.revision))


def import_job_id(upload_id: str) -> str:
    return mint("k", "import", upload_id)


def undo_job_id(import_id: str) -> str:
    return mint("k", "undo", import_id)


def _was_given_up(db: Reader, import_id: str) -> bool:
    """Whether an import that is not finished came from an upload whose job has failed."""
    upload = upload_files.find_upload_of_import(db, import_id)
    job = jobs.find_state(db, import_job_id(upload)) if upload else None
    return job == "failed"
