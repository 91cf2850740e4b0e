"""Businesses: establishments as the region knows them, computed from the records that resolve to them.

A business's id is that of its oldest record in another dress, so it never changes while that record is there, and when
two businesses join the older id stays. An id that is no longer a business of its own leads to the business that its
record now belongs to, or, when the record itself is gone, to where a `Forward` points.

Beside its golden values a business carries what pages and measures need without walking the graph: how many records and
contacts it has, whose they are, in which of them something was `promised`, and the ids of the `newest`.
Beside the business, under its id, stands a `ContactList` with `contacts`, a compact text of every contact for the
region-wide measures: a node of its own, because an engine reads a node whole whenever it passes it.
"""

from collections.abc import Iterable
from typing import Any

from crm.graph.driver import Reader, Row, Store, Transaction, name_values

# How many of its newest contacts a business lists: the first pages of its timeline.
NEWEST = 100

VALUES = (
    "name",
    "legal_name",
    "street",
    "city",
    "state",
    "zip",
    "county",
    "phone",
    "website",
    "email",
    "ein",
    "naics",
    "employees",
    "parent",
    "closed_on",
)


def business_id(record_id: str) -> str:
    """The id of the business whose oldest record this is."""
    return "b" + record_id[1:]


def founding_record_id(business_id: str) -> str:
    """The id of the record that gave this business its id."""
    return "r" + business_id[1:]


# Locks the businesses before their parts are read, so that of two writers the second counts what the first wrote.
# The text is long, and only needed where the rest of it is not made anew.
LOCK = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
SET b.locked = $token
RETURN collect([b.id, b.firm_id, b.firm_shared, b.contact_count, b.stamp, CASE WHEN $with_text THEN b.search END])
       AS businesses
"""
LOCK_COLUMNS = ("id", "firm_id", "is_shared", "contact_count", "stamp", "search")

STATES = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
RETURN collect([b.id, b.stamp, b.firm_id, b.firm_shared]) AS states
"""
STATES_COLUMNS = ("id", "stamp", "firm_id", "is_shared")

PUT = """
UNWIND $rows AS row
MATCH (b:Business {id: row.id})
SET b = row
"""


def lock_businesses(tx: Transaction, ids: list[str], token: str, *, with_text: bool = False) -> list[Row]:
    """Hold these businesses until the transaction ends; returns those that exist, in the order of their ids, with what
    was last computed: the firm that each was rolled up to, the number of contacts (None: not yet), the time of the
    graph, and `with_text` the text by which it is found.
    """
    (found,) = tx.run(LOCK, ids=sorted(ids), token=token, with_text=with_text)
    return name_values(LOCK_COLUMNS, found["businesses"])


def list_states(db: Reader, ids: list[str]) -> list[Row]:
    """When each of these businesses was last computed or rolled up to a firm, and which."""
    (found,) = db.read(STATES, ids=ids)
    return name_values(STATES_COLUMNS, found["states"])


# The lock goes with it, as it does where a business is written whole.
PUT_SUMMARIES = """
UNWIND $rows AS row
MATCH (b:Business {id: row.id})
SET b.contact_count = row.contact_count, b.last_contact_on = row.last_contact_on, b.promised = row.promised,
    b.newest = row.newest, b.search = row.search, b.stamp = row.stamp
REMOVE b.locked
"""

PUT_CONTACTS = """
UNWIND $rows AS row
MERGE (c:ContactList {id: row.id})
SET c.contacts = row.contacts
"""

DROP_CONTACTS = """
UNWIND $ids AS id
MATCH (c:ContactList {id: id})
DELETE c
"""


