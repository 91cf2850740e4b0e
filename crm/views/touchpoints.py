"""Contacts: logging one in half a minute, looking at one, keeping its promise, taking it back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the type stubs

from crm import access
from crm.access import Viewer
from crm.errors import CrmError
from crm.extensions import get_db
from crm.graph import dossiers as dossier_rows
from crm.graph import imports, programs
from crm.graph.dossiers import Role, TimelineLine
from crm.graph.driver import Store
from crm.graph.programs import Program
from crm.services import dossiers, edits, lights, touchpoints
from crm.services.touchpoints import Contact
from crm.views.api import endpoint
from crm.views.guard import get_viewer
from crm.views.pages import flash_answer
from crm.views.params import Param
from crm.views.timelines import draw_line
from crm.views.touchpoint_forms import CHANNELS, DIRECTIONS, PURPOSES, REACHED, VISIBILITIES, ContactForm

bp = Blueprint("touchpoints", __name__)
Page = str | Response | tuple[str, int]
PEOPLE_OFFERED = 12


@bp.route("/log", methods=["GET", "POST"])
@access.member
def log() -> Page:
    db, viewer, today = get_db(), get_viewer(), date.today()
    form = _make_form(db, viewer, today)
    if not form.validate_on_submit():
        return _draw_form(db, viewer, form, today), 422 if form.errors else 200
    try:
        logged = touchpoints.log_contact(db, viewer, read_contact(form), today=today)
    except CrmError as refusal:
        if refusal.status >= 500:
            raise
        return _draw_form(db, viewer, form, today, wrong=str(refusal)), refusal.status
    if logged.is_new:
        undo = url_for("touchpoints.remove", touchpoint_id=logged.id)
        flash_answer("The contact is logged, and everybody's numbers count it.", undo_url=undo)
    if "again" in request.form:
        return redirect(url_for("touchpoints.log"))
    return redirect(url_for("businesses.show", business_id=logged.business))


def _make_form(db: Store, viewer: Viewer, today: date) -> ContactForm:
    """The form with the viewer's own programs, and with who and where from the page that one came from."""
    form = ContactForm(data=_start(db, today) if request.method == "GET" else None)
    own = offer_programs(form, programs.list_programs(db, viewer), viewer.agency_id)
    if request.method == "GET" and len(own) == 1:
        form.programs.data = [own[0].id]
    return form


def offer_programs(form: ContactForm, known: list[Program], agency_id: str | None) -> list[Program]:
    """Let the form offer programs: those of the agency whose contact it is (returned), and all others as partners."""
    own = [p for p in known if p.agency_id == agency_id]
    form.programs.choices = [SelectChoice(p.id, p.name) for p in own]
    form.partners.choices = [SelectChoice(p.id, f"{p.agency}: {p.name}") for p in known if p not in own]
    return own


def person_choices(roles: list[Role]) -> list[SelectChoice]:
    """The people of a business as the form offers them."""
    return [
        SelectChoice(
            role.person_id, ", ".join(filter(None, (role.name, role.title, "moved" if role.is_former else "")))
        )
        for role in roles[:PEOPLE_OFFERED]
    ]


def _start(db: Store, today: date) -> dict[str, Any]:
    start: dict[str, Any] = {"key": uuid4().hex, "on": today, "business_id_text": request.args.get("name", "")[:300]}
    if "business" in request.args:
        start |= {"business_id": request.args["business"]}
    if "person" in request.args:
        start |= {"persons": [dossiers.get_current_person_id(db, request.args["person"])]}
    return start


def _draw_form(db: Store, viewer: Viewer, form: ContactForm, today: date, *, wrong: str = "") -> str:
    business = roles = light = None
    if form.business_id.data:
        business = dossiers.get_business(db, viewer, form.business_id.data)
        form.business_id.data = business.id
        roles = dossier_rows.list_roles_at(db, business.id, viewer=viewer)
        form.persons.choices = person_choices(roles)
        light = lights.find_light(db, viewer, business.id, agency_id=viewer.agency_id, as_of=today)
    if not form.persons.choices:
        form.new_person.label.text = form.persons.label.text  # There is nobody for whom this would be somebody else.
    return render_template(
        "touchpoints/log.html",
        form=form,
        business=business,
        light=light,
        has_programs=bool(list(form.programs.choices or ())),
        action=url_for("touchpoints.log"),
        wrong=wrong,
        days=[("Today", today), ("Yesterday", today - timedelta(days=1))],
    )


