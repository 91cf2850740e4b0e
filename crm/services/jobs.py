"""Doing jobs: a worker takes what is due, says how far it is, keeps its lease, and notes the end.

What a kind of job does stands with its noun, in a function that `handles` registers; the worker imports those
modules. A function may be begun again from its beginning after a crash, so it must bear that, as imports do.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import uuid4

from crm.errors import Conflict, CrmError, EngineUnavailable
from crm.graph import jobs
from crm.graph.driver import Store
from crm.graph.jobs import Job, Position

log = logging.getLogger(__name__)

Report = Callable[[str, int, int], None]
Work = Callable[[Store, Job, Report], dict[str, Any]]

POLL_SECONDS = 1.0
BEAT_SECONDS = 0.7
TRIES = 5
AGAIN_SECONDS = 3.0
TURN_SECONDS = 1.5
KEPT_DAYS = 30.0
CLEAR_SECONDS = 3_600.0


class Stopped(Exception):
    """The worker is to end, or has lost its job to another; what is half done is begun again."""


class Paused(Exception):
    """Somebody wishes the job to rest where it is."""


class Cancelled(Exception):
    """Somebody wishes the job to be taken back."""


class NotYet(Exception):
    """The job has to wait until something else has ended; its text says for what."""


@dataclass(frozen=True)
class Handler:
    """What does a kind of job. `quick` ones have a lane of their own, so that they need not wait for the long ones.

    `cancel` takes back what `work` has done so far; kinds that have it can be paused, too.
    """

    work: Work
    quick: bool
    cancel: Work | None = None


HANDLERS: dict[str, Handler] = {}


def handles(kind: str, *, quick: bool = False, cancel: Work | None = None) -> Callable[[Work], Work]:
    """Let this function do the jobs of a kind; what it returns becomes the job's result."""

    def register(work: Work) -> Work:
        HANDLERS[kind] = Handler(work, quick, cancel)
        return work

    return register


