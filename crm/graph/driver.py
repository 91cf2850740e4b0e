"""The store: the one way to the graph, whichever engine holds it.

Every statement runs in a managed transaction, so the driver may run it again after a passing fault: a write must give the
same graph when it runs twice. Reads are declared as reads, so that a cluster can route them to a replica.
"""

import contextlib
import os
import random
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Bookmarks,
    Driver,
    GraphDatabase,
    ManagedTransaction,
    Query,
    Session,
    unit_of_work,
)
from neo4j.exceptions import ConstraintError, DriverError, ServiceUnavailable, SessionExpired, TransientError

from crm.errors import EngineUnavailable
from crm.graph import embedded

T = TypeVar("T")
Row = dict[str, Any]

# A request must not hang on a database that is away: with the driver's own 30 s it would (promise E2).
RETRY_SECONDS = 5.0
CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 120.0
CONSTRAINT_TRIES = 8
GONE = (ServiceUnavailable, SessionExpired, OSError)


@dataclass(frozen=True)
class GraphSettings:
    """Where the graph is: `uri` None means the embedded engine of `data_dir`."""

    data_dir: Path
    uri: str | None = None
    username: str = "neo4j"
    password: str = ""
    database: str | None = None
    engine_heap: str = "1g"


class Transaction:
    """One open write transaction. Rows come back as dictionaries, all of them read."""

    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx

    def run(self, query: LiteralString, **params: Any) -> list[Row]:
        return _rows(self._tx, query, params)


class Store:
    """A lazy connection to the graph; one per process (a forked child opens its own)."""

    def __init__(self, settings: GraphSettings, *, prepare: "Callable[[Store], None] | None" = None) -> None:
        """`prepare` runs before the first statement of each process, with a store that does without it."""
        self.settings = settings
        self._prepare = prepare
        # One a store: a bookmark of one database means nothing to another.
        self._bookmarks: ContextVar[frozenset[str]] = ContextVar("bookmarks", default=frozenset())
        self._driver: Driver | None = None
        self._lease: embedded.Lease | None = None
        self._pid = 0
        self._lock = threading.Lock()

    def read(self, query: LiteralString, **params: Any) -> list[Row]:
        """The rows of one statement, from a replica where there are any."""
        return self._attempt(READ_ACCESS, lambda tx: _rows(tx, query, params))

    def read_columns(self, query: LiteralString, **params: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names and the rows as bare tuples: for bulk reads, where a dictionary a row costs too much."""
        return self._attempt(READ_ACCESS, lambda tx: _columns(tx, query, params))

    def write(self, query: LiteralString, **params: Any) -> list[Row]:
        """Run one statement that changes the graph. It must be safe to run twice."""
        return self.transact(lambda tx: tx.run(query, **params))

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run several statements in one write transaction. `work` must be safe to run twice.

        Two writers that create one key at the same moment: Neo4j lets the second wait, ArcadeDB fails it with
        ConstraintError. The second run finds the key, so it is tried again.
        """
        for attempt in range(CONSTRAINT_TRIES):
            try:
                return self._attempt(WRITE_ACCESS, lambda tx: work(Transaction(tx)))
            except ConstraintError:
                if attempt == CONSTRAINT_TRIES - 1:
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))
        raise AssertionError("unreachable")

    @contextlib.contextmanager
    def following(self, bookmarks: Iterable[str]) -> Generator[None]:
        """See at least what these bookmarks stand for: a user's own writes of an earlier request."""
        token = self._bookmarks.set(frozenset(bookmarks))
        try:
            yield
        finally:
            self._bookmarks.reset(token)

    @property
    def bookmarks(self) -> frozenset[str]:
        """What the last transactions of this context reached; hand it to `following` in the next request."""
        return self._bookmarks.get()

    def close(self) -> None:
        """Close the connection and give up the stake in the embedded engine. The store opens again when used."""
        with self._lock:
            if self._driver is not None and self._pid == os.getpid():
                self._driver.close()
            if self._lease is not None:
                self._lease.close()
            self._driver = self._lease = None

    def _attempt(self, access: str, work: Callable[[ManagedTransaction], T]) -> T:
        try:
            return self._execute(access, work)
        except GONE as gone:
            if self.settings.uri is not None:
                raise EngineUnavailable("The database cannot be reached. Try again in a moment.") from gone
        except DriverError as error:
            raise EngineUnavailable("The connection to the database was lost. Try again in a moment.") from error
        # The embedded engine died: start it again, then once more. `work` is safe to run twice.
        self.close()
        try:
            return self._execute(access, work)
        except GONE as gone:
            raise EngineUnavailable("The database engine stopped answering. Try again in a moment.") from gone

    def _execute(self, access: str, work: Callable[[ManagedTransaction], T]) -> T:
        timed = unit_of_work(timeout=STATEMENT_SECONDS)(work)
        with self._session(access) as session:
            result = session.execute_read(timed) if access == READ_ACCESS else session.execute_write(timed)
            self._bookmarks.set(frozenset(session.last_bookmarks().raw_values))
        return result

    def _session(self, access: str) -> Session:
        known = Bookmarks.from_raw_values(self._bookmarks.get())
        return self._connect().session(
            database=self.settings.database or (embedded.DATABASE if self.settings.uri is None else None),
            default_access_mode=access,
            bookmarks=known,
            fetch_size=10_000,
        )

    def _connect(self) -> Driver:
        with self._lock:
            if self._driver is None or self._pid != os.getpid():
                self._driver = self._open_driver()
                self._pid = os.getpid()
            return self._driver

    def _open_driver(self) -> Driver:
        settings = self.settings
        if self._prepare is not None:
            bare = Store(settings)
            try:
                self._prepare(bare)
            finally:
                bare.close()
        if settings.uri is not None:
            return _driver(settings.uri, settings.username, settings.password)
        self._lease = embedded.lease_engine(settings.data_dir, heap=settings.engine_heap)
        return _driver(self._lease.endpoint.uri, embedded.USER, self._lease.endpoint.password)


def _driver(uri: str, username: str, password: str) -> Driver:
    return GraphDatabase.driver(
        uri,
        auth=(username, password),
        max_transaction_retry_time=RETRY_SECONDS,
        connection_timeout=CONNECT_SECONDS,
        connection_acquisition_timeout=RETRY_SECONDS,
        max_connection_pool_size=50,
        telemetry_disabled=True,
        notifications_min_severity="OFF",
        user_agent="sector-crm",
    )


def _rows(tx: ManagedTransaction, query: LiteralString, params: Row) -> list[Row]:
    names, rows = _columns(tx, query, params)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _columns(tx: ManagedTransaction, query: LiteralString, params: Row) -> tuple[list[str], list[tuple[Any, ...]]]:
    result = tx.run(query, params)
    names = list(result.keys())
    return names, [tuple(record.values()) for record in result]


__all__ = ["GraphSettings", "Row", "Store", "Transaction", "TransientError", "Query"]
