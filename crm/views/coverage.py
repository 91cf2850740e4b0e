"""Coverage: alone or together? Each number opens the businesses, and the untouched ones lead to one joint visit."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from crm import access
from crm.access import Viewer
from crm.analysis.days import get_date
from crm.errors import CrmError, NotFound, Refused
from crm.extensions import get_db
from crm.graph import decision_makers
from crm.graph.driver import Store
from crm.services import coverage
from crm.services.coverage import CoverageFindings
from crm.services.decision_makers import warm_up
from crm.services.questions import Question, ask
from crm.views import coverage_api as coverage_api  # registers its endpoint
from crm.views import coverage_lists, coverage_tables, coverage_words, review_words
from crm.views.downloads import send_table
from crm.views.guard import get_viewer, is_stateless
from crm.views.knock_filters import list_options, list_values, read_question, write_args
from crm.views.pages import flash_answer, read_page

bp = Blueprint("coverage", __name__, url_prefix="/coverage")
Page = str | Response | tuple[str, int]
PER_PAGE = 50
TOP = 10
ASKED = ("sector", "place", "size", "as_of")


@bp.before_app_request
def read_ahead() -> None:
    """Whoever opens the sign-in page may want to see soon who has been met."""
    if not is_stateless():
        warm_up(get_db())


@bp.get("")
@access.member
def show() -> Page:
    db, viewer = get_db(), get_viewer()
    question, refusal = _read_or_tell(db, viewer)
    findings = coverage.find_coverage(db, viewer, question)
    mass = coverage.find_critical_mass(db, viewer, findings)
    untouched = coverage_lists.list_places(findings, coverage_lists.Choice(show="untouched"))
    goal = coverage.find_goal(db, viewer, question)
    page = _draw(
        "show",
        findings,
        refusal=refusal,
        mass=mass,
        gauges=coverage_words.list_gauges(mass),
        untouched=findings.read(untouched[:TOP]),
        untouched_total=len(untouched),
        rows=_list_rows(findings),
        settings=coverage_tables.MAKERS["settings"](db, viewer, findings).rows,
        goal=goal,
        goal_by=review_words.name_people(db, viewer).get(goal.by, goal.by) if goal else "",
        chosen={coverage.read_cell(cell) for cell in goal.strata} if goal else set[tuple[str, str]](),
    )
    return page, refusal.status if refusal else 200


@bp.get("/businesses")
@access.member
def show_businesses() -> Page:
    """The businesses behind a number."""
    findings = _find()
    choice = coverage_lists.read_choice(request.args)
    places = coverage_lists.list_places(findings, choice)
    page = min(read_page(), max(1, -(-len(places) // PER_PAGE)))
    return _draw(
        "businesses",
        findings,
        choice=choice,
        heading=coverage_lists.tell_choice(findings, choice, len(places)),
        rows=findings.read(places[(page - 1) * PER_PAGE : page * PER_PAGE]),
        total=len(places),
        page=page,
    )


@bp.get("/people")
@access.member
def show_people() -> Page:
    """The decision-makers who were met, and the people whose title nobody knows."""
    db, viewer, findings = get_db(), get_viewer(), _find()
    met = coverage.find_met(db, viewer, findings)
    ids = met.untitled if request.args.get("untitled") == "yes" else met.decision_makers
    people = decision_makers.list_people(db, viewer, ids)
    page = min(read_page(), max(1, -(-len(people) // PER_PAGE)))
    return _draw(
        "people",
        findings,
        met=met,
        is_untitled=request.args.get("untitled") == "yes",
        rows=people[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(people),
        page=page,
    )


@bp.get("/<name>.<any(csv, xlsx):form>")
@access.member
def download(name: str, form: str) -> Response:
    """A table of the page as a file: all of its rows, with the filters of the page."""
    if name != "businesses" and name not in coverage_tables.MAKERS:
        raise NotFound("There is no such table.")
    db, viewer, findings = get_db(), get_viewer(), _find()
    if name == "businesses":
        places = coverage_lists.list_places(findings, coverage_lists.read_choice(request.args))
        table = coverage_tables.make_businesses(findings.read(places))
    else:
        table = coverage_tables.MAKERS[name](db, viewer, findings)
    day = get_date(findings.question.as_of).isoformat()
    return send_table(form, f"coverage-{name}-{day}", table.columns, table.rows)


@bp.post("/goals")
@access.admin
def set_goals() -> Response:
    """Set what critical mass needs in the sector of the page."""
    db, viewer = get_db(), get_viewer()
    question = _read(db, viewer, request.args)
    cells = [coverage.read_cell(text[:60]) for text in request.form.getlist("stratum")]
    id = coverage.set_goals(db, viewer, question, strata=cells, jobs=_read_share(request.form.get("jobs", "")))
    flash_answer(
        "What critical mass needs is set, for everybody who looks at this sector.",
        undo_url=url_for("coverage.undo_goals", goal_id=id, **_args(question)),  # type: ignore[arg-type]
    )
    return redirect(_url(question), 303)


@bp.post("/goals/<goal_id>/undo")
@access.admin
def undo_goals(goal_id: str) -> Response:
    db, viewer = get_db(), get_viewer()
    question = _read(db, viewer, request.args)
    coverage.undo_goals(db, viewer, goal_id)
    flash("Taken back: what was set before counts again.", "info")
    return redirect(_url(question), 303)


def _find() -> CoverageFindings:
    db, viewer = get_db(), get_viewer()
    return coverage.find_coverage(db, viewer, _read(db, viewer, request.args))


def _read(db: Store, viewer: Viewer, args: MultiDict[str, str]) -> Question:
    """The question of an address: only what matters to coverage is read."""
    return read_question(db, viewer, {name: args[name] for name in ASKED if name in args})


def _read_or_tell(db: Store, viewer: Viewer) -> tuple[Question, CrmError | None]:
    """The question of the address, or the usual one and why the other cannot be answered."""
    try:
        return _read(db, viewer, request.args), None
    except (Refused, NotFound) as refusal:
        return ask(db, viewer), refusal


def _read_share(text: str) -> float | None:
    """A percentage as somebody types it, as a share of 1; None for a blank. Raises Refused."""
    said = text.strip().removesuffix("%").strip().replace(",", ".")
    if not said:
        return None
    try:
        return float(said) / 100
    except ValueError as error:
        raise Refused(f"“{text}” is no percentage. Write a number such as 40.") from error


def _args(question: Question) -> dict[str, str]:
    return write_args(question, today=date.today())


def _url(question: Question) -> str:
    return url_for("coverage.show", **_args(question)) + "#critical-mass"  # type: ignore[arg-type]


def _list_rows(findings: CoverageFindings) -> list[tuple[str, list[Any]]]:
    """The matrix: each sub-sector with its cells, by size."""
    strata, cells = findings.coverage.strata, findings.coverage.cells
    width = len(strata.sizes)
    return [(name, list(cells[row * width : (row + 1) * width])) for row, name in enumerate(strata.sub_sectors)]


def _draw(template: str, findings: CoverageFindings, **values: Any) -> str:
    question, db, viewer = findings.question, get_db(), get_viewer()
    scope = coverage_words.tell_scope(question)
    return render_template(
        f"coverage/{template}.html",
        findings=findings,
        coverage=findings.coverage,
        question=question,
        words=coverage_words,
        scope=scope,
        args=_args(question),
        options=list_options(db, viewer),
        values=list_values(question, today=date.today()),
        as_of=get_date(question.as_of),
        per_page=PER_PAGE,
        **values,
    )
