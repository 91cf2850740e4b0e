"""The numbered steps that bring an older graph to what this version of the product works with.

    MIGRATIONS = (Migration("say in one line what changes", change), …)

The first brings an empty graph to version 1, the second version 1 to version 2, and so on. Several processes may run
one at once, and it may be run again after it was cut off, so it must do nothing where it is done already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from crm.graph.driver import Store


@dataclass(frozen=True)
class Migration:
    """One step. `change` must be safe to run twice, and while other processes run it."""

    title: str
    change: Callable[[Store], None]


def _nothing(_: Store) -> None:
    """The first version is made of the constraints and indexes alone, which schema.py makes in any case."""


MIGRATIONS: Final[Sequence[Migration]] = (Migration("the first version of the graph", _nothing),)
