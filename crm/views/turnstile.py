"""The turnstile: a process makes a few pages at a time, and who comes meanwhile waits in line for a moment.

Threads that compute at once in one interpreter slow each other down, and who is last among eight waits for all of
them: in line, the slowest of a hundred pages comes in half the time (bench.speeds). Whoever has waited for PATIENCE
goes in all the same, so that a page which takes long holds nobody up. Only who reads waits: a form may come slowly.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLACES = 2
PATIENCE = 0.1


class Turnstile:
    """A WSGI application around another. The place is free again when the answer is made, however slowly it is sent."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._places = threading.Semaphore(PLACES)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        has_place = reads and self._places.acquire(timeout=PATIENCE)
        try:
            return self._app(environ, start_response)
        finally:
            if has_place:
                self._places.release()
