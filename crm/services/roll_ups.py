"""Roll-up: which businesses are sites of one firm, decided again where something changed."""

from typing import Any

from crm.batches import in_batches
from crm.dedupe.firms import FirmIndex
from crm.graph import businesses, judgements, resolution
from crm.graph.driver import Store, Transaction
from crm.graph.leases import Lease
from crm.services.matcher_file import Memory

BATCH = 1_000
# Times of the graph that are looked up one by one; after more, every business is read.
MOST_TIMES = 5_000


def roll_up(db: Store, held: Lease, memory: Memory, left: set[str] | None) -> None:
    """Decide which businesses are sites of one firm, and write what differs. `left` are businesses that may be no more;
    None has everything decided anew."""
    until, said = db.clock(), _list_said_firms(db)
    firms = _roll_up_new(db, memory, left, until, said) if left is not None else None
    if firms is None:
        index = FirmIndex()
        firms = index.change(businesses.list_columns(db), (), said)
        memory.take_firms(index, until)
    sizes: dict[str, int] = {}
    for firm in firms.values():
        sizes[firm] = sizes.get(firm, 0) + 1
    columns = [row for ids in in_batches(sorted(firms), BATCH) for row in businesses.list_firms(db, ids)]
    names = {"o" + row["id"][1:]: row["name"] for row in columns}
    changed = [
        {"business": row["id"], "firm": firm, "name": names.get(firm), "shared": sizes[firm] > 1}
        for row in columns
        if (firm := firms[row["id"]]) != row["firm_id"] or (sizes[firm] > 1) != row["is_shared"]
    ]
    for batch in in_batches(changed, BATCH):

        def write(tx: Any, batch: list[dict[str, Any]] = batch) -> None:
            held.check(tx)
            businesses.put_firms(tx, batch)

        db.transact(write)
    # Also where nothing else changed: all sites of a firm may have gone at once.
    if changed or left is None or left:

        def sweep(tx: Transaction) -> None:
            held.check(tx)
            businesses.drop_empty_firms(tx)

        db.transact(sweep)


def _list_said_firms(db: Store) -> list[tuple[str, str]]:
    """The businesses of the records of which people said that they are sites of one firm."""
    said = [(row["left"], row["right"]) for row in judgements.list_in_force(db, "business") if row["verdict"] == "firm"]
    things = resolution.find_resolved(db, "business", sorted({record for pair in said for record in pair}))
    return [(things[left], things[right]) for left, right in said if left in things and right in things]


def _roll_up_new(
    db: Store, memory: Memory, left: set[str], until: int, said: list[tuple[str, str]]
) -> dict[str, str] | None:
    """The firms of what was computed since the last time and of what has to do with it; None if that is not known."""
    found = memory.find_firms()
    if found is None or until - found[1] > MOST_TIMES:
        return None
    index, after = found
    rows = businesses.list_computed(db, after=after, until=until)
    there = {row["id"] for row in businesses.list_firms(db, left)}
    firms = index.change(rows, left - there, said)
    # What disappears leaves no time. But nothing else is missing, so equal numbers mean the same businesses.
    if len(index.sites) != businesses.count_businesses(db):
        return None
    memory.take_firms(index, until)
    return firms
