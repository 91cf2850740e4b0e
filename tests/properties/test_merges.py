"""A merge that is tried out gives what the region counts once the two really are one."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from crm.analysis.days import get_day
from crm.analysis.history import build_history
from crm.analysis.knocks import measure_region
from crm.analysis.merges import weigh_merges
from tests.knock_worlds import World, make_region
from tests.properties.knock_strategies import EPOCH, LATEST, draw_worlds

AS_OF = get_day(EPOCH + timedelta(days=LATEST))
CLASSES = ("first", "own_repeat", "coordinated", "redundant")


def join(world: World) -> World:
    """The same world in which b0 and b1 are one, which goes by b0 and has its values."""

    def name(business: str) -> str:
        return "b0" if business == "b1" else business

    gone = {site.business: site for site in world.sites}
    left, right = gone.get("b0"), gone.get("b1")
    whole = left or (replace(right, business="b0") if right else None)
    if left and right:
        whole = replace(left, naics=left.naics or right.naics)
    return replace(
        world,
        touches=[replace(touch, business=name(touch.business)) for touch in world.touches],
        handovers=[replace(told, business=name(told.business)) for told in world.handovers],
        pacts=[replace(pact, businesses=frozenset(map(name, pact.businesses))) for pact in world.pacts],
        sites=[site for site in world.sites if site.business not in ("b0", "b1")] + ([whole] if whole else []),
    )


@settings(max_examples=120, deadline=None)
@given(world=draw_worlds())
def test_a_merge_tried_out_is_what_the_merge_gives(world: World) -> None:
    before = measure_region(build_history(make_region(world), as_of=AS_OF))
    after = measure_region(build_history(make_region(join(world)), as_of=AS_OF))
    (change,) = weigh_merges(make_region(world), [("b0", "b1")], as_of=AS_OF)
    assert {name: getattr(change, name) for name in CLASSES} == {
        name: getattr(after, name) - getattr(before, name) for name in CLASSES
    }
