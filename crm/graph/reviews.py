"""Reviews: pairs of things that may be one, which a person should look at; and who is looking at which just now.

What is to be reviewed is computed from the records and the judgements, as the things themselves are. A `Review` goes by
its pair (`judgements.pair_of` of the two records that speak most for it), and carries what a join would change, by
which the queue is ordered. A `ReviewTurn` of the same id says to whom the pair is shown, and until when.
"""

import time
from dataclasses import dataclass
from typing import LiteralString, NamedTuple

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.stale import RECORD, THING, Kind

PAGE = 25
# How long a pair is kept for whoever it is shown to.
TURN_SECONDS = 600.0


@dataclass(frozen=True)
class Review:
    """One open review. `score` is in points (hundredths of a bit).

    What a join would change in the last 12 months, as of when this was weighed: `redundant` and `own_repeat` knocks
    more or fewer. `contacts` and `agencies` are those of both sides together, of all time. `weight` orders the queue.
    `things` and `stamp` are the two things and the time of the later one's last change: when they differ from the
    graph's, the review is weighed again. `rivals` are the likeliest other reviews of one of the two things. `aside`:
    the two are sites of one firm already and go by different names, so it is not asked with the others.
    """

    id: str
    kind: str
    left: str
    right: str
    score: int
    redundant: int
    own_repeat: int
    contacts: int
    agencies: int
    weight: int
    things: list[str]
    stamp: int
    rivals: list[str]
    aside: bool


COLUMNS: LiteralString = """
RETURN r.id AS id, r.kind AS kind, r.left AS left, r.right AS right, r.score AS score, r.redundant AS redundant,
       r.own_repeat AS own_repeat, r.contacts AS contacts, r.agencies AS agencies, r.weight AS weight,
       r.things AS things, r.stamp AS stamp, r.rivals AS rivals, coalesce(r.aside, false) AS aside
"""

ALL: LiteralString = "MATCH (r:Review) WHERE r.kind = $kind" + COLUMNS + "ORDER BY id"

OF_LEFT: LiteralString = "UNWIND $records AS record MATCH (r:Review {left: record})" + COLUMNS
OF_RIGHT: LiteralString = "UNWIND $records AS record MATCH (r:Review {right: record})" + COLUMNS

PUT = """
UNWIND $rows AS row
MERGE (r:Review {id: row.id})
SET r = row
"""

DROP = """
UNWIND $ids AS id
MATCH (r:Review {id: id})
DELETE r
"""


def list_all(db: Reader, kind: Kind) -> dict[str, Review]:
    """Every open review of a kind, by its id."""
    return {row["id"]: Review(**row) for row in db.read(ALL, kind=kind)}


def list_of_things(db: Reader, kind: Kind, things: list[str]) -> dict[str, Review]:
    """The open reviews in which one of these things is a side, by their ids."""
    members: LiteralString = f"""
    UNWIND $things AS thing
    MATCH (:{THING[kind]} {{id: thing}})<-[:RESOLVES_TO]-(r:{RECORD[kind]})
    RETURN r.id AS id
    """
    records = [row["id"] for row in db.read(members, things=things)] if things else []
    found = [row for side in (OF_LEFT, OF_RIGHT) for row in (db.read(side, records=records) if records else ())]
    return {row["id"]: Review(**row) for row in found}


COMPUTED: dict[Kind, LiteralString] = {
    kind: f"UNWIND range($after + 1, $until) AS stamp MATCH (t:{label} {{stamp: stamp}}) RETURN t.id AS id"
    for kind, label in THING.items()
}


def list_computed(db: Reader, kind: Kind, *, after: int, until: int) -> list[str]:
    """The things that were computed after a time and up to another; each time is looked up by itself."""
    return [row["id"] for row in db.read(COMPUTED[kind], after=after, until=until)]