def read_contact(form: ContactForm) -> Contact:
    """What the form says."""
    chosen = form.business_id.data or None
    return Contact(
        key=(form.key.data if form.key else None) or "",
        on=form.on.data or date.min,
        programs=(*(form.programs.data or ()), *(form.partners.data or ())),
        business=chosen,
        new_business="" if chosen else form.business_id_text.data or "",
        persons=tuple(form.persons.data or ()),
        new_person=form.new_person.data or "",
        channel=form.channel.data,
        direction=form.direction.data,
        purpose=form.purpose.data,
        topics=(form.topics.data or "").replace(",", ";"),
        reached=form.reached.data,
        outcome=form.outcome.data or "",
        promise=form.promise.data or "",
        promise_due=form.promise_due.data,
        notes=(form.notes.data if form.notes else None) or "",
        visibility=form.visibility.data,
    )


@bp.get("/touchpoints/<touchpoint_id>")
@access.member
def show(touchpoint_id: str) -> str:
    db, viewer = get_db(), get_viewer()
    line = dossier_rows.get_touchpoint(db, touchpoint_id, viewer=viewer)
    return render_template(
        "touchpoints/show.html",
        drawn=draw_line(line, viewer),
        may_change=touchpoints.may_change(viewer, line.agency_id),
        edit=edits.find_mark(db, viewer, line),
        came=imports.find_import(db, line.import_id, viewer=viewer) if line.import_id else None,
        today=date.today(),
        channel=dict(CHANNELS).get(line.channel or "call", ""),
        purpose=dict(PURPOSES).get(line.purpose or "", ""),
    )


@bp.post("/touchpoints/<touchpoint_id>/remove")
@access.member
def remove(touchpoint_id: str) -> Response:
    db = get_db()
    business = touchpoints.remove_contact(db, get_viewer(), touchpoint_id)
    flash("The contact is taken back, and nobody's numbers count it any more.", "success")
    current = dossiers.find_current_business_id(db, business)
    return redirect(url_for("businesses.show", business_id=current) if current else url_for("home.show"))


@bp.post("/touchpoints/<touchpoint_id>/promise")
@access.member
def keep_promise(touchpoint_id: str) -> Response:
    kept = request.form.get("kept") != "no"
    touchpoints.keep_promise(get_db(), get_viewer(), touchpoint_id, on=date.today() if kept else None)
    flash("Noted: the promise was kept." if kept else "Noted: the promise is still open.", "success")
    back = url_for("touchpoints.show", touchpoint_id=touchpoint_id)
    return redirect(url_for("home.show") if request.form.get("next") == "home" else back)


@dataclass(frozen=True)
class LoggedContact:
    """A contact that was logged through the API."""

    touchpoint: str
    business: str
    created: bool


CONTACT_PARAMS = (
    Param("date", "The day of the contact.", date, required=True),
    Param("programs", "Ids of the programs; several are a joint contact.", list, required=True),
    Param("business", "Id of the business."),
    Param("new-business", "Name of a business that nobody knows yet."),
    Param("persons", "Ids of the people met.", list),
    Param("channel", "How.", tuple(value for value, _ in CHANNELS)),
    Param("purpose", "Why.", tuple(value for value, _ in PURPOSES)),
    Param("direction", "Who began.", tuple(value for value, _ in DIRECTIONS)),
    Param("reached", "Whether they were reached.", tuple(value for value, _ in REACHED)),
    Param("topics", "Topics, separated by a semicolon."),
    Param("outcome", "What came of it."),
    Param("promise", "What was promised."),
    Param("promise-due", "By when.", date),
    Param("notes", "A note for your own agency."),
    Param("visibility", "Who may see it.", tuple(value for value, _ in VISIBILITIES)),
)
LOG_PARAMS = (
    Param("key", "Your own id of the contact: sent twice, it is logged once.", required=True),
    *CONTACT_PARAMS,
)


@endpoint("/touchpoints", method="POST", summary="Log a contact.", answer=LoggedContact, params=LOG_PARAMS)
def log_touchpoint(db: Store, viewer: Viewer, *, key: str, **said: Any) -> LoggedContact:
    logged = touchpoints.log_contact(db, viewer, say_contact(key, said), today=date.today())
    return LoggedContact(touchpoint=logged.id, business=logged.business, created=logged.is_new)


def say_contact(key: str, said: dict[str, Any]) -> Contact:
    """What the parameters of a contact say."""
    return Contact(
        key=key,
        on=said["date"],
        programs=tuple(said["programs"]),
        business=said["business"],
        new_business=said["new_business"] or "",
        persons=tuple(said["persons"] or ()),
        promise_due=said["promise_due"],
        **{
            name: said[name] or ""
            for name in (
                "channel", "purpose", "direction", "reached", "topics", "outcome", "promise", "notes", "visibility",
            )
        },
    )  # fmt: skip


@endpoint("/touchpoints/<touchpoint_id>", summary="One contact.", answer=TimelineLine)
def get_touchpoint(db: Store, viewer: Viewer, *, touchpoint_id: str) -> TimelineLine:
    return dossier_rows.get_touchpoint(db, touchpoint_id, viewer=viewer)
