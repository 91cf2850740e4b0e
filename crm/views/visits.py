"""Joint visits: several agencies plan to go to one business together, instead of one after the other."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the type stubs

from crm import access
from crm.access import Viewer
from crm.errors import CrmError
from crm.extensions import get_db
from crm.graph import programs
from crm.graph.driver import Store
from crm.graph.programs import Program
from crm.services import dossiers, lights, visits
from crm.services.touchpoints import Contact
from crm.views.api import endpoint
from crm.views.formatting import calendar_date
from crm.views.guard import get_viewer
from crm.views.pages import flash_answer
from crm.views.params import Param
from crm.views.touchpoint_forms import PURPOSES
from crm.views.visit_forms import VisitForm

bp = Blueprint("visits", __name__, url_prefix="/visits")
Page = str | Response | tuple[str, int]
AHEAD = timedelta(days=7)


@bp.route("/new", methods=["GET", "POST"])
@access.member
def plan() -> Page:
    """Plan a joint visit."""
    db, viewer, today = get_db(), get_viewer(), date.today()
    form = _make_form(db, viewer, today)
    if not form.validate_on_submit():
        return _draw_form(db, viewer, form), 422 if form.errors else 200
    try:
        planned = visits.plan_visit(db, viewer, _read_visit(form), lead=form.lead.data or "", today=today)
    except CrmError as refusal:
        if refusal.status >= 500:
            raise
        return _draw_form(db, viewer, form, wrong=str(refusal)), refusal.status
    if planned.is_new:
        day = calendar_date(form.on.data or today)
        flash_answer(
            f"The joint visit is planned for {day}. From 14 days before, others see amber and whom to ask.",
            undo_url=url_for("touchpoints.remove", touchpoint_id=planned.id),
        )
    return redirect(url_for("businesses.show", business_id=planned.business), 303)


def _make_form(db: Store, viewer: Viewer, today: date) -> VisitForm:
    """The form with whoever may come along, the viewer's only program chosen, and the viewer in the lead."""
    start = {"key": uuid4().hex, "on": today + AHEAD, "lead": viewer.email.casefold()}
    form = VisitForm(data=start if request.method == "GET" else None)
    known = programs.list_programs(db, viewer)
    own = [p for p in known if p.agency_id == viewer.agency_id]
    form.programs.choices = [SelectChoice(p.id, p.name) for p in own]
    form.partners.choices = [SelectChoice(p.id, f"{p.agency}: {p.name}") for p in known if p not in own]
    if request.method == "GET":
        form.business_id.data = request.args.get("business", "")
        if len(own) == 1:
            form.programs.data = [own[0].id]
    return form


def _draw_form(db: Store, viewer: Viewer, form: VisitForm, *, wrong: str = "") -> str:
    business = light = None
    if form.business_id.data:
        business = dossiers.get_business(db, viewer, form.business_id.data)
        form.business_id.data = business.id
        light = lights.find_light(db, viewer, business.id, agency_id=viewer.agency_id)
    others = [program for program in programs.list_programs(db, viewer) if program.agency_id != viewer.agency_id]
    known_by = dossiers.get_business_page(db, viewer, business.id).agency_names if business else []
    leads: dict[str, list[visits.Lead]] = {}
    for lead in visits.list_leads(db, viewer):
        leads.setdefault(lead.agency, []).append(lead)
    return render_template(
        "visits/new.html",
        form=form,
        business=business,
        light=light,
        partners=_group_partners(form, others, set(known_by)),
        leads=leads,
        own_agency=current_user.agency_name,
        typed=request.form.get("business_id_text", request.args.get("name", ""))[:200],
        wrong=wrong,
        tomorrow=date.today() + timedelta(days=1),
    )


@dataclass(frozen=True)
class Partner:
    """An agency that may come along, with its programs as (id, name, whether chosen). `knows` it: the business is in
    its records."""

    agency: str
    knows: bool
    programs: list[tuple[str, str, bool]]

    @property
    def is_chosen(self) -> bool:
        return any(chosen for _, _, chosen in self.programs)


def _group_partners(form: VisitForm, others: list[Program], knowing: set[str]) -> list[Partner]:
    """The other agencies: those that know the business first, then by name."""
    chosen = set(form.partners.data or ())
    by_agency: dict[str, list[tuple[str, str, bool]]] = {}
    for program in others:
        by_agency.setdefault(program.agency, []).append((program.id, program.name, program.id in chosen))
    found = [Partner(agency, agency in knowing, of) for agency, of in by_agency.items()]
    return sorted(found, key=lambda partner: (not partner.knows, partner.agency.casefold()))


def _read_visit(form: VisitForm) -> Contact:
    return Contact(
        key=form.key.data or "",
        on=form.on.data or date.min,
        programs=(*(form.programs.data or ()), *(form.partners.data or ())),
        business=form.business_id.data,
        purpose=form.purpose.data,
        topics=(form.topics.data or "").replace(",", ";"),
    )


@dataclass(frozen=True)
class PlannedVisit:
    """A joint visit that was planned through the API."""

    touchpoint: str
    business: str
    created: bool


@endpoint(
    "/visits",
    method="POST",
    summary="Plan a joint visit of two or more agencies.",
    answer=PlannedVisit,
    params=(
        Param("key", "Your own id of the visit: sent twice, it is planned once.", required=True),
        Param("business", "Id of the business.", required=True),
        Param(
            "programs",
            "Ids of the programs that go: of two or more agencies, also yours.",
            list,
            required=True,
        ),
        Param("date", "The day of the visit, after today.", date, required=True),
        Param("lead", "E-mail of the member of staff who leads, of one of these agencies.", required=True),
        Param("purpose", "Why.", tuple(value for value, _ in PURPOSES)),
        Param("topics", "Topics, separated by a semicolon."),
    ),
)
def plan_visit(db: Store, viewer: Viewer, *, key: str, lead: str, **said: Any) -> PlannedVisit:
    contact = Contact(
        key=key,
        on=said["date"],
        programs=tuple(said["programs"]),
        business=said["business"],
        purpose=said["purpose"] or "",
        topics=said["topics"] or "",
    )
    planned = visits.plan_visit(db, viewer, contact, lead=lead, today=date.today())
    return PlannedVisit(touchpoint=planned.id, business=planned.business, created=planned.is_new)
