"""Agreements: what have agencies agreed, who has signed, and what has changed since?"""

from datetime import date, timedelta
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from crm import access
from crm.access import Viewer
from crm.analysis.days import get_date
from crm.analysis.protocols import CountedKnock
from crm.errors import CrmError, NotFound, Refused
from crm.extensions import get_db
from crm.graph import agencies, staff
from crm.graph.driver import Store
from crm.services import agreement_changes, agreement_lists, agreements, lookups
from crm.services.agreement_lists import Shown
from crm.services.agreements import Done, Terms
from crm.services.dossiers import find_business_name, find_current_business_id
from crm.services.region_rows import join_prefixes
from crm.views import agreement_api as agreement_api  # registers its endpoints
from crm.views import agreement_words as words
from crm.views import knock_words
from crm.views.agreement_forms import EndForm, LeadForm, ProposalForm, ReviewForm
from crm.views.downloads import send_table
from crm.views.guard import get_viewer
from crm.views.knock_filters import list_sector_options
from crm.views.pages import flash_answer, read_page

bp = Blueprint("agreements", __name__, url_prefix="/agreements")
Page = str | Response | tuple[str, int]
REVIEW_DAYS = 182
MOST_NAMED = 50
PER_PAGE = 50
KNOCK_COLUMNS = ("Date", "Business", "Agencies", "Counts as", "Side", "Id")
SIDES = {False: "before", True: "since"}


@bp.get("")
@access.member
def show_list() -> str:
    db, viewer, today = get_db(), get_viewer(), date.today()
    shown = agreement_lists.list_agreements(db, viewer, today=today)
    return render_template(
        "agreements/list.html",
        shown=shown,
        changes=agreement_changes.find_changes(db, viewer, as_of=today),
        words=words,
        today=today,
        waiting=[one for one in shown if one.state == "proposed" and viewer.agency_id in dict(one.missing)],
        due=[one for one in shown if one.is_review_due(today)],
    )


@bp.get("/new")
@access.member
def new() -> Page:
    """The form, filled in with what the address says: where the problem was seen, and between whom."""
    db, viewer = get_db(), get_viewer()
    try:
        form = _make_form(db, viewer)
    except (Refused, NotFound) as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("agreements.new"), 303)
    return _draw_form(form)


def _make_form(db: Store, viewer: Viewer) -> ProposalForm:
    args, today = request.args, date.today()
    said = [name for value in args.getlist("agencies") for name in value.split(",") if name.strip()]
    bound = list(dict.fromkeys(lookups.get_agency(db, viewer, name.strip()).id for name in said))
    named = [id for id in (find_current_business_id(db, id) for id in args.getlist("business")) if id]
    begins_on = _read_day(args.get("from")) or today
    form = ProposalForm(
        formdata=None,
        key=uuid4().hex,
        name=args.get("name", "")[:300],
        agencies=bound or ([viewer.agency_id] if viewer.agency_id else []),
        begins_on=begins_on,
        ends_on=_read_day(args.get("to")),
        sector=args.get("sector", "")[:200],
        places=args.get("place", "")[:200],
        businesses=named[:MOST_NAMED],
        lead=args.get("lead", "")[:300],
        review_on=begins_on + timedelta(days=REVIEW_DAYS),
    )
    return _fill_choices(db, viewer, form)


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(f"“{text}” is not a date such as 2026-06-30.") from error


def _fill_choices(db: Store, viewer: Viewer, form: ProposalForm) -> ProposalForm:
    form.agencies.choices = [(agency.id, agency.name) for agency in agencies.list_agencies(db, viewer)]
    form.sector.choices = [("", "All sectors"), *list_sector_options(db)]
    chosen = list(dict.fromkeys(form.businesses.data or []))[:MOST_NAMED]
    form.businesses.choices = [(id, name) for id in chosen if (name := find_business_name(db, id)) is not None]
    return form


def _draw_form(form: ProposalForm, refusal: CrmError | None = None) -> str:
    db, viewer = get_db(), get_viewer()
    names = [agency.name for agency in agencies.list_agencies(db, viewer)]
    return render_template("agreements/new.html", form=form, refusal=refusal, leaders=names)


