"""A real Neo4j for the tests: the one that NEO4J_URI names, else one in Docker, else one from Maven Central under Java.

`start_neo4j` gives a running server, or raises `NoNeo4j` with one sentence that says what is missing here.
"""

import atexit
import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
JARS = HERE.parent.parent / ".build" / "neo4j" / "lib"
IMAGE = "neo4j:5.26-community"
START_SECONDS = 90.0
# Of a server that holds a handful of nodes, and of one as docker-compose.yml has it: heap and page cache in MB.
SMALL, DEPLOYED = (512, 64), (1024, 512)


class NoNeo4j(Exception):
    """There is no way to a Neo4j server on this machine; the sentence says why."""


@dataclass(frozen=True)
class Neo4jServer:
    """A server that answers, and how to stop it. `is_ours` is false for one that somebody else runs."""

    uri: str
    username: str
    password: str
    database: str | None = None
    is_ours: bool = True
    pid: int | None = None
    stop: Callable[[], None] = field(default=lambda: None)


def start_neo4j(memory: tuple[int, int] = SMALL) -> Neo4jServer:
    """The server of NEO4J_URI, or a new empty one that ends with this process, however this process ends."""
    if uri := os.environ.get("NEO4J_URI"):
        return Neo4jServer(
            uri,
            os.environ.get("NEO4J_USERNAME", "neo4j"),
            os.environ.get("NEO4J_PASSWORD", ""),
            os.environ.get("NEO4J_DATABASE") or None,
            is_ours=False,
        )
    if _docker_runs():
        return _start_in_docker(memory)
    if shutil.which("java") is None or (shutil.which("mvn") is None and not _jars_are_there()):
        raise NoNeo4j("NEO4J_URI is not set, no Docker runs here, and Java 17 with Maven is not installed.")
    _fetch_jars()
    return start_under_java(memory=memory)


def start_under_java(
    port: int = 0, *, home: Path | None = None, password: str | None = None, memory: tuple[int, int] = SMALL
) -> Neo4jServer:
    """Run the server from its jars; with its port, home and password a test can bring back one that was killed."""
    folder = home or Path(tempfile.mkdtemp(prefix="neo4j-"))
    folder.mkdir(parents=True, exist_ok=True)
    password = password or secrets.token_urlsafe(16)
    log = (folder / "server.log").open("ab")
    process = subprocess.Popen(
        [
            "java",
            *_list_flags(memory),
            "-cp",
            f"{JARS}/*",
            str(HERE / "Server.java"),
            str(folder),
            str(len(password)),
            str(port),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,
    )

    def stop() -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, log):
            with contextlib.suppress(OSError):
                pipe.close()  # pyright: ignore[reportOptionalMemberAccess]
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(password.encode())
    process.stdin.flush()
    said = process.stdout.readline().split()
    if said[:1] != [b"ready"]:
        why = (folder / "server.log").read_text(errors="replace").strip().splitlines()[-1:]
        stop()
        raise NoNeo4j(f"Neo4j did not start under Java: {why}")
    return Neo4jServer(f"bolt://127.0.0.1:{int(said[1])}", "neo4j", password, pid=process.pid, stop=stop)


def _list_flags(memory: tuple[int, int]) -> list[str]:
    heap, pages = memory
    # A short life is over before the second compiler and the collector for large heaps are worth their start.
    short = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if memory == SMALL else []
    return [f"-Xmx{heap}m", f"-Dpages={pages}", *short]


def _jars_are_there() -> bool:
    return (JARS.parent / "complete").exists()


def _fetch_jars() -> None:
    if _jars_are_there():
        return
    JARS.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            "mvn",
            "-q",
            "-B",
            "-f",
            str(HERE / "pom.xml"),
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={JARS}",
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("[ERROR]")]
        raise NoNeo4j(f"Maven could not fetch Neo4j: {(said or ['no reason given'])[0]}")
    (JARS.parent / "complete").touch()


def _docker_runs() -> bool:
    if shutil.which("docker") is None:
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _start_in_docker(memory: tuple[int, int]) -> Neo4jServer:
    heap, pages = memory
    password = secrets.token_urlsafe(16)
    started = subprocess.run(
        [
            "docker",
            "run",
            "--detach",
            "--rm",
            "--publish",
            "127.0.0.1::7687",
            "--env",
            "NEO4J_AUTH",
            "--env",
            f"NEO4J_server_memory_heap_max__size={heap}m",
            "--env",
            f"NEO4J_server_memory_pagecache_size={pages}m",
            IMAGE,
        ],
        env=os.environ | {"NEO4J_AUTH": f"neo4j/{password}"},
        capture_output=True,
        text=True,
    )
    if started.returncode:
        raise NoNeo4j(f"Docker could not run {IMAGE}: {started.stderr.strip().splitlines()[-1:]}")
    container = started.stdout.strip()

    def stop() -> None:
        subprocess.run(["docker", "rm", "--force", container], capture_output=True)

    atexit.register(stop)
    said = subprocess.run(["docker", "port", container, "7687"], capture_output=True, text=True, check=True).stdout
    port = int(said.split(":")[-1])
    _wait_for_bolt(port)
    return Neo4jServer(f"bolt://127.0.0.1:{port}", "neo4j", password, stop=stop)


def _wait_for_bolt(port: int) -> None:
    """Wait until the server itself answers the handshake; Docker's proxy takes connections long before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(bytes.fromhex("6060b017" + "00000005" + "00" * 12))
            if connection.recv(4) == bytes.fromhex("00000005"):
                return
        time.sleep(0.25)
    raise NoNeo4j(f"Neo4j in Docker did not answer within {START_SECONDS:.0f} seconds.")
