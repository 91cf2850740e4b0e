"""Registers of people: birthdays, addresses and numbers beside the names."""

from dataclasses import replace

import pytest

from crm.dedupe import explain, resolve
from crm.dedupe.registers import REGISTER, RegisterRow, read_day

ANA = RegisterRow("a", first_name="Ana", last_name="Silva", born_on="1961-03-25", street="12 Main St", zip="61101")


def decide(left: RegisterRow, right: RegisterRow) -> str:
    """What is made of two rows by score alone; the same whichever is first."""
    found, turned = explain(REGISTER, left, right), explain(REGISTER, right, left)
    assert found.points == turned.points
    assert all(feature.sentence for feature in found.features)
    return found.decision


@pytest.mark.parametrize(
    ("other", "expected", "why"),
    [
        ({"street": "9 Oak Ave", "zip": "60601"}, "same", "she moved"),
        ({"born_on": "25.03.1961"}, "same", "day and month turned, all else the same"),
        ({"born_on": "1961-03-26"}, "same", "a slip in the birthday"),
        ({"first_name": "Silva", "last_name": "Ana"}, "same", "first and last name turned"),
        ({"first_name": "Anna"}, "same", "a slip in the first name"),
        ({"last_name": "Ross"}, "same", "she married and stayed"),
        ({"last_name": "Ross", "street": "9 Oak Ave", "zip": "60601"}, "different", "another Ana of that day"),
        ({"first_name": "Bo"}, "review", "twins, or one person: somebody has to look"),
        ({"first_name": "Bo", "born_on": "1990-07-02"}, "different", "mother and son at one address"),
        ({"born_on": "1990-07-02"}, "review", "mother and daughter of one name at one address"),
        ({"born_on": "", "street": "", "zip": ""}, "review", "a name and nothing else"),
        ({"born_on": "", "street": "9 Oak Ave", "zip": "60601"}, "review", "one name at two addresses: may be anybody"),
    ],
)
def test_one_person_or_two(other: dict[str, str], expected: str, why: str) -> None:
    assert decide(ANA, replace(ANA, uid="b", **other)) == expected, why


def test_the_same_number_makes_up_for_another_last_name() -> None:
    married = replace(ANA, uid="b", last_name="Ross", national_id="123-45-6789")
    assert decide(replace(ANA, national_id="123456789"), married) == "same"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1961-03-25", "19610325"),
        ("19610325", "19610325"),
        ("3/25/1961", "19610325"),
        ("25.3.1961", "19612503"),
        ("1961", ""),
        ("3/25/61", ""),
        ("unknown", ""),
    ],
)
def test_a_birthday_is_read_with_the_year_first(cell: str, day: str) -> None:
    assert read_day(cell) == day


def test_registers_are_clustered_like_any_records() -> None:
    rows = [ANA, replace(ANA, uid="b", street="9 Oak Ave", zip=""), replace(ANA, uid="c", first_name="Bo", born_on="")]
    assert resolve(REGISTER, rows).clusters == [("a", "b"), ("c",)]


@pytest.mark.parametrize(
    ("left", "right", "sentence"),
    [
        ({"zip": "HD3 4UQ"}, {"zip": "hd3 4aa"}, "neighbouring postcodes"),
        ({"zip": "61101"}, {"zip": "61102"}, "postcodes a sign apart"),
        ({"zip": "61101"}, {"zip": "60601"}, "other postcodes and towns"),
    ],
)
def test_postcodes_of_a_few_houses_lie_in_one_area(left: dict[str, str], right: dict[str, str], sentence: str) -> None:
    found = explain(REGISTER, replace(ANA, **left), replace(ANA, uid="b", **right))
    assert {feature.name: feature.sentence for feature in found.features}["place"] == sentence


@pytest.mark.parametrize(("one", "other"), [("Robby", "Robbie"), ("Artie", "Arthur"), ("Kitty", "Katherine")])
def test_a_pet_name_is_the_name(one: str, other: str) -> None:
    assert decide(replace(ANA, first_name=one), replace(ANA, uid="b", first_name=other)) == "same"
