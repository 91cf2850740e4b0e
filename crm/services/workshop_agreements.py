"""What a room decided becomes an agreement: proposed to the agencies that it binds, who then sign it, or do not.

A proposal names its agencies to the whole region. So it is made only once each of them has shown its name in the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.access import Viewer
from crm.errors import Refused
from crm.graph import workshops
from crm.graph.driver import Store
from crm.graph.workshops import Entry, entry_id
from crm.services import agreement_lists, agreements
from crm.services.agreement_lists import Shown
from crm.services.agreements import Terms
from crm.services.workshop_figures import Room, open_room
from crm.services.workshop_people import now_ms
from crm.services.workshop_sayings import get_entry
from crm.services.workshops import lead

KIND = "agreement"
LONGEST_NAME = 120


@dataclass(frozen=True)
class Outcome:
    """What a decision has come to: its agreement as it is now, None once it is gone."""

    entry: Entry
    agreement: Shown | None


def list_masked(room: Room, decision: Entry) -> list[str]:
    """The agencies (ids) of a decision that have not shown their names."""
    return [id for id in decision.data["agencies"] if id not in room.masks.shown]


def propose(db: Store, viewer: Viewer, id: str, key: str, *, name: str) -> str:
    """Propose the agreement that a decision means, with its days, its sector and the place of the workshop; again, it
    is the same proposal. Returns its id.

    Raises Refused while a name is masked, and what `agreements.propose` raises.
    """
    lead(db, viewer, id)
    room = open_room(db, id)
    decision = get_entry(db, id, "decision", key)
    if masked := list_masked(room, decision):
        who = " and ".join(room.masks.mask(one) for one in sorted(masked, key=room.masks.mark))
        raise Refused(
            f"A proposal names its agencies, and {who} did not show the name yet. It does so on its own phone."
        )
    data, question = decision.data, room.question
    sector = question.sector if data["sector"] else None
    places = [question.place] if question.place else list(sector.places) if sector else []
    what = room.masks.hide(data["what"])
    done = agreements.propose(
        db,
        viewer,
        Terms(
            name=f"{what[:LONGEST_NAME]} ({data['from']})",
            agencies=tuple(data["agencies"]),
            begins_on=date.fromisoformat(data["from"]),
            review_on=date.fromisoformat(data["review"]),
            sector=";".join(sector.naics) if sector else "",
            sector_name=question.sector_title if sector else "",
            places=";".join(places),
            note=what,
        ),
        key=f"{id} {key}",
    )
    workshops.put_entry(
        db,
        id,
        KIND,
        key,
        by=viewer.user_id,
        by_name=name,
        agency=viewer.agency_id,
        at=now_ms(),
        data={"agreement": done.id, "no": done.no},
    )
    return done.id


def take_back(db: Store, viewer: Viewer, id: str, key: str, *, today: date) -> None:
    """Withdraw the proposal again. Raises what `agreements.withdraw` raises."""
    lead(db, viewer, id)
    entry = get_entry(db, id, KIND, key)
    agreements.withdraw(db, viewer, entry.data["agreement"], today=today)
    workshops.take_back(db, entry_id(id, KIND, key), at=now_ms(), by=viewer.user_id)


def list_outcomes(db: Store, viewer: Viewer, entries: Sequence[Entry], *, today: date) -> dict[str, Outcome]:
    """What each decision (by its key) has come to; those of which no agreement was made are left out."""
    made = [entry for entry in entries if entry.kind == KIND]
    known = {one.id: one for one in agreement_lists.list_agreements(db, viewer, today=today)} if made else {}
    return {entry.key: Outcome(entry, known.get(entry.data["agreement"])) for entry in made}
