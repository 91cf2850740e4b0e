"""Imports: what files have brought, newest first; each with its counts, the rows behind them, and the way back."""

import time
from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response
from werkzeug.exceptions import RequestEntityTooLarge

import crm.views.import_api  # its endpoints count once it is imported
import crm.views.inspection_api  # noqa: F401
from crm import access
from crm.access import OWNER
from crm.config import MEGABYTE
from crm.errors import CrmError, NotFound
from crm.extensions import get_db, get_settings, wake_worker
from crm.graph import agencies, import_rows, imports, repeats, unsent, upload_bytes, upload_files, uploads
from crm.graph.driver import Store
from crm.graph.import_rows import What
from crm.graph.imports import Import
from crm.graph.jobs import Job
from crm.graph.leaning import count_leaning
from crm.graph.upload_files import UploadFile
from crm.services.uploads import KEPT_DAYS, read_bytes
from crm.views import import_words
from crm.views.downloads import send_bytes, send_csv, send_refused_rows
from crm.views.guard import get_viewer
from crm.views.import_forms import UploadForm
from crm.views.import_leaning import list_words
from crm.views.import_pages import draw_row
from crm.views.import_words import IMPORT_STAGES, KINDS
from crm.views.jobs import draw_progress, progress_of
from crm.views.pages import read_page
from importers import intake, orders
from importers.asserted import LABELS
from importers.intake import NothingRead
from importers.kinds import BY_NAME, template
from importers.proposals import own_agency
from importers.walls import may_import

bp = Blueprint("imports", __name__, url_prefix="/imports")
bp.record_once(lambda state: import_words.add_filters(state.app.jinja_env))

Page = str | Response | tuple[str, int]
PER_PAGE = 20
IMPORTS_PER_PAGE = 25
WORDS: dict[What, tuple[str, str]] = {
    "new": ("New rows", "What this file said for the first time."),
    "changed": ("Changed rows", "What this file said differently from before: old and new."),
    "review": ("To review", "Records of this file that may be one with another. A person should look at each."),
    "unsent": (
        "No longer sent",
        "Rows that earlier files had and this one, the whole list, lacks. They stay and go on counting.",
    ),
}


@bp.get("")
@access.member
def show_list() -> str:
    return draw_list(UploadForm())


@bp.post("")
@access.member
@access.takes_upload
def upload() -> Page:
    form = UploadForm()
    if not form.validate():
        return draw_list(form, wrong="This page was open for too long. Choose the files again."), 422
    db, viewer = get_db(), get_viewer()
    files = [(file.filename or "", file.stream) for file in form.files.data or () if file.filename]
    try:
        id = intake.add_files(db, viewer, files)
    except NothingRead as refusal:
        return draw_list(form, wrong=[problem["why"] for problem in refusal.problems] or str(refusal)), refusal.status
    except CrmError as refusal:
        if refusal.status >= 500:
            raise
        return draw_list(form, wrong=str(refusal)), refusal.status
    orders.preview_if_ready(db, viewer, id)
    wake_worker()
    return redirect(url_for("uploads.begin", upload_id=id), 303)


@bp.errorhandler(RequestEntityTooLarge)
def refuse_size(_: RequestEntityTooLarge) -> tuple[str, int]:
    most = get_settings().upload_bytes // MEGABYTE
    wrong = (
        f"These files are more than {most} MB together, so nothing was read. Send them one by one, take out columns "
        "and sheets that are not needed, or split the list in two."
    )
    return draw_list(UploadForm(formdata=None), wrong=wrong), 413


def draw_list(form: UploadForm, *, wrong: str | Sequence[str] = ()) -> str:
    """The page of all imports, with the form for new files; `wrong` says why files could not be taken."""
    db, viewer = get_db(), get_viewer()
    page = read_page()
    choices = imports.list_told_apart(db, viewer)
    chosen = {name: request.args.get(name) or None for name in ("kind", "system", "person")}
    found = imports.list_imports(db, viewer, limit=IMPORTS_PER_PAGE, skip=(page - 1) * IMPORTS_PER_PAGE, **chosen)
    return render_template(
        "imports/list.html",
        form=form,
        wrong=[wrong] if isinstance(wrong, str) else wrong,
        imports=[(one, orders.may_undo(db, viewer, one)) for one in found],
        total=imports.count_imports(db, viewer, **chosen),
        chosen=chosen,
        choices=choices,
        kind_choices=[(name, import_words.kind_name(name)) for name in choices["kind"]],
        system_choices=[(name, name) for name in choices["system"]],
        person_choices=[(name, "the command line" if name == OWNER.user_id else name) for name in choices["person"]],
        kept=upload_bytes.list_kept(db, [one.id for one in found if orders.may_see_rows(viewer, one)]),
        waiting=uploads.list_open_uploads(db, viewer, after=time.time() - KEPT_DAYS * 86_400),
        page=page,
        per_page=IMPORTS_PER_PAGE,
        own=own_agency(db, viewer),
        is_admin=viewer.is_admin,
        kinds=[(name, words) for name, words in KINDS.items() if may_import(viewer, BY_NAME[name])],
        most_megabytes=get_settings().upload_bytes // MEGABYTE,
        stages=IMPORT_STAGES,
    )


