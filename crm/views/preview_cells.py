"""Rows that a preview refuses or leaves out, and cells that it takes with a remark: each list page by page."""

from typing import Any, Final

from flask import Blueprint, render_template, request

from crm import access
from crm.extensions import get_db
from crm.graph import imports, preview_rows
from crm.graph.driver import Store
from crm.graph.upload_files import UploadFile
from crm.views.guard import get_viewer
from crm.views.pages import read_page
from importers import orders

bp = Blueprint("cells", __name__, url_prefix="/imports/uploads")

PER_PAGE = 50
# part -> its name, what it lists, the headings
PARTS: Final = {
    "refused": ("Refused rows", "Rows that will not go in, and how to mend them.", ("Column", "Value", "Why", "Fix")),
    "left-out": ("Rows left out", "Rows that are left out on purpose, each with the reason.", ("The row", "Why")),
    "remarks": ("Cells with a remark", "Cells that are taken as they stand.", ("Column", "Cell", "Remark")),
}


@bp.get("/<upload_id>/files/<int:n>/<any(refused, remarks, 'left-out'):part>")
@access.member
def show(upload_id: str, n: int, part: str) -> str:
    """One of the lists; of the remarks all, or those of the `which`-th kind."""
    db, viewer = get_db(), get_viewer()
    upload, file = orders.get_previewed(db, viewer, upload_id, n)
    page = read_page()
    rows = list_cells(db, file, part, request.args.get("which", ""))
    name, lead, headings = PARTS[part]
    return render_template(
        "imports/preview_cells.html",
        upload=upload,
        file=file,
        name=name,
        lead=lead,
        headings=headings,
        rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(rows),
        page=page,
        per_page=PER_PAGE,
    )


def list_cells(db: Store, file: UploadFile, part: str, which: str) -> list[tuple[Any, ...]]:
    """(line, cells of the table …) of a list."""
    if part == "refused":
        found = imports.list_refusals(db, file.id)
        return [(one["line"], one["column"] or "", one["value"], one["reason"], one["fix"]) for one in found]
    if part == "left-out":
        return [(one["line"], one["text"], one["reason"]) for one in imports.list_left_out(db, file.id)]
    remarks: list[tuple[str, str, int]] = [tuple(one) for one in (file.preview or {}).get("remarks", ())]
    cells = preview_rows.read_remarked(db, file.id, count=sum(count for *_, count in remarks))
    if which.isdigit() and len(which) < 6 and int(which) < len(remarks):
        header, text, _ = remarks[int(which)]
        cells = [cell for cell in cells if (cell[1], cell[3]) == (header, text)]
    return [tuple(cell) for cell in cells]
