"""Workshops: one question that a room of agencies works through, who takes part, and what is said there.

What is said are entries of a kind (a guess, a decision …), each known by its key, so that the same thing said twice by
one person is there once, the later words in the place of the earlier. Nothing here changes a number of the region.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph.driver import Reader, Row, Store
from crm.ids import mint


@dataclass(frozen=True)
class Workshop:
    """`asked` is the question, as `questions.ask` takes it, with days as ISO text; `agencies` and `businesses` are ids
    in the order of their masks. `at`, `step_at` and `ended_at` are seconds since 1970. `seen` is what the room read on
    the wall when it ended, of the contract's names.
    """

    id: str
    title: str
    code: str
    expected: int
    asked: Row
    agencies: list[str]
    businesses: list[str]
    by: str
    by_name: str
    at: int
    step: int
    step_at: int
    ended_at: int | None
    seen: Row | None


@dataclass(frozen=True)
class Participant:
    """Who takes part. `agency` is an id, or None for a guest of none; a guest has no user."""

    id: str
    name: str
    agency: str | None
    user: str | None
    at: int


@dataclass(frozen=True)
class Entry:
    """What somebody said. `by` is a participant's or a user's id, `at` milliseconds since 1970."""

    id: str
    kind: str
    key: str
    by: str
    by_name: str
    agency: str | None
    at: int
    data: Row


def workshop_id(drawn: str) -> str:
    """From something that was drawn by lot."""
    return mint("e", drawn)


def participant_id(workshop: str, key: str) -> str:
    """`key` is the user's id, or the hash of a guest's token."""
    return mint("d", workshop, key)


def entry_id(workshop: str, kind: str, key: str) -> str:
    return mint("q", workshop, kind, key)


ADD: Final = """
MERGE (w:Workshop {id: $id})
SET w = $props
"""


def add_workshop(db: Store, props: Row) -> None:
    """`props` are the fields of Workshop without those that are not known yet; `asked` is an object."""
    db.write(ADD, id=props["id"], props=props | {"asked": json.dumps(props["asked"], sort_keys=True)})


FIND: Final = """
MATCH (w:Workshop {id: $id})
RETURN w.id AS id, w.title AS title, w.code AS code, w.expected AS expected, w.asked AS asked, w.agencies AS agencies,
       w.businesses AS businesses, w.by AS by, w.by_name AS by_name, w.at AS at, w.step AS step, w.step_at AS step_at,
       w.ended_at AS ended_at, w.seen AS seen
"""
BY_CODE: Final = """
MATCH (w:Workshop {code: $code})
WHERE w.ended_at IS NULL
RETURN w.id AS id
ORDER BY id
LIMIT 2
"""
ALL: Final = """
MATCH (w:Workshop)
RETURN w.id AS id, w.title AS title, w.code AS code, w.expected AS expected, w.asked AS asked, w.agencies AS agencies,
       w.businesses AS businesses, w.by AS by, w.by_name AS by_name, w.at AS at, w.step AS step, w.step_at AS step_at,
       w.ended_at AS ended_at, w.seen AS seen
ORDER BY at DESC, id
LIMIT $limit
"""


def get_workshop(db: Reader, id: str) -> Workshop:
    """For whoever may know of it: members, and guests who gave its code. Raises NotFound."""
    rows = db.read(FIND, id=id)
    if not rows:
        raise NotFound("There is no such workshop.")
    return _workshop(rows[0])


def list_workshops(db: Reader, viewer: Viewer, *, limit: int = 500) -> list[Workshop]:
    """All workshops of the region, the newest first; every member may know of them."""
    return [_workshop(row) for row in db.read(ALL, limit=limit)]


def find_by_code(db: Reader, code: str) -> str | None:
    """The workshop that goes on under this code."""
    rows = db.read(BY_CODE, code=code)
    return rows[0]["id"] if len(rows) == 1 else None


def _workshop(row: Row) -> Workshop:
    texts: Row = {"asked": json.loads(row["asked"]), "seen": json.loads(row["seen"]) if row["seen"] else None}
    fields: Row = row | texts
    return Workshop(**fields)


STEP: Final = """
MATCH (w:Workshop {id: $id})
SET w.step = $step, w.step_at = $at
RETURN w.id AS id
"""
END: Final = """
MATCH (w:Workshop {id: $id})
SET w.ended_at = $at, w.seen = $seen
RETURN w.id AS id
"""
REOPEN: Final = """
MATCH (w:Workshop {id: $id})
REMOVE w.ended_at
RETURN w.id AS id
"""


def set_step(db: Store, id: str, *, step: int, at: int) -> None:
    db.write(STEP, id=id, step=step, at=at)


def end(db: Store, id: str, *, at: int, seen: Row) -> None:
    db.write(END, id=id, at=at, seen=json.dumps(seen, sort_keys=True))


def reopen(db: Store, id: str) -> None:
    db.write(REOPEN, id=id)


JOIN: Final = """
MERGE (p:Participant {id: $id})
ON CREATE SET p.workshop = $workshop, p.at = $at
SET p.name = $name, p.agency = $agency, p.user = $user
"""
PARTICIPANTS: Final = """
MATCH (p:Participant {workshop: $workshop})
RETURN p.id AS id, p.name AS name, p.agency AS agency, p.user AS user, p.at AS at
ORDER BY at, id
LIMIT 1000
"""


def add_participant(
    db: Store, workshop: str, key: str, *, name: str, agency: str | None, user: str | None, at: int
) -> str:
    """The participant's id; who comes again is the same one."""
    id = participant_id(workshop, key)
    db.write(JOIN, id=id, workshop=workshop, name=name, agency=agency, user=user, at=at)
    return id


