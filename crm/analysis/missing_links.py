"""What would have made a redundant knock coordinated: the fewest links that were missing on its day (definitions §3).

A knock is redundant if some earlier knock that it is compared with shares no agency with it and came through another
door. So every such knock has to be brought into its door: a link between an agency of either for each of the other
doors, and fewer will not do, because one link joins two doors. Where an earlier knock came through several doors at
once (a joint contact whose year is over), one of them is enough, and the choice of doors that serves most is searched
for exactly.

What makes a link of two agencies on a day: a shared-lead agreement that is in force, or a joint contact or an accepted
referral in the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crm.analysis.doors import Doors


class MissingLink(NamedTuple):
    """An agency of the knock, and one behind an earlier knock: names, or numbers of the directory."""

    own: str
    other: str


def find_missing(own: int, earlier: Iterable[int], *, doors: Doors, day: int) -> list[tuple[int, int]]:
    """Pairs of agencies (numbers) without whose links a knock of these agencies is redundant; empty if it is not.

    `own` and `earlier` are the agencies of the knock and of the knocks that it is compared with, as bits. Of several
    choices of equally few it is the one of the lowest numbers, which are the agencies' names in text order.
    """
    whole = doors.widen(own, day)
    apart = sorted({mask for mask in earlier if not mask & whole})
    lowest = _lowest(own)
    return [(lowest, _lowest(_choose(apart, door))) for door in _find_fewest([_split(m, doors, day) for m in apart])]


def _split(agencies: int, doors: Doors, day: int) -> tuple[int, ...]:
    """The doors on this day that these agencies are in, those of the lowest numbers first."""
    found: list[int] = []
    while agencies:
        door = doors.widen(agencies & -agencies, day)
        found.append(door)
        agencies &= ~door
    return tuple(found)


def _find_fewest(choices: Sequence[tuple[int, ...]]) -> list[int]:
    """The fewest doors of which each choice holds one."""
    forced = {doors[0] for doors in choices if len(doors) == 1}
    left = sorted({doors for doors in choices if forced.isdisjoint(doors)}, key=lambda doors: (len(doors), doors))
    number = 0
    while (found := _cover(left, number)) is None:
        number += 1
    return sorted(forced | set(found), key=_lowest)


def _cover(choices: Sequence[tuple[int, ...]], number: int) -> list[int] | None:
    """So many doors, of which each choice holds one; None if there are none."""
    if not choices:
        return []
    if not number:
        return None
    for door in choices[0]:
        rest = _cover([doors for doors in choices if door not in doors], number - 1)
        if rest is not None:
            return [door, *rest]
    return None


def _choose(masks: Iterable[int], door: int) -> int:
    """Of the agencies of a door, those that knocked."""
    knocked = 0
    for mask in masks:
        knocked |= mask & door
    return knocked


def _lowest(agencies: int) -> int:
    return (agencies & -agencies).bit_length() - 1


def tell_missing(links: Sequence[MissingLink], day: str, *, link_days: int) -> str:
    """One sentence; `day` is ISO. '' without any link."""
    if not links:
        return ""
    own, others = links[0].own, [link.other for link in links]
    several = len(others) > 1
    shared = (
        f"{own} had had a shared lead with {_join(others)}"
        if several
        else f"{own} and {others[0]} had had a shared lead"
    )
    with_each = " with each" if several else ""
    return (
        f"It would have been coordinated if {shared} on {day}, "
        f"or a joint contact{with_each} or an accepted referral in the {link_days} days before."
    )


def _join(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
