"""The schema: made where it is missing, brought up to date where it is old, left alone where it is newer."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from neo4j.exceptions import ConstraintError

from crm.errors import CrmError, SchemaNewer
from crm.graph import driver, schema
from crm.graph.driver import GraphSettings, Store
from crm.graph.migrations import MIGRATIONS, Migration
from crm.graph.schema import GraphIncomplete, open_store, prepare
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, snapshot

GRAPH = Path(schema.__file__).parent
SCHEMA = "MATCH (s:Schema) RETURN count(s) AS nodes, max(s.version) AS version, max(s.state) AS state"
SET_VERSION = "MATCH (s:Schema {id: 'schema'}) SET s.version = $version"
SET_STATE = "MATCH (s:Schema {id: 'schema'}) SET s.state = $state"
INDEXES = "SHOW INDEXES YIELD labelsOrTypes, properties"


@pytest.fixture
def bare(db: Store) -> Iterator[Store]:
    """A graph as nobody has prepared it, but for what only the engine itself remembers; put right again afterwards."""
    with closing(Store(db.settings)) as bare:
        bare.write("MATCH (s:Schema) DELETE s")
        yield bare
        bare.write("MATCH (n) WHERE NOT n:Clock DETACH DELETE n")
    db.close()
    prepare(db)


def test_every_label_has_unique_ids_and_every_index_is_there(db: Store) -> None:
    schema.check_constraints(db)
    there = {(row["labelsOrTypes"][0], tuple(row["properties"])) for row in db.read(INDEXES) if row["labelsOrTypes"]}
    assert set(schema.INDEXED) <= there


def test_no_id_is_there_twice(db: Store) -> None:
    for label in schema.CONSTRAINED:
        query = f"CREATE (n:{label} {{id: 'twice'}})"
        db.write(query)
        with pytest.raises(ConstraintError):
            db.write(query)
    db.write("MATCH (n {id: 'twice'}) DELETE n")


def test_every_label_of_a_statement_is_in_the_table() -> None:
    used: set[str] = set()
    for path in GRAPH.glob("*.py"):
        used |= set(re.findall(r"\(\w*:([A-Z]\w+)", path.read_text()))
    assert used - set(schema.CONSTRAINED) - {"Label", "Other"} == set()


def test_the_tables_name_nothing_twice() -> None:
    assert len(set(schema.CONSTRAINED)) == len(schema.CONSTRAINED)
    assert len(set(schema.INDEXED)) == len(schema.INDEXED)
    assert {label for label, _ in schema.INDEXED} <= set(schema.CONSTRAINED)
    assert set(schema.TRANSIENT) <= set(schema.CONSTRAINED)


def test_preparing_twice_changes_nothing(bare: Store) -> None:
    prepare(bare)
    first = bare.read(schema.FIND)
    prepare(bare)
    assert bare.read(schema.FIND) == first
    assert bare.read(SCHEMA) == [{"nodes": 1, "version": len(MIGRATIONS), "state": "ready"}]


def test_eight_processes_may_prepare_one_graph_at_once(bare: Store) -> None:
    errors: list[BaseException] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        with closing(Store(bare.settings)) as db:
            db.read("RETURN 1 AS one")
            barrier.wait()
            try:
                prepare(db)
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert bare.read(SCHEMA) == [{"nodes": 1, "version": len(MIGRATIONS), "state": "ready"}]
    schema.check_constraints(bare)


def test_a_new_line_in_the_table_reaches_a_graph_that_is_there(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "INDEXED", (*schema.INDEXED, ("Agency", ("tried_out",))))
    schema.fingerprint.cache_clear()
    try:
        with closing(open_store(db.settings)) as other:
            indexed = [row["properties"] for row in other.read(INDEXES) if row["labelsOrTypes"] == ["Agency"]]
    finally:
        schema.fingerprint.cache_clear()
    assert ["tried_out"] in indexed


def test_a_graph_of_a_newer_version_is_refused(db: Store) -> None:
    db.write(SET_VERSION, version=len(MIGRATIONS) + 1)
    try:
        with closing(open_store(db.settings)) as other, pytest.raises(SchemaNewer, match="newer version"):
            other.read("RETURN 1 AS one")
    finally:
        with closing(Store(db.settings)) as bare:
            bare.write(SET_VERSION, version=len(MIGRATIONS))


def test_a_process_that_runs_notices_that_a_newer_version_took_over(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "CHECK_SECONDS", 0.2)
    with closing(Store(db.settings)) as newer, closing(open_store(db.settings)) as other:
        other.read("RETURN 1 AS one")
        newer.write(SET_VERSION, version=len(MIGRATIONS) + 1)
        time.sleep(0.3)
        try:
            with pytest.raises(SchemaNewer):
                other.write("CREATE (a:Agency {id: 'a1'})")
        finally:
            newer.write(SET_VERSION, version=len(MIGRATIONS))
        assert other.read("MATCH (a:Agency) RETURN a.id AS id") == []


def test_a_graph_that_is_being_loaded_is_refused_until_it_is_whole(db: Store) -> None:
    with closing(Store(db.settings)) as bare, closing(open_store(db.settings)) as other:
        bare.write(SET_STATE, state=schema.LOADING)
        with pytest.raises(GraphIncomplete, match="crm graph load"):
            other.read("RETURN 1 AS one")
        bare.write(SET_STATE, state=schema.READY)
        assert other.read("RETURN 1 AS one") == [{"one": 1}]


def test_an_older_graph_is_migrated_step_by_step(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    later = [Migration(name, lambda _, name=name: steps.append(name)) for name in ("second", "third")]
    monkeypatch.setattr(schema, "MIGRATIONS", [*MIGRATIONS, *later])
    try:
        with closing(open_store(db.settings)) as other:
            other.read("RETURN 1 AS one")
        assert steps == ["second", "third"]
        with closing(open_store(db.settings)) as other:
            other.read("RETURN 1 AS one")
        assert steps == ["second", "third"]
    finally:
        with closing(Store(db.settings)) as bare:
            bare.write(SET_VERSION, version=len(MIGRATIONS))


def test_a_migration_that_was_cut_off_is_run_again(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def change(store: Store) -> None:
        tries.append(1)
        store.write("MERGE (a:Agency {id: 'made by a migration'})")
        if len(tries) == 1:
            raise ConnectionAbortedError

    monkeypatch.setattr(schema, "MIGRATIONS", [*MIGRATIONS, Migration("second", change)])
    try:
        with closing(open_store(db.settings)) as other, pytest.raises(ConnectionAbortedError):
            other.read("RETURN 1 AS one")
        with closing(open_store(db.settings)) as other:
            assert other.read("MATCH (a:Agency) RETURN count(a) AS made") == [{"made": 1}]
        assert len(tries) == 2
    finally:
        with closing(Store(db.settings)) as bare:
            bare.write(SET_VERSION, version=len(MIGRATIONS))


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda migration: migration.title)
def test_a_migration_may_be_run_again_and_leaves_what_is_right(db: Store, migration: Migration) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    before = snapshot(db)
    for _ in range(2):
        migration.change(db)
        assert snapshot(db) == before


@pytest.fixture
def unguarded(db: Store) -> Iterator[Store]:
    """A graph whose constraint on touchpoints somebody has dropped by hand."""
    db.write("DROP CONSTRAINT Touchpoint")
    yield db
    db.write("MATCH (t:Touchpoint) DELETE t")
    schema.migrate(db, len(MIGRATIONS))


def test_a_server_makes_a_constraint_again_that_was_dropped(unguarded: Store) -> None:
    with pytest.raises(CrmError, match="Touchpoint"):
        schema.check_constraints(unguarded)
    with closing(open_store(unguarded.settings, thorough=True)) as server:
        server.read("RETURN 1 AS one")
        schema.check_constraints(server)


def test_a_server_does_not_serve_a_graph_whose_ids_are_double(unguarded: Store) -> None:
    unguarded.write("UNWIND [1, 2] AS i CREATE (t:Touchpoint {id: 'twice', day: i})")
    with closing(open_store(unguarded.settings, thorough=True)) as server, pytest.raises(CrmError, match="Touchpoint"):
        server.read("RETURN 1 AS one")


def test_a_fresh_folder_needs_no_step_before_the_first(tmp_path: Path) -> None:
    with closing(open_store(GraphSettings(tmp_path / "a" / "b", engine_heap="256m"))) as db:
        assert db.read("MATCH (a:Agency) RETURN count(a) AS agencies") == [{"agencies": 0}]
        schema.check_constraints(db)
