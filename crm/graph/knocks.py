"""What the measures of knocks are made from, read in bulk: businesses with their contacts, and what links agencies.

A row to Python costs more than anything else in a bulk read, so columns come as lists: a region of 60,000 businesses
is some thirty rows. A `ContactList` holds every contact of a business as one text (see `crm.services.golden`).
Blanks come as '', because `collect` leaves nulls out and the lists of one part must be equally long.

Nothing of what is read here is hidden from any member of the region: who was in contact with whom, when, and how.
Notes, outcomes and promises are not part of it. `viewer` is taken all the same: a wall would stand there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import LiteralString

from crm.access import Viewer
from crm.graph.driver import Reader, Row

NO_CONTACTS = "[]"


@dataclass(frozen=True)
class ReferralRow:
    """An accepted referral; the programs are ids, the day is ISO."""

    business: str
    from_program: str
    to_program: str
    accepted_on: str


@dataclass
class BusinessColumns:
    """Businesses as columns, one entry a business in each; texts as their agencies said them, '' for a blank.

    `referrals` are those of all of them, one after the other.
    """

    ids: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    naics: list[str] = field(default_factory=list)
    counties: list[str] = field(default_factory=list)
    zips: list[str] = field(default_factory=list)
    employees: list[str] = field(default_factory=list)
    closed_on: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    referrals: list[ReferralRow] = field(default_factory=list)

    def extend(self, more: "BusinessColumns") -> None:
        for name, column in vars(self).items():
            column.extend(getattr(more, name))


COLUMNS: LiteralString = """
collect(b.id) AS ids, collect(coalesce(b.name, '')) AS names, collect(coalesce(b.naics, '')) AS naics,
       collect(coalesce(b.county, '')) AS counties, collect(coalesce(b.zip, '')) AS zips,
       collect(coalesce(b.employees, '')) AS employees, collect(coalesce(b.closed_on, '')) AS closed_on
"""

# In parts by a letter of the id, so that no single row holds a whole state; in no order, because ArcadeDB counts rows
# of this length at many times their size when it sorts them, and refuses. A business that was never computed has no
# number of contacts yet; it comes with the change that computes it.
ALL: LiteralString = (
    """
MATCH (b:Business)
WHERE b.contact_count IS NOT NULL
WITH substring(b.id, 1, 1) AS part, b
RETURN part, sum(b.contact_count) AS number, """
    + COLUMNS
)

# The accepted referrals of a business b.
REFERRALS_OF: LiteralString = """
COLLECT { MATCH (b)<-[:RESOLVES_TO]-(:BusinessRecord)<-[:ABOUT]-(f:Referral)
          WHERE f.accepted_on IS NOT NULL
          MATCH (f)-[:FROM_PROGRAM]->(from:Program)
          MATCH (f)-[:TO_PROGRAM]->(to:Program)
          RETURN [from.id, to.id, f.accepted_on] }
"""

# All that is to be known of a few businesses, in one question: a contact that is logged asks it, and waits for it.
WHOLE: LiteralString = (
    """
WHERE b.contact_count IS NOT NULL
OPTIONAL MATCH (c:ContactList {id: b.id})
RETURN collect(coalesce(c.contacts, '[]')) AS contacts, """
    + f"collect({REFERRALS_OF}) AS referrals, {COLUMNS}"
)

# One look-up a stamp: ArcadeDB uses its index for equality, and scans for a range.
CHANGED: LiteralString = (
    """
UNWIND range($after + 1, $until) AS stamp
MATCH (b:Business {stamp: stamp})
"""
    + WHOLE
)

SOME: LiteralString = (
    """
UNWIND $ids AS id
MATCH (b:Business {id: id})
"""
    + WHOLE
)

ALL_CONTACTS: LiteralString = """
MATCH (c:ContactList)
WITH substring(c.id, 1, 1) AS part, c
RETURN part, collect(c.id) AS ids, collect(c.contacts) AS contacts
"""

# With more contacts than these, those of some businesses at a time: no engine has to hold them all in its heap, which
# ArcadeDB refuses to from some number on.
MOST_COLLECTED = 500_000
AT_ONCE = 5_000

SOME_CONTACTS: LiteralString = """
UNWIND $ids AS id
MATCH (c:ContactList {id: id})
RETURN collect(c.id) AS ids, collect(c.contacts) AS contacts
"""


def list_businesses(db: Reader, viewer: Viewer) -> tuple[BusinessColumns, Iterator[list[str]]]:
    """Every business of the region without its contacts, and the contacts of some thousand at a time in that order.

    Contacts that change in between come again with the next change: their stamp is later.
    """
    parts = db.read(ALL)
    columns = BusinessColumns(referrals=list_accepted_referrals(db, viewer))
    for part in parts:
        for name in part.keys() & vars(columns).keys():
            getattr(columns, name).extend(part[name])
    all_at_once = sum(part["number"] for part in parts) <= MOST_COLLECTED
    return columns, _iterate_contacts(db, columns.ids, all_at_once=all_at_once)


def _iterate_contacts(db: Reader, ids: list[str], *, all_at_once: bool) -> Iterator[list[str]]:
    known = _map_contacts(db.read(ALL_CONTACTS)) if all_at_once else {}
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        told = known if all_at_once else _map_contacts(db.read(SOME_CONTACTS, ids=some))
        yield [told.get(id, NO_CONTACTS) for id in some]


def list_changed_businesses(db: Reader, viewer: Viewer, *, after: int, until: int) -> BusinessColumns:
    """Those that were computed again later than `after`, up to `until` (times of the clock)."""
    return _shape(db.read(CHANGED, after=after, until=until)[0])


def list_businesses_by_id(db: Reader, viewer: Viewer, ids: list[str]) -> BusinessColumns:
    """Those of these that there are."""
    return _shape(db.read(SOME, ids=ids)[0])


def _shape(row: Row) -> BusinessColumns:
    told = zip(row["ids"], row.pop("referrals"), strict=True)
    return BusinessColumns(**row, referrals=[ReferralRow(id, *one) for id, some in told for one in some])


def _map_contacts(lists: list[Row]) -> dict[str, str]:
    return {id: text for row in lists for id, text in zip(row["ids"], row["contacts"], strict=True)}


IDS = "MATCH (b:Business) WHERE b.contact_count IS NOT NULL RETURN collect(b.id) AS ids"


def list_business_ids(db: Reader) -> set[str]:
    """The ids of all businesses but those that wait to be computed."""
    return set(db.read(IDS)[0]["ids"])


REFERRALS = """
MATCH (f:Referral)-[:ABOUT]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WHERE f.accepted_on IS NOT NULL
MATCH (f)-[:FROM_PROGRAM]->(from:Program)
MATCH (f)-[:TO_PROGRAM]->(to:Program)
RETURN collect(b.id) AS businesses, collect(from.id) AS from_programs, collect(to.id) AS to_programs,
       collect(f.accepted_on) AS accepted_on