class Watch:
    """Keeps the lease of a running job in a thread of its own, writes how far the work is, and hears what people wish.

    The work hears of a wish at its next report; `obeys` says that it can be paused and cancelled.
    """

    def __init__(self, db: Store, job: Job, holder: str, stop: threading.Event, *, obeys: bool) -> None:
        self._db = db
        self._job = job
        self._holder = holder
        self._stop = stop
        self._ended = threading.Event()
        self._lost = False
        self._wish = job.wish
        self._obeys = obeys
        self._position = Position()

    def report(self, stage: str, done: int, total: int) -> None:
        """Called by the work, often; costs nothing. Raises Stopped when the work is to end here."""
        if self._stop.is_set() or self._lost:
            raise Stopped
        self.obey()
        last = self._position
        if stage != last.stage or done < last.done:
            self._position = Position(stage, done, total, time.time(), done)
        else:
            self._position = replace(last, done=done, total=total)

    def obey(self) -> None:
        """Raises Paused or Cancelled when somebody wishes it."""
        if self._obeys and self._wish:
            raise Cancelled if self._wish == "cancel" else Paused

    def stop_obeying(self) -> None:
        """From now on the work is that of taking back, which is not to be stopped."""
        self._obeys = False

    @contextlib.contextmanager
    def keeping(self) -> Generator[None]:
        """Keep the lease until the block ends."""
        thread = threading.Thread(target=self._run, name=f"watch {self._job.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _run(self) -> None:
        said, beaten = self._position, 0.0
        while not self._ended.wait(BEAT_SECONDS):
            position = self._position
            if position == said and time.monotonic() - beaten < jobs.LEASE_SECONDS / 4:
                continue
            with contextlib.suppress(EngineUnavailable):
                told = jobs.beat(self._db, self._job.id, holder=self._holder, position=position)
                self._lost = told == "lost"
                self._wish = None if told == "lost" else told
                said, beaten = position, time.monotonic()


def run_next(db: Store, *, lanes: tuple[bool, ...] = (True, False), stop: threading.Event | None = None) -> bool:
    """Take one job that is due (of the quick kinds, the long ones, or both) and do it. False when there is none."""
    holder = uuid4().hex
    for row in jobs.list_due(db):
        handler = HANDLERS.get(row["kind"])
        if handler is None or handler.quick not in lanes:
            continue
        job = jobs.take_job(db, row["id"], holder=holder, dead=row["dead"])
        if job is not None:
            _do(db, job, holder, handler, stop or threading.Event())
            return True
    return False


def run_all(db: Store) -> int:
    """Do what is due, one job after the other, until nothing is; returns how many. For scripts and tests."""
    count = 0
    while run_next(db):
        count += 1
    return count


def work(db: Store, *, stop: threading.Event, idle: float | None = None) -> None:
    """Do jobs, the quick ones beside the long ones, until `stop`, or until nothing was due for `idle` seconds."""
    rested = time.monotonic()
    busy: dict[bool, bool] = {}

    def run_lane(quick: bool) -> None:
        nonlocal rested
        while not stop.is_set():
            busy[quick] = True
            try:
                found = run_next(db, lanes=(quick,), stop=stop)
            except EngineUnavailable:
                found = False
            busy[quick] = False
            if found:
                rested = time.monotonic()
            elif idle is not None and not busy.get(not quick) and time.monotonic() - rested > idle:
                stop.set()
            else:
                stop.wait(POLL_SECONDS)

    lane = threading.Thread(target=run_lane, args=(True,), name="quick jobs", daemon=True)
    lane.start()
    with contextlib.suppress(EngineUnavailable):
        jobs.clear_jobs(db, days=KEPT_DAYS)
    run_lane(False)
    lane.join(timeout=5)


def _do(db: Store, job: Job, holder: str, handler: Handler, stop: threading.Event) -> None:
    if job.tries > TRIES:
        jobs.end_job(db, job.id, holder=holder, result=None, problem=_explain_tries(job.tries - 1))
        return
    watch = Watch(db, job, holder, stop, obeys=handler.cancel is not None)
    with watch.keeping():
        end = _work(db, job, holder, handler, watch, stop)
    # An engine that is away now leaves the job to its lease: it lapses, and somebody begins again.
    with contextlib.suppress(EngineUnavailable):
        end()


def _work(
    db: Store, job: Job, holder: str, handler: Handler, watch: Watch, stop: threading.Event
) -> Callable[[], None]:
    """Do a job as far as it goes; what is then to be noted of it."""
    end, back = (partial(note, db, job.id, holder=holder) for note in (jobs.end_job, jobs.give_back))
    try:
        try:
            watch.obey()
            return partial(end, result=handler.work(db, job, watch.report))
        except Cancelled:
            watch.stop_obeying()
            assert handler.cancel is not None
            return partial(end, result=handler.cancel(db, job, watch.report), is_cancelled=True)
    except Paused:
        return partial(jobs.pause_job, db, job.id, holder=holder)
    except NotYet as other:
        return partial(back, after=TURN_SECONDS, counts=False, waits_for=str(other))
    except (Stopped, EngineUnavailable, Conflict) as passing:
        # None of these is the fault of the job, and all of them pass.
        log.warning("job interrupted", extra={"job": job.id, "kind": job.kind, "reason": str(passing)})
        return partial(back, after=0 if stop.is_set() else AGAIN_SECONDS, counts=isinstance(passing, Conflict))
    except CrmError as refusal:
        return partial(end, result=None, problem=str(refusal))
    except Exception:
        log.exception("job failed", extra={"job": job.id, "kind": job.kind})
        problem = "Something went wrong on our side. What was done so far is safe; try again."
        return partial(end, result=None, problem=problem)


def _explain_tries(tries: int) -> str:
    return f"This was begun {tries} times and never came to its end. What was done so far is safe; try again later."
