"""The two engines as benches start them: on this machine, with what is deployed, and gone at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from crm.graph import embedded
from crm.graph.driver import GraphSettings
from tests.neo4j_server import DEPLOYED, Neo4jServer, start_neo4j

ENGINES = ("embedded", "neo4j")


@dataclass(frozen=True)
class Engine:
    """An engine for one bench. The embedded one runs as long as somebody holds a store of these settings open."""

    name: str
    settings: GraphSettings
    server: Neo4jServer | None = None

    @property
    def environment(self) -> dict[str, str]:
        """For a process that shall work on it."""
        settings = self.settings
        return {
            "CRM_DATA_DIR": str(settings.data_dir),
            "NEO4J_URI": settings.uri or "",
            "NEO4J_USERNAME": settings.username,
            "NEO4J_PASSWORD": settings.password,
            "NEO4J_DATABASE": settings.database or "",
        }

    @property
    def megabytes(self) -> float | None:
        """The memory of its process, shared pages by halves; None where the process is not to be seen."""
        process = self._find_process()
        return None if process is None else get_megabytes(process)

    @property
    def processor_seconds(self) -> float:
        """What it has used of the processor so far; 0 where the process is not to be seen."""
        process = self._find_process()
        used = process.cpu_times() if process else None
        return used.user + used.system if used else 0.0

    @property
    def process_ids(self) -> list[int]:
        """Its process, if it is to be seen."""
        process = self._find_process()
        return [process.pid] if process else []

    def _find_process(self) -> psutil.Process | None:
        if self.server is not None:
            pid = self.server.pid
        else:
            endpoint = embedded.find_endpoint(self.settings.data_dir)
            pid = endpoint.pid if endpoint else None
        return None if pid is None else psutil.Process(pid)


def get_megabytes(process: psutil.Process) -> float:
    """Proportional set size where the system tells it (Linux), else the resident set."""
    memory = process.memory_full_info()
    return getattr(memory, "pss", memory.rss) / 2**20


@contextmanager
def start_engine(name: str, folder: Path | None = None) -> Generator[Engine]:
    """`folder` is the embedded engine's, by default one that goes with it. Neo4j is the one of tests/neo4j_server."""
    with tempfile.TemporaryDirectory(prefix="bench-") as own:
        if name == "embedded":
            yield Engine(name, GraphSettings(folder or Path(own)))
            return
        server = start_neo4j(DEPLOYED)
        try:
            settings = GraphSettings(Path(own), server.uri, server.username, server.password, server.database)
            yield Engine(name, settings, server)
        finally:
            server.stop()
