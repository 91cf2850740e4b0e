"""Seats and meetings are added and ended here, by members of the agency whose table it is."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.errors import CrmError, NotFound
from crm.extensions import get_db
from crm.services import table_edits, tables
from crm.services.table_edits import Sitting
from crm.views.guard import get_viewer
from crm.views.pages import flash_answer
from crm.views.table_forms import EndForm, MeetingForm, SeatForm

bp = Blueprint("table_edits", __name__, url_prefix="/tables")
Answer = str | Response | tuple[str, int]


@bp.route("/<table_id>/seats/add", methods=["GET", "POST"])
@access.member
def add_seat(table_id: str) -> Answer:
    db, viewer, form = get_db(), get_viewer(), SeatForm()
    table = table_edits.get_own_table(db, viewer, table_id)

    def draw(wrong: str = "") -> str:
        return render_template("tables/add_seat.html", form=form, table=table, wrong=wrong)

    if not form.validate_on_submit():
        return (draw(), 422) if form.errors else draw()
    try:
        seat = table_edits.add_seat(db, viewer, table_id, _read_sitting(form), today=date.today())
    except CrmError as refusal:
        return _tell(refusal, draw)
    flash_answer("The seat is taken.", undo_url=url_for("table_edits.remove_seat", seat_id=seat))
    return redirect(url_for("tables.show_one", table_id=table_id), 303)


@bp.post("/seats/<seat_id>/remove")
@access.member
def remove_seat(seat_id: str) -> Response:
    """Take back that somebody was seated."""
    table = table_edits.remove_seat(get_db(), get_viewer(), seat_id)
    flash("Taken back.", "info")
    return _back(table)


@bp.route("/seats/<seat_id>/end", methods=["GET", "POST"])
@access.member
def end_seat(seat_id: str) -> Answer:
    db, viewer, today = get_db(), get_viewer(), date.today()
    seat = table_edits.get_seat(db, viewer, seat_id)
    form = EndForm(data={"on": today} if request.method == "GET" else None)

    def draw(wrong: str = "") -> str:
        return render_template("tables/end_seat.html", form=form, who=_name(seat_id), seat=seat, wrong=wrong)

    if not form.validate_on_submit() or form.on.data is None:
        return (draw(), 422) if form.errors else draw()
    try:
        table, revision = table_edits.end_seat(db, viewer, seat_id, on=form.on.data, today=today)
    except CrmError as refusal:
        return _tell(refusal, draw)
    undo = url_for("table_edits.undo_end", seat_id=seat_id, revision=revision)
    flash_answer(f"The seat ends on {form.on.data.isoformat()}.", undo_url=undo)
    return _back(table)


@bp.post("/seats/<seat_id>/undo-end/<int:revision>")
@access.member
def undo_end(seat_id: str, revision: int) -> Response:
    """Take back that a seat was ended."""
    table = table_edits.undo_end(get_db(), get_viewer(), seat_id, revision=revision)
    flash("Taken back: the seat goes on as before.", "info")
    return _back(table)


@bp.route("/<table_id>/meetings/add", methods=["GET", "POST"])
@access.member
def add_meeting(table_id: str) -> Answer:
    db, viewer, form = get_db(), get_viewer(), MeetingForm()
    table = table_edits.get_own_table(db, viewer, table_id)

    def draw(wrong: str = "") -> str:
        return render_template("tables/add_meeting.html", form=form, table=table, wrong=wrong)

    if not form.validate_on_submit() or form.on.data is None:
        return (draw(), 422) if form.errors else draw()
    try:
        meeting = table_edits.add_meeting(db, viewer, table_id, on=form.on.data, today=date.today())
    except CrmError as refusal:
        return _tell(refusal, draw)
    flash_answer("The meeting is noted.", undo_url=url_for("table_edits.remove_meeting", meeting_id=meeting))
    return _back(table_id)


@bp.post("/meetings/<meeting_id>/cancel")
@access.member
def cancel_meeting(meeting_id: str) -> Response:
    """Call a meeting off; it can be put back."""
    table = table_edits.cancel_meeting(get_db(), get_viewer(), meeting_id)
    undo = url_for("table_edits.restore_meeting", meeting_id=meeting_id)
    flash_answer("The meeting is called off.", undo_url=undo)
    return _back(table)


@bp.post("/meetings/<meeting_id>/remove")
@access.member
def remove_meeting(meeting_id: str) -> Response:
    """Take back that a meeting was added."""
    table = table_edits.remove_meeting(get_db(), get_viewer(), meeting_id)
    flash("Taken back.", "info")
    return _back(table)


@bp.post("/meetings/<meeting_id>/restore")
@access.member
def restore_meeting(meeting_id: str) -> Response:
    """Take back that a meeting was called off."""
    table = table_edits.restore_meeting(get_db(), get_viewer(), meeting_id)
    flash("Taken back: the meeting takes place.", "info")
    return _back(table)


def _name(seat_id: str) -> str:
    """Who sits there, and for whom."""
    reading = tables.read_tables(get_db(), get_viewer())
    seat = next((one for one in reading.seats if one.id == seat_id), None)
    if seat is None:
        raise NotFound("There is no such seat any more.")
    return " of ".join(reading.names[id] or "No name" for id in (seat.person, seat.business))


def _back(table_id: str) -> Response:
    return redirect(url_for("tables.show_one", table_id=table_id), 303)


def _tell(refusal: CrmError, draw: Callable[[str], str]) -> Answer:
    """The form again with why it was refused; what is not the form's fault goes on to the page of errors."""
    if refusal.status >= 500:
        raise refusal
    return draw(str(refusal)), refusal.status


def _read_sitting(form: SeatForm) -> Sitting:
    business, person = form.business_id.data or None, form.person_id.data or None
    return Sitting(
        business=business,
        new_business="" if business else form.business_id_text.data or "",
        person=person,
        new_person="" if person else form.person_id_text.data or "",
        begins_on=form.begins_on.data,
        ends_on=form.ends_on.data,
    )
