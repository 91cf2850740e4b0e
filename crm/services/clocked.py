"""What a process has read of a graph, good until the graph's clock moves."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from crm.graph.driver import Store

T = TypeVar("T")


class Clocked(Generic[T]):
    """One value a store. Two threads that find it out of date both read it; the last one stays."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Store, tuple[int, T]] = WeakKeyDictionary()

    def get(self, db: Store, read: Callable[[], T]) -> T:
        """What `read` gave at this time of the clock; the clock is asked before it reads, so it is never too old."""
        time = db.clock()
        kept = self._kept.get(db)
        if kept is None or kept[0] != time:
            self._kept[db] = kept = (time, read())
        return kept[1]