def list_participants(db: Reader, workshop: str) -> list[Participant]:
    """In the order in which they came."""
    return [Participant(**row) for row in db.read(PARTICIPANTS, workshop=workshop)]


PUT: Final = """
MERGE (e:WorkshopEntry {id: $id})
SET e.workshop = $workshop, e.kind = $kind, e.key = $key, e.by = $by, e.by_name = $by_name, e.agency = $agency,
    e.at = $at, e.data = $data
REMOVE e.gone_at, e.gone_by
"""
TAKE_BACK: Final = """
MATCH (e:WorkshopEntry {id: $id})
SET e.gone_at = $at, e.gone_by = $by
RETURN e.id AS id
"""
BRING_BACK: Final = """
MATCH (e:WorkshopEntry {id: $id})
SET e.back_at = $at
REMOVE e.gone_at, e.gone_by
RETURN e.id AS id
"""
ENTRIES: Final = """
MATCH (e:WorkshopEntry {workshop: $workshop})
WHERE e.gone_at IS NULL
RETURN e.id AS id, e.kind AS kind, e.key AS key, e.by AS by, e.by_name AS by_name, e.agency AS agency, e.at AS at,
       e.data AS data
ORDER BY at, id
LIMIT 20000
"""
# What changes with everything that is said or taken back, so that a phone asks for a page only when there is news.
VERSION: Final = """
MATCH (e:WorkshopEntry {workshop: $workshop})
RETURN count(e) AS entries, coalesce(max(e.at), 0) AS said, coalesce(max(e.gone_at), 0) AS gone,
       coalesce(max(e.back_at), 0) AS back
"""
COMERS: Final = "MATCH (p:Participant {workshop: $workshop}) RETURN count(p) AS comers"


def put_entry(
    db: Store, workshop: str, kind: str, key: str, *, by: str, by_name: str, agency: str | None, at: int, data: Any
) -> str:
    """Say it, in the place of what was said under this key; returns the entry's id."""
    id = entry_id(workshop, kind, key)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    db.write(
        PUT, id=id, workshop=workshop, kind=kind, key=key, by=by, by_name=by_name, agency=agency, at=at, data=text
    )  # fmt: skip
    return id


def take_back(db: Store, id: str, *, at: int, by: str) -> None:
    """The entry counts no more; who said what and who took it back stays in the graph. Raises NotFound."""
    if not db.write(TAKE_BACK, id=id, at=at, by=by):
        raise NotFound("That is not there any more.")


def bring_back(db: Store, id: str, *, at: int) -> None:
    """What was taken back counts again. Raises NotFound."""
    if not db.write(BRING_BACK, id=id, at=at):
        raise NotFound("That is not there any more.")


def list_entries(db: Reader, workshop: str) -> list[Entry]:
    """What was said and counts, in the order of time."""
    return [_entry(row) for row in db.read(ENTRIES, workshop=workshop)]


def _entry(row: Row) -> Entry:
    fields: Row = row | {"data": json.loads(row["data"])}
    return Entry(**fields)


def read_version(db: Reader, workshop: str) -> str:
    """Another text after everything that is said, taken back, or joined."""
    said = db.read(VERSION, workshop=workshop)[0]
    comers = db.read(COMERS, workshop=workshop)[0]["comers"]
    return f"{said['entries']}-{said['said']}-{said['gone']}-{said['back']}-{comers}"


KNOWN: Final = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
WHERE $agency IN b.agencies
RETURN b.id AS id
ORDER BY id
"""


def list_known_by(db: Reader, agency: str, ids: list[str]) -> set[str]:
    """Those of these businesses of which the agency holds a record."""
    return {row["id"] for row in db.read(KNOWN, ids=ids, agency=agency)}
