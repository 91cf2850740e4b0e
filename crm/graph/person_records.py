"""Person records: what an agency's list says of one person at one business, and the stubs that its contacts name."""

from typing import Any

from crm.access import Viewer
from crm.graph import opt_outs, stale
from crm.graph.driver import Reader, Row, Transaction, name_values

FIELDS = (
    "first_name",
    "last_name",
    "name",
    "title",
    "email",
    "phone",
    "mobile",
    "assistant",
    "assistant_phone",
    "do_not_contact",
    "notes",
)

# Creating is twice as fast as merging (business_records.py).
ADD = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.props.agency_id})
CREATE (p:PersonRecord)
SET p = row.props
CREATE (p)-[:OF]->(a)
"""

ADD_EMPLOYED = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.props.agency_id})
MATCH (r:BusinessRecord {id: row.record})
CREATE (p:PersonRecord)
SET p = row.props
CREATE (p)-[:OF]->(a)
CREATE (p)-[:WORKS_AT {title: row.props.title}]->(r)
"""

PUT = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.props.agency_id})
MERGE (p:PersonRecord {id: row.props.id})
SET p = row.props
MERGE (p)-[:OF]->(a)
"""

UNLINK = """
UNWIND $ids AS id
MATCH (:PersonRecord {id: id})-[old:WORKS_AT]->()
DELETE old
"""

EMPLOY = """
UNWIND $rows AS row
MATCH (p:PersonRecord {id: row.id})
MATCH (r:BusinessRecord {id: row.record})
MERGE (p)-[w:WORKS_AT]->(r)
SET w.title = row.title
"""


def put_records(
    tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str] | None = None, fresh: bool = False
) -> None:
    """Write records whole. A row: `props` (all properties) and `record` (the business record worked at, or None).

    `fresh` says that those that are not among `updated` are not there yet.
    """
    if not rows:
        return
    there = set(updated or ())
    new = [row for row in rows if row["props"]["id"] not in there] if fresh else []
    if new:
        _add(tx, new)
    if len(new) < len(rows):
        _put(tx, [row for row in rows if row["props"]["id"] in there] if fresh else rows)
    stale.mark_unmatched(tx, [row["props"]["id"] for row in rows])
    opt_outs.mark_people(tx, [row["props"]["email_key"] for row in rows if opt_outs.is_opt_out(row["props"])])


def _add(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    if employed := [row for row in rows if row["record"]]:
        tx.run(ADD_EMPLOYED, rows=employed)
    if others := [row for row in rows if not row["record"]]:
        tx.run(ADD, rows=others)


def _put(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    tx.run(PUT, rows=rows)
    tx.run(UNLINK, ids=[row["props"]["id"] for row in rows])
    employed = [
        {"id": row["props"]["id"], "record": row["record"], "title": row["props"].get("title")}
        for row in rows
        if row["record"]
    ]
    tx.run(EMPLOY, rows=employed)


ADD_STUBS = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.props.agency_id})
MERGE (p:PersonRecord {id: row.props.id})
ON CREATE SET p = row.props
MERGE (p)-[:OF]->(a)
"""


