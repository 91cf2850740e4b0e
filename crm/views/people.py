"""People: who are they, who knows them, and may they be asked?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.extensions import get_db
from crm.graph import seats
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

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/<person_id>")
@access.member
def show(person_id: str) -> str | Response:
    db, viewer = get_db(), get_viewer()
    page, today = read_page(), date.today()
    found = dossiers.get_person_page(db, viewer, person_id, page=page)
    if found.person.id != person_id:
        return redirect(url_for("people.show", person_id=found.person.id), 301)
    return render_template(
        "people/show.html",
        found=found,
        fact_items=draw_facts(found.facts),
        light=lights.find_person_light(db, viewer, person_id, agency_id=viewer.agency_id, as_of=today),
        lines=draw_lines(found.lines, viewer),
        seats=seats.list_of_person(db, person_id, viewer=viewer),
        page=page,
        per_page=PAGE,
        today=today,
    )


@dataclass(frozen=True)
class Person:
    """A person in the API: golden values, who says them, roles and the newest contacts."""

    person: str
    name: str
    do_not_contact: bool
    agencies: list[str]
    records: list[RecordRow]
    facts: list[Fact]
    roles: list[Role]
    contacts: list[TimelineLine]
    seats: list[SeatLine]


@endpoint("/people/<person_id>", summary="One person: values, records, roles, newest contacts.", answer=Person)
def get_person(db: Store, viewer: Viewer, *, person_id: str) -> Any:
    found = dossiers.get_person_page(db, viewer, person_id)
    return Person(
        person=found.person.id,
        name=found.person.name,
        do_not_contact=found.person.do_not_contact,
        agencies=found.agency_names,
        records=found.records,
        facts=found.facts,
        roles=found.roles,
        contacts=found.lines,
        seats=seats.list_of_person(db, found.person.id, viewer=viewer),
    )
