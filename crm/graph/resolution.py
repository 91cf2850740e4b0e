"""Which record resolves to which thing: the one relationship that joining and splitting move."""

from collections.abc import Iterable, Mapping
from typing import Any, LiteralString

from crm.graph import businesses, departures, people, person_records, stale
from crm.graph.driver import Reader, Row, Transaction
from crm.graph.stale import RECORD, THING, Kind


def list_resolved(db: Reader, kind: Kind) -> dict[str, str]:
    """record id -> thing id, for every record that resolves."""
    # One row of two lists: a row for each would take longer to carry than to find.
    query: LiteralString = f"""
    MATCH (r:{RECORD[kind]})-[:RESOLVES_TO]->(t:{THING[kind]})
    RETURN collect(r.id) AS records, collect(t.id) AS things
    """
    (found,) = db.read(query)
    return dict(zip(found["records"], found["things"], strict=True))


def find_resolved(db: Reader, kind: Kind, records: list[str]) -> dict[str, str]:
    """The same, for these records."""
    query: LiteralString = f"""
    UNWIND $records AS record
    MATCH (r:{RECORD[kind]} {{id: record}})-[:RESOLVES_TO]->(t:{THING[kind]})
    RETURN collect(r.id) AS records, collect(t.id) AS things
    """
    if not records:
        return {}
    # One row of two lists: a row for each would take longer to carry than to find.
    (found,) = db.read(query, records=records)
    return dict(zip(found["records"], found["things"], strict=True))


def list_members(db: Reader, kind: Kind, things: list[str]) -> dict[str, list[tuple[int, str]]]:
    """thing id -> (seq, id) of each record that resolves to it, in no order, for those of these things that are there
    and have any.
    """
    query: LiteralString = f"""
    UNWIND $things AS thing
    MATCH (t:{THING[kind]} {{id: thing}})<-[:RESOLVES_TO]-(r:{RECORD[kind]})
    RETURN collect(t.id) AS things, collect(r.seq) AS seqs, collect(r.id) AS records
    """
    members: dict[str, list[tuple[int, str]]] = {}
    if not things:
        return members
    (found,) = db.read(query, things=things)
    for thing, seq, record in zip(found["things"], found["seqs"], found["records"], strict=True):
        members.setdefault(thing, []).append((seq, record))
    return members


FIRMS = """
UNWIND $records AS record
MATCH (r:BusinessRecord {id: record})-[:RESOLVES_TO]->(b:Business)
RETURN r.id AS record, coalesce(b.firm_id, b.id) AS firm
"""


def find_firms(db: Reader, records: list[str]) -> dict[str, str]:
    """business record id -> the firm of the business that it resolves to, for those of these that resolve."""
    return {row["record"]: row["firm"] for row in db.read(FIRMS, records=records)}


def list_things(db: Reader, kind: Kind, ids: list[str]) -> dict[str, list[Row]]:
    """thing id -> its records as people know them (`agency`, `system`, `key`), each with the `name` of the thing."""
    query: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (t:{THING[kind]} {{id: id}})<-[:RESOLVES_TO]-(r:{RECORD[kind]})-[:OF]->(a:Agency)
    RETURN t.id AS thing, coalesce(t.name, t.email) AS name, a.name AS agency, r.system AS system, r.key AS key,
           r.id AS id
    ORDER BY thing, agency, system, key, id
    """
    found: dict[str, list[Row]] = {id: [] for id in ids}
    for row in db.read(query, ids=ids):
        found[row["thing"]].append(row)
    return found


def assign(tx: Transaction, kind: Kind, rows: list[dict[str, Any]]) -> None:
    """Let records resolve to things, which are made where they are not there. A row: `record`, `thing`, `moved`."""
    moved = [row for row in rows if row["moved"]]
    if moved:
        unlink: LiteralString = f"""
        UNWIND $rows AS row
        MATCH (:{RECORD[kind]} {{id: row.record}})-[old:RESOLVES_TO]->()
        DELETE old
        """
        records = [row["record"] for row in moved]
        stale.mark(tx, kind, things=find_resolved(tx, kind, records).values())
        if kind == "business":
            # Who works there holds the role at another business from now on, whoever finds out and when.
            stale.mark(tx, "person", records=person_records.list_working_at(tx, records))
        tx.run(unlink, rows=moved)
    make: LiteralString = f"""
    UNWIND $things AS thing
    MERGE (t:{THING[kind]} {{id: thing}})
    """
    things = sorted({row["thing"] for row in rows})
    tx.run(make, things=things)
    stale.mark(tx, kind, things=things)
    link: LiteralString = f"""
    UNWIND $rows AS row
    MATCH (r:{RECORD[kind]} {{id: row.record}})
    MATCH (t:{THING[kind]} {{id: row.thing}})
    MERGE (r)-[:RESOLVES_TO]->(t)
    """
    tx.run(link, rows=rows)


# How many were made, and which were met. Asked when the records are tied to the business: who writes a contact with one
# of them now is in our way, and goes before or after.
TOLD: dict[Kind, LiteralString] = {
    "business": """
    WITH row, EXISTS { (r)<-[:WITH]-(:Touchpoint) } AS is_met
    RETURN count(*) AS made, collect(CASE WHEN is_met THEN row.record END) AS met
    """,
    "person": "RETURN count(*) AS made",
}

# A person and the role that they hold at once: neither has to be looked up for the other.
FOUND_EMPLOYED = """
UNWIND $rows AS row
MATCH (r:PersonRecord {id: row.record})
MATCH (b:Business {id: row.role.business})
CREATE (r)-[:RESOLVES_TO]->(e:Executive {id: row.thing.id})
       -[:HOLDS_ROLE {title: row.role.title, from_on: row.role.from_on, to_on: row.role.to_on,
                      is_former: row.role.is_former}]->(b)
