"""How often something may be tried: sign-ins by account, by address and by all together, and calls of the API.

Flask-Limiter was tried and left: it keeps its storage on one object for all applications of a process, and cannot give
back what a successful sign-in took without counting only after the work is done, which lets parallel tries through.
"""

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from crm.errors import Refused, TooManyTries
from crm.graph import rate_limits
from crm.graph.driver import Store

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
WORDS = re.compile(r"(\d+) per (?:(\d+) )?(second|minute|hour|day)s?")
CLEAR_SECONDS = 600.0
BLOCKS = 30
MOST_KEPT = 10_000

# Threads of one process queue here rather than meet in the graph, where the loser of two writers begins again.
_counting = threading.Lock()
_cleared_at = 0.0


@dataclass(frozen=True)
class Limit:
    """At most `count` in `seconds`."""

    count: int
    seconds: int


def parse_limit(text: str) -> Limit:
    """A limit from words such as "10 per 5 minutes". Raises Refused."""
    match = WORDS.fullmatch(text.strip())
    if match is None or int(match[1]) < 1:
        raise Refused(f"“{text}” is not a limit; write it as “10 per 5 minutes”.")
    return Limit(int(match[1]), int(match[2] or 1) * UNITS[match[3]])


def take(db: Store, wanted: Sequence[tuple[str, Limit]]) -> None:
    """Count one try against each (key, limit). Raises TooManyTries (with the seconds to wait) at a full one.

    The try is counted before the work that it allows, so that of many at once no more than the limit go on.
    """
    now = time.time()
    with _counting:
        _clear(db, now)
        for key, limit in wanted:
            window = rate_limits.count_hits(db, key, amount=1, seconds=limit.seconds, now=now)
            if window.hits > limit.count:
                raise TooManyTries(max(1, round(window.ends_at - now)))


def give_back(db: Store, wanted: Sequence[tuple[str, Limit]]) -> None:
    """Uncount one try: it turned out to be a rightful one."""
    now = time.time()
    with _counting:
        for key, limit in wanted:
            rate_limits.count_hits(db, key, amount=-1, seconds=limit.seconds, now=now)


@dataclass
class _Share:
    """What this process still has of a window: `left` calls, and whether there is nothing more to be had."""

    left: int
    ends_at: float
    last: bool


class Allowance:
    """For what happens often: takes hits from the shared counter some at a time, so that most calls write nothing.

    All processes together never let more than the limit through; one that has taken some and is not asked again keeps
    them from the others, so it may be a few less.
    """

    def __init__(self) -> None:
        self._shares: dict[str, _Share] = {}
        self._lock = threading.Lock()

    def take(self, db: Store, key: str, limit: Limit) -> None:
        """Count one call. Raises TooManyTries when the window is full."""
        now = time.time()
        with self._lock:
            share = self._shares.get(key)
            if share is None or share.ends_at <= now or (share.left == 0 and not share.last):
                share = self._fetch(db, key, limit, now)
            if share.left == 0:
                raise TooManyTries(max(1, round(share.ends_at - now)))
            share.left -= 1

    def _fetch(self, db: Store, key: str, limit: Limit, now: float) -> _Share:
        if len(self._shares) > MOST_KEPT:
            self._shares.clear()
        block = max(1, limit.count // BLOCKS)
        window = rate_limits.count_hits(db, key, amount=block, seconds=limit.seconds, now=now)
        free = max(0, min(block, limit.count - (window.hits - block)))
        share = self._shares[key] = _Share(free, window.ends_at, last=free < block)
        return share


def _clear(db: Store, now: float) -> None:
    """Remove old counters, now and then."""
    global _cleared_at
    if now - _cleared_at > CLEAR_SECONDS:
        _cleared_at = now
        rate_limits.clear_windows(db, now=now)
