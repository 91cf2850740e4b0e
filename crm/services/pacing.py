"""Following in the background while a large work goes on, and what the followers of one store know of each other.

One thread a process follows what pages were answered from (`crm.services.clocked`), one thing after the other at a
pace. A work that took long says when it has written everything (`Store.settle`), and waits a moment: then all that this
process keeps of the store is followed at once, so that the next page finds it done.
"""

import contextlib
import logging
import threading
import time
import weakref
from collections.abc import Hashable, Iterable
from typing import Protocol

from crm.ahead import short_turns
from crm.errors import CrmError
from crm.graph import clock
from crm.graph.driver import Store
from crm.services.per_store import PerStore

log = logging.getLogger(__name__)

# So late may be what is told of a large work that still goes on, and so often it is followed in the background.
LATE_SECONDS = 10.0
PACE_SECONDS = 3.0
# So often it is looked whether a work is about to end.
LOOK_SECONDS = 0.1
# When nothing has moved for so long, nobody follows in the background any more.
STILL_SECONDS = 30.0
# So many times of the clock are remembered at least.
SIGHTINGS = 256


class Followed(Protocol):
    """What can be followed (`clocked.Follower`)."""

    @property
    def store(self) -> Store | None: ...

    @property
    def is_ready(self) -> bool: ...

    def follow(self) -> bool: ...


class Watch:
    """What the followers of one store know together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: list[weakref.ref[Followed]] = []
        self._seen_at: dict[Hashable, float] = {}

    def add(self, follower: Followed) -> None:
        with self._lock:
            self._followers = [one for one in self._followers if one() is not None]
            self._followers.append(weakref.ref(follower))

    def list_ready(self) -> list[Followed]:
        """Those that have read something, in the order in which they were made."""
        followers = [one() for one in self._followers]
        return [one for one in followers if one is not None and one.is_ready]

    def note(self, state: Hashable, at: float) -> None:
        """That a clock stood so, by `time.monotonic`."""
        with self._lock:
            self._seen_at[state] = max(at, self._seen_at.get(state, at))
            if len(self._seen_at) > SIGHTINGS:
                self._seen_at = {one: then for one, then in self._seen_at.items() if at - then < LATE_SECONDS}

    def is_fresh(self, state: Hashable, at: float) -> bool:
        """Whether a clock stood so not long ago: who knows what was then, knows nothing that is too old."""
        seen_at = self._seen_at.get(state)
        return seen_at is not None and at - seen_at < LATE_SECONDS


watches = PerStore(lambda _: Watch())


class Pacer:
    """The thread of this process that follows in the background."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[weakref.ref[Followed], float] = {}
        self._thread: threading.Thread | None = None
        # The time at which a work was last seen to be about to end.
        self._closings: weakref.WeakKeyDictionary[Store, int] = weakref.WeakKeyDictionary()

    def add(self, follower: Followed) -> None:
        """Begin to follow this, unless it is followed already."""
        with self._lock:
            self._wanted.setdefault(weakref.ref(follower), time.monotonic())
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="pacer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                wanted = list(self._wanted.items())
                if not wanted:
                    self._thread = None
                    return
            for one, moved_at in wanted:
                # One at a time, so that pages get between.
                self._wait(PACE_SECONDS / len(wanted), [one for one, _ in wanted])
                moved = _follow(one())
                with self._lock:
                    if moved:
                        self._wanted[one] = time.monotonic()
                    elif moved is None or time.monotonic() - moved_at > STILL_SECONDS:
                        self._wanted.pop(one, None)

    def _wait(self, seconds: float, wanted: Iterable[weakref.ref[Followed]]) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_SECONDS))
            self._settle(
                {store for one in wanted if (found := one()) is not None and (store := found.store) is not None}
            )

    def _settle(self, stores: Iterable[Store]) -> None:
        """Follow all of a store, once each time that a work is about to end."""
        for db in stores:
            with contextlib.suppress(CrmError):
                if not db.is_open:
                    continue
                now = clock.read_clock(db)
                if now.is_closing and self._closings.get(db) != now.time:
                    self._closings[db] = now.time
                    for follower in watches.of(db).list_ready():
                        _follow(follower)


def _follow(follower: Followed | None) -> bool | None:
    """Whether anything moved; None where it is not to be followed any more."""
    try:
        with short_turns():
            return None if follower is None else follower.follow()
    except (CrmError, ReferenceError) as error:
        # A page that asks for it follows by itself, or is told why not.
        log.info("not followed in the background", extra={"reason": str(error)})
    except Exception:
        log.exception("following failed")
    return None


pacer = Pacer()
