"""Memory: Python's collector of cycles, which finds nothing among the millions of small objects of a region in memory,
and what becomes of memory that is free again."""

import ctypes
import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Generator[None]:
    """Without the search for cycles: it takes most of the time while a million lists are made and none freed."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def patient_collector() -> Generator[None]:
    """With a search for cycles that looks seldom, and not again at what has been there for long: for work that makes
    and frees many small objects beside a million that stay."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 10, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def leave_alone() -> None:
    """Let the collector never look again at what there is now; it is freed all the same when nobody refers to it.

    Call it when a region has been read: to look through it for cycles stops a page for a tenth of a second.
    """
    gc.freeze()


def give_back() -> None:
    """Give the system back what was freed: the C library keeps it, in case that as much is needed again."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
        if trim is not None:
            trim(0)
