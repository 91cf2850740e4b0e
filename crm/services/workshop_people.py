"""Who is in the room: members of the region's agencies, who are signed in, and guests who gave the code.

A guest may say an agency, but nothing proves it. So what a guest guesses stands under no letter, a guest is told no
letter, and sees an agency's own figures only once a member of it has shown them to the whole room.
"""

import secrets
import time
from dataclasses import dataclass
from hashlib import sha256

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import agencies, workshops
from crm.graph.agencies import name_key
from crm.graph.driver import Store
from crm.graph.workshops import Workshop, entry_id, participant_id

LONGEST_NAME = 80
# Whoever has the code can come again and again; a room has an end.
MOST_PEOPLE = 300
# A code that was left on a whiteboard opens nothing the week after.
CODE_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True)
class Attendee:
    """Somebody in the room. `is_member`: signed in, so that the agency is sure."""

    id: str
    name: str
    agency: str | None
    is_member: bool


def join(db: Store, viewer: Viewer, id: str, *, name: str) -> Attendee:
    """A signed-in member of any agency; who comes again is the same one."""
    workshop = workshops.get_workshop(db, id)
    key = participant_id(id, viewer.user_id)
    if workshop.ended_at is None:
        workshops.add_participant(
            db, id, viewer.user_id, name=name, agency=viewer.agency_id, user=viewer.user_id, at=int(time.time())
        )
    return Attendee(key, name, viewer.agency_id, is_member=True)


def find_open(db: Store, code: str) -> Workshop:
    """The workshop that goes on under this code, as people type it. Raises NotFound."""
    typed = "".join(code.split()).replace("-", "").lower().translate(str.maketrans("ilo", "110"))
    id = workshops.find_by_code(db, typed)
    workshop = workshops.get_workshop(db, id) if id else None
    if workshop is None or workshop.at < time.time() - CODE_SECONDS:
        raise NotFound("No workshop goes on under this code. Look at the wall again.")
    return workshop


def join_as_guest(db: Store, code: str, *, name: str, agency: str) -> tuple[Workshop, str]:
    """The workshop, and the token that the guest's browser keeps. `agency` is a name, or blank for none.

    Raises NotFound for the code, Refused for a name that no agency of the region has.
    """
    workshop = find_open(db, code)
    said = " ".join(agency.split())
    wanted = next((one.id for one in agencies.list_agencies(db, OWNER) if name_key(one.name) == name_key(said)), None)
    if said and wanted is None:
        raise Refused("No agency of the region goes by this name. Write it as it is on its letters, or leave it blank.")
    if len(workshops.list_participants(db, workshop.id)) >= MOST_PEOPLE:
        raise Refused(f"{MOST_PEOPLE} people are in this workshop already: nobody else can join it.")
    token = secrets.token_urlsafe(24)
    called = " ".join(name.split())[:LONGEST_NAME] or "Guest"
    workshops.add_participant(
        db, workshop.id, _hash(token), name=called, agency=wanted, user=None, at=int(time.time())
    )  # fmt: skip
    return workshop, token


def find_guest(db: Store, id: str, token: str) -> Attendee | None:
    """The guest to whom this token was given."""
    wanted = participant_id(id, _hash(token))
    found = next((one for one in workshops.list_participants(db, id) if one.id == wanted), None)
    return Attendee(found.id, found.name, found.agency, is_member=False) if found else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def show_agency(db: Store, viewer: Viewer, id: str, *, name: str) -> None:
    """Show the name and the figures of the viewer's own agency to the whole room."""
    _require_open(db, id)
    if viewer.agency_id is None:
        raise NotAllowed("Only a member of an agency may show its name.")
    _show(db, viewer, id, viewer.agency_id, name=name)


def show_business(db: Store, viewer: Viewer, id: str, mark: str, *, name: str) -> str:
    """Show what a numbered business is called; a member of an agency that knows it may. Returns the business's id."""
    business = get_known_business(db, viewer, _require_open(db, id), mark)
    _show(db, viewer, id, business, name=name)
    return business


def _show(db: Store, viewer: Viewer, id: str, key: str, *, name: str) -> None:
    workshops.put_entry(
        db, id, "shown", key, by=viewer.user_id, by_name=name, agency=viewer.agency_id, at=now_ms(), data={}
    )  # fmt: skip


def hide_agency(db: Store, viewer: Viewer, id: str) -> None:
    """Mask the own agency again; what the room has read, it has read."""
    workshops.take_back(db, entry_id(id, "shown", viewer.agency_id or ""), at=now_ms(), by=viewer.user_id)


def hide_business(db: Store, viewer: Viewer, id: str, mark: str) -> None:
    business = get_known_business(db, viewer, workshops.get_workshop(db, id), mark)
    workshops.take_back(db, entry_id(id, "shown", business), at=now_ms(), by=viewer.user_id)


def list_known_businesses(db: Store, viewer: Viewer, workshop: Workshop) -> list[str]:
    """Those of the numbered businesses of which the viewer's own agency holds a record, by number."""
    known = workshops.list_known_by(db, viewer.agency_id or "", workshop.businesses)
    return [id for id in workshop.businesses if id in known]


def get_known_business(db: Store, viewer: Viewer, workshop: Workshop, mark: str) -> str:
    """The id behind a number, for whoever's agency knows the business. Raises NotFound for all others."""
    place = int(mark) - 1 if mark.isascii() and mark.isdigit() and len(mark) < 4 else -1
    id = workshop.businesses[place] if 0 <= place < len(workshop.businesses) else ""
    if id not in list_known_businesses(db, viewer, workshop):
        raise NotFound("Only an agency that knows this business may see which one it is.")
    return id


def _require_open(db: Store, id: str) -> Workshop:
    workshop = workshops.get_workshop(db, id)
    require_open(workshop)
    return workshop


def require_open(workshop: Workshop) -> None:
    if workshop.ended_at is not None:
        raise Conflict("This workshop has ended: nothing was saved.")


def now_ms() -> int:
    return time.time_ns() // 1_000_000
