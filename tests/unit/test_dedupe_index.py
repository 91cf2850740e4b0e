"""The index: records come, go and are judged, and it says what changed."""

import random
import threading

import pytest

from crm.dedupe import BUSINESS, PERSON, BusinessRow, Judgement, MatchIndex, PersonRow, resolve
from crm.dedupe.kinds import Feature
from crm.dedupe.words import FREE_MAIL

ACME = BusinessRow("a", 1, name="Acme Tool Inc", street="12 Main St", zip="61101", phone="815 555 0101")
ACME_AGAIN = BusinessRow("b", 2, name="ACME TOOL", street="12 Main Street", zip="61101")
BAKER = BusinessRow("c", 3, name="Baker Supply", street="88 Oak Ave", zip="61102")


@pytest.fixture
def index() -> MatchIndex:
    index = MatchIndex(BUSINESS)
    index.apply([ACME, BAKER])
    return index


def test_a_new_record_dissolves_the_cluster_that_it_joins(index: MatchIndex) -> None:
    change = index.apply([ACME_AGAIN])
    assert change.dissolved == (("a",),)
    assert change.formed == (("a", "b"),)


def test_a_record_taken_out_leaves_the_others(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN])
    change = index.apply(removed=["a"])
    assert change.dissolved == (("a", "b"),)
    assert change.formed == (("b",),)
    assert index.cluster_of("a") is None


def test_the_same_rows_again_change_nothing(index: MatchIndex) -> None:
    change = index.apply([ACME, BAKER])
    assert (change.dissolved, change.formed, change.reviews_closed, change.reviews_opened) == ((), (), (), ())


def test_an_update_that_makes_it_another_thing_splits_it_off(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN])
    index.apply([BusinessRow("b", 2, name="Zeta Foods", street="5 Elm Rd", zip="61109")])
    assert index.list_clusters() == [("a",), ("b",), ("c",)]


def test_a_judgement_waits_for_its_records() -> None:
    index = MatchIndex(BUSINESS)
    index.apply(judgements=[Judgement("a", "c", "same"), Judgement("b", "a", "different")])
    index.apply([ACME, ACME_AGAIN, BAKER])
    assert index.list_clusters() == [("a", "c"), ("b",)]


def test_a_judgement_survives_that_its_record_goes_and_comes_back(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN], judgements=[Judgement("a", "b", "different")])
    index.apply(removed=["b"])
    index.apply([ACME_AGAIN])
    assert index.cluster_of("b") == ("b",)


def test_a_later_judgement_replaces_the_earlier_and_a_withdrawn_one_counts_no_more(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN], judgements=[Judgement("a", "b", "different")])
    index.apply(judgements=[Judgement("b", "a", "same")])
    assert index.cluster_of("a") == ("a", "b")
    index.apply(judgements=[Judgement("a", "b", "different")])
    index.apply(withdrawn=[("b", "a")])
    assert index.cluster_of("a") == ("a", "b")


def test_equal_records_can_be_told_apart_by_a_judgement(index: MatchIndex) -> None:
    twin = BusinessRow("z", 9, name=ACME.name, street=ACME.street, zip=ACME.zip, phone=ACME.phone)
    index.apply([twin])
    assert index.cluster_of("z") == ("a", "z")
    index.apply(judgements=[Judgement("a", "z", "different")])
    assert index.cluster_of("z") == ("z",)


def test_contradicting_judgements_are_reported(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN])
    said = [Judgement("a", "c", "same"), Judgement("b", "c", "same"), Judgement("a", "b", "different")]
    index.apply(judgements=said)
    assert index.cluster_of("a") != index.cluster_of("b")
    assert [judgement.pair for judgement in index.list_conflicts()] == [("b", "c")]


def test_a_doubtful_pair_is_put_to_review_once_and_never_after_a_verdict() -> None:
    index = MatchIndex(BUSINESS)
    names = ("Griffith City Council", "Griffith Council", "Griffith City Council")
    index.apply([BusinessRow(uid, seq, name=name) for seq, (uid, name) in enumerate(zip("abc", names, strict=True))])
    assert [(review.left, review.right) for review in index.list_reviews()] == [("a", "b")]
    change = index.apply(judgements=[Judgement("b", "c", "unsure")])
    assert index.list_reviews() == []
    assert len(change.reviews_closed) == 1


def test_two_records_that_only_a_crowded_block_joined_come_apart() -> None:
    """Their only key in common is a mailbox; when a crowd shares it, it tells nothing."""
    index = MatchIndex(PERSON, block_limit=5)
    mailbox = f"family@{sorted(FREE_MAIL)[0]}"
    index.apply(
        [PersonRow("a", 1, name="Maria Sanchez", email=mailbox), PersonRow("b", 2, name="Maria Zanchez", email=mailbox)]
    )
    assert index.cluster_of("b") == ("a", "b")
    crowd = [PersonRow(f"x{n}", 10 + n, name=f"{'Qwyz'[n]}o Lee{n}{n}{n}{n}{n}{n}", email=mailbox) for n in range(4)]
    change = index.apply(crowd)
    assert ("a", "b") in change.dissolved
    assert index.cluster_of("b") == ("b",)
    index.apply(removed=["x0"])
    assert index.cluster_of("b") == ("a", "b")


def test_a_preview_says_where_each_row_would_go_and_leaves_no_trace(index: MatchIndex) -> None:
    preview = index.preview([ACME_AGAIN, BusinessRow("d", 4, name="Zeta Foods")])
    assert [placement.joins for placement in preview.placements] == [("a",), ()]
    assert index.list_clusters() == [("a",), ("c",)]


