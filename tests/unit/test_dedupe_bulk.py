"""A list matched at once has the clusters of the index, on any number of cores, byte for byte."""

import subprocess
import sys
import tracemalloc
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe import BUSINESS, PERSON, BusinessRow, MatchIndex
from crm.dedupe.block import Blocks, list_candidates, unpack
from crm.dedupe.bulk import cut_between, group_forms, label_components, read_forms
from crm.dedupe.crew import Crew
from crm.dedupe.keys import hash_keys, hash_texts
from crm.dedupe.kinds import Kind
from tests.properties.test_dedupe_incremental import SMALL, businesses, persons


def group(kind: Kind, rows: list, workers: int = 1, **limits: int) -> list[tuple[str, ...]]:
    rows = sorted({row.uid: row for row in rows}.values(), key=lambda row: (row.seq, row.uid))
    crew, progress = Crew(workers), lambda *_: None
    forms = read_forms(kind, len(rows), lambda start, stop: rows[start:stop], crew, progress)
    clusters: dict[int, list[str]] = {}
    for row, first in zip(rows, group_forms(kind, forms, crew, progress, **limits).tolist(), strict=True):
        clusters.setdefault(first, []).append(row.uid)
    return sorted(map(tuple, clusters.values()))


def index(kind: Kind, rows: list) -> list[tuple[str, ...]]:
    index = MatchIndex(kind, **SMALL)
    index.apply(rows)
    return index.list_clusters()


@settings(max_examples=300, deadline=None)
@given(st.lists(businesses, max_size=25))
def test_businesses_matched_at_once_are_clustered_as_in_the_index(rows: list) -> None:
    assert group(BUSINESS, rows, **SMALL) == index(BUSINESS, rows)


@settings(max_examples=200, deadline=None)
@given(st.lists(persons, max_size=25))
def test_persons_matched_at_once_are_clustered_as_in_the_index(rows: list) -> None:
    assert group(PERSON, rows, **SMALL) == index(PERSON, rows)


def test_rows_that_are_one_but_for_their_ids_are_written_down_once() -> None:
    names = tuple(f"Surname{n} Forename{n}" for n in range(1_000))
    rows = [BusinessRow(f"m{n}", n, name="Kishwaukee Automation", co_names=names) for n in range(1_000)]
    tracemalloc.start()
    assert len(group(BUSINESS, rows)) == 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("sites", [2, 3, 4, 9])
def test_sites_with_a_head_offices_number_are_clustered_as_in_the_index(sites: int) -> None:
    rows = [
        BusinessRow(f"m{n}", n, name="Kishwaukee Automation", street=f"{3 + n * 150} Oak Ave", phone="815 555 0199")
        for n in range(sites)
    ]
    index = MatchIndex(BUSINESS)
    index.apply(rows)
    assert len(index.list_clusters()) == (1 if sites == 2 else sites)
    assert group(BUSINESS, rows) == index.list_clusters()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abcdefgh"), max_size=4), max_size=12), st.integers(2, 5), st.integers(0, 12))
def test_candidates_are_those_of_the_blocks(keys: list[set[str]], limit: int, first: int) -> None:
    blocks, later = Blocks(limit), Blocks(limit)
    gained, _ = blocks.change([], enumerate(keys))
    later.change([], list(enumerate(keys))[:first])
    later.change([], list(enumerate(keys))[first:])
    assert blocks.members == later.members
    hashed, counts = hash_keys(keys)
    found = list_candidates(hashed, np.repeat(np.arange(len(keys)), counts), limit)
    assert found.tolist() == gained.tolist()
    shared = {key: [number for number, own in enumerate(keys) if key in own] for key in "abcdefgh"}
    pairs = {pair for members in shared.values() if len(members) <= limit for pair in combinations(members, 2)}
    assert set(zip(*(side.tolist() for side in unpack(gained)), strict=True)) == pairs


def test_a_key_has_the_same_number_for_ever() -> None:
    assert hash_texts(["acme", "t\u00f6pfer", "acme" * 100]).tolist() == [
        -6683141998025369781,
        8087555322423453110,
        -108382044460412307,
    ]
    assert len(set(hash_texts([f"key {n}" for n in range(100_000)]).tolist())) == 100_000


def test_components_are_labelled_by_their_least_form() -> None:
    left, right = np.array([5, 4, 3, 8]), np.array([4, 3, 6, 7])
    assert label_components(10, left, right).tolist() == [0, 1, 2, 3, 3, 3, 3, 7, 7, 9]


def test_tasks_leave_every_component_whole() -> None:
    groups = np.array([1, 1, 1, 2, 3, 3, 3, 3, 9])
    assert cut_between(groups, 2) == [(0, 3), (3, 4), (4, 8), (8, 9)]
    assert cut_between(groups[:0], 2) == []


SCRIPT = """
import hashlib, random, sys
from crm.dedupe import BUSINESS, BusinessRow
from crm.dedupe import bulk
from crm.dedupe.crew import Crew
bulk.READ_AT_ONCE = bulk.SIFTED_AT_ONCE = bulk.SCORED_AT_ONCE = bulk.CLUSTERED_AT_ONCE = int(sys.argv[2])
chance = random.Random(1)
words = [a + b + c for a in ("ba", "ke", "lo", "mi") for b in ("r", "st", "n") for c in ("ox", "um", "al", "ino")]
def make(n):
    name = " ".join(chance.choices(words, k=2)) + chance.choice((" Inc", " Tool", "", " Supply Co"))
    town = chance.randrange(5)
    street = f"{chance.randrange(1, 30)} Oak St" if chance.random() < .7 else ""
    phone = f"815 555 01{chance.randrange(99):02}" if chance.random() < .5 else ""
    return BusinessRow(f"r{n}", name=name, street=street, city=f"Town {town}", zip=f"6110{town}", phone=phone)
rows = [make(n) for n in range(3000)]
crew = Crew(int(sys.argv[1]))
assert crew.workers == int(sys.argv[1])
told = []
tell = lambda *event: told.append(event)
forms = bulk.read_forms(BUSINESS, len(rows), lambda start, stop: rows[start:stop], crew, tell)
first = bulk.group_forms(BUSINESS, forms, crew, tell)
assert {"preparing", "sifting", "comparing", "clustering"} == {stage for stage, _, _ in told}
print(len(set(first.tolist())), hashlib.sha256(first.tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def alone() -> str:
    return run(1, 100_000, seed="0")


def run(workers: int, at_once: int, seed: str) -> str:
    command = [sys.executable, "-c", SCRIPT, str(workers), str(at_once)]
    return subprocess.check_output(command, text=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)})


@pytest.mark.parametrize(("workers", "at_once"), [(1, 200), (2, 500), (4, 300)])
def test_the_answer_is_the_same_on_any_number_of_cores(workers: int, at_once: int, alone: str) -> None:
    assert 100 < int(alone.split()[0]) < 2900
    assert run(workers, at_once, seed=str(workers)) == alone
