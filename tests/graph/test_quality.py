"""Pairs to check in the graph: drawn, asked now and then, and what their answers tell; thresholds that are tried out,
set and taken back.
"""

import pytest

from crm.access import OWNER, Viewer
from crm.errors import Conflict, NotAllowed, NotFound, Refused
from crm.graph import checks, judgements, resolution, thresholds
from crm.graph.driver import Store
from crm.services import jobs, quality, review_pairs
from crm.services import reviews as reviewing
from crm.services.from_nothing import build_index
from crm.services.judgements import withdraw
from crm.services.resolution import recompute
from crm.services.review_order import get_order
from crm.services.surveys import take_survey
from crm.services.thresholds import set_thresholds
from tests.factories import import_text, snapshot
from tests.quality_worlds import ANA, answer_checks, are_one, find_keys, make_quality_world
from tests.review_worlds import a_member

EVE = a_member("eve", "Port")
ADA = Viewer(user_id="u-ada", email="ada@board.example", agency_id=ANA.agency_id, role="admin")


@pytest.fixture
def region(db: Store) -> Store:
    make_quality_world(db)
    take_survey(db, "business")
    return db


def find_truth(db: Store) -> tuple[float, float]:
    """Precision and recall by what is known of every pair, among the pairs that are one or came near."""
    keys, things = find_keys(db), resolution.list_resolved(db, "business")
    drawn = checks.list_all(db, "business")
    together = [one for one in drawn if things[one.left] == things[one.right]]
    good = sum(are_one(keys, one.left, one.right) for one in together)
    missed = sum(are_one(keys, one.left, one.right) for one in drawn if one not in together)
    return good / len(together), good / (good + missed)


def test_before_a_draw_nothing_is_claimed(db: Store) -> None:
    found = quality.find_quality(db, ANA, "business")
    assert (found.drawn_at, found.precision, found.recall, found.bands) == (None, None, None, [])
    with pytest.raises(NotFound):
        quality.try_thresholds(db, ANA, "business", join=100, ask=-150)
    take_survey(db, "business")
    found = quality.find_quality(db, ANA, "business")
    assert found.drawn_at
    assert (found.precision, found.recall, found.missing, found.checks) == (None, None, 0, 0)


def test_answers_to_all_pairs_give_the_true_figures(region: Store) -> None:
    before, truth = quality.find_quality(region, ANA, "business"), find_truth(region)
    assert (before.precision, before.recall) == (None, None)
    assert before.missing > 0
    # So small a region is drawn entirely: nothing is left to chance.
    assert before.checks == sum(band.pairs for band in before.bands)
    assert answer_checks(region) == before.checks
    found = quality.find_quality(region, ANA, "business")
    assert found.precision is not None
    assert found.recall is not None
    assert truth[0] < 1
    assert truth[1] < 1
    assert (found.precision.value, found.recall.value) == pytest.approx(truth)
    assert (found.precision.low, found.precision.high) == pytest.approx((truth[0], truth[0]))
    assert sum(line.answers for line in found.cases) == found.answered == found.checks
    assert {line.name for line in found.agencies} <= {"Workforce Board", "Harbor College", "Port Authority"}


def test_mistakes_that_are_corrected_still_count_in_the_next_survey(region: Store) -> None:
    answer_checks(region)
    before, things = quality.find_quality(region, ANA, "business"), set(
        resolution.list_resolved(region, "business").values()
    )  # fmt: skip
    take_survey(region, "business")
    after = quality.find_quality(region, ANA, "business")
    assert before.precision is not None
    assert after.precision is not None
    assert after.precision.value == pytest.approx(before.precision.value, abs=0.02)
    assert len(set(things)) > 12
    assert after.answered == before.answered


def test_a_survey_again_draws_the_same(region: Store) -> None:
    before = checks.list_all(region, "business")
    take_survey(region, "business")
    assert checks.list_all(region, "business") == before
    answer_checks(region, most=3)
    answered = [one for one in checks.list_all(region, "business") if one.counted_at]
    take_survey(region, "business")
    after = {one.id: one for one in checks.list_all(region, "business")}
    assert len(answered) == 3
    assert [after[one.id] for one in answered] == answered


def test_one_answer_in_five_is_to_a_pair_that_was_drawn(region: Store) -> None:
    given: list[bool] = []
    for _ in range(10):
        turn = reviewing.take_next(region, ANA, name="Ana")
        if turn is None:
            break
        found = review_pairs.get_pair(region, ANA, turn.pair, is_check=turn.is_check)
        review_pairs.answer(
            region, ANA, turn.pair, "different", seen=found.standing.seen, is_check=turn.is_check
        )  # fmt: skip
        given.append(turn.is_check)
        jobs.run_all(region)
    assert given[:5] == [False, False, False, False, True]


