"""The room: the wall for everybody to read, and the page on each phone. Both go on when the network fails for a while.

Guests come in with the code and no account; a token in their cookie says who they are. No page here holds a name that
its owner has not shown, in what is read or behind it.
"""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug import Response as Answer

from crm import access
from crm.access import Viewer
from crm.errors import NotFound, Refused, SignInNeeded
from crm.extensions import get_db
from crm.graph import workshops as graph
from crm.json_values import to_json
from crm.services import limits, workshop_people, workshop_sayings, workshops
from crm.services.limits import Limit
from crm.services.workshop_figures import Room, open_room
from crm.services.workshop_people import Attendee
from crm.services.workshops import PLACES, STEPS
from crm.views import workshop_words
from crm.views.guard import get_viewer
from crm.views.workshop_forms import GuessForm, JoinForm, VoiceForm
from crm.views.workshop_tables import MOST_PAIRS, draw_tables

bp = Blueprint("workshop_rooms", __name__, url_prefix="/workshops")
Page = str | Answer | tuple[str, int]
MOST_TOKENS = 4
# A room of forty shares one address, so only wrong codes count.
WRONG_CODES = (Limit(20, 300), Limit(200, 300))


@bp.get("/<workshop_id>/wall")
@access.member
def wall(workshop_id: str) -> str:
    """All steps at once, of which one is shown; `?step=2` shows another without anybody else going there."""
    room = open_room(get_db(), workshop_id)
    said = request.args.get("step", "")
    shown = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else room.workshop.step
    return render_template(
        "workshops/wall.html",
        **workshop_words.draw_room(room),
        shown=min(shown, len(STEPS) - 1),
        leads=workshops.may_lead(room.workshop, get_viewer()) and room.workshop.ended_at is None,
        draw=workshop_words,
        code_picture=workshop_words.draw_code(room.workshop),
        join_address=workshop_words.join_address(room.workshop),
        rows=workshop_words.draw_rows(room),
        businesses=workshop_words.draw_businesses(room),
        earlier=workshop_words.draw_earlier(room, get_viewer()),
        charts_of=workshop_words.draw_charts(room),
        coverage=room.coverage,
        tables=draw_tables(room.tables, room.masks),
        most_pairs=MOST_PAIRS,
        covered=workshop_words.draw_coverage(room),
        rules=workshop_words.draw_rules(room),
        decisions=workshop_words.draw_decisions(room),
        version=room.version,
    )


@bp.get("/join")
@access.public
def join() -> Page:
    form = JoinForm(formdata=None, code=request.args.get("code", "")[:20])
    return render_template("workshops/join.html", form=form, member=_find_member())


@bp.post("/join")
@access.public
def come() -> Page:
    """Join with the code: whoever is signed in as a member, everybody else as a guest."""
    form, viewer, db = JoinForm(), _find_member(), get_db()
    if not form.validate():
        return render_template("workshops/join.html", form=form, member=viewer), 422
    wanted = [
        (f"workshop:address:{request.remote_addr}", WRONG_CODES[0]),
        ("workshop:everyone", WRONG_CODES[1]),
    ]
    limits.take(db, wanted)
    try:
        workshop = workshop_people.find_open(db, form.code.data or "")
    except NotFound as refusal:
        return render_template("workshops/join.html", form=form, member=viewer, wrong=str(refusal)), 404
    try:
        if viewer is not None:
            limits.give_back(db, wanted)
            workshop_people.join(db, viewer, workshop.id, name=current_user.name)
        else:
            _, token = workshop_people.join_as_guest(
                db, form.code.data or "", name=form.name.data or "", agency=form.agency.data or ""
            )
            limits.give_back(db, wanted)
            _keep_token(workshop.id, token)
    except Refused as refusal:
        # Counted, so that nobody can try out names.
        return render_template("workshops/join.html", form=form, member=viewer, wrong=str(refusal)), refusal.status
    return redirect(url_for("workshop_rooms.me", workshop_id=workshop.id), 303)


@bp.get("/<workshop_id>/me")
@access.public
def me(workshop_id: str) -> Page:
    """What one says oneself. A member is in with the first look; a stranger is asked for the code."""
    viewer = _find_member()
    if viewer is not None:
        workshop_people.join(get_db(), viewer, workshop_id, name=current_user.name)
    attendee = _find_attendee(workshop_id)
    if attendee is None:
        return redirect(url_for("workshop_rooms.join"))
    return _draw_me(open_room(get_db(), workshop_id), attendee)


@bp.get("/<workshop_id>/state")
@access.public
def state(workshop_id: str) -> Response:
    """Where the room is: small, because every phone asks every few seconds."""
    workshop = graph.get_workshop(get_db(), workshop_id)
    if g.viewer is None and _find_attendee(workshop_id) is None:
        raise NotFound("There is no such workshop.")
    answer = {
        "step": workshop.step,
        "elapsed": workshop_words.count_elapsed(workshop),
        "version": graph.read_version(get_db(), workshop_id),
        "ended": workshop.ended_at is not None,
    }
    return Response(to_json(answer), mimetype="application/json")


