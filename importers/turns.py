"""Turns: what changes the rows of one agency goes one after the other, and says what it waits for.

A batch is planned from what the graph says now, so two runs that change the same rows could each write over what the
other has just said. Rows of different agencies are different rows: such runs go side by side. A run that may touch rows
of several agencies goes alone.
"""

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

from crm.errors import Conflict
from crm.graph.driver import Reader, Store
from crm.graph.leases import Lease, lease, list_held

PREFIX = "rows of "
EVERYBODY = f"{PREFIX}all"
LONGEST_WAIT = 6 * 3_600.0
LOOK_SECONDS = 0.5

Notice = Callable[[str], None]


class NotYourTurn(Conflict):
    """Another run is at rows of the same agency; the text says which."""


def no_notice(text: str) -> None:
    """For callers who need not know what they wait for."""


@contextmanager
def take_turn(
    db: Store, agency_id: str | None, *, about: str, wait: float = LONGEST_WAIT, notice: Notice = no_notice
) -> Generator[Lease]:
    """Hold the turn for rows of an agency, or with None for those of any; `about` tells others what is going on.

    `notice` hears what it has to wait for, once for each. Raises NotYourTurn after `wait` seconds.
    """
    own = f"{PREFIX}{agency_id}" if agency_id else EVERYBODY
    deadline, said = time.monotonic() + wait, ""
    while True:
        with ExitStack() as stack:
            try:
                held = stack.enter_context(lease(db, own, wait=0, about=about))
            except Conflict:
                first = list_held(db, own).get(own, "")
            else:
                first = _find_in_the_way(db, own)
                if first is None:
                    yield held
                    return
        first = f"{first or 'Another run'} goes first."
        if time.monotonic() > deadline:
            raise NotYourTurn(first)
        if first != said:
            notice(first)
            said = first
        time.sleep(LOOK_SECONDS)


def _find_in_the_way(db: Reader, own: str) -> str | None:
    """What another run that may touch the same rows is at; None if there is none."""
    held = list_held(db, PREFIX)
    others = [about for id, about in held.items() if id != own and EVERYBODY in (id, own)]
    return others[0] if others else None
