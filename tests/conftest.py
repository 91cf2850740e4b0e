"""The graph that tests run on: a real one, of each engine, emptied before every test that uses it.

`pytest --engine embedded` (or `neo4j`) chooses one; without it every test that uses `db` runs on both. An engine starts
when the first test needs it and ends with the run.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.graph.driver import GraphSettings, Store
from crm.graph.schema import open_store
from tests.neo4j_server import Neo4jServer, NoNeo4j, start_neo4j

ENGINES = ("embedded", "neo4j")
# Few enough for one transaction in the small heaps that the tests give the engines.
EMPTIED_AT_ONCE = 20_000
# The schema stays, and the clock goes on: a cache that a test filled must not fit the next test's graph.
EMPTY = """
MATCH (n)
WHERE NOT n:Schema AND NOT n:Clock
WITH n
LIMIT $most
DETACH DELETE n
RETURN count(*) AS emptied
"""
WIND = """
MERGE (s:Schema {id: 'schema'}) SET s.state = 'ready'
MERGE (c:Clock {id: 'graph'}) SET c.version = coalesce(c.version, 0) + 1
MERGE (r:Clock {id: 'reviews'}) SET r.version = coalesce(r.version, 0) + 1, r.changed = []
"""
COUNT = "MATCH (n) WHERE NOT n:Schema AND NOT n:Clock RETURN count(n) AS nodes"

_absent: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=(*ENGINES, "both"), default="both", help="the graph engine(s) to test on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine", ENGINES if chosen == "both" else (chosen,), scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in _absent:
        terminalreporter.write_line(f"The Neo4j half did not run: {reason}", yellow=True)


@pytest.fixture(scope="session")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    os.environ.setdefault("CRM_ENGINE_LINGER", "2")
    store = open_store(GraphSettings(tmp_path_factory.mktemp("embedded"), engine_heap="512m"))
    yield store
    store.close()


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Neo4jServer]:
    try:
        server = start_neo4j()
    except NoNeo4j as reason:
        if str(reason) not in _absent:
            _absent.append(str(reason))
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def neo4j_store(neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    settings = GraphSettings(
        tmp_path_factory.mktemp("neo4j"),
        uri=neo4j_server.uri,
        username=neo4j_server.username,
        password=neo4j_server.password,
        database=neo4j_server.database,
    )
    store = open_store(settings)
    if not neo4j_server.is_ours and store.read(COUNT)[0]["nodes"]:
        pytest.fail("The database of NEO4J_URI is not empty, and the tests delete all that is in it: empty it first.")
    yield store
    if not neo4j_server.is_ours:
        empty_graph(store)
    store.close()


@pytest.fixture
def db(engine: str, request: pytest.FixtureRequest) -> Store:
    """An empty graph with its schema; the same test runs once an engine."""
    store: Store = request.getfixturevalue(f"{engine}_store")
    empty_graph(store)
    return store


@pytest.fixture
def engine_env(db: Store) -> dict[str, str]:
    """The environment that points a `crm` command (in this process or another) to the graph of `db`."""
    settings = db.settings
    # An empty NEO4J_URI means the embedded engine: it hides one that the developer's own environment sets.
    env = {"CRM_DATA_DIR": str(Path(settings.data_dir).resolve()), "NEO4J_URI": settings.uri or ""}
    if settings.uri is not None:
        env |= {"NEO4J_USERNAME": settings.username, "NEO4J_PASSWORD": settings.password}
        env |= {"NEO4J_DATABASE": settings.database or ""}
    return env


def empty_graph(store: Store) -> None:
    """Delete everything but the schema and the clocks."""
    while store.write(EMPTY, most=EMPTIED_AT_ONCE)[0]["emptied"] == EMPTIED_AT_ONCE:
        pass
    store.write(WIND)
