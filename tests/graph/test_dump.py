"""A dump is the whole region: written on one engine, read on the other, and the same when it is written again."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from crm import create_app
from crm.config import Settings
from crm.errors import CrmError, Refused
from crm.graph import dump
from crm.graph.driver import GraphSettings, Store
from crm.graph.dump import export_graph, load_graph
from crm.graph.schema import open_store
from tests.conftest import empty_graph
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, snapshot, undo


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


def test_long_texts_are_written_a_few_at_a_time_and_none_is_lost(
    region: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, first = snapshot(region, leave_out=("locked",)), export_graph(region, tmp_path / "a.jsonl")
    empty_graph(region)
    monkeypatch.setattr(dump, "PAGE_CHARACTERS", 700)
    assert load_graph(region.settings, tmp_path / "a.jsonl") == first
    assert snapshot(region, leave_out=("locked",)) == before


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


def test_a_load_that_was_killed_is_never_served_and_is_finished_by_the_same_command(
    db: Store, engine_env: dict[str, str], tmp_path: Path
) -> None:
    rows = (f"College,{number},Firm {number} of {number % 97},Rockford" for number in range(6_000))
    import_text(db, "\n".join(["agency,source_id,name,city", *rows]))
    first = export_graph(db, tmp_path / "a.jsonl")
    empty_graph(db)
    command = [sys.executable, "-m", "crm.cli", "graph", "load", str(tmp_path / "a.jsonl"), "--json"]
    loading = subprocess.Popen(command, env=os.environ | engine_env, stderr=subprocess.PIPE, start_new_session=True)
    with closing(Store(db.settings)) as bare:
        while loading.poll() is None and not bare.read("MATCH (b:Business) RETURN b.id AS id LIMIT 1"):
            time.sleep(0.01)
        assert loading.poll() is None, "the load was too fast to be killed; give it more rows"
        os.killpg(loading.pid, signal.SIGKILL)
        loading.communicate()
        with closing(open_store(db.settings)) as other, pytest.raises(CrmError, match="crm graph load"):
            other.read("RETURN 1 AS one")
        client = create_app(Settings(graph=db.settings, secret_key="only for tests")).test_client()
        assert client.get("/sign-in").status_code == 503
        again = subprocess.run(command, env=os.environ | engine_env, capture_output=True, text=True, timeout=240)
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["hash"] == first.hash
    assert export_graph(db, tmp_path / "b.jsonl").nodes == first.nodes


def test_an_import_that_is_undone_and_done_again_gives_the_same_hash_of_the_content(
    region: Store, tmp_path: Path
) -> None:
    later = "agency,source_id,name,phone\nCollege,78,Zeta Fine Foods,815-555-0100\nCollege,79,Omega,\n"
    before = export_graph(region, tmp_path / "before.jsonl")
    done = import_text(region, later)
    first = export_graph(region, tmp_path / "first.jsonl")
    undo(region, done)
    undone = export_graph(region, tmp_path / "undone.jsonl")
    import_text(region, later)
    again = export_graph(region, tmp_path / "again.jsonl")
    assert undone.hash == before.hash
    assert again.hash == first.hash != before.hash
    assert again.checksum != first.checksum


def test_a_dump_from_before_there_was_a_checksum_is_still_read(region: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    made = export_graph(region, path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    older = {"nodes": made.nodes, "relationships": made.ties, "hash": made.checksum}
    path.write_text("".join(lines[:-1]) + json.dumps({"manifest": older}) + "\n", encoding="utf-8")
    empty_graph(region)
    assert load_graph(region.settings, path).checksum == made.checksum
