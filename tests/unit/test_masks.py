"""Masks: who is called what in a room, and that no name slips through in what somebody writes."""

import pytest

from crm.analysis.masks import Masks, letter

NAMES = {"a1": "Harbor College", "a2": "WDB", "a3": "Harbor College North", "b1": "Acme Tool Inc", "b2": "Zeta"}
MASKS = Masks(agencies=("a2", "a1", "a3"), businesses=("b1", "b2"), names=NAMES)


@pytest.mark.parametrize(
    ("place", "text"), [(0, "A"), (1, "B"), (25, "Z"), (26, "AA"), (27, "AB"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_go_on_after_z(place: int, text: str) -> None:
    assert letter(place) == text


def test_everybody_is_masked_until_the_owner_shows_the_name() -> None:
    assert [MASKS.call(id) for id in ("a1", "a2", "b1", "b2")] == ["Agency B", "Agency A", "Business 1", "Business 2"]
    shown = Masks(MASKS.agencies, MASKS.businesses, NAMES, frozenset({"a1", "b2"}))
    assert [shown.call(id) for id in ("a1", "a2", "b1", "b2")] == ["Harbor College", "Agency A", "Business 1", "Zeta"]
    assert shown.mask("a1") == "Agency B"


def test_who_has_no_letter_is_no_name_either() -> None:
    assert (MASKS.call("a9"), MASKS.call("b9")) == ("An agency", "A business")


def test_a_mark_leads_back() -> None:
    assert [MASKS.find(mark) for mark in ("A", " b ", "2", "Z", "")] == ["a2", "a1", "b2", None, None]
    assert [MASKS.mark(id) for id in ("a2", "b2", "a9")] == ["A", "2", ""]


def test_what_somebody_writes_holds_no_masked_name() -> None:
    said = "wdb and HARBOR  college north share Acme\nTool Inc; harbor college waits."
    assert MASKS.hide(said) == "Agency A and Agency C share Business 1; Agency B waits."


def test_a_name_within_a_word_is_no_name() -> None:
    assert MASKS.hide("WDBs zetas") == "WDBs zetas"


def test_what_was_shown_stays_as_it_was_written() -> None:
    shown = Masks(MASKS.agencies, MASKS.businesses, NAMES, frozenset({"a2"}))
    assert shown.hide("WDB asks Zeta") == "WDB asks Business 2"


def test_without_names_nothing_is_hidden() -> None:
    assert Masks(("a1",)).hide("Harbor College") == "Harbor College"
