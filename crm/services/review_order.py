"""The order of the reviews: which pair is asked before which, and how many there are.

Thousands of pairs stand in the queue, and each page asks for the first. So a process reads their order once, and then
what the clock of the reviews says has changed. What is shown of a pair is read from the graph in any case.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from crm.access import Viewer
from crm.graph import reviews
from crm.graph.driver import Store
from crm.graph.reviews import PAGE, Line, Review, line_of

# Those that are set aside are asked for by this word instead of a kind.
SITES = "sites"


@dataclass(frozen=True)
class Order:
    """All open reviews at a time of their clock."""

    time: int
    lines: dict[str, Line]

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """By kind, `sites` for those that are set aside, and "" for all others: what changes most comes first, then
        the likeliest."""
        found: dict[str, list[str]] = {"": []}
        for line in sorted(self.lines.values(), key=lambda line: (-line.weight, -line.score, line.id)):
            found.setdefault(SITES if line.aside else line.kind, []).append(line.id)
            if not line.aside:
                found[""].append(line.id)
        return found

    @cached_property
    def counts(self) -> Counter[str]:
        """How many there are, by the same words."""
        return Counter({word: len(ids) for word, ids in self.ids.items()})

    @cached_property
    def changing(self) -> int:
        """How many that are not set aside would change how a knock counts."""
        return sum(line.changes and not line.aside for line in self.lines.values())


_orders: WeakKeyDictionary[Store, Order] = WeakKeyDictionary()


def get_order(db: Store, viewer: Viewer) -> Order:
    """The order as it is now. Two threads that find it out of date both bring it up to date."""
    known = _orders.get(db)
    # Asked before the reviews are read, so the order is never taken for a newer one than it is.
    clock = reviews.read_clock(db, known=known.time if known else -1)
    if known is None or known.time > clock.time or clock.time - known.time > len(clock.changed):
        known = _orders[db] = Order(clock.time, {line.id: line for line in reviews.list_lines(db)})
    elif known.time < clock.time:
        changed = set(clock.changed[known.time - clock.time :])
        there = {review.id: line_of(review) for review in reviews.list_some(db, viewer, sorted(changed))}
        kept = {id: line for id, line in known.lines.items() if id not in changed}
        known = _orders[db] = Order(clock.time, kept | there)
    return known


def list_queue(db: Store, viewer: Viewer, *, kind: str = "", skip: int = 0, limit: int = PAGE) -> list[Review]:
    """Open reviews of a kind (or of both) in the order in which they are asked; of the kind `sites` those set aside."""
    return reviews.list_some(db, viewer, get_order(db, viewer).ids.get(kind, [])[skip : skip + limit])
