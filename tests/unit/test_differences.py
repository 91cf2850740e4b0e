"""Two cells side by side: whether they say the same, and which words the other has not."""

import pytest

from crm.views.differences import compare, find_sort, mark_words


@pytest.mark.parametrize(
    ("left", "right", "sort"),
    [
        ("Acme", "Acme", "same"),
        ("Acme Tool", "ACME TOOL.", "alike"),
        ("(815) 555-0134", "+1 815 555 0134", "alike"),
        ("https://www.acme.example/", "acme.example", "alike"),
        ("12 Main St", "12 Main Street", "differs"),
        ("815-555-0134", "815-555-0143", "differs"),
        ("", "Acme", "one"),
        ("Acme", "", "one"),
    ],
)
def test_what_two_cells_are_to_each_other(left: str, right: str, sort: str) -> None:
    assert find_sort(left, right) == sort
    assert find_sort(right, left) == sort


def test_only_the_words_that_the_other_has_not_are_marked() -> None:
    ours, theirs = mark_words("Acme Tool Inc", "ACME Die & Tool")
    assert ours == [("Acme Tool", False), ("Inc", True)]
    assert theirs == [("ACME", False), ("Die &", True), ("Tool", False)]


def test_nothing_is_marked_where_only_the_writing_differs() -> None:
    row = compare("Name", "Acme Tool", "acme tool", also_left=["Acme"])
    assert (row.left, row.right, row.also_left) == ([("Acme Tool", False)], [("acme tool", False)], ["Acme"])


def test_a_blank_has_no_pieces() -> None:
    row = compare("Name", "", "Acme")
    assert (row.left, row.right) == ([], [("Acme", False)])


def test_every_word_comes_back() -> None:
    left, right = "a b c d e", "x b y d"
    for text, pieces in zip((left, right), mark_words(left, right), strict=True):
        assert " ".join(piece for piece, _ in pieces) == text
