"""The store: the one way to the graph, whichever engine holds it.

Every write runs in a managed transaction, and what met a passing fault runs again: a write must give the same graph
when it runs twice. Reads are declared as reads, so that a cluster can route them to a replica.
"""

import contextlib
import itertools
import random
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString, Protocol, TypeVar, cast

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Driver,
    ManagedTransaction,
    Query,
    Result,
    RoutingControl,
    Session,
    unit_of_work,
)
from neo4j.api import BookmarkManager
from neo4j.exceptions import ConfigurationError, DriverError, Neo4jError, TransientError

from crm.errors import EngineUnavailable
from crm.graph import embedded
from crm.graph.connections import STATEMENT_SECONDS, Connection, Opened, connect, on_fork
from crm.graph.faults import Fault, GraphError, explain, judge
from crm.graph.turns import taking_turn

__all__ = ["GraphSettings", "Reader", "Row", "Store", "Transaction", "TransientError"]

T = TypeVar("T")


@dataclass
class _Work:
    """A large work: since when it has moved the clock, and when it said that it would not any more (by
    `time.monotonic`)."""

    moved_at: float | None = None
    foretold_at: float | None = None


# The large work that this context does (`Store.in_bulk`).
_in_bulk: ContextVar[_Work | None] = ContextVar("in_bulk", default=None)
Row = dict[str, Any]

# How long a call is tried again: while no server answers, and while other writers are in the way.
AWAY_SECONDS = 3.0
BUSY_SECONDS = 10.0
# For this long after a call found no server, others are told so without asking again.
AWAY_SPAN_SECONDS = 1.0
AWAY_WORDS = "The database cannot be reached. Try again in a moment."
CLASH_TRIES = 4
# The engine of this process was there a moment ago: a page waits this long for a new one, which takes about 3 s.
RESTART_SECONDS = 8.0
# What changes under a running process (a backup being loaded, a newer version) is seen after this long.
CHECK_SECONDS = 2.0
# A large work that took so long gives pages a part of that time, and at most so long, to follow it before it ends.
SETTLE_AFTER_SECONDS = 2.0
SETTLE_PART = 0.1
SETTLE_SECONDS = 1.0

TICK: Final = """
MERGE (c:Clock {id: 'graph'})
SET c.version = coalesce(c.version, 0) + 1
RETURN c.version AS version
"""
# `bulk_from` to `bulk_until`: the times of the clock that only large works have moved it to, one after the other.
TICK_IN_BULK: Final = """
MERGE (c:Clock {id: 'graph'})
SET c.bulk_from = CASE WHEN coalesce(c.bulk_until, -1) = coalesce(c.version, 0) THEN c.bulk_from
                       ELSE coalesce(c.version, 0) END
SET c.version = coalesce(c.version, 0) + 1
SET c.bulk_until = c.version
RETURN c.version AS version
"""
# `closing`: the time of the clock at which a large work had written everything.
CLOSE_BULK: Final = "MATCH (c:Clock {id: 'graph'}) SET c.closing = c.version"
END_BULK: Final = "MATCH (c:Clock {id: 'graph'}) SET c.bulk_until = -1"
CLOCK: Final = "MATCH (c:Clock {id: 'graph'}) RETURN c.version AS version"


@dataclass(frozen=True)
class GraphSettings:
    """Where the graph is: `uri` None means the embedded engine of `data_dir`.

    `original_days`: for how long it keeps the files that were imported as they came.
    """

    data_dir: Path
    uri: str | None = None
    username: str = "neo4j"
    password: str = ""
    database: str | None = None
    engine_heap: str = "1g"
    original_days: int = 365


class Reader(Protocol):
    """What can answer a question: the store, or an open transaction that has written what the question is about."""

    def read(self, query: LiteralString, **params: Any) -> list[Row]: ...


