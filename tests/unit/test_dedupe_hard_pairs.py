"""The matcher on the catalogue of hard pairs: what it says of each, against what a careful person would say."""

from typing import Any

import pytest

from crm.dedupe import BUSINESS, PERSON, BusinessRow, PersonRow, explain
from crm.dedupe.firms import roll_up_firms
from crm.dedupe.registers import REGISTER, RegisterRow
from tests.hard_pairs import BUSINESSES, PEOPLE, REGISTERS
from tests.hard_pairs.pair import FIRM, SAME, Answer, Cells, Pair

ALL = [*BUSINESSES, *PEOPLE, *REGISTERS]
KINDS = {"business": (BUSINESS, BusinessRow), "person": (PERSON, PersonRow), "register": (REGISTER, RegisterRow)}
CASES = [("business", BUSINESSES), ("person", PEOPLE), ("register", REGISTERS)]


def answer_of(kind: str, left: Cells, right: Cells) -> Answer:
    """What the matcher says of two records; of two businesses that it keeps apart also whether they are of one firm."""
    matcher, row = KINDS[kind]
    decision = explain(matcher, row("l", **left), row("r", **right)).decision
    if kind == "business" and decision != SAME and are_of_one_firm(left, right):
        return FIRM
    return decision


def are_of_one_firm(left: Cells, right: Cells) -> bool:
    return len(set(roll_up_firms([left | {"id": "b1"}, right | {"id": "b2"}]).values())) == 1


def parameters() -> list[Any]:
    """Pairs that fail are kept, with their reason, and reported the day they pass."""
    return [
        pytest.param(
            kind, pair, id=pair.title, marks=[pytest.mark.xfail(reason=pair.fails, strict=True)] if pair.fails else []
        )
        for kind, pairs in CASES
        for pair in pairs
    ]


@pytest.mark.parametrize(("kind", "pair"), parameters())
def test_the_answer_is_a_careful_persons(kind: str, pair: Pair) -> None:
    assert answer_of(kind, pair.left, pair.right) == pair.answer, pair.why


@pytest.mark.parametrize(("kind", "pairs"), CASES)
def test_the_answer_is_the_same_from_either_side(kind: str, pairs: list[Pair]) -> None:
    turned = {pair.title: answer_of(kind, pair.right, pair.left) for pair in pairs}
    assert turned == {pair.title: answer_of(kind, pair.left, pair.right) for pair in pairs}


def test_the_catalogue_is_large_and_its_titles_and_reasons_are_its_own() -> None:
    assert len(ALL) >= 150
    for _, pairs in CASES:
        assert len({pair.title for pair in pairs}) == len(pairs)
    assert all(pair.why.endswith(".") and len(pair.why) > 10 for pair in ALL)
