"""Names that a file only mentions: whether each is a business or person that is known already, or a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.extensions import get_db, wake_worker
from crm.graph import uploads
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from crm.services import search as searches
from crm.views.guard import get_viewer
from crm.views.search import MOST_LETTERS
from importers import name_answers, orders
from importers.intake import get_file

bp = Blueprint("import_names", __name__, url_prefix="/imports/uploads")

FOUND = 12


@bp.post("/<upload_id>/files/<int:n>/names")
@access.member
def say(upload_id: str, n: int) -> Response:
    """Say whom the names mean and look at the file again; or keep what was chosen so far and look for one."""
    db, viewer = get_db(), get_viewer()
    upload, file = _get_file(upload_id, n)
    chosen = {place: request.form.get(f"name-{place}", "") for place in range(len(name_answers.list_asked(file)))}
    place = request.form.get("search", "")
    if place.isdigit():
        name_answers.choose(db, file, chosen)
        return redirect(url_for("import_names.find", upload_id=upload.id, n=n, place=int(place)), 303)
    said = name_answers.say_names(db, viewer, upload, file, chosen)
    if said:
        orders.preview_if_ready(db, viewer, upload.id)
        wake_worker()
    flash(
        "Remembered, also for the next file like this. The file is looked at again."
        if said
        else "Nothing was chosen, so each gets a record of its own.",
        "success" if said else "warning",
    )
    return redirect(url_for("uploads.show", upload_id=upload.id), 303)


@bp.get("/<upload_id>/files/<int:n>/names/<int:place>")
@access.member
def find(upload_id: str, n: int, place: int) -> str:
    """Look for the business or person that a name means, among all that are known."""
    db, viewer = get_db(), get_viewer()
    upload, file = _get_file(upload_id, n)
    asked = name_answers.get_asked(file, place)
    is_person = asked["what"] == "person"
    text = request.args.get("q", asked["name"])[:MOST_LETTERS].strip()
    found = searches.search(db, viewer, text, most=FOUND, people=is_person) if text else searches.Found()
    return render_template(
        "imports/find_name.html",
        upload=upload,
        file=file,
        place=place,
        asked=asked,
        is_person=is_person,
        text=text,
        rows=found.people if is_person else found.businesses,
        total=found.person_count if is_person else found.business_count,
    )


@bp.post("/<upload_id>/files/<int:n>/names/<int:place>")
@access.member
def take(upload_id: str, n: int, place: int) -> Response:
    """It is this one: chosen, and said with the others once all are gone through."""
    upload, file = _get_file(upload_id, n)
    asked = name_answers.get_asked(file, place)
    told = name_answers.choose_found(get_db(), file, place, request.form.get("thing", ""))
    name = told["candidates"][0]["name"]
    flash(f"{asked['name']} is {name}: chosen. Press “Remember” once you have gone through the others.", "success")
    return redirect(url_for("uploads.show", upload_id=upload.id, _anchor=f"file-{n}-names"), 303)


def _get_file(upload_id: str, n: int) -> tuple[Upload, UploadFile]:
    upload = uploads.get_upload(get_db(), upload_id, viewer=get_viewer())
    return upload, get_file(upload, n)
