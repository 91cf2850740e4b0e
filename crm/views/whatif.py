"""What if: what would the year have been, had these agencies shared a lead?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug import Response

from crm import access
from crm.analysis.days import get_date
from crm.analysis.settings import Settings
from crm.analysis.whatif_leads import AvoidedKnock
from crm.errors import CrmError, NotFound, Refused
from crm.extensions import get_db
from crm.graph.knocks import map_agencies
from crm.services.questions import ask
from crm.services.regions import get_cache
from crm.spreadsheets import Cell
from crm.views import knock_words
from crm.views.downloads import send_table
from crm.views.guard import get_viewer
from crm.views.knock_filters import list_options, list_values, write_args
from crm.views.knock_words import PURPOSE_WORDS
from crm.views.pages import read_page
from crm.views.whatif_filters import LETTERS, Tried, read_time, try_rules, write_view

bp = Blueprint("whatif", __name__, url_prefix="/whatif")
PER_PAGE = 50
LISTS = ("leads", "knocks")
LEAD_COLUMNS = ("Business", "Would lead", "Reached by it", "Agencies", "Knocks", "Avoided", "Id")
KNOCK_COLUMNS = ("Date", "Business", "Agencies", "Kind of question", "Hours of the business", "Hours of staff", "Id")


@bp.get("")
@access.member
def show() -> str | tuple[str, int]:
    db, viewer, today = get_db(), get_viewer(), date.today()
    refusal: CrmError | None = None
    try:
        question = read_time(db, viewer, request.args)
    except (Refused, NotFound) as refused:
        question, refusal = ask(db, viewer), refused
    tried = try_rules(db, viewer, question, request.args)
    done = [one for one in tried if one.rule is not None]
    shown = _choose(done)
    name = request.args.get("list", "")
    listing = name if name in LISTS else "leads"
    rows: list[Any] = list(getattr(shown.rule, listing)) if shown and shown.rule else []
    page = min(read_page(), max(1, -(-len(rows) // PER_PAGE)))
    names = sorted(map_agencies(db, viewer).values(), key=str.casefold)
    drawn = render_template(
        "whatif/show.html",
        names=names,
        tried=tried,
        done=done,
        shown=shown,
        listing=listing,
        rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(rows),
        page=page,
        per_page=PER_PAGE,
        best=max((one.rule.found.avoided.size for one in done if one.rule), default=0),
        is_empty=len(get_cache(db).get_region().contacts) == 0,
        question=question,
        refusal=refusal,
        options=list_options(db, viewer),
        values=list_values(question, today=today),
        args=write_view(tried, question, today=today),
        time_args=write_args(question, today=today),
        scope=knock_words.tell_period(question),
        settings=Settings(),
        purposes=PURPOSE_WORDS,
        day_of=get_date,
    )
    return drawn, refusal.status if refusal else 200


def _choose(done: list[Tried]) -> Tried | None:
    """The rule whose rows are shown: the one asked for, else the first."""
    asked = request.args.get("show", "")
    return next((one for one in done if one.letter == asked), done[0] if done else None)


@bp.get("/<any(leads, knocks):name>.<any(csv, xlsx):form>")
@access.member
def download(name: str, form: str) -> Response:
    """The rows of one rule as a file. Raises Refused where the address names none."""
    db, viewer = get_db(), get_viewer()
    question = read_time(db, viewer, request.args)
    tried = try_rules(db, viewer, question, request.args)
    shown = _choose([one for one in tried if one.rule is not None])
    if shown is None or shown.rule is None:
        said = next((one.refusal for one in tried if one.refusal), "")
        raise Refused(said or f"Say which agencies would have agreed, such as ?{LETTERS[0]}=WDB,College.")
    file = f"whatif-{name}-{get_date(question.as_of).isoformat()}"
    if name == "leads":
        leads = shown.rule.leads
        rows = [(r.name, r.lead, r.reached, r.agencies, r.knocks, r.avoided, r.business) for r in leads]
        return send_table(form, file, LEAD_COLUMNS, rows)
    return send_table(form, file, KNOCK_COLUMNS, map(_tell_knock, shown.rule.knocks))


def _tell_knock(knock: AvoidedKnock) -> Sequence[Cell]:
    purpose, day = PURPOSE_WORDS[knock.purpose_class], get_date(knock.day)
    hours = (knock.business_hours, knock.staff_hours)
    return (day, knock.name, knock.agencies, purpose, *hours, knock.business)
