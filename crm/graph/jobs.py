"""Jobs: work that takes longer than a page may, kept in the graph: any worker can do it, and any page can watch it.

A job is open until it is done, has failed, or was cancelled; a paused one waits for a person. An open job has `due`,
the moment from which any worker may take it: now for one that waits, the end of the lease for one that runs. A worker
prolongs its lease while it works; one that was killed does not, so somebody else takes its job over. Hence a job may be
begun more than once, and what it does must bear that.

What people wish of a job (`pause`, `cancel`) is noted on it; its worker hears of it when it next prolongs the lease.
"""

import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from typing import Any, Literal

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph.driver import Reader, Row, Store, Transaction
from crm.graph.leases import is_dead

State = Literal["waiting", "running", "paused", "done", "failed", "cancelled"]
Wish = Literal["pause", "cancel"]
LEASE_SECONDS = 30.0


@dataclass(frozen=True)
class Job:
    """One job as it stands. Instants are seconds since 1970.

    `done` of `total` are of the stage that it is in, which began at `stage_at` with `stage_from` done. `subject` is
    the id of what it works on; `user_id` and `agency_id` are those of whoever asked for it. `problem` is why it
    failed, in words, and `waits_for` what a waiting one lets go first.
    """

    id: str
    kind: str
    state: State
    subject: str
    user_id: str
    agency_id: str | None
    created_at: float
    finished_at: float | None
    tries: int
    stage: str | None
    done: int
    total: int
    stage_at: float | None
    stage_from: int
    seen_at: float | None
    result: dict[str, Any] | None
    problem: str | None
    wish: Wish | None
    waits_for: str | None

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def rate(self) -> float | None:
        """How many a second in this stage, once there is enough to tell."""
        if self.stage_at is None or self.seen_at is None or self.done <= self.stage_from:
            return None
        passed = self.seen_at - self.stage_at
        return (self.done - self.stage_from) / passed if passed >= 1 else None

    @property
    def seconds_left(self) -> float | None:
        """How long this stage still takes at that rate."""
        rate = self.rate
        return max(0, self.total - self.done) / rate if rate else None


COLUMNS = """
j.id AS id, j.kind AS kind, j.state AS state, j.subject AS subject, j.user_id AS user_id, j.agency_id AS agency_id,
j.created_at AS created_at, j.finished_at AS finished_at, j.tries AS tries, j.stage AS stage,
coalesce(j.done, 0) AS done, coalesce(j.total, 0) AS total, j.stage_at AS stage_at,
coalesce(j.stage_from, 0) AS stage_from, j.seen_at AS seen_at, j.result AS result, j.problem AS problem,
j.wish AS wish, j.waits_for AS waits_for
"""

# The SET before the WHERE takes the node's lock, so that what WHERE then reads is what the last writer committed.
PUT = """
MERGE (j:Job {id: $id})
SET j.asked = $now
WITH j
WHERE j.state IS NULL OR j.state IN ['failed', 'cancelled']
SET j.kind = $kind, j.state = 'waiting', j.subject = $subject, j.user_id = $user_id, j.agency_id = $agency_id,
    j.created_at = $now, j.due = $now, j.tries = 0
REMOVE j.holder, j.problem, j.result, j.finished_at, j.stage, j.done, j.total, j.stage_at, j.seen_at, j.wish,
       j.waits_for
RETURN j.id AS id
"""


def put_job(db: Store | Transaction, id: str, kind: str, *, subject: str, viewer: Viewer) -> bool:
    """Ask for a job, by itself or within a transaction.

    One that waits, runs, is paused or done already stays as it is (False); one that failed or was cancelled starts
    again.
    """
    put = db.run if isinstance(db, Transaction) else db.write
    rows = put(
        PUT, id=id, kind=kind, subject=subject, user_id=viewer.user_id, agency_id=viewer.agency_id, now=time.time()
    )
    return bool(rows)


FIND = (
    """
MATCH (j:Job {id: $id})
WHERE $sees_all OR j.agency_id = $agency_id
RETURN"""
    + COLUMNS
)


