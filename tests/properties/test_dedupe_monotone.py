"""More agreement never lowers a score: two records that come to agree in one more cell are never less alike."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.dedupe import BUSINESS, BusinessRow, explain
from crm.dedupe.pairs import Pairs
from crm.dedupe.score import add_points, most_points

NAMES = [
    "Acme Tool Inc",
    "Acme Tool & Die LLC",
    "Acme Holdings",
    "Acme Tool #2",
    "Baker Supply dba Acme Tool",
    "Bakers Suply",
    "Fort Wayne Foundry",
    "Fort Wayne Foods",
    "Fort Wayne College",
    "Fort Wayne College Foundation",
    "City of Fort Wayne - Public Works",
    "ATD",
    "",
]
AGREEING = {
    "street": "12 N Main St",
    "city": "Fort Wayne",
    "zip": "46802",
    "phone": "815 555 0101",
    "website": "acme.com",
    "email": "jo@acme.com",
    "ein": "36-1234567",
    "naics": "332710",
    "co_names": ("Jo Ann Miller", "Sam Poe"),
}
rows = st.builds(
    BusinessRow,
    uid=st.just("r"),
    name=st.sampled_from(NAMES),
    street=st.sampled_from(["", "12 Main St", "12 N Main Street Suite 4", "88 Oak Ave", "PO Box 7"]),
    city=st.sampled_from(["", "Fort Wayne", "Rockford"]),
    zip=st.sampled_from(["", "46802", "61102"]),
    phone=st.sampled_from(["", "815 555 0101", "8155550102", "555 0102", "800 555 0103"]),
    website=st.sampled_from(["", "acme.com", "baker.com"]),
    naics=st.sampled_from(["", "332710", "722511"]),
    co_names=st.sampled_from([(), ("Ida Kerr", "Sam Poe"), ("Ann Sosa",)]),
)


@pytest.mark.parametrize("cell", AGREEING)
@settings(max_examples=200, deadline=None)
@given(left=rows, right=rows)
def test_two_records_that_agree_in_one_more_cell_are_not_less_alike(cell: str, left, right) -> None:
    blank, agreed = ({cell: value} for value in (type(AGREEING[cell])(), AGREEING[cell]))
    without = explain(BUSINESS, replace(left, **blank), replace(right, **blank)).points
    assert explain(BUSINESS, replace(left, **agreed), replace(right, **agreed)).points >= without


@settings(max_examples=300, deadline=None)
@given(left=rows, right=rows)
def test_a_score_is_the_same_from_either_side(left, right) -> None:
    assert explain(BUSINESS, left, right).points == explain(BUSINESS, right, left).points


@settings(max_examples=500, deadline=None)
@given(left=rows, right=rows)
def test_no_feature_gives_more_than_it_says_it_gives_at_most(left, right) -> None:
    pairs = Pairs([BUSINESS.read(left), BUSINESS.read(right)], np.array([0, 0]), np.array([1, 0]))
    costly = [feature for feature in BUSINESS.features if feature.most]
    assert costly
    assert all((feature.weigh(pairs) <= feature.most(pairs)).all() for feature in costly)
    assert (add_points(BUSINESS, pairs) <= most_points(BUSINESS, pairs)).all()
