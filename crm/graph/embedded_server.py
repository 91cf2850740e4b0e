"""The process of the embedded engine: ArcadeDB under the Java that comes with it, Bolt on loopback.

It runs as a file of its own (`python embedded_server.py FOLDER HEAP`), not as a module of the package, so that it loads
nothing but the engine: it starts sooner and stays small.

`engine.lock` in the data folder is locked as long as the engine lives; the operating system unlocks it however the
engine ends, so a stale lock file is never an obstacle. `engine.json` says where a running engine listens; only its
owner can read it. Every process that uses the engine keeps one connection to the control port open. The operating
system closes it when that process ends, however it ends, so the engine knows when the last user is gone, and stops.
"""

import contextlib
import gc
import json
import os
import secrets
import signal
import socket
import sys
import threading
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

DATABASE = "crm"
USER = "root"
LOOPBACK = "127.0.0.1"
LOCK_NAME = "engine.lock"
ENDPOINT_NAME = "engine.json"

# A user who looks whether the lock is free holds it for an instant; that must not keep the engine from it.
LOCK_SECONDS = 1.0
# The process that started the engine has this long to come for its lease.
FIRST_USER_SECONDS = 60.0
PORT_TRIES = 10
HTTP_PORTS = "20000-60000"

# A small heap that grows and gives back: the engine shares a laptop with everything else that runs there.
JVM_FLAGS = (
    "-Xms32m",
    "-XX:+UseSerialGC",
    "-XX:MinHeapFreeRatio=10",
    "-XX:MaxHeapFreeRatio=20",
    "-XX:-ShrinkHeapInSteps",
    "-XX:TrimNativeHeapInterval=5000",
    "-XX:-UsePerfData",
    # An engine does not live long on a laptop: with the JVM's own limits it spends half of its first minute on
    # compiling what is inlined into what. Nothing that was measured is slower for these.
    "-XX:InlineSmallCode=1200",
    "-XX:FreqInlineSize=150",
    "-XX:MaxInlineLevel=9",
    # Out of memory, a JVM is in no known state. A new engine starts with all that was acknowledged.
    "-XX:+ExitOnOutOfMemoryError",
    # Signals are handled below, in Python.
    "-Xrs",
)


@dataclass(frozen=True)
class Endpoint:
    """Where a running engine listens, and the password for it."""

    pid: int
    bolt_port: int
    control_port: int
    password: str

    @property
    def uri(self) -> str:
        return f"bolt://{LOOPBACK}:{self.bolt_port}"


