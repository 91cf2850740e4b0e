"""The order of the reviews: which pair is asked before which, and how many there are.

Thousands of pairs stand in the queue, and each page asks for the first. So a process reads their order once, and then
what the clock of the reviews says has changed. What is shown of a pair is read from the graph in any case.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from crm.access import OWNER, Viewer
from crm.graph import reviews
from crm.graph.driver import Store
from crm.graph.reviews import PAGE, Line, Review, ReviewClock, line_of
from crm.services.clocked import Clocked, Known

# Those that are set aside are asked for by this word instead of a kind.
SITES = "sites"


@dataclass(frozen=True)
class Order:
    """All open reviews."""

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


def get_order(db: Store, viewer: Viewer) -> Order:
    """The order as it is now."""
    return _orders.get(db)


def _read_clock(db: Store, known: ReviewClock | None) -> ReviewClock:
    return reviews.read_clock(db, known=known.time if known else -1)


def _follow(db: Store, known: Known[Order, ReviewClock] | None, now: ReviewClock) -> Order:
    passed = now.time - known.moment.time if known is not None else 0
    if known is None or passed > len(now.changed):
        return Order({line.id: line for line in reviews.list_lines(db)})
    changed = set(now.changed[-passed:]) if passed else set[str]()
    there = {review.id: line_of(review) for review in reviews.list_some(db, OWNER, sorted(changed))}
    kept = {id: line for id, line in known.value.lines.items() if id not in changed}
    return Order(kept | there)


_orders = Clocked(_follow, read_clock=_read_clock, name="reviews")


def list_queue(db: Store, viewer: Viewer, *, kind: str = "", skip: int = 0, limit: int = PAGE) -> list[Review]:
    """Open reviews of a kind (or of both) in the order in which they are asked; of the kind `sites` those set aside."""
    return reviews.list_some(db, viewer, get_order(db, viewer).ids.get(kind, [])[skip : skip + limit])
