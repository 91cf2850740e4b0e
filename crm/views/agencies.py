"""Agencies and programs: who takes part in the region, and in whose name do they knock?"""

from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.errors import Conflict
from crm.extensions import get_db
from crm.graph import agencies, programs, staff
from crm.graph.driver import Store
from crm.graph.programs import Program
from crm.services import agencies as service
from crm.views.agency_forms import SYSTEMS, AgencyForm, ProgramForm
from crm.views.api import endpoint
from crm.views.guard import get_viewer

bp = Blueprint("agencies", __name__, url_prefix="/agencies")
Page = str | Response | tuple[str, int]
SYSTEM_WORDS = dict(SYSTEMS)


@bp.get("")
@access.member
def show_list() -> str:
    rows = service.list_agency_rows(get_db(), get_viewer())
    return render_template("agencies/list.html", rows=rows, systems=SYSTEM_WORDS)


@bp.get("/own")
@access.member
def show_own() -> Response:
    return redirect(url_for("agencies.show", agency_id=get_viewer().agency_id))


@bp.get("/<agency_id>")
@access.member
def show(agency_id: str) -> str:
    db, viewer = get_db(), get_viewer()
    agency = agencies.get_agency(db, agency_id, viewer=viewer)
    return render_template(
        "agencies/show.html",
        agency=agency,
        system=SYSTEM_WORDS.get(agency.system or "", ""),
        programs=[p for p in programs.list_programs(db, viewer) if p.agency_id == agency_id],
        staff=staff.list_staff(db, agency_id, viewer=viewer),
        may_change=service.may_change(viewer, agency_id),
    )


@bp.route("/<agency_id>/edit", methods=["GET", "POST"])
@access.member
def edit(agency_id: str) -> Page:
    db, viewer = get_db(), get_viewer()
    agency = agencies.get_agency(db, agency_id, viewer=viewer)
    form = AgencyForm(data={"name": agency.name, "system": agency.system})
    if form.validate_on_submit():
        try:
            service.change_agency(db, viewer, agency_id, name=form.name.data or "", system=form.system.data or None)
        except Conflict as conflict:
            form.name.errors = [str(conflict)]
        else:
            flash("The agency is changed.", "success")
            return redirect(url_for("agencies.show", agency_id=agency_id))
    page = render_template("agencies/edit.html", form=form, agency=agency, title="Change the agency")
    return page, 422 if form.errors else 200


@bp.route("/<agency_id>/programs/add", methods=["GET", "POST"])
@access.member
def add_program(agency_id: str) -> Page:
    db, viewer = get_db(), get_viewer()
    agency = agencies.get_agency(db, agency_id, viewer=viewer)
    form = ProgramForm()
    if form.validate_on_submit():
        try:
            email = form.contact_email.data or None
            added = service.add_program(db, viewer, agency, name=form.name.data or "", contact_email=email)
        except Conflict as conflict:
            form.name.errors = [str(conflict)]
        else:
            flash(f"{added.name} is added.", "success")
            return redirect(url_for("agencies.show", agency_id=agency_id))
    page = render_template("agencies/edit.html", form=form, agency=agency, title="Add a program")
    return page, 422 if form.errors else 200


@bp.route("/programs/<program_id>/edit", methods=["GET", "POST"])
@access.member
def edit_program(program_id: str) -> Page:
    db, viewer = get_db(), get_viewer()
    program = programs.get_program(db, program_id, viewer=viewer)
    form = ProgramForm(data={"name": program.name, "contact_email": program.contact_email})
    if form.validate_on_submit():
        try:
            email = form.contact_email.data or None
            service.change_program(db, viewer, program, name=form.name.data or "", contact_email=email)
        except Conflict as conflict:
            form.name.errors = [str(conflict)]
        else:
            flash("The program is changed.", "success")
            return redirect(url_for("agencies.show", agency_id=program.agency_id))
    agency = agencies.get_agency(db, program.agency_id, viewer=viewer)
    page = render_template("agencies/edit.html", form=form, agency=agency, title=f"Change {program.name}")
    return page, 422 if form.errors else 200


@dataclass(frozen=True)
class AgencyAnswer:
    """An agency in the API, with its programs."""

    id: str
    name: str
    system: str | None
    programs: list[Program]


@endpoint("/agencies", summary="Every agency of the region, with its programs.", answer=list[AgencyAnswer])
def list_agencies(db: Store, viewer: Viewer) -> Any:
    known = programs.list_programs(db, viewer)
    return [
        AgencyAnswer(**asdict(agency), programs=[p for p in known if p.agency_id == agency.id])
        for agency in agencies.list_agencies(db, viewer)
    ]
