"""What a process has one of for each store."""

import threading
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

from crm.graph.driver import Store

T = TypeVar("T")


class PerStore(Generic[T]):
    """One of each store, made when it is first asked for. It goes with its store, to which it must not hold."""

    def __init__(self, make: Callable[[Store], T]) -> None:
        self._make = make
        self._kept: weakref.WeakKeyDictionary[Store, T] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, db: Store) -> T:
        """The one of this store."""
        with self._lock:
            found = self._kept.get(db)
            if found is None:
                found = self._kept[db] = self._make(db)
            return found

    def forget(self, db: Store) -> None:
        """Make a new one the next time."""
        with self._lock:
            self._kept.pop(db, None)
