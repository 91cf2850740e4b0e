"""The door: a worker process takes in a request only when it has a hand free; till then it waits before all of them.

gunicorn's own worker takes in whoever comes, up to a thousand. Then chance decides who waits long: of eight browsers
six may stand in line in one process while the other has two, and threads that compute at once in one interpreter slow
each other down. Here the line is the one that the system keeps before the processes, and whoever is free next serves
who has waited longest: the slowest of a hundred pages comes in half the time (bench.speeds). What has been in hand for
a moment counts no more, so that a page which takes long holds nobody up.
"""

import sys
import time
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# A thread that computes gives the interpreter up so often. A page takes it again after every answer of the graph, and
# would wait five times as long each time while the region is followed in the background.
SWITCH_SECONDS = 0.001


class Door(ThreadWorker):
    """gunicorn's threaded worker with such a door. A connection is one request (`keepalive` 0): else it would stay."""

    # So many are served at once: while one asks the graph, the other computes.
    at_once = 2
    patience = 0.1

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._in_hand: dict[TConn, float] = {}

    def init_process(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        self._in_hand[conn] = time.monotonic()
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        self._in_hand.pop(conn, None)
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float | None) -> None:
        # Nothing tells when patience is over.
        super().wait_for_and_dispatch_events(self.patience if self._in_hand else timeout)
        self.worker_connections = self.nr_conns + self._count_free()

    def _count_free(self) -> int:
        """How many more to take in now: who reads this next asks whether `nr_conns` is less than it may be."""
        late = time.monotonic() - self.patience
        fresh = sum(began > late for began in self._in_hand.values())
        return min(self.at_once - fresh, self.cfg.threads - len(self._in_hand))