# Reviews have a clock of their own, which moves on by one for each that was opened, closed or weighed anew, and names
# the last of these: so a process that knows the order reads only what changed.
NAMED = 500
TICK = """
MERGE (c:Clock {id: 'reviews'})
SET c.version = coalesce(c.version, 0) + size($ids), c.changed = (coalesce(c.changed, []) + $ids)[-$named..]
"""
CLOCK = """
MATCH (c:Clock {id: 'reviews'})
RETURN c.version AS time, CASE WHEN c.version = $known THEN [] ELSE coalesce(c.changed, []) END AS changed
"""


class ReviewClock(NamedTuple):
    """The time of the reviews, and the ids of the last that changed, the latest last."""

    time: int
    changed: list[str]

    def may_wait(self, since: int) -> bool:
        """Never: reviews open and close where somebody has decided something, and follow in a moment."""
        return False


def read_clock(db: Reader, *, known: int = -1) -> ReviewClock:
    """The reviews' clock; without what changed if it stands where it is `known` to have stood."""
    rows = db.read(CLOCK, known=known)
    return ReviewClock(**rows[0]) if rows else ReviewClock(0, [])


def put_reviews(tx: Transaction, rows: list[Review]) -> None:
    """Open these reviews, or say anew what they would change."""
    if rows:
        tx.run(PUT, rows=[vars(row) for row in rows])
        tx.run(TICK, ids=[row.id for row in rows], named=NAMED)


def drop_reviews(tx: Transaction, ids: list[str]) -> None:
    """Close these reviews."""
    if ids:
        tx.run(DROP, ids=ids)
        tx.run(TICK, ids=ids, named=NAMED)


ORDER = """
MATCH (r:Review)
RETURN collect(r.id) AS id, collect(r.weight) AS weight, collect(r.score) AS score, collect(r.kind) AS kind,
       collect(coalesce(r.aside, false)) AS aside,
       collect(r.redundant <> 0 OR r.own_repeat <> 0) AS changes
"""


class Line(NamedTuple):
    """What an open review is ordered and counted by; `changes`: a join would change how a knock counts."""

    id: str
    kind: str
    weight: int
    score: int
    aside: bool
    changes: bool


def list_lines(db: Store) -> list[Line]:
    """A line for every open review, in no order."""
    found = db.read_columns(ORDER)
    return list(map(Line, *(found[name] for name in Line._fields)))


def line_of(review: Review) -> Line:
    """The line of one review."""
    changes = review.redundant != 0 or review.own_repeat != 0
    return Line(review.id, review.kind, review.weight, review.score, review.aside, changes)


FIND: LiteralString = "MATCH (r:Review {id: $id})" + COLUMNS


def find_review(db: Reader, id: str) -> Review | None:
    """The open review of a pair; None if there is none (any more)."""
    rows = db.read(FIND, id=id)
    return Review(**rows[0]) if rows else None


SOME: LiteralString = "UNWIND $ids AS id MATCH (r:Review {id: id})" + COLUMNS


def list_some(db: Reader, viewer: Viewer, ids: list[str]) -> list[Review]:
    """Those of these reviews that are open, in the order of `ids`. All members of a region may answer them, so all may
    see them."""
    found = {row["id"]: Review(**row) for row in db.read(SOME, ids=ids)} if ids else {}
    return [found[id] for id in ids if id in found]


def list_standing(db: Reader, kind: Kind, records: list[str]) -> dict[str, Row]:
    """record id -> `thing` that it resolves to, its `stamp`, `agencies`, `name` and `firm` (None for a person), for
    those of these that resolve."""
    query: LiteralString = f"""
    UNWIND $records AS record
    MATCH (r:{RECORD[kind]} {{id: record}})-[:RESOLVES_TO]->(t:{THING[kind]})
    RETURN record, t.id AS thing, coalesce(t.stamp, 0) AS stamp, coalesce(t.agencies, []) AS agencies,
           coalesce(t.name, '') AS name, t.firm_id AS firm
    """
    return {row["record"]: row for row in db.read(query, records=records)}


MET = """
UNWIND $ids AS id
MATCH (e:Executive {id: id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:MET]-(t:Touchpoint)
RETURN id, count(DISTINCT t.id) AS contacts
"""


