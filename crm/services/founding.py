"""Founding: things that are new to the region are made with all that is computed of them, in one go.

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
from crm.collector import patient_collector
from crm.graph import resolution
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.leases import Lease
from crm.graph.stale import Kind
from crm.services.golden import compute_new_businesses, compute_people_of
from crm.services.kept_records import KeptRecords
from crm.services.matched_rows import read_records
from crm.services.sites_beside import SitesBeside

# Few enough to hold the graph's clock for a moment only.
AT_ONCE = 1_000
# A thing of more records than this is made as those that are there: a batch must not grow without bounds.
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


def found_things(
    db: Store,
    held: Lease,
    kind: Kind,
    things: list[Founded],
    sites: SitesBeside | None = None,
    kept: KeptRecords | None = None,
) -> Generator[int]:
    """Make these things, under the lease; after each batch the number of records that it holds. `sites` hears of the
    businesses that are made. Records that are not `kept` are read."""
    kept = KeptRecords() if kept is None else kept
    batches = (prepare(db, held, kind, batch, kept) for batch in in_batches(things, AT_ONCE))
    with patient_collector(), closing(read_ahead(batches)) as prepared:
        for batch in prepared:
            made_at = db.transact(batch.write)
            if sites is not None and made_at is not None:
                sites.put(batch.rows, made_at)
            yield len(batch.thing_of)


@dataclass
class Batch:
    """Things on their way into the graph: what is computed of them, the roles of people, and record -> thing."""

    held: Lease
    kind: Kind
    rows: list[Row]
    roles: list[Row]
    thing_of: dict[str, str]
    tries: int = 0

    def write(self, tx: Transaction) -> int | None:
        """When they were made, by the time of the graph; None where they were not."""
        self.tries += 1
        self.held.check(tx)
        if self.tries > 1 and resolution.list_existing(tx, self.kind, [row["id"] for row in self.rows]):
            rows = [{"record": record, "thing": thing, "moved": False} for record, thing in self.thing_of.items()]
            resolution.assign(tx, self.kind, rows)
            return None
        stamp = tx.tick()
        for row in self.rows:
            row["stamp"] = stamp
        resolution.found_things(tx, self.kind, self.rows, self.thing_of, self.roles)
        return stamp


def prepare(db: Reader, held: Lease, kind: Kind, things: list[Founded], kept: KeptRecords) -> Batch:
    """Compute these things of what is said of them."""
    thing_of = {record: thing for thing, records in things for record in records}
    records_of: dict[str, list[Row]] = {thing: [] for thing, _ in things}
    known = kept.take(thing_of)
    unknown = thing_of.keys() - {row["id"] for row in known} if len(known) < len(thing_of) else ()
    for row in known + read_records(db, kind, sorted(unknown)) if unknown else known:
        records_of[thing_of[row["id"]]].append(row)
    if kind == "business":
        return Batch(held, kind, compute_new_businesses(records_of), [], thing_of)
    rows, roles = compute_people_of(db, records_of)
    return Batch(held, kind, rows, roles, thing_of)
