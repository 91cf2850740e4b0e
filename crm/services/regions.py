"""The region in memory: what the measures of knocks are made from, once a process, in step with the graph's clock.

A business that is computed again is stamped with the clock's time; businesses that disappear, agreements, programs and
agencies move it too. So when the clock has moved (`crm.services.clocked`), the businesses with a later stamp are read
again, the few other things whole, and histories are brought up to date for the businesses that changed.

The viewers of a region share the copy: it holds nothing that one member sees and another does not.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TypeVar, cast

from crm.analysis.days import get_day
from crm.analysis.history import History, build_history
from crm.analysis.regions import Region
from crm.collector import leave_alone, paused_collector
from crm.graph.clock import Moment
from crm.graph.driver import Store
from crm.services.clocked import Follower, Known, read_clock
from crm.services.per_store import PerStore
from crm.services.region_reading import Change, Rules, read_all, read_change, read_rules
from crm.services.shelves import Shelf

T = TypeVar("T")
# Beyond these, reading or building anew is faster than keeping up.
MOST_TICKS = 2_000
MOST_CHANGED = 10_000
KEPT_HISTORIES = 3
KEPT_ANSWERS = 12


@dataclass
class Kept:
    """A history, and the businesses that changed since it was made."""

    history: History
    changed: set[str] = field(default_factory=set)


class View:
    """The region as it was at one moment, and what was made of it. One thread computes; others who need the same wait
    for it and do it no second time."""

    def __init__(self, region: Region, histories: Mapping[int, Kept] = MappingProxyType({})) -> None:
        self.region = region
        self.histories = OrderedDict(histories)
        self.answers = Shelf(KEPT_ANSWERS)
        self._lock = threading.Lock()

    def change(self, change: Change) -> "View":
        """This one where the region is the same; else a new one, which knows what was made of this."""
        if change.region is self.region:
            return self
        with self._lock:
            kept = {as_of: Kept(one.history, one.changed | change.businesses) for as_of, one in self.histories.items()}
        few = {as_of: one for as_of, one in kept.items() if len(one.changed) <= MOST_CHANGED}
        return View(change.region, {} if change.is_general else few)

    def get_history(self, as_of: int) -> History:
        """The history of the region up to a day."""
        with self._lock:
            return self._get_history(as_of)

    def get_answer(self, key: Hashable, compute: Callable[[History], T], *, as_of: int) -> T:
        """What `compute` makes of that; remembered under `key`."""
        found = self.answers.find(key)
        if found is None:
            with self._lock:
                found = self.answers.find(key)
                if found is None:
                    found = compute(self._get_history(as_of))
                    self.answers.put(key, found)
        return cast(T, found)

    def _get_history(self, as_of: int) -> History:
        """Under the lock."""
        kept = self.histories.get(as_of)
        if kept is None:
            with paused_collector():
                kept = Kept(build_history(self.region, as_of=as_of))
            leave_alone()
        elif kept.changed:
            kept = Kept(kept.history.update(self.region, kept.changed))
        self.histories[as_of] = kept
        self.histories.move_to_end(as_of)
        while len(self.histories) > KEPT_HISTORIES:
            self.histories.popitem(last=False)
        return kept.history


class RegionCache:
    """The region of one store, and by themselves the rules, which is all that a light needs of it."""

    def __init__(self, db: Store) -> None:
        self._rules: Follower[Rules, Moment] = Follower(db, _follow_rules, read_clock=read_clock, name="rules")
        self._views: Follower[View, Moment] = Follower(
            db, partial(_follow, self._rules), read_clock=read_clock, prepare=_prepare, name="region"
        )

    def get_rules(self) -> Rules:
        """The directory and the agreements as they are now."""
        return self._rules.get()

    def get_region(self) -> Region:
        """The region as it is now."""
        return self._views.get().region

    def get_history(self, as_of: int) -> History:
        """The history of the region as it is now, up to a day."""
        return self._views.get().get_history(as_of)

    def get_answer(self, key: Hashable, compute: Callable[[History], T], *, as_of: int) -> T:
        """What `compute` makes of the history up to a day; remembered under `key` until the region changes."""
        return self._views.get().get_answer(key, compute, as_of=as_of)

    def warm_up(self) -> None:
        """Read the region in the background, once, so that the first visitor need not wait for it."""
        self._views.warm_up()


def _follow_rules(db: Store, known: Known[Rules, Moment] | None, now: Moment) -> Rules:
    return read_rules(db, now.time)


def _follow(rules: Follower[Rules, Moment], db: Store, known: Known[View, Moment] | None, now: Moment) -> View:
    """What changed since is followed, but where reading everything is less work, or the only way."""
    read = partial(rules.get_as_of, now)
    if known is not None and now.time - known.moment.time <= MOST_TICKS:
        change = read_change(db, known.value.region, read, after=known.moment.time, now=now)
        if change is not None:
            return known.value.change(change)
    view = View(read_all(db, read))
    leave_alone()
    return view


def _prepare(view: View) -> None:
    """Make the histories that were asked for last, or else today's, for which everybody asks first."""
    for as_of in list(view.histories) or [get_day(date.today())]:
        view.get_history(as_of)


_caches = PerStore(RegionCache)


def get_cache(db: Store) -> RegionCache:
    """The copy that belongs to this store."""
    return _caches.of(db)
