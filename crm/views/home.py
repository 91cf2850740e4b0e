"""Home: what needs the viewer today, and how the region stands."""

from datetime import date, timedelta

from flask import Blueprint, render_template

from crm import access
from crm.extensions import get_db
from crm.graph import dossiers
from crm.services import knocks
from crm.services.questions import ask
from crm.services.review_order import get_order
from crm.views.guard import get_viewer
from crm.views.timelines import draw_lines

bp = Blueprint("home", __name__)
AHEAD = timedelta(days=7)


@bp.get("/")
@access.member
def show() -> str:
    db, viewer, today = get_db(), get_viewer(), date.today()
    until = (today + AHEAD).isoformat()
    return render_template(
        "home/index.html",
        promises=draw_lines(dossiers.list_open_promises(db, viewer, until=until), viewer),
        plans=draw_lines(dossiers.list_plans(db, viewer, today=today.isoformat(), until=until), viewer),
        region=knocks.find_knocks(db, viewer, ask(db, viewer, as_of=today)).report,
        changing_reviews=get_order(db, viewer).changing,
        today=today,
    )
