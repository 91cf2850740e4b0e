"""What must be computed again: things whose records, contacts or referrals changed since they were computed.

Whoever changes something leaves a mark, in the same transaction: one small node that lists what was touched. So the
work survives whoever was doing it, and a change costs the same whether it touches businesses of one contact or of
thousands (a property of the thing itself would rewrite it, contacts and all, for every change). A mark goes only when
everything that it lists was computed after it was read, so a change that commits in between is never missed.
"""

from collections.abc import Iterable
from typing import Any, Final, Literal, LiteralString
from uuid import uuid4
from weakref import WeakKeyDictionary

from crm.graph.driver import Reader, Store, Transaction

Kind = Literal["business", "person"]
RECORD: Final[dict[Kind, LiteralString]] = {"business": "BusinessRecord", "person": "PersonRecord"}
THING: Final[dict[Kind, LiteralString]] = {"business": "Business", "person": "Executive"}
# What is to be computed: all of a thing, or of a business only what its contacts make of it, which is much less.
Part = Literal["business", "person", "contacts"]
KIND_OF: Final[dict[Part, Kind]] = {"business": "business", "person": "person", "contacts": "business"}

# What one mark lists at most, and how many marks are worked off in one round.
LISTED = 5_000
MARKS = 500

# What each open transaction has marked itself, so that one that also computes it leaves nothing behind.
_own: WeakKeyDictionary[Transaction, list[dict[str, Any]]] = WeakKeyDictionary()

ADD = "UNWIND $rows AS row CREATE (s:Stale) SET s = row"

# Records came, changed or went, or two were judged, so they and others may belong elsewhere now: `kind` of such marks.
UNMATCHED: Final = "matching"
JUDGED: Final = "judged"
# People were named in contacts, or are no more; nothing of theirs changes by it but their place in the review queue.
MET: Final = "met"
# All marks that concern the matcher are worked off in one step.
AT_ONCE = 1_000_000

LIST = """
MATCH (s:Stale)
WHERE s.kind = $kind
RETURN s.id AS id, s.records AS records, s.things AS things
ORDER BY id
LIMIT $limit
"""

DROP = """
UNWIND $ids AS id
MATCH (s:Stale {id: id})
DELETE s
"""


def mark(tx: Transaction, part: Part, *, records: Iterable[str] = (), things: Iterable[str] = ()) -> None:
    """Note that these things, and those that these records resolve to by then, must be computed again."""
    rows = _list_rows(part, "records", sorted(set(records))) + _list_rows(part, "things", sorted(set(things)))
    if rows:
        tx.run(ADD, rows=rows)
        _own.setdefault(tx, []).extend(rows)


def settle_own(tx: Transaction, part: Part, computed: Iterable[str]) -> None:
    """Take away the marks of this same transaction that list only things that it has computed now. Who has computed a
    business whole has computed its contacts too."""
    parts = {part, "contacts"} if part == "business" else {part}
    done = set(computed)
    settled = [
        row["id"]
        for row in _own.get(tx, ())
        if row["kind"] in parts
        and done.issuperset(row["things"])
        and done.issuperset(_find_things(tx, part, row["records"]))
    ]
    if settled:
        tx.run(DROP, ids=settled)
        _own[tx] = [row for row in _own[tx] if row["id"] not in settled]


def find_own(tx: Transaction, part: Part) -> set[str]:
    """The things that this transaction has marked itself and not computed yet."""
    rows = [row for row in _own.get(tx, ()) if row["kind"] == part]
    records = sorted({id for row in rows for id in row["records"]})
    return {id for row in rows for id in row["things"]}.union(_find_things(tx, part, records))


def mark_all(db: Store, kind: Kind) -> None:
    """Note that every thing must be computed again."""
    query: LiteralString = f"MATCH (t:{THING[kind]}) RETURN t.id AS id"
    things = [row["id"] for row in db.read(query)]
    db.transact(lambda tx: mark(tx, kind, things=things))


ANY = "MATCH (s:Stale) WHERE s.kind = $kind RETURN s.id AS id LIMIT 1"


def has_marks(db: Reader, part: Part) -> bool:
    """Whether anything is marked."""
    return bool(db.read(ANY, kind=part))


def list_marks(db: Reader, part: Part) -> tuple[list[str], list[str]]:
    """Some of the marks there are: their ids, and the things that they mean."""
    marks = db.read(LIST, kind=part, limit=MARKS)
    things = {id for row in marks for id in row["things"]}
    records = {id for row in marks for id in row["records"]}
    return [row["id"] for row in marks], sorted(things | set(_find_things(db, part, sorted(records))))


def mark_unmatched(tx: Transaction, records: Iterable[str]) -> None:
    """Note that these records came, changed or went, and what they are must be decided again. Whoever writes records
    leaves such marks: the matcher knows of nothing else."""
    if rows := _list_rows(UNMATCHED, "records", sorted(set(records))):
        tx.run(ADD, rows=rows)


def mark_all_unmatched(tx: Transaction) -> None:
    """Note that whatever is known of all records must be decided again."""
    tx.run(ADD, rows=[{"id": uuid4().hex, "kind": UNMATCHED, "records": [], "things": []}])


def mark_judged(tx: Transaction, left: str, right: str) -> None:
    """Note that the region has yet to follow a judgement of these two records."""
    tx.run(ADD, rows=[{"id": uuid4().hex, "kind": JUDGED, "records": sorted((left, right)), "things": []}])


def mark_met(tx: Transaction, records: Iterable[str]) -> None:
    """Note that contacts came, changed or went which name these people."""
    if rows := _list_rows(MET, "records", sorted(set(records))):
        tx.run(ADD, rows=rows)


def list_met(db: Reader) -> dict[str, list[str]]:
    """The ids of the marks that contacts with people came, changed or went, each with the people's records."""
    return {row["id"]: row["records"] for row in db.read(LIST, kind=MET, limit=AT_ONCE)}


def list_judged(db: Reader) -> dict[str, list[str]]:
    """The ids of the marks of judgements that the region has yet to follow, each with the two records."""
    return {row["id"]: row["records"] for row in db.read(LIST, kind=JUDGED, limit=AT_ONCE)}


def list_awaiting(db: Reader) -> set[str]:
    """The records about which an answer is yet to be followed."""
    return {record for judged in list_judged(db).values() for record in judged}


def list_unmatched(db: Reader) -> dict[str, list[str]]:
    """The ids of the marks that records came, changed or went, each with the records; a mark
    without any means all."""
    return {row["id"]: row["records"] for row in db.read(LIST, kind=UNMATCHED, limit=AT_ONCE)}


def drop_marks(db: Store, ids: Iterable[str]) -> None:
    """Take these marks away, whose things have all been computed."""
    db.write(DROP, ids=list(ids))


def _list_rows(kind: str, name: Literal["records", "things"], ids: list[str]) -> list[dict[str, Any]]:
    empty: dict[str, list[str]] = {"records": [], "things": []}
    return [
        {"id": uuid4().hex, "kind": kind, **empty, name: ids[start : start + LISTED]}
        for start in range(0, len(ids), LISTED)
    ]


def _find_things(db: Reader, part: Part, records: list[str]) -> list[str]:
    kind = KIND_OF[part]
    query: LiteralString = f"""
    UNWIND $records AS record
    MATCH (r:{RECORD[kind]} {{id: record}})-[:RESOLVES_TO]->(t:{THING[kind]})
    RETURN DISTINCT t.id AS id
    """
    return [row["id"] for row in db.read(query, records=records)] if records else []
