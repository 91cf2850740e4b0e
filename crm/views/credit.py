"""My coordination: what I and my agency did so that businesses are not asked twice. Of colleagues nothing is said by
name, and of other agencies only with whom something was done together."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug import Response

from crm import access
from crm.analysis.credit import GIVEN, HOLD, JOINT_VISIT, KNOCK, TAKEN, Deed, Tally, tally
from crm.analysis.days import get_date
from crm.extensions import get_db
from crm.graph.records import record_id
from crm.services import credit
from crm.services.credit import Credit
from crm.services.questions import Question
from crm.spreadsheets import Cell
from crm.views import credit_api as credit_api  # registers its endpoint
from crm.views import knock_words
from crm.views.downloads import send_table
from crm.views.formatting import plural
from crm.views.guard import get_viewer
from crm.views.knock_filters import list_options, list_values, read_question, write_args
from crm.views.knock_settings import keep_settings, list_settings
from crm.views.pages import read_page

bp = Blueprint("credit", __name__, url_prefix="/knocks/mine")
PER_PAGE = 50
# In the order of the page: what stands in an address, and the kinds of deeds behind it.
LISTS = {
    "holds": (HOLD,),
    "visits": (JOINT_VISIT,),
    "referrals": (GIVEN, TAKEN),
    "redundant": (KNOCK,),
}
WHOSE = ("me", "agency")


class Measure(NamedTuple):
    """A line of the overview; `whole` is what `number` is a part of."""

    label: str
    what: str
    number: Callable[[Tally], int]
    whole: Callable[[Tally], int] | None = None


MEASURES = (
    Measure("Holds respected", "holds", lambda t: t.holds_respected, lambda t: t.holds),
    Measure("Joint visits", "visits", lambda t: t.joint_visits),
    Measure("Referrals given and accepted", "referrals", lambda t: t.referrals_given),
    Measure("Referrals taken", "referrals", lambda t: t.referrals_taken),
    Measure("My knocks that others found redundant", "redundant", lambda t: t.redundant, lambda t: t.knocks),
)


class Line(NamedTuple):
    """A deed as a list shows it. `contact` is the id of a touchpoint of the agency's own, '' where there is none."""

    business: str
    name: str
    first: date
    last: date
    words: str
    contact: str


@bp.get("")
@access.member
def show() -> str:
    found, mine = _find()
    own = found.list_of(found.agencies[0])
    return _draw("show", found.question, measures=MEASURES, me=tally(mine), agency=tally(own))


@bp.get("/<any(holds, visits, referrals, redundant):what>")
@access.member
def show_list(what: str) -> str:
    """What stands behind a number of the overview."""
    found, mine = _find()
    whose = _read_whose()
    lines = _list_lines(found, mine, what, whose)
    page = min(read_page(), max(1, -(-len(lines) // PER_PAGE)))
    return _draw(
        "list",
        found.question,
        what=what,
        whose=whose,
        heading=_tell(what, lines, whose),
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(lines),
        page=page,
        per_page=PER_PAGE,
    )


@bp.get("/<any(overview, holds, visits, referrals, redundant):what>.<any(csv, xlsx):form>")
@access.member
def download(what: str, form: str) -> Response:
    found, mine = _find()
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    if what == "overview":
        me, agency = tally(mine), tally(found.list_of(found.agencies[0]))
        columns = ("What", "I", "of", "My agency", "of")
        rows = [
            (
                m.label,
                m.number(me),
                m.whole(me) if m.whole else None,
                m.number(agency),
                m.whole(agency) if m.whole else None,
            )
            for m in MEASURES
        ]
    else:
        columns = ("Business", "From", "To", "What", "Id")
        lines = _list_lines(found, mine, what, _read_whose())
        rows = [(line.name, line.first, line.last, line.words, line.business) for line in lines]
    day = get_date(found.question.as_of).isoformat()
    return send_table(form, f"my-{what}-{day}", *keep_settings(columns, rows, list_settings(found.question)))


def _find() -> tuple[Credit, list[Deed]]:
    """What counts for the reader's agency, and what of it is the reader's own."""
    db, viewer = get_db(), get_viewer()
    # Whose it is is no part of the question here.
    args = {name: value for name, value in request.args.items() if name not in ("agency", "program", "purpose")}
    found = credit.find_credit(db, viewer, read_question(db, viewer, args))
    return found, found.list_of_staff(credit.list_logged(db, viewer))


def _read_whose() -> str:
    whose = request.args.get("whose", "")
    return whose if whose in WHOSE else WHOSE[0]


def _list_lines(found: Credit, mine: list[Deed], what: str, whose: str) -> list[Line]:
    """Newest first; of knocks only the redundant ones."""
    deeds = mine if whose == "me" else found.list_of(found.agencies[0])
    chosen = [deed for deed in deeds if deed.kind in LISTS[what] and (deed.counts or deed.kind != KNOCK)]
    return [_make_line(found, deed) for deed in reversed(chosen)]


def _make_line(found: Credit, deed: Deed) -> Line:
    others = knock_words.shorten(found.directory.name_mask(deed.others))
    words = {
        HOLD: "Respected" if deed.counts else "We asked in between",
        JOINT_VISIT: f"Together with {others}",
        GIVEN: f"Given to {others}, which accepted",
        TAKEN: f"Taken from {others}",
        KNOCK: "Another door had asked the same kind of question before",
    }[deed.kind]
    # What was found by way of another agency's row may be opened from the business, where its walls stand.
    contact = record_id("Touchpoint", *deed.sources[0]) if deed.sources else ""
    name = found.names.get(deed.business, "")
    return Line(deed.business, name, get_date(deed.first), get_date(deed.last), words, contact)


def _tell(what: str, lines: list[Line], whose: str) -> str:
    whose_words = "of mine" if whose == "me" else "of my agency"
    if what == "holds":
        respected = sum(line.words == "Respected" for line in lines)
        return f"{respected} of {plural(len(lines), 'hold')} {whose_words} respected"
    named = {"visits": "joint visit", "referrals": "accepted referral", "redundant": "redundant knock"}
    return f"{plural(len(lines), named[what])} {whose_words}"


def _draw(template: str, question: Question, **values: Any) -> str:
    db, viewer, today = get_db(), get_viewer(), date.today()
    return render_template(
        f"credit/{template}.html",
        question=question,
        scope=knock_words.tell_scope(question),
        as_of=get_date(question.as_of),
        settings=list_settings(question),
        args=write_args(question, today=today),
        options=list_options(db, viewer),
        values=list_values(question, today=today),
        agency_name=current_user.agency_name,
        **values,
    )
