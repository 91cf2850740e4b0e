"""The queue of reviews, of which a step looks only at what changed, is the one that a whole look would leave."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from crm.access import OWNER
from crm.graph import reviews
from crm.graph.driver import Store
from crm.graph.leases import lease
from crm.graph.reviews import Review
from crm.services.from_nothing import build_index
from crm.services.resolution import KINDS, resolve_new
from crm.services.review_order import get_order
from crm.services.review_queue import keep_reviews
from tests.conftest import empty_graph
from tests.properties.test_rebuilding import STEPS, Step


def list_queue(db: Store) -> dict[str, Review]:
    return {id: one for kind in KINDS for id, one in reviews.list_all(db, kind).items()}


def look_at_all(db: Store) -> None:
    with lease(db, "matching") as held:
        for kind in KINDS:
            keep_reviews(db, held, kind, build_index(db, kind).list_reviews())


def follow(db: Store, steps: list[Step]) -> Iterator[None]:
    """Take the steps on an empty graph, and stop after each when the region has followed it."""
    empty_graph(db)
    done: list[str] = []
    for step in steps:
        step(db, done)
        resolve_new(db)
        yield


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_after_every_step_the_queue_is_as_after_a_look_at_all(db: Store, steps: list[Step]) -> None:
    for _ in follow(db, steps):
        before = list_queue(db)
        look_at_all(db)
        assert list_queue(db) == before


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_an_order_that_is_kept_up_to_date_is_the_one_that_is_read_anew(db: Store, steps: list[Step]) -> None:
    for _ in follow(db, steps):
        kept = get_order(db, OWNER)
        assert kept.lines == {line.id: line for line in reviews.list_lines(db)}
        assert kept.lines == {id: reviews.line_of(one) for id, one in list_queue(db).items()}
        assert kept.counts[""] + kept.counts["sites"] == len(kept.lines)
