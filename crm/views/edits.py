"""Edits: correcting a contact that was logged on the screen, seeing who was faster, and taking an edit back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the type stubs
from wtforms.validators import Optional

from crm import access
from crm.access import Viewer
from crm.errors import Conflict, CrmError
from crm.extensions import get_db
from crm.graph import dossiers as dossier_rows
from crm.graph import programs
from crm.graph.driver import Store
from crm.services import dossiers, edits
from crm.services.edits import Editable
from crm.views.api import endpoint
from crm.views.edit_words import compare_contacts, name_fields
from crm.views.guard import get_viewer
from crm.views.pages import flash_answer
from crm.views.params import Param
from crm.views.touchpoint_forms import EditForm
from crm.views.touchpoints import CONTACT_PARAMS, offer_programs, person_choices, read_contact, say_contact

bp = Blueprint("edits", __name__, url_prefix="/touchpoints")
Page = str | Response | tuple[str, int]


@bp.route("/<touchpoint_id>/edit", methods=["GET", "POST"])
@access.member
def edit(touchpoint_id: str) -> Page:
    db, viewer = get_db(), get_viewer()
    found = edits.get_editable(db, viewer, touchpoint_id)
    form = _make_form(db, viewer, found)
    if not form.validate_on_submit():
        return _draw_form(db, viewer, form, found), 422 if form.errors else 200
    revision = int(form.revision.data or 0)
    try:
        edited = edits.edit_contact(
            db, viewer, touchpoint_id, read_contact(form), revision=revision, today=date.today()
        )
    except Conflict:
        return _draw_conflict(db, viewer, form, touchpoint_id), Conflict.status
    except CrmError as refusal:
        if refusal.status >= 500:
            raise
        return _draw_form(db, viewer, form, found, wrong=str(refusal)), refusal.status
    if edited.changed:
        undo = url_for("edits.undo", touchpoint_id=touchpoint_id, revision=edited.revision)
        flash_answer(f"Changed: {name_fields(edited.changed)}. Everybody's numbers count it so.", undo_url=undo)
    else:
        flash("Nothing was changed: the contact says this already.", "info")
    return redirect(url_for("touchpoints.show", touchpoint_id=touchpoint_id))


@bp.post("/<touchpoint_id>/edits/<int:revision>/undo")
@access.member
def undo(touchpoint_id: str, revision: int) -> Response:
    edits.undo_edit(get_db(), get_viewer(), touchpoint_id, revision=revision, today=date.today())
    flash("The contact says again what it said before.", "success")
    return redirect(url_for("touchpoints.show", touchpoint_id=touchpoint_id))


@bp.get("/people")
@access.member
def show_people() -> str:
    """The people of the business that was just picked, for the form; none of them is chosen yet."""
    db, viewer, form = get_db(), get_viewer(), EditForm(formdata=None)
    business = dossiers.find_current_business_id(db, request.args.get("business_id", ""))
    roles = dossier_rows.list_roles_at(db, business, viewer=viewer) if business else []
    form.persons.choices = person_choices(roles)
    return render_template("edits/people.html", form=form)


def _make_form(db: Store, viewer: Viewer, found: Editable) -> EditForm:
    """The form with what the contact says, which also stands for what a browser does not send: a blank choice."""
    said = found.contact
    known = programs.list_programs(db, viewer)
    own = {p.id for p in known if p.agency_id == found.agency_id}
    start: dict[str, Any] = {
        "revision": str(found.revision),
        "business_id": said.business,
        "programs": [id for id in said.programs if id in own],
        "partners": [id for id in said.programs if id not in own],
        "persons": list(said.persons),
        "topics": ", ".join(topic.strip() for topic in said.topics.split(";") if topic.strip()),
    }
    names = (
        "on", "channel", "purpose", "reached", "direction", "outcome", "promise", "promise_due", "notes", "visibility",
    )  # fmt: skip
    form = EditForm(data=start | {name: getattr(said, name) for name in names})
    offer_programs(form, known, found.agency_id)
    for field in (form.channel, form.purpose, form.reached, form.direction, form.visibility):
        if not field.object_data:
            field.validators = [Optional()]  # Nobody has said it yet, and an edit of something else need not.
    if found.agency_id != viewer.agency_id:
        del form.notes  # It is for their own agency to read and to change.
    return form


def _draw_form(db: Store, viewer: Viewer, form: EditForm, found: Editable, **more: Any) -> str:
    current = dossiers.find_current_business_id(db, form.business_id.data or "")
    roles = dossier_rows.list_roles_at(db, current, viewer=viewer) if current else []
    offered = person_choices(roles)
    line = dossier_rows.get_touchpoint(db, found.id, viewer=viewer)
    there = {choice.value for choice in offered}
    offered += [SelectChoice(id, name) for id, name in line.persons if id not in there]
    form.persons.choices = offered
    business = dossier_rows.get_business(db, current, viewer=viewer) if current else None
    return render_template(
        "edits/edit.html",
        form=form,
        business=business,
        line=line,
        light=None,
        has_programs=True,
        unfolded=True,
        has_closed_notes=found.has_closed_notes,
        action=url_for("edits.edit", touchpoint_id=found.id),
        **{"wrong": "", "differences": [], **more},
    )


def _draw_conflict(db: Store, viewer: Viewer, form: EditForm, id: str) -> str:
    """What the contact says now beside what was typed; sending it again means that the other version was seen."""
    found = edits.get_editable(db, viewer, id)
    form.revision.data = str(found.revision)
    line = dossier_rows.get_touchpoint(db, id, viewer=viewer)
    differences = compare_contacts(db, viewer, found.contact, read_contact(form))
    return _draw_form(db, viewer, form, found, differences=differences, mark=edits.find_mark(db, viewer, line))


@dataclass(frozen=True)
class EditedContact:
    """A contact that was edited through the API, with the parameters that differ from before."""

    touchpoint: str
    business: str
    revision: int
    changed: list[str]


REVISION = Param("revision", "The contact's `revision` as you have read it.", int, required=True)


@endpoint(
    "/touchpoints/<touchpoint_id>", method="PUT", answer=EditedContact, params=(REVISION, *CONTACT_PARAMS),
    summary="Edit a contact that was logged: send all of it as it shall be. 409 when it was changed since.",
)  # fmt: skip
def edit_touchpoint(db: Store, viewer: Viewer, *, touchpoint_id: str, revision: int, **said: Any) -> EditedContact:
    contact = say_contact("", said)
    done = edits.edit_contact(db, viewer, touchpoint_id, contact, revision=revision, today=date.today())
    names = {"on": "date", "promise_due": "promise-due"}
    changed = [names.get(field, field) for field in done.changed]
    return EditedContact(touchpoint=done.id, business=done.business, revision=done.revision, changed=changed)


@dataclass(frozen=True)
class UndoneEdit:
    """A contact that says again what it said before an edit."""

    touchpoint: str
    business: str


@endpoint(
    "/touchpoints/<touchpoint_id>/undo", method="POST", answer=UndoneEdit, params=(REVISION,),
    summary="Take back the edit that brought a contact to this revision. 409 when it was changed again since.",
)  # fmt: skip
def undo_edit(db: Store, viewer: Viewer, *, touchpoint_id: str, revision: int) -> UndoneEdit:
    business = edits.undo_edit(db, viewer, touchpoint_id, revision=revision, today=date.today())
    return UndoneEdit(touchpoint=touchpoint_id, business=business)