"""


def list_accepted_referrals(db: Reader, viewer: Viewer) -> list[ReferralRow]:
    """All accepted referrals."""
    row = db.read(REFERRALS)[0]
    return [
        ReferralRow(*found)
        for found in zip(row["businesses"], row["from_programs"], row["to_programs"], row["accepted_on"], strict=True)
    ]


# An organisation that is only here because its people may sign in knocks on nobody: its months are not missing.
DIRECTORY = """
MATCH (p:Program)
WITH collect(p.id) AS programs, collect(p.agency_id) AS run_by
MATCH (a:Agency)
// Nearly all have a program, and need not be looked at among the thousands of records that are theirs too.
WHERE a.id IN run_by OR EXISTS { (a)<-[:OF]-(:BusinessRecord) }
   OR EXISTS { (a)<-[:OF]-(:PersonRecord) } OR EXISTS { (a)<-[:BINDS]-(:Agreement) }
RETURN programs, run_by, collect(a.id) AS agencies, collect(a.name) AS names
"""


def map_directory(db: Reader, viewer: Viewer) -> tuple[dict[str, str], dict[str, str]]:
    """The name of each agency of the region by its id, and the id of each program's agency by the program's."""
    agencies: dict[str, str] = {}
    programs: dict[str, str] = {}
    for row in db.read(DIRECTORY):
        agencies.update(zip(row["agencies"], row["names"], strict=True))
        programs.update(zip(row["programs"], row["run_by"], strict=True))
    return agencies, programs


def map_agencies(db: Reader, viewer: Viewer) -> dict[str, str]:
    """The name of each agency of the region, by its id."""
    return map_directory(db, viewer)[0]


WHOM_TO_ASK = """
UNWIND $ids AS id
MATCH (t:Touchpoint {id: id})
// Of a contact of which others may know no more than that there is one, nobody else is told who made it.
WHERE $agency_id IS NULL OR t.agency_id = $agency_id OR coalesce(t.visibility, 'who') <> 'exists'
MATCH (t)-[:LOGGED_BY]->(s:Staff)
WITH t, coalesce(s.email, s.name) AS staff ORDER BY staff
RETURN t.id AS id, collect(staff) AS staff
"""


def map_whom_to_ask(db: Reader, viewer: Viewer, ids: list[str]) -> dict[str, list[str]]:
    """The staff of those of these touchpoints whose staff the viewer may know, by id; others are left out."""
    rows = db.read(WHOM_TO_ASK, ids=ids, agency_id=viewer.agency_id) if ids else []
    return {row["id"]: row["staff"] for row in rows}


CONTACTS = """
UNWIND $ids AS id
MATCH (t:Touchpoint {id: id})-[:MADE_BY]->(p:Program)
WITH t, p ORDER BY p.name, p.id
WITH t, collect(p.name) AS programs
RETURN t.id AS id, t.date AS date, t.channel AS channel, t.reached AS reached, t.topics AS topics, programs,
       COLLECT { MATCH (t)-[:LOGGED_BY]->(s:Staff) RETURN coalesce(s.name, s.email) } AS staff
ORDER BY date, id
"""


@dataclass(frozen=True)
class KnockContact:
    """A touchpoint as the list of knocks shows it; the day is ISO, programs and staff are names."""

    id: str
    date: str
    channel: str | None
    reached: str | None
    topics: str | None
    programs: list[str]
    staff: list[str]


def list_contacts(db: Reader, viewer: Viewer, ids: list[str]) -> dict[str, KnockContact]:
    """Those of these touchpoints that there are, by id."""
    return {row["id"]: KnockContact(**row) for row in db.read(CONTACTS, ids=ids)}
