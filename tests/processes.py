"""Processes that a test starts, found by what they run."""

import psutil


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs. One that has ended and that nobody has asked about yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find_matchers() -> list[psutil.Process]:
    """The matching processes that this process has started (`crm.dedupe.apart`)."""
    # Where the tests run as the first process, whatever others have left behind is a child, too, and has ended.
    return [one for one in psutil.Process().children() if is_alive(one) and "crm.dedupe.apart" in one.cmdline()]
