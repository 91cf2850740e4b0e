"""The calendar of coming asks: meetings of tables and planned contacts, and where two of them fall on the same people.

A planned contact is in it if it would be an ask (outbound, with a purpose that has a class). Two coming asks clash when
they share a business or a person, are at most `clash_days` apart, and have no agency in common: then two agencies ask
the same people at about one time, and neither may know. A joint contact is one ask of all its agencies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from crm.analysis.tables import SETTINGS, Meeting, Seat, Standing, TableSettings


@dataclass(frozen=True, slots=True)
class ComingAsk:
    """One coming ask. `id` is the meeting's or the contact's, `about` the table's id or the contact's business."""

    day: int
    kind: Literal["meeting", "contact"]
    id: str
    about: str
    label: str
    agencies: frozenset[str]
    businesses: frozenset[str]
    persons: frozenset[str]

    @property
    def order(self) -> tuple[int, str, str, str]:
        return self.day, self.kind, self.label, self.id


@dataclass(frozen=True, slots=True)
class Clash:
    """Two coming asks of the same businesses or persons, the earlier first."""

    first: ComingAsk
    second: ComingAsk
    businesses: frozenset[str]
    persons: frozenset[str]

    @property
    def days(self) -> int:
        """How many lie between the two."""
        return self.second.day - self.first.day


def list_meetings(
    standings: Iterable[Standing], seats: Iterable[Seat], meetings: Iterable[Meeting], *, as_of: int
) -> list[ComingAsk]:
    """The meetings after `as_of` as asks of those whose seat is current on the day of the meeting."""
    known = {one.table.id: one for one in standings}
    members: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        members[seat.table].append(seat)
    return [
        ComingAsk(
            day=meeting.day,
            kind="meeting",
            id=meeting.id,
            about=meeting.table,
            label=known[meeting.table].label,
            agencies=frozenset((known[meeting.table].table.agency,)),
            businesses=frozenset(seat.business for seat in members[meeting.table] if seat.is_current(meeting.day)),
            persons=frozenset(seat.person for seat in members[meeting.table] if seat.is_current(meeting.day)),
        )
        for meeting in meetings
        if meeting.day > as_of and meeting.table in known
    ]


def find_clashes(asks: Iterable[ComingAsk], *, settings: TableSettings = SETTINGS) -> list[Clash]:
    """Every two that clash, by the day of the earlier, then of the later."""
    ordered = sorted(asks, key=lambda ask: ask.order)
    at: dict[str, list[int]] = defaultdict(list)
    for place, ask in enumerate(ordered):
        for who in ask.businesses | ask.persons:
            at[who].append(place)
    pairs = {pair for places in at.values() for pair in _list_near(places, ordered, settings.clash_days)}
    return [
        Clash(first, second, first.businesses & second.businesses, first.persons & second.persons)
        for first, second in ((ordered[one], ordered[other]) for one, other in sorted(pairs))
    ]


def _list_near(places: Sequence[int], ordered: Sequence[ComingAsk], days: int) -> Iterable[tuple[int, int]]:
    for at, one in enumerate(places):
        for other in places[at + 1 :]:
            if ordered[other].day - ordered[one].day > days:
                break
            if not ordered[one].agencies & ordered[other].agencies:
                yield one, other
