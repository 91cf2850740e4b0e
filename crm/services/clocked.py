"""What a process keeps of a graph, in step with a clock of the graph: the one way in which anything is kept.

Every write that can change what is kept moves the clock in the same transaction. So one small read says whether
anything changed, and if so, what is kept follows before anything is answered: nothing is ever answered from before a
write that was finished when the question came.

But for large works (`Store.in_bulk`: an import, its undo). The next page would follow each of their batches, while the
engine is busy with the batch after that. So while nothing else has moved the clock, pages are answered from what is
kept, and a thread in the background follows at a pace. What they are told is at most LATE_SECONDS old; when the work
ends, or anybody else changes anything, the next page follows all of it first. A work that took long says that it is
about to end (`Store.settle`): the thread follows at once, and the next page finds that done (`crm.services.pacing`).
"""

import logging
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast

from crm.errors import CrmError
from crm.graph import clock
from crm.graph.clock import Moment
from crm.graph.driver import Store
from crm.services.pacing import pacer, watches
from crm.services.per_store import PerStore

log = logging.getLogger(__name__)

# How often a reader follows a graph that changes under its eyes before it takes what it has.
ROUNDS = 5


class SomeMoment(Protocol):
    """The state of a clock."""

    @property
    def time(self) -> int: ...

    def may_wait(self, since: int) -> bool: ...


T = TypeVar("T")
M = TypeVar("M", bound=SomeMoment)


@dataclass(frozen=True)
class Known(Generic[T, M]):
    """What is kept, and the moment of the clock after which it was read: it is never taken for newer than it is."""

    moment: M
    value: T


def read_clock(db: Store, known: Moment | None) -> Moment:
    return clock.read_clock(db)


def is_same_time(one: SomeMoment, other: SomeMoment) -> bool:
    return one.time == other.time


class Follower(Generic[T, M]):
    """One value of one store. One thread reads; others who need the same wait for it and read it no second time.

    `follow` is given what is known, and the moment up to which to follow; it is given None the first time, and when
    another graph has taken the place of the one that was read. `prepare` is called with what was followed in the
    background, before anybody gets it.
    """

    def __init__(
        self,
        db: Store,
        follow: "Callable[[Store, Known[T, M] | None, M], T]",
        *,
        read_clock: "Callable[[Store, M | None], M]",
        is_same: Callable[[M, M], bool] = is_same_time,
        prepare: Callable[[T], None] | None = None,
        name: str = "",
    ) -> None:
        # Weak, because what is kept goes when its store goes.
        self._store = weakref.ref(db)
        self._follow, self._read, self._is_same, self._prepare = follow, read_clock, is_same, prepare
        self.name = name
        self._lock = threading.Lock()
        self._known: Known[T, M] | None = None
        self._warming: threading.Thread | None = None
        # What has been seen. The clock is asked of a server that has seen as much, so that it never goes back.
        self._bookmarks: frozenset[str] = frozenset()
        self._watch = watches.of(db)
        self._watch.add(self)

    def get(self) -> T:
        """The value as it is now; see above for what large works change."""
        db = self._db
        with db.following(db.bookmarks | self._bookmarks):
            asked_at, known = time.monotonic(), self._known
            now = self._look(db, known)
            if known is not None:
                if self._is_same(known.moment, now):
                    return known.value
                is_fresh = self._watch.is_fresh((self._read, known.moment.time), asked_at)
                if is_fresh and now.may_wait(known.moment.time) and not db.is_in_bulk:
                    pacer.add(self)
                    return known.value
            with self._lock:
                return self._catch_up(db, now).value

    def get_as_of(self, now: M) -> T:
        """The value as it is at or after a moment that the caller has just read."""
        with self._lock:
            known = self._known
            if known is None or known.moment.time != now.time:
                known = self._known = self._take(self._db, known, now)
            return known.value

    def follow(self) -> bool:
        """In the background: follow up to now, once; whether there was anything to follow."""
        db = self._db
        if not db.is_open:
            raise ReferenceError("nobody uses this store any more")
        with self._lock, db.following(db.bookmarks | self._bookmarks):
            known = self._known
            now = self._look(db, known)
            if known is not None and not self._is_same(known.moment, now):
                found = self._take(db, known, now)
                if self._prepare is not None:
                    self._prepare(found.value)
                self._known, self._bookmarks = found, db.bookmarks
            return self._known is not known

    @property
    def store(self) -> Store | None:
        """The store of which it is; None when that is gone."""
        return self._store()

    @property
    def is_ready(self) -> bool:
        """Whether it has been read."""
        return self._known is not None

    @property
    def known(self) -> T | None:
        """What is kept, be it in step or not."""
        return self._known.value if self._known else None

    def warm_up(self) -> threading.Thread:
        """Read in the background, once, so that the first visitor need not wait for it."""
        with self._lock:
            if self._warming is None:
                self._warming = threading.Thread(target=self._try_to_warm_up, name=self.name, daemon=True)
                self._warming.start()
            return self._warming

    def _try_to_warm_up(self) -> None:
        try:
            if self._prepare is not None:
                self._prepare(self.get())
            else:
                self.get()
        except (CrmError, ReferenceError) as error:
            # Whoever asks first will read it, or be told why not.
            log.warning("not read ahead", extra={"what": self.name, "reason": str(error)})

    @property
    def _db(self) -> Store:
        store = self._store()
        if store is None:
            raise ReferenceError("the store of this cache is gone")
        return store

    def _look(self, db: Store, known: Known[T, M] | None) -> M:
        """The clock as it is now. That it was is worth knowing to all who know what was then."""
        asked_at = time.monotonic()
        now = self._read(db, known.moment if known else None)
        self._watch.note((self._read, now.time), asked_at)
        return now

    def _catch_up(self, db: Store, now: M) -> Known[T, M]:
        """Under the lock: read until the clock says the same after reading as before, so that all is of one moment."""
        known = self._known
        if known is not None and known.moment.time > now.time:
            # Another thread was faster; or the clock went back, for another graph has taken the place of this one.
            now = self._look(db, known)
        if known is not None and self._is_same(known.moment, now):
            return known
        for _ in range(ROUNDS):
            known = self._known = self._take(db, known, now)
            later = self._look(db, known)
            if self._is_same(later, now) or later.may_wait(now.time):
                break
            now = later
        self._bookmarks = db.bookmarks
        return cast(Known[T, M], known)

    def _take(self, db: Store, known: Known[T, M] | None, now: M) -> Known[T, M]:
        earlier = known if known is not None and known.moment.time <= now.time else None
        return Known(now, self._follow(db, earlier, now))


class Clocked(Generic[T, M]):
    """A follower for each store, for what the whole process shares."""

    def __init__(
        self,
        follow: Callable[[Store, Known[T, M] | None, M], T],
        *,
        read_clock: Callable[[Store, M | None], M],
        name: str,
    ) -> None:
        def make(db: Store) -> Follower[T, M]:
            return Follower[T, M](db, follow, read_clock=read_clock, name=name)

        self._followers = PerStore(make)

    def of(self, db: Store) -> Follower[T, M]:
        """The one of this store."""
        return self._followers.of(db)

    def get(self, db: Store) -> T:
        """The value of this store as it is now."""
        return self.of(db).get()

    def forget(self, db: Store) -> None:
        """Read it from nothing the next time."""
        self._followers.forget(db)
