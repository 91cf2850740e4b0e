"""The page of all components, for developers: every macro with its states, on made-up values, without the database.

`/styleguide` is what the browser tests photograph and check; the small addresses under it answer the partial loads.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # Newer than its types.

from crm.access import member
from crm.views.charts import Month
from crm.views.differences import compare

bp = Blueprint("styleguide", __name__, url_prefix="/styleguide")

AS_OF = date(2026, 6, 30)
COMPARED = (
    ("Name", "Reata Fabrication", "Reata Fab., Inc."),
    ("Street", "412 Alder Street", "412 Alder St Ste B"),
    ("Phone", "(206) 555-0123", "206-555-0123"),
    ("Town", "Seattle", "Seattle"),
    ("Website", "", "reata.example"),
)
NAMES = (
    ("Reata Fabrication", "412 Alder Street, Kent", "red", 9, 2.91),
    ("Cascade Precision Casting", "88 Harbor Road, Everett", "amber", 7, 2.4),
    ("Søndergaard & Sons Boatworks", "5 Pier Lane, Anacortes", "green", 4, 1.0),
    ("Northline Cold Storage", "2300 Valley Avenue, Puyallup", "green", 3, 1.75),
    ("The Very Long Name of a Family Company for Industrial Refrigeration and Air Handling", "Auburn", "amber", 2, 2.0),
    ("Okafor Machine", "17 Mill Street, Renton", "green", 0, 0.0),
)  # fmt: skip


class SampleForm(Form):
    """One field of each kind."""

    who = StringField("Who was it?", [validators.InputRequired("Say whom you talked to.")])
    email = StringField("E-mail", [validators.Optional(), validators.Email("This is not an e-mail address.")])
    password = PasswordField("Password")
    purpose = SelectField(
        "Why",
        choices=[
            SelectChoice("needs", "Needs"),
            SelectChoice("survey", "Survey"),
            SelectChoice("follow_up", "Follow-up"),
        ],
    )
    channel = RadioField(
        "How",
        choices=[
            SelectChoice("call", "Call"),
            SelectChoice("visit", "Visit"),
            SelectChoice("email", "E-mail"),
            SelectChoice("event", "Event"),
        ],
    )
    topics = SelectMultipleField(
        "Topics",
        choices=[SelectChoice("welders", "Welders"), SelectChoice("wages", "Wages"), SelectChoice("ojt", "OJT")],
    )
    due = DateField("Promise due", [validators.Optional()])
    note = TextAreaField("Note")
    upload = FileField("File")
    reached = BooleanField("They could be reached")


@bp.get("/")
@member
def show() -> str:
    good = SampleForm(data={"channel": "visit", "topics": ["welders"], "purpose": "needs", "reached": True})
    refused = SampleForm(MultiDict({"refused-email": "ana at reata"}), prefix="refused")
    refused.validate()
    return render_template(
        "styleguide.html",
        as_of=AS_OF,
        businesses=[SimpleNamespace(name=n, place=p, light=s, knocks=k, doors=d) for n, p, s, k, d in NAMES],
        form=good,
        refused=refused,
        months=sample_months(),
        days=lambda n: AS_OF - timedelta(days=n),
        compared=[compare(*cells) for cells in COMPARED],
        hostile='<img src=x onerror="window.XSS=1">',
    )


def sample_months() -> list[Month]:
    """Two years of shares with an interval; two months of an agency that sent nothing."""
    values = [31, 33, 30, 34, 36, 35, 39, 41, 40, 43, 42, 44, 45, 43, 44, 41, 0, 0, 38, 36, 33, 31, 30, 28]
    months = []
    for index, value in enumerate(values):
        label = f"{date(2024 + (index + 6) // 12, (index + 6) % 12 + 1, 1):%b %Y}"
        if value == 0:
            months.append(Month(label, None, unknown=True, note="Harbor College sent no rows"))
        else:
            share, margin = value / 100, 0.035 + 0.01 * (index % 3)
            months.append(Month(label, share, share - margin, share + margin))
    return months


@bp.get("/suggest")
@member
def suggest() -> str:
    """Names that contain what was typed: what a search box shows as one types."""
    text = request.args.get("q", "").strip().lower()
    hits: list[dict[str, Any]] = [
        {"name": n, "url": "#" + n, "detail": p, "light": s, "side": "3 agencies"}
        for n, p, s, *_ in NAMES
        if text and text in n.lower()
    ]
    return render_template("styleguide_parts.html", part="search", items=hits, text=text)


@bp.get("/pick")
@member
def pick() -> str:
    text = request.args.get("business_text", "").strip().lower()
    items = [{"value": n, "text": n, "detail": p, "light": s} for n, p, s, *_ in NAMES if text and text in n.lower()]
    return render_template("styleguide_parts.html", part="pick", items=items)


@bp.get("/progress")
@member
def progress() -> str:
    """A job that has advanced by a quarter each time it is asked."""
    done = min(int(request.args.get("done", 0)) + 25_000, 100_000)
    return render_template("styleguide_parts.html", part="progress", done=done)


@bp.post("/answer")
@member
def answer() -> Response:
    flash({"text": "Logged: a visit to Reata Fabrication.", "undo_url": "/styleguide/answer"}, "success")  # type: ignore[arg-type]
    return redirect("/styleguide/")


@bp.get("/errors/<int:status>")
@member
def error_page(status: int) -> tuple[str, int]:
    """The page of an error as it would look."""
    if status not in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503):
        abort(404)
    return render_template(f"errors/{status}.html", message=request.args.get("message")), status
