"""The pack: what do we take home? Every table of it on one page, and as files with the same figures."""

from datetime import date
from typing import Any, TypedDict

from flask import Blueprint, Response, render_template, request
from flask_login import current_user

from crm import access
from crm.access import Viewer
from crm.errors import CrmError, NotAllowed, NotFound, Refused
from crm.extensions import get_db
from crm.graph.driver import Store
from crm.services import packs
from crm.services.packs import Pack
from crm.services.uploads import clean_name
from crm.views import knock_words, pack_files
from crm.views.api import endpoint
from crm.views.guard import get_viewer
from crm.views.knock_api import PERIOD, SCOPE
from crm.views.knock_filters import list_options, list_values, read_question, write_args
from crm.views.pack_sheets import make_sheets
from crm.views.params import Param

bp = Blueprint("packs", __name__, url_prefix="/packs")
Page = str | Response | tuple[str, int]
ASKED = ("sector", "place", "size", "from", "to", "window", "broad", "as_of")


@bp.get("")
@access.member
def show() -> Page:
    """`?workshop=` is an id; `?own=yes` adds the reader's own agency."""
    pack, refusal = _read_or_tell()
    args = _write_args(pack)
    page = render_template(
        "packs/show.html",
        pack=pack,
        title=pack_files.tell_title(pack),
        sheets=make_sheets(pack),
        scope=knock_words.tell_scope(pack.question),
        refusal=refusal,
        args=args,
        options=list_options(get_db(), get_viewer()),
        values=list_values(pack.question, today=date.today()),
    )
    return page, refusal.status if refusal else 200


@bp.get("/pack.<any(pdf, xlsx):form>")
@access.member
def download(form: str) -> Response:
    pack = _read()
    response = Response(pack_files.write_pack(pack, form), mimetype=pack_files.MIMETYPES[form])
    day = pack.findings.report.as_json()["as_of"]
    response.headers.set("Content-Disposition", "attachment", filename=clean_name(f"pack-{day}.{form}"))
    return response


def _read_or_tell() -> tuple[Pack, CrmError | None]:
    """The pack of the address, or the usual one and why the other cannot be had."""
    try:
        return _read(), None
    except (Refused, NotFound, NotAllowed) as refusal:
        if request.args.get("workshop"):
            raise
        return packs.find_pack(get_db(), get_viewer()), refusal


def _read() -> Pack:
    db, viewer, args = get_db(), get_viewer(), request.args
    own = current_user.agency_name if args.get("own") == "yes" else None
    if workshop := args.get("workshop", "")[:40]:
        return packs.find_pack(db, viewer, workshop=workshop, agency=own)
    # Here the address says the same as on the pages of knocks, but for an agency and a purpose.
    question = read_question(db, viewer, {name: args.get(name, "") for name in ASKED})
    return packs.make_pack(db, viewer, question, agency=own)


def _write_args(pack: Pack) -> dict[str, str]:
    args = {"own": "yes"} if pack.own else {}
    if pack.room is not None:
        return args | {"workshop": pack.room.workshop.id}
    return write_args(pack.question, today=date.today()) | args


class PackSheet(TypedDict):
    sheet: str
    title: str
    columns: list[str]
    rows: list[list[str | float | None]]


PackAnswer = TypedDict(
    "PackAnswer",
    {
        "as_of": date,
        "from": date,
        "to": date,
        "window_days": int,
        "broad": bool,
        "sector": str | None,
        "place": str | None,
        "size": str | None,
        "agency": str | None,
        "workshop": str | None,
        "sheets": list[PackSheet],
    },
)


@endpoint(
    "/pack",
    summary="The region's numbers, how they were counted and the settings, sheet by sheet as in the files.",
    answer=PackAnswer,
    params=(
        *PERIOD,
        *SCOPE,
        Param("agency", "With this agency's own numbers (its name); for its members."),
        Param("workshop", "Of this workshop (its id): its question, its decisions, its names."),
    ),
)
def get_pack(db: Store, viewer: Viewer, **asked: Any) -> Any:
    period = (asked.pop("from"), asked.pop("to"))
    return pack_files.describe(packs.find_pack(db, viewer, period=period, **asked))
