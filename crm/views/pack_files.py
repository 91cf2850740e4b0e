"""A pack as a file: a PDF to print in black and white, and a workbook with the same figures."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crm.json_values import to_plain
from crm.pdf import write_pdf
from crm.services.packs import Pack
from crm.spreadsheets import write_workbook
from crm.views import charts, knock_words
from crm.views.formatting import calendar_date, percent, plural, thousands
from crm.views.pack_sheets import Sheet, make_sheets

ROOT = Path(__file__).parents[1]
HEIGHT = 190
MIMETYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_pack(pack: Pack, form: str) -> bytes:
    """The pack as `pdf` or `xlsx`. Raises Refused where PDF files cannot be made."""
    sheets = make_sheets(pack)
    if form == "xlsx":
        return b"".join(
            write_workbook(
                [(sheet.name, sheet.columns, [[cell.value for cell in row] for row in sheet.rows]) for sheet in sheets]
            )
        )
    return write_pdf(_draw(pack, sheets), (ROOT / "static" / "pack.css").read_text(encoding="utf-8"))


def tell_title(pack: Pack) -> str:
    """What stands on top. A workshop's own title, without the names that were not shown in it."""
    return pack.masks.hide(pack.room.workshop.title) if pack.room else "Many tables, many knocks"


def describe(pack: Pack) -> dict[str, Any]:
    """The answer of `crm pack` and of the API: what was asked, and every sheet."""
    report, asked = pack.findings.report.as_json(), pack.question
    return {
        **{name: report[name] for name in ("as_of", "from", "to", "window_days", "broad")},
        "sector": asked.sector_title or None,
        "place": asked.place or None,
        "size": asked.size.name if asked.size else None,
        "agency": pack.own_name or None,
        "workshop": pack.room.workshop.id if pack.room else None,
        "sheets": [to_plain(sheet.as_json()) for sheet in make_sheets(pack)],
    }


def _draw(pack: Pack, sheets: list[Sheet]) -> str:
    report = pack.findings.report
    doors = [(plural(number, "door"), count) for number, count in sorted(report.door_counts.items())]
    unknown = knock_words.list_unknown(report)
    values = {
        "title": tell_title(pack),
        "own_name": pack.own_name,
        "scope": knock_words.tell_scope(pack.question),
        "headline": knock_words.tell_headline(report) if report.knocks else "No knocks in this period",
        "interval": knock_words.tell_interval(report),
        "unknown": pack.masks.hide(knock_words.tell_unknown(unknown)) if unknown else "",
        "as_of": calendar_date(_iso(pack)),
        "people": plural(len(pack.room.participants), "person", "people") if pack.room else "",
        "months": charts.trend(knock_words.draw_months(report), height=HEIGHT) if len(report.months) > 1 else None,
        "height": HEIGHT,
        "doors": doors,
        "lengths": charts.widths([count for _, count in doors]),
        "sheets": sheets,
    }
    return _environment().get_template("packs/sheets.html").render(**values)


def _iso(pack: Pack) -> str:
    return str(pack.findings.report.as_json()["as_of"])


@cache
def _environment() -> Environment:
    """Without the web application, which a command does not start."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, thousands=thousands)
    return environment
