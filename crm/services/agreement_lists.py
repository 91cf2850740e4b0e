"""Agreements as a viewer sees them: all of the region with how far each has come, and one with what happened to it.

That there is an agreement, whom it binds, when it holds and how far it has come is for every member. Whom it names, who
leads, and who did what is for the agencies that it binds, and for administrators.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph import agencies, agreements, protocols
from crm.graph.driver import Row, Store
from crm.graph.protocols import Protocol, Step
from crm.services.standings import SaidLead, State, fold, name_state


@dataclass(frozen=True)
class Shown:
    """An agreement or a proposal in a list. Days are ISO dates; `agencies` and `signed` are (id, name), by name.

    `is_from_file`: nobody signed it here. `is_open`: the viewer sees all of it. `is_ours`: it binds their agency.
    """

    id: str
    name: str
    state: State
    agencies: list[tuple[str, str]]
    signed: list[tuple[str, str]]
    begins_on: str
    ends_on: str | None
    sector: str
    sector_name: str
    places: str
    is_naming: bool
    is_from_file: bool
    is_open: bool
    is_ours: bool
    review_on: str | None
    pending: int
    note: str = ""
    covers: list[str] = field(default_factory=list, repr=False)

    @property
    def missing(self) -> list[tuple[str, str]]:
        """The agencies that have not signed."""
        return [] if self.is_from_file else [agency for agency in self.agencies if agency not in self.signed]

    def is_review_due(self, today: date) -> bool:
        return self.review_on is not None and self.review_on <= today.isoformat() and self.state == "in_force"

    def as_json(self, today: date) -> dict[str, Any]:
        return {
            "agreement": self.id,
            "name": self.name,
            "state": self.state,
            "agencies": [name for _, name in self.agencies],
            "signed": [name for _, name in self.signed],
            "from": self.begins_on,
            "to": self.ends_on,
            "sector": self.sector,
            "places": self.places,
            "review_on": self.review_on,
            "review_due": self.is_review_due(today),
        }


@dataclass(frozen=True)
class Leader:
    """Who leads at a business (id, name), or (None) wherever the agreement holds. `agreed`, `missing`: agency names."""

    no: int
    business: tuple[str, str] | None
    lead: str
    backup: str
    on: str
    agreed: list[str]
    missing: list[str]
    may_agree: bool


@dataclass(frozen=True)
class Detail:
    """An agreement whole: `businesses` are (id, name), steps the newest first; empty for those who may not see them.

    `led` names the business of each record that a step is about; `undoable` is the number of the step that the viewer
    may take back.
    """

    shown: Shown
    businesses: list[tuple[str, str]]
    leads: list[Leader]
    pending: list[Leader]
    steps: list[Step]
    led: dict[str, str]
    undoable: int | None


def list_agreements(db: Store, viewer: Viewer, *, today: date, id: str | None = None) -> list[Shown]:
    """Every agreement and proposal (or that of this id): what waits for signatures first, then those in force, then
    what is over; by name."""
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    rows = {row["id"]: row for row in agreements.list_shown(db, viewer, id=id)}
    known = {protocol.id: protocol for protocol in protocols.list_protocols(db, viewer, id=id)}
    shown = [
        _show(rows.get(id), known.get(id), names, viewer, today)
        for id in rows.keys() | known.keys()
        # A file's agreement whose import was undone leaves no proposal behind.
        if id in rows or known[id].terms is not None
    ]
    order = ("proposed", "signed", "in_force", "ended", "withdrawn")
    return sorted(shown, key=lambda one: (order.index(one.state), one.name.casefold(), one.id))


def _show(row: Row | None, protocol: Protocol | None, names: dict[str, str], viewer: Viewer, today: date) -> Shown:
    terms: Row = (protocol.terms if protocol else None) or {}
    ids: list[str] = row["agencies"] if row else protocol.agencies if protocol else []
    begins, ends = (row["begins_on"], row["ends_on"]) if row else (terms["from"], terms["to"] or None)
    is_ours = viewer.agency_id in ids
    signed = set(protocol.signed if protocol else ())
    bound = sorted(((id, names.get(id, "")) for id in ids), key=lambda agency: (agency[1], agency[0]))
    return Shown(
        id=row["id"] if row else protocol.id if protocol else "",
        name=row["name"] if row else terms["name"],
        state=name_state(
            is_agreed=row is not None,
            begins_on=begins,
            ends_on=ends,
            is_withdrawn=bool(protocol and protocol.is_withdrawn),
            today=today,
        ),
        agencies=bound,
        signed=[agency for agency in bound if agency[0] in signed],
        begins_on=begins,
        ends_on=ends,
        sector=(row["sector"] if row else terms["sector"]) or "",
        sector_name=terms.get("sector_name", ""),
        places=(row["places"] if row else terms["places"]) or "",
        is_naming=row["is_naming"] if row else bool(terms.get("covers")),
        is_from_file=not terms,
        is_open=is_ours or viewer.is_admin,
        is_ours=is_ours,
        review_on=protocol.review_on if protocol else None,
        pending=protocol.pending if protocol else 0,
        note=terms.get("note", ""),
        covers=list(row["covers"]) if row else list(terms.get("covers", ())),
    )


def get_agreement(db: Store, viewer: Viewer, id: str, *, today: date) -> Detail:
    """Raises NotFound."""
    found = list_agreements(db, viewer, today=today, id=id)
    if not found:
        raise NotFound("There is no such agreement. It may have been taken back, or withdrawn with its file.")
    shown = found[0]
    steps = protocols.list_steps(db, viewer, id)
    names = dict(shown.agencies)
    standing = fold(steps, list(names))
    said = {str(step.detail["record"]) for step in steps if step.kind == "lead"}
    at = agreements.find_businesses(db, viewer, sorted(said - {""}))

    def lead(one: SaidLead) -> Leader:
        missing = [id for id in names if id not in one.agreed]
        return Leader(
            no=one.no,
            business=at.get(one.record) if one.record else None,
            lead=one.lead,
            backup=one.backup,
            on=one.on,
            agreed=[names[id] for id in names if id in one.agreed],
            missing=[names[id] for id in missing],
            # What the proposal itself says of the lead is agreed to by signing it.
            may_agree=one.no > 0 and viewer.agency_id in missing,
        )

    last = steps[-1] if steps else None
    is_own = last is not None and (viewer.is_admin or viewer.agency_id == last.agency)
    return Detail(
        shown=shown,
        businesses=agreements.list_businesses(db, viewer, shown.covers),
        leads=[lead(one) for one in standing.leads if not one.record or one.record in at],
        pending=[lead(one) for one in standing.pending if not one.record or one.record in at],
        steps=steps[::-1],
        led={record: name for record, (_, name) in at.items()},
        undoable=last.no if last and is_own else None,
    )
