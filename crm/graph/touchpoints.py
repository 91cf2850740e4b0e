"""Touchpoints: that somebody of one or more programs was in contact with a business on a day, or plans to be."""

from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.graph import stale
from crm.graph.driver import Reader, Row, Transaction

# New contacts, with all their ties, in one go. Creating is more than twice as fast as merging; should another process
# have made one of them in this moment, the constraint on the id refuses, and the transaction runs again with PUT.
ADD = """
UNWIND $rows AS row
MATCH (r:BusinessRecord {id: row.record})
CREATE (t:Touchpoint)
SET t = row.props
CREATE (t)-[:WITH]->(r)
WITH t, row
UNWIND row.programs AS program
MATCH (p:Program {id: program})
CREATE (t)-[:MADE_BY]->(p)
WITH DISTINCT t, row
UNWIND row.staff AS staff
MATCH (s:Staff {id: staff})
CREATE (t)-[:LOGGED_BY]->(s)
"""

PUT = """
UNWIND $rows AS row
MATCH (r:BusinessRecord {id: row.record})
MERGE (t:Touchpoint {id: row.props.id})
SET t = row.props
MERGE (t)-[:WITH]->(r)
WITH t, row
UNWIND row.programs AS program
MATCH (p:Program {id: program})
MERGE (t)-[:MADE_BY]->(p)
WITH DISTINCT t, row
UNWIND row.staff AS staff
MATCH (s:Staff {id: staff})
MERGE (t)-[:LOGGED_BY]->(s)
"""

# An update says all ties anew, so the old ones go first.
UNLINK = """
UNWIND $ids AS id
MATCH (:Touchpoint {id: id})-[old:WITH|MADE_BY|MET|LOGGED_BY]->()
DELETE old
"""

MEET = """
UNWIND $rows AS row
MATCH (t:Touchpoint {id: row.id})
MATCH (p:PersonRecord {id: row.person})
MERGE (t)-[:MET]->(p)
"""


def put_touchpoints(tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str], fresh: bool = False) -> None:
    """Write touchpoints whole, whose ids in `updated` were there before; `fresh` says that the others surely were not.

    A row: `props` (all properties), `record` (business record id), `programs`, `persons` (person record ids), `staff`
    (staff ids).
    """
    there = set(updated)
    named = {person for row in rows for person in row["persons"]}
    if updated:
        named |= list_ties(tx, updated)[1]
        tx.run(UNLINK, ids=updated)
    new = [row for row in rows if row["props"]["id"] not in there] if fresh else []
    old = [row for row in rows if row["props"]["id"] in there] if fresh else rows
    if new:
        tx.run(ADD, rows=new)
    if old:
        tx.run(PUT, rows=old)
    met = [{"id": row["props"]["id"], "person": person} for row in rows for person in row["persons"]]
    if met:
        tx.run(MEET, rows=met)
    stale.mark_met(tx, named)


# What the measures of a business need of each of its contacts, a list a contact and program. Lists inside one row a
# business, because carrying rows is what costs time; and not grouped by contact, because ArcadeDB charges the whole
# contacts of a group to its memory, and refuses a region's busiest businesses.
OF_BUSINESSES = """
UNWIND $ids AS id
MATCH (b:Business {id: id})<-[:RESOLVES_TO]-(:BusinessRecord)<-[:WITH]-(t:Touchpoint)-[:MADE_BY]->(p:Program)
RETURN id AS business, collect([t.id, p.id, t.agency_id, t.system, t.key, t.date, t.channel, t.direction, t.purpose,
                                t.reached, t.topics, t.promise IS NOT NULL OR t.promise_due IS NOT NULL]) AS contacts
"""
OF_BUSINESSES_COLUMNS = (
    "id", "program", "agency_id", "system", "key", "date", "channel", "direction", "purpose", "reached", "topics",
    "promised",
)  # fmt: skip


def list_of_businesses(db: Reader, ids: list[str]) -> dict[str, list[Row]]:
    """The contacts with each of these businesses, in no order: what §2 and §3 of the definitions count, their
    `programs`, and whether anything was promised.
    """
    found: dict[str, list[Row]] = {}
    for row in db.read(OF_BUSINESSES, ids=ids):
        contacts: dict[str, Row] = {}
        for values in row["contacts"]:
            contact = dict(zip(OF_BUSINESSES_COLUMNS, values, strict=True))
            program = contact.pop("program")
            contacts.setdefault(contact["id"], contact | {"programs": []})["programs"].append(program)
        found[row["business"]] = list(contacts.values())
    return found


TIES = """
UNWIND $ids AS id
MATCH (t:Touchpoint {id: id})
OPTIONAL MATCH (t)-[:WITH]->(r:BusinessRecord)
OPTIONAL MATCH (t)-[:MET]->(p:PersonRecord)
RETURN r.id AS record, p.id AS person
"""