@bp.post("/new")
@access.member
def propose() -> Page:
    db, viewer = get_db(), get_viewer()
    form = _fill_choices(db, viewer, ProposalForm())
    if not form.validate():
        return _draw_form(form), 422
    try:
        done = agreements.propose(db, viewer, _read_terms(db, form), key=form.key.data or "")
    except CrmError as refusal:
        return _draw_form(form, refusal), refusal.status
    flash_answer(
        f"“{form.name.data}” is proposed. It counts when all have signed.",
        undo_url=url_for("agreements.undo", agreement_id=done.id, no=done.no),
    )
    return redirect(url_for("agreements.show", agreement_id=done.id), 303)


def _read_terms(db: Store, form: ProposalForm) -> Terms:
    named = lookups.find_sector(db, form.sector.data) if form.sector.data else None
    places = form.places.data or ""
    if named and not places.strip():
        places = ";".join(named.sector.places)
    more = find_current_business_id(db, form.business_id.data or "")
    if form.business_id_text.data and more is None:
        raise Refused("Choose the business from those that are offered, or leave the field blank.")
    return Terms(
        name=form.name.data or "",
        agencies=tuple(form.agencies.data or ()),
        begins_on=form.begins_on.data or date.today(),
        ends_on=form.ends_on.data,
        sector=join_prefixes(named.sector.naics) if named else "",
        sector_name=named.title if named else "",
        places=places.replace(",", ";"),
        businesses=tuple(dict.fromkeys([*(form.businesses.data or ()), *([more] if more else ())])),
        lead=form.lead.data or "",
        backup=form.backup.data or "",
        review_on=form.review_on.data,
        note=form.note.data or "",
    )


@bp.get("/<agreement_id>")
@access.member
def show(agreement_id: str) -> str:
    return _draw(agreement_id)


def _draw(agreement_id: str, *, refused: CrmError | None = None) -> str:
    db, viewer, today = get_db(), get_viewer(), date.today()
    found = agreement_lists.get_agreement(db, viewer, agreement_id, today=today)
    change = agreement_changes.find_changes(db, viewer, as_of=today, id=agreement_id).get(agreement_id)
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    shown = found.shown
    return render_template(
        "agreements/show.html",
        found=found,
        shown=shown,
        change=change,
        drawn=words.draw_change(change) if change else None,
        names=names,
        words=words,
        today=today,
        refused=refused,
        may_sign=viewer.agency_id in dict(shown.missing) and shown.state == "proposed",
        own=current_user.agency_name,
        leaders=_list_leaders(db, viewer, shown) if shown.is_ours else [],
        end_form=EndForm(formdata=None, on=today),
        review_form=ReviewForm(formdata=None, on=date.fromisoformat(shown.review_on) if shown.review_on else None),
        lead_form=LeadForm(formdata=None),
    )


