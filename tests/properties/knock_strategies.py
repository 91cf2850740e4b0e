"""Random small regions, dense enough that chains, windows, links and ties on one day all come up."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.knock_worlds import Handover, Pact, Site, Touch, World

EPOCH = date(2025, 1, 1)
PROGRAMS = {"p1": "Ab", "p2": "Ab", "p3": "Bo", "p4": "Cy", "p5": "Dé", "p6": "cy"}
TOPICS = ("Welders", " welders ", "CDL", "", "night shift")
# Distances that the rules turn on, so that boundaries are drawn often.
STEPS = (0, 1, 7, 13, 14, 15, 29, 30, 31, 44, 89, 90, 91, 180, 181, 364, 365, 366)
LATEST = 430

days = st.one_of(
    st.integers(0, LATEST),
    st.sampled_from([step for step in STEPS if step <= LATEST]),
    st.sampled_from([400 - step for step in STEPS]),
)


@st.composite
def draw_touches(draw: st.DrawFn, *, businesses: int, most: int) -> list[Touch]:
    touches = []
    # Without joint contacts only agreements link agencies, and another path through the measures is taken.
    joint_tenths = draw(st.sampled_from([0, 0, 1, 3]))
    for number in range(draw(st.integers(0, most))):
        joint = draw(st.integers(1, 10)) <= joint_tenths
        names = st.lists(st.sampled_from(sorted(PROGRAMS)), min_size=1, max_size=3 if joint else 1, unique=True)
        programs = draw(names)
        own = PROGRAMS[programs[0]]
        touches.append(
            Touch(
                business=f"b{draw(st.integers(0, businesses - 1))}",
                on=EPOCH + timedelta(days=draw(days)),
                agency=draw(st.sampled_from([own, own, own, "Ab", "No programs"])),
                programs=tuple(programs),
                # The same key may come from two systems, and keys sort unlike the order in which they are drawn.
                key=draw(st.sampled_from(["10", "9", "a", "B", f"k{number}"])) + (f"-{number}" if number % 3 else ""),
                system=draw(st.sampled_from(["plain", "other"])) + str(number),
                channel=draw(st.sampled_from(["visit", "call", "email", "mass_mail", "survey", ""])),
                direction=draw(st.sampled_from(["out", "out", "out", "", "in"])),
                purpose=draw(st.sampled_from(["needs", "needs", "survey", "sponsorship", "", "service"])),
                reached=draw(st.sampled_from(["yes", "no", "no", ""])),
                topics=tuple(
                    draw(st.lists(st.sampled_from(["Welders", " welders ", "CDL", "", "night shift"]), max_size=2))
                ),
                persons=tuple(draw(st.lists(st.sampled_from(["ann", "bob"]), max_size=2, unique=True))),
                promise=draw(st.sampled_from(["", "", "", "a flyer"])),
                promise_kept_on=draw(st.none() | days.map(lambda day: EPOCH + timedelta(days=day))),
            )
        )
    return touches


@st.composite
def draw_worlds(draw: st.DrawFn, *, businesses: int = 4, most: int = 24) -> World:
    return World(
        programs=PROGRAMS,
        touches=draw(draw_touches(businesses=businesses, most=most)),
        handovers=draw(st.lists(draw_handovers(businesses=businesses), max_size=3)),
        pacts=draw(st.lists(draw_pacts(businesses=businesses), max_size=3)),
        sites=draw_sites(draw, businesses),
        others=("No programs", "Silent"),
    )


def draw_sites(draw: st.DrawFn, businesses: int) -> list[Site]:
    return [
        Site(
            business=f"b{number}",
            naics=draw(st.sampled_from(["", "311811", "325", "623110"])),
            employees=draw(st.sampled_from([None, 0, 9, 10, 49, 50, 249, 250])),
            county=draw(st.sampled_from(["", "Cook", "Lake"])),
            zip=draw(st.sampled_from(["", "60601", "60602"])),
            closed_on=draw(st.sampled_from([None, None, EPOCH + timedelta(days=400), EPOCH + timedelta(days=401)])),
        )
        for number in range(businesses + 1)
    ]


@st.composite
def draw_handovers(draw: st.DrawFn, *, businesses: int) -> Handover:
    return Handover(
        business=f"b{draw(st.integers(0, businesses - 1))}",
        from_program=draw(st.sampled_from(sorted(PROGRAMS))),
        to_program=draw(st.sampled_from(sorted(PROGRAMS))),
        accepted_on=draw(st.none() | days.map(lambda day: EPOCH + timedelta(days=day))),
    )


@st.composite
def draw_pacts(draw: st.DrawFn, *, businesses: int) -> Pact:
    names = st.lists(st.sampled_from(["Ab", "Bo", "Cy", "Dé", "cy"]), min_size=1, max_size=3, unique=True)
    return Pact(
        agencies=tuple(draw(names)),
        begins=EPOCH + timedelta(days=draw(days) - 30),
        ends=draw(st.none() | days.map(lambda day: EPOCH + timedelta(days=day))),
        naics=draw(st.sampled_from([(), (), ("31",), ("623", "32")])),
        businesses=frozenset(draw(st.sets(st.sampled_from([f"b{n}" for n in range(businesses)]), max_size=2))),
        places=draw(st.sampled_from([(), (), (), ("cook",), ("Lake", "60601")])),
    )
