"""Whom the agencies met: the people named in contacts that reached a business, with the title that they are known by.

That somebody was met, and when, is what the members of a region share; it holds nothing of notes or outcomes.
"""

from dataclasses import dataclass
from typing import LiteralString

from crm.access import Viewer
from crm.graph.driver import Reader, Row

# In parts by a letter of the id, so that no single row holds a whole state; lists, because rows to Python cost most.
RETURNED: LiteralString = """
RETURN part, collect(b.id) AS businesses, collect(e.id) AS persons, collect(coalesce(e.title, '')) AS titles,
       collect(t.date) AS days
"""
ALL: LiteralString = (
    """
MATCH (e:Executive)<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
WHERE coalesce(t.reached, 'yes') <> 'no'
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WITH substring(e.id, 1, 1) AS part, b, e, t
"""
    + RETURNED
)
SOME: LiteralString = (
    """
UNWIND $ids AS id
MATCH (b:Business {id: id})<-[:RESOLVES_TO]-(:BusinessRecord)<-[:WITH]-(t:Touchpoint)
WHERE coalesce(t.reached, 'yes') <> 'no'
MATCH (t)-[:MET]->(:PersonRecord)-[:RESOLVES_TO]->(e:Executive)
WITH '' AS part, b, e, t
"""
    + RETURNED
)


@dataclass
class MeetingColumns:
    """Columns, one entry a person and touchpoint; days are ISO, titles '' for a blank."""

    businesses: list[str]
    persons: list[str]
    titles: list[str]
    days: list[str]


def list_meetings(db: Reader, viewer: Viewer, ids: list[str] | None = None) -> MeetingColumns:
    """All meetings, or those at these businesses."""
    return _join(db.read(ALL) if ids is None else db.read(SOME, ids=ids))


def _join(parts: list[Row]) -> MeetingColumns:
    columns = MeetingColumns([], [], [], [])
    for part in parts:
        for name, column in vars(columns).items():
            column.extend(part[name])
    return columns


# One look-up a stamp: ArcadeDB uses its index for equality, and scans for a range. One row of a list: an import changes
# hundreds at a time, and a row for each takes longer to carry than to find.
CHANGED_BUSINESSES = """
UNWIND range($after + 1, $until) AS stamp
MATCH (b:Business {stamp: stamp})
RETURN collect(b.id) AS ids
"""
CHANGED_PEOPLE = """
UNWIND range($after + 1, $until) AS stamp
MATCH (e:Executive {stamp: stamp})
RETURN collect(e.id) AS ids
"""
MET_AT = """
UNWIND $ids AS id
MATCH (:Executive {id: id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN DISTINCT b.id AS id
ORDER BY id
"""
COUNT = "MATCH (e:Executive) RETURN count(e) AS number"
IDS = "MATCH (e:Executive) RETURN collect(e.id) AS ids"


def list_changed(db: Reader, *, after: int, until: int) -> tuple[list[str], list[str]]:
    """The businesses and the people that were computed again between two times of the clock (ids)."""
    spans = {"after": after, "until": until}
    (businesses,), (people,) = db.read(CHANGED_BUSINESSES, **spans), db.read(CHANGED_PEOPLE, **spans)
    return sorted(businesses["ids"]), sorted(people["ids"])


def list_businesses_of(db: Reader, viewer: Viewer, people: list[str]) -> list[str]:
    """Where these people were met."""
    return [row["id"] for row in db.read(MET_AT, ids=people)] if people else []


def count_people(db: Reader) -> int:
    return db.read(COUNT)[0]["number"]


def list_people_ids(db: Reader) -> set[str]:
    return set(db.read(IDS)[0]["ids"])


NAMED = """
UNWIND $ids AS id
MATCH (e:Executive {id: id})
RETURN e.id AS id, coalesce(e.name, e.email, '') AS name, coalesce(e.title, '') AS title,
       COLLECT { MATCH (e)-[h:HOLDS_ROLE]->(b:Business) WHERE NOT coalesce(h.is_former, false)
                 RETURN b.name ORDER BY b.name } AS employers
ORDER BY id
"""


@dataclass(frozen=True)
class DecisionMaker:
    """A person as a list shows them; `employers` are names."""

    id: str
    name: str
    title: str
    employers: list[str]


def list_people(db: Reader, viewer: Viewer, ids: list[str]) -> list[DecisionMaker]:
    """These people by name."""
    found = [DecisionMaker(**row) for row in db.read(NAMED, ids=ids)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))
