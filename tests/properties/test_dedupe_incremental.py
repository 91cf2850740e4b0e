"""Whatever happened on the way, an index holds what a fresh one over the same records and judgements would hold."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe import BUSINESS, PERSON, BusinessRow, Judgement, MatchIndex, PersonRow
from crm.dedupe.kinds import Kind

UIDS = [f"r{number}" for number in range(14)]
SMALL = {"block_limit": 4, "largest": 3}  # so that a handful of records crosses both limits

# Few values, so that records meet in every field and in several blocks; typos, bare names and generic names among them.
businesses = st.builds(
    BusinessRow,
    uid=st.sampled_from(UIDS),
    seq=st.integers(0, 9),
    name=st.sampled_from(
        [
            "Acme Tool Inc",
            "Acme Tool",
            "Acme Tol",
            "Acme Tool & Die LLC",
            "Acme Tool #2",
            "Baker Supply dba Acme Tool",
            "Baker Supply",
            "Bakers Suply",
            "Council",
            "City of Rockford",
            "City of Rockford - Public Works",
            "",
        ]
    ),
    street=st.sampled_from(
        ["", "", "12 Main St", "12 N Main Street Suite 4", "88 Oak Ave", "118 Elm Rd", "124 Elm Rd", "PO Box 7"]
    ),
    co_names=st.sampled_from([(), (), (), ("Ida Kerr", "Sam Poe"), ("Ann Sosa", "Ida Kerr")]),
    zip=st.sampled_from(["", "61101", "61102"]),
    phone=st.sampled_from(["", "", "815 555 0101", "8155550102", "800 555 0103"]),
    website=st.sampled_from(["", "", "acme.com", "baker.com"]),
)
persons = st.builds(
    PersonRow,
    uid=st.sampled_from(UIDS),
    seq=st.integers(0, 9),
    name=st.sampled_from(
        ["Maria Sanchez", "M Sanchez", "Sanchez, Maria", "Bob Lee", "Robert Lee Jr", "Rob Lee Sr", ""]
    ),
    email=st.sampled_from(["", "", "maria@acme.com", "office@acme.com", "bob@gmail.com"]),
    phone=st.sampled_from(["", "", "815 555 0101", "8155550102"]),
    businesses=st.sampled_from([(), ("b1",), ("b2",), ("b1", "b2")]),
)
judgements = st.builds(
    Judgement,
    left=st.sampled_from(UIDS),
    right=st.sampled_from(UIDS),
    verdict=st.sampled_from(["same", "different", "different", "unsure"]),
)
pairs = st.tuples(st.sampled_from(UIDS), st.sampled_from(UIDS))


def changes(rows: st.SearchStrategy) -> st.SearchStrategy:
    """A sequence of calls of `apply`: rows added or updated, uids removed, judgements put and withdrawn."""
    return st.lists(
        st.tuples(
            st.lists(rows, max_size=6),
            st.lists(st.sampled_from(UIDS), max_size=3),
            st.lists(judgements, max_size=2),
            st.lists(pairs, max_size=2),
        ),
        min_size=1,
        max_size=8,
    )


def state(index: MatchIndex) -> tuple:
    """All that can be asked of an index, in an order of its own."""
    clusters = index.list_clusters()
    return clusters, index.list_reviews(), index.list_conflicts(), [index.list_links(c[0]) for c in clusters]


def replay(kind: Kind, sequence: list, check: Callable[[MatchIndex, MatchIndex], None]) -> None:
    """Apply the sequence to one index and hold it, after each step, against a fresh one."""
    index, rows, judged = MatchIndex(kind, **SMALL), {}, {}
    for added, removed, new_judgements, withdrawn in sequence:
        index.apply(added, removed, new_judgements, withdrawn)
        for uid in removed:
            rows.pop(uid, None)
        rows |= {row.uid: row for row in added}
        for left, right in withdrawn:
            judged.pop((min(left, right), max(left, right)), None)
        judged |= {judgement.pair: judgement for judgement in new_judgements}
        fresh = MatchIndex(kind, **SMALL)
        fresh.apply(list(rows.values())[::-1], judgements=list(judged.values())[::-1])
        check(index, fresh)


def check_equal(index: MatchIndex, fresh: MatchIndex) -> None:
    assert state(index) == state(fresh)


@settings(max_examples=250, deadline=None)
@given(changes(businesses))
def test_businesses_after_any_changes_are_as_resolved_from_scratch(sequence: list) -> None:
    replay(BUSINESS, sequence, check_equal)


@settings(max_examples=150, deadline=None)
@given(changes(persons))
def test_persons_after_any_changes_are_as_resolved_from_scratch(sequence: list) -> None:
    replay(PERSON, sequence, check_equal)


@settings(max_examples=100, deadline=None)
@given(changes(businesses))
def test_a_change_names_exactly_the_clusters_and_reviews_that_differ(sequence: list) -> None:
    index = MatchIndex(BUSINESS, **SMALL)
    for step in sequence:
        before, reviews = set(index.list_clusters()), set(index.list_reviews())
        change = index.apply(*step)
        after, reviews_after = set(index.list_clusters()), set(index.list_reviews())
        assert set(change.dissolved) == before - after
        assert set(change.formed) == after - before
        assert set(change.reviews_closed) == reviews - reviews_after
        assert set(change.reviews_opened) == reviews_after - reviews


@settings(max_examples=100, deadline=None)
@given(changes(businesses), st.lists(businesses, min_size=1, max_size=5))
def test_a_preview_says_what_apply_then_does_and_changes_nothing(sequence: list, rows: list) -> None:
    index = MatchIndex(BUSINESS, **SMALL)
    for step in sequence:
        index.apply(*step)
    before = state(index)
    preview = index.preview(rows)
    assert state(index) == before
    change = index.apply(rows)
    assert preview.reviews_opened == change.reviews_opened
    assert [placement.cluster for placement in preview.placements] == [
        index.cluster_of(placement.uid) for placement in preview.placements
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(businesses, max_size=14), st.lists(judgements, max_size=4), st.randoms())
def test_different_always_wins_and_same_joins_unless_it_contradicts(rows: list, said: list, random) -> None:
    random.shuffle(rows)
    index = MatchIndex(BUSINESS, **SMALL)
    index.apply(rows, judgements=said)
    conflicts = {judgement.pair for judgement in index.list_conflicts()}
    for judgement in {judgement.pair: judgement for judgement in said}.values():
        ours, theirs = index.cluster_of(judgement.left), index.cluster_of(judgement.right)
        if ours is None or theirs is None or judgement.left == judgement.right:
            continue
        if judgement.verdict == "different":
            assert ours != theirs
        if judgement.verdict == "same":
            assert (ours == theirs) != (judgement.pair in conflicts)


@pytest.mark.parametrize("kind", [BUSINESS, PERSON])
def test_every_feature_publishes_its_explanation(kind: Kind) -> None:
    assert all(feature.docstring for feature in kind.features)
