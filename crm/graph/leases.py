"""Leases: work that only one process may do at a time, such as deciding which records are one business.

A lease lapses, so a process that was killed does not hold it for ever; and every write under it checks that it is still
held, so a process that slept past its lease cannot write over its successor.
"""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from uuid import uuid4

from crm.errors import Conflict
from crm.graph.driver import Reader, Store, Transaction

SECONDS = 60.0

# The SET before the WHERE takes the node's lock, so that what WHERE then reads is what the last holder committed.
TAKE = """
MERGE (l:Lease {id: $id})
SET l.asked = $holder
WITH l
WHERE l.holder IS NULL OR l.holder = $holder OR l.until < $now OR l.holder IN $dead
SET l.holder = $holder, l.host = $host, l.pid = $pid, l.until = $until, l.about = $about
RETURN l.holder AS holder
"""

ALL_HELD = """
MATCH (l:Lease)
WHERE l.id STARTS WITH $prefix AND l.holder IS NOT NULL AND l.until >= $now
RETURN l.id AS id, l.about AS about, l.host AS host, l.pid AS pid
ORDER BY id
LIMIT 1000
"""

HELD = "MATCH (l:Lease {id: $id}) RETURN l.holder AS holder, l.host AS host, l.pid AS pid"

CHECK = """
MATCH (l:Lease {id: $id})
SET l.asked = $holder
WITH l
WHERE l.holder = $holder
SET l.until = $until
RETURN l.holder AS holder
"""

STATE = "MATCH (l:Lease {id: $id}) RETURN l.state AS state"

SET_STATE = """
MATCH (l:Lease {id: $id, holder: $holder})
SET l.state = $state
RETURN l.state AS state
"""

GIVE_BACK = """
MATCH (l:Lease {id: $id, holder: $holder})
REMOVE l.holder
"""


@dataclass(frozen=True)
class Lease:
    """A lease that this process holds."""

    id: str
    holder: str

    def check(self, tx: Transaction) -> None:
        """Prolong the lease, in the transaction that needs it. Raises Conflict when another process has it now."""
        if not tx.run(CHECK, id=self.id, holder=self.holder, until=time.time() + SECONDS):
            raise Conflict("Another process took over this work, because this one was silent for too long.")

    def kept_by(self, db: Store, progress: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
        """The same report of progress; whoever makes it keeps the lease, also while nothing is written for long."""
        prolonged = time.monotonic()

        def report(stage: str, done: int, total: int) -> None:
            nonlocal prolonged
            progress(stage, done, total)
            if time.monotonic() - prolonged > SECONDS / 4:
                db.transact(self.check)
                prolonged = time.monotonic()

        return report

    def set_state(self, db: Store, state: str | None) -> None:
        """Say which state of things the holder leaves, for who comes next; None while it is being changed."""
        db.write(SET_STATE, id=self.id, holder=self.holder, state=state)


def find_state(db: Reader, id: str) -> str | None:
    """The state that the last holder of a lease has left; None if that is not known."""
    rows = db.read(STATE, id=id)
    return rows[0]["state"] if rows else None


def list_held(db: Reader, prefix: str) -> dict[str, str]:
    """id -> what its holder is at, of the leases that begin so and are held by somebody who is alive."""
    rows = db.read(ALL_HELD, prefix=prefix, now=time.time())
    return {row["id"]: row["about"] or "" for row in rows if not is_dead(row["host"], row["pid"])}


@contextlib.contextmanager
def lease(db: Store, id: str, *, wait: float = 600.0, about: str = "") -> Generator[Lease]:
    """Hold the lease `id`, waiting up to `wait` seconds for its holder to finish. Raises Conflict after that.

    `about` says to others what the holder is at.
    """
    holder = uuid4().hex
    deadline = time.monotonic() + wait
    while not _take(db, id, holder, about):
        if time.monotonic() > deadline:
            raise Conflict("Another process is still busy with this work. Try again in a few minutes.")
        time.sleep(0.2)
    try:
        yield Lease(id, holder)
    finally:
        db.write(GIVE_BACK, id=id, holder=holder)


def _take(db: Store, id: str, holder: str, about: str) -> bool:
    now = time.time()
    dead = [row["holder"] for row in db.read(HELD, id=id) if row["holder"] and is_dead(row["host"], row["pid"])]
    taken = db.write(
        TAKE,
        id=id,
        holder=holder,
        host=socket.gethostname(),
        pid=os.getpid(),
        now=now,
        until=now + SECONDS,
        dead=dead,
        about=about,
    )
    return bool(taken)


def is_dead(host: str, pid: int) -> bool:
    """Whether the holder ran on this machine and is gone; of another machine nothing is known."""
    if host != socket.gethostname() or os.name == "nt":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