@bp.get("/templates/<kind>.csv")
@access.member
def show_template(kind: str) -> Response:
    """The header of a plain file with one example row, in words of the viewer's own agency."""
    if kind not in BY_NAME:
        raise NotFound("There is no such kind of file.")
    header, example = template(BY_NAME[kind])
    own = own_agency(get_db(), get_viewer())
    cells = [own if name == "agency" and own else cell for name, cell in zip(header, example, strict=True)]
    return send_csv(f"{kind}.csv", header, [cells])


@bp.get("/<import_id>")
@access.member
def show(import_id: str) -> str:
    db, viewer = get_db(), get_viewer()
    found = imports.get_import(db, import_id, viewer=viewer)
    page, inside = read_page(), orders.may_see_rows(viewer, found)
    refusals = imports.list_refusals(db, found.id)[(page - 1) * PER_PAGE : page * PER_PAGE] if inside else []
    removed, restored = imports.get_undone(db, found.id)
    undo_job = _find_undo(db, found)
    return render_template(
        "imports/show.html",
        found=found,
        stage=IMPORT_STAGES[found.stage],
        refusals=refusals,
        beside=imports.get_beside(db, found.id),
        left_out=imports.list_left_out(db, found.id)[:PER_PAGE] if inside else [],
        sees_rows=inside,
        page=page,
        per_page=PER_PAGE,
        may_undo=orders.may_undo(db, viewer, found),
        undo_job=undo_job,
        removed=removed,
        restored=restored,
        shown=progress_of(undo_job),
        unsent=unsent.count_of_import(db, found.id),
        came=upload_files.find_file_of_import(db, found.id),
        is_kept=inside and bool(upload_bytes.list_kept(db, [found.id])),
    )


def _find_undo(db: Store, found: Import) -> Job | None:
    return orders.find_undo(db, found.id) if found.stage != "undone" else None


@bp.get("/<import_id>/progress")
@access.member
def show_progress(import_id: str) -> Response:
    """How far undoing is; when it has ended, the page is to be loaded again."""
    found = imports.get_import(get_db(), import_id, viewer=get_viewer())
    url = url_for("imports.show_progress", import_id=import_id)
    return draw_progress(_find_undo(get_db(), found), url, f"Undoing {found.file}")


@bp.get("/<import_id>/rows")
@access.member
def show_rows(import_id: str) -> str:
    """The rows behind one of the counts: `what` is new, changed or review."""
    db, viewer = get_db(), get_viewer()
    found = imports.get_import(db, import_id, viewer=viewer)
    what = request.args.get("what", "new")
    if what not in WORDS:
        raise NotFound("There is no such list of rows.")
    if not orders.may_see_rows(viewer, found):
        raise NotFound("Only the agency whose rows these are can look at them here.")
    page = read_page()
    label = LABELS[found.kind]
    rows, total = import_rows.list_rows(db, found, what, label=label, skip=(page - 1) * PER_PAGE, limit=PER_PAGE)
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    return render_template(
        "imports/rows.html",
        found=found,
        what=what,
        words=WORDS[what],
        lacked=unsent.count_of_import(db, found.id)[0],
        rows=[draw_row(row, viewer, names) for row in rows],
        total=total,
        page=page,
        per_page=PER_PAGE,
    )


@bp.get("/<import_id>/refused.csv")
@access.member
def download_refused(import_id: str) -> Response:
    db = get_db()
    found, file = _find_file(import_id, otherwise="Only the agency that imported this file sees its refused rows.")
    return send_refused_rows(db, found.file, imports.list_refusals(db, found.id), file=file)


@bp.get("/<import_id>/original")
@access.member
def download_original(import_id: str) -> Response:
    """The file as it came, byte by byte."""
    found, file = _find_file(import_id, otherwise="Only the agency whose rows these are can save this file.")
    if file is None:
        raise NotFound("This file is no longer kept.")
    return send_bytes(found.file, read_bytes(get_db(), file))


def _find_file(import_id: str, *, otherwise: str) -> tuple[Import, UploadFile | None]:
    """An import whose rows the viewer may see, and its file if that is kept. Raises NotFound, saying `otherwise`."""
    db, viewer = get_db(), get_viewer()
    found = imports.get_import(db, import_id, viewer=viewer)
    if not orders.may_see_rows(viewer, found):
        raise NotFound(otherwise)
    return found, upload_files.find_file_of_import(db, found.id)


@bp.get("/<import_id>/undo")
@access.member
def ask_undo(import_id: str) -> str:
    """What undoing would do, before it is done."""
    db, viewer = get_db(), get_viewer()
    found = imports.get_import(db, import_id, viewer=viewer)
    return render_template(
        "imports/undo.html",
        found=found,
        may_undo=orders.may_undo(db, viewer, found, thoroughly=True),
        is_repeated=repeats.has_later(db, found.id),
        beside=imports.get_beside(db, found.id),
        leaning=list_words(count_leaning(db, found.id), found.id) if found.stage != "undone" else [],
    )


@bp.post("/<import_id>/undo")
@access.member
def undo(import_id: str) -> Response:
    db, viewer = get_db(), get_viewer()
    orders.start_undo(db, viewer, imports.get_import(db, import_id, viewer=viewer))
    wake_worker()
    return redirect(url_for("imports.show", import_id=import_id), 303)
