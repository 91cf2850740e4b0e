"""Which words of a vocabulary a typed word may stand for, and how names and queries become words."""

import pytest

from crm.search.numbers import list_slips
from crm.search.texts import Term, read_lines, read_query
from crm.search.words import Vocabulary

WORDS = [
    "abc", "abd", "acme", "acorn", "machine", "manual", "manufacturing", "mfg", "munchen", "n", "north", "robert",
    "roberts", "saint", "st", "street", "tool", "tools", "warehouse",
]  # fmt: skip


def find(word: str, *, is_open: bool = False) -> list[str]:
    """The words that are found, the likest first."""
    found = Vocabulary(WORDS).find(word, is_open=is_open)
    return [WORDS[place] for place in found.ids[::-1]]


def test_a_word_stands_for_itself_first() -> None:
    assert find("acme")[0] == "acme"
    assert find("tool")[:2] == ["tool", "tools"]


@pytest.mark.parametrize("slip", ["acne", "ame", "accme", "amce", "acmee", "bcme"])
def test_one_slip_is_forgiven_in_a_short_word(slip: str) -> None:
    assert "acme" in find(slip)


def test_two_slips_are_forgiven_in_a_long_word_only() -> None:
    assert find("wraehouse") == ["warehouse"]
    assert find("warehuose") == ["warehouse"]
    assert find("werehuose") == ["warehouse"]
    assert find("mcahnie") == []
    assert find("aeeme") == []


def test_the_nearer_of_two_comes_first_and_no_word_twice() -> None:
    assert find("robertt")[0] in ("robert", "roberts")
    assert find("roberts")[:2] == ["roberts", "robert"]
    for word in ("robert", "tool", "manu", "st"):
        assert len(find(word, is_open=True)) == len(set(find(word, is_open=True)))


def test_a_word_that_is_being_typed_may_be_the_beginning_of_a_longer_one() -> None:
    assert set(find("m", is_open=True)) == {"machine", "manual", "manufacturing", "mfg", "munchen"}
    assert find("ac", is_open=True)[:2] == ["acme", "acorn"]
    assert find("manufa", is_open=True)[0] == "manufacturing"
    assert "manufacturing" in find("mnauf", is_open=True)
    assert find("m") == []


def test_other_forms_of_a_word_are_nearly_as_good() -> None:
    assert "mfg" in find("manufacturing")
    assert "manufacturing" in find("mfg")
    assert {"street", "saint"} <= set(find("st"))
    assert "n" in find("north")
    assert "robert" in find("bob")


def test_names_are_read_without_case_accents_dots_and_legal_forms() -> None:
    assert read_lines(["The Café Müller, L.L.C."]) == [("cafe", "muller")]
    assert read_lines(["ACME, Inc.", "Acme"]) == [("acme",)]
    assert read_lines(["J. B. O'Hara & Sons Co."]) == [("jb", "ohara", "sons")]
    assert read_lines(["AT&T", "A & B Plumbing"]) == [("att",), ("ab", "plumbing")]
    assert read_lines(["The Company"]) == [("company",)]
    assert read_lines(["", " - "]) == []


def test_a_cell_of_several_names_is_each_of_them_and_all() -> None:
    assert read_lines(["Hunter Plastics dba Zeta Molding"]) == [
        ("hunter", "plastics"),
        ("zeta", "molding"),
        ("hunter", "plastics", "zeta", "molding"),
    ]


def test_digits_are_read_as_words_and_as_a_telephone_number() -> None:
    assert read_query("61101") == [(Term("61101", open=True),), (Term("61101", "phone", open=True),)]
    assert read_query("(815) 555-01")[1] == (Term("81555501", "phone", open=True),)
    assert read_query("acme 1-815-555-0123")[1] == (Term("acme"), Term("8155550123", "phone"))
    assert len(read_query("84")) == 1


def test_addresses_are_read_without_what_every_address_has() -> None:
    for typed in ("https://www.acme.com/about?x=1", "www.acme.com", "acme.com"):
        assert read_query(typed)[1][-1].text == "acme.com"
    assert read_query("Jane.Doe@acme.com")[1] == (Term("jane.doe@acme.com", "address", open=True),)
    assert len(read_query("st. louis")) == 1


def test_what_may_become_a_legal_form_tells_nearly_nothing_yet() -> None:
    assert read_query("acme comp")[0] == (Term("acme"), Term("comp", open=True, weak=True))
    assert read_query("acme inc")[0] == (Term("acme"), Term("inc", open=True, weak=True))
    assert read_query("acme inc ")[0] == (Term("acme"),)
    assert read_query("comp")[0] == (Term("comp", open=True),)


def test_a_blank_ends_the_last_word() -> None:
    assert read_query("acme ")[0] == (Term("acme"),)


def test_without_letter_or_digit_there_is_nothing_to_read() -> None:
    for typed in ("", " ", "&", "-.-", "(("):
        assert read_query(typed) == []


def test_slips_of_a_number_are_one_digit_away() -> None:
    assert {"234", "1243", "1239", "12341"} <= list_slips("1234")
    assert "4321" not in list_slips("1234")