def test_a_pair_to_check_is_shown_like_any_other_and_to_nobody_else(region: Store) -> None:
    turn = reviewing.take_check(region, ANA, name="Ana")
    assert turn is not None
    assert turn.is_check
    other = reviewing.take_check(region, EVE, name="Eve")
    assert other is not None
    assert other.pair != turn.pair
    found = review_pairs.get_pair(region, ANA, turn.pair, is_check=True)
    assert found.is_blind
    assert (found.change, found.knocks, found.rivals) == (None, [], [])
    assert [len(side.records) for side in (found.left, found.right)] == [1, 1]
    assert not quality.list_checked(region, ANA, "business")


def test_an_answer_that_is_taken_back_is_asked_for_again(region: Store) -> None:
    answer_checks(region, most=1)
    (one,) = [check for check in checks.list_all(region, "business") if check.counted_at]
    (row,) = quality.list_checked(region, ANA, "business")
    assert row.said.check.id == one.id
    withdraw(region, ANA, judgements.list_judgements(region, ANA)[0].id)
    jobs.run_all(region)
    assert quality.list_checked(region, ANA, "business") == []
    turn = reviewing.take_check(region, ANA, name="Ana")
    assert turn is not None
    assert turn.pair == one.id


def test_what_was_answered_for_another_reason_counts_when_its_turn_comes(region: Store) -> None:
    first = checks.list_next(region, kind="business")[0]
    seen = review_pairs.get_pair(region, ANA, first.id).standing.seen
    review_pairs.answer(region, ANA, first.id, "unsure", seen=seen)
    jobs.run_all(region)
    assert quality.find_quality(region, ANA, "business").answered == 0
    turn = reviewing.take_check(region, ANA, name="Ana")
    assert turn is not None
    assert turn.pair != first.id
    found = quality.find_quality(region, ANA, "business")
    assert (found.answered, found.unsure) == (1, 1)
    assert sum(line.answers for line in found.bands) == 0


def test_thresholds_give_what_was_shown_survive_a_rebuild_and_can_be_taken_back(region: Store) -> None:
    before = snapshot(region)
    shown = quality.try_thresholds(region, ANA, "business", join=400, ask=-400)
    assert shown.parting
    assert shown.join.parted > 0
    assert shown.join.things > shown.now.things
    assert snapshot(region) == before
    set_thresholds(region, ADA, "business", join=400, ask=-400)
    jobs.run_all(region)
    things = resolution.list_resolved(region, "business")
    assert len(set(things.values())) == shown.join.things
    assert get_order(region, ANA).counts["business"] == shown.asked
    for pair, _, _ in shown.parting:
        left, right = pair.split("~")
        assert things[left] != things[right]
    after = snapshot(region)
    assert after != before
    found = quality.find_quality(region, ANA, "business")
    assert (found.join, found.ask, found.is_current) == (400, -400, True)
    recompute(region)
    assert snapshot(region) == after
    # A record that comes later is matched by them too.
    import_text(region, "agency,source_id,name,zip\nPort Authority,900.x,Omega Plastics,61104\n")
    assert {frozenset(cluster) for cluster in build_index(region, "business").list_clusters()} == _list_groups(region)
    set_thresholds(region, ADA, "business", join=100, ask=-150)
    jobs.run_all(region)
    history = thresholds.list_thresholds(region, ANA, "business")
    assert [(one.join, one.ask, one.by, one.retired_at is None) for one in history] == [
        (100, -150, "ada@board.example", True), (400, -400, "ada@board.example", False),
    ]  # fmt: skip


def _list_groups(db: Store) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for record, thing in resolution.list_resolved(db, "business").items():
        groups.setdefault(thing, set()).add(record)
    return {frozenset(group) for group in groups.values()}


def test_only_an_administrator_sets_thresholds_and_only_those_that_were_tried(region: Store) -> None:
    with pytest.raises(NotAllowed):
        set_thresholds(region, ANA, "business", join=200, ask=-150)
    with pytest.raises(Refused):
        set_thresholds(region, OWNER, "business", join=120, ask=-150)
    with pytest.raises(Refused):
        set_thresholds(region, OWNER, "business", join=100, ask=50)
    assert thresholds.find_in_force(region, "business") is None


def test_two_who_check_the_same_pair_do_not_both_count(region: Store) -> None:
    turn = reviewing.take_check(region, ANA, name="Ana")
    assert turn is not None
    seen = review_pairs.get_pair(region, ANA, turn.pair, is_check=True).standing.seen
    review_pairs.answer(region, ANA, turn.pair, "same", seen=seen, is_check=True)
    with pytest.raises(Conflict):
        review_pairs.answer(region, EVE, turn.pair, "different", seen=seen, is_check=True)
