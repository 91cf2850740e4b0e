"""The strip of a business: a row a door, a mark a knock, none on another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.views.knock_strips import APART, LEVEL, MOST_DOORS, STRETCHES, Strip, draw_strip
from tests.knock_worlds import Pact, World, make_touch, make_world
from tests.unit.test_knocks import FIVE, YEAR, explain


def draw(world: World) -> Strip:
    return draw_strip(explain(world), YEAR)


def test_a_door_is_a_row_and_a_knock_a_mark() -> None:
    strip = draw(make_world(*FIVE))
    assert strip.title == "5 knocks through 4 doors, 2 of them redundant"
    assert [(row.label, row.knocks, row.redundant) for row in strip.rows] == [
        ("College", 2, 1),
        ("WDB", 1, 0),
        ("Chamber", 1, 0),
        ("VR", 1, 1),
    ]
    assert [(mark.word, mark.knock) for mark in strip.rows[0].marks] == [("redundant", 1), ("first", 4)]
    assert strip.rows[0].marks[0].label == "Jan 20, 2026: College, redundant"
    assert [tick.label for tick in strip.ticks] == [
        f"{month} 2026" for month in ("Jan", "Mar", "May", "Jul", "Sep", "Nov")
    ]


def test_agencies_of_one_door_are_one_row_named_by_those_that_knocked() -> None:
    world = make_world(*FIVE, pacts=[Pact(("WDB", "College", "Nobody"), date(2026, 1, 1))], others=("Nobody",))
    assert [row.label for row in draw(world).rows] == ["College and WDB", "Chamber", "VR"]


def test_later_is_further_to_the_right() -> None:
    marks = [mark for row in draw(make_world(*FIVE)).rows for mark in row.marks]
    assert [mark.knock for mark in sorted(marks, key=lambda mark: mark.x)] == [0, 1, 2, 3, 4]
    assert all(0 < mark.x < 100 for mark in marks)


def test_many_knocks_are_summed_up_and_none_is_lost() -> None:
    touches = [make_touch(str(date(2026, 3, 1) + timedelta(days=n)), "WDB", key=str(n)) for n in range(40)]
    strip = draw(make_world(*touches, make_touch("2026-03-05", "College")))
    assert strip.is_summed
    assert sum(mark.number for row in strip.rows for mark in row.marks) == 41
    assert [mark.label for mark in strip.rows[1].marks] == ["Mar 5, 2026: 1 redundant knock"]


def test_the_doors_with_fewest_knocks_share_a_row_where_there_are_very_many() -> None:
    programs = {f"Agency {n:02d}": f"Agency {n:02d}" for n in range(20)}
    touches = [
        make_touch(f"2026-{1 + n // 28:02d}-{1 + n % 28:02d}", "WDB", agency=name, key=f"{name} {n}")
        for name in programs
        for n in range(30 if name == "Agency 00" else 1)
    ]
    touches = [touch.__class__(**{**vars(touch), "programs": (touch.agency,)}) for touch in touches]
    strip = draw(World(programs, touches))
    assert len(strip.rows) == MOST_DOORS + 1
    assert (strip.rows[-1].label, strip.rows[-1].knocks) == ("8 other doors", 8)


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(0, 364), st.sampled_from(["WDB", "College", "VR"])), max_size=60),
)
def test_no_mark_lies_on_another_and_every_knock_is_drawn_once(days: list[tuple[int, str]]) -> None:
    touches = [
        make_touch(str(date(2026, 1, 1) + timedelta(days=day)), name, key=str(place))
        for place, (day, name) in enumerate(days)
    ]
    strip = draw(make_world(*touches))
    assert sum(mark.number for row in strip.rows for mark in row.marks) == len(days)
    for row in strip.rows:
        assert row.height >= LEVEL
        assert len(row.marks) <= (4 * STRETCHES if strip.is_summed else len(days))
        for one, other in combinations(row.marks, 2):
            assert abs(one.x - other.x) >= APART or abs(one.y - other.y) >= LEVEL
        assert all(LEVEL / 2 <= mark.y <= row.height - LEVEL / 2 for mark in row.marks)
