"""Reading ahead: while one item is worked on, the next is fetched."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar, cast

T = TypeVar("T")
_END = object()


def read_ahead(items: Iterable[T]) -> Generator[T]:
    """The items, each fetched in another thread while the one before it is worked on; raises what fetching raises."""
    coming = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as helper:

        def fetch() -> object:
            return next(coming, _END)

        # In a copy of this context, which knows what this thread has written so far (the driver's bookmarks).
        future = helper.submit(copy_context().run, fetch)
        while (item := future.result()) is not _END:
            future = helper.submit(copy_context().run, fetch)
            yield cast(T, item)