def test_a_preview_of_an_update_puts_the_old_row_back(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN])
    assert index.preview([BusinessRow("b", 2, name="Zeta Foods")]).placements[0].joins == ()
    assert index.cluster_of("b") == ("a", "b")


def test_links_name_what_holds_a_cluster_together_and_explain_says_why(index: MatchIndex) -> None:
    index.apply([ACME_AGAIN])
    (link,) = index.list_links("b")
    assert (link.left, link.right) == ("a", "b")
    explanation = index.explain("a", "b")
    assert explanation is not None
    assert explanation.points == link.score == BUSINESS.start + sum(feature.score for feature in explanation.features)
    assert explanation.decision == "same"
    assert index.explain("a", "nobody") is None


def test_a_link_by_judgement_has_no_score(index: MatchIndex) -> None:
    index.apply(judgements=[Judgement("a", "c", "same")])
    assert [link.score for link in index.list_links("a")] == [None]


def test_the_order_of_the_input_is_no_matter() -> None:
    shuffled = random.Random(5)
    rows = [
        BusinessRow(
            f"r{n}",
            n % 40,
            name=f"{shuffled.choice(['Acme', 'Acmee', 'Baker', 'Trigen'])} {shuffled.choice(['Tool', 'Supply', ''])}",
            street=shuffled.choice(["", f"{shuffled.randrange(1, 5)} Main St"]),
            phone=shuffled.choice(["", f"815555010{shuffled.randrange(4)}"]),
        )
        for n in range(120)
    ]
    expected = resolve(BUSINESS, rows)
    assert 5 < len(expected.clusters) < 100
    for _ in range(5):
        shuffled.shuffle(rows)
        assert resolve(BUSINESS, rows) == expected


def test_links_between_equal_records_stand_in_the_same_order_whatever_came_first() -> None:
    twins = [
        ACME,
        BusinessRow("a2", 4, name=ACME.name, street=ACME.street, zip=ACME.zip, phone=ACME.phone),
        ACME_AGAIN,
        BusinessRow("b2", 5, name=ACME_AGAIN.name, street=ACME_AGAIN.street, zip=ACME_AGAIN.zip),
    ]
    assert resolve(BUSINESS, twins) == resolve(BUSINESS, twins[::-1])


def test_every_record_is_in_exactly_one_cluster() -> None:
    found = resolve(BUSINESS, [ACME, ACME_AGAIN, BAKER, BusinessRow("e")])
    assert sorted(uid for cluster in found.clusters for uid in cluster) == ["a", "b", "c", "e"]


def test_nothing_gives_nothing() -> None:
    found = resolve(BUSINESS, [])
    assert (found.clusters, found.links, found.reviews, found.conflicts) == ([], [], [], [])


def test_threads_that_share_an_index_lose_nothing() -> None:
    index = MatchIndex(BUSINESS)
    rows = [BusinessRow(f"r{n}", n, name=f"Acme {n // 2}", phone=f"81555501{n // 2:02d}") for n in range(60)]
    threads = [threading.Thread(target=lambda part=rows[n::6]: [index.apply([row]) for row in part]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert index.list_clusters() == resolve(BUSINESS, rows).clusters


def test_a_feature_without_an_explanation_is_an_error() -> None:
    with pytest.raises(TypeError, match="docstring"):
        Feature("mute", lambda pairs: pairs.left, lambda left, right, points: "")


def test_every_sentence_is_written_for_people() -> None:
    explanation = MatchIndex(BUSINESS)
    explanation.apply([ACME, BAKER])
    found = explanation.explain("a", "c")
    assert found is not None
    assert found.decision == "different"
    assert {feature.name: feature.sentence for feature in found.features}["address"] == (
        "another address: 12 Main St and 88 Oak Ave"
    )


def moved(number: int, street: str) -> BusinessRow:
    return BusinessRow(f"m{number}", number, name="Kishwaukee Automation", street=street, phone="815 555 0199")


def test_a_firm_that_moved_takes_its_number_with_it_but_a_head_office_has_many_sites() -> None:
    index = MatchIndex(BUSINESS)
    index.apply([moved(1, "12 Main St"), moved(2, "88 Oak Ave")])
    assert index.list_clusters() == [("m1", "m2")]
    index.apply([moved(3, "500 Elm Rd"), moved(4, "7310 State St")])
    assert index.list_clusters() == [("m1",), ("m2",), ("m3",), ("m4",)]
    assert len(index.list_reviews()) == 6
    index.apply(removed=["m3", "m4"])
    assert index.list_clusters() == [("m1", "m2")]


def test_rows_may_come_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.dedupe.index.READ_AT_ONCE", 2)
    rows = [BusinessRow(f"r{n}", n, name=f"Acme Tool {n % 3}", phone=f"815555010{n % 3}") for n in range(5)]
    one_by_one, at_once, heard = MatchIndex(BUSINESS), MatchIndex(BUSINESS), list[tuple[str, int, int]]()
    change = one_by_one.apply(iter(rows), count=5, progress=lambda *said: heard.append(said))
    assert change == at_once.apply(rows)
    assert one_by_one.list_clusters() == at_once.list_clusters()
    assert [said for said in heard if said[0] == "preparing"] == [("preparing", n, 5) for n in (2, 4, 5)]
