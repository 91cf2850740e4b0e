"""Founding: businesses that are new to the region are made with all that is computed of them, in one go.

They differ from others in that nobody can have written to them: there is nothing to hold, to read back or to keep, and
their values can be computed while the engine writes those of others. Should one be there after all (another process
made it at this moment, or the engine died when it had written a batch and before it said so), its records are assigned
to it as any others are, and it is marked as one to compute.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from crm.ahead import read_ahead
from crm.batches import in_batches
from crm.graph import business_records, resolution
from crm.graph.driver import Row, Store, Transaction
from crm.graph.leases import Lease
from crm.services.golden import compute_new

# Few enough to hold the graph's clock for a moment only.
AT_ONCE = 500
# A business of more records than this is made as those that are there: a batch must not grow without bounds.
MOST_RECORDS = 100

# Thing -> its records.
Founded = tuple[str, list[str]]


def find_new_things(target: dict[str, str], resolved: dict[str, str]) -> dict[str, list[str]]:
    """Thing -> its records, for the things to come that are new and of new records only. `target` says of records which
    thing each is to be, `resolved` which it has been."""
    records_of: dict[str, list[str]] = {}
    for record, thing in target.items():
        records_of.setdefault(thing, []).append(record)
    known = set(resolved.values())
    return {
        thing: records
        for thing, records in records_of.items()
        if thing not in known and len(records) <= MOST_RECORDS and resolved.keys().isdisjoint(records)
    }


def found_things(db: Store, held: Lease, things: list[Founded]) -> Generator[int]:
    """Make these businesses, under the lease; after each batch the number of records that it holds."""

    def prepare(batch: list[Founded]) -> _Batch:
        records = business_records.find_for_computing(db, [record for _, of in batch for record in of])
        there = {thing: [records[record] for record in of if record in records] for thing, of in batch}
        return _Batch(held, compute_new(there), {record: thing for thing, of in batch for record in of})

    with closing(read_ahead(map(prepare, in_batches(things, AT_ONCE)))) as batches:
        for batch in batches:
            db.transact(batch.write)
            yield len(batch.thing_of)


@dataclass
class _Batch:
    """Businesses on their way into the graph: what is computed of them, and record -> business."""

    held: Lease
    rows: list[Row]
    thing_of: dict[str, str]
    tries: int = 0

    def write(self, tx: Transaction) -> None:
        self.tries += 1
        self.held.check(tx)
        if self.tries > 1 and resolution.list_existing(tx, "business", [row["id"] for row in self.rows]):
            rows = [{"record": record, "thing": thing, "moved": False} for record, thing in self.thing_of.items()]
            resolution.assign(tx, "business", rows)
            return
        stamp = tx.tick()
        resolution.found_businesses(tx, [row | {"stamp": stamp} for row in self.rows], self.thing_of)