@bp.get("/<agreement_id>/knocks")
@access.member
def show_knocks(agreement_id: str) -> str:
    """The knocks behind a number of before and since."""
    db, viewer, today = get_db(), get_viewer(), date.today()
    shown = agreement_lists.get_agreement(db, viewer, agreement_id, today=today).shown
    rows = _choose_knocks(agreement_id, today)
    page = min(read_page(), max(1, -(-len(rows) // PER_PAGE)))
    return render_template(
        "agreements/knocks.html",
        shown=shown,
        rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(rows),
        page=page,
        per_page=PER_PAGE,
        args={name: request.args[name] for name in ("side", "of") if request.args.get(name)},
        classes=knock_words,
        day_of=get_date,
    )


@bp.get("/<agreement_id>/knocks.<any(csv, xlsx):form>")
@access.member
def download_knocks(agreement_id: str, form: str) -> Response:
    rows = (
        (get_date(k.day), k.name, k.agencies, knock_words.CLASS_WORDS[k.outcome.word], SIDES[k.is_after], k.business)
        for k in _choose_knocks(agreement_id, date.today())
    )
    return send_table(form, f"agreement-{agreement_id}-knocks", KNOCK_COLUMNS, rows)


def _choose_knocks(agreement_id: str, today: date) -> list[CountedKnock]:
    """Those of the address: `side` is before or since, `of` redundant or followed; else all."""
    db, viewer = get_db(), get_viewer()
    agreement_lists.get_agreement(db, viewer, agreement_id, today=today)
    side, of = request.args.get("side", ""), request.args.get("of", "")
    return [
        knock
        for knock in agreement_changes.list_knocks(db, viewer, agreement_id, as_of=today)
        if (side not in ("before", "since") or knock.is_after == (side == "since"))
        and (of != "redundant" or knock.outcome.word == "redundant")
        and (of != "followed" or knock.is_followed)
    ]


def _list_leaders(db: Store, viewer: Viewer, shown: Shown) -> list[str]:
    """Whom to offer as lead: the agencies, and the people in their contacts."""
    known = [one.email for id, _ in shown.agencies for one in staff.list_staff(db, id, viewer=viewer, limit=100)]
    return [*(name for _, name in shown.agencies), *(email for email in known if email)]


@bp.post("/<agreement_id>/sign")
@access.member
def sign(agreement_id: str) -> Page:
    done = agreements.sign(get_db(), get_viewer(), agreement_id)
    shown = agreement_lists.get_agreement(get_db(), get_viewer(), agreement_id, today=date.today()).shown
    if shown.missing:
        text = f"Signed for {current_user.agency_name}. It counts when all have signed."
    elif shown.state == "signed":
        text = "Signed. All have signed, so it counts from its first day on."
    else:
        text = "Signed. All have signed: the agreement is in force."
    return _answer(done, text)


@bp.post("/<agreement_id>/withdraw")
@access.member
def withdraw(agreement_id: str) -> Page:
    return _answer(agreements.withdraw(get_db(), get_viewer(), agreement_id, today=date.today()), "Withdrawn.")


@bp.post("/<agreement_id>/end")
@access.member
def end(agreement_id: str) -> Page:
    form = EndForm()
    if not form.validate():
        return _refuse(agreement_id, Refused("Say which is the last day, such as 2026-06-30."))
    assert form.on.data is not None
    try:
        done = agreements.end(get_db(), get_viewer(), agreement_id, on=form.on.data, today=date.today())
    except Refused as refusal:
        return _refuse(agreement_id, refusal)
    return _answer(done, f"Ended; the last day is {words.calendar_date(form.on.data)}.")


@bp.post("/<agreement_id>/review")
@access.member
def set_review(agreement_id: str) -> Page:
    form = ReviewForm()
    if not form.validate():
        return _refuse(agreement_id, Refused("Write the day of the review as a date, such as 2026-06-30."))
    done = agreements.set_review(get_db(), get_viewer(), agreement_id, on=form.on.data)
    return _answer(done, "The day of the review is set." if form.on.data else "There is no day of review any more.")


@bp.post("/<agreement_id>/leads")
@access.member
def set_lead(agreement_id: str) -> Page:
    db, form = get_db(), LeadForm()
    business = find_current_business_id(db, form.business_id.data or "")
    try:
        if not form.validate() or (form.business_id_text.data and business is None):
            raise Refused("Choose the business from those that are offered, or leave the field blank.")
        done = agreements.set_lead(
            db,
            get_viewer(),
            agreement_id,
            lead=form.lead.data or "",
            backup=form.backup.data or "",
            business=business,
        )
    except Refused as refusal:
        return _refuse(agreement_id, refusal)
    return _answer(done, "Said. The lead holds when every agency that is bound has agreed.")


@bp.post("/<agreement_id>/leads/<int:no>/agree")
@access.member
def agree(agreement_id: str, no: int) -> Page:
    return _answer(agreements.agree_to_lead(get_db(), get_viewer(), agreement_id, no), "Agreed to the lead.")


@bp.post("/<agreement_id>/undo/<int:no>")
@access.member
def undo(agreement_id: str, no: int) -> Page:
    """Take back the last step."""
    db, viewer = get_db(), get_viewer()
    agreements.undo(db, viewer, agreement_id, no)
    flash("Taken back.", "info")
    if agreement_lists.list_agreements(db, viewer, today=date.today(), id=agreement_id):
        return redirect(url_for("agreements.show", agreement_id=agreement_id), 303)
    return redirect(url_for("agreements.show_list"), 303)


def _answer(done: Done, text: str) -> Response:
    flash_answer(text, undo_url=url_for("agreements.undo", agreement_id=done.id, no=done.no))
    return redirect(url_for("agreements.show", agreement_id=done.id), 303)


def _refuse(agreement_id: str, refusal: CrmError) -> tuple[str, int]:
    return _draw(agreement_id, refused=refusal), refusal.status
