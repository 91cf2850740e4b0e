"""Departures: which businesses and people went, and when, so that whoever keeps a copy of them follows without reading
what is left.

What is computed again carries the graph's time; what went can carry nothing. So the transaction that takes it away
leaves a node with that time and the ids, for as long as a reader may still follow the clock instead of reading all.
"""

from typing import Final
from uuid import uuid4

from crm.graph.driver import Reader, Transaction
from crm.graph.stale import Kind

# Readers that have followed the clock no further than this read everything.
KEPT_TICKS: Final = 10_000

ADD: Final = "CREATE (g:Gone) SET g = $props"
# On the clock, which everybody reads: so nobody looks for departures where there were none.
SAY: Final = "MATCH (c:Clock {id: 'graph'}) SET c.gone_at = $time"
FORGET: Final = "MATCH (g:Gone) WHERE g.stamp < $before DELETE g"

# One look-up a stamp: ArcadeDB uses its index for equality, and scans for a range.
LIST: Final = """
UNWIND range($after + 1, $until) AS stamp
MATCH (g:Gone {stamp: stamp})
WHERE g.kind = $kind
RETURN g.things AS things
"""


def note(tx: Transaction, kind: Kind, ids: list[str]) -> None:
    """Note that these things go in this transaction, when it ticks."""

    def write(time: int) -> None:
        tx.run(ADD, props={"id": uuid4().hex, "kind": kind, "stamp": time, "things": ids})
        tx.run(SAY, time=time)
        tx.run(FORGET, before=time - KEPT_TICKS)

    tx.at_tick(write)


def list_gone(db: Reader, kind: Kind, *, after: int, until: int) -> set[str]:
    """Ids of those that went later than `after`, up to `until` (times of the clock); some may be there again."""
    return {id for row in db.read(LIST, kind=kind, after=after, until=until) for id in row["things"]}
