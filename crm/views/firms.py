"""Firms: who owns several sites, and what do we have with all of them together?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.errors import NotFound
from crm.extensions import get_db, wake_worker
from crm.graph import businesses, stale
from crm.graph.driver import Store
from crm.graph.firms import FirmRow, Person
from crm.services import dossiers, firms, judgements
from crm.views.api import endpoint
from crm.views.firm_forms import SiteForm
from crm.views.guard import get_viewer
from crm.views.pages import flash_answer, read_page
from crm.views.params import Param
from crm.views.timelines import draw_lines

bp = Blueprint("firms", __name__, url_prefix="/firms")


@bp.get("")
@access.member
def show_list() -> str:
    page = read_page()
    rows, sort, descending = firms.list_firms(
        get_db(),
        get_viewer(),
        sort=request.args.get("sort", "contacts"),
        descending=request.args.get("dir") != "asc",
    )
    return render_template(
        "firms/list.html",
        rows=rows[(page - 1) * firms.PAGE : page * firms.PAGE],
        total=len(rows),
        sites=sum(row.sites for row in rows),
        sort=sort,
        dir="desc" if descending else "asc",
        page=page,
        per_page=firms.PAGE,
        today=date.today().isoformat(),
    )


@bp.get("/<firm_id>")
@access.member
def show(firm_id: str) -> str | Response:
    db, viewer, page = get_db(), get_viewer(), read_page()
    try:
        found = firms.get_firm_page(db, viewer, firm_id, page=page)
    except NotFound:
        firm, business = firms.find_current(db, firm_id)
        if firm == firm_id:
            raise
        where = url_for("firms.show", firm_id=firm) if firm else url_for("businesses.show", business_id=business)
        return redirect(where)
    return render_template(
        "firms/show.html",
        found=found,
        lines=draw_lines(found.lines, viewer),
        page=page,
        per_page=firms.PAGE,
        today=date.today(),
        waiting=len(stale.list_judged(db)),
    )


@bp.post("/<firm_id>/sites/<business_id>/leave")
@access.member
def leave(firm_id: str, business_id: str) -> Response:
    """Say that a site is not of this firm."""
    db, viewer = get_db(), get_viewer()
    judgement = firms.leave_firm(db, viewer, firm_id, business_id)
    wake_worker()
    name = dossiers.find_business_name(db, business_id) or "It"
    flash_answer(f"“{name}” is not of this firm.", undo_url=url_for("firms.undo", judgement_id=judgement))
    return redirect(url_for("firms.show", firm_id=firm_id), 303)


@bp.get("/add")
@access.member
def add() -> str:
    return _draw_form(SiteForm(formdata=None), request.args.get("business", ""))


@bp.post("/add")
@access.member
def save() -> str | Response | tuple[str, int]:
    """Say that another business is a site of the same firm."""
    db, viewer, form = get_db(), get_viewer(), SiteForm()
    business = dossiers.get_current_business_id(db, request.args.get("business", ""))
    other = dossiers.find_current_business_id(db, form.business_id.data or "")
    if form.validate() and (other is None or other == business):
        wrong = "That is the same one. Choose another." if other else "Choose one of those that are offered."
        form.business_id.errors = [wrong]
    if form.errors or other is None:
        return _draw_form(form, business), 422
    judgement = firms.join_firm(db, viewer, business, other, why=form.why.data)
    wake_worker()
    names = [dossiers.find_business_name(db, id) or dossiers.NO_NAME for id in (business, other)]
    flash_answer(
        f"“{names[0]}” and “{names[1]}” are sites of one firm.", undo_url=url_for("firms.undo", judgement_id=judgement)
    )
    return redirect(url_for("businesses.show", business_id=business, said="firm"), 303)


@bp.post("/judgements/<judgement_id>/undo")
@access.member
def undo(judgement_id: str) -> Response:
    """Take back what was just said of firms, and show the business of which it was said."""
    db = get_db()
    found = judgements.withdraw(db, get_viewer(), judgement_id)
    wake_worker()
    flash("Taken back.", "info")
    business = businesses.find_current_id(db, businesses.business_id(found.about or found.left))
    where = url_for("businesses.show", business_id=business, said="firm") if business else url_for("firms.show_list")
    return redirect(where, 303)


def _draw_form(form: SiteForm, business_id: str) -> str:
    db, viewer = get_db(), get_viewer()
    business = dossiers.get_business(db, viewer, business_id)
    return render_template("firms/add.html", form=form, business=business)


@dataclass(frozen=True)
class SiteAnswer:
    """A site of a firm in the API, and the light of the asking agency."""

    business: str
    name: str
    street: str | None
    city: str | None
    contacts: int
    last_contact_on: str | None
    light: str


@dataclass(frozen=True)
class FirmAnswer:
    """A firm in the API: a page of its sites, the people of all sites, and how many sites each agency knows."""

    firm: str
    name: str
    total: int
    contacts: int
    sites: list[SiteAnswer]
    people: list[Person]
    agencies: dict[str, int]


@endpoint("/firms", summary="Every firm of several sites, the one with the most contacts first.", answer=list[FirmRow])
def list_firms(db: Store, viewer: Viewer) -> Any:
    return firms.list_firms(db, viewer)[0]


@endpoint("/firms/<firm_id>", summary="One firm: its first 25 sites, people, agencies.", answer=FirmAnswer)
def get_firm(db: Store, viewer: Viewer, *, firm_id: str) -> Any:
    found = firms.get_firm_page(db, viewer, firm_id)
    return FirmAnswer(
        firm=found.id,
        name=found.name,
        total=found.total,
        contacts=found.contacts,
        sites=[
            SiteAnswer(
                business=site.id,
                name=site.name,
                street=site.values.get("street"),
                city=site.values.get("city"),
                contacts=site.contacts,
                last_contact_on=site.last_contact_on,
                light=light.light,
            )
            for site, light in found.sites
        ],
        people=found.people,
        agencies=dict(found.known_by),
    )


@dataclass(frozen=True)
class SaidOfFirms:
    """A judgement about firms that counts now; the region follows with the job."""

    judgement: str
    job: str


@endpoint(
    "/firms/<firm_id>/sites/<business_id>/leave", method="POST", answer=SaidOfFirms,
    params=(Param("why", "The reason, for whoever looks at it later."),),
    summary="Say that a site is not of this firm.",
)  # fmt: skip
def leave_firm(db: Store, viewer: Viewer, *, firm_id: str, business_id: str, why: str | None) -> Any:
    judgement = firms.leave_firm(db, viewer, firm_id, business_id, why=why)
    wake_worker()
    return SaidOfFirms(judgement, judgements.job_id(judgement))


@endpoint(
    "/businesses/<business_id>/firm", method="POST", answer=SaidOfFirms,
    params=(
        Param("other", "The other business.", required=True),
        Param("why", "The reason, for whoever looks at it later."),
    ),
    summary="Say that two businesses are sites of one firm.",
)  # fmt: skip
def join_firm(db: Store, viewer: Viewer, *, business_id: str, other: str, why: str | None) -> Any:
    here, there = (dossiers.get_current_business_id(db, id) for id in (business_id, other))
    judgement = firms.join_firm(db, viewer, here, there, why=why)
    wake_worker()
    return SaidOfFirms(judgement, judgements.job_id(judgement))