def find_job(db: Reader, id: str, *, viewer: Viewer) -> Job | None:
    """The job, if the viewer's agency asked for it; administrators may see every job."""
    rows = db.read(FIND, id=id, agency_id=viewer.agency_id, sees_all=viewer.is_admin)
    return _job(rows[0]) if rows else None


def get_job(db: Reader, id: str, *, viewer: Viewer) -> Job:
    """The same. Raises NotFound."""
    job = find_job(db, id, viewer=viewer)
    if job is None:
        raise NotFound("There is no such job.")
    return job


OPEN_OF = (
    """
MATCH (j:Job)
WHERE j.due > 0 AND j.kind = $kind AND j.subject = $subject
RETURN"""
    + COLUMNS
    + """
ORDER BY created_at, id
LIMIT 1
"""
)


def find_open(db: Reader, kind: str, *, subject: str) -> Job | None:
    """A job of a kind on this subject that waits or runs, whoever asked for it; how far such a job is concerns all."""
    rows = db.read(OPEN_OF, kind=kind, subject=subject)
    return _job(rows[0]) if rows else None


STATE = "MATCH (j:Job {id: $id}) RETURN j.state AS state"


def find_state(db: Reader, id: str) -> State | None:
    """How a job stands, whoever asked for it."""
    rows = db.read(STATE, id=id)
    return rows[0]["state"] if rows else None


OPEN = """
MATCH (j:Job)
WHERE j.due > 0
RETURN j.id AS id, j.kind AS kind, j.due AS due, j.created_at AS created_at, j.holder AS holder, j.host AS host,
       j.pid AS pid
ORDER BY created_at, id
LIMIT 1000
"""

TAKE = (
    """
MATCH (j:Job {id: $id})
SET j.asked = $now
WITH j
WHERE j.due <= $now OR j.holder = $holder OR j.holder = $dead
SET j.state = 'running', j.holder = $holder, j.host = $host, j.pid = $pid, j.due = $until, j.tries = j.tries + 1
REMOVE j.stage, j.done, j.total, j.stage_at, j.seen_at, j.waits_for
RETURN"""
    + COLUMNS
)


def list_due(db: Reader) -> list[Row]:
    """Jobs that may be taken now, the oldest first: `id`, `kind`, and `dead`, a holder that is gone for certain."""
    now = time.time()
    found: list[Row] = []
    for row in db.read(OPEN):
        dead = row["holder"] if row["holder"] and is_dead(row["host"], row["pid"]) else None
        if row["due"] <= now or dead:
            found.append({"id": row["id"], "kind": row["kind"], "dead": dead})
    return found


def take_job(db: Store, id: str, *, holder: str, dead: str | None = None) -> Job | None:
    """Take a job for a worker; None when another was faster. `dead` is its holder, if that one is gone for certain."""
    now = time.time()
    rows = db.write(
        TAKE,
        id=id,
        holder=holder,
        dead=dead,
        host=socket.gethostname(),
        pid=os.getpid(),
        now=now,
        until=now + LEASE_SECONDS,
    )
    return _job(rows[0]) if rows else None


BEAT = """
MATCH (j:Job {id: $id})
SET j.asked = $now
WITH j
WHERE j.holder = $holder
SET j.due = $until, j.seen_at = $now, j.stage = $stage, j.done = $done, j.total = $total, j.stage_at = $stage_at,
    j.stage_from = $stage_from
RETURN j.wish AS wish
"""

END = """
MATCH (j:Job {id: $id})
SET j.asked = $now
WITH j
WHERE j.holder = $holder
SET j.state = $state, j.result = $result, j.problem = $problem, j.finished_at = $now
REMOVE j.holder, j.due
"""

GIVE_BACK = """
MATCH (j:Job {id: $id, holder: $holder})
SET j.state = 'waiting', j.due = $due, j.tries = j.tries - $forgiven, j.waits_for = $waits_for
REMOVE j.holder
"""

# A job that waits is paused at once; one that runs, when its worker hears of it.
WISH_PAUSE = """
MATCH (j:Job {id: $id})
SET j.asked = $now
WITH j, j.state AS state
WHERE state IN ['waiting', 'running'] AND coalesce(j.wish, '') <> 'cancel'
SET j.wish = 'pause', j.state = CASE state WHEN 'waiting' THEN 'paused' ELSE state END,
    j.due = CASE state WHEN 'waiting' THEN null ELSE j.due END
RETURN j.state AS state
"""

