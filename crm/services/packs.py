"""Packs: the region's numbers as a room takes them home, on paper or as a workbook, with how they were counted.

Agencies stand in it under their masks; under their names where they showed them in the workshop that it is of. One
agency's own numbers are in it only for its members.
"""

from dataclasses import dataclass
from typing import Any

from crm.access import OWNER, Viewer
from crm.analysis.coverage import Coverage
from crm.analysis.days import get_date
from crm.analysis.masks import Masks
from crm.analysis.tables import Tables
from crm.analysis.workshops import AgencyFigures
from crm.errors import NotAllowed
from crm.graph import agencies
from crm.graph.driver import Store
from crm.services import lookups
from crm.services.coverage import find_coverage
from crm.services.findings import Findings
from crm.services.knocks import find_knocks
from crm.services.questions import Question, ask
from crm.services.tables import find_tables
from crm.services.workshop_figures import Room, find_agencies, open_room


@dataclass(frozen=True)
class Pack:
    """What a pack is made from. `own` are the figures of the one agency that it is for, `own_name` what it is called;
    `room` is the workshop that it is of."""

    question: Question
    findings: Findings
    agencies: list[AgencyFigures]
    coverage: Coverage
    tables: Tables
    masks: Masks
    own: AgencyFigures | None = None
    own_name: str = ""
    room: Room | None = None


def find_pack(
    db: Store, viewer: Viewer, *, workshop: str | None = None, agency: str | None = None, **asked: Any
) -> Pack:
    """The pack of a workshop (its id), or of a question (what `questions.ask` takes); for all, or for one agency (a
    name).

    Raises what `questions.ask` raises, NotFound for a workshop that is not there, NotAllowed for another agency's own.
    """
    room = open_room(db, workshop) if workshop else None
    return make_pack(db, viewer, room.question if room else ask(db, viewer, **asked), agency=agency, room=room)


def make_pack(
    db: Store, viewer: Viewer, question: Question, *, agency: str | None = None, room: Room | None = None
) -> Pack:
    """The same for a question that is asked already; `room` is the workshop whose question it is."""
    found = {one.agency: one for one in find_agencies(db, question)}
    own = lookups.get_agency(db, viewer, agency) if agency else None
    if own is not None and not viewer.is_owner and viewer.agency_id != own.id:
        raise NotAllowed("Only a member of an agency may take its own numbers home. Leave the agency out.")
    masks = room.masks if room else _mask_all(db, found)
    return Pack(
        question=question,
        findings=room.findings if room else find_knocks(db, viewer, question),
        agencies=[found[id] for id in masks.agencies if id in found],
        coverage=find_coverage(db, viewer, question).coverage,
        tables=find_tables(db, viewer, as_of=get_date(question.as_of)),
        masks=masks,
        own=found.get(own.id) if own else None,
        own_name=own.name if own else "",
        room=room,
    )


def _mask_all(db: Store, found: dict[str, AgencyFigures]) -> Masks:
    """Outside of a workshop nobody has shown a name. Ids say nothing of names or sizes, so their order is as good as
    lots.
    """
    names = {one.id: one.name for one in agencies.list_agencies(db, OWNER)}
    return Masks(agencies=sorted(found), names=names)
