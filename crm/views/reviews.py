"""The review: are these the same? Two things side by side, one key an answer, and the next pair at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from crm import access
from crm.errors import Conflict, NotFound
from crm.extensions import get_db, wake_worker
from crm.graph.reviews import PAGE
from crm.services import judgements, review_pairs, reviews
from crm.services.judgements import kind_of
from crm.services.review_order import get_order
from crm.services.review_pairs import Pair
from crm.views import review_api as review_api  # registers its endpoints
from crm.views import review_words
from crm.views.guard import get_viewer
from crm.views.pages import flash_answer, read_page
from crm.views.review_forms import AnswerForm

bp = Blueprint("reviews", __name__, url_prefix="/review")
Page = str | Response | tuple[str, int]
KINDS = ("business", "person", "sites")


@bp.get("")
@access.member
def show_list() -> str:
    db, viewer, kind, page = get_db(), get_viewer(), _read_kind(), read_page()
    progress = reviews.find_progress(db, viewer)
    counts = get_order(db, viewer).counts
    return render_template(
        "reviews/list.html",
        progress=progress,
        rows=reviews.list_open(db, viewer, kind=kind, page=page),
        kind=kind,
        counts=counts,
        total=counts[kind],
        page=page,
        per_page=PAGE,
        words=review_words,
    )


@bp.get("/next")
@access.member
def show_next() -> Response:
    """The next pair, kept for whoever asks; the list, when there is none."""
    return redirect(_find_next(_read_kind()))


@bp.get("/waiting")
@access.member
def show_waiting() -> str | Response:
    """How many answers the region has yet to follow, for the pages that show it; with `then=reload` such a page is
    loaded again when there are none."""
    progress = reviews.find_progress(get_db(), get_viewer())
    if request.args.get("then") == "reload":
        return Response(status=204, headers={} if progress.waiting else {"HX-Refresh": "true"})
    return render_template("reviews/waiting.html", progress=progress)


@bp.get("/decisions")
@access.member
def show_decisions() -> str:
    """What was decided, by whom, when and why; first what contradicts itself."""
    db, viewer, kind, page = get_db(), get_viewer(), _read_kind(), read_page()
    verdict = request.args.get("verdict", "")
    verdict = verdict if verdict in review_words.VERDICT_WORDS else ""
    rows, has_more = judgements.list_decisions(db, viewer, kind=kind, verdict=verdict, page=page)
    return render_template(
        "reviews/decisions.html",
        rows=rows,
        has_more=has_more,
        page=page,
        kind=kind,
        verdict=verdict,
        conflicts=judgements.list_conflicts(db, viewer),
        disagreed=judgements.list_disagreed(db, viewer),
        progress=reviews.find_progress(db, viewer),
        people=review_words.name_people(db, viewer),
        words=review_words,
    )


@bp.get("/<pair>")
@access.member
def show(pair: str) -> str:
    db, viewer = get_db(), get_viewer()
    look = request.args.get("look")
    found = review_pairs.get_pair(db, viewer, pair, is_second=look == "second", is_check=look == "check")
    holder = reviews.keep_turn(db, viewer, pair, name=current_user.name)
    return _draw(found, AnswerForm(formdata=None), holder=holder)


@bp.post("/<pair>")
@access.member
def answer(pair: str) -> Page:
    """Give the answer and go on to the next pair; when somebody was faster, show the pair as it is now."""
    db, viewer, form = get_db(), get_viewer(), AnswerForm()
    is_second, is_check = form.second.data == "yes", form.check.data == "yes"
    if not form.validate():
        return _draw(review_pairs.get_pair(db, viewer, pair, is_second=is_second, is_check=is_check), form), 422
    names = review_pairs.name_pair(db, pair)
    try:
        done = review_pairs.answer(
            db, viewer, pair, form.said, seen=form.seen.data or "", why=form.why.data, about=form.about,
            moved_on=form.moved_on.data.isoformat() if form.moved_on.data else None, is_second=is_second,
            is_check=is_check,
        )  # fmt: skip
    except Conflict as faster:
        return _draw_conflict(pair, str(faster)), Conflict.status
    wake_worker()
    undo = "reviews.take_back_second" if is_second else "reviews.undo"
    back = url_for(undo, judgement_id=done.judgement, look="check" if is_check else None)
    flash_answer(review_words.tell_answer(form.said, *names), undo_url=back)
    return redirect(_find_next(_read_kind()), 303)


@bp.post("/judgements/<judgement_id>/undo")
@access.member
def undo(judgement_id: str) -> Response:
    """Take the last answer back, and show its pair again."""
    found = judgements.withdraw(get_db(), get_viewer(), judgement_id)
    wake_worker()
    flash("Taken back. Nothing is decided of these two.", "info")
    look = "check" if request.args.get("look") == "check" else None
    return redirect(url_for("reviews.show", pair=found.pair, look=look), 303)


@bp.post("/judgements/<judgement_id>/undo-second")
@access.member
def take_back_second(judgement_id: str) -> Response:
    pair = review_pairs.take_back_second(get_db(), get_viewer(), judgement_id)
    flash("Taken back.", "info")
    return redirect(url_for("reviews.show", pair=pair, look="second"), 303)


@bp.post("/judgements/<judgement_id>/withdraw")
@access.member
def withdraw(judgement_id: str) -> Response:
    """Take back any decision, from the list of them."""
    judgements.withdraw(get_db(), get_viewer(), judgement_id)
    wake_worker()
    flash("Taken back. The two are taken for what their records say, and may come up for review again.", "success")
    return redirect(url_for("reviews.show_decisions"), 303)


def _read_kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in KINDS else ""


def _read_only() -> str | None:
    """Whether this visitor goes through the pairs to check alone."""
    return "checks" if request.args.get("only") == "checks" else None


def _find_next(kind: str) -> str:
    """The address of the next pair, or of the list, which then says that there is none."""
    db, viewer, name, only = get_db(), get_viewer(), current_user.name, _read_only()
    take = reviews.take_check if only else reviews.take_next
    turn = take(db, viewer, name=name, kind=kind)
    if turn is None:
        return url_for("quality.show" if only else "reviews.show_list", kind=kind or None)
    look = "second" if turn.is_second else "check" if turn.is_check else None
    return url_for("reviews.show", pair=turn.pair, kind=kind or None, look=look, only=only)


def _draw_conflict(pair: str, faster: str) -> str:
    """The two as they are now, under the sentence that says so. An answer to this is one to what is there now."""
    db, viewer = get_db(), get_viewer()
    try:
        found = review_pairs.get_pair(db, viewer, pair)
    except NotFound as gone:
        raise Conflict(faster) from gone
    latest = judgements.find_latest(db, kind_of(pair), [*found.standing.members[0], *found.standing.members[1]])
    return _draw(found, AnswerForm(formdata=None), faster=faster, latest=latest)


def _draw(found: Pair, form: AnswerForm, **more: Any) -> str:
    db, viewer = get_db(), get_viewer()
    features = found.explanation.features
    return render_template(
        "reviews/show.html",
        found=found,
        form=form,
        choices=review_words.list_choices(found),
        rows=review_words.compare_sides(found),
        reasons_for=review_words.list_reasons(features, against=False),
        reasons_against=review_words.list_reasons(features, against=True),
        progress=reviews.find_progress(db, viewer),
        people=review_words.name_people(db, viewer) if found.standing.judgement or more.get("latest") else {},
        kind=_read_kind(),
        only=_read_only(),
        words=review_words,
        **{"holder": None, "faster": "", "latest": None, **more},
    )
