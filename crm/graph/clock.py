"""The graph's clock: it moves on with every write that changes what pages compute from (`Transaction.tick`).

A large work (an import, its undo) moves it again and again while it lasts (`Store.in_bulk`). So the clock also says
since when only such works have moved it: whoever knows the graph as of then may hear of the rest some seconds late.
"""

from typing import Final, NamedTuple

from crm.graph.driver import Reader

# Both counts are kept by the engines; nothing is counted here.
CLOCK: Final = """
OPTIONAL MATCH (c:Clock {id: 'graph'})
RETURN coalesce(c.version, 0) AS time, COUNT { MATCH (b:Business) } AS businesses,
       COUNT { MATCH (e:Executive) } AS people, coalesce(c.gone_at, 0) AS gone_at,
       coalesce(c.bulk_from, 0) AS bulk_from, coalesce(c.bulk_until, -1) AS bulk_until,
       coalesce(c.closing, -1) AS closing
"""


class Moment(NamedTuple):
    """The time of the graph's clock: whatever was changed since has a later one; 0 for a graph that nobody changed.

    `businesses` and `people` are how many there are, also those that wait to be computed. `gone_at` is the last time at
    which any went. After `bulk_from` and up to `bulk_until` all changes were parts of large works that still go on.
    At `closing` such a work had written all of it, and is about to end.
    """

    time: int
    businesses: int = 0
    people: int = 0
    gone_at: int = 0
    bulk_from: int = 0
    bulk_until: int = -1
    closing: int = -1

    @property
    def is_closing(self) -> bool:
        """Whether nothing was changed since a large work has written everything."""
        return self.closing == self.time

    def may_wait(self, since: int) -> bool:
        """Whether nothing but parts of large works was changed since a time."""
        return self.bulk_until == self.time and self.bulk_from <= since <= self.time


def read_clock(db: Reader) -> Moment:
    """How the graph is now; costs one small read."""
    return Moment(**db.read(CLOCK)[0])
