"""Search: do we know them? A page of results, what a box shows as one types, and what the picker of a form offers."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, render_template, request, url_for
from markupsafe import Markup, escape

from crm import access
from crm.access import Viewer
from crm.extensions import get_db
from crm.graph import agencies, sectors
from crm.graph.driver import Store
from crm.graph.search import BusinessRow, PersonRow
from crm.search.filters import Filter
from crm.services import search as searches
from crm.services.finders import get_finder
from crm.services.search import PAGE, FoundBusiness
from crm.spreadsheets import Cell, write_csv, write_xlsx
from crm.views.api import endpoint
from crm.views.formatting import plural
from crm.views.guard import get_viewer
from crm.views.pages import read_page
from crm.views.params import Param

bp = Blueprint("search", __name__, url_prefix="/search")
# What an address of results may say; the kind and the page come on top.
ASKED = ("q", "sector", "place", "agency", "never")
MOST_LETTERS = 200
PICKED = 8
BUSINESS_COLUMNS = ("name", "street", "city", "county", "phone", "agencies", "records", "contacts", "last_contact_on",
                    "closed_on")  # fmt: skip
PERSON_COLUMNS = ("name", "title", "business", "city", "phone", "email", "do_not_contact", "agencies")
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.before_app_request
def read_ahead() -> None:
    """The first page that a member opens makes the index ready, so that it is there when they search."""
    if g.get("viewer") is not None:
        get_finder(get_db()).warm_up()


@bp.get("")
@access.member
def show() -> str:
    db, viewer = get_db(), get_viewer()
    text, people, only = read_text(), request.args.get("kind") == "people", read_filter(db)
    page = read_page()
    found = searches.search(db, viewer, text, only=only, first=(page - 1) * PAGE, people=people)
    total = found.person_count if people else found.business_count
    if page > 1 and (page - 1) * PAGE >= total:
        # A page that is not there (any more): the last one that is.
        page = max(1, -(-total // PAGE))
        found = searches.search(db, viewer, text, only=only, first=(page - 1) * PAGE, people=people)
    return render_template(
        "search/show.html",
        found=found,
        people=people,
        total=total,
        searched=text,
        is_filtered=bool(only),
        can_add=is_name(text),
        page=page,
        per_page=PAGE,
        own=viewer.agency_id,
        today=date.today().isoformat(),
        kept=[(name, request.args[name]) for name in ("q", "kind") if request.args.get(name)],
        agency_names=_name_agencies(db, viewer),
        sector_names=_name_sectors(db),
        csv_url=_link_download("csv", people=people),
        xlsx_url=_link_download("xlsx", people=people),
    )


def _link_download(form: str, *, people: bool) -> str:
    kept = {name: request.args[name] for name in ASKED if request.args.get(name)}
    path = url_for("search.download", kind="people" if people else "businesses", form=form)
    return f"{path}?{urlencode(kept)}" if kept else path


@bp.get("/<any(businesses, people):kind>.<any(csv, xlsx):form>")
@access.member
def download(kind: str, form: str) -> Response:
    """All results, not only a page of them."""
    db, viewer = get_db(), get_viewer()
    text, only = read_text(), read_filter(db)
    names = _name_agencies(db, viewer)
    if kind == "people":
        columns, rows = PERSON_COLUMNS, searches.list_person_rows(db, viewer, text, only=only)
    else:
        columns, rows = BUSINESS_COLUMNS, searches.list_business_rows(db, viewer, text, only=only)
    chunks = WRITERS[form](columns, list(_list_cells(rows, columns, names)))
    # A table that cannot be written is refused with the first chunk, before the answer begins.
    first = next(chunks)
    name = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    return Response(chain([first], chunks), mimetype=MIMETYPES[form], headers=name)


def _list_cells(
    rows: Iterator[BusinessRow] | Iterator[PersonRow], columns: tuple[str, ...], names: dict[str, str]
) -> Iterator[list[Cell]]:
    for row in rows:
        known = sorted(names[id] for id in row.agency_ids if id in names)
        yield [known if column == "agencies" else getattr(row, column) for column in columns]


@bp.get("/suggest")
@access.member
def suggest() -> str:
    """What the search box shows as one types."""
    text = read_text()
    if not text.strip():
        return ""
    rows, found = searches.suggest(get_db(), get_viewer(), text)
    more = found.business_count + found.person_count - len(rows)
    return render_template(
        "search/options.html",
        items=[_draw_option(row, found.lights) for row in rows],
        more_url=url_for("search.show", q=text) if more > 0 else "",
        more=f"See all: {_count_words(found)}",
        add_url=url_for("touchpoints.log", name=text.strip()) if is_name(text) else "",
        add=f"Log a first contact with “{text.strip()}”"
        if rows
        else f"No one knows “{text.strip()}” yet: log a contact",
    )


@bp.get("/pick")
@access.member
def pick() -> str:
    """What the picker of a business (`kind=people`: of a person) offers; it names its text field as it likes."""
    text = next((value for name, value in request.args.items() if name.endswith("_text")), "")[:MOST_LETTERS].strip()
    prefix = request.args.get("prefix", "")
    prefix = prefix if re.fullmatch(r"[\w-]{1,40}", prefix) else "pick"
    if not text:
        return render_template("search/picks.html", items=[], prefix=prefix, known="")
    db, viewer, people = get_db(), get_viewer(), request.args.get("kind") == "people"
    found = searches.search(db, viewer, text, most=PICKED, people=people)
    return render_template(
        "search/picks.html",
        items=[_draw_option(row, found.lights) for row in (found.people if people else found.businesses)],
        prefix=prefix,
        known=_tell_known_people(text, found.people) if people else _tell_known_businesses(text, found.businesses),
    )


@bp.get("/known")
@access.member
def show_known() -> str | Markup:
    """What a form says beside the name of a new person: that somebody of that name is known."""
    text = request.args.get("new_person", "")[:MOST_LETTERS].strip()
    if not is_name(text):
        return ""
    found = searches.search(get_db(), get_viewer(), text, most=PICKED, people=True)
    return escape(_tell_known_people(text, found.people))


def _tell_known_businesses(text: str, rows: list[BusinessRow]) -> str:
    known = searches.list_known(text, rows)
    if not known:
        return ""
    first = known[0]
    place = ", ".join(part for part in (first.street, first.city) if part)
    others = f", and {plural(len(known) - 1, 'other business', 'other businesses')} of such a name" if known[1:] else ""
    who = plural(len(first.agency_ids), "agency already knows", "agencies already know")
    return f"{who} {first.name}{f' ({place})' if place else ''}{others}. Choose it, unless yours is another one."


def _tell_known_people(text: str, rows: list[PersonRow]) -> str:
    known = searches.list_known(text, rows)
    if not known:
        return ""
    first = known[0]
    job = ", ".join(part for part in (first.title, first.business) if part)
    who = plural(len(first.agency_ids), "agency already knows", "agencies already know")
    word = " They asked not to be contacted." if first.do_not_contact else ""
    return f"{who} {first.name}{f' ({job})' if job else ''}.{word}"


def _draw_option(row: BusinessRow | PersonRow, lights: dict[str, str]) -> dict[str, Any]:
    if isinstance(row, PersonRow):
        job = ", ".join(part for part in (row.title, row.business) if part)
        detail = (
            f"{job} – do not contact" if row.do_not_contact and job else "Do not contact" if row.do_not_contact else job
        )
        return {"value": row.id, "text": row.name, "name": row.name, "detail": detail, "side": "Person",
                "url": url_for("people.show", person_id=row.id), "light": None}  # fmt: skip
    place = ", ".join(part for part in (row.street, row.city) if part)
    return {
        "value": row.id,
        "text": row.name,
        "name": row.name,
        "detail": f"{place} – closed" if row.closed_on and place else "Closed" if row.closed_on else place,
        "side": plural(len(row.agency_ids), "agency", "agencies"),
        "url": url_for("businesses.show", business_id=row.id),
        "light": lights.get(row.id),
    }


def _count_words(found: searches.Found) -> str:
    parts = []
    if found.business_count:
        parts.append(plural(found.business_count, "business", "businesses"))
    if found.person_count:
        parts.append(plural(found.person_count, "person", "people"))
    return " and ".join(parts)


def is_name(text: str) -> bool:
    """Whether a business may be called so; a number alone is no name."""
    return any(letter.isalpha() for letter in text)


def read_text() -> str:
    return request.args.get("q", "")[:MOST_LETTERS]


def read_filter(db: Store) -> Filter:
    """The filter in the address. Raises NotFound for a sector that nobody has defined."""
    return searches.make_filter(
        db,
        sector=request.args.get("sector", ""),
        place=request.args.get("place", "")[:MOST_LETTERS],
        agency_id=request.args.get("agency", ""),
        never_contacted=request.args.get("never") == "yes",
    )


def _name_agencies(db: Store, viewer: Viewer) -> dict[str, str]:
    return {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}


def _name_sectors(db: Store) -> list[tuple[str, str]]:
    """As the options of a select."""
    return [(name, name) for name in dict.fromkeys(row["sector"] for row in sectors.list_sectors(db))]


@endpoint(
    "/businesses",
    summary="Businesses, or those that a text may mean, best first.",
    answer=list[FoundBusiness],
    params=(
        Param("search", "A name, phone, street, town, web or e-mail address, or part of one; slips do not matter."),
        Param("limit", "At most so many.", kind=int),
    ),
)
def list_businesses(db: Store, viewer: Viewer, *, search: str | None, limit: int | None) -> Any:
    return searches.list_businesses(db, viewer, search or "", limit=limit)
