"""Matching in a process of its own: it reads the records that it is sent while others are made, takes all cores when it
matches them, and takes its memory with it when it goes. It knows no graph, so it may be copied for a crew.
"""

import contextlib
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from itertools import starmap
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any, Self, TypeVar

from crm.collector import paused_collector
from crm.dedupe.crew import Crew
from crm.dedupe.kinds import Kind, Progress, no_progress
from crm.dedupe.once import Found, OneTime
from crm.dedupe.records import BusinessRow, Judgement, PersonRow
from crm.dedupe.score import Explanation
from crm.errors import Conflict

PATIENCE = 5  # seconds for it to end when it is told to
MOST_WAITING = 20  # batches on their way

T = TypeVar("T")
Told = tuple[str, Any]
Rows = Sequence[BusinessRow] | Sequence[PersonRow]


class MatcherGone(Conflict):
    """The process has ended before it was told to: most likely there was no memory left for it."""


class Apart:
    """A `OneTime` in a process of its own. Use `with`, or close it."""

    def __init__(self, kind: Kind, *, remembers: bool = False) -> None:
        """`remembers`: something is to be done with all that it holds after the match (`ask`)."""
        ours, theirs = socket.socketpair()
        # Our own module under our own interpreter. It ends when the connection does, however this process ends.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", __name__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        self._pipe = Connection(ours.detach())
        # Whoever makes records need not wait until they are read.
        self._waiting: queue.Queue[Told | None] = queue.Queue(MOST_WAITING)
        self._problem: OSError | None = None
        self._sender = threading.Thread(target=self._send_all, name="records to match", daemon=True)
        self._sender.start()
        self._waiting.put(("begin", (kind, remembers)))

    def add(self, rows: Rows) -> None:
        """Send some records, all of one class."""
        if rows:
            names = tuple(field.name for field in fields(rows[0]))
            # As plain tuples: a frozen dataclass is written and read cell by cell, which takes twice as long.
            self._waiting.put(("add", (type(rows[0]), list(map(attrgetter(*names), rows)))))

    def match(self, judgements: Iterable[Judgement], progress: Progress = no_progress) -> Found:
        """Match what was sent; nothing can be sent afterwards."""
        self._waiting.put(("match", list(judgements)))
        return self._hear(progress)

    def explain(self, left: str, right: str) -> Explanation | None:
        """Why two records are, may be or are not one; None if either is unknown. After the match."""
        return self.ask(OneTime.explain, left, right)

    def ask(self, work: Callable[..., T], *about: Any) -> T:
        """Let the process do this work, a function of a module, with its matcher and what it is about; raises what that
        raises. After the match."""
        self._waiting.put(("ask", (work, about)))
        return self._hear(no_progress)

    def _hear(self, progress: Progress) -> Any:
        while True:
            try:
                what, told = self._pipe.recv()
            except (EOFError, OSError):
                raise MatcherGone(
                    "The matching was broken off, most likely for lack of memory. Try again."
                ) from self._problem
            if what == "answer":
                return told
            if what == "problem":
                raise told
            progress(*told)

    def _send_all(self) -> None:
        while (told := self._waiting.get()) is not None:
            if self._problem is None:
                try:
                    self._pipe.send(told)
                except OSError as error:  # It is gone, which whoever waits for its answer hears.
                    self._problem = error

    def stop(self) -> None:
        """End the process, and with it its crew, whatever they are doing; who waits for its answer hears MatcherGone.
        Close it, too."""
        self._process.terminate()

    def close(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        self.stop()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # Nothing can be sent any more, so the sender comes to the end of what waits.
        self._waiting.put(None)
        self._sender.join()
        self._pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(pipe: Connection) -> None:
    """What the process does until it is told to end, or the other end is closed."""
    # It makes millions of small objects, and ends before any of them is garbage.
    with contextlib.suppress(EOFError, OSError), paused_collector():
        _, (kind, remembers) = pipe.recv()
        _answer(pipe, OneTime(kind, remembers=remembers))


def _answer(pipe: Connection, matcher: OneTime) -> None:
    def tell(stage: str, done: int, total: int) -> None:
        pipe.send(("progress", (stage, done, total)))

    while True:
        # Records are taken as they come, and read while none come; what is left then, the whole crew reads.
        while not pipe.poll() and matcher.read_one():
            pass
        what, said = pipe.recv()
        if what == "add":
            make, rows = said
            matcher.add(list(starmap(make, rows)))
        elif what == "match":
            pipe.send(("answer", matcher.match(said, Crew(), tell)))
        else:
            work, about = said
            try:
                answer = ("answer", work(matcher, *about))
            except Exception as error:  # Whoever asked knows what to make of it.
                answer = ("problem", error)
            pipe.send(answer)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
