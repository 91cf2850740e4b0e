"""Workers beside the web: a process of its own does the jobs, so that pages stay quick and their processes small.

Each web process has a launcher. When a job is due and no worker of this launcher lives, it starts `crm worker`, which
ends by itself after a while without work, and at once when the web process is gone.
"""

import logging
import os
import subprocess
import sys
import threading
import time

from crm.errors import CrmError
from crm.graph import jobs
from crm.graph.driver import GraphSettings, Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 6.0
IDLE_SECONDS = 120
# A worker that dies at once must not be started again and again without a pause.
PAUSE_SECONDS = 10.0


class Launcher:
    """Starts a worker when there is something to do. One a process; a forked child starts its own."""

    def __init__(self, db: Store) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._pid = 0
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to look for jobs, unless this process does so already."""
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                self._worker = None
                threading.Thread(target=self._run, name="launcher", daemon=True).start()

    def wake(self) -> None:
        """A job was just asked for: look now."""
        self._wake.set()

    def _run(self) -> None:
        seen: dict[str, float] = {}
        while True:
            woken = self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            try:
                now = time.monotonic()
                seen = {row["id"]: seen.get(row["id"], now) for row in jobs.list_due(self._db)}
                # What another process was asked for, that one starts its worker for; here only if it does not.
                longest = now - min(seen.values(), default=now)
                if seen and (woken or longest > PATIENCE_SECONDS) and not self._lives():
                    self._launch()
            except CrmError:
                time.sleep(LOOK_SECONDS)
            except Exception:
                log.exception("launcher failed")
                time.sleep(PAUSE_SECONDS)

    def _lives(self) -> bool:
        if self._worker is None or self._worker.poll() is None:
            return self._worker is not None
        status, self._worker = self._worker.returncode, None
        if status:
            log.error("worker ended", extra={"status": status})
            time.sleep(PAUSE_SECONDS)
        return False

    def _launch(self) -> None:
        command = [sys.executable, "-m", "crm.cli", "worker", "--attached", "--idle", str(IDLE_SECONDS)]
        # Our own command under our own interpreter. It reads from us, and so notices when we are gone.
        self._worker = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=os.environ | engine_env(self._db.settings)
        )
        log.info("worker started", extra={"pid": self._worker.pid})


def engine_env(settings: GraphSettings) -> dict[str, str]:
    """The environment that points a process to this graph."""
    return {
        "CRM_DATA_DIR": str(settings.data_dir),
        "CRM_ENGINE_HEAP": settings.engine_heap,
        "NEO4J_URI": settings.uri or "",
        "NEO4J_USERNAME": settings.username,
        "NEO4J_PASSWORD": settings.password,
        "NEO4J_DATABASE": settings.database or "",
    }