@bp.post("/<workshop_id>/guess")
@access.public
def guess(workshop_id: str) -> Page:
    attendee, form = _get_attendee(workshop_id), GuessForm()
    wrong = ""
    if form.validate():
        shared = form.shared.data
        given = {
            "knocks": form.knocks.data,
            "redundant": form.redundant.data,
            "shared": None if shared is None else shared / 100,
            "hours": form.hours.data,
        }
        try:
            workshop_sayings.guess(get_db(), attendee, workshop_id, given)
        except Refused as refusal:
            wrong = str(refusal)
        else:
            return _go_back(workshop_id, "Your guess is kept.")
    return _draw_me(open_room(get_db(), workshop_id), attendee, guess=form, wrong=wrong or "Write numbers only."), 422


@bp.post("/<workshop_id>/decisions/<key>/say")
@access.public
def say(workshop_id: str, key: str) -> Page:
    """Agree with a decision, or dissent."""
    attendee, form = _get_attendee(workshop_id), VoiceForm()
    if not form.validate():
        raise Refused("Say whether you agree or dissent.")
    workshop_sayings.say(
        get_db(), attendee, workshop_id, key, stance=form.stance.data or "", why=form.why.data or ""
    )  # fmt: skip
    return _go_back(workshop_id, "What you say is kept.")


@bp.post("/<workshop_id>/show")
@access.member
def show_agency(workshop_id: str) -> Answer:
    """Show the own agency's name and figures to the room."""
    workshop_people.show_agency(get_db(), get_viewer(), workshop_id, name=current_user.name)
    return _go_back(workshop_id, "The room reads your agency's name now.")


@bp.post("/<workshop_id>/hide")
@access.member
def hide_agency(workshop_id: str) -> Answer:
    workshop_people.hide_agency(get_db(), get_viewer(), workshop_id)
    return _go_back(workshop_id, "Your agency's name is masked again.")


@bp.get("/<workshop_id>/businesses/<mark>")
@access.member
def find_business(workshop_id: str, mark: str) -> Answer:
    """Which business a number is: only for an agency that knows it, and on another page."""
    room = open_room(get_db(), workshop_id)
    id = workshop_people.get_known_business(get_db(), get_viewer(), room.workshop, mark)
    return redirect(url_for("businesses.show", business_id=id))


@bp.post("/<workshop_id>/businesses/<mark>/show")
@access.member
def show_business(workshop_id: str, mark: str) -> Answer:
    workshop_people.show_business(get_db(), get_viewer(), workshop_id, mark, name=current_user.name)
    return _go_back(workshop_id, "The room reads the business's name now.")


@bp.post("/<workshop_id>/businesses/<mark>/hide")
@access.member
def hide_business(workshop_id: str, mark: str) -> Answer:
    workshop_people.hide_business(get_db(), get_viewer(), workshop_id, mark)
    return _go_back(workshop_id, "The business's name is masked again.")


def _find_member() -> Viewer | None:
    viewer: Viewer | None = g.viewer
    return viewer


def _find_attendee(workshop_id: str) -> Attendee | None:
    viewer = _find_member()
    if viewer is not None:
        id = graph.participant_id(workshop_id, viewer.user_id)
        return Attendee(id, current_user.name, viewer.agency_id, is_member=True)
    token = dict(cookie.get("rooms", ())).get(workshop_id)
    return workshop_people.find_guest(get_db(), workshop_id, token) if isinstance(token, str) else None


def _get_attendee(workshop_id: str) -> Attendee:
    attendee = _find_attendee(workshop_id)
    if attendee is None:
        raise SignInNeeded("Join the workshop with its code first; nothing was saved.")
    return attendee


def _keep_token(workshop_id: str, token: str) -> None:
    """In the cookie, with those of the few workshops before."""
    kept = [pair for pair in cookie.get("rooms", ()) if pair[0] != workshop_id]
    cookie["rooms"] = [*kept, [workshop_id, token]][-MOST_TOKENS:]
    cookie.permanent = True


def _go_back(workshop_id: str, text: str) -> Answer:
    """Back to the phone's page, which says what was saved; the script asks for no page and says it itself."""
    if request.headers.get("X-Room"):
        return Response(status=204)
    flash(text, "success")
    return redirect(url_for("workshop_rooms.me", workshop_id=workshop_id), 303)


def _draw_me(room: Room, attendee: Attendee, *, guess: GuessForm | None = None, wrong: str = "") -> str:
    own = room.agencies.get(attendee.agency or "")
    has_shown = attendee.agency in room.masks.shown
    sees = room.workshop.step >= PLACES["own"] and (attendee.is_member or has_shown)
    said = next((entry for entry in room.list_entries("guess") if entry.key == attendee.id), None)
    voices = {entry.data["decision"]: entry for entry in room.list_entries("voice") if entry.by == attendee.id}
    viewer = _find_member()
    known = workshop_people.list_known_businesses(get_db(), viewer, room.workshop) if viewer else []
    return render_template(
        "workshops/me.html",
        **workshop_words.draw_room(room),
        attendee=attendee,
        called=room.masks.call(attendee.agency) if attendee.agency and (attendee.is_member or has_shown) else "",
        has_shown=has_shown,
        own=own if sees else None,
        said=said,
        guess=guess or GuessForm(formdata=None, **workshop_words.fill_guess(said)),
        voices=voices,
        voice=VoiceForm(formdata=None),
        decisions=workshop_words.draw_decisions(room),
        numbered=[(room.masks.mark(id), room.masks.call(id), id in room.masks.shown) for id in known],
        draw=workshop_words,
        wrong=wrong,
        version=room.version,
    )
