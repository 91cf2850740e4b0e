"""What leans on an import: listed before it is undone, each number with what it counts."""

from typing import Final

from flask import Blueprint, render_template, request, url_for

from crm import access
from crm.errors import NotFound
from crm.extensions import get_db
from crm.graph import imports, leaning
from crm.graph.leaning import Leaning, What
from crm.views.guard import get_viewer
from crm.views.pages import read_page

bp = Blueprint("leaning", __name__, url_prefix="/imports")

PER_PAGE = 25
# what -> one and several of them, and what becomes of them
WORDS: Final[dict[What, tuple[str, str, str]]] = {
    "contacts": ("contact", "contacts", "with its businesses came otherwise, and stay"),
    "people": ("person", "people", "of other lists work at its businesses, and stay"),
    "referrals": ("referral", "referrals", "about its businesses came otherwise, and stay"),
    "seats": ("seat", "seats", "of its businesses at tables came otherwise, and stay"),
    "agreements": ("agreement", "agreements", "name its businesses; they stay, and cover them if they come again"),
    "decisions": ("decision", "decisions", "about its businesses and people stay, and hold again if these come again"),
    "rows": ("row", "rows", "of it were said anew by later files; they go on saying that"),
}  # fmt: skip

# Those of which there is a list.
LISTED: Final[tuple[What, ...]] = ("contacts", "people", "referrals", "seats", "agreements", "decisions")


def list_words(counts: dict[What, int], import_id: str) -> list[tuple[int, str, str, str]]:
    """(how many, of what, what becomes of them, where they are listed) of all that lean on an import."""
    return [
        (
            counts[what],
            one if counts[what] == 1 else several,
            fate,
            url_for("leaning.show", import_id=import_id, what=what) if what != "rows" else "",
        )
        for what, (one, several, fate) in WORDS.items()
        if counts[what]
    ]


@bp.get("/<import_id>/leaning")
@access.member
def show(import_id: str) -> str:
    """The businesses, agreements or decisions behind one of the numbers."""
    db = get_db()
    found = imports.get_import(db, import_id, viewer=get_viewer())
    asked = request.args.get("what", "contacts")
    what: What | None = next((name for name in LISTED if name == asked), None)
    if what is None:
        raise NotFound("There is no such list.")
    page = read_page()
    rows, total = leaning.list_leaning(db, found.id, what, skip=(page - 1) * PER_PAGE, limit=PER_PAGE)
    counts = leaning.count_leaning(db, found.id)
    return render_template(
        "imports/leaning.html",
        found=found,
        what=what,
        words=WORDS[what],
        tabs=[
            {
                "label": words[1].capitalize(),
                "url": url_for("leaning.show", import_id=found.id, what=name),
                "count": counts[name],
                "current": name == what,
            }
            for name, words in WORDS.items()
            if name in LISTED
        ],
        rows=[(row, _find_url(what, row)) for row in rows],
        total=total,
        page=page,
        per_page=PER_PAGE,
    )


def _find_url(what: What, row: Leaning) -> str:
    if what == "agreements":
        return url_for("agreements.show", agreement_id=row.id)
    if what == "decisions":
        return url_for("reviews.show", pair=row.id)
    return url_for("businesses.show", business_id=row.id)