def count_met(db: Reader, people: list[str]) -> dict[str, int]:
    """How many contacts name each of these people; those who are named in none are left out."""
    return {row["id"]: row["contacts"] for row in db.read(MET, ids=people)}


def list_members(db: Reader, kind: Kind, records: list[str]) -> dict[str, tuple[str, list[str]]]:
    """record id -> (thing, the records that resolve to it), for those of these that resolve."""
    query: LiteralString = f"""
    UNWIND $records AS record
    MATCH (:{RECORD[kind]} {{id: record}})-[:RESOLVES_TO]->(t:{THING[kind]})
    RETURN record, t.id AS thing,
           COLLECT {{ MATCH (t)<-[:RESOLVES_TO]-(m:{RECORD[kind]}) RETURN m.id }} AS members
    """
    return {row["record"]: (row["thing"], sorted(row["members"])) for row in db.read(query, records=records)}


def list_names(db: Reader, kind: Kind, records: list[str]) -> dict[str, Row]:
    """record id -> how people know it: `name`, `place` (a town, or an e-mail), `agency`, `key`, and its `thing`."""
    place: LiteralString = "r.city" if kind == "business" else "r.email"
    name: LiteralString = (
        "r.name" if kind == "business" else "coalesce(r.name, trim(coalesce(r.first_name, '') + ' ' + r.last_name))"
    )
    query: LiteralString = f"""
    UNWIND $records AS record
    MATCH (r:{RECORD[kind]} {{id: record}})-[:OF]->(a:Agency)
    OPTIONAL MATCH (r)-[:RESOLVES_TO]->(t:{THING[kind]})
    RETURN record, {name} AS name, {place} AS place, a.name AS agency, r.key AS key, t.id AS thing
    """
    return {row["record"]: row for row in db.read(query, records=records)}


def name_row(row: Row) -> str:
    """A record of `list_names` as people write it down: AGENCY:KEY."""
    return f"{row['agency']}:{row['key']}"


# The SET before the WHERE takes the node's lock, so that what WHERE then reads is what the last one committed.
TAKE_TURN = """
MERGE (t:ReviewTurn {id: $id})
SET t.asked = $user
WITH t
WHERE t.user IS NULL OR t.user = $user OR t.until < $now
SET t.user = $user, t.name = $name, t.until = $until
RETURN t.id AS id
"""

TURNS = "MATCH (t:ReviewTurn) WHERE t.until >= $now AND t.user <> $user RETURN t.id AS id, t.name AS name ORDER BY id"

TURN = "MATCH (t:ReviewTurn {id: $id}) WHERE t.until >= $now RETURN t.user AS user, t.name AS name, t.until AS until"

END_TURN = "MATCH (t:ReviewTurn {id: $id, user: $user}) DELETE t"

CLEAR_TURNS = "MATCH (t:ReviewTurn) WHERE t.until < $before DELETE t"


def take_turn(db: Store, id: str, *, user: str, name: str, seconds: float = TURN_SECONDS) -> bool:
    """Keep a pair for this user for some minutes. False when it is being shown to somebody else."""
    now = time.time()
    return bool(db.write(TAKE_TURN, id=id, user=user, name=name, now=now, until=now + seconds))


def list_turns(db: Reader, *, user: str) -> dict[str, str]:
    """The pairs that are being shown to others than this user, each with the name of that person."""
    return {row["id"]: row["name"] for row in db.read(TURNS, now=time.time(), user=user)}


def find_turn(db: Reader, id: str) -> Row | None:
    """To whom a pair is being shown (`user`, `name`), and for how many more `seconds`."""
    now = time.time()
    rows = db.read(TURN, id=id, now=now)
    return {"user": rows[0]["user"], "name": rows[0]["name"], "seconds": rows[0]["until"] - now} if rows else None


def end_turn(tx: Transaction, id: str, *, user: str) -> None:
    """The pair is not shown to this user any more."""
    tx.run(END_TURN, id=id, user=user)


def clear_turns(db: Store) -> None:
    """Forget the turns that ran out."""
    db.write(CLEAR_TURNS, before=time.time())
