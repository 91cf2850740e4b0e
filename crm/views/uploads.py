"""Uploads: from files that have arrived to their import. How they are read, what they will do, and the go-ahead.

Nothing is changed in the region before the last step, and each page says so.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.access import OWNER, Viewer
from crm.errors import CrmError
from crm.extensions import get_db, wake_worker
from crm.graph import agencies, import_rows, imports, preview_rows, uploads
from crm.graph.driver import Store
from crm.graph.jobs import Job
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from crm.views.column_pages import draw_columns
from crm.views.downloads import send_refused_rows
from crm.views.guard import get_viewer
from crm.views.import_forms import read_columns, read_reading, read_system
from crm.views.import_pages import draw_row
from crm.views.jobs import draw_progress, progress_of
from crm.views.pages import read_page
from importers import intake, orders
from importers.errors import ReadError
from importers.proposals import enforce

bp = Blueprint("uploads", __name__, url_prefix="/imports/uploads")
Page = str | Response | tuple[str, int]
SHOWN_REFUSALS = 20


@bp.get("/<upload_id>")
@access.member
def show(upload_id: str) -> Page:
    """Where an upload is on its way: to be read, previewed, ready to go, going in, or done."""
    db, viewer = get_db(), get_viewer()
    upload = uploads.get_upload(db, upload_id, viewer=viewer)
    if upload.is_committed:
        return draw_import(upload, orders.find_import_job(db, viewer, upload))
    return draw_preview(upload, orders.find_preview(db, viewer, upload))


def draw_import(upload: Upload, job: Job | None) -> Page:
    """The files are going in, or are in."""
    if job is not None and job.state == "done":
        if len(upload.files) == 1 and upload.files[0].import_id:
            return redirect(url_for("imports.show", import_id=upload.files[0].import_id))
        found = [
            imports.get_import(get_db(), file.import_id, viewer=get_viewer()) for file in upload.files if file.import_id
        ]
        return render_template("imports/done.html", upload=upload, imports=found)
    begun = [imports.get_import(get_db(), file.import_id, viewer=OWNER) for file in upload.files if file.import_id]
    return render_template(
        "imports/running.html",
        upload=upload,
        job=job,
        shown=progress_of(job),
        is_import=True,
        rows_in=sum(one.rows - one.refused for one in begun),
    )


def draw_preview(upload: Upload, job: Job | None) -> str:
    """What the files will do, or what is still missing before that can be said."""
    if job is None and upload.stopped:
        return render_template("imports/stopped.html", upload=upload)
    if job is None or not all(file.is_ready for file in upload.files):
        return render_template("imports/files.html", upload=upload, files=_describe_files(upload))
    if job.state != "done":
        return render_template("imports/running.html", upload=upload, job=job, shown=progress_of(job), is_import=False)
    db = get_db()
    refusals = {file.id: imports.list_refusals(db, file.id)[:SHOWN_REFUSALS] for file in upload.files}
    left_out = {file.id: imports.list_left_out(db, file.id)[:SHOWN_REFUSALS] for file in upload.files}
    previews = [file.preview for file in upload.files if file.preview]
    return render_template(
        "imports/preview.html",
        upload=upload,
        refusals=refusals,
        left_out=left_out,
        per_page=SHOWN_REFUSALS,
        taking=sum(one["created"] + one["updated"] for one in previews),
        refused=sum(one["refused"] for one in previews),
        new_agencies=_join(previews, "new_agencies"),
        new_programs=_join(previews, "new_programs"),
        new_tables=_join(previews, "new_tables"),
        lacking=sum(one.get("no_longer_sent", 0) for one in previews),
        is_doubtful=any(one.get("is_doubtful") for one in previews),
        previewed_at=int(job.finished_at or 0),
        cancelled=_find_cancelled(upload),
    )


def _find_cancelled(upload: Upload) -> dict[str, Any] | None:
    """What was taken back of the import of these files that was cancelled last, if they have not gone in since."""
    job = orders.find_import_job(get_db(), get_viewer(), upload)
    return job.result if job and job.state == "cancelled" else None


def _join(previews: list[dict[str, Any]], name: str) -> list[str]:
    return list(dict.fromkeys(item for one in previews for item in one.get(name, ())))


def _describe_files(upload: Upload) -> list[tuple[UploadFile, str, int]]:
    """Each file with the kind that it is taken for, and about how many rows it has."""
    described: list[tuple[UploadFile, str, int]] = []
    for file in upload.files:
        reading = intake.get_reading(file)
        described.append((file, file.said["kind"], max(0, reading.lines - 1 - (reading.header_row or 0))))
    return described


@bp.get("/<upload_id>/next")
@access.member
def begin(upload_id: str) -> Response:
    """The page on which something is to be done next."""
    db, viewer = get_db(), get_viewer()
    upload = uploads.get_upload(db, upload_id, viewer=viewer)
    waiting = [file for file in upload.files if not file.is_ready]
    if len(upload.files) == 1 and waiting and not upload.problems:
        return redirect(url_for("uploads.show_columns", upload_id=upload.id, n=waiting[0].n))
    return redirect(url_for("uploads.show", upload_id=upload.id))


@bp.get("/<upload_id>/progress")
@access.member
def show_progress(upload_id: str) -> Response:
    db, viewer = get_db(), get_viewer()
    upload = uploads.get_upload(db, upload_id, viewer=viewer)
    find = orders.find_import_job if upload.is_committed else orders.find_preview
    label = "Importing" if upload.is_committed else "Looking at every row"
    url = url_for("uploads.show_progress", upload_id=upload.id)
    counted = [] if upload.is_committed else [file for file in upload.files if file.counted]
    return draw_progress(find(db, viewer, upload), url, label, counted=counted)


@bp.post("/<upload_id>/preview")
@access.member
def preview(upload_id: str) -> Response:
    db, viewer = get_db(), get_viewer()
    orders.start_preview(db, viewer, uploads.get_upload(db, upload_id, viewer=viewer))
    wake_worker()
    return redirect(url_for("uploads.show", upload_id=upload_id), 303)


@bp.post("/<upload_id>/import")
@access.member
def start(upload_id: str) -> Response:
    """The go-ahead. Pressed twice, it is one import."""
    db, viewer = get_db(), get_viewer()
    upload = uploads.get_upload(db, upload_id, viewer=viewer)
    revision = request.form.get("revision", "")
    sure = request.form.get("sure") == "1"
    orders.start_import(db, viewer, upload, revision=int(revision) if revision.isdigit() else -1, sure=sure)
    wake_worker()
    return redirect(url_for("uploads.show", upload_id=upload_id), 303)


@bp.post("/<upload_id>/pause")
@access.member
def pause(upload_id: str) -> Response:
    return _steer(upload_id, orders.pause_import, "The import has ended already, so there is nothing to pause.")


@bp.post("/<upload_id>/resume")
@access.member
def resume(upload_id: str) -> Response:
    return _steer(upload_id, orders.resume_import, "The import was not paused any more.")


@bp.post("/<upload_id>/cancel")
@access.member
def cancel(upload_id: str) -> Response:
    """Stop the import, and take back what is in."""
    too_late = "The import was done before it could be cancelled. It can be undone."
    return _steer(upload_id, orders.cancel_import, too_late)


def _steer(upload_id: str, order: Callable[[Store, Viewer, Upload], bool], otherwise: str) -> Response:
    db, viewer = get_db(), get_viewer()
    if not order(db, viewer, uploads.get_upload(db, upload_id, viewer=viewer)):
        flash(otherwise, "warning")
    wake_worker()
    return redirect(url_for("uploads.show", upload_id=upload_id), 303)


@bp.post("/<upload_id>/remove")
@access.member
def remove(upload_id: str) -> Response:
    db = get_db()
    upload = uploads.get_upload(db, upload_id, viewer=get_viewer())
    intake.remove_upload(db, upload)
    flash("The upload is thrown away. Nothing of it was imported.", "success")
    return redirect(url_for("imports.show_list"), 303)


@bp.get("/<upload_id>/files/<int:n>")
@access.member
def show_columns(upload_id: str, n: int) -> str:
    """What the columns of a file mean: as proposed, to be confirmed or changed."""
    upload, file = _get_file(upload_id, n)
    return draw_columns(upload, file, intake.get_choices(file), asked=file.is_ready)


@bp.post("/<upload_id>/files/<int:n>")
@access.member
def say_columns(upload_id: str, n: int) -> Page:
    """Say what the columns mean. A request of htmx only looks at what is still missing; nothing is kept then."""
    db, viewer = get_db(), get_viewer()
    upload, file = _get_file(upload_id, n)
    before = intake.get_choices(file)
    choices = enforce(db, viewer, read_columns(request.form, intake.get_reading(file), before))
    system = read_system(request.form)
    only_looking = "HX-Request" in request.headers
    if only_looking or "look" in request.form:
        return draw_columns(upload, file, choices, system=system, part=only_looking)
    try:
        ready = intake.change_file(db, viewer, upload, file, choices, system=system, save="save" in request.form)
    except CrmError as refusal:
        if refusal.status >= 500:
            raise
        return draw_columns(upload, file, choices, system=system, wrong=str(refusal)), refusal.status
    if not ready:
        return draw_columns(upload, file, choices, system=system, asked=True), 422
    orders.preview_if_ready(db, viewer, upload.id)
    wake_worker()
    return redirect(url_for("uploads.begin", upload_id=upload.id), 303)


@bp.post("/<upload_id>/files/<int:n>/version")
@access.member
def take_version(upload_id: str, n: int) -> Page:
    """Read the file as an earlier version of what was said about such files."""
    upload, file = _get_file(upload_id, n)
    number = request.form.get("version", "")
    intake.take_version(get_db(), get_viewer(), upload, file, int(number) if number.isdigit() else 0)
    flash(f"The columns are read as version {number} said. Nothing is imported yet.", "success")
    return redirect(url_for("uploads.show_columns", upload_id=upload.id, n=n), 303)


@bp.post("/<upload_id>/files/<int:n>/read")
@access.member
def read_again(upload_id: str, n: int) -> Page:
    """Read the bytes in another way: another encoding, separator, row of headings or sheet."""
    upload, file = _get_file(upload_id, n)
    read_by, before = read_reading(request.form), intake.get_reading(file)
    if read_by["header_row"] == before.header_row and file.said["header_row"] is None:
        # The page shows the row that was found; sent back as it was, it says nothing.
        read_by["header_row"] = None
    try:
        intake.reread_file(get_db(), get_viewer(), upload, file, read_by)
    except ReadError as refusal:
        return draw_columns(upload, file, intake.get_choices(file), wrong=str(refusal)), 422
    return redirect(url_for("uploads.show_columns", upload_id=upload.id, n=n), 303)


@bp.post("/<upload_id>/files/<int:n>/remove")
@access.member
def remove_file(upload_id: str, n: int) -> Response:
    db, viewer = get_db(), get_viewer()
    upload, file = _get_file(upload_id, n)
    left = intake.remove_file(db, upload, file)
    flash(f"{file.name} is taken out. Nothing of it was imported.", "success")
    if not left:
        return redirect(url_for("imports.show_list"), 303)
    orders.preview_if_ready(db, viewer, upload_id)
    wake_worker()
    return redirect(url_for("uploads.show", upload_id=upload_id), 303)


@bp.get("/<upload_id>/files/<int:n>/refused.csv")
@access.member
def download_refused(upload_id: str, n: int) -> Response:
    """The rows that the preview refuses, to be mended before anything is imported."""
    _, file = _get_file(upload_id, n)
    db = get_db()
    return send_refused_rows(db, file.name, imports.list_refusals(db, file.id), file=file)


@bp.get("/<upload_id>/files/<int:n>/lacking")
@access.member
def show_lacking(upload_id: str, n: int) -> str:
    """The rows of earlier files that this one, as a whole list, lacks."""
    db, viewer = get_db(), get_viewer()
    upload, file = _get_file(upload_id, n)
    page = read_page()
    ids = preview_rows.list_lacking(db, file.id, skip=(page - 1) * SHOWN_REFUSALS, limit=SHOWN_REFUSALS)
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    return render_template(
        "imports/lacking.html",
        upload=upload,
        file=file,
        rows=[draw_row(row, viewer, names) for row in import_rows.list_records(db, ids)],
        total=(file.preview or {}).get("no_longer_sent", 0),
        page=page,
        per_page=SHOWN_REFUSALS,
    )


def _get_file(upload_id: str, n: int) -> tuple[Upload, UploadFile]:
    upload = uploads.get_upload(get_db(), upload_id, viewer=get_viewer())
    return upload, intake.get_file(upload, n)
