"""Many tables: the region's tables as they stand on a day, what merging some would save, and the coming asks.

All tables, seats and meetings are read at once and kept until anything in the graph changes: a region has thousands of
them, not millions. Planned contacts come from the region's copy in memory (`crm.services.regions`).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

import numpy as np

from crm.access import OWNER, Viewer
from crm.analysis.calendars import Clash, ComingAsk, find_clashes, list_meetings
from crm.analysis.days import get_date, get_day
from crm.analysis.settings import Settings
from crm.analysis.table_merges import Merge, merge_tables
from crm.analysis.tables import Meeting, Seat, Standing, Table, Tables, measure_tables
from crm.errors import NotFound, Refused
from crm.graph import table_reading
from crm.graph.agencies import name_key
from crm.graph.driver import Store
from crm.graph.records import record_id
from crm.graph.table_reading import TableColumns
from crm.services.clocked import Clocked, read_clock
from crm.services.questions import EARLIEST, LATEST
from crm.services.region_rows import find_day
from crm.services.regions import get_cache
from crm.services.shelves import Shelf

T = TypeVar("T")
SETTINGS = Settings()
KEPT_ANSWERS = 12
# How far ahead the calendar looks unless it is said.
AHEAD_DAYS = 92
MOST_AHEAD = 3_660
MOST_MERGED = 20


@dataclass(frozen=True)
class Reading:
    """What there is of tables at one time of the graph's clock. `names` are of businesses and persons, by id."""

    tables: tuple[Table, ...]
    seats: tuple[Seat, ...]
    meetings: tuple[Meeting, ...]
    names: dict[str, str]
    answers: Shelf = field(default_factory=lambda: Shelf(KEPT_ANSWERS))

    def get_answer(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` makes of it; remembered as long as this reading is."""
        found = self.answers.find(key)
        if found is None:
            found = compute()
            self.answers.put(key, found)
        return cast(T, found)


@dataclass(frozen=True)
class Calendar:
    """The coming asks up to `until`, in the order of their days, and which of them clash."""

    as_of: int
    until: int
    asks: tuple[ComingAsk, ...]
    clashes: tuple[Clash, ...]
    names: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": get_date(self.as_of),
            "until": get_date(self.until),
            "asks": [_ask_json(ask) for ask in self.asks],
            "clashes": [
                {
                    "first": _ask_json(clash.first),
                    "second": _ask_json(clash.second),
                    "days": clash.days,
                    "businesses": sorted(clash.businesses),
                    "persons": sorted(clash.persons),
                }
                for clash in self.clashes
            ],
        }


def _ask_json(ask: ComingAsk) -> dict[str, Any]:
    return {
        "date": get_date(ask.day),
        "kind": ask.kind,
        "what": ask.label,
        "agencies": sorted(ask.agencies),
        "businesses": len(ask.businesses),
        "persons": len(ask.persons),
    }


def read_tables(db: Store, viewer: Viewer) -> Reading:
    """All tables, seats and meetings as they are now."""
    return _readings.get(db)


def _read(db: Store, known: object, now: object) -> Reading:
    return _shape(table_reading.read_tables(db, OWNER))


_readings = Clocked(_read, read_clock=read_clock, name="tables")


def _shape(columns: TableColumns) -> Reading:
    seats, meetings = columns.seats, columns.meetings
    return Reading(
        tables=tuple(
            Table(
                id=row["id"],
                name=row["name"],
                agency_id=row["agency_id"],
                agency=row["agency"],
                sector=row["sector"] or "",
                purpose=row["purpose"] or "",
                cadence_days=int(row["cadence_days"]) if row["cadence_days"] else None,
                hours=float(row["hours"]) if row["hours"] else None,
                required_by=row["required_by"] or "",
            )
            for row in columns.tables
        ),
        seats=tuple(
            Seat(table, business, person, find_day(begins), find_day(ends), id)
            for id, table, business, person, begins, ends in zip(
                *(seats[name] for name in ("id", "table", "business", "person", "begins_on", "ends_on")), strict=True
            )
        ),
        meetings=tuple(
            Meeting(table, get_day(date.fromisoformat(day)), id)
            for id, table, day in zip(meetings["id"], meetings["table"], meetings["date"], strict=True)
        ),
        names=dict(zip(seats["business"], seats["business_name"], strict=True))
        | dict(zip(seats["person"], seats["person_name"], strict=True)),
    )


def find_tables(db: Store, viewer: Viewer, *, as_of: date | None = None) -> Tables:
    """The region's tables on a day, today unless it is said. Raises Refused for a day that cannot be meant."""
    day, reading = read_as_of(as_of), read_tables(db, viewer)
    return _measure(reading, day)


def _measure(reading: Reading, day: int) -> Tables:
    return reading.get_answer(
        ("tables", day),
        lambda: measure_tables(reading.tables, reading.seats, reading.meetings, as_of=day, names=reading.names),
    )


def read_as_of(as_of: date | None) -> int:
    """The day of a report. Raises Refused for one that is a slip of the pen."""
    if as_of is not None and not EARLIEST <= as_of <= LATEST:
        raise Refused(f"{as_of.isoformat()} cannot be used. Check the year.")
    return get_day(as_of or date.today())


def measure(db: Store, viewer: Viewer, *, as_of: date | None = None) -> dict[str, Any]:
    """The answer of `crm tables` as the contract has it."""
    return find_tables(db, viewer, as_of=as_of).as_json()


def get_standing(tables: Tables, said: str) -> Standing:
    """The table of an id, of `AGENCY:TABLE`, or of a name that only one has.

    Raises NotFound, naming those that there are; Refused where several are meant.
    """
    key = name_key(said)
    found = [one for one in tables.standings if said.strip() == one.table.id]
    found = found or [one for one in tables.standings if name_key(f"{one.table.agency}:{one.table.name}") == key]
    found = found or [one for one in tables.standings if name_key(one.table.name) == key]
    if len(found) > 1:
        labels = " or ".join(one.label for one in found)
        raise Refused(f'Several tables are called "{said}". Say {labels}.')
    if not found:
        known = ", ".join(one.label for one in tables.standings[:20]) or "none yet: import a roster first"
        raise NotFound(f'There is no table "{said}". Known tables: {known}.')
    return found[0]


@dataclass(frozen=True)
class OneTable:
    """A table with all its seats (those current first, by business) and meetings (the newest first)."""

    as_of: int
    standing: Standing
    seats: tuple[Seat, ...]
    meetings: tuple[Meeting, ...]
    names: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        standing, table = self.standing, self.standing.table
        return {
            "id": table.id,
            "table": standing.label,
            "agency": table.agency,
            "state": standing.state,
            "sector": table.sector,
            "purpose": table.purpose,
            "cadence_days": table.cadence_days,
            "hours_of_meeting": table.hours,
            "required_by": table.required_by,
            "businesses": len(standing.businesses),
            "persons": len(standing.persons),
            "hours": standing.hours,
            "members": [
                {
                    "business": seat.business,
                    "business_name": self.names[seat.business],
                    "person": seat.person,
                    "person_name": self.names[seat.person],
                    "begins_on": None if seat.begins_on is None else get_date(seat.begins_on),
                    "ends_on": None if seat.ends_on is None else get_date(seat.ends_on),
                    "is_current": seat.is_current(self.as_of),
                }
                for seat in self.seats
            ],
            "meetings": [
                {"date": get_date(meeting.day), "is_planned": meeting.day > self.as_of} for meeting in self.meetings
            ],
        }


def get_table(db: Store, viewer: Viewer, id: str, *, as_of: date | None = None) -> OneTable:
    """One table (its id) as it stands on a day. Raises NotFound."""
    day, reading = read_as_of(as_of), read_tables(db, viewer)
    standing = next((one for one in _measure(reading, day).standings if one.table.id == id), None)
    if standing is None:
        raise NotFound("There is no such table.")
    names = reading.names

    def order(seat: Seat) -> tuple[bool, str, str, int, str]:
        return (
            not seat.is_current(day),
            names[seat.business].casefold(),
            names[seat.person].casefold(),
            seat.begins_on or 0,
            seat.id,
        )

    return OneTable(
        day,
        standing,
        tuple(sorted((seat for seat in reading.seats if seat.table == id), key=order)),
        tuple(sorted((one for one in reading.meetings if one.table == id), key=lambda one: -one.day)),
        names,
    )


def find_merge(tables: Tables, said: Sequence[str], *, stays: str | None = None) -> Merge:
    """What merging these tables would do; `stays` is the one that goes on. Tables are said as in `get_standing`.

    Raises Refused for fewer than two tables, or one that is not active; NotFound for one that is not there.
    """
    chosen = list({one.table.id: one for one in (get_standing(tables, name) for name in said if name.strip())}.values())
    if not 2 <= len(chosen) <= MOST_MERGED:
        raise Refused(f"A merge takes 2 to {MOST_MERGED} tables; this names {len(chosen)}.")
    idle = [one.label for one in chosen if one.state != "active"]
    if idle:
        raise Refused(f"Only active tables are merged; {' and '.join(idle)} is not. Leave it out.")
    kept = get_standing(tables, stays) if stays and stays.strip() else None
    if kept is not None and kept not in chosen:
        raise Refused(f"{kept.label} is none of the tables that are merged, so it cannot be the one that stays.")
    return merge_tables(chosen, stays=kept.table.id if kept else None)


def find_calendar(db: Store, viewer: Viewer, *, as_of: date | None = None, days: int = AHEAD_DAYS) -> Calendar:
    """The coming asks of the `days` after `as_of`, and where they clash. Raises Refused for what cannot be asked."""
    day = read_as_of(as_of)
    if not 1 <= days <= MOST_AHEAD:
        raise Refused(f"{days} days cannot be looked ahead: choose 1 to {MOST_AHEAD}.")
    reading = read_tables(db, viewer)
    return reading.get_answer(("calendar", day, days), lambda: _make_calendar(db, viewer, reading, day, day + days))


def _make_calendar(db: Store, viewer: Viewer, reading: Reading, day: int, until: int) -> Calendar:
    tables = _measure(reading, day)
    coming = [meeting for meeting in reading.meetings if meeting.day <= until]
    asks = list_meetings(tables.standings, reading.seats, coming, as_of=day)
    plans, names = _list_plans(db, viewer, day, until)
    ordered = sorted([*asks, *plans], key=lambda ask: ask.order)
    return Calendar(day, until, tuple(ordered), tuple(find_clashes(ordered)), reading.names | names)


def _list_plans(db: Store, viewer: Viewer, day: int, until: int) -> tuple[list[ComingAsk], dict[str, str]]:
    """The planned contacts that are asks, and the names of whom they are with."""
    region = get_cache(db).get_region()
    contacts, words = region.contacts, region.words
    rows = np.flatnonzero((contacts.day > day) & (contacts.day <= until))
    businesses, agencies, systems, programs, directions, purposes = (
        list(getattr(words, name)) for name in ("business", "agency", "system", "programs", "direction", "purpose")
    )
    asked = [
        row
        for row in rows
        if (directions[contacts.direction[row]] or SETTINGS.blank_direction) == "out"
        and SETTINGS.find_class(purposes[contacts.purpose[row]])
    ]
    ids = [
        record_id("Touchpoint", agencies[contacts.agency[row]], systems[contacts.system[row]], str(contacts.key[row]))
        for row in asked
    ]
    met: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for contact, person, name in table_reading.list_met(db, viewer, ids):
        met.setdefault(contact, set()).add(person)
        names[person] = name
    plans: list[ComingAsk] = []
    for row, id in zip(asked, ids, strict=True):
        business = businesses[contacts.business[row]]
        place = region.businesses.places.get(business, -1)
        names[business] = str(region.businesses.names[place]) if place >= 0 else ""
        named = programs[contacts.programs[row]]
        mask = region.directory.mask_programs((named,) if isinstance(named, str) else named)
        plans.append(
            ComingAsk(
                day=int(contacts.day[row]),
                kind="contact",
                id=id,
                about=business,
                label=names[business] or "(no name)",
                agencies=frozenset(region.directory.name_mask(mask)),
                businesses=frozenset((business,)),
                persons=frozenset(met.get(id, ())),
            )
        )
    return plans, names
