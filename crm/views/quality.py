"""Quality: how good is the matching, and what would other thresholds change? Each number opens the pairs behind it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.errors import Refused
from crm.extensions import get_db, wake_worker
from crm.graph import jobs, thresholds
from crm.graph.stale import Kind
from crm.services import quality
from crm.services.quality import CheckedPair, Trial
from crm.services.surveys import JOB, ask_for_survey
from crm.services.thresholds import set_thresholds as set_them
from crm.views import quality_api as quality_api  # registers its endpoints
from crm.views import quality_words, review_words
from crm.views.formatting import url_with
from crm.views.guard import get_viewer
from crm.views.jobs import draw_progress, progress_of
from crm.views.pages import flash_answer, read_page

bp = Blueprint("quality", __name__, url_prefix="/quality")
PER_PAGE = 25
SHOWN_PAIRS = 12


@bp.get("")
@access.member
def show() -> str:
    return _draw(_read_kind(), None)


@bp.get("/thresholds")
@access.member
def show_thresholds() -> str:
    """What other thresholds would change: by itself while a slider moves, else on the page."""
    kind = _read_kind()
    trial = quality.try_thresholds(
        get_db(), get_viewer(), kind, join=_read_number("join"), ask=_read_number("ask")
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render_template(
            "quality/trial.html", trial=trial, kind=kind, words=quality_words, shown_pairs=SHOWN_PAIRS
        )
    return _draw(kind, trial)


@bp.post("/thresholds")
@access.admin
def set_thresholds() -> Response:
    """Set other thresholds; a job matches all records anew."""
    db, viewer, kind = get_db(), get_viewer(), _read_kind()
    before = quality.find_quality(db, viewer, kind)
    set_them(db, viewer, kind, join=_read_number("join"), ask=_read_number("ask"))
    wake_worker()
    undo = url_for("quality.set_thresholds", kind=kind, join=before.join, ask=before.ask)
    flash_answer("These thresholds are set. All records are being matched anew.", undo_url=undo)
    return redirect(url_for("quality.show", kind=kind), 303)


@bp.post("/draw")
@access.member
def draw() -> Response:
    """Draw pairs to check, and try the thresholds anew."""
    kind = _read_kind()
    ask_for_survey(get_db(), get_viewer(), kind, mark=f"at-{get_db().clock()}")
    wake_worker()
    flash("All records are being looked at. This page shows when it is done.", "info")
    return redirect(url_for("quality.show", kind=kind), 303)


@bp.get("/progress")
@access.member
def show_progress() -> Response:
    """How far the job is, for the page that shows it."""
    kind = _read_kind()
    job = jobs.find_open(get_db(), JOB, subject=kind)
    return draw_progress(job, url_for("quality.show_progress", kind=kind), _tell_work(kind))


@bp.get("/pairs")
@access.member
def show_pairs() -> str:
    """The checked pairs behind a number."""
    db, viewer, kind, args = get_db(), get_viewer(), _read_kind(), request.args
    band = int(args["band"]) if args.get("band", "").isdigit() else None
    part = args.get("agency", "")[:60] or (f"case {args['case'][:60]}" if args.get("case") else "")
    verdict = args.get("said", "") if args.get("said") in quality_words.VERDICTS else ""
    found = quality.list_checked(db, viewer, kind, band=band, part=part, joined=_read_joined())
    chosen = [row for row in found if verdict in ("", row.said.verdict)]
    page = min(read_page(), max(1, -(-len(chosen) // PER_PAGE)))
    return render_template(
        "quality/pairs.html",
        heading=_tell_pairs(found),
        rows=chosen[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(chosen),
        page=page,
        per_page=PER_PAGE,
        kind=kind,
        verdict=verdict,
        verdict_tabs=_list_tabs(found, verdict),
        words=quality_words,
    )


def _list_tabs(found: list[CheckedPair], verdict: str) -> list[dict[str, Any]]:
    """One tab for everything that was said, with how often."""
    counts = {said: sum(row.said.verdict == said for row in found) for said in quality_words.VERDICTS}
    return [
        {
            "label": quality_words.VERDICTS[said].capitalize(),
            "url": url_with(said=said, page=None),
            "count": count,
            "current": said == verdict,
        }
        for said, count in counts.items()
        if count or said == verdict
    ]


def _tell_pairs(found: list[CheckedPair]) -> str:
    return "1 pair that was checked" if len(found) == 1 else f"{len(found)} pairs that were checked"


def _draw(kind: Kind, trial: Trial | None) -> str:
    db, viewer = get_db(), get_viewer()
    found = quality.find_quality(db, viewer, kind)
    history = thresholds.list_thresholds(db, viewer, kind)
    return render_template(
        "quality/show.html",
        quality=found,
        kind=kind,
        trial=trial,
        shown=progress_of(jobs.find_open(db, JOB, subject=kind)),
        label=_tell_work(kind),
        history=history,
        people=review_words.name_people(db, viewer) if history else {},
        words=quality_words,
        shown_pairs=SHOWN_PAIRS,
    )


def _tell_work(kind: Kind) -> str:
    return f"Looking at all {quality_words.NOUNS[kind][1]}"


def _read_kind() -> Kind:
    return "person" if request.args.get("kind") == "person" else "business"


def _read_joined() -> bool | None:
    return {"yes": True, "no": False}.get(request.args.get("joined", ""))


def _read_number(name: str) -> int:
    """A threshold of the query string. Raises Refused for what is no whole number."""
    try:
        return int(request.args.get(name, ""))
    except ValueError as error:
        raise Refused("A threshold is a whole number of points.") from error