def put_businesses(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Write everything that is computed about these businesses but their lists of contacts."""
    if rows:
        tx.run(PUT, rows=rows)


def put_summaries(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Write what contacts make of these businesses, and leave what their records say."""
    if rows:
        tx.run(PUT_SUMMARIES, rows=rows)


def put_contacts(tx: Transaction, rows: list[dict[str, str]]) -> None:
    """Write lists of contacts. A row: `id` of the business, `contacts`."""
    if rows:
        tx.run(PUT_CONTACTS, rows=rows)


def drop_contacts(tx: Transaction, ids: list[str]) -> None:
    """Take away the lists of businesses (ids) that have no contacts any more."""
    if ids:
        tx.run(DROP_CONTACTS, ids=ids)


EXISTING = "MATCH (b:Business {id: $id}) RETURN b.id AS id"

OF_RECORD = """
MATCH (r:BusinessRecord {id: $record})-[:RESOLVES_TO]->(b:Business)
RETURN b.id AS id
"""

FORWARDED = """
MATCH (f:Forward {id: $id})
MATCH (r:BusinessRecord {id: f.record})-[:RESOLVES_TO]->(b:Business)
RETURN b.id AS id
"""


def find_current_id(db: Reader, id: str) -> str | None:
    """The id under which the business of this id, old or current, is known now; None if there never was one."""
    if db.read(EXISTING, id=id):
        return id
    moved = db.read(OF_RECORD, record=founding_record_id(id)) or db.read(FORWARDED, id=id)
    return moved[0]["id"] if moved else None


# The roll-up knows businesses up to a time. As in search: each time is looked up by itself.
COMPUTED = """
UNWIND range($after + 1, $until) AS stamp
MATCH (b:Business {stamp: stamp})
RETURN b.id AS id, b.name AS name, b.legal_name AS legal_name, b.state AS state, b.ein AS ein, b.website AS website,
       b.email AS email, b.parent AS parent
"""

FIRMS = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
OPTIONAL MATCH (b)-[:PART_OF]->(f:Firm)
RETURN b.id AS id, b.name AS name, b.parent AS parent, b.firm_id AS firm_id, b.firm_shared AS is_shared,
       f.name AS firm_name
"""

IDS = "MATCH (b:Business) RETURN collect(b.id) AS ids"

STAMPS = "MATCH (b:Business) RETURN collect(b.id) AS ids, collect(coalesce(b.stamp, 0)) AS stamps"

# Lists within one row: a row for each business would take longer to carry than to find.
FOR_ROLL_UP = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
RETURN collect([b.id, b.name, b.legal_name, b.state, b.ein, b.website, b.email, b.parent, b.firm_id, b.firm_shared])
       AS businesses
"""
FOR_ROLL_UP_COLUMNS = (
    "id", "name", "legal_name", "state", "ein", "website", "email", "parent", "firm_id", "is_shared",
)  # fmt: skip

COUNT = "RETURN COUNT { (:Business) } AS count"


def list_computed(db: Reader, *, after: int, until: int) -> list[Row]:
    """What the roll-up to firms needs of the businesses that were computed after a time and up to another."""
    return db.read(COMPUTED, after=after, until=until)


def list_firms(db: Reader, ids: Iterable[str]) -> list[Row]:
    """The firm that each of these businesses is known to be of, and what that is called (None for one that is the only
    site of its firm); those that are not there are left out."""
    return db.read(FIRMS, ids=list(ids))


def list_ids(db: Reader) -> list[str]:
    """The ids of all businesses, in no order."""
    return db.read(IDS)[0]["ids"]


def list_stamps(db: Store) -> dict[str, int]:
    """When each business was last computed or rolled up to a firm; 0: not yet."""
    columns = db.read_columns(STAMPS)
    return dict(zip(columns["ids"], columns["stamps"], strict=True))


def list_for_roll_up(db: Reader, ids: list[str]) -> list[Row]:
    """What the roll-up to firms needs of those of these businesses that are there, and the firm that each is known to
    be of."""
    (found,) = db.read(FOR_ROLL_UP, ids=ids)
    return name_values(FOR_ROLL_UP_COLUMNS, found["businesses"])


def count_businesses(db: Reader) -> int:
    """How many there are; the engines know it without counting."""
    return db.read(COUNT)[0]["count"]


COLUMNS = """
MATCH (b:Business)
RETURN b.id AS id, b.name AS name, b.legal_name AS legal_name, b.city AS city, b.state AS state, b.zip AS zip,
       b.county AS county, b.naics AS naics, b.employees AS employees, b.closed_on AS closed_on, b.ein AS ein,
       b.website AS website, b.email AS email, b.parent AS parent, b.firm_id AS firm_id, b.firm_shared AS is_shared
"""


def list_columns(db: Reader) -> list[Row]:
    """Every business with what the universe of a sector needs."""
    return db.read(COLUMNS)


SET_FIRMS = """
UNWIND $rows AS row
MATCH (b:Business {id: row.business})
SET b.firm_id = row.firm, b.firm_shared = row.shared, b.stamp = $stamp
"""

UNLINK_FIRMS = """
UNWIND $rows AS row
MATCH (:Business {id: row.business})-[old:PART_OF]->(:Firm)
DELETE old
"""

LINK_FIRMS = """
UNWIND $rows AS row
MATCH (b:Business {id: row.business})
MERGE (f:Firm {id: row.firm})
SET f.name = row.name
MERGE (b)-[:PART_OF]->(f)
"""

DROP_EMPTY_FIRMS = """
MATCH (f:Firm)
WHERE NOT EXISTS { (f)<-[:PART_OF]-(:Business) }
DELETE f
"""


def put_firms(tx: Transaction, rows: list[dict[str, Any]], *, stamp: int) -> None:
    """Set which firm these businesses are sites of. A row: `business`, `firm`, `name`, `shared` (several sites). They
    are stamped with the graph's clock, so that whoever keeps lists of firms or of reviews notices."""
    if not rows:
        return
    tx.run(SET_FIRMS, rows=rows, stamp=stamp)
    tx.run(UNLINK_FIRMS, rows=rows)
    tx.run(LINK_FIRMS, rows=[row for row in rows if row["shared"]])


def drop_empty_firms(tx: Transaction) -> None:
    """Take away the firms that no business is a site of any more."""
    tx.run(DROP_EMPTY_FIRMS)


NAME = "MATCH (b:Business {id: $id}) RETURN coalesce(b.name, '') AS name"


def find_name(db: Reader, id: str) -> str | None:
    """The name of the business that has this id now, "" for one that has none; None where there is no such business."""
    rows = db.read(NAME, id=id)
    return rows[0]["name"] if rows else None