def add_stubs(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Create those of these stubs that are not there: `props`, and the business `record` where they are met."""
    if not rows:
        return
    tx.run(ADD_STUBS, rows=rows)
    stale.mark_unmatched(tx, [row["props"]["id"] for row in rows])
    employed = [{"id": row["props"]["id"], "record": row["record"], "title": None} for row in rows if row["record"]]
    tx.run(EMPLOY, rows=employed)


BY_REF = """
UNWIND $refs AS ref
MATCH (p:PersonRecord {ref: ref})
RETURN p.ref AS ref, p.id AS id, p.system AS system
ORDER BY ref, id
"""


def find_by_refs(db: Reader, refs: list[str], *, system: str) -> dict[str, str]:
    """ref -> record id; where two systems use one source id, the given system's record is meant."""
    found: dict[str, str] = {}
    for row in db.read(BY_REF, refs=refs):
        if row["ref"] not in found or row["system"] == system:
            found[row["ref"]] = row["id"]
    return found


BY_EMAIL = """
UNWIND $emails AS email
MATCH (p:PersonRecord {email_key: email})
RETURN p.email_key AS email, p.id AS id, p.agency_id AS agency_id
ORDER BY email, p.seq, id
"""


def find_by_emails(db: Reader, emails: list[str]) -> dict[str, list[tuple[str, str]]]:
    """e-mail in lower case -> (record id, agency id) of all who have it, oldest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in db.read(BY_EMAIL, emails=emails):
        found.setdefault(row["email"], []).append((row["id"], row["agency_id"]))
    return found


NAMED_AT = """
UNWIND $records AS record
MATCH (:BusinessRecord {id: record})<-[:WORKS_AT]-(p:PersonRecord)
WHERE p.name_ref IS NOT NULL
WITH record, p
ORDER BY p.seq, p.id
RETURN collect([record, p.name_ref, p.id]) AS found
"""


def find_named_at(db: Reader, records: list[str]) -> dict[tuple[str, str], str]:
    """(business record, name ref) -> person record, of the people at these business records; of two with one name the
    oldest.
    """
    (row,) = db.read(NAMED_AT, records=records)
    found: dict[tuple[str, str], str] = {}
    for record, name_ref, id in row["found"]:
        found.setdefault((record, name_ref), id)
    return found


IDS = "MATCH (p:PersonRecord) RETURN collect(p.id) AS ids"

# What people are matched by and computed from: one reading serves both.
# Lists within one row: a row for each record would take longer to carry than to find.
LIST_SAID = """
UNWIND $ids AS id
MATCH (p:PersonRecord {id: id})
OPTIONAL MATCH (p)-[:WORKS_AT]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
RETURN collect([p.id, p.agency_id, p.seq, p.said, p.first_name, p.last_name, p.name, p.title, p.email, p.phone,
                p.mobile, p.assistant, p.assistant_phone, p.do_not_contact, p.email_key, b.id]) AS records
"""
READ_COLUMNS = (
    "id", "agency_id", "seq", "said", "first_name", "last_name", "name", "title", "email", "phone", "mobile",
    "assistant", "assistant_phone", "do_not_contact", "email_key", "business",
)  # fmt: skip


def list_ids(db: Reader) -> list[str]:
    """The ids of all person records, in no order."""
    return db.read(IDS)[0]["ids"]


def list_said(db: Reader, ids: list[str]) -> list[Row]:
    """What people are matched by and computed from, of those of these records that are there, each with `business`, the
    id of the business that it is at, or None."""
    (found,) = db.read(LIST_SAID, ids=ids)
    return name_values(READ_COLUMNS, found["records"])


RECORDS = """
MATCH (p:PersonRecord)-[:OF]->(a:Agency)
MATCH (p)-[:RESOLVES_TO]->(e:Executive)
RETURN a.name AS agency, p.system AS system, p.key AS key, e.id AS person, p.id AS id
ORDER BY agency, system, key, id
"""


def list_resolved_records(db: Reader, viewer: Viewer) -> list[Row]:
    """Which person each person record is, in the shape of the contract."""
    return [{k: v for k, v in row.items() if k != "id"} for row in db.read(RECORDS)]


UNUSED_STUBS = """
UNWIND $ids AS id
MATCH (p:PersonRecord {id: id})
WHERE p.stub = true AND NOT EXISTS { (p)<-[:MET|FILLED_BY]-() }
RETURN p.id AS id
ORDER BY id
"""


def list_unused_stubs(db: Reader, ids: list[str]) -> list[str]:
    """Those of these records that are stubs to which nothing refers any more."""
    return [row["id"] for row in db.read(UNUSED_STUBS, ids=ids)] if ids else []


REFERRED_TO = """
UNWIND $ids AS id
MATCH (p:PersonRecord {id: id})
WHERE EXISTS { (p)<-[:MET|FILLED_BY]-() }
RETURN p.id AS id
ORDER BY id
"""


def list_referred_to(db: Reader, ids: list[str]) -> list[str]:
    """Those of these records that contacts or seats refer to: without their row they become stubs."""
    return [row["id"] for row in db.read(REFERRED_TO, ids=ids)] if ids else []


# Whose employer became another business, or whose employer's record went: they must be matched again.
WORKING_AT_RECORDS = """
// Written from the end that has the index: from the other, ArcadeDB looks at every person for every record.
UNWIND $records AS record
MATCH (:BusinessRecord {id: record})<-[:WORKS_AT]-(p:PersonRecord)
RETURN p.id AS id, record
ORDER BY id, record
"""


def find_working_at(db: Reader, records: list[str]) -> dict[str, str]:
    """Person records that work at these business records, each with the record."""
    return {row["id"]: row["record"] for row in db.read(WORKING_AT_RECORDS, records=records)} if records else {}


def list_working_at(db: Reader, records: list[str]) -> list[str]:
    """The same, without the record."""
    return list(find_working_at(db, records))


EMPLOYERS_OF = """
UNWIND $ids AS id
MATCH (:PersonRecord {id: id})-[:WORKS_AT]->(r:BusinessRecord)
RETURN DISTINCT r.id AS id
ORDER BY id
"""


def list_business_records(db: Reader, ids: list[str]) -> set[str]:
    """The business records at which these people work."""
    return {row["id"] for row in db.read(EMPLOYERS_OF, ids=ids)} if ids else set()


OWN = """
MATCH (e:Executive {id: $person})<-[:RESOLVES_TO]-(p:PersonRecord {agency_id: $agency_id})
RETURN p.id AS id
ORDER BY p.seq, id
LIMIT 1
"""


def find_own(db: Reader, person: str, agency_id: str) -> str | None:
    """The oldest record that this agency holds of a person."""
    rows = db.read(OWN, person=person, agency_id=agency_id)
    return rows[0]["id"] if rows else None
