"""What a light depends on: one business or person with its contacts, as they are in the graph now.

Who is in touch with a business, and that something was promised, is what the members of a region share;
what was promised is not read here.
"""

from dataclasses import dataclass, field
from typing import Any

from crm.access import Viewer
from crm.graph.driver import Reader
from crm.graph.knocks import ReferralRow

# All that a light depends on in one statement, because a page waits for it. `contacts` is enough for fatigue and doors;
# beside it stand the few contacts that can turn a light amber, one entry a member of staff, and the accepted referrals.
SUBJECTS = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
WHERE b.contacts IS NOT NULL
RETURN b.id AS id, b.naics AS naics, b.employees AS employees, b.contacts AS contacts,
       COLLECT { MATCH (b)<-[:RESOLVES_TO]-(:BusinessRecord)<-[:WITH]-(t:Touchpoint)
                 WHERE t.date >= $recent OR t.promise IS NOT NULL OR t.promise_due IS NOT NULL
                 OPTIONAL MATCH (t)-[:LOGGED_BY]->(s:Staff)
                 RETURN [t.agency_id, t.system, t.key, t.promise IS NOT NULL, t.promise_due, t.promise_kept_on,
                         coalesce(s.email, s.name)] } AS busy,
       COLLECT { MATCH (b)<-[:RESOLVES_TO]-(:BusinessRecord)<-[:ABOUT]-(f:Referral)
                 WHERE f.accepted_on IS NOT NULL
                 MATCH (f)-[:FROM_PROGRAM]->(from:Program)
                 MATCH (f)-[:TO_PROGRAM]->(to:Program)
                 RETURN [from.id, to.id, f.accepted_on] } AS referrals
"""

# What names a contact among all: its row's agency, the source, and the source's key.
ContactKey = tuple[str, str, str]


@dataclass
class BusyContact:
    """What may turn a light amber. `promised` says that there is a promise, not what it is; days are ISO."""

    promised: bool
    promise_due: str | None
    promise_kept_on: str | None
    staff: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class SubjectRow:
    """A business with all that its light depends on; `contacts` as in `BusinessColumns`."""

    id: str
    naics: str | None
    employees: str | None
    contacts: str
    busy: dict[ContactKey, BusyContact]
    referrals: list[ReferralRow]


def list_subjects(db: Reader, viewer: Viewer, ids: list[str], *, recent: str) -> list[SubjectRow]:
    """Those of these businesses that there are; `busy` are contacts since `recent` (ISO), plans, all with a promise."""
    return [
        SubjectRow(
            id=row["id"],
            naics=row["naics"],
            employees=row["employees"],
            contacts=row["contacts"],
            busy=_gather_staff(row["busy"]),
            referrals=[ReferralRow(row["id"], *found) for found in row["referrals"]],
        )
        for row in db.read(SUBJECTS, ids=ids, recent=recent)
    ]


def _gather_staff(entries: list[list[Any]]) -> dict[ContactKey, BusyContact]:
    found: dict[ContactKey, BusyContact] = {}
    for agency, system, key, promised, due, kept_on, staff in entries:
        contact = found.setdefault((agency, system, key), BusyContact(promised, due, kept_on))
        if staff:
            contact.staff.add(staff)
    return found


PERSON = """
MATCH (e:Executive {id: $id})
OPTIONAL MATCH (e)-[:HOLDS_ROLE]->(b:Business)
RETURN e.do_not_contact AS do_not_contact, collect(b.id) AS works_at
"""

MET = """
MATCH (:Executive {id: $id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN DISTINCT b.id AS business, t.agency_id AS agency_id, t.system AS system, t.key AS key
"""


@dataclass(frozen=True)
class PersonContacts:
    """Where a person works, and the contacts that name them, by business."""

    do_not_contact: bool
    works_at: list[str]
    met: dict[str, set[ContactKey]]


def find_person_contacts(db: Reader, viewer: Viewer, id: str) -> PersonContacts | None:
    """None for a person who is not there."""
    rows = db.read(PERSON, id=id)
    if not rows:
        return None
    met: dict[str, set[ContactKey]] = {}
    for row in db.read(MET, id=id):
        met.setdefault(row["business"], set()).add((row["agency_id"], row["system"], row["key"]))
    return PersonContacts(rows[0]["do_not_contact"] == "yes", sorted(set(rows[0]["works_at"])), met)
