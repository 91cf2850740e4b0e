"""Previewed rows: what would become of each row of a file, to be looked through before anything is imported."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug import Response

from crm import access
from crm.errors import NotFound
from crm.extensions import get_db
from crm.graph import preview_rows
from crm.graph.driver import Store
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from crm.views.downloads import send_table
from crm.views.guard import get_viewer
from crm.views.import_words import short_name
from crm.views.pages import read_page
from importers import orders
from importers.matches import Known, find_matches
from importers.previewed import Head, Pages, PreviewedRow

bp = Blueprint("previews", __name__, url_prefix="/imports/uploads")

PER_PAGE = 25
MOST_AT_ONCE = 1_000
LONGEST_SEARCH = 100
# tab -> its name, what its rows are, what is said where there are none.
TABS: dict[str, tuple[str, str, str]] = {
    "": ("All", "Every row of this file that goes in, and what becomes of it.", "No row of this file goes in."),
    "new": ("New", "What this file says for the first time.", "This file says nothing for the first time."),
    "changed": (
        "Changed",
        "What this file says differently from before: old and new.",
        "This file changes nothing that is known.",
    ),
    "same": ("Same", "What is known already, word for word.", "Nothing of this file is known already."),
    "matched": (
        "Matched",
        "Records that will be put together with a business or person that is known already, and why.",
        "Nothing of this file is of a business or person that is known already.",
    ),
    "review": (
        "To review",
        "Records that may be one with another. They go in apart, and a person should look at each later.",
        "Nothing of this file needs to be looked at.",
    ),
    "named": (
        "Only named",
        "Businesses and people that rows only name. Each gets a small record of its own.",
        "This file names nobody who is not described in it or known.",
    ),
    "beside": (
        "Told of beside",
        "Businesses and people of whom rows of another kind say more than a name: each has, or gets, one record.",
        "The rows of this file say nothing of businesses and people beside what they are about.",
    ),
}


@bp.get("/<upload_id>/files/<int:n>/rows")
@access.member
def show_rows(upload_id: str, n: int) -> str:
    """The rows of one tab, searched and page by page."""
    db = get_db()
    upload, file, tab = _get_file(upload_id, n)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    page = read_page()
    pages = open_pages(db, file)
    rows, total = pages.list_rows(tab, search=search, skip=(page - 1) * PER_PAGE, limit=PER_PAGE)
    told = file.preview or {}
    return render_template(
        "imports/preview_rows.html",
        upload=upload,
        file=file,
        told=told,
        tab=tab,
        tabs=[
            {
                "label": words[0],
                "url": url_for("previews.show_rows", upload_id=upload.id, n=n, what=name or None, q=search or None),
                "count": sum(told["row_pages"].get(name or "all", ())),
                "current": name == tab,
            }
            for name, words in TABS.items()
        ],
        words=TABS[tab],
        search=search,
        rows=[_draw_row(row, known) for row, known in zip(rows, find_matches(db, rows), strict=True)],
        total=total,
        page=page,
        per_page=PER_PAGE,
        form_url={
            form: url_for(
                "previews.download_rows", upload_id=upload.id, n=n, form=form, what=tab or None, q=search or None
            )
            for form in ("csv", "xlsx")
        },
    )


@bp.get("/<upload_id>/files/<int:n>/rows.<any(csv, xlsx):form>")
@access.member
def download_rows(upload_id: str, n: int, form: str) -> Response:
    """All rows of a tab as a table, whatever page is looked at."""
    db = get_db()
    _, file, tab = _get_file(upload_id, n)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    pages = open_pages(db, file)
    stem = file.name.rpartition(".")[0] or file.name
    names = [short_name(name) for name in pages.columns]
    columns = ["Line", "Row", "What happens", "Known as", "Score", "Why", "What changes", *names]
    found, _ = pages.list_rows(tab, search=search)

    def list_lines() -> Any:
        for start in range(0, len(found), MOST_AT_ONCE):
            some = found[start : start + MOST_AT_ONCE]
            for row, known in zip(some, find_matches(db, some), strict=True):
                yield [
                    row.line, row.title, FATES[row.fate][0],
                    known.name if known else "", known.score if known else None, known.why if known else "",
                    "; ".join(f"{one.column}: {one.old} → {one.new}" for one in row.cells) if row.before else "",
                    *(row.said.get(name, "") for name in pages.columns),
                ]  # fmt: skip

    return send_table(form, f"{stem} {TABS[tab][0].lower()} rows", columns, list_lines())


# fate -> its word and the kind of its badge.
FATES: dict[str, tuple[str, str]] = {
    "new": ("New", "good"),
    "changed": ("Changed", "accent"),
    "same": ("Same", ""),
    "named": ("Only named", ""),
    "beside": ("Told of beside", ""),
}


def _draw_row(row: PreviewedRow, known: Known | None) -> dict[str, Any]:
    return {
        "line": row.line,
        "title": row.title,
        "fate": FATES[row.fate],
        "is_changed": row.before is not None,
        "cells": row.cells,
        "known": known,
        "url": _find_url(known) if known else "",
        "joins": row.match is not None,
        "to_review": "review" in row.marks,
    }


def _find_url(known: Known) -> str:
    if known.kind == "person":
        return url_for("people.show", person_id=known.thing)
    return url_for("businesses.show", business_id=known.thing)


def open_pages(db: Store, file: UploadFile) -> Pages:
    """The rows of a previewed file. Raises NotFound for one that was not previewed so."""
    told = file.preview or {}
    if "row_pages" not in told:
        raise NotFound("The rows of this file can no longer be looked through. Look at the files again.")

    def read_heads(numbers: Any) -> dict[int, Head]:
        return {n: _unpack_head(text) for n, text in preview_rows.read_heads(db, file.id, numbers).items()}

    return Pages(
        tuple(told["row_columns"]),
        told["row_pages"],
        read_heads,
        lambda numbers: preview_rows.read_bodies(db, file.id, numbers),
    )


# Who looks through a long file asks for its heads again and again, in each tab and for each search.
_unpack_head = lru_cache(maxsize=128)(Head.unpack)


def _get_file(upload_id: str, n: int) -> tuple[Upload, UploadFile, str]:
    """The file and the tab that is asked for. Raises NotFound, also while the file is not previewed as it is now."""
    upload, file = orders.get_previewed(get_db(), get_viewer(), upload_id, n)
    tab = request.args.get("what", "")
    if tab not in TABS:
        raise NotFound("There is no such list of rows.")
    return upload, file, tab
