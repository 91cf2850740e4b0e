"""Firms: who owns several sites, and what do we have with all of them together?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.errors import NotFound
from crm.extensions import get_db
from crm.graph.driver import Store
from crm.graph.firms import FirmRow, Person
from crm.services import firms
from crm.views.api import endpoint
from crm.views.guard import get_viewer
from crm.views.pages import read_page
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
    )


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
