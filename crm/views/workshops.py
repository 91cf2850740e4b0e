"""Workshops: what have we done together, and what goes on now? For whoever leads one; the room has its own pages."""

from datetime import date
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from crm import access
from crm.errors import Conflict, NotFound, Refused
from crm.extensions import get_db
from crm.graph import workshops as graph
from crm.services import workshop_agreements, workshop_sayings, workshops
from crm.services.workshop_figures import Room, open_room
from crm.services.workshops import STEPS
from crm.views import workshop_words
from crm.views.guard import get_viewer
from crm.views.knock_filters import list_options
from crm.views.pages import flash_answer
from crm.views.touchpoint_forms import choices
from crm.views.workshop_forms import DecisionForm, StartForm, WhatIfForm

bp = Blueprint("workshops", __name__, url_prefix="/workshops")
Page = str | Response | tuple[str, int]


@bp.get("")
@access.member
def show_list() -> str:
    db, viewer = get_db(), get_viewer()
    return render_template(
        "workshops/list.html", rows=graph.list_workshops(db, viewer), words=workshop_words, steps=STEPS
    )


@bp.get("/new")
@access.member
def new() -> str:
    return _draw_new(StartForm(formdata=None, expected=6))


@bp.post("/new")
@access.member
def create() -> Page:
    form = StartForm()
    if not form.validate():
        return _draw_new(form), 422
    given = {name: (form[name].data or "").strip() or None for name in ("sector", "place", "size")}
    usual = " · ".join([given["sector"] or "All sectors", *filter(None, [given["place"]])])
    try:
        made = workshops.start(
            get_db(),
            get_viewer(),
            name=current_user.name,
            title=form.title.data or f"{usual}, {date.today():%B} {date.today().year}",
            expected=form.expected.data or 0,
            period=(form.first.data, form.last.data),
            window=form.window.data,
            **given,
        )
    except (Refused, NotFound) as refusal:
        return _draw_new(form, wrong=str(refusal)), refusal.status
    return redirect(url_for("workshops.show", workshop_id=made.id), 303)


def _draw_new(form: StartForm, wrong: str = "") -> str:
    options = list_options(get_db(), get_viewer())
    form.sector.choices = choices((("", "All sectors"), *options["sector"]))
    form.size.choices = choices((("", "All sizes"), *options.get("size", ())))
    return render_template("workshops/new.html", form=form, wrong=wrong)


@bp.get("/<workshop_id>")
@access.member
def show(workshop_id: str) -> str:
    """Where the facilitator leads from, and where everybody reads afterwards what was said."""
    return _draw(open_room(get_db(), workshop_id))


@bp.post("/<workshop_id>/step")
@access.member
def go(workshop_id: str) -> Response:
    """Go to a step (`step`, counted from 0)."""
    said = request.form.get("step", "")
    if not (said.isascii() and said.isdigit() and len(said) < 3):
        raise Refused("Say which step.")
    workshops.go(get_db(), get_viewer(), workshop_id, int(said))
    return redirect(url_for("workshops.show", workshop_id=workshop_id), 303)


@bp.post("/<workshop_id>/whatif")
@access.member
def ask_what_if(workshop_id: str) -> Page:
    form = WhatIfForm()
    try:
        workshop_sayings.ask_what_if(
            get_db(), get_viewer(), workshop_id, form.sharing.data or [], name=current_user.name
        )
    except Refused as refusal:
        return _draw(open_room(get_db(), workshop_id), wrong=str(refusal)), refusal.status
    return redirect(url_for("workshops.show", workshop_id=workshop_id, _anchor="whatif"), 303)


@bp.post("/<workshop_id>/decisions")
@access.member
def decide(workshop_id: str) -> Page:
    form = DecisionForm()
    wrong = ""
    if form.validate() and form.begins.data and form.review.data:
        try:
            workshop_sayings.decide(
                get_db(),
                get_viewer(),
                workshop_id,
                form.key.data or "",
                name=current_user.name,
                what=form.what.data or "",
                letters=form.letters.data or [],
                begins=form.begins.data,
                review=form.review.data,
                everywhere=form.everywhere.data,
            )
        except Refused as refusal:
            wrong = str(refusal)
        else:
            undo = url_for("workshops.take_back", workshop_id=workshop_id, kind="decision", key=form.key.data)
            flash_answer("The decision stands on the wall.", undo_url=undo)
            return redirect(url_for("workshops.show", workshop_id=workshop_id, _anchor="decisions"), 303)
    return _draw(open_room(get_db(), workshop_id), decision=form, wrong=wrong), 422


