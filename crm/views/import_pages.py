"""Rows of imports as pages list them."""

from typing import Any

from flask import url_for

from crm.access import Viewer
from crm.graph.import_rows import ImportRow
from importers.samples import compare_cells, find_title


def draw_row(row: ImportRow, viewer: Viewer, names: dict[str, str]) -> dict[str, Any]:
    """One row for the page. Another agency's notes stay closed, to administrators too."""
    cells = compare_cells(row.before, row.said) if row.before else compare_cells({}, row.cells)
    closed = {"notes"} if row.agency_id != viewer.agency_id else set[str]()
    return {
        "title": find_title(row.label, row.cells) or row.key,
        "url": _find_url(row),
        "agency": names.get(row.agency_id or "", ""),
        "cells": [one for one in cells if one.column not in closed],
    }


def _find_url(row: ImportRow) -> str:
    """The page of the person or business that the row is about."""
    if row.thing is None:
        return ""
    if row.label == "PersonRecord":
        return url_for("people.show", person_id=row.thing)
    return url_for("businesses.show", business_id=row.thing)
