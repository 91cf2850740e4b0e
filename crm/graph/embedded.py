"""The embedded engine: ArcadeDB in a process of its own, shared by every process that works on one data folder.

Whoever needs the graph first starts the engine; the others find it through `engine.json` in the data folder. Each
process that uses it keeps one connection to its control port open. The operating system closes that connection when the
process ends, however it ends, so the engine knows when the last user is gone, and stops a few seconds later.

`engine.lock` is locked as long as the engine lives. A lock file without a living owner can be locked by the next engine,
so a stale one is never an obstacle.

    python -m crm.graph.embedded FOLDER     runs the engine in the foreground
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from crm.errors import EngineUnavailable

DATABASE = "crm"
USER = "root"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
FIRST_USER_SECONDS = 60.0


@dataclass(frozen=True)
class Endpoint:
    """Where a running engine listens. The file that holds it is readable by its owner only."""

    pid: int
    bolt_port: int
    control_port: int
    password: str

    @property
    def uri(self) -> str:
        return f"bolt://{LOOPBACK}:{self.bolt_port}"


class Lease:
    """This process's stake in a running engine: the engine runs at least as long as the connection is open."""

    def __init__(self, endpoint: Endpoint, connection: socket.socket) -> None:
        self.endpoint = endpoint
        self._connection = connection
        self._pid = os.getpid()

    @property
    def is_alive(self) -> bool:
        """Whether the engine still holds the other end; false in a forked child, which must take its own lease."""
        if self._pid != os.getpid():
            return False
        try:
            self._connection.setblocking(False)
            return self._connection.recv(1) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()


def lease_engine(folder: Path, *, heap: str = "1g") -> Lease:
    """Find the engine of this data folder, or start it, and take a lease on it.

    Raises EngineUnavailable, naming the log file, when no engine answers within START_SECONDS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + START_SECONDS
    started: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        lease = _find_lease(folder)
        if lease is not None:
            return lease
        if started is None and not _is_locked(folder):
            started = _start_process(folder, heap)
        elif started is not None and started.poll() is not None:
            # It lost the race for the lock (another engine is starting: wait for that one) or it failed.
            if started.returncode != 0:
                raise EngineUnavailable(
                    f"The database engine did not start; {log_path(folder)} says why. "
                    "Or set NEO4J_URI to use a Neo4j server instead."
                )
            started = None
        time.sleep(0.05)
    raise EngineUnavailable(
        f"The database engine did not answer within {START_SECONDS:.0f} seconds; see {log_path(folder)}."
    )


def log_path(folder: Path) -> Path:
    return folder / "engine.log"


def find_endpoint(folder: Path) -> Endpoint | None:
    """The endpoint that the folder's engine last announced; it may be gone."""
    try:
        return Endpoint(**json.loads((folder / "engine.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _find_lease(folder: Path) -> Lease | None:
    endpoint = find_endpoint(folder)
    if endpoint is None:
        return None
    try:
        connection = socket.create_connection((LOOPBACK, endpoint.control_port), timeout=2)
        connection.sendall(f"{endpoint.password}\n".encode())
        if connection.recv(3) == b"ok\n":
            return Lease(endpoint, connection)
        connection.close()
    except OSError:
        pass
    return None


def _is_locked(folder: Path) -> bool:
    lock = FileLock(folder / "engine.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _start_process(folder: Path, heap: str) -> "subprocess.Popen[bytes]":
    with log_path(folder).open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "crm.graph.embedded", str(folder), heap],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


class _Users:
    """Counts the processes that hold a lease, and says when the engine has been without any for long enough."""

    def __init__(self, password: str, linger: float) -> None:
        self._password = password.encode()
        self._linger = linger
        self._lock = threading.Lock()
        self._count = 0
        self._idle_since = time.monotonic() + FIRST_USER_SECONDS - linger
        self.listener = socket.create_server((LOOPBACK, 0), backlog=128)

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1]

    @property
    def are_gone(self) -> bool:
        with self._lock:
            return self._count == 0 and time.monotonic() - self._idle_since > self._linger

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            said = connection.makefile("rb").readline(200).strip()
            if not secrets.compare_digest(said, self._password):
                return
            connection.settimeout(None)
            with self._lock:
                self._count += 1
            try:
                connection.sendall(b"ok\n")
                while connection.recv(64):
                    pass
            finally:
                with self._lock:
                    self._count -= 1
                    self._idle_since = time.monotonic()


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        return probe.getsockname()[1]


def _password_of(folder: Path) -> str:
    path = folder / "engine.password"
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, so that a reader never sees half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _start_server(folder: Path, password: str, heap: str, bolt_port: int):
    from arcadedb_embedded import ArcadeDBServer  # pyright: ignore  # the import starts nothing, but costs 0.2 s

    server = ArcadeDBServer(
        root_path=str(folder / "graph"),
        root_password=password,
        config={
            "mode": "production",
            "host": LOOPBACK,
            "http_port": _free_port(),
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": bolt_port,
        },
        jvm_kwargs={"heap_size": heap},
    )
    server.start()
    if not (folder / "graph" / "databases" / DATABASE).exists():
        server.create_database(DATABASE)
    return server


def run_engine(folder: Path, heap: str, linger: float) -> int:
    """Run the engine until its last user is gone or it is told to stop; 0 also when another engine has the folder."""
    lock = FileLock(folder / "engine.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return 0
    password = _password_of(folder)
    users = _Users(password, linger)
    bolt_port = _free_port()
    server = _start_server(folder, password, heap, bolt_port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=users.accept, daemon=True).start()
    endpoint = Endpoint(os.getpid(), bolt_port, users.port, password)
    _write_private(folder / "engine.json", json.dumps(asdict(endpoint)))
    while not stop.wait(0.25) and not users.are_gone:
        pass
    (folder / "engine.json").unlink(missing_ok=True)
    users.listener.close()
    server.stop()
    lock.release()
    return 0


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    # The engine writes its log into the folder that it is started in, whoever's that is.
    os.chdir(folder)
    heap = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("CRM_ENGINE_HEAP", "1g")
    return run_engine(folder, heap, float(os.environ.get("CRM_ENGINE_LINGER", "8")))


if __name__ == "__main__":
    status = 1
    try:
        status = main()
    except BaseException:
        traceback.print_exc()
    finally:
        # The JVM's own threads would hold the process after everything is on disk, or after a failed start.
        sys.stdout.flush()
        os._exit(status)
