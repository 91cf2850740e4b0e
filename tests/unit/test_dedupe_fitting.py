"""A list of people that is long enough is matched by what agreement is worth in it, found without labels."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe.bulk import group_forms, read_forms
from crm.dedupe.crew import Crew
from crm.dedupe.kinds import Graded, Kind
from crm.dedupe.registers import REGISTER, RegisterRow
from crm.dedupe.score import explain_forms
from crm.dedupe.weights import UNKNOWN

FIRST = ("Ana", "Bo", "Carl", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivan", "Jo", "Karl", "Lena", "Max", "Nora", "Otto")
BEGINS, ENDS = ("Ander", "Berg", "Carl", "Dun", "Eng", "Frie", "Gor", "Hol"), ("son", "man", "dal", "ton")


def draw_households(count: int, seed: int = 1) -> list[RegisterRow]:
    """Households of two to four people, of whom about a third stand in the list a second time with an error."""
    rng = random.Random(seed)
    rows: list[RegisterRow] = []
    for house in range(count):
        last, street = (
            rng.choice(BEGINS) + rng.choice(ENDS),
            f"{rng.randint(1, 900)} {rng.choice(['Oak', 'Elm', 'Pine', 'Lake'])} St",
        )
        shared: dict[str, Any] = {
            "last_name": last,
            "street": street,
            "zip": str(61100 + rng.randint(0, 20)),
            "phone": f"81555{house:05}",
        }
        for number, first in enumerate(rng.sample(FIRST, rng.randint(2, 4))):
            born = f"{rng.randint(1940, 2010)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
            row = RegisterRow(f"{house}-{number}-a", first_name=first, born_on=born, **shared)
            rows.append(row)
            if rng.random() < 0.35:
                error = rng.choice([{"phone": ""}, {"street": "1 New Rd", "zip": "60601"}, {"last_name": last[:-1]}])
                rows.append(replace(row, uid=f"{house}-{number}-b", **error))
    return rows


def fit_to(rows: Sequence[RegisterRow]) -> Kind:
    """The kind fitted to all pairs of these rows."""
    forms = [REGISTER.read(row) for row in rows]
    left, right = np.array(list(combinations(range(len(forms)), 2))).T
    assert REGISTER.fit
    return REGISTER.fit(REGISTER, forms, left, right, len(forms), 1.0)


def group(rows: Sequence[RegisterRow], workers: int = 1) -> set[frozenset[str]]:
    rows = sorted(rows, key=lambda row: row.uid)
    crew = Crew(workers)
    forms = read_forms(REGISTER, len(rows), lambda start, stop: rows[start:stop], crew, lambda *_: None)
    clusters: dict[int, set[str]] = {}
    for row, first in zip(rows, group_forms(REGISTER, forms, crew, lambda *_: None).tolist(), strict=True):
        clusters.setdefault(first, set()).add(row.uid)
    return set(map(frozenset, clusters.values()))


HOUSEHOLDS = draw_households(150)
FITTED = fit_to(HOUSEHOLDS)


def test_those_of_one_household_stay_apart_and_those_who_stand_there_twice_are_one() -> None:
    found = group(HOUSEHOLDS)
    assert all(len({uid[:-2] for uid in cluster}) == 1 for cluster in found)
    people = {row.uid[:-2] for row in HOUSEHOLDS}
    assert len(found) <= len(people) * 1.02


def test_the_answer_depends_neither_on_the_order_nor_on_the_cores() -> None:
    assert group(HOUSEHOLDS[::-1], workers=2) == group(HOUSEHOLDS)


def test_a_short_list_is_matched_by_the_points_of_the_file() -> None:
    assert fit_to(HOUSEHOLDS[:20]) is REGISTER


def test_what_no_row_says_has_no_part() -> None:
    names = {feature.name for feature in FITTED.features}
    assert {"last name", "birthday", "address", "household or office"} <= names
    assert not {"personal number", "employer", "name alone"} & names


def test_the_points_rise_from_level_to_level() -> None:
    for feature in FITTED.features:
        if isinstance(feature, Graded):
            points = [
                int(p) for p, level in zip(feature.scale.points, feature.scale.levels, strict=True) if level != UNKNOWN
            ]
            assert points == sorted(points), feature.name
            assert points[0] < 0 < points[-1], feature.name


def points_of(left: RegisterRow, right: RegisterRow) -> int:
    return explain_forms(FITTED, REGISTER.read(left), REGISTER.read(right)).points


def test_a_rare_name_in_common_tells_more_than_a_common_one() -> None:
    rare = RegisterRow("r", first_name="Zita", last_name="Quisenberry", born_on="1961-03-25")
    rows = [*HOUSEHOLDS, rare, replace(rare, uid="s", phone="815 555 0101")]
    fitted = fit_to(rows)
    told = {
        row.uid: {one.name: one.score for one in explain_forms(fitted, REGISTER.read(row), REGISTER.read(row)).features}
        for row in (rare, HOUSEHOLDS[0])
    }
    assert told["r"]["rarity"] > told[HOUSEHOLDS[0].uid]["rarity"]


ROWS = st.builds(
    RegisterRow,
    uid=st.just("r"),
    first_name=st.sampled_from(["", "Ana", "Anna", "Otto", "Engson"]),
    last_name=st.sampled_from(["", "Engson", "Engsn", "Holton", "Ana"]),
    born_on=st.sampled_from(["", "1961-03-25", "1961-03-26", "1990-07-02"]),
    street=st.sampled_from(["", "12 Oak St", "13 Oak St", "9 Elm St"]),
    zip=st.sampled_from(["", "61101", "61102", "60601"]),
    phone=st.sampled_from(["", "815 555 0101"]),
)
AGREEING = {"born_on": "1961-03-25", "street": "12 Oak St", "zip": "61101", "phone": "815 555 0199"}


@pytest.mark.parametrize("cell", AGREEING)
@settings(max_examples=100, deadline=None)
@given(left=ROWS, right=ROWS)
def test_two_rows_that_agree_in_one_more_cell_are_not_less_alike(cell: str, left, right) -> None:
    apart = points_of(replace(left, **{cell: ""}), replace(right, **{cell: ""}))
    assert points_of(*(replace(row, **{cell: AGREEING[cell]}) for row in (left, right))) >= apart - 1


@settings(max_examples=200, deadline=None)
@given(left=ROWS, right=ROWS)
def test_a_score_is_the_same_from_either_side(left, right) -> None:
    assert points_of(left, right) == points_of(right, left)
