"""What is said in a workshop, with who and when: guesses, questions of what if, decisions, and who dissents."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from crm.access import Viewer
from crm.analysis.workshops import GUESSED
from crm.errors import NotFound, Refused
from crm.graph import workshops
from crm.graph.driver import Store
from crm.graph.workshops import Entry, Workshop, entry_id
from crm.services.workshop_people import Attendee, now_ms, require_open
from crm.services.workshops import PLACES, lead, make_masks

MOST_RULES = 3
MOST_LETTERS = 1000
STANCES = ("agree", "dissent")
UNITS = {"knocks": "how many knocks", "redundant": "how many were redundant", "shared": "percent", "hours": "hours"}


def guess(db: Store, attendee: Attendee, id: str, given: Mapping[str, float | None]) -> None:
    """Keep what somebody guesses about the own agency (`analysis.workshops.GUESSED`; the share between 0 and 1).

    Once the numbers are on the wall nobody changes a guess; one that was kept on a phone without a network may still
    come, and is marked as late. Raises Refused.
    """
    workshop = workshops.get_workshop(db, id)
    require_open(workshop)
    values = {name: given.get(name) for name in GUESSED}
    for name, value in values.items():
        if value is not None and not (math.isfinite(value) and 0 <= value <= (1 if name == "shared" else 10_000_000)):
            raise Refused(f"Write {UNITS[name]} as a number{' between 0 and 100' if name == 'shared' else ''}.")
    if all(value is None for value in values.values()):
        raise Refused("Guess at least one number.")
    late = workshop.step > PLACES["guess"]
    if late and any(entry.kind == "guess" and entry.key == attendee.id for entry in workshops.list_entries(db, id)):
        raise Refused("The numbers are on the wall already: a guess can no longer be changed.")
    _put(db, attendee, workshop, "guess", attendee.id, {**values, "late": late, "sure": attendee.is_member})


def ask_what_if(db: Store, viewer: Viewer, id: str, letters: Sequence[str], *, name: str) -> None:
    """Put the question on the wall what the period would have been had these agencies shared a lead."""
    workshop = lead(db, viewer, id)
    require_open(workshop)
    entries = workshops.list_entries(db, id)
    group = _read_letters(db, workshop, entries, letters)
    key = ",".join(group)
    asked = [entry for entry in entries if entry.kind == "whatif"]
    if len(asked) >= MOST_RULES and key not in {entry.key for entry in asked}:
        raise Refused(f"The wall shows {MOST_RULES} of these beside each other. Take one away first.")
    _put(db, _as_attendee(viewer, name), workshop, "whatif", key, {"agencies": group})


def decide(
    db: Store,
    viewer: Viewer,
    id: str,
    key: str,
    *,
    name: str,
    what: str,
    letters: Sequence[str],
    begins: date,
    review: date,
    everywhere: bool = False,
) -> str:
    """Write down what was decided: who (two agencies or more), what, from when, and when it is looked at again.

    It is about the sector of the workshop, or about all businesses with `everywhere`. `key` was made when the form was
    drawn: the same form sent twice is one decision. Returns the entry's id. Raises Refused.
    """
    workshop = lead(db, viewer, id)
    require_open(workshop)
    said = " ".join(what.split())[:MOST_LETTERS]
    if not said:
        raise Refused("Say what was decided.")
    if review <= begins:
        raise Refused("The day on which it is looked at again comes after it begins.")
    if not date(2000, 1, 1) <= begins <= review <= date.today() + timedelta(days=3650):
        raise Refused("Check the years of the two days.")
    group = _read_letters(db, workshop, workshops.list_entries(db, id), letters)
    data = {
        "what": said,
        "agencies": group,
        "from": begins.isoformat(),
        "review": review.isoformat(),
        "sector": None if everywhere else workshop.asked["sector"],
    }
    return _put(db, _as_attendee(viewer, name), workshop, "decision", key, data)


def say(db: Store, attendee: Attendee, id: str, decision: str, *, stance: str, why: str) -> None:
    """Agree with a decision, or dissent; of each person the latest word counts. Raises NotFound, Refused."""
    workshop = workshops.get_workshop(db, id)
    require_open(workshop)
    if stance not in STANCES:
        raise Refused("Say whether you agree or dissent.")
    get_entry(db, id, "decision", decision)
    data = {"decision": decision, "stance": stance, "why": " ".join(why.split())[:MOST_LETTERS]}
    _put(db, attendee, workshop, "voice", f"{decision} {attendee.id}", data)


def take_back(db: Store, viewer: Viewer, id: str, kind: str, key: str) -> None:
    """Take away a what-if or a decision of the room. Raises NotFound, NotAllowed."""
    require_open(lead(db, viewer, id))
    get_entry(db, id, kind, key)
    workshops.take_back(db, entry_id(id, kind, key), at=now_ms(), by=viewer.user_id)


def bring_back(db: Store, viewer: Viewer, id: str, kind: str, key: str) -> None:
    """Undo the taking away."""
    require_open(lead(db, viewer, id))
    workshops.bring_back(db, entry_id(id, kind, key), at=now_ms())


def get_entry(db: Store, id: str, kind: str, key: str) -> Entry:
    """Raises NotFound."""
    found = next((one for one in workshops.list_entries(db, id) if (one.kind, one.key) == (kind, key)), None)
    if found is None:
        raise NotFound("That is not on the wall any more.")
    return found


def _read_letters(db: Store, workshop: Workshop, entries: Sequence[Entry], letters: Sequence[str]) -> list[str]:
    """The ids of two agencies or more, in a fixed order."""
    masks = make_masks(db, workshop, entries)
    found = {id for mark in letters if (id := masks.find(mark)) is not None and id in masks.agencies}
    if len(found) < 2:
        raise Refused("Choose two agencies or more.")
    return sorted(found)


def _as_attendee(viewer: Viewer, name: str) -> Attendee:
    return Attendee(viewer.user_id, name, viewer.agency_id, is_member=True)


def _put(db: Store, who: Attendee, workshop: Workshop, kind: str, key: str, data: dict[str, Any]) -> str:
    return workshops.put_entry(
        db, workshop.id, kind, key, by=who.id, by_name=who.name, agency=who.agency, at=now_ms(), data=data
    )
