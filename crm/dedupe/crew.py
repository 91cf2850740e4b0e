"""Work on several cores: the same answers, in the same order, as one core gives."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

PR_SET_PDEATHSIG = 1  # of prctl(2)

T = TypeVar("T")
R = TypeVar("R")

# What the workers of the crew that is being called have been told to do: they find it in their copy of this process,
# so that tasks may be any object and are never written out.
_orders: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []


def count_cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class Crew:
    """Some copies of this process that share its work; where a system does not copy a process safely, it does all the
    work itself. Not for a process with a database engine in it, whose threads would be missing in the copies."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = (workers or count_cores()) if sys.platform == "linux" else 1

    def map(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The result of each task in order. Results are carried between processes, so they should be compact."""
        workers = min(self.workers, len(tasks))
        if workers < 2:
            yield from map(work, tasks)
            return
        _orders.append((work, tasks))
        try:
            with ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _leave_with_parent) as pool:
                yield from pool.map(_carry_out, range(len(tasks)))
        finally:
            _orders.pop()


def _leave_with_parent() -> None:
    """Have this process killed when the one that called the crew is: nobody else would ever tell it to end."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _carry_out(number: int) -> Any:
    work, tasks = _orders[-1]
    return work(tasks[number])