@bp.post("/<workshop_id>/<any(decision, whatif):kind>/<key>/take-back")
@access.member
def take_back(workshop_id: str, kind: str, key: str) -> Response:
    workshop_sayings.take_back(get_db(), get_viewer(), workshop_id, kind, key)
    undo = url_for("workshops.bring_back", workshop_id=workshop_id, kind=kind, key=key)
    flash_answer("Taken off the wall.", undo_url=undo)
    return redirect(url_for("workshops.show", workshop_id=workshop_id), 303)


@bp.post("/<workshop_id>/<any(decision, whatif):kind>/<key>/bring-back")
@access.member
def bring_back(workshop_id: str, kind: str, key: str) -> Response:
    workshop_sayings.bring_back(get_db(), get_viewer(), workshop_id, kind, key)
    flash("It stands on the wall again.", "info")
    return redirect(url_for("workshops.show", workshop_id=workshop_id), 303)


@bp.post("/<workshop_id>/decisions/<key>/propose")
@access.member
def propose(workshop_id: str, key: str) -> Page:
    """Make a decision a proposed agreement."""
    db, viewer = get_db(), get_viewer()
    try:
        workshop_agreements.propose(db, viewer, workshop_id, key, name=current_user.name)
    except (Refused, Conflict) as refusal:
        return _draw(open_room(db, workshop_id), wrong=str(refusal)), refusal.status
    undo = url_for("workshops.unpropose", workshop_id=workshop_id, key=key)
    flash_answer("Proposed. It counts once every agency that it binds has signed it.", undo_url=undo)
    return redirect(url_for("workshops.show", workshop_id=workshop_id, _anchor="decisions"), 303)


@bp.post("/<workshop_id>/decisions/<key>/unpropose")
@access.member
def unpropose(workshop_id: str, key: str) -> Response:
    workshop_agreements.take_back(get_db(), get_viewer(), workshop_id, key, today=date.today())
    flash("The proposal is withdrawn; the decision stands.", "info")
    return redirect(url_for("workshops.show", workshop_id=workshop_id, _anchor="decisions"), 303)


@bp.post("/<workshop_id>/end")
@access.member
def end(workshop_id: str) -> Response:
    workshops.end(get_db(), get_viewer(), workshop_id)
    undo = url_for("workshops.reopen", workshop_id=workshop_id)
    flash_answer("The workshop has ended. Nobody can say anything more in it.", undo_url=undo)
    return redirect(url_for("workshops.show", workshop_id=workshop_id), 303)


@bp.post("/<workshop_id>/reopen")
@access.member
def reopen(workshop_id: str) -> Response:
    workshops.reopen(get_db(), get_viewer(), workshop_id)
    flash("The workshop goes on.", "info")
    return redirect(url_for("workshops.show", workshop_id=workshop_id), 303)


def _draw(room: Room, *, decision: DecisionForm | None = None, wrong: str = "") -> str:
    viewer = get_viewer()
    decision = decision or DecisionForm(formdata=None, key=uuid4().hex, begins=date.today())
    rule = WhatIfForm(formdata=None)
    letters = [(room.masks.mark(id), room.masks.call(id)) for id in room.masks.agencies if id in room.agencies]
    known = {id for id in room.masks.agencies if room.agencies[id].knocks or id in room.present}
    offered = [(mark, name) for mark, name in letters if room.masks.find(mark) in known]
    decision.letters.choices = choices(tuple(offered))
    rule.sharing.choices = choices(tuple(offered))
    return render_template(
        "workshops/show.html",
        **workshop_words.draw_room(room),
        leads=workshops.may_lead(room.workshop, viewer),
        code_picture=workshop_words.draw_code(room.workshop),
        join_address=workshop_words.join_address(room.workshop),
        unreachable=workshop_words.is_unreachable(),
        rows=workshop_words.draw_rows(room),
        rules=workshop_words.draw_rules(room),
        decisions=workshop_words.draw_decisions(room),
        draw=workshop_words,
        decision=decision,
        tried=rule,
        wrong=wrong,
        outcomes=workshop_agreements.list_outcomes(room.db, viewer, room.entries, today=date.today()),
        masked=workshop_agreements.list_masked,
        earlier=workshop_words.draw_earlier(room, viewer),
        later=_compare(room) if room.workshop.ended_at is not None else None,
    )


def _compare(room: Room) -> dict[str, object]:
    """What was decided on, and what has become of it: the same question for the time up to today."""
    then, now = workshops.find_now(room.db, room.workshop, today=date.today())
    return {"then": then, "now": now, "change": workshop_words.tell_change(now, then)}
