"""The numbered steps that bring an older graph to what this version of the product works with.

    MIGRATIONS = (Migration("say in one line what changes", change), …)

The first brings an empty graph to version 1, the second version 1 to version 2, and so on. Several processes may run
one at once, and it may be run again after it was cut off, so it must do nothing where it is done already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from crm.batches import in_batches
from crm.graph import stale
from crm.graph.agencies import find_agency_id
from crm.graph.driver import Store, Transaction
from crm.graph.stale import RECORD, THING, Kind


@dataclass(frozen=True)
class Migration:
    """One step. `change` must be safe to run twice, and while other processes run it."""

    title: str
    change: Callable[[Store], None]


def _nothing(_: Store) -> None:
    """The first version is made of the constraints and indexes alone, which schema.py makes in any case."""


def _list_what_is_stale(db: Store) -> None:
    """What was marked on the thing itself is now listed in nodes of its own (stale.py)."""
    for kind, label in THING.items():
        find: LiteralString = f"MATCH (t:{label}) WHERE t.stale IS NOT NULL RETURN t.id AS id ORDER BY id LIMIT 5000"
        unmark: LiteralString = f"UNWIND $ids AS id MATCH (t:{label} {{id: id}}) REMOVE t.stale"
        while ids := [row["id"] for row in db.read(find)]:

            def move(tx: Transaction, kind: Kind = kind, ids: list[str] = ids, unmark: LiteralString = unmark) -> None:
                stale.mark(tx, kind, things=ids)
                tx.run(unmark, ids=ids)

            db.transact(move)


IMPORTS_OF_NAMES: Final = """
MATCH (i:Import)
WHERE i.agency IS NOT NULL AND i.agency_id IS NULL
RETURN DISTINCT i.agency AS name
ORDER BY name
"""
SAY_AGENCY: Final = "MATCH (i:Import {agency: $name}) WHERE i.agency_id IS NULL SET i.agency_id = $agency_id"


def _say_agencies_of_imports(db: Store) -> None:
    for row in db.read(IMPORTS_OF_NAMES):
        db.write(SAY_AGENCY, name=row["name"], agency_id=find_agency_id(db, row["name"]))


PROMISED: Final = """
MATCH (t:Touchpoint)
WHERE t.promise IS NOT NULL OR t.promise_due IS NOT NULL
MATCH (t)-[:WITH]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
WITH b, t
ORDER BY b.id, t.id
WITH b, collect(t.agency_id + ' ' + t.system + ' ' + t.key) AS promised
SET b.promised = promised
"""


def _list_promises_on_businesses(db: Store) -> None:
    db.write(PROMISED)


WITH_CONTACTS: Final = "MATCH (b:Business) WHERE b.contacts IS NOT NULL RETURN b.id AS id ORDER BY id"
MOVE_CONTACTS: Final = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
WITH b
WHERE b.contacts IS NOT NULL AND b.contacts <> '[]'
MERGE (c:ContactList {id: b.id})
SET c.contacts = b.contacts
"""
REMOVE_CONTACTS: Final = """
UNWIND $ids AS id
MATCH (b:Business {id: id})
REMOVE b.contacts
"""


def _move_contacts(db: Store) -> None:
    found = [row["id"] for row in db.read(WITH_CONTACTS)]
    for ids in (found[start : start + 1_000] for start in range(0, len(found), 1_000)):
        db.transact(lambda tx, ids=ids: (tx.run(MOVE_CONTACTS, ids=ids), tx.run(REMOVE_CONTACTS, ids=ids)))


UNREVIEWED: Final = "MATCH (r:BusinessRecord) WHERE NOT EXISTS { MATCH (:Review) } RETURN r.id AS id LIMIT 1"


def _ask_for_reviews(db: Store) -> None:
    """What is to be reviewed is kept from now on; the next time that records are matched it is found."""
    if db.read(UNREVIEWED):
        db.transact(stale.mark_all_unmatched)


def _list_unmatched(db: Store) -> None:
    """What must be matched again is no longer said by the record itself."""
    for label in RECORD.values():
        find: LiteralString = (
            f"MATCH (r:{label}) WHERE r.unmatched IS NOT NULL RETURN r.id AS id ORDER BY id LIMIT 5000"
        )
        unmark: LiteralString = f"UNWIND $ids AS id MATCH (r:{label} {{id: id}}) REMOVE r.unmatched"
        while ids := [row["id"] for row in db.read(find)]:

            def move(tx: Transaction, ids: list[str] = ids, unmark: LiteralString = unmark) -> None:
                stale.mark_unmatched(tx, ids)
                tx.run(unmark, ids=ids)

            db.transact(move)


VERSIONS_IN_NO_PART: Final = """
MATCH (v:RecordVersion)
WHERE v.part IS NULL AND v.import_id IS NOT NULL
RETURN collect(v.id) AS ids
"""
SAY_PART: Final = """
UNWIND $ids AS id
MATCH (v:RecordVersion {id: id})
SET v.part = v.import_id + substring(v.record_id, 1, 2)
"""


def part_versions(db: Store) -> None:
    """Say of each version of an import's in which part of it it is (see `records.list_parts`)."""
    for ids in in_batches(db.read(VERSIONS_IN_NO_PART)[0]["ids"], 1_000):
        db.write(SAY_PART, ids=ids)


MIGRATIONS: Final[Sequence[Migration]] = (
    Migration("the first version of the graph", _nothing),
    Migration("what must be computed again is listed in nodes of its own", _list_what_is_stale),
    Migration("imports know the id of the agency whose rows they hold, also when it gets another name",
              _say_agencies_of_imports),
    Migration("the contacts of a business stand beside it", _move_contacts),
    Migration("a business lists the contacts in which something was promised", _list_promises_on_businesses),
    Migration("what is to be reviewed is kept", _ask_for_reviews),
    Migration("records that came, changed or went are listed in nodes of their own", _list_unmatched),
    Migration("what an import said of records that others spoke of too is found part by part", part_versions),
)  # fmt: skip