PAUSE = """
MATCH (j:Job {id: $id, holder: $holder})
SET j.state = 'paused'
REMOVE j.holder, j.due
"""

# Also before the worker has heard that it was to pause.
RESUME = """
MATCH (j:Job {id: $id})
SET j.asked = $now
WITH j, j.state AS state
WHERE state = 'paused' OR (state = 'running' AND j.wish = 'pause')
SET j.state = CASE state WHEN 'paused' THEN 'waiting' ELSE state END,
    j.due = CASE state WHEN 'paused' THEN $now ELSE j.due END, j.tries = 0
REMOVE j.wish
RETURN j.state AS state
"""

# One that failed may have written something, and can be cancelled too.
WISH_CANCEL = """
MATCH (j:Job {id: $id})
SET j.asked = $now
WITH j, j.state AS state
WHERE state IN ['waiting', 'running', 'paused', 'failed']
SET j.wish = 'cancel', j.state = CASE state WHEN 'running' THEN state ELSE 'waiting' END,
    j.due = CASE state WHEN 'running' THEN j.due ELSE $now END,
    j.tries = CASE state WHEN 'running' THEN j.tries ELSE 0 END
REMOVE j.problem
RETURN j.state AS state
"""

CLEAR = """
MATCH (j:Job)
WHERE j.finished_at < $before
DELETE j
"""


@dataclass(frozen=True)
class Position:
    """How far a job is: `done` of `total` in a stage that began at `stage_at` with `stage_from` done."""

    stage: str | None = None
    done: int = 0
    total: int = 0
    stage_at: float | None = None
    stage_from: int = 0


def beat(db: Store, id: str, *, holder: str, position: Position) -> Wish | Literal["lost"] | None:
    """Prolong the lease and say how far the work is; what people wish. "lost" when another worker has the job now."""
    now = time.time()
    rows = db.write(BEAT, id=id, holder=holder, now=now, until=now + LEASE_SECONDS, **asdict(position))
    return rows[0]["wish"] if rows else "lost"


def wish_pause(db: Store, id: str) -> bool:
    """Let a job rest until somebody resumes it. False when it has ended, rests already, or is being cancelled."""
    return bool(db.write(WISH_PAUSE, id=id, now=time.time()))


def pause_job(db: Store, id: str, *, holder: str) -> None:
    """Note that a job rests now."""
    db.write(PAUSE, id=id, holder=holder)


def resume_job(db: Store, id: str) -> bool:
    """Let a paused job go on. False when it is not paused."""
    return bool(db.write(RESUME, id=id, now=time.time()))


def wish_cancel(db: Store, id: str) -> bool:
    """Let a job stop and take back what it did. False when it is done or was cancelled."""
    return bool(db.write(WISH_CANCEL, id=id, now=time.time()))


def end_job(
    db: Store,
    id: str,
    *,
    holder: str,
    result: dict[str, Any] | None,
    problem: str | None = None,
    is_cancelled: bool = False,
) -> None:
    """Note that a job is done (or, cancelled, that all is taken back), or with a `problem` that it failed; nothing
    happens if another worker has it now.
    """
    db.write(
        END,
        id=id,
        holder=holder,
        state="failed" if problem else "cancelled" if is_cancelled else "done",
        result=None if result is None else json.dumps(result, ensure_ascii=False),
        problem=problem,
        now=time.time(),
    )


def give_back(
    db: Store, id: str, *, holder: str, after: float = 0.0, counts: bool = True, waits_for: str | None = None
) -> None:
    """Let somebody begin the job anew, `after` so many seconds; `counts`: this was one of its tries; `waits_for`: what
    it lets go first, in words.
    """
    due = time.time() + after
    db.write(GIVE_BACK, id=id, holder=holder, due=due, forgiven=0 if counts else 1, waits_for=waits_for)


def clear_jobs(db: Store, *, days: float) -> None:
    """Forget the jobs that ended longer ago than that."""
    db.write(CLEAR, before=time.time() - days * 86_400)


def _job(row: Row) -> Job:
    row["result"] = json.loads(row["result"]) if row["result"] else None
    return Job(**row)
