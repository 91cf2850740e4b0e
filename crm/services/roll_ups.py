"""Roll-up: which businesses are sites of one firm, decided again where something changed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crm.ahead import read_ahead
from crm.batches import in_batches
from crm.collector import paused_collector
from crm.dedupe.apart import MatcherGone
from crm.dedupe.firm_names import name_firm
from crm.dedupe.firms import FirmIndex
from crm.dedupe.kinds import Progress
from crm.graph import businesses, judgements, resolution
from crm.graph.driver import Row, Store, Transaction
from crm.graph.leases import Lease
from crm.services.matcher_file import Memory
from crm.services.sites_beside import SitesBeside

BATCH = 1_000
READ_AT_ONCE = 5_000
# Times of the graph that are looked up one by one; after more, every business is read.
MOST_TIMES = 5_000
# So many businesses that may have changed, or this part of those that are there, are sooner read with all others.
FEW, PART = 100, 8


def roll_up(
    db: Store,
    held: Lease,
    memory: Memory,
    left: set[str] | None,
    progress: Progress,
    sites: SitesBeside | None = None,
) -> None:
    """Decide which businesses are sites of one firm and what it is called, and write what differs. `left` are
    businesses that may be no more; None has everything decided anew. `sites` has heard of those that were made."""
    until, said = db.clock(), _list_said(db)
    firms = _roll_up_new(db, memory, left, until, said) if left is not None else None
    alone: set[str] = set()
    if firms is None and sites is not None and sites.stamps:
        firms = _roll_up_made(db, memory, sites, until, said)
    if firms is None:
        firms = _roll_up_all(db, memory, until, said, alone)
    # A business that is the only site of its firm, and known to be, needs no look: that is most of them.
    sizes = Counter(firms.values())
    looked_at = sorted(id for id, firm in firms.items() if sizes[firm] > 1 or id not in alone)
    sites_of: dict[str, list[Row]] = {}
    for ids in in_batches(looked_at, BATCH):
        for row in businesses.list_firms(db, ids):
            sites_of.setdefault(firms[row["id"]], []).append(row)
    changed = [
        {"business": row["id"], "firm": firm, "name": name, "shared": shared}
        for firm, rows in sites_of.items()
        for shared in (len(rows) > 1,)
        for name in (name_firm(rows) if shared else None,)
        for row in rows
        if (firm, shared, name) != (row["firm_id"], row["is_shared"], row["firm_name"])
    ]
    progress("firms", 0, len(changed))
    done = 0
    for batch in in_batches(changed, BATCH):

        def write(tx: Transaction, batch: list[dict[str, Any]] = batch) -> None:
            held.check(tx)
            businesses.put_firms(tx, batch, stamp=tx.tick())

        db.transact(write)
        done += len(batch)
        progress("firms", done, len(changed))
    # Also where nothing else changed: all sites of a firm may have gone at once.
    if changed or left is None or left:

        def sweep(tx: Transaction) -> None:
            held.check(tx)
            businesses.drop_empty_firms(tx)

        db.transact(sweep)


@dataclass(frozen=True)
class _Said:
    """Pairs of businesses of which people said that they are sites of `one` firm, or of `two`: there the first is the
    one that is not of the firm of the second."""

    one: list[tuple[str, str]]
    two: list[tuple[str, str]]


def _list_said(db: Store) -> _Said:
    said = [row for row in judgements.list_in_force(db, "business") if row["verdict"] in ("firm", "two_firms")]
    ends = sorted({record for row in said for record in (row["left"], row["right"])})
    things = resolution.find_resolved(db, "business", ends)
    found = _Said([], [])
    for row in said:
        left, right = things.get(row["left"]), things.get(row["right"])
        if left is None or right is None or left == right:
            continue
        if row["verdict"] == "firm":
            found.one.append((left, right))
        else:
            found.two.append((right, left) if row["about"] == row["right"] else (left, right))
    return found


def _roll_up_all(db: Store, memory: Memory, until: int, said: _Said, alone: set[str]) -> dict[str, str]:
    """The firms of all businesses; those that are known as the only site of a firm of their own go into `alone`."""
    index = FirmIndex()

    def read() -> Iterator[Row]:
        batches = in_batches(businesses.list_ids(db), READ_AT_ONCE)
        for batch in read_ahead(businesses.list_for_roll_up(db, ids) for ids in batches):
            for row in batch:
                if row["firm_id"] == "o" + row["id"][1:] and row["is_shared"] is False:
                    alone.add(row["id"])
                yield row

    with paused_collector():
        firms = index.change(read(), (), said.one, said.two)
    memory.take_firms(index, until)
    return firms


def _roll_up_made(db: Store, memory: Memory, sites: SitesBeside, until: int, said: _Said) -> dict[str, str] | None:
    """The firms of all businesses but those that were made as the only site of a firm of their own, and still are; None
    if the process that knows most of them is gone."""
    stamps = businesses.list_stamps(db)
    others = [id for id, stamp in stamps.items() if sites.stamps.get(id) != stamp]
    gone = [id for id in sites.stamps if id not in stamps]
    try:
        for ids in in_batches(others, READ_AT_ONCE):
            sites.put(businesses.list_for_roll_up(db, ids), until)
        firms = sites.join(said.one, said.two, gone, others)
    except MatcherGone:
        return None
    sites.keep(memory, until)
    return firms


def _roll_up_new(db: Store, memory: Memory, left: set[str], until: int, said: _Said) -> dict[str, str] | None:
    """The firms of what was computed since the last time and of what has to do with it; None if that is not known."""
    found = memory.find_firms()
    if found is None or until - found[1] > MOST_TIMES:
        return None
    if len(left) > max(FEW, businesses.count_businesses(db) // PART):
        return None
    index, after = found
    rows = businesses.list_computed(db, after=after, until=until)
    there = {row["id"] for row in businesses.list_firms(db, left)}
    firms = index.change(rows, left - there, said.one, said.two)
    # What disappears leaves no time. But nothing else is missing, so equal numbers mean the same businesses.
    if len(index.sites) != businesses.count_businesses(db):
        return None
    memory.take_firms(index, until)
    return firms
