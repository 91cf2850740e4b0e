"""`crm worker`: does the jobs that pages ask for. The web server starts one; more may run elsewhere."""

import contextlib
import importlib
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.access import Viewer
from crm.commands.output import command

if TYPE_CHECKING:
    from crm.graph.driver import Store

GRACE_SECONDS = 3.0
NICE = 10
TIDY_SECONDS = 3_600.0
JOB_MODULES = ("crm.services.judgements", "crm.services.surveys", "importers.jobs")


@command("worker", example="crm worker", draw=lambda _: None)
@click.option("--idle", type=click.FloatRange(min=0), help="End after so many seconds without work.  [default: never]")
@click.option("--attached", is_flag=True, help="End when standard input closes.")
def worker(db: "Store", viewer: Viewer, *, idle: float | None, attached: bool) -> dict[str, bool]:
    """Do jobs (imports, previews, undos, following what people judged, surveys) until stopped.

    Killed at any point, its jobs are taken over by others.
    """
    from crm.services import jobs

    learn_jobs()
    stop = threading.Event()
    if attached:
        threading.Thread(target=_end_with_parent, args=(stop,), daemon=True).start()
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    let_pages_go_first(attached=attached)
    threading.Thread(target=_tidy, args=(db, stop), daemon=True).start()
    try:
        jobs.work(db, stop=stop, idle=idle)
    finally:
        stop.set()
    return {"stopped": True}


def _tidy(db: "Store", stop: threading.Event) -> None:
    """Every hour, remove what was kept of uploaded files and nobody has used for a day."""
    from importers.intake import forget_old

    forget_old(db)
    while not stop.wait(TIDY_SECONDS):
        forget_old(db)


def learn_jobs() -> None:
    """Import the modules that say how a kind of job is done; a kind that is not known here waits for ever."""
    for module in JOB_MODULES:
        importlib.import_module(module)


def let_pages_go_first(*, attached: bool) -> None:
    """Whatever else runs is given the processor before this process and all that it starts: the web, and the engine
    that answers pages as well as this."""
    if not hasattr(os, "nice"):
        return
    os.nice(NICE)
    # Linux shares the processor between sessions first, and heeds niceness only within one: it has to be said of the
    # session too, which must not be the web's.
    if attached:
        with contextlib.suppress(OSError):
            os.setsid()
            Path("/proc/self/autogroup").write_text(str(NICE))


def _end_with_parent(stop: threading.Event) -> None:
    # Not through sys.stdin: its lock would be held when this process ends by itself.
    while os.read(0, 1024):
        pass
    stop.set()
    # A long computation does not look up; its job is begun again by whoever takes it over.
    time.sleep(GRACE_SECONDS)
    os._exit(0)
