"""The matcher's memory in a file: whatever is done to it, with it closed and opened in between, it answers as a fresh
index does."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe import BUSINESS, PERSON, MatchIndex
from crm.dedupe.crew import Crew
from crm.dedupe.kinds import Kind
from crm.dedupe.once import OneTime
from crm.services.kept_matches import Matched, Sum, keep, read_about, take
from crm.services.matcher_file import Memory, write_whole
from tests.properties.test_dedupe_incremental import businesses, changes, judgements, persons, state


def replay(kind: Kind, sequence: list, folder: Path) -> None:
    """Apply each step to the index of the file, which is closed after it, and hold it against one in memory."""
    held, token = MatchIndex(kind), None
    for place, step in enumerate(sequence):
        memory = Memory(folder, token)
        index = memory.find("thing", kind)
        assert (index is None) == (place == 0)
        if index is None:
            index = MatchIndex(kind)
            memory.take("thing", index)
        assert index.apply(*step) == held.apply(*step)
        assert state(index) == state(held)
        token = memory.keep()
        assert token
    if token:
        memory = Memory(folder, token)
        index = memory.find("thing", kind)
        assert index
        assert state(index) == state(held)
        memory.close()


@settings(max_examples=80, deadline=None)
@given(changes(businesses))
def test_businesses_in_a_file_are_as_in_memory(sequence: list) -> None:
    with TemporaryDirectory() as folder:
        replay(BUSINESS, sequence, Path(folder))


@settings(max_examples=40, deadline=None)
@given(changes(persons))
def test_persons_in_a_file_are_as_in_memory(sequence: list) -> None:
    with TemporaryDirectory() as folder:
        replay(PERSON, sequence, Path(folder))


def take_up(kind: Kind, rows: list, said: list, folder: Path) -> OneTime:
    """A matcher that goes on from what another has found of these records, which came in another order."""
    matcher, records, path = OneTime(kind, remembers=True), Sum(), folder / "kept.match"
    matcher.add(rows)
    records.add(rows)
    found = matcher.match(said, Crew(1))
    keep(matcher, path, Matched.of(kind, records, said))
    kept, again, other = read_about(path), Sum(), OneTime(kind, remembers=True)
    for row in reversed(rows):
        again.add([row])
    assert kept == Matched.of(kind, again, said)
    seq_of = {row.uid: row.seq for row in rows}
    assert take(other, path, kept, seq_of) == found
    return other


def keep_whole(kind: Kind, rows: list, said: list, folder: Path) -> str:
    """Match a list once, and keep what an index would hold of it; returns the token of the file."""
    matcher = take_up(kind, rows, said, folder)
    memory = Memory(folder, None)
    path = folder / "whole.part"
    memory.note("thing", write_whole(matcher, "thing", path))
    memory.start_file().take_over(path)
    token = memory.keep()
    assert token
    return token


def go_on(kind: Kind, rows: list, said: list, sequence: list, folder: Path) -> None:
    """What was kept of a list is an index with its records, which goes on as a fresh one does."""
    memory = Memory(folder, keep_whole(kind, rows, said, folder))
    kept, fresh = memory.find("thing", kind), MatchIndex(kind)
    assert kept is not None
    fresh.apply(rows, judgements=said)
    assert state(kept) == state(fresh)
    assert dict(kept.graph.own) == dict(fresh.graph.own)
    assert dict(kept.blocks.members) == dict(fresh.blocks.members)
    for step in sequence:
        assert kept.apply(*step) == fresh.apply(*step)
        assert state(kept) == state(fresh)
    memory.close()


@settings(max_examples=80, deadline=None)
@given(st.lists(businesses, min_size=1, max_size=25), st.lists(judgements, max_size=4), changes(businesses))
def test_businesses_that_were_matched_once_go_on_as_in_memory(rows: list, said: list, sequence: list) -> None:
    with TemporaryDirectory() as folder:
        go_on(BUSINESS, list({row.uid: row for row in rows}.values()), said, sequence, Path(folder))


@settings(max_examples=40, deadline=None)
@given(st.lists(persons, min_size=1, max_size=25), st.lists(judgements, max_size=4), changes(persons))
def test_persons_that_were_matched_once_go_on_as_in_memory(rows: list, said: list, sequence: list) -> None:
    with TemporaryDirectory() as folder:
        go_on(PERSON, list({row.uid: row for row in rows}.values()), said, sequence, Path(folder))
