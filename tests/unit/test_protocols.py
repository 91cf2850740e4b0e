"""Before and after an agreement: the same measure, equally long times, and no improvement that may be missing rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from crm.analysis.days import get_day
from crm.analysis.history import build_history
from crm.analysis.protocols import Change, judge, measure_change
from tests.knock_worlds import Pact, Site, Touch, World, make_agreements, make_region, make_touch, make_world

BEGIN = date(2026, 3, 1)
PACT = Pact(("WDB", "College"), BEGIN)


def pair(business: str, on: date, *, gap: int = 10) -> list[Touch]:
    """WDB asks, and College after it: redundant without an agreement, coordinated under it."""
    return [
        make_touch(on.isoformat(), "WDB", business=business, key=f"w{business}{on}"),
        make_touch((on + timedelta(days=gap)).isoformat(), "College", business=business, key=f"c{business}{on}"),
    ]


def measure(touches: list[Touch], *, as_of: str = "2026-04-30", pact: Pact = PACT, **changes: Any) -> Change | None:
    world: World = make_world(*touches, pacts=[pact], **changes)
    history = build_history(make_region(world), as_of=get_day(date.fromisoformat(as_of)))
    return measure_change(history, make_agreements(world)[0])


def get(touches: list[Touch], **changes: Any) -> Change:
    found = measure(touches, **changes)
    assert found is not None
    return found


# Both agencies have rows before the first day and on the last, so that nothing is unknown.
FRAME = [
    make_touch(on, program, business="frame", purpose="service", key=f"{program}{on}")
    for program in ("WDB", "College")
    for on in ("2025-12-01", "2026-04-30")
]
EIGHT = [touch for n in range(8) for touch in pair(f"b{n}", date(2026, 1, 5))]


def test_times_are_equally_long_and_end_at_the_first_day() -> None:
    found = get(FRAME)
    assert (found.days, found.before.as_json()["from"], found.before.as_json()["to"]) == (
        61,
        "2025-12-30",
        "2026-02-28",
    )
    assert (found.after.as_json()["from"], found.after.as_json()["to"]) == ("2026-03-01", "2026-04-30")
    assert [(month.month, month.is_after) for month in found.months] == [
        ("2025-12", False), ("2026-01", False), ("2026-02", False), ("2026-03", True), ("2026-04", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "ends", "days"),
    [("2026-02-28", None, None), ("2026-03-01", None, 1), ("2028-01-01", None, 365), ("2026-04-30", "2026-03-10", 10)],
)
def test_it_ends_with_the_report_the_agreement_or_its_first_year(as_of: str, ends: str | None, days: int) -> None:
    pact = replace(PACT, ends=date.fromisoformat(ends) if ends else None)
    found = measure(FRAME, as_of=as_of, pact=pact)
    assert (found.days if found else None) == days


def test_knocks_that_are_held_make_it_lower() -> None:
    after = [make_touch("2026-04-02", "WDB", business=f"b{n}", key=f"a{n}") for n in range(8)]
    late = [replace(touch, purpose="sponsorship") for touch in after]
    found = get([*FRAME, *EIGHT, *late])
    assert (found.before.knocks, found.before.redundant, found.before.rate) == (16, 8, 0.5)
    assert (found.after.knocks, found.after.redundant, found.after.followed_rate) == (8, 0, 0.0)
    assert (found.difference, found.interval, found.verdict) == (-0.5, (-0.5, -0.5), "lower")


def test_too_few_businesses_prove_nothing() -> None:
    four = [touch for touch in EIGHT if touch.business < "b4"]
    after = [make_touch("2026-04-02", "WDB", business=f"b{n}", key=f"a{n}", purpose="sponsorship") for n in range(4)]
    found = get([*FRAME, *four, *after])
    assert (found.businesses, found.difference, found.verdict) == (4, -0.5, "lower, may be chance")


def test_a_fall_by_the_definition_alone_shows_beside_what_followed() -> None:
    found = get([*FRAME, *EIGHT, *(t for n in range(8) for t in pair(f"x{n}", date(2026, 3, 5)))])
    assert (found.before.rate, found.after.rate) == (0.5, 0.0)
    # Everybody knocks as before: the second of two only counts as coordinated now.
    assert (found.before.followed_rate, found.after.followed_rate) == (0.5, 0.5)


def test_a_fall_that_comes_with_unknown_months_is_called_that() -> None:
    frame = [touch for touch in FRAME if touch.agency != "College" or touch.on < BEGIN]
    after = [make_touch("2026-04-02", "WDB", business=f"z{n}", key=f"a{n}") for n in range(8)]
    found = get([*frame, *EIGHT, *after])
    assert found.difference == -0.5
    assert found.after.unknown == [("College", "2026-03"), ("College", "2026-04")]
    assert found.verdict == "lower, not all known"


def test_who_is_not_bound_may_be_unknown() -> None:
    found = get([*FRAME, *EIGHT, make_touch("2025-12-30", "VR", business="b0", key="v")])
    assert not found.before.unknown
    assert not found.after.unknown


def test_only_what_it_covers_and_whom_it_binds_is_counted() -> None:
    other = [make_touch("2026-01-20", "Chamber", business="b0", key="h")]
    sites = [Site("b0", naics="311811"), Site("b1", naics="332")]
    found = get([*FRAME, *EIGHT, *other], pact=replace(PACT, naics=("311",)), sites=sites)
    assert (found.before.knocks, found.before.redundant) == (2, 1)
    joint = [make_touch("2026-01-20", "WDB", "Chamber", business="b0", key="h", purpose="sponsorship")]
    found = get([*FRAME, *EIGHT, *joint], pact=replace(PACT, naics=("311",)), sites=sites)
    assert found.before.knocks == 3


def test_an_agreement_of_one_known_agency_changes_nothing() -> None:
    assert measure([*FRAME, *EIGHT], pact=replace(PACT, agencies=("WDB",))) is None


@pytest.mark.parametrize(
    ("difference", "interval", "is_known", "verdict"),
    [
        (None, None, True, "nothing to compare"),
        (0.0, (0.0, 0.0), False, "the same"),
        (0.2, (0.1, 0.3), True, "higher"),
        (0.2, (0.1, 0.3), False, "higher"),
        (-0.2, (-0.3, -0.1), True, "lower"),
        (-0.2, (-0.3, 0.1), True, "lower, may be chance"),
        (-0.2, None, True, "lower, may be chance"),
        (-0.2, (-0.3, -0.1), False, "lower, not all known"),
    ],
)
def test_what_a_step_is_called(difference: Any, interval: Any, is_known: bool, verdict: str) -> None:
    assert judge(difference, interval, is_known=is_known) == verdict
