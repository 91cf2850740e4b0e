"""Finders: one search index a process, brought up to date with the graph before every answer, whoever changed it.

The graph's clock and its two counts say in one small read whether anything happened. What was computed since is read by
its stamp; of what disappeared (joined into another, or undone) the ids are kept. All that is there and computed is in
the index by then, so it holds exactly the right things if it holds as many; if not, all ids are compared, unless marks
say that some wait to be computed, which come when they are. What is shown is read from the graph in any case, so a
result that has gone is never shown.
"""

import threading
from collections.abc import Collection
from typing import Final

from crm.access import OWNER
from crm.collector import leave_alone
from crm.graph import departures, stale
from crm.graph import search as rows
from crm.graph.clock import Moment
from crm.graph.driver import Store
from crm.graph.stale import Kind
from crm.search.entries import unpack
from crm.search.index import Index
from crm.search.segments import id_of
from crm.services.clocked import Follower, Known, read_clock
from crm.services.per_store import PerStore

# After so many changes it is quicker to read everything.
MOST_TICKS = departures.KEPT_TICKS
KINDS: Final[tuple[Kind, ...]] = ("business", "person")


def is_same_state(one: Moment, other: Moment) -> bool:
    """Things also come and go without a word of the clock, where another graph takes the place of one."""
    return one[:4] == other[:4]


class Finder:
    """The index of one store. All members of a region share it."""

    def __init__(self, db: Store) -> None:
        self._follower = Follower(
            db, _follow, read_clock=read_clock, is_same=is_same_state, prepare=prepare, name="search"
        )

    def get_index(self) -> Index:
        """The index as of now. The first call reads the region, which takes a second or two."""
        return self._follower.get()

    @property
    def is_ready(self) -> bool:
        """Whether the region has been read."""
        return self._follower.is_ready

    def warm_up(self) -> threading.Thread:
        """Read the region in the background, once, so that the first search need not wait for it."""
        return self._follower.warm_up()


def _follow(db: Store, known: Known[Index, Moment] | None, now: Moment) -> Index:
    if known is None or now.time > known.moment.time + MOST_TICKS:
        # The first time, or long ago, or another graph has taken the place of the one that was read.
        index = Index().change(rows.list_all_texts(db, OWNER))
        leave_alone()
    elif now.time > known.moment.time:
        index = _advance(db, known.value, after=known.moment.time, now=now)
    else:
        index = known.value
    return index if _agrees(db, index, now) else _compare(db, index)


def _advance(db: Store, index: Index, *, after: int, now: Moment) -> Index:
    changed = rows.list_changed_texts(db, OWNER, after=after, until=now.time)
    gone: set[str] = set()
    if now.gone_at > after:
        gone = gone.union(*(departures.list_gone(db, kind, after=after, until=now.time) for kind in KINDS))
    return _change(db, index, changed, gone=gone.difference(map(id_of, changed)))


def _agrees(db: Store, index: Index, now: Moment) -> bool:
    """Whether the index holds as many as there are, but for those that wait to be computed, which are marked."""
    more = [there - here for there, here in zip((now.businesses, now.people), index.counts, strict=True)]
    return all(
        number == 0 or (number > 0 and stale.has_marks(db, kind)) for kind, number in zip(KINDS, more, strict=True)
    )


def _change(db: Store, index: Index, texts: Collection[str], *, gone: Collection[str] = ()) -> Index:
    """The index with these texts; people among them are found by their employers' texts too."""
    here = {id_of(text) for text in texts}
    employers = {id for text in texts for id in unpack(text).employers.split()} - here
    return index.change(texts, employers=rows.list_texts(db, OWNER, sorted(employers)), gone=gone)


def _compare(db: Store, index: Index) -> Index:
    """Take out what is not in the graph any more, and put in what is there and was missed."""
    there, here = rows.list_ids(db, OWNER), index.list_ids()
    missed = rows.list_texts(db, OWNER, sorted(there - here)) if there - here else []
    return _change(db, index, missed, gone=here - there)


def prepare(index: Index) -> None:
    """Make what an index makes when it is first asked."""
    _ = index.counts
    for part in index.parts:
        _ = part.line_flags


_finders = PerStore(Finder)


def get_finder(db: Store) -> Finder:
    """The one finder of this store in this process."""
    return _finders.of(db)
