"""The turnstile: a process makes a few pages at a time, and who comes meanwhile waits in line for a moment.

Threads that compute at once in one interpreter slow each other down, and who is last among eight waits for all of
them: in line, the slowest of a hundred pages comes in half the time (bench.speeds). Whoever has waited for PATIENCE
goes in all the same, so that a page which takes long holds nobody up. Only who reads waits: a form may come slowly.
"""

import threading
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLACES = 1
PATIENCE = 0.1


class Turnstile:
    """A WSGI application around another. The place is free again when the answer is made, however slowly it is sent."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._line = Line(PLACES)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        has_place = environ["REQUEST_METHOD"] in ("GET", "HEAD") and self._line.enter(PATIENCE)
        try:
            return self._app(environ, start_response)
        finally:
            if has_place:
                self._line.leave()


class Line:
    """So many places, given in the order of coming. (With a semaphore who comes at the right moment goes first.)"""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def enter(self, patience: float) -> bool:
        """Whether a place was given before the seconds were over; whoever has one must `leave`."""
        turn = threading.Lock()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=patience):
            return True
        with self._lock:
            if turn not in self._waiting:
                return True
            self._waiting.remove(turn)
            return False

    def leave(self) -> None:
        """Hand the place to whoever has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