class Transaction:
    """One open transaction. Rows come back as dictionaries, all of them read."""

    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx
        self._at_tick: list[Callable[[int], None]] = []

    def run(self, query: LiteralString, **params: Any) -> list[Row]:
        return _to_rows(self._tx.run(query, _as_sent(params)))

    def read(self, query: LiteralString, **params: Any) -> list[Row]:
        """The same, for functions that read from a store as well as in the middle of a write."""
        return self.run(query, **params)

    def tick(self) -> int:
        """Move the graph's clock on by one and return its time, with which this transaction stamps what it changed.

        Call it last: from here until the transaction ends, every other writer who ticks waits.
        """
        work = _in_bulk.get()
        if work is not None:
            work.foretold_at = None
            if work.moved_at is None:
                work.moved_at = time.monotonic()
        now: int = self.run(TICK if work is None else TICK_IN_BULK)[0]["version"]
        while self._at_tick:
            self._at_tick.pop()(now)
        return now

    def at_tick(self, work: Callable[[int], None]) -> None:
        """Let this write what it has to with the graph's time, when this transaction next ticks."""
        self._at_tick.append(work)


class Store:
    """A lazy connection to the graph; one per process (a forked child opens its own)."""

    def __init__(self, settings: GraphSettings, *, prepare: "Callable[[Store], None] | None" = None) -> None:
        """`prepare` checks the graph before the first statement and every CHECK_SECONDS; what it raises is raised."""
        self.settings = settings
        self._database = settings.database or (embedded.DATABASE if settings.uri is None else None)
        self._prepare = prepare
        self._marks = _Bookmarks()
        self._connection = Connection(self._open)
        self._forget()
        on_fork(self._forget)

    def read(self, query: LiteralString, **params: Any) -> list[Row]:
        """The rows of one statement, from a replica where there are any."""
        return self._read(query, params, _to_rows)

    def read_columns(self, query: LiteralString, **params: Any) -> dict[str, list[Any]]:
        """The columns of a bulk read, for a statement whose one row is made of equally long lists.

            MATCH (t:Touchpoint) RETURN collect(t.id) AS id, collect(coalesce(t.day, -1)) AS day

        Six times faster than a row each. `collect` leaves nulls out, so a column that may hold one needs `coalesce`;
        raises ValueError for columns of different lengths.
        """
        rows = self._read(query, params, _to_rows)
        lengths = {name: len(column) for name, column in rows[0].items()}
        if len(rows) != 1 or len(set(lengths.values())) > 1:
            raise ValueError(f"a bulk read must return one row of equally long lists, got {len(rows)} of {lengths}")
        return rows[0]

    def read_together(self, work: Callable[[Transaction], T]) -> T:
        """Run several reading statements in one transaction."""
        return self._attempt(lambda driver: self._manage(driver, READ_ACCESS, work))

    def write(self, query: LiteralString, **params: Any) -> list[Row]:
        """Run one statement that changes the graph. It must be safe to run twice."""
        return self._write(lambda driver: self._change(driver, query, params))

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run several statements in one write transaction. `work` must be safe to run twice."""
        return self._write(lambda driver: self._manage(driver, WRITE_ACCESS, work))

    def clock(self) -> int:
        """The graph's time: it moves on with every write that changes what pages compute from (Transaction.tick)."""
        rows = self.read(CLOCK)
        return rows[0]["version"] if rows else 0

    @contextlib.contextmanager
    def following(self, bookmarks: Iterable[str]) -> Generator[None]:
        """See at least what these bookmarks stand for: a user's own writes of an earlier request."""
        with self._marks.following(frozenset(bookmarks)):
            yield

    @property
    def bookmarks(self) -> frozenset[str]:
        """What the last transactions of this context reached; hand it to `following` in the next request."""
        return self._marks.current

    @contextlib.contextmanager
    def in_bulk(self) -> Generator[None]:
        """What is written in this block is part of a large work, of which others may hear some seconds late
        (`crm.services.clocked`). At its end, however it ends, all of it counts at once."""
        token = _in_bulk.set(_Work())
        try:
            yield
        finally:
            _in_bulk.reset(token)
            # Where nobody can say so, others hear of it some seconds late.
            with contextlib.suppress(EngineUnavailable, DriverError, Neo4jError):
                self.end_bulk()

    def foretell_end(self) -> None:
        """Call it when the large work of this context has written all that pages compute from: what others keep follows
        from now on, while nobody waits for it, and the next page need not."""
        work = _in_bulk.get()
        if work is None or work.moved_at is None or work.foretold_at is not None:
            return
        if time.monotonic() - work.moved_at >= SETTLE_AFTER_SECONDS:
            self.write(CLOSE_BULK)
            work.foretold_at = time.monotonic()

    def settle(self) -> None:
        """Call it before that work says that it is done: they get a moment, from when the end was foretold on."""
        self.foretell_end()
        work = _in_bulk.get()
        if work is not None and work.moved_at is not None and work.foretold_at is not None:
            pause = min(SETTLE_PART * (work.foretold_at - work.moved_at), SETTLE_SECONDS)
            time.sleep(max(work.foretold_at + pause - time.monotonic(), 0.0))

    def end_bulk(self) -> None:
        """Let what large works have written so far count at once."""
        self.write(END_BULK)

    @property
    def is_in_bulk(self) -> bool:
        """Whether this context is doing such a work."""
        return _in_bulk.get() is not None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection. Work in the background ends without one: only who is asked opens it again."""
        return self._connection.is_open

    def close(self) -> None:
        """Close the connection and give up the stake in the embedded engine. The store opens again when used."""
        self._connection.close()
        self._checked_at = None

    def _read(self, query: LiteralString, params: Row, shape: Callable[[Result], T]) -> T:
        # A question by itself needs no transaction to be opened and closed around it: one round trip instead of two,
        # and a page asks seven. What a managed transaction does about passing faults is done by `_attempt`.
        def ask(driver: Driver) -> T:
            with self._open_session(driver, default_access_mode=READ_ACCESS) as session:
                return shape(session.run(Query(query, timeout=STATEMENT_SECONDS), _as_sent(params)))

        return self._attempt(ask)

    def _change(self, driver: Driver, query: LiteralString, params: Row) -> list[Row]:
        # The driver's own function for one managed transaction of one statement: one round trip less than the long way.
        return driver.execute_query(
            Query(query, timeout=STATEMENT_SECONDS),
            _as_sent(params),
            routing_=RoutingControl.WRITE,
            database_=self._database,
            bookmark_manager_=self._marks,
            result_transformer_=_to_rows,
        )

    def _manage(self, driver: Driver, access: str, work: Callable[[Transaction], T]) -> T:
        @unit_of_work(timeout=STATEMENT_SECONDS)
        def timed(tx: ManagedTransaction) -> T:
            return work(Transaction(tx))

        with self._open_session(driver) as session:
            return session.execute_read(timed) if access == READ_ACCESS else session.execute_write(timed)

    def _open_session(self, driver: Driver, **options: Any) -> Session:
        open_session = cast(Callable[..., Session], driver.session)  # pyright: ignore[reportUnknownMemberType]
        return open_session(database=self._database, bookmark_manager=self._marks, **options)

    def _write(self, call: Callable[[Driver], T]) -> T:
        """Two writers that meet: Neo4j lets the second wait, ArcadeDB fails it, when it may go again, then alone."""
        if self.settings.uri is not None:
            return self._attempt(call)
        folder = self.settings.data_dir
        losses = 0

        def take_turn(driver: Driver) -> T:
            nonlocal losses
            with taking_turn(folder, alone=losses > 0):
                losses += 1
                return call(driver)

        return self._attempt(take_turn)

    def _attempt(self, call: Callable[[Driver], T]) -> T:
        """Call with the driver, and again after a fault that passes: within AWAY_SECONDS or BUSY_SECONDS."""
        self._check()
        began = time.monotonic()
        known_away = self._is_away(began)
        for tried in itertools.count(1):
            with self._connection.use() as driver:
                try:
                    answer = call(driver)
                except (DriverError, Neo4jError) as raised:
                    error = raised
                    # Closed under the call, because the server had stopped answering.
                    fault = judge(raised) if self._connection.has(driver) else Fault.AWAY
                else:
                    self._away_at = None
                    return answer
            if fault is Fault.AWAY and self.settings.uri is None:
                # The engine died, and its port and password with it: the next use starts or finds another.
                self._connection.discard(driver)
            if not _is_worth_trying(fault, tried, time.monotonic() - began, known_away=known_away):
                raise self._explain(error, fault) from error
            time.sleep(random.uniform(0, min(0.01 * 2**tried, 0.5)))
        raise AssertionError("unreachable")

    def _is_away(self, now: float) -> bool:
        """Whether the last call found no server. A page asks several times, and must not wait as often."""
        if self._away_at is not None and now - self._away_at < AWAY_SPAN_SECONDS:
            raise EngineUnavailable(AWAY_WORDS)
        return self._away_at is not None

    def _explain(self, error: GraphError, fault: Fault) -> Exception:
        if fault is Fault.AWAY:
            self._away_at = time.monotonic()
            return EngineUnavailable(AWAY_WORDS)
        return explain(error, uri=self.settings.uri, folder=self.settings.data_dir) or error

    def _check(self) -> None:
        """See that the graph is what this version can work with: at first, and every CHECK_SECONDS."""
        if self._prepare is None or getattr(self._preparing, "now", False):
            return
        checked_at = self._checked_at
        if checked_at is not None and time.monotonic() - checked_at < CHECK_SECONDS:
            return
        # At first everybody waits for the answer; later one asks, and the others go on.
        if not self._checking.acquire(blocking=checked_at is None):
            return
        try:
            if self._checked_at == checked_at:
                self._preparing.now = True
                self._prepare(self)
                self._checked_at = time.monotonic()
        finally:
            self._preparing.now = False
            self._checking.release()

    def _open(self) -> Opened:
        settings = self.settings
        try:
            if settings.uri is not None:
                return Opened(connect(settings.uri, settings.username, settings.password), settings.uri)
            wait = RESTART_SECONDS if self._checked_at is not None else embedded.START_SECONDS
            lease = embedded.lease_engine(settings.data_dir, heap=settings.engine_heap, wait=wait)
            uri = lease.endpoint.uri
            return Opened(connect(uri, embedded.USER, lease.endpoint.password), uri, lease.close)
        except EngineUnavailable:
            self._away_at = time.monotonic()
            raise
        except (ConfigurationError, ValueError) as error:
            raise EngineUnavailable(f"NEO4J_URI ({settings.uri}) is not the address of a Neo4j server.") from error

    def _forget(self) -> None:
        self._away_at: float | None = None
        self._checked_at: float | None = None
        self._checking = threading.Lock()
        self._preparing = threading.local()


class _Bookmarks(BookmarkManager):
    """How far the graph was when this context (a request, a command) last read or wrote it."""

    def __init__(self) -> None:
        # One a store: a bookmark of one database means nothing to another.
        self._known: ContextVar[frozenset[str]] = ContextVar("bookmarks", default=frozenset())

    @property
    def current(self) -> frozenset[str]:
        return self._known.get()

    @contextlib.contextmanager
    def following(self, bookmarks: frozenset[str]) -> Generator[None]:
        token = self._known.set(bookmarks)
        try:
            yield
        finally:
            self._known.reset(token)

    def get_bookmarks(self) -> Collection[str]:
        return self.current

    def update_bookmarks(self, previous_bookmarks: Collection[str], new_bookmarks: Collection[str]) -> None:
        self._known.set((self.current - frozenset(previous_bookmarks)) | frozenset(new_bookmarks))

    def forget(self) -> None:
        self._known.set(frozenset())


class _Sent(list[Any]):
    """A list on its way to the engine. The driver writes out what it sends for a log that nobody keeps, which takes as
    long as sending it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"[{len(self)} values]"


def _as_sent(params: Row) -> Row:
    return {name: _Sent(cast(list[Any], value)) if type(value) is list else value for name, value in params.items()}


def _is_worth_trying(fault: Fault, tried: int, elapsed: float, *, known_away: bool) -> bool:
    match fault:
        case Fault.AWAY:
            return elapsed < AWAY_SECONDS and not known_away
        case Fault.BUSY:
            return elapsed < BUSY_SECONDS
        case Fault.CLASH:
            return tried < CLASH_TRIES
        case Fault.FINAL:
            return False


def name_values(names: Sequence[str], listed: Iterable[Sequence[Any]]) -> list[Row]:
    """What came as lists within one row (a row for each would take longer to carry than to find) as rows."""
    return [dict(zip(names, values, strict=True)) for values in listed]


def _to_rows(result: Result) -> list[Row]:
    return name_values(result.keys(), result.values())
