"""Timelines: contacts as the timeline component shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.access import Viewer
from crm.graph.dossiers import TimelineLine


@dataclass(frozen=True)
class DrawnLine:
    """A contact with what the component needs: days as dates, agencies with whether they are the viewer's."""

    line: TimelineLine
    on: date
    month: str
    agencies: list[dict[str, Any]]
    programs: str
    promise: dict[str, Any] | None
    topics: list[str]


def draw_lines(lines: list[TimelineLine], viewer: Viewer) -> list[DrawnLine]:
    """The lines of a timeline, in their order."""
    return [draw_line(line, viewer) for line in lines]


def draw_line(line: TimelineLine, viewer: Viewer) -> DrawnLine:
    on = date.fromisoformat(line.date)
    agencies = dict.fromkeys((id, name) for _, id, name in line.programs)
    return DrawnLine(
        line=line,
        on=on,
        month=f"{on:%B %Y}",
        agencies=[{"name": name, "mine": id == viewer.agency_id} for id, name in agencies],
        programs=", ".join(program for program, _, _ in line.programs),
        promise=_promise(line),
        topics=[topic.strip() for topic in (line.topics or "").split(";") if topic.strip()],
    )


def _promise(line: TimelineLine) -> dict[str, Any] | None:
    if not line.promise:
        return None
    return {
        "text": line.promise,
        "due": date.fromisoformat(line.promise_due) if line.promise_due else None,
        "kept_on": date.fromisoformat(line.promise_kept_on) if line.promise_kept_on else None,
    }
