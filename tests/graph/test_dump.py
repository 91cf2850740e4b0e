"""A dump is the whole region: written on one engine, read on the other, and the same when it is written again."""

from pathlib import Path

import pytest

from crm.errors import CrmError, Refused
from crm.graph.driver import GraphSettings, Store
from crm.graph.dump import export_graph, load_graph
from crm.graph.schema import open_store
from tests.conftest import empty_graph
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, snapshot


@pytest.fixture
def region(db: Store) -> Store:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    import_text(db, 'agency,source_id,name,notes\nCollege,9,"Çelik ""Ö"" \\ 漢字","=1+1"')
    return db


def test_what_was_written_is_read_back_and_written_the_same(region: Store, tmp_path: Path) -> None:
    before = snapshot(region, leave_out=("locked",))
    first = export_graph(region, tmp_path / "a.jsonl")
    empty_graph(region)
    assert load_graph(region.settings, tmp_path / "a.jsonl") == first
    assert snapshot(region, leave_out=("locked",)) == before
    assert export_graph(region, tmp_path / "b.jsonl").nodes == first.nodes


def test_a_dump_moves_from_one_engine_to_the_other_with_an_equal_hash(
    region: Store, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    first = export_graph(region, tmp_path / "a.jsonl")
    if engine == "neo4j":
        other = open_store(GraphSettings(tmp_path / "other", engine_heap="256m"))
    else:
        other = request.getfixturevalue("neo4j_store")
        empty_graph(other)
    # The clock of the target runs on; in a new graph it is the dump's.
    other.write("MATCH (c:Clock) DELETE c")
    load_graph(other.settings, tmp_path / "a.jsonl")
    again = export_graph(other, tmp_path / "b.jsonl")
    if engine == "neo4j":
        other.close()
    assert again == first


def test_a_graph_that_is_not_empty_is_left_alone(region: Store, tmp_path: Path) -> None:
    export_graph(region, tmp_path / "a.jsonl")
    with pytest.raises(Refused, match="not empty"):
        load_graph(region.settings, tmp_path / "a.jsonl")


@pytest.mark.parametrize("harm", ["cut", "changed", "no dump"])
def test_a_damaged_dump_is_refused_before_anything_is_written(region: Store, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "a.jsonl"
    export_graph(region, path)
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    harmed = {"cut": "".join(lines[:-1]), "changed": text.replace("Zeta", "Zela"), "no dump": "name,city\nAcme,X\n"}
    path.write_text(harmed[harm], encoding="utf-8")
    empty_graph(region)
    words = {"cut": "Use another copy", "changed": "Use another copy", "no dump": "`crm graph export` wrote"}
    with pytest.raises(Refused, match=words[harm]):
        load_graph(region.settings, path)
    assert snapshot(region) == ({}, set())


def test_a_load_that_was_interrupted_is_never_served(db: Store) -> None:
    db.write("MERGE (s:Schema {id: 'schema'}) SET s.state = 'loading'")
    try:
        with pytest.raises(CrmError, match="crm graph load"):
            open_store(db.settings).read("RETURN 1 AS one")
    finally:
        db.write("MERGE (s:Schema {id: 'schema'}) SET s.state = 'ready'")
