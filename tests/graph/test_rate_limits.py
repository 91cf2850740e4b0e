"""Counters that all processes share (promise A6): each hit counts once, whoever else counts at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
import time_machine

from crm.errors import TooManyTries
from crm.graph import rate_limits
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services import limits
from crm.services.limits import Allowance, Limit


def test_hits_of_many_connections_at_once_are_all_counted(db: Store) -> None:
    stores = [open_store(db.settings) for _ in range(4)]

    def hit(number: int) -> int:
        return rate_limits.count_hits(stores[number % 4], "key", amount=1, seconds=60, now=time.time()).hits

    with ThreadPoolExecutor(8) as pool:
        counts = sorted(pool.map(hit, range(40)))
    for store in stores:
        store.close()
    assert counts == list(range(1, 41))


def test_a_window_that_is_over_begins_again(db: Store) -> None:
    first = rate_limits.count_hits(db, "key", amount=3, seconds=60, now=1000.0)
    assert (first.hits, first.ends_at) == (3, 1060.0)
    assert rate_limits.count_hits(db, "key", amount=1, seconds=60, now=1059.0).hits == 4
    assert rate_limits.count_hits(db, "key", amount=1, seconds=60, now=1060.0) == rate_limits.Window(1, 1120.0)


def test_keys_do_not_meet_and_are_not_readable_in_the_graph(db: Store) -> None:
    rate_limits.count_hits(db, "password:account:ana@college.example", amount=1, seconds=60, now=1000.0)
    assert rate_limits.count_hits(db, "password:account:eve@port.example", amount=1, seconds=60, now=1000.0).hits == 1
    assert "ana" not in str(db.read("MATCH (r:RateLimit) RETURN properties(r) AS all"))


def test_counters_whose_window_is_over_are_removed(db: Store) -> None:
    rate_limits.count_hits(db, "old", amount=1, seconds=60, now=1000.0)
    rate_limits.count_hits(db, "new", amount=1, seconds=60, now=2000.0)
    rate_limits.clear_windows(db, now=1900.0)
    assert db.read("MATCH (r:RateLimit) RETURN r.ends_at AS ends_at") == [{"ends_at": 2060.0}]


def test_what_is_given_back_can_be_taken_again(db: Store) -> None:
    wanted = [("key", Limit(1, 60))]
    for _ in range(3):
        limits.take(db, wanted)
        limits.give_back(db, wanted)
    limits.take(db, wanted)
    with pytest.raises(TooManyTries):
        limits.take(db, wanted)


def test_two_processes_allowances_let_the_limit_through_and_no_more(db: Store) -> None:
    limit = Limit(120, 60)
    with closing(open_store(db.settings)) as other:
        sides = [(Allowance(), db), (Allowance(), other)]
        through = 0
        for number in range(260):
            allowance, store = sides[number % 2]
            with suppress(TooManyTries):
                allowance.take(store, "api", limit)
                through += 1
    assert through == 120


def test_an_allowance_writes_once_for_several_calls_and_not_at_all_once_it_is_full(db: Store) -> None:
    allowance, limit = Allowance(), Limit(90, 60)
    shared = "MATCH (r:RateLimit) RETURN r.hits AS hits"
    for _ in range(3):
        allowance.take(db, "api", limit)
    assert db.read(shared) == [{"hits": 3}]
    allowance.take(db, "api", limit)
    assert db.read(shared) == [{"hits": 6}]
    for _ in range(86):
        allowance.take(db, "api", limit)
    refused = 0
    for _ in range(20):
        try:
            allowance.take(db, "api", limit)
        except TooManyTries:
            refused += 1
    assert refused == 20
    assert db.read(shared) == [{"hits": 93}]
    with time_machine.travel(time.time() + 61, tick=True):
        allowance.take(db, "api", limit)
