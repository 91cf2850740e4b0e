"""How often something may be tried: sign-ins by account, by address and by all together, and calls of the API.

Flask-Limiter was tried and left: it keeps its storage on one object for all applications of a process, and cannot give
back what a successful sign-in took without counting only after the work is done, which lets parallel tries through.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from crm.errors import Refused, TooManyTries
from crm.graph import rate_limits
from crm.graph.driver import Store

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
WORDS = re.compile(r"(\d+) per (?:(\d+) )?(second|minute|hour|day)s?")
CLEAR_SECONDS = 600.0

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
    global _cleared_at
    now = time.time()
    if now - _cleared_at > CLEAR_SECONDS:
        _cleared_at = now
        rate_limits.clear_windows(db, now=now)
    for key, limit in wanted:
        window = rate_limits.count_hits(db, key, amount=1, seconds=limit.seconds, now=now)
        if window.hits > limit.count:
            raise TooManyTries(max(1, round(window.ends_at - now)))


def give_back(db: Store, wanted: Sequence[tuple[str, Limit]]) -> None:
    """Uncount one try: it turned out to be a rightful one."""
    now = time.time()
    for key, limit in wanted:
        rate_limits.count_hits(db, key, amount=-1, seconds=limit.seconds, now=now)