class Server(Protocol):
    """As much of the engine's own class as is used here."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def create_database(self, name: str) -> Any: ...


class Users:
    """Counts the processes that hold a lease, and says when the engine has been without any for long enough."""

    def __init__(self, password: str, linger: float) -> None:
        """`linger`: seconds that the engine waits for another user after the last one."""
        self._password = password.encode()
        self._linger = linger
        self._lock = threading.Lock()
        self._count = 0
        self._retired = False
        self._idle_since = time.monotonic() + max(FIRST_USER_SECONDS - linger, 0)
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def retire(self) -> bool:
        """Whether all users are gone; if so, nobody is taken any more."""
        with self._lock:
            self._retired = self._count == 0 and time.monotonic() - self._idle_since > self._linger
            return self._retired

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            said = connection.makefile("rb").readline(200).strip()
            if not secrets.compare_digest(said, self._password) or not self._enter():
                return
            try:
                connection.settimeout(None)
                connection.sendall(b"ok\n")
                while connection.recv(64):
                    pass
            finally:
                self._leave()

    def _enter(self) -> bool:
        with self._lock:
            self._count += not self._retired
            return not self._retired

    def _leave(self) -> None:
        with self._lock:
            self._count -= 1
            self._idle_since = time.monotonic()


class Quiet:
    """Gives memory back to the operating system once the engine has nothing to do after it had much to do."""

    SPAN = 5.0
    # Seconds of processor time: less in one span is rest, more since the last time is work that left something behind.
    REST = 0.1
    WORK = 0.5

    def __init__(self) -> None:
        self._looked_at = time.monotonic()
        self._seen = self._tidied = time.process_time()

    def look(self) -> None:
        if time.monotonic() - self._looked_at < self.SPAN:
            return
        used = time.process_time()
        if used - self._seen < self.REST and used - self._tidied > self.WORK:
            _collect_garbage()
            self._tidied = used = time.process_time()
        self._seen, self._looked_at = used, time.monotonic()


class Thrift:
    """Has Java collect what long work leaves behind before its heap grows for it.

    A page that is changed is a new object, which lives for seconds: too long for the young, so it ends among the old,
    and Java looks for garbage there only once it may not take more from the operating system. An import of 100,000 rows
    that needs 200 MB would hold all that the heap may have.
    """

    # Bytes of the old that may be garbage: so many, or half of what was none when it was last looked at.
    SPARE = 128 << 20
    SHARE = 0.5

    def __init__(self) -> None:
        import jpype  # pyright: ignore[reportMissingTypeStubs]

        factory: Any = jpype.JClass("java.lang.management.ManagementFactory")
        (self._old,) = (pool for pool in factory.getMemoryPoolMXBeans() if str(pool.getName()) == "Tenured Gen")

    def look(self) -> None:
        kept = int(self._old.getCollectionUsage().getUsed())
        if int(self._old.getUsage().getUsed()) - kept > max(self.SPARE, self.SHARE * kept):
            _collect_garbage()


def run_engine(folder: Path, heap: str, linger: float) -> int:
    """Run the engine until its last user is gone or it is told to stop; 0 also when another engine has the folder."""
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    password = secrets.token_urlsafe(32)
    server, bolt_port = start_server(folder, password, heap)
    # Whenever Java looks for garbage, Python does too, and found nothing among its modules each time.
    gc.freeze()
    users = Users(password, linger)
    announce(folder, Endpoint(os.getpid(), bolt_port, users.port, password))
    quiet, thrift = Quiet(), Thrift()
    while not stop.wait(0.25) and not users.retire():
        thrift.look()
        quiet.look()
    (folder / ENDPOINT_NAME).unlink(missing_ok=True)
    server.stop()
    lock.release()
    return 0


def start_server(folder: Path, password: str, heap: str) -> tuple[Server, int]:
    """The running server and its Bolt port. A port that something else takes at the last moment is no failure."""
    users_file = folder / "graph" / "config" / "server-users.jsonl"
    for left in reversed(range(PORT_TRIES)):
        # The engine knows its password from its first start; without the file every start is a first one.
        users_file.unlink(missing_ok=True)
        bolt_port = _free_port()
        server = _make_server(folder, password, heap, bolt_port)
        try:
            server.start()
        except Exception as error:
            if left == 0 or "listen" not in str(error):
                raise
            continue
        if not (folder / "graph" / "databases" / DATABASE).exists():
            server.create_database(DATABASE)
        return server, bolt_port
    raise AssertionError("unreachable")


def announce(folder: Path, endpoint: Endpoint) -> None:
    """Write where the engine is, readable by its owner only, so that a reader never sees half of it."""
    path = folder / ENDPOINT_NAME
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(endpoint), file)
    draft.replace(path)


def _make_server(folder: Path, password: str, heap: str, bolt_port: int) -> Server:
    # Here, because it takes time, and a process that lost the lock needs none of it.
    from arcadedb_embedded import ArcadeDBServer  # pyright: ignore[reportMissingTypeStubs]

    return ArcadeDBServer(
        root_path=str(folder / "graph"),
        root_password=password,
        config={
            "mode": "production",
            "host": LOOPBACK,
            "http_port": HTTP_PORTS,
            "server_httpWorkerThreads": 4,
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server_logsDirectory": str(folder / "log"),
            "bolt_port": bolt_port,
        },
        jvm_kwargs={"heap_size": heap, "jvm_args": [*JVM_FLAGS, *_list_limits()]},
    )


def _list_limits() -> list[str]:
    """Settings of the database, which the engine takes from the JVM only."""
    seconds = float(os.environ.get("CRM_STATEMENT_SECONDS", "120"))
    settings: dict[str, str | int] = {
        # Neo4j ends a statement after the time that the driver states; this engine goes by its own limit.
        "command.timeout": int(seconds * 1000),
        # A bulk read collects one value a touchpoint; the engine's limit of half the heap still holds.
        "queryMaxHeapElementsAllowedPerOp": 20_000_000,
        # What is acknowledged also survives a power cut.
        "txWalFlush": 1,
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
    }
    return [f"-Darcadedb.{name}={value}" for name, value in settings.items()]


def _collect_garbage() -> None:
    import jpype  # pyright: ignore[reportMissingTypeStubs]

    system: Any = jpype.JClass("java.lang.System")
    system.gc()


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        return probe.getsockname()[1]


def main() -> int:
    folder, heap = Path(sys.argv[1]).resolve(), sys.argv[2]
    # Whatever the engine makes belongs to its owner alone, and lies here whatever folder it was started from.
    os.umask(0o077)
    os.chdir(folder)
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
