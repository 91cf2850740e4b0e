"""Many knocks: how bad is it, and where? Each number opens the businesses, then their knocks, then the contacts."""

from datetime import date
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.analysis.days import get_date
from crm.errors import CrmError, NotFound, Refused
from crm.extensions import get_db
from crm.graph.driver import Store
from crm.services import knocks
from crm.services.dossiers import get_business_name, get_current_business_id
from crm.services.findings import Findings
from crm.services.questions import Question, ask
from crm.services.regions import get_cache
from crm.views import knock_api as knock_api  # registers its endpoints
from crm.views import knock_lists, knock_tables, knock_words
from crm.views.downloads import send_table
from crm.views.guard import get_viewer, is_stateless
from crm.views.knock_drawings import draw_charts, draw_knocks
from crm.views.knock_filters import list_options, list_values, read_question, write_args, write_year_args
from crm.views.knock_lists import Choice
from crm.views.knock_settings import keep_settings, list_settings
from crm.views.knock_strips import draw_strip
from crm.views.pages import read_page

bp = Blueprint("knocks", __name__, url_prefix="/knocks")
Row = TypeVar("Row")
Page = str | Response | tuple[str, int]
PER_PAGE = 50
TOP = 10
# How many agencies an agreement is proposed between, where it is proposed from the page of a business.
MOST_INVOLVED = 12


@bp.before_app_request
def read_ahead() -> None:
    """Whoever opens the sign-in page wants to see the region's numbers soon."""
    if not is_stateless():
        get_cache(get_db()).warm_up()


@bp.get("")
@access.member
def show() -> Page:
    db, viewer = get_db(), get_viewer()
    question, refusal = _read_or_tell(db, viewer)
    findings = knocks.find_knocks(db, viewer, question)
    report = findings.report
    before = knocks.find_knocks(db, viewer, question.before).report if report.knocks else None
    page = _draw(
        "show",
        findings,
        refusal=refusal,
        top=knock_lists.list_businesses(findings, Choice(), sort="knocks", descending=True).read_page(1, TOP),
        trend=knock_words.compare(report, before) if before else None,
        unknown=knock_words.list_unknown(report),
        marks=knock_words.draw_marks(findings.begun, report),
        hotspots=findings.list_hotspots(most=TOP),
        charts_of=draw_charts(findings, today=date.today()),
        counts={show: _count(findings, show) for show in ("redundant", "over", "hotspot")},
        assumed=knock_words.list_assumed(report, report.settings),
    )
    return page, refusal.status if refusal else 200


