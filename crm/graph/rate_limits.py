"""Rate limits: counters that all processes and machines share, so that a limit of 5 lets 5 through and not 5 a worker.

A counter belongs to one window of time, which begins with its first hit. The key is hashed: it may hold an address.
"""

import time
from hashlib import sha256
from typing import Any, Final

from limits.storage import Storage

from crm.graph.driver import Store

CLEAR_SECONDS: Final = 600.0

# The first SET takes the node's lock before its count is read, so that two hits cannot both see the old count. (Neo4j;
# ArcadeDB finds the clash at commit and runs the loser again.)
COUNT: Final = """
MERGE (r:RateLimit {id: $id})
ON CREATE SET r.hits = 0, r.ends_at = $ends_at
SET r.locked = true
WITH r, r.ends_at <= $now AS over
SET r.hits = CASE WHEN over THEN $amount ELSE r.hits + $amount END,
    r.ends_at = CASE WHEN over THEN $ends_at ELSE r.ends_at END
RETURN r.hits AS hits
"""

FIND: Final = "MATCH (r:RateLimit {id: $id}) WHERE r.ends_at > $now RETURN r.hits AS hits, r.ends_at AS ends_at"
REMOVE: Final = "MATCH (r:RateLimit {id: $id}) DELETE r"
REMOVE_ALL: Final = "MATCH (r:RateLimit) DELETE r"
CLEAR: Final = "MATCH (r:RateLimit) WHERE r.ends_at < $now WITH r ORDER BY r.ends_at, r.id LIMIT 1000 DELETE r"


def limit_id(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def count_hits(db: Store, key: str, *, amount: int, seconds: int, now: float) -> int:
    """Add to the counter and return its new value; a window that is over starts again.

    After a fault in the middle of the commit the hit may count twice, never not at all.
    """
    rows = db.write(COUNT, id=limit_id(key), amount=amount, now=now, ends_at=now + seconds)
    return rows[0]["hits"]


def find_window(db: Store, key: str, *, now: float) -> tuple[int, float] | None:
    """The hits of the running window and when it ends (seconds since 1970)."""
    rows = db.read(FIND, id=limit_id(key), now=now)
    return (rows[0]["hits"], rows[0]["ends_at"]) if rows else None


def clear_windows(db: Store, *, now: float) -> None:
    """Remove counters whose window is over."""
    db.write(CLEAR, now=now)


class GraphStorage(Storage):
    """The counters in the shape that Flask-Limiter asks for (`RATELIMIT_STORAGE_URI = "graph://"`)."""

    STORAGE_SCHEME = ["graph"]  # noqa: RUF012

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, *, db: Store, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self._db = db
        self._cleared_at = 0.0

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        if now - self._cleared_at > CLEAR_SECONDS:
            self._cleared_at = now
            clear_windows(self._db, now=now)
        return count_hits(self._db, key, amount=amount, seconds=expiry, now=now)

    def get(self, key: str) -> int:
        window = find_window(self._db, key, now=time.time())
        return window[0] if window else 0

    def get_expiry(self, key: str) -> float:
        now = time.time()
        window = find_window(self._db, key, now=now)
        return window[1] if window else now

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        self._db.write(REMOVE_ALL)

    def clear(self, key: str) -> None:
        self._db.write(REMOVE, id=limit_id(key))
