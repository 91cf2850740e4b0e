"""The connection to the graph: one driver a process, opened when it is first needed, closed when it turns out dead.

A driver must not be shared by processes: a forked child forgets its parent's and opens its own. And a driver waits for
ever for a server that has stopped without closing its connections (a frozen machine, a cable pulled): while statements
run, a watchman asks the server now and then whether it is there, and closes the driver under them if it is not.
"""

import contextlib
import itertools
import logging
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from neo4j import Driver, GraphDatabase

# A page must not hang on a database that is away: with the driver's own 30 s it would (promise E2).
CONNECT_SECONDS = 2.0
ACQUIRE_SECONDS = 4.0
# After this long without an answer the watchman asks, and gives the server PROBE_SECONDS to say anything at all.
STALL_SECONDS = 4.0
PROBE_SECONDS = 1.5
LOOK_SECONDS = 0.5
# The server ends a statement after this long; a server that does not even do that is given up a little later.
STATEMENT_SECONDS = 120.0
GIVE_UP_SECONDS = STATEMENT_SECONDS + 15.0
SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
HANDSHAKE = bytes.fromhex("6060b017 00000005 00000004 00000000 00000000")


@dataclass(frozen=True)
class Opened:
    """A driver, the address it was made for, and what to call after it is closed."""

    driver: Driver
    uri: str
    after: Callable[[], None] = lambda: None


# The driver tells of every line that breaks, also where nobody has set up a log; the store says what matters of it.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Connection:
    """Hands out the driver of this process, and knows what is running on it."""

    def __init__(self, open_driver: Callable[[], Opened]) -> None:
        self._open_driver = open_driver
        self._forget()
        on_fork(self._forget)

    @contextlib.contextmanager
    def use(self) -> Generator[Driver]:
        """The driver, opened if need be, watched for as long as the block runs."""
        driver = self._get()
        call = next(self._numbers)
        self._running[call] = (time.monotonic(), driver)
        try:
            yield driver
        finally:
            self._running.pop(call, None)

    def discard(self, driver: Driver) -> None:
        """Close this driver because it is of no more use; another may be open in its place already."""
        with self._lock:
            if self._opened is None or self._opened.driver is not driver:
                return
            opened, self._opened = self._opened, None
            self._watch_ends.set()
        _close(opened)

    def has(self, driver: Driver) -> bool:
        """Whether this driver is still the one in use."""
        return self._opened is not None and self._opened.driver is driver

    @property
    def is_open(self) -> bool:
        """Whether a driver is open."""
        return self._opened is not None

    def close(self) -> None:
        """Close what is open. The next use opens it again."""
        with self._lock:
            opened, self._opened = self._opened, None
            self._watch_ends.set()
        if opened is not None:
            _close(opened)

    def _get(self) -> Driver:
        opened = self._opened
        if opened is not None:
            return opened.driver
        with self._lock:
            if self._opened is None:
                self._opened = self._open_driver()
                self._watch_ends = threading.Event()
                threading.Thread(target=self._watch, args=(self._opened, self._watch_ends), daemon=True).start()
            return self._opened.driver

    def _watch(self, opened: Opened, ends: threading.Event) -> None:
        asked_at = 0.0
        while not ends.wait(LOOK_SECONDS):
            now = time.monotonic()
            running = self._running.copy()
            oldest = min((since for since, driver in running.values() if driver is opened.driver), default=now)
            if now - oldest > GIVE_UP_SECONDS:
                self.discard(opened.driver)
            elif now - max(oldest, asked_at) > STALL_SECONDS:
                if not is_answering(opened.uri):
                    self.discard(opened.driver)
                asked_at = time.monotonic()

    def _forget(self) -> None:
        """Begin with nothing: when made, and in a forked child, where the parent's sockets must not be touched."""
        # Kept for ever, because a driver that is collected could say farewell on its parent's lines.
        _inherited.append(getattr(self, "_opened", None))
        self._opened: Opened | None = None
        self._lock = threading.Lock()
        self._running: dict[int, tuple[float, Driver]] = {}
        self._numbers = itertools.count()
        self._watch_ends = threading.Event()


_forgetters: "list[weakref.WeakMethod[Callable[[], None]]]" = []
_inherited: list[Opened | None] = []


def on_fork(forget: Callable[[], None]) -> None:
    """Call this method in every forked child, for as long as its object lives."""
    _forgetters[:] = [known for known in _forgetters if known() is not None]
    _forgetters.append(weakref.WeakMethod(forget))


def _forget_all() -> None:
    for forgetter in _forgetters:
        forget = forgetter()
        if forget is not None:
            forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def connect(uri: str, username: str, password: str) -> Driver:
    """A driver with the settings that the store relies on; sends nothing yet. ValueError: this cannot be an address."""
    parts = urlsplit(uri)
    if parts.scheme not in SCHEMES or not parts.hostname or parts.port == 0:
        raise ValueError(uri)
    # The driver's own type says that its settings are unknown.
    make = cast(Callable[..., Driver], GraphDatabase.driver)  # pyright: ignore[reportUnknownMemberType]
    return make(
        uri,
        auth=(username, password),
        # The store tries again by itself: sooner than the driver, and with regard to what has failed.
        max_transaction_retry_time=0,
        connection_timeout=CONNECT_SECONDS,
        connection_acquisition_timeout=ACQUIRE_SECONDS,
        max_connection_pool_size=50,
        fetch_size=10_000,
        telemetry_disabled=True,
        notifications_min_severity="OFF",
        user_agent="sector-crm",
    )


def is_answering(uri: str) -> bool:
    """Whether something at this address answers a Bolt handshake at all (a TLS port does, by refusing it)."""
    parts = urlsplit(uri)
    try:
        with socket.create_connection((parts.hostname or "localhost", parts.port or 7687), PROBE_SECONDS) as probe:
            probe.sendall(HANDSHAKE)
            probe.recv(4)
    except OSError:
        return False
    return True


def _close(opened: Opened) -> None:
    with contextlib.suppress(Exception):
        opened.driver.close()
    opened.after()