@bp.get("/businesses")
@access.member
def show_businesses() -> Page:
    """The businesses behind a number, to sort and to page through."""
    db, viewer = get_db(), get_viewer()
    findings = knocks.find_knocks(db, viewer, read_question(db, viewer, request.args))
    choice, sort, descending = _read_list()
    found = knock_lists.list_businesses(findings, choice, sort=sort, descending=descending)
    page = min(read_page(), max(1, -(-len(found) // PER_PAGE)))
    return _draw(
        "businesses",
        findings,
        choice=choice,
        heading=knock_lists.tell_choice(choice, len(found)),
        rows=found.read_page(page, PER_PAGE),
        total=len(found),
        page=page,
        sort=sort,
        dir="desc" if descending else "asc",
    )


@bp.get("/untouched")
@access.member
def show_untouched() -> Page:
    db, viewer = get_db(), get_viewer()
    findings = knocks.find_knocks(db, viewer, read_question(db, viewer, request.args))
    return _draw_list("untouched", findings, findings.untouched)


@bp.get("/asked-twice")
@access.member
def show_asked_twice() -> Page:
    db, viewer = get_db(), get_viewer()
    findings = knocks.find_knocks(db, viewer, read_question(db, viewer, request.args))
    shown, page = _cut(findings.asked_twice)
    return _draw(
        "asked_twice",
        findings,
        rows=shown,
        total=len(findings.asked_twice),
        page=page,
        staff=knocks.find_whom_to_ask(db, viewer, shown),
    )


@bp.get("/blanks")
@access.member
def show_blanks() -> Page:
    """Whose contacts left something blank, so that it had to be assumed."""
    db, viewer = get_db(), get_viewer()
    findings = knocks.find_knocks(db, viewer, read_question(db, viewer, request.args))
    return _draw_list("blanks", findings, findings.blanks)


@bp.get("/businesses/<business_id>")
@access.member
def show_business(business_id: str) -> Page:
    """The knocks on one business, each with the sentence why it counts as it does, and the contacts that made it."""
    db, viewer = get_db(), get_viewer()
    current = get_current_business_id(db, business_id)
    if current != business_id:
        query = request.query_string.decode("ascii", "ignore")
        return redirect(f"{url_for('knocks.show_business', business_id=current)}?{query}", 301)
    question = read_question(db, viewer, request.args)
    lines = knocks.list_knocks(db, viewer, current, question)
    page = min(read_page(), max(1, -(-len(lines) // PER_PAGE)))
    first = (page - 1) * PER_PAGE
    shown = lines[first : first + PER_PAGE]
    contacts = knocks.list_contacts(db, viewer, shown)
    return render_template(
        "knocks/business.html",
        business_id=current,
        name=get_business_name(db, current),
        lines=lines,
        strip=draw_strip(lines, question.period),
        drawn=draw_knocks(shown, contacts, own=current_user.agency_name, first=first + 1),
        page=page,
        per_page=PER_PAGE,
        counts={word: sum(line.outcome.word == word for line in lines) for word in knock_words.CLASS_WORDS},
        involved=sorted({name for line in lines for name in line.agencies})[:MOST_INVOLVED],
        **_words(question),
    )


@bp.get("/businesses/<business_id>/knocks.<any(csv, xlsx):form>")
@access.member
def download_business(business_id: str, form: str) -> Response:
    db, viewer = get_db(), get_viewer()
    question = read_question(db, viewer, request.args)
    table = knock_tables.make_knocks(knocks.list_knocks(db, viewer, business_id, question))
    return send_table(form, f"knocks-{business_id}", *keep_settings(*table, list_settings(question)))


@bp.get("/<name>.<any(csv, xlsx):form>")
@access.member
def download(name: str, form: str) -> Response:
    """A table of the page as a file: all of its rows, with the filters of the page."""
    if name not in ("asked-twice", "businesses", *knock_tables.MAKERS):
        raise NotFound("There is no such table.")
    db, viewer = get_db(), get_viewer()
    findings = knocks.find_knocks(db, viewer, read_question(db, viewer, request.args))
    if name == "businesses":
        choice, sort, descending = _read_list()
        chosen = knock_lists.list_businesses(findings, choice, sort=sort, descending=descending)
        table = knock_tables.make_businesses(chosen)
    elif name == "asked-twice":
        pairs = findings.asked_twice
        table = knock_tables.make_asked_twice(findings, knocks.find_whom_to_ask(db, viewer, pairs))
    else:
        table = knock_tables.make_table(name, findings)
    day = get_date(findings.question.as_of).isoformat()
    columns, rows = table
    if name != "settings":
        columns, rows = keep_settings(columns, rows, list_settings(findings.question, findings.report.settings))
    return send_table(form, f"knocks-{name}-{day}", columns, rows)


def _count(findings: Findings, show: str) -> int:
    return len(knock_lists.list_businesses(findings, Choice(show=show), sort="knocks", descending=True))


def _read_or_tell(db: Store, viewer: Viewer) -> tuple[Question, CrmError | None]:
    """The question of the address, or the usual one and why the other cannot be answered."""
    try:
        return read_question(db, viewer, request.args), None
    except (Refused, NotFound) as refusal:
        return ask(db, viewer), refusal


def _read_list() -> tuple[Choice, str, bool]:
    """Which businesses, by which column, and whether the greatest come first."""
    args = request.args
    choice = Choice(**{name: args.get(name, "")[:20] for name in ("show", "doors", "knocks")})
    usual = choice.show if choice.show in knock_lists.CLASSES else "knocks"
    sort = args.get("sort", "")
    return choice, sort if sort in knock_lists.SORTED_BY else usual, args.get("dir") != "asc"


def _cut(rows: list[Row]) -> tuple[list[Row], int]:
    """The rows of the page that is asked for, and its number."""
    page = min(read_page(), max(1, -(-len(rows) // PER_PAGE)))
    return rows[(page - 1) * PER_PAGE : page * PER_PAGE], page


def _draw_list(template: str, findings: Findings, rows: list[Any]) -> str:
    part, page = _cut(rows)
    return _draw(template, findings, rows=part, total=len(rows), page=page)


def _draw(template: str, findings: Findings, **values: Any) -> str:
    question, report = findings.question, findings.report
    db, viewer = get_db(), get_viewer()
    return render_template(
        f"knocks/{template}.html",
        report=report,
        findings=findings,
        per_page=PER_PAGE,
        is_empty=len(findings.history.region.rows) == 0,
        options=list_options(db, viewer),
        values=list_values(question, today=date.today()),
        year_args=write_year_args(question, today=date.today()),
        **_words(question),
        **values,
    )


def _words(question: Question) -> dict[str, Any]:
    return {
        "question": question,
        "settings": list_settings(question),
        "words": knock_words,
        "scope": knock_words.tell_scope(question),
        "as_of": get_date(question.as_of),
        "args": write_args(question, today=date.today()),
    }
