"""Businesses: may I call, and what should I know? Who knows it, what it was asked, and where each value comes from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.extensions import get_db
from crm.graph import seats, stale
from crm.graph.dossiers import PAGE, RecordRow, Role, TimelineLine
from crm.graph.driver import Store
from crm.graph.seats import SeatLine
from crm.services import dossiers, lights
from crm.services.dossiers import Fact
from crm.views.api import endpoint
from crm.views.facts import draw_facts
from crm.views.guard import get_viewer
from crm.views.pages import read_page
from crm.views.timelines import draw_lines

bp = Blueprint("businesses", __name__, url_prefix="/businesses")


@bp.get("")
@access.member
def show_list() -> Response:
    return redirect(f"{url_for('search.show')}?{request.query_string.decode()}".rstrip("?"))


@bp.get("/<business_id>")
@access.member
def show(business_id: str) -> str | Response:
    db, viewer = get_db(), get_viewer()
    page, today = read_page(), date.today()
    found = dossiers.get_business_page(db, viewer, business_id, page=page)
    if found.business.id != business_id:
        return redirect(url_for("businesses.show", business_id=found.business.id), 301)
    return render_template(
        "businesses/show.html",
        found=found,
        fact_items=draw_facts(found.facts),
        light=lights.find_light(db, viewer, business_id, agency_id=viewer.agency_id, as_of=today),
        lead=lights.find_lead(db, viewer, business_id, as_of=today),
        lines=draw_lines(found.lines, viewer),
        seats=seats.list_of_business(db, business_id, viewer=viewer),
        page=page,
        per_page=PAGE,
        today=today,
        # Only where one comes from saying something of its firm: the page is opened too often to ask each time.
        waiting=len(stale.list_judged(db)) if "said" in request.args else 0,
    )


@dataclass(frozen=True)
class Business:
    """A business in the API: golden values, who says them, people and the newest contacts."""

    business: str
    name: str
    firm: str | None
    agencies: list[str]
    records: list[RecordRow]
    facts: list[Fact]
    people: list[Role]
    contacts: list[TimelineLine]
    seats: list[SeatLine]


@endpoint(
    "/businesses/<business_id>", summary="One business: values, records, people, newest contacts.", answer=Business
)
def get_business(db: Store, viewer: Viewer, *, business_id: str) -> Any:
    found = dossiers.get_business_page(db, viewer, business_id)
    return Business(
        business=found.business.id,
        name=found.business.name,
        firm=found.business.firm_id,
        agencies=found.agency_names,
        records=found.records,
        facts=found.facts,
        people=found.roles,
        contacts=found.lines,
        seats=seats.list_of_business(db, found.business.id, viewer=viewer),
    )
