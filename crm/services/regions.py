"""The region in memory: what the measures of knocks are made from, once a process, exactly in step with the graph.

Every write that can change a number moves the graph's clock in the same transaction (`Transaction.tick`): a business
that is computed again is stamped with its time; businesses that disappear, agreements, programs and agencies move it
too. So one small read says whether anything changed. If so, the businesses with a later stamp are read again, the few
other things whole, and histories are brought up to date for the businesses that changed. Nothing is ever answered from
before a write that was finished when the question came.

The viewers of a region share the copy: it holds nothing that one member sees and another does not.
"""

import logging
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

from crm.analysis.days import get_day
from crm.analysis.history import History, build_history
from crm.analysis.regions import Region
from crm.collector import leave_alone, paused_collector
from crm.errors import CrmError
from crm.graph import knocks
from crm.graph.driver import Store
from crm.graph.knocks import Moment
from crm.services.region_reading import Rules, read_all, read_change, read_rules
from crm.services.shelves import Shelf

log = logging.getLogger(__name__)
T = TypeVar("T")
# Beyond these, reading or building anew is faster than keeping up.
MOST_TICKS = 2_000
MOST_CHANGED = 10_000
KEPT_HISTORIES = 3
KEPT_ANSWERS = 12
# How often a reader follows a graph that changes under its eyes before it takes what it has.
ROUNDS = 5


@dataclass(frozen=True)
class Snapshot:
    """The region as it was at a time of the graph's clock."""

    time: int
    region: Region


@dataclass
class Kept:
    """A history, and the businesses that changed since it was made."""

    history: History
    changed: set[str] = field(default_factory=set)


class RegionCache:
    """One a store. One thread reads or computes; others who need the same wait for it and do it no second time."""

    def __init__(self, db: Store) -> None:
        # Weak, because the cache goes when its store goes.
        self._store = weakref.ref(db)
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._is_warming = False
        self._rules: Rules | None = None
        self._snapshot: Snapshot | None = None
        self._histories: OrderedDict[int, Kept] = OrderedDict()
        self._answers = Shelf(KEPT_ANSWERS)
        # What this copy has seen. The clock is asked of a server that has seen as much, so that it never goes back.
        self._bookmarks: frozenset[str] = frozenset()

    def get_rules(self) -> Rules:
        """The directory and the agreements as they are now."""
        now = self._read_clock().time
        rules = self._rules
        if rules is None or rules.time != now:
            rules = self._rules = read_rules(self._db, now)
        return rules

    def get_region(self) -> Region:
        """The region as it is now."""
        return self._refresh().region

    def get_history(self, as_of: int) -> History:
        """The history of the region as it is now, up to a day."""
        self._refresh()
        with self._lock:
            return self._get_history(as_of)

    def get_answer(self, key: Hashable, compute: Callable[[History], T], *, as_of: int) -> T:
        """What `compute` makes of the history up to a day; remembered under `key` until the region changes."""
        self._refresh()
        found = self._answers.find(key)
        if found is None:
            with self._lock:
                found = self._answers.find(key)
                if found is None:
                    found = compute(self._get_history(as_of))
                    self._answers.put(key, found)
        return cast(T, found)

    def warm_up(self) -> None:
        """Read the region in the background, once, so that the first visitor need not wait for it."""
        with self._starting:
            if self._is_warming:
                return
            self._is_warming = True
        threading.Thread(target=self._try_to_warm_up, name="region", daemon=True).start()

    def _try_to_warm_up(self) -> None:
        try:
            self.get_history(get_day(date.today()))
        except (CrmError, ReferenceError) as error:
            # Whoever asks first will read it, or be told why not.
            log.warning("region not read ahead", extra={"reason": str(error)})

    @property
    def _db(self) -> Store:
        store = self._store()
        if store is None:
            raise ReferenceError("the store of this cache is gone")
        return store

    def _read_clock(self) -> Moment:
        with self._db.following(self._db.bookmarks | self._bookmarks):
            return knocks.read_clock(self._db)

    def _refresh(self) -> Snapshot:
        now = self._read_clock()
        snapshot = self._snapshot
        if snapshot is not None and snapshot.time == now.time:
            return snapshot
        with self._lock, self._db.following(self._db.bookmarks | self._bookmarks):
            if self._snapshot is not None and self._snapshot.time > now.time:
                # Another thread was faster.
                now = self._read_clock()
            snapshot = self._catch_up(now)
            self._bookmarks = self._db.bookmarks
        return snapshot

    def _catch_up(self, now: Moment) -> Snapshot:
        """Under the lock: read until the clock says the same after reading as before, so that all is of one moment."""
        for _ in range(ROUNDS):
            if self._snapshot is None or self._snapshot.time > now.time:
                # The first time, or another graph has taken the place of the one that was read.
                self._load(now.time)
            elif self._snapshot.time < now.time and not self._advance(self._snapshot, now):
                self._load(now.time)
            later = self._read_clock()
            if later.time == now.time:
                break
            now = later
        return self._get_snapshot()

    def _get_snapshot(self) -> Snapshot:
        if self._snapshot is None:
            raise RuntimeError("a snapshot is asked for before it was read")
        return self._snapshot

    def _load(self, now: int) -> None:
        region, self._rules = read_all(self._db, now)
        self._histories.clear()
        self._take(now, region)
        leave_alone()

    def _advance(self, before: Snapshot, now: Moment) -> bool:
        """Follow what changed since; False where reading everything is less work, or the only way."""
        if now.time - before.time > MOST_TICKS:
            return False
        change = read_change(self._db, before.region, after=before.time, now=now)
        if change is None:
            return False
        self._rules = change.rules
        if change.is_general:
            self._histories.clear()
        self._note_changes(change.businesses)
        self._take(now.time, change.region)
        return True

    def _take(self, now: int, region: Region) -> None:
        if self._snapshot is None or region is not self._snapshot.region:
            # First, so that nobody finds an old answer beside a new snapshot.
            self._answers = Shelf(KEPT_ANSWERS)
        self._snapshot = Snapshot(now, region)

    def _note_changes(self, changed: frozenset[str]) -> None:
        for as_of, kept in list(self._histories.items()):
            kept.changed |= changed
            if len(kept.changed) > MOST_CHANGED:
                del self._histories[as_of]

    def _get_history(self, as_of: int) -> History:
        """Under the lock: the history of the snapshot up to a day."""
        region = self._get_snapshot().region
        kept = self._histories.get(as_of)
        if kept is None:
            with paused_collector():
                kept = Kept(build_history(region, as_of=as_of))
            leave_alone()
        elif kept.changed:
            kept = Kept(kept.history.update(region, kept.changed))
        self._histories[as_of] = kept
        self._histories.move_to_end(as_of)
        while len(self._histories) > KEPT_HISTORIES:
            self._histories.popitem(last=False)
        return kept.history


_caches: weakref.WeakKeyDictionary[Store, RegionCache] = weakref.WeakKeyDictionary()
_caches_lock = threading.Lock()


def get_cache(db: Store) -> RegionCache:
    """The copy that belongs to this store."""
    with _caches_lock:
        if db not in _caches:
            _caches[db] = RegionCache(db)
        return _caches[db]
