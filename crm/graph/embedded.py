"""The embedded engine as its users see it: one process that is shared by all who work on one data folder.

Whoever needs the graph first starts the engine; the others find it through `engine.json` in the data folder. A lease is
an open connection to its control port: the engine stays as long as there is one (see embedded_server.py).
"""

import contextlib
import importlib.util
import json
import os
import platform
import socket
import subprocess
import sys
import time
from pathlib import Path

from filelock import FileLock, Timeout

from crm.errors import EngineUnavailable
from crm.graph import embedded_server
from crm.graph.embedded_server import DATABASE, ENDPOINT_NAME, LOCK_NAME, LOOPBACK, USER, Endpoint

__all__ = ["DATABASE", "USER", "Endpoint", "Lease", "find_endpoint", "has_region", "lease_engine", "log_path"]

START_SECONDS = 60.0
CONTROL_SECONDS = 2.0
LOG_BYTES = 1_000_000

# Engines that this process has started: kept, so that they can be asked how they ended.
_started: list["subprocess.Popen[bytes]"] = []


class Lease:
    """This process's stake in a running engine: the engine runs at least as long as the connection is open."""

    def __init__(self, endpoint: Endpoint, connection: socket.socket) -> None:
        self.endpoint = endpoint
        self._connection = connection

    def close(self) -> None:
        """Give it back. In a forked child this closes the child's copy only."""
        with contextlib.suppress(OSError):
            self._connection.close()


def lease_engine(folder: Path, *, heap: str = "1g", wait: float = START_SECONDS) -> Lease:
    """Find the engine of this data folder, or start it, and take a lease on it within `wait` seconds.

    Raises EngineUnavailable with the reason in words.
    """
    _check_platform()
    _make_folder(folder)
    deadline = time.monotonic() + wait
    process: subprocess.Popen[bytes] | None = None
    while True:
        lease = _find_lease(folder)
        if lease is not None:
            return lease
        if time.monotonic() > deadline:
            raise EngineUnavailable(
                f"The database engine has not answered for {wait:.0f} seconds. Try again in a moment; "
                f"{log_path(folder)} says what it does."
            )
        ended = None if process is None else process.poll()
        # A negative status is a signal that ended it while it started: not its fault, and another one may come up.
        if ended is not None and ended > 0:
            raise EngineUnavailable(_explain_failure(folder))
        # Status 0 is the loser of two that were started at once: the other one is about to answer.
        if (process is None or ended is not None) and not _is_locked(folder):
            process = _start_process(folder, heap)
        time.sleep(0.02)


def log_path(folder: Path) -> Path:
    return folder / "engine.log"


def find_endpoint(folder: Path) -> Endpoint | None:
    """The endpoint that the folder's engine last announced; it may be gone."""
    try:
        return Endpoint(**json.loads((folder / ENDPOINT_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def has_region(folder: Path) -> bool:
    """Whether an engine has ever kept a graph in this data folder."""
    return (folder / "graph" / "databases" / DATABASE).exists()


def _check_platform() -> None:
    if importlib.util.find_spec("arcadedb_embedded") is None:
        raise EngineUnavailable(
            f"The embedded database engine is not available for {platform.system()} on {platform.machine()}: "
            "set NEO4J_URI to the address of a Neo4j server."
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / LOCK_NAME).open("ab"), log_path(folder).open("ab"):
            pass
    except OSError as error:
        raise EngineUnavailable(
            f"The data folder {folder} cannot be used: {error.strerror}. Set CRM_DATA_DIR to a folder of your own."
        ) from error


def _find_lease(folder: Path) -> Lease | None:
    endpoint = find_endpoint(folder)
    if endpoint is None:
        return None
    try:
        connection = socket.create_connection((LOOPBACK, endpoint.control_port), timeout=CONTROL_SECONDS)
    except OSError:
        return None
    try:
        connection.sendall(f"{endpoint.password}\n".encode())
        if connection.recv(3) == b"ok\n":
            return Lease(endpoint, connection)
    except OSError:
        pass
    connection.close()
    return None


def _is_locked(folder: Path) -> bool:
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _start_process(folder: Path, heap: str) -> "subprocess.Popen[bytes]":
    path = log_path(folder)
    mode = "wb" if path.exists() and path.stat().st_size > LOG_BYTES else "ab"
    with path.open(mode) as log:
        process = subprocess.Popen(  # noqa: S603
            # -P: the modules beside the file must not hide others of the same name.
            [sys.executable, "-P", embedded_server.__file__, str(folder.resolve()), heap],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # The engine outlives a Ctrl-C that is meant for the process that started it.
            start_new_session=True,
            env={**os.environ, "MALLOC_ARENA_MAX": "2"},
        )
    _started[:] = [known for known in _started if known.poll() is None]
    _started.append(process)
    return process


def _explain_failure(folder: Path) -> str:
    """Why the engine did not start, with the last line of its log that says it."""
    with contextlib.suppress(OSError):
        lines = [line.strip() for line in log_path(folder).read_text(errors="replace").splitlines()[-60:]]
        reasons = [line for line in lines if "Error" in line or "Exception" in line]
        if reasons:
            return f"The database engine did not start: {reasons[-1][:300]} (all of it is in {log_path(folder)})."
    return f"The database engine did not start; {log_path(folder)} says why."
