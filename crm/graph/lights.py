"""What a light depends on: one business or person with its contacts, as they are in the graph now.

Who is in touch with a business, and that something was promised, is what the members of a region share;
what was promised is not read here.
"""

from dataclasses import dataclass
from typing import LiteralString

from crm.access import Viewer
from crm.graph.driver import Reader
from crm.graph.knocks import REFERRALS_OF, ReferralRow

# `contacts` is enough for fatigue and doors; the few contacts that can turn a light amber are read by their ids then.
SUBJECTS: LiteralString = (
    """
UNWIND $ids AS id
MATCH (b:Business {id: id})
OPTIONAL MATCH (c:ContactList {id: id})
WHERE b.contact_count <= $many
RETURN b.id AS id, b.stamp AS stamp, b.naics AS naics, b.county AS county, b.zip AS zip, b.employees AS employees,
       CASE WHEN b.contact_count <= $many THEN coalesce(c.contacts, '[]') END AS contacts,
       coalesce(b.promised, []) AS promised, b.contact_count IS NULL AS waits, """
    + f"{REFERRALS_OF} AS referrals"
)

# So many contacts come with their business; a longer list is asked for by itself, by who does not have it already.
MANY = 500

CONTACTS = """
UNWIND $ids AS id
MATCH (c:ContactList {id: id})
RETURN c.id AS id, c.contacts AS contacts
"""

# What names a contact among all: its row's agency, the source, and the source's key.
ContactKey = tuple[str, str, str]


@dataclass(frozen=True)
class SubjectRow:
    """A business with all that its light depends on; `contacts` as in `BusinessColumns`, `promised` names contacts.

    `contacts` are None where there are more than MANY: see `list_contacts`. `stamp` is another when they change. One
    that `waits` to be computed has nothing but its id.
    """

    id: str
    stamp: int | None
    naics: str | None
    county: str | None
    zip: str | None
    employees: str | None
    contacts: str | None
    promised: list[str]
    waits: bool
    referrals: list[ReferralRow]


def list_subjects(db: Reader, viewer: Viewer, ids: list[str]) -> list[SubjectRow]:
    """Those of these businesses that there are."""
    rows = db.read(SUBJECTS, ids=ids, many=MANY)
    for row in rows:
        row["referrals"] = [ReferralRow(row["id"], *found) for found in row["referrals"]]
    return [SubjectRow(**row) for row in rows]


def list_contacts(db: Reader, viewer: Viewer, ids: list[str]) -> dict[str, str]:
    """The contacts of these businesses, by id, in the form of `SubjectRow.contacts`."""
    return {row["id"]: row["contacts"] for row in db.read(CONTACTS, ids=ids)}


PERSON = """
MATCH (e:Executive {id: $id})
OPTIONAL MATCH (e)-[:HOLDS_ROLE]->(b:Business)
RETURN e.do_not_contact AS do_not_contact, e.sources IS NULL AS waits, collect(b.id) AS works_at
"""

MET = """
MATCH (:Executive {id: $id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN DISTINCT b.id AS business, t.agency_id AS agency_id, t.system AS system, t.key AS key
"""


@dataclass(frozen=True)
class PersonContacts:
    """Where a person works, and the contacts that name them, by business. Of one who `waits` to be computed only the
    contacts are known."""

    id: str
    do_not_contact: bool
    works_at: list[str]
    met: dict[str, set[ContactKey]]
    waits: bool


def find_person_contacts(db: Reader, viewer: Viewer, id: str) -> PersonContacts | None:
    """None for a person who is not there."""
    rows = db.read(PERSON, id=id)
    if not rows:
        return None
    met: dict[str, set[ContactKey]] = {}
    for row in db.read(MET, id=id):
        met.setdefault(row["business"], set()).add((row["agency_id"], row["system"], row["key"]))
    return PersonContacts(
        id=id,
        do_not_contact=rows[0]["do_not_contact"] == "yes",
        works_at=sorted(set(rows[0]["works_at"])),
        met=met,
        waits=rows[0]["waits"],
    )
