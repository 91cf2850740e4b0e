"""Long lists in parts: so many round trips fewer than one by one, and no transaction that holds too much."""

from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")


def in_batches(items: list[T], size: int) -> Iterator[list[T]]:
    """The items in their order, `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
