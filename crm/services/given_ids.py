"""Ids that people and pages hold: what is there under one of them now.

Also while an import or its undo moves records: who asks for a thing asks the graph several times, and between
two of them its record may go from one thing to another.
"""

from collections.abc import Callable
from typing import TypeVar

from crm.graph.driver import Reader

T = TypeVar("T")
# So often in a row, a record will not move in the very moment between two questions.
LOOKS = 3


def follow(
    db: Reader, id: str, read: Callable[[str], T | None], find_current_id: Callable[[Reader, str], str | None]
) -> T | None:
    """What `read` finds under an id, or under the one where it leads by now; None where there is nothing."""
    current: str | None = id
    for _ in range(LOOKS):
        found = read(current) if current else None
        if found is not None:
            return found
        current = find_current_id(db, id)
    return read(current) if current else None
