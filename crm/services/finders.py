"""Finders: one search index a process, brought up to date with the graph before every answer, whoever changed it.

The graph's clock and its two counts say in one small read whether anything happened. What was computed since is read by
its stamp; of what disappeared (joined into another, or undone) the ids are kept. All that is there and computed is in
the index by then, so it holds exactly the right things if it holds as many; if not, all ids are compared, unless marks
say that some wait to be computed, which come when they are. What is shown is read from the graph in any case, so a
result that has gone is never shown.
"""

import logging
import threading
from collections.abc import Collection
from typing import Final
from weakref import WeakKeyDictionary

from crm.access import OWNER
from crm.collector import leave_alone
from crm.errors import CrmError
from crm.graph import departures, stale
from crm.graph import search as rows
from crm.graph.driver import Store
from crm.graph.search import State
from crm.graph.stale import Kind
from crm.search.entries import unpack
from crm.search.index import Index
from crm.search.segments import id_of

log = logging.getLogger(__name__)
# After so many changes it is quicker to read everything.
MOST_TICKS = departures.KEPT_TICKS
KINDS: Final[tuple[Kind, ...]] = ("business", "person")
# How often a reader follows a graph that changes under its eyes before it takes what it has.
ROUNDS = 5


class Finder:
    """The index of one store, and the state of the graph that it stands for. All members of a region share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index = Index()
        self._state: State | None = None
        self._warming: threading.Thread | None = None
        # What the index has seen. The clock is asked of a server that has seen as much, so that it never goes back.
        self._bookmarks: frozenset[str] = frozenset()

    def get_index(self, db: Store) -> Index:
        """The index as of now. The first call reads the region, which takes a second or two."""
        with db.following(db.bookmarks | self._bookmarks):
            state = rows.get_state(db)
            if state != self._state:
                with self._lock:
                    self._follow(db)
        return self._index

    @property
    def is_ready(self) -> bool:
        """Whether the region has been read."""
        return self._state is not None

    def warm_up(self, db: Store) -> threading.Thread:
        """Read the region in the background, once, so that the first search need not wait for it."""
        if self._warming is None:
            self._warming = threading.Thread(target=self._try_to_warm_up, args=(db,), name="search", daemon=True)
            self._warming.start()
        return self._warming

    def _try_to_warm_up(self, db: Store) -> None:
        try:
            self.get_index(db)
        except CrmError as error:
            # Whoever searches first will read it, or be told why not.
            log.warning("search index not read ahead", extra={"reason": str(error)})

    def _follow(self, db: Store) -> None:
        """Under the lock: until the graph says the same after reading as before, so that all is of one moment."""
        state = rows.get_state(db)
        for _ in range(ROUNDS):
            if state == self._state:
                break
            self._catch_up(db, state)
            self._state, state = state, rows.get_state(db)
        self._bookmarks = db.bookmarks

    def _catch_up(self, db: Store, state: State) -> None:
        known = self._state
        if known is None or not known.version <= state.version <= known.version + MOST_TICKS:
            # The first time, or long ago, or another graph has taken the place of the one that was read.
            self._index = Index().change(rows.list_all_texts(db, OWNER))
            leave_alone()
        elif state.version > known.version:
            changed = rows.list_changed_texts(db, OWNER, after=known.version, until=state.version)
            self._index = self._change(db, changed)
            if state.gone_at > known.version:
                gone = [departures.list_gone(db, kind, after=known.version, until=state.version) for kind in KINDS]
                self._index = self._index.change((), gone=set[str]().union(*gone).difference(map(id_of, changed)))
        if not self._agrees(db, state):
            self._compare(db)

    def _agrees(self, db: Store, state: State) -> bool:
        """Whether the index holds as many as there are, but for those that wait to be computed, which are marked."""
        more = [there - here for there, here in zip((state.businesses, state.people), self._index.counts, strict=True)]
        return all(
            number == 0 or (number > 0 and stale.has_marks(db, kind)) for kind, number in zip(KINDS, more, strict=True)
        )

    def _change(self, db: Store, texts: Collection[str], *, gone: Collection[str] = ()) -> Index:
        """The index with these texts; people among them are found by their employers' texts too."""
        here = {id_of(text) for text in texts}
        employers = {id for text in texts for id in unpack(text).employers.split()} - here
        return self._index.change(texts, employers=rows.list_texts(db, OWNER, sorted(employers)), gone=gone)

    def _compare(self, db: Store) -> None:
        """Take out what is not in the graph any more, and put in what is there and was missed."""
        there, here = rows.list_ids(db, OWNER), self._index.list_ids()
        missed = rows.list_texts(db, OWNER, sorted(there - here)) if there - here else []
        self._index = self._change(db, missed, gone=here - there)


_finders: WeakKeyDictionary[Store, Finder] = WeakKeyDictionary()
_finders_lock = threading.Lock()


def get_finder(db: Store) -> Finder:
    """The one finder of this store in this process."""
    with _finders_lock:
        return _finders.setdefault(db, Finder())
