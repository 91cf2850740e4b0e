"""Rate limits: counters that all processes and machines share, so that a limit of 5 lets 5 through and not 5 a worker.

A counter belongs to one window of time, which begins with its first hit. The key is hashed: it may hold an address.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from crm.graph.driver import Store


@dataclass(frozen=True)
class Window:
    """The running window of a counter: its hits so far, and when it ends (seconds since 1970)."""

    hits: int
    ends_at: float


# The first SET takes the node's lock before its count is read, so that two hits cannot both see the old count. (Neo4j;
# ArcadeDB finds the clash at commit and runs the loser again.)
COUNT: Final = """
MERGE (r:RateLimit {id: $id})
ON CREATE SET r.hits = 0, r.ends_at = $ends_at
SET r.locked = true
WITH r, r.ends_at <= $now AS over
SET r.hits = CASE WHEN over THEN $amount ELSE r.hits + $amount END,
    r.ends_at = CASE WHEN over THEN $ends_at ELSE r.ends_at END
RETURN r.hits AS hits, r.ends_at AS ends_at
"""

CLEAR: Final = "MATCH (r:RateLimit) WHERE r.ends_at < $now WITH r ORDER BY r.ends_at, r.id LIMIT 1000 DELETE r"


def count_hits(db: Store, key: str, *, amount: int, seconds: int, now: float) -> Window:
    """Add to the counter (an `amount` below 0 gives hits back); a window that is over starts again.

    After a fault in the middle of the commit the hit may count twice, never not at all.
    """
    counter = sha256(key.encode()).hexdigest()[:32]
    return Window(**db.write(COUNT, id=counter, amount=amount, now=now, ends_at=now + seconds)[0])


def clear_windows(db: Store, *, now: float) -> None:
    """Remove counters whose window is over."""
    db.write(CLEAR, now=now)
