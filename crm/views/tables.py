"""Many tables: who sits where too often? Each number opens the names behind it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug import Response

from crm import access
from crm.analysis.days import get_date
from crm.analysis.tables import Tables
from crm.errors import CrmError, NotFound, Refused
from crm.extensions import get_db
from crm.services import tables
from crm.services.tables import AHEAD_DAYS
from crm.services.touchpoints import may_change
from crm.views import table_api as table_api  # registers its endpoints
from crm.views import table_lists, table_matrix, table_words
from crm.views.downloads import send_table
from crm.views.guard import get_viewer
from crm.views.knock_tables import Table
from crm.views.pages import read_page

bp = Blueprint("tables", __name__, url_prefix="/tables")
Page = str | tuple[str, int]
TOP = 8
PER_PAGE = 25
AHEAD = (30, AHEAD_DAYS, 183, 366)


@bp.get("")
@access.member
def show() -> Page:
    """The overlap matrix, who sits at most tables, and which could be merged."""
    asked = _ask()
    order, who, first = _read_order()
    return _draw(
        "show",
        asked,
        matrix=table_matrix.make_matrix(asked.found, order=order, who=who, first=first),
        order=order,
        who=who,
        first=first,
        top=asked.found.persons[:TOP],
    )


@bp.get("/register")
@access.member
def show_register() -> Page:
    asked = _ask()
    sort, descending = _read_sort(table_lists.REGISTER_SORTS, "table", descending=False)
    rows = table_lists.sort_rows(asked.found.standings, table_lists.REGISTER_SORTS, sort=sort, descending=descending)
    return _draw_paged("register", asked, rows, sort=sort, dir="desc" if descending else "asc")


@bp.get("/overlaps")
@access.member
def show_overlaps() -> Page:
    asked = _ask()
    return _draw_paged("overlaps", asked, asked.found.pairs)


@bp.get("/overlaps/<a>/<b>")
@access.member
def show_pair(a: str, b: str) -> Page:
    """Whom two tables share, by name."""
    asked = _ask()
    one, other = (tables.get_standing(asked.found, id) for id in (a, b))
    pair = asked.found.pairs_of.get(one.table.id, {}).get(other.table.id)
    return _draw("pair", asked, one=one, other=other, pair=pair)


@bp.get("/seats")
@access.member
def show_seats() -> Page:
    """The seat load of each person, or of each business."""
    asked, who = _ask(), _read_who()
    sort, descending = _read_sort(table_lists.LOAD_SORTS, "hours", descending=True)
    loads = asked.found.persons if who == "people" else asked.found.businesses
    rows = table_lists.sort_rows(loads, table_lists.LOAD_SORTS, sort=sort, descending=descending)
    return _draw_paged("seats", asked, rows, who=who, sort=sort, dir="desc" if descending else "asc")


@bp.get("/merge")
@access.member
def show_merge() -> Page:
    """What merging the chosen tables would save, before and after."""
    asked = _ask()
    chosen = request.args.getlist("table")[: tables.MOST_MERGED + 1]
    merge, refusal = None, asked.refusal
    try:
        merge = tables.find_merge(asked.found, chosen, stays=request.args.get("stays")) if chosen else None
    except (Refused, NotFound) as error:
        refusal = error
    values = {"merge": merge, "chosen": chosen, "stays": request.args.get("stays", ""), "refusal": refusal}
    return _draw("merge", asked, **values)


@bp.get("/calendar")
@access.member
def show_calendar() -> Page:
    """The coming meetings and planned asks, and which of them fall on the same people."""
    asked = _ask()
    calendar = tables.find_calendar(get_db(), get_viewer(), as_of=asked.day, days=_read_days())
    return _draw_paged(
        "calendar",
        asked,
        calendar.asks,
        calendar=calendar,
        counts=table_lists.count_clashes(calendar),
        days=_read_days(),
        ahead=[(str(days), f"{days} days") for days in AHEAD],
    )


@bp.get("/<table_id>")
@access.member
def show_one(table_id: str) -> Page:
    asked = _ask()
    found = tables.get_table(get_db(), get_viewer(), table_id, as_of=asked.day)
    pairs = list(asked.found.pairs_of.get(table_id, {}).values())
    may = may_change(get_viewer(), found.standing.table.agency_id)
    return _draw("one", asked, one=found, pairs=pairs, may_change=may)


@bp.get("/<name>.<any(csv, xlsx):form>")
@access.member
def download(name: str, form: str) -> Response:
    """A list of these pages as a file: all of its rows, in the order of the page."""
    asked = _ask()
    table = _make_table(name, asked)
    return send_table(form, f"tables-{name}-{get_date(asked.found.as_of).isoformat()}", table.columns, table.rows)


@bp.get("/<table_id>/<any(members, meetings):name>.<any(csv, xlsx):form>")
@access.member
def download_one(table_id: str, name: str, form: str) -> Response:
    found = tables.get_table(get_db(), get_viewer(), table_id, as_of=_ask().day)
    table = table_lists.make_members(found) if name == "members" else table_lists.make_meetings(found)
    return send_table(form, f"{name}-{table_id}", table.columns, table.rows)


@dataclass(frozen=True)
class _Asked:
    """The tables on the day of the address; `day` is None for today. `refusal`: why another day was not taken."""

    found: Tables
    day: date | None
    refusal: CrmError | None = None

    @property
    def args(self) -> dict[str, str]:
        return {"as_of": self.day.isoformat()} if self.day else {}


def _ask() -> _Asked:
    db, viewer = get_db(), get_viewer()
    text = request.args.get("as_of", "").strip()[:20]
    if not text:
        return _Asked(tables.find_tables(db, viewer), None)
    try:
        day = date.fromisoformat(text)
        return _Asked(tables.find_tables(db, viewer, as_of=day), day)
    except (ValueError, Refused) as error:
        refusal = error if isinstance(error, Refused) else Refused(f"“{text}” is not a date such as 2026-06-30.")
        return _Asked(tables.find_tables(db, viewer), None, refusal)


def _make_table(name: str, asked: _Asked) -> Table:
    found = asked.found
    order, who, first = _read_order()
    if name == "register":
        sort, descending = _read_sort(table_lists.REGISTER_SORTS, "table", descending=False)
        rows = table_lists.sort_rows(found.standings, table_lists.REGISTER_SORTS, sort=sort, descending=descending)
        return table_lists.make_register(rows)
    if name == "overlaps":
        return table_lists.make_pairs(found)
    if name == "matrix":
        matrix = table_matrix.make_matrix(found, order=order, who=who, first=first, most=None)
        return table_lists.make_matrix_table(matrix)
    if name == "seats":
        sort, descending = _read_sort(table_lists.LOAD_SORTS, "hours", descending=True)
        loads = found.persons if who == "people" else found.businesses
        return table_lists.make_loads(
            table_lists.sort_rows(loads, table_lists.LOAD_SORTS, sort=sort, descending=descending), who
        )
    if name == "merge":
        args = request.args
        return table_lists.make_merge(tables.find_merge(found, args.getlist("table"), stays=args.get("stays")))
    if name in ("calendar", "clashes"):
        calendar = tables.find_calendar(get_db(), get_viewer(), as_of=asked.day, days=_read_days())
        return table_lists.make_calendar(calendar) if name == "calendar" else table_lists.make_clashes(calendar)
    raise NotFound("There is no such table.")


def _read_order() -> tuple[str, str, str]:
    """In which order the matrix stands, what it counts, and which table comes first."""
    order = request.args.get("order", "")
    return order if order in table_matrix.ORDERS else "hours", _read_who(), request.args.get("first", "")[:20]


def _read_who() -> str:
    who = request.args.get("who", "")
    return who if who in table_matrix.WHO else "people"


def _read_sort(sorts: Any, usual: str, *, descending: bool) -> tuple[str, bool]:
    sort, way = request.args.get("sort", ""), request.args.get("dir", "")
    return sort if sort in sorts else usual, way == "desc" if way in ("asc", "desc") else descending


def _read_days() -> int:
    text = request.args.get("days", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= tables.MOST_AHEAD else AHEAD_DAYS


def _draw_paged(template: str, asked: _Asked, rows: Any, **values: Any) -> Page:
    page = min(read_page(), max(1, -(-len(rows) // PER_PAGE)))
    part = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    return _draw(template, asked, rows=part, total=len(rows), page=page, per_page=PER_PAGE, **values)


def _draw(template: str, asked: _Asked, **values: Any) -> Page:
    values = {"refusal": asked.refusal} | values
    page = render_template(
        f"tables/{template}.html",
        found=asked.found,
        words=table_words,
        orders=table_matrix.ORDERS,
        args=asked.args,
        as_of=get_date(asked.found.as_of),
        get_date=get_date,
        **values,
    )
    refusal = values["refusal"]
    return (page, refusal.status) if refusal else page