def list_ties(db: Reader, ids: list[str]) -> tuple[set[str], set[str]]:
    """The business records and the person records that these contacts refer to."""
    rows = db.read(TIES, ids=ids)
    return {r["record"] for r in rows if r["record"]}, {r["person"] for r in rows if r["person"]}


# Promises without a day come after those with one.
SOME_DAY = "9999-12-31"


def mark_due(props: dict[str, Any], *, today: str) -> dict[str, str]:
    """The properties by which an agency's open promises and its plans are found in the order of their days.

    Few contacts have either, so an index over them is small. A plan whose day has come keeps its mark. Plans of several
    programs are few in a whole region, and are found by their day alone for the agencies of all of them.
    """
    marks: dict[str, str] = {}
    if props.get("promise") and not props.get("promise_kept_on"):
        marks["promise_open"] = f"{props['agency_id']} {props.get('promise_due') or SOME_DAY}"
    if props["date"] > today:
        marks["plan"] = f"{props['agency_id']} {props['date']}"
        if ";" in props.get("program", ""):
            marks["joint_plan"] = props["date"]
    return marks


SET_PROMISE_KEPT = """
MATCH (t:Touchpoint {id: $id})
SET t.promise_kept_on = $on, t.promise_open = $open
"""


def set_promise_kept(tx: Transaction, record: Row, on: str | None) -> None:
    """Note the day (ISO) on which the promise of a contact was kept, or that it was not."""
    open_ = mark_due(record | {"promise_kept_on": on}, today=SOME_DAY).get("promise_open")
    tx.run(SET_PROMISE_KEPT, id=record["id"], on=on, open=open_)


STAFF_AGENCIES = """
UNWIND $ids AS id
MATCH (:Touchpoint {id: id})-[:LOGGED_BY]->(s:Staff)
RETURN DISTINCT s.agency_id AS agency
ORDER BY agency
"""


def list_staff_agencies(db: Reader, ids: list[str]) -> set[str]:
    """The agencies of the staff who made these contacts: the lead of a joint one may be of a partner's."""
    return {row["agency"] for row in db.read(STAFF_AGENCIES, ids=ids)}


@dataclass(frozen=True)
class Tied:
    """One contact whole: all its properties, and what its ties lead to. `persons` are (record id, person id)."""

    contact: Row
    record: str
    business: str
    programs: list[str]
    persons: list[tuple[str, str]]
    staff: list[str]


TIED = """
MATCH (t:Touchpoint {id: $id})-[:WITH]->(r:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN properties(t) AS contact, r.id AS record, b.id AS business,
       COLLECT { MATCH (t)-[:MADE_BY]->(p:Program) RETURN p.id } AS programs,
       COLLECT { MATCH (t)-[:MET]->(q:PersonRecord)-[:RESOLVES_TO]->(e:Executive) RETURN [q.id, e.id] } AS persons,
       COLLECT { MATCH (t)-[:LOGGED_BY]->(s:Staff) RETURN s.id } AS staff
"""


def find_tied(db: Reader, id: str) -> Tied | None:
    """A contact with its ties; None where there is none of this id."""
    rows = db.read(TIED, id=id)
    if not rows:
        return None
    row = rows[0]
    lists: Row = {
        "programs": sorted(row["programs"]),
        "persons": sorted((str(record), str(person)) for record, person in row["persons"]),
        "staff": sorted(row["staff"]),
    }
    return Tied(**row | lists)


# The SET before the WHERE takes the node's lock: of two who change one contact, the second sees what the first wrote.
HOLD = """
MATCH (t:Touchpoint {id: $id})
SET t.locked = $token
WITH t
WHERE t.said = $revision
// All that stands on a contact is a cell of its agency's row, so the mark must not stay.
REMOVE t.locked
RETURN t.id AS id
"""


def hold_touchpoint(tx: Transaction, id: str, *, revision: int, token: str) -> bool:
    """Hold a contact until the transaction ends; False when it is not at this revision, and must be left as it is."""
    return bool(tx.run(HOLD, id=id, revision=revision, token=token))


PROMISES_AND_STAFF = """
UNWIND $ids AS id
MATCH (t:Touchpoint {id: id})
OPTIONAL MATCH (t)-[:LOGGED_BY]->(s:Staff)
RETURN t.id AS id, t.promise IS NOT NULL AS promised, t.promise_due AS promise_due,
       t.promise_kept_on AS promise_kept_on, collect(coalesce(s.email, s.name)) AS staff
"""


def list_promises_and_staff(db: Reader, viewer: Viewer, ids: list[str]) -> list[Row]:
    """Who made these contacts, and whether something was promised in them: not what, which members do not share."""
    return db.read(PROMISES_AND_STAFF, ids=ids) if ids else []