SET e = row.thing
RETURN count(*) AS made
"""


def found_things(
    tx: Transaction, kind: Kind, rows: list[Row], records: dict[str, str], roles: Iterable[Row] = ()
) -> None:
    """Make things that surely are not there yet, from what is computed of them, and let these records (id -> thing),
    which resolve to nothing yet, resolve to them. What contacts make of businesses is marked. People hold the `roles`
    (see `people.put_people`) from the first. Where records are gone by now, things are marked as well."""
    # Creating is several times as fast as merging; where one of them is there after all, its unique id refuses.
    found: LiteralString = f"""
    UNWIND $rows AS row
    MATCH (r:{RECORD[kind]} {{id: row.record}})
    CREATE (r)-[:RESOLVES_TO]->(t:{THING[kind]} {{id: row.thing.id}})
    SET t = row.thing
    """ + TOLD[kind]
    link: LiteralString = f"""
    UNWIND $rows AS row
    MATCH (r:{RECORD[kind]} {{id: row.record}})
    MATCH (t:{THING[kind]} {{id: row.thing}})
    CREATE (r)-[:RESOLVES_TO]->(t)
    """ + TOLD[kind]
    first: dict[str, str] = {}
    for record, thing in records.items():
        first.setdefault(thing, record)
    made, said = [row["id"] for row in rows], list[Row]()
    role_of: dict[str, Row] = {}
    more = [role for role in roles if role_of.setdefault(role["person"], role) is not role]
    if role_of:
        held = [
            {"record": first[id], "thing": row, "role": role_of[id]} for row in rows if (id := row["id"]) in role_of
        ]
        said += tx.run(FOUND_EMPLOYED, rows=held)
        rows = [row for row in rows if row["id"] not in role_of]
    if rows:
        said += tx.run(found, rows=[{"record": first[row["id"]], "thing": row} for row in rows])
    others = [{"record": record, "thing": thing} for record, thing in records.items() if first[thing] != record]
    if others:
        said += tx.run(link, rows=others)
    if kind == "business":
        stale.mark(tx, "contacts", things={records[record] for row in said for record in row["met"]})
    people.add_roles(tx, more)
    if sum(row["made"] for row in said) < len(records):
        stale.mark(tx, kind, things=made)


def list_existing(db: Reader, kind: Kind, things: list[str]) -> list[str]:
    """Those of these things that are there."""
    query: LiteralString = f"UNWIND $ids AS id MATCH (t:{THING[kind]} {{id: id}}) RETURN t.id AS id ORDER BY id"
    return [row["id"] for row in db.read(query, ids=things)]


def drop_empty(tx: Transaction, kind: Kind, things: list[str]) -> list[str]:
    """Delete those of these things to which no record resolves any more; returns them."""
    find: LiteralString = f"""
    UNWIND $ids AS id
    MATCH (t:{THING[kind]} {{id: id}})
    WHERE NOT EXISTS {{ (t)<-[:RESOLVES_TO]-() }}
    RETURN t.id AS id
    ORDER BY id
    """
    gone = [row["id"] for row in tx.run(find, ids=things)] if things else []
    drop_things(tx, kind, gone)
    return gone


def drop_things(tx: Transaction, kind: Kind, ids: list[str]) -> None:
    """Delete these things, to which no record resolves any more, or whose records go with them."""
    drop: LiteralString = f"UNWIND $ids AS id MATCH (t:{THING[kind]} {{id: id}}) DETACH DELETE t"
    if ids:
        if kind == "business":
            businesses.drop_contacts(tx, ids)
        tx.run(drop, ids=ids)
        departures.note(tx, kind, ids)


def list_heirs(resolved: Mapping[str, str], left: Mapping[str, list[tuple[int, str]]]) -> list[dict[str, str]]:
    """For records that go (id -> the thing that each resolved to): where the id of a thing that one of them gave it
    leads from then on, as rows for `forward`. `left` are the (seq, id) of the records of each thing that stay.
    """
    # Also an id that was given up long ago, when its thing joined an older one, must go on leading somewhere.
    return [
        {"gone": record, "id": thing[0] + record[1:], "record": min(left[thing])[1]}
        for record, thing in sorted(resolved.items())
        if left.get(thing)
    ]


PUT_FORWARDS = """
UNWIND $rows AS row
MERGE (f:Forward {id: row.id})
SET f.record = row.record
"""

FOLLOW_FORWARDS = """
UNWIND $rows AS row
MATCH (f:Forward {record: row.gone})
SET f.record = row.record
"""


def forward(tx: Transaction, rows: list[dict[str, str]]) -> None:
    """Lead the ids of things whose founding record goes to where another record of theirs is.

    A row: `id` (the old thing's), `gone` (the record that goes), `record` (one that stays).
    """
    if rows:
        tx.run(FOLLOW_FORWARDS, rows=rows)
        tx.run(PUT_FORWARDS, rows=rows)
