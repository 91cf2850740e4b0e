"""Clustering: what joins, what does not chain, and what people decided."""

import numpy as np

from crm.dedupe.cluster import Node, cluster


def groups(scores: dict[tuple[int, int], int], sparse: str = "", **decided: list[tuple[int, int]]) -> list[list[int]]:
    """Clusters of as many nodes as the scores name; pairs without a score are at -600. `sparse` lists sparse nodes."""
    size = 1 + max(max(pair) for pair in scores)
    square = np.full((size, size), -600)
    for (left, right), score in scores.items():
        square[left, right] = square[right, left] = score
    nodes = [Node((number, f"r{number}"), (f"r{number}",), number, str(number) in sparse) for number in range(size)]
    return cluster(nodes, square, **decided).groups


def test_pairs_over_the_threshold_join() -> None:
    assert groups({(0, 1): 300, (1, 2): 99, (2, 3): 100}) == [[0, 1], [2, 3]]


def test_one_record_between_two_things_joins_the_nearer_and_does_not_draw_them_together() -> None:
    assert groups({(0, 1): 300, (1, 2): 200, (0, 2): -600}) == [[0, 1], [2]]


def test_a_chain_holds_where_its_ends_do_not_contradict() -> None:
    assert groups({(0, 1): 300, (1, 2): 200, (0, 2): -100}) == [[0, 1, 2]]


def test_a_spelling_that_many_records_have_outvotes_a_slip() -> None:
    scores = np.array([[900, 150, 150], [150, 900, -600], [150, -600, 900]])
    many = ("a", "b", "c", "d", "e")
    nodes = [
        Node((0, "a"), many, 0, sparse=False),
        Node((5, "f"), ("f",), 1, sparse=False),
        Node((6, "g"), ("g",), 2, sparse=False),
    ]
    assert cluster(nodes, scores).groups == [[0, 1, 2]]
    alone = [node if number else Node((0, "a"), ("a",), 0, sparse=False) for number, node in enumerate(nodes)]
    assert cluster(alone, scores).groups == [[0, 1], [2]]


def test_different_wins_over_any_score() -> None:
    assert groups({(0, 1): 900, (1, 2): 800, (0, 2): 800}, different=[(0, 1)]) == [[0, 2], [1]]


def test_different_keeps_whole_clusters_apart() -> None:
    scores = {(0, 1): 900, (2, 3): 900, (0, 2): 500, (0, 3): 500, (1, 2): 500, (1, 3): 500}
    assert groups(scores, different=[(1, 2)]) == [[0, 1], [2, 3]]


def test_same_joins_against_the_score() -> None:
    assert groups({(0, 1): -600, (1, 2): -600}, same=[(0, 2)]) == [[0, 2], [1]]


def test_same_brings_along_all_that_goes_with_either() -> None:
    scores = {(0, 1): 400, (0, 2): 400, (1, 2): 400, (3, 4): 400, (5, 6): 400}
    assert groups(scores) == [[0, 1, 2], [3, 4], [5, 6]]
    # However much speaks against it: a person knows more than two lists say.
    assert groups(scores, same=[(0, 3)]) == [[0, 1, 2, 3, 4], [5, 6]]
    assert groups(scores, same=[(0, 3), (4, 6)]) == [[0, 1, 2, 3, 4, 5, 6]]


def test_what_must_not_meet_one_of_a_pair_meets_neither() -> None:
    scores = {(0, 1): 400, (2, 3): 400}
    assert groups(scores, same=[(0, 2)], different=[(1, 2)]) == [[0, 2, 3], [1]]


def test_a_pair_called_the_same_leaves_others_behind_where_they_were_called_different() -> None:
    scores = {(0, 1): 400, (2, 3): 400}
    assert groups(scores, same=[(0, 2)], different=[(1, 3)]) == [[0, 1, 2], [3]]


def test_different_wins_over_same() -> None:
    assert groups({(0, 2): -600}, same=[(0, 1), (1, 2)], different=[(0, 2)]) == [[0, 1], [2]]


def test_a_sparse_record_joins_its_one_home() -> None:
    assert groups({(0, 1): 200, (0, 2): -600, (1, 2): -600}, sparse="1") == [[0, 1], [2]]


def test_a_sparse_record_that_fits_two_homes_alike_joins_neither() -> None:
    assert groups({(0, 1): 200, (1, 2): 210}, sparse="1") == [[0], [1], [2]]


def test_a_sparse_record_joins_the_clearly_better_home() -> None:
    assert groups({(0, 1): 200, (1, 2): 400}, sparse="1") == [[0], [1, 2]]


def test_sparse_records_join_each_other() -> None:
    assert groups({(0, 1): 200}, sparse="01") == [[0, 1]]


def test_equal_scores_are_settled_by_the_order_of_birth() -> None:
    assert groups({(0, 1): 300, (1, 2): 300}) == [[0, 1], [2]]


def test_a_cluster_of_n_is_held_by_n_minus_one_links() -> None:
    square = np.full((3, 3), 400)
    nodes = [Node((number, f"r{number}"), (f"r{number}",), number, False) for number in range(3)]
    found = cluster(nodes, square)
    assert [(link.left, link.right) for link in found.links[0]] == [("r0", "r1"), ("r0", "r2")]
