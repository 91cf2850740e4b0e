"""A list matched once has the clusters, links and reviews of the index, also in a process of its own."""

import os
import signal
import time
from collections.abc import Sequence

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe import BUSINESS, PERSON, BusinessRow, MatchIndex
from crm.dedupe.apart import Apart, MatcherGone
from crm.dedupe.crew import Crew
from crm.dedupe.kinds import Kind
from crm.dedupe.once import Found, OneTime
from crm.dedupe.records import Judgement
from tests.processes import find_matchers, is_alive
from tests.properties.test_dedupe_incremental import SMALL, businesses, judgements, persons


def match_once(
    kind: Kind, batches: Sequence[Sequence[object]], judgements: list[Judgement], *, reads_all: bool = False
) -> Found:
    matcher = OneTime(kind, **SMALL)
    for place, rows in enumerate(batches):
        matcher.add(rows)  # type: ignore[arg-type]
        if place % 2 == 0:
            # Some are read as they come, and perhaps said again by those that are read by the crew.
            matcher.read_one()
    if reads_all:
        while matcher.read_one():
            pass
    found = matcher.match(judgements, Crew(1))
    assert not matcher.read_one()
    return found


def find_by_index(kind: Kind, rows: list, judgements: list[Judgement]) -> Found:
    index = MatchIndex(kind, **SMALL)
    index.apply(rows, judgements=judgements)
    clusters = [cluster for cluster in index.list_clusters() if len(cluster) > 1]
    return Found(clusters, {cluster[0]: index.list_links(cluster[0]) for cluster in clusters}, index.list_reviews())


def in_order(found: Found) -> Found:
    """Links of one cluster may come in any order."""
    return Found(found.clusters, {first: sorted(links, key=str) for first, links in found.links.items()}, found.reviews)


def cut_up(rows: list, data: st.DataObject) -> list[list]:
    at = data.draw(st.integers(0, len(rows)), "cut")
    return [rows[:at], rows[at:]]


@settings(max_examples=300, deadline=None)
@given(st.lists(businesses, max_size=25), st.lists(judgements, max_size=4), st.data())
def test_businesses_are_matched_once_as_in_the_index(rows: list, said: list, data: st.DataObject) -> None:
    found = match_once(BUSINESS, cut_up(rows, data), said, reads_all=data.draw(st.booleans(), "reads all"))
    assert in_order(found) == in_order(find_by_index(BUSINESS, rows, said))


@settings(max_examples=200, deadline=None)
@given(st.lists(persons, max_size=25), st.lists(judgements, max_size=4), st.data())
def test_persons_are_matched_once_as_in_the_index(rows: list, said: list, data: st.DataObject) -> None:
    found = match_once(PERSON, cut_up(rows, data), said)
    assert in_order(found) == in_order(find_by_index(PERSON, rows, said))


ROWS = [
    BusinessRow("a", 1, name="Kishwaukee Automation", street="3 Oak Ave", zip="60115"),
    BusinessRow("b", 2, name="Kishwaukee Automation LLC", street="3 Oak Avenue", zip="60115"),
    BusinessRow("c", 3, name="Harbor Bakery", street="9 Elm St", zip="60115"),
]


def test_a_process_of_its_own_matches_what_it_is_sent() -> None:
    heard: list[str] = []
    with Apart(BUSINESS) as apart:
        apart.add(ROWS[:1])
        apart.add(ROWS[1:])
        found = apart.match([], lambda stage, *_: heard.append(stage))
        explained = apart.explain("a", "b")
        assert apart.explain("a", "unknown") is None
    assert found.clusters == [("a", "b")]
    assert explained is not None
    assert explained.decision == "same"
    assert "comparing" in heard
    assert find_matchers() == []


def test_a_process_that_was_killed_is_told_of() -> None:
    with Apart(BUSINESS) as apart:
        apart.add(ROWS * 100_000)  # more than fits on the way
        for process in find_matchers():
            process.kill()
        with pytest.raises(MatcherGone):
            apart.match([])


def test_a_crew_ends_with_the_process_that_called_it() -> None:
    def sleep(_: int) -> int:
        time.sleep(60)
        return 0

    caller = os.fork()
    if caller == 0:
        list(Crew(2).map(sleep, range(2)))
        os._exit(0)
    crew = wait_for_crew(caller)
    os.kill(caller, signal.SIGKILL)
    os.waitpid(caller, 0)
    _, alive = psutil.wait_procs(crew, timeout=5)
    assert not any(map(is_alive, alive))


def wait_for_crew(caller: int) -> list[psutil.Process]:
    for _ in range(100):
        crew = psutil.Process(caller).children()
        if len(crew) == 2:
            return crew
        time.sleep(0.05)
    raise AssertionError("nobody came")


def test_what_was_found_of_records_that_were_born_in_another_order_is_not_taken_up() -> None:
    rows = [BusinessRow(uid=f"b{n}", seq=n, name="Cascade Casting", phone="425 555 0100") for n in range(3)]
    matcher = OneTime(BUSINESS, remembers=True)
    matcher.add(rows)
    found = matcher.match([], Crew(1))
    assert matcher.held
    later = {"b0": 100, "b1": 101, "b2": 102}
    assert OneTime(BUSINESS).take_up(matcher.held, later) == found
    assert OneTime(BUSINESS).take_up(matcher.held, later | {"b0": 200}) is None
