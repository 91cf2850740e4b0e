"""What would have made a redundant knock coordinated: the worked example of definitions §3, and the edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm.analysis.missing_links import tell_missing
from tests.knock_worlds import Handover, Pact, World, make_touch, make_world
from tests.unit.test_knocks import FIVE, explain


def list_missing(world: World, **options: int | bool) -> list[list[tuple[str, str]]]:
    return [[tuple(link) for link in line.missing] for line in explain(world, **options)]  # type: ignore[misc]


def test_each_redundant_knock_of_the_worked_example_names_what_was_missing() -> None:
    assert list_missing(make_world(*FIVE)) == [
        [],
        [("College", "WDB")],
        [],
        [("VR", "College"), ("VR", "WDB")],
        [],
    ]


def test_the_sentence_says_it_in_words() -> None:
    lines = explain(make_world(*FIVE))
    assert [line.remedy for line in lines if line.remedy] == [
        "It would have been coordinated if College and WDB had had a shared lead on 2026-01-20, "
        "or a joint contact or an accepted referral in the 365 days before.",
        "It would have been coordinated if VR had had a shared lead with College and WDB on 2026-03-01, "
        "or a joint contact with each or an accepted referral in the 365 days before.",
    ]
    assert tell_missing([], "2026-01-01", link_days=365) == ""


def test_one_link_is_enough_where_the_others_are_one_door() -> None:
    world = make_world(*FIVE, pacts=[Pact(("WDB", "College"), date(2026, 1, 1))])
    assert list_missing(world)[3] == [("VR", "College")]


def test_a_named_agency_is_one_that_knocked() -> None:
    world = make_world(*FIVE[:2], pacts=[Pact(("WDB", "Chamber"), date(2026, 1, 1))])
    assert list_missing(world) == [[], [("College", "WDB")]]


def test_what_was_linked_already_is_not_missing() -> None:
    world = make_world(*FIVE, handovers=[Handover("bakery", "VR", "WDB", date(2026, 2, 1))])
    assert list_missing(world)[3] == [("VR", "College")]


def test_the_window_and_the_broad_reading_are_those_of_the_question() -> None:
    assert list_missing(make_world(*FIVE), window=45)[3] == [("VR", "College")]
    assert list_missing(make_world(*FIVE), broad=True)[3] == [("VR", "Chamber"), ("VR", "College"), ("VR", "WDB")]


def test_of_an_old_joint_contact_one_agency_is_enough() -> None:
    touches = (
        make_touch("2025-01-10", "WDB", "Chamber"),
        make_touch("2025-02-01", "Chamber"),
        make_touch("2026-03-01", "College"),
    )
    # The joint contact links its two agencies no more; the Chamber stands behind both of the earlier knocks.
    assert list_missing(make_world(*touches), window=500)[-1] == [("College", "Chamber")]


def test_a_joint_knock_needs_one_link_for_all_its_agencies() -> None:
    world = make_world(make_touch("2026-01-05", "WDB"), make_touch("2026-01-20", "VR", "College"))
    assert list_missing(world) == [[], [("College", "WDB")]]


@pytest.mark.parametrize("kind", ["agreement", "joint", "referral"])
def test_any_of_the_three_kinds_of_link_would_have_done(kind: str) -> None:
    world = make_world(*FIVE[:2])
    with_link = {
        "agreement": replace(world, pacts=[Pact(("WDB", "College"), date(2026, 1, 20), date(2026, 1, 20))]),
        "joint": replace(world, touches=[make_touch("2025-12-01", "WDB", "College", purpose="service"), *FIVE[:2]]),
        "referral": replace(world, handovers=[Handover("bakery", "WDB", "College", date(2025, 1, 20))]),
    }[kind]
    assert [line.outcome.word for line in explain(with_link)] == ["first", "coordinated"]
