"""A file counts only for the state that it is of, and what was not kept never was."""

import os
from pathlib import Path

import pytest

from crm.dedupe import BUSINESS, BusinessRow, MatchIndex
from crm.dedupe.apart import Apart
from crm.services.kept_mappings import MappingFile, dump
from crm.services.matcher_file import Memory
from tests.processes import find_matchers

ROWS = [BusinessRow(f"r{n}", n, name=f"Acme Tool {n % 3}", phone=f"815555010{n % 3}") for n in range(9)]


def make(folder: Path) -> str:
    memory = Memory(folder, None)
    index = MatchIndex(BUSINESS)
    index.apply(ROWS)
    memory.take("business", index)
    token = memory.keep()
    assert token
    return token


def test_what_was_not_kept_is_forgotten(tmp_path: Path) -> None:
    token = make(tmp_path)
    memory = Memory(tmp_path, token)
    index = memory.find("business", BUSINESS)
    assert index
    index.apply(removed=["r0", "r1", "r2"])
    assert len(index.list_clusters()) == 3
    assert sum(map(len, index.list_clusters())) == 6
    memory.close()
    again = Memory(tmp_path, token).find("business", BUSINESS)
    assert again
    assert sum(map(len, again.list_clusters())) == 9


def hand_over(memory: Memory, name: str = "business") -> list[tuple[str, ...]]:
    """Match all records in a process apart, which writes what is to be kept beside other work."""
    apart = Apart(BUSINESS, remembers=True)
    apart.add(ROWS)
    found = apart.match([])
    memory.hand_over(name, apart)
    return found.clusters


def test_what_another_process_wrote_is_kept_whole(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    clusters = hand_over(memory)
    memory.note("more", 7)
    token = memory.keep()
    memory.close()
    again = Memory(tmp_path, token)
    index = again.find("business", BUSINESS)
    assert index
    assert (sorted(index.list_clusters()), again.about("more")) == (sorted(clusters), 7)
    assert index.apply(removed=["r0"]).dissolved
    assert list(tmp_path.glob("matcher/*.part*")) == []
    assert find_matchers() == []


def test_who_looks_beside_takes_nothing_away_that_is_being_written(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    clusters = hand_over(memory)
    memory.begun[0][2].result()
    Memory(tmp_path, None).close()  # A preview that ends meanwhile.
    token = memory.keep()
    memory.close()
    index = Memory(tmp_path, token).find("business", BUSINESS)
    assert index
    assert sorted(index.list_clusters()) == sorted(clusters)


def test_what_a_killed_process_left_goes_in_time(tmp_path: Path) -> None:
    left = [tmp_path / "matcher" / f"{name}-0.part" for name in ("old", "new")]
    left[0].parent.mkdir()
    for path in left:
        path.write_text("cut off")
    os.utime(left[0], (1.0, 1.0))
    make(tmp_path)
    assert [path.exists() for path in left] == [False, True]


def test_two_kinds_that_others_wrote_are_kept_together(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    clusters = hand_over(memory)
    hand_over(memory, "another")
    token = memory.keep()
    memory.close()
    again = Memory(tmp_path, token)
    for name in ("business", "another"):
        index = again.find(name, BUSINESS)
        assert index
        assert sorted(index.list_clusters()) == sorted(clusters)


def test_what_was_handed_over_and_not_kept_is_no_memory(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    hand_over(memory)
    memory.close()
    assert list(tmp_path.glob("matcher/*")) == []
    assert find_matchers() == []


def test_what_was_handed_over_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    token = make(tmp_path)
    memory = Memory(tmp_path, token)
    before = memory.find("business", BUSINESS)
    assert before
    before.apply(removed=["r0", "r1", "r2"])
    memory.note("more", 7)
    hand_over(memory)
    token = memory.keep()
    memory.close()
    again = Memory(tmp_path, token)
    index = again.find("business", BUSINESS)
    assert index
    assert sum(map(len, index.list_clusters())) == len(ROWS)
    assert again.about("more") == 7


def test_a_process_that_dies_before_it_has_written_leaves_no_memory(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None)
    apart = Apart(BUSINESS, remembers=True)
    apart.add(ROWS)
    apart.match([])
    for process in find_matchers():
        process.kill()
    memory.hand_over("business", apart)
    assert memory.keep() is None
    memory.close()


def test_where_nothing_can_be_written_there_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "matcher").write_text("a file in the way")
    memory = Memory(tmp_path, None)
    memory.take("business", MatchIndex(BUSINESS))
    assert memory.keep() is None


def test_where_another_process_can_write_nothing_there_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "matcher").write_text("a file in the way")
    memory = Memory(tmp_path, None)
    hand_over(memory)
    assert memory.keep() is None
    memory.close()
    assert find_matchers() == []


def test_a_file_of_another_state_is_no_memory(tmp_path: Path) -> None:
    token = make(tmp_path)
    assert Memory(tmp_path, None).find("business", BUSINESS) is None
    assert Memory(tmp_path, token + "0").find("business", BUSINESS) is None
    assert Memory(tmp_path, token).find("person", BUSINESS) is None
    later = Memory(tmp_path, token)
    assert later.find("business", BUSINESS)
    assert later.keep() != token
    assert Memory(tmp_path, token).find("business", BUSINESS) is None


def test_a_file_that_another_matcher_made_is_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = make(tmp_path)
    monkeypatch.setattr("crm.services.matcher_file.tell_version", lambda: "another")
    assert Memory(tmp_path, token).find("business", BUSINESS) is None


def test_a_damaged_file_is_no_memory(tmp_path: Path) -> None:
    token = make(tmp_path)
    (file,) = (tmp_path / "matcher").glob("*.sqlite")
    file.write_bytes(b"nothing that it knows")
    memory = Memory(tmp_path, token)
    assert memory.find("business", BUSINESS) is None
    memory.take("business", MatchIndex(BUSINESS))
    assert memory.keep()


def test_of_two_who_change_one_state_the_second_keeps_nothing(tmp_path: Path) -> None:
    token = make(tmp_path)
    first, second = Memory(tmp_path, token), Memory(tmp_path, token)
    for memory, gone in ((first, "r0"), (second, "r1")):
        index = memory.find("business", BUSINESS)
        assert index
        index.apply(removed=[gone])
    kept = first.keep()
    assert kept
    assert second.keep() is None
    index = Memory(tmp_path, kept).find("business", BUSINESS)
    assert index
    assert index.cluster_of("r0") is None
    assert index.cluster_of("r1")


@pytest.fixture
def mapping_file(tmp_path: Path) -> MappingFile:
    file = MappingFile(tmp_path / "some.sqlite")
    file.fill("numbers", "TEXT", [(letter, dump([letter])) for letter in "abc"])
    return file


def test_a_mapping_of_the_file_is_a_mapping(mapping_file: MappingFile) -> None:
    kept = mapping_file.mapping("numbers")
    plain = {letter: [letter] for letter in "abc"}
    for mapping in (kept, plain):
        mapping["a"].append("more")
        del mapping["b"]
        assert mapping.setdefault("d", ["new"]) == ["new"]
        assert mapping.pop("e", None) is None
        with pytest.raises(KeyError):
            mapping["b"]
    assert dict(kept) == plain
    assert len(kept) == len(plain)
    assert sorted(kept.values()) == sorted(plain.values())
    mapping_file.save({})
    again = MappingFile(mapping_file.path).mapping("numbers")
    assert dict(again) == plain
    assert again.changes() == ([], [])
