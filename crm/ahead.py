"""Reading ahead: while one item is worked on, the next is fetched."""

import sys
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar, cast

T = TypeVar("T")
_END = object()
# Seconds that a thread which computes keeps others waiting that want to go on. Who speaks with the engine waits several
# times for each answer, with Python's own 5 ms longer than the engine takes to answer.
TURN = 0.0005


class _Turns:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users = 0
        self.before = 0.0


_turns = _Turns()


@contextmanager
def short_turns() -> Generator[None]:
    """For a thread that computes beside one that speaks with the engine."""
    with _turns.lock:
        if _turns.users == 0:
            _turns.before = sys.getswitchinterval()
            sys.setswitchinterval(TURN)
        _turns.users += 1
    try:
        yield
    finally:
        with _turns.lock:
            _turns.users -= 1
            if _turns.users == 0:
                sys.setswitchinterval(_turns.before)


def read_ahead(items: Iterable[T]) -> Generator[T]:
    """The items, each fetched in another thread while the one before it is worked on; raises what fetching raises."""
    coming = iter(items)
    with short_turns(), ThreadPoolExecutor(1, thread_name_prefix="ahead") as helper:

        def fetch() -> object:
            return next(coming, _END)

        # In a copy of this context, which knows what this thread has written so far (the driver's bookmarks).
        future = helper.submit(copy_context().run, fetch)
        while (item := future.result()) is not _END:
            future = helper.submit(copy_context().run, fetch)
            yield cast(T, item)
