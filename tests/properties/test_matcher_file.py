"""The matcher's memory in a file: whatever is done to it, with it closed and opened in between, it answers as a fresh
index does."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from crm.dedupe import BUSINESS, PERSON, MatchIndex
from crm.dedupe.kinds import Kind
from crm.services.matcher_file import Memory
from tests.properties.test_dedupe_incremental import businesses, changes, persons, state


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
