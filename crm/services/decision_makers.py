"""Decision-makers whom the agencies met, in memory and in step with the graph, once a process.

Only who was met where and on which day is kept; a write that touches few businesses or people is followed by reading
those alone, as `crm.services.regions` does for contacts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crm.access import OWNER
from crm.analysis.contacts import Vocabulary
from crm.analysis.critical_mass import Meetings, is_decision_maker
from crm.analysis.days import list_days
from crm.graph import decision_makers
from crm.graph.clock import Moment
from crm.graph.decision_makers import MeetingColumns
from crm.graph.driver import Store
from crm.services.clocked import Clocked, Known, read_clock

# Beyond these, reading all of it anew is faster.
MOST_TICKS = 2_000
MOST_CHANGED = 2_000


@dataclass(frozen=True)
class Kept:
    """Meetings, and the ids of all people there were."""

    meetings: Meetings
    people: frozenset[str]


def warm_up(db: Store) -> None:
    """Read the meetings in the background, once, so that the first visitor need not wait for it."""
    _kept.of(db).warm_up()


def get_meetings(db: Store) -> Meetings:
    """All meetings of the region, as they are now."""
    return _kept.get(db).meetings


def _follow(db: Store, known: Known[Kept, Moment] | None, now: Moment) -> Kept:
    kept = _advance(db, known.value, after=known.moment.time, until=now.time) if known is not None else None
    return kept or _read(db)


def _read(db: Store) -> Kept:
    people = frozenset(decision_makers.list_people_ids(db))
    return Kept(_shape([], decision_makers.list_meetings(db, OWNER)), people)


def _advance(db: Store, kept: Kept, *, after: int, until: int) -> Kept | None:
    """The same at a later time; None where it has to be read anew."""
    if until - after > MOST_TICKS:
        return None
    businesses, people = decision_makers.list_changed(db, after=after, until=until)
    known = kept.people | set(people)
    if len(businesses) + len(people) > MOST_CHANGED or decision_makers.count_people(db) != len(known):
        return None
    touched = set(businesses) | set(decision_makers.list_businesses_of(db, OWNER, people))
    touched |= _list_places_of(kept.meetings, set(people))
    if not touched:
        return Kept(kept.meetings, known)
    fresh = decision_makers.list_meetings(db, OWNER, sorted(touched))
    return Kept(_shape(_keep_others(kept.meetings, touched), fresh), known)


_kept = Clocked(_follow, read_clock=read_clock, name="meetings")


def _list_places_of(meetings: Meetings, people: set[str]) -> set[str]:
    """Where these people had been met, as far as was known."""
    of_people = np.array([person in people for person in meetings.persons], dtype=bool)
    codes: list[int] = np.unique(meetings.business[of_people[meetings.person]]).tolist()
    return {meetings.businesses[code] for code in codes}


Line = tuple[str, str, int, bool, bool]


def _keep_others(meetings: Meetings, touched: set[str]) -> Iterable[Line]:
    others = np.array([business not in touched for business in meetings.businesses], dtype=bool)
    rows: list[int] = np.flatnonzero(others[meetings.business]).tolist()
    for row in rows:
        person = int(meetings.person[row])
        yield (
            meetings.businesses[int(meetings.business[row])],
            meetings.persons[person],
            int(meetings.day[row]),
            bool(meetings.decides[person]),
            bool(meetings.untitled[person]),
        )


def _shape(kept: Iterable[Line], fresh: MeetingColumns) -> Meetings:
    businesses, persons = Vocabulary(), Vocabulary()
    decides: dict[int, tuple[bool, bool]] = {}
    lines: list[tuple[int, int, int]] = []
    for business, person, day, decider, untitled in kept:
        code = persons[person]
        decides[code] = (decider, untitled)
        lines.append((businesses[business], code, day))
    told = {title: (is_decision_maker(title), not title.strip()) for title in set(fresh.titles)}
    days = list_days(fresh.days)
    for business, person, title, day in zip(fresh.businesses, fresh.persons, fresh.titles, days, strict=True):
        code = persons[person]
        decides[code] = told[title]
        lines.append((businesses[business], code, day))
    table = np.array(lines, dtype=np.int32).reshape(-1, 3)
    flags = np.array([decides[code] for code in range(len(persons))], dtype=bool).reshape(-1, 2)
    return Meetings(
        businesses=[str(business) for business in businesses],
        persons=[str(person) for person in persons],
        business=table[:, 0],
        person=table[:, 1],
        day=table[:, 2],
        decides=flags[:, 0],
        untitled=flags[:, 1],
    )
