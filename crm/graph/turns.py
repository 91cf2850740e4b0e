"""Taking turns at writing, on an engine that lets two writers meet and then fails the later one.

ArcadeDB finds out at commit that two transactions changed the same; the loser begins again. A long transaction (a batch
of an import) would never get through a stream of short ones, so whoever has lost takes the next turn alone. Where the
writers are several processes there is no lock but the operating system's: two files in the data folder.
"""

import contextlib
import time
from collections.abc import Generator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no shared file locks: there a loser only tries again
    fcntl = None

TURN_SECONDS = 5.0


@contextlib.contextmanager
def taking_turn(folder: Path, *, alone: bool) -> Generator[None]:
    """Write while others may write too, or alone: then nobody begins before this is done, in any process.

    Whoever wants to be alone closes the gate first, so that a stream of short writers cannot keep it waiting. A turn
    that does not come within TURN_SECONDS is not waited for: it is the engine that keeps writers apart, this only keeps
    them from losing to each other for ever.
    """
    if fcntl is None:
        yield
        return
    mode = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    deadline = time.monotonic() + TURN_SECONDS
    with (folder / "writers.gate").open("ab") as gate, (folder / "writers.lock").open("ab") as room:
        if _lock(gate.fileno(), mode, deadline):
            _lock(room.fileno(), mode, deadline)
            fcntl.flock(gate.fileno(), fcntl.LOCK_UN)
        yield


def _lock(file: int, mode: int, deadline: float) -> bool:
    assert fcntl is not None
    pause = 0.0005
    while True:
        try:
            fcntl.flock(file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
        else:
            return True
        time.sleep(pause)
        pause = min(pause * 1.5, 0.01)
