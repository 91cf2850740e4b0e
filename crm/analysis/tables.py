"""Many tables: which groups sit with which businesses, who sits where too often (definitions §1 and §5).

Plain values in, plain values out. Members of a table are the seats current on `as_of`; a business or a person with
several seats at one table is one member of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

from crm.analysis.settings import TableSettings

State = Literal["active", "inactive", "one_time", "small"]
SETTINGS = TableSettings()


@dataclass(frozen=True, slots=True)
class Table:
    """A group as its agency's row says it. `hours` are those of one meeting, None where nobody said them."""

    id: str
    name: str
    agency_id: str
    agency: str
    sector: str = ""
    purpose: str = ""
    cadence_days: int | None = None
    hours: float | None = None
    required_by: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of a business at a table; a blank end is open."""

    table: str
    business: str
    person: str
    begins_on: int | None = None
    ends_on: int | None = None
    id: str = ""

    def is_current(self, day: int) -> bool:
        """Both ends are in the term."""
        return (self.begins_on is None or self.begins_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Meeting:
    """That a table met on a day; one after `as_of` is planned."""

    table: str
    day: int
    id: str = ""


@dataclass(frozen=True)
class Standing:
    """A table as it stands on `as_of`. `met` are its meetings of the last 12 months, `known` all held or planned.

    `hours` are what it asked of a member who sat there all those 12 months; None where the hours of a meeting are not
    known. `state` is "small" for a group with too few business members to be a table.
    """

    table: Table
    label: str
    state: State
    businesses: frozenset[str]
    persons: frozenset[str]
    met: int
    known: int
    last_on: int | None
    next_on: int | None

    @property
    def hours(self) -> float | None:
        return None if self.table.hours is None else self.met * self.table.hours

    @property
    def hours_known(self) -> float:
        """The same, where unknown hours count as none."""
        return self.hours or 0.0

    @property
    def is_table(self) -> bool:
        return self.state in ("active", "inactive")

    def as_json(self) -> dict[str, Any]:
        return {
            "table": self.label,
            "agency": self.table.agency,
            "active": self.state == "active",
            "businesses": len(self.businesses),
            "persons": len(self.persons),
            "hours": self.hours,
        }


@dataclass(frozen=True)
class Pair:
    """Two active tables that share a business or a person. `hours` are what both ask of the persons they share."""

    a: Standing
    b: Standing
    businesses: frozenset[str]
    persons: frozenset[str]
    jaccard: float
    overlap: float
    person_jaccard: float
    person_overlap: float
    is_candidate: bool
    same_purpose: bool

    @property
    def hours(self) -> float:
        return len(self.persons) * (self.a.hours_known + self.b.hours_known)

    def as_json(self) -> dict[str, Any]:
        return {
            "a": self.a.label,
            "b": self.b.label,
            "shared_businesses": len(self.businesses),
            "shared_persons": len(self.persons),
            "jaccard": self.jaccard,
            "overlap": self.overlap,
            "candidate": self.is_candidate,
        }


@dataclass(frozen=True)
class Load:
    """What sits on one person or business: its active tables, and the hours of a year over them.

    `alike` is how many of the tables are of the commonest sector among them, `unknown` how many say no hours.
    """

    id: str
    name: str
    tables: tuple[Standing, ...]
    hours: float

    @property
    def unknown(self) -> int:
        return sum(standing.table.hours is None for standing in self.tables)

    @property
    def alike(self) -> tuple[str, int]:
        """(sector, how many of the tables are about it), "" and 0 where no sector comes twice."""
        said = Counter(standing.table.sector.strip() for standing in self.tables if standing.table.sector.strip())
        ((sector, many),) = said.most_common(1) or [("", 0)]
        return (sector, many) if many > 1 else ("", 0)

    def as_json(self) -> dict[str, Any]:
        return {"person": self.id, "name": self.name, "tables": len(self.tables), "hours": self.hours}


@dataclass(frozen=True)
class Tables:
    """Everything that is known of the region's tables on a day."""

    as_of: int
    standings: tuple[Standing, ...]
    pairs: tuple[Pair, ...]
    persons: tuple[Load, ...]
    businesses: tuple[Load, ...]
    settings: TableSettings = SETTINGS
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def active(self) -> tuple[Standing, ...]:
        return tuple(standing for standing in self.standings if standing.state == "active")

    @cached_property
    def candidates(self) -> tuple[Pair, ...]:
        """The pairs that could be merged."""
        return tuple(pair for pair in self.pairs if pair.is_candidate)

    @cached_property
    def several(self) -> tuple[Load, ...]:
        """The people who sit at two active tables or more."""
        return tuple(load for load in self.persons if len(load.tables) > 1)

    @cached_property
    def hours(self) -> float:
        """Hours of a year of all people together."""
        return sum(load.hours for load in self.persons)

    @cached_property
    def pairs_of(self) -> Mapping[str, Mapping[str, Pair]]:
        """The pairs of each table (id), by the id of the other, in the order of `pairs`."""
        found: dict[str, dict[str, Pair]] = {}
        for pair in self.pairs:
            found.setdefault(pair.a.table.id, {})[pair.b.table.id] = pair
            found.setdefault(pair.b.table.id, {})[pair.a.table.id] = pair
        return found

    @cached_property
    def asked_of_same(self) -> Mapping[str, float]:
        """Of each table (id), the hours that it and the others ask of the people it shares with them."""
        return {id: sum(pair.hours for pair in pairs.values()) for id, pairs in self.pairs_of.items()}

    def as_json(self) -> dict[str, Any]:
        """The answer of `crm tables`."""
        return {
            "tables": [standing.as_json() for standing in self.standings if standing.is_table],
            "one_time": [standing.as_json() for standing in self.standings if standing.state == "one_time"],
            "pairs": [pair.as_json() for pair in self.pairs],
            "seats": [load.as_json() for load in self.persons],
        }


def jaccard(a: frozenset[str], b: frozenset[str]) -> float | None:
    """|A and B| / |A or B|; None over nothing."""
    return len(a & b) / len(a | b) if a or b else None


def overlap(a: frozenset[str], b: frozenset[str]) -> float | None:
    """|A and B| / min(|A|, |B|); None over nothing."""
    return len(a & b) / min(len(a), len(b)) if a and b else None


def measure_tables(
    tables: Sequence[Table],
    seats: Iterable[Seat],
    meetings: Iterable[Meeting],
    *,
    as_of: int,
    names: Mapping[str, str] | None = None,
    settings: TableSettings = SETTINGS,
) -> Tables:
    """The region's tables on a day. `names` are of businesses and persons, by id.

    Tables by name, then agency; pairs by what both ask of the persons they share, the most first; loads by hours.
    """
    names = names or {}
    labels = label_tables(tables)
    members: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.is_current(as_of):
            members.setdefault(seat.table, []).append(seat)
    days: dict[str, list[int]] = {}
    for meeting in meetings:
        days.setdefault(meeting.table, []).append(meeting.day)
    standings = sorted(
        (
            _stand(table, labels[table.id], members.get(table.id, ()), sorted(days.get(table.id, ())), as_of, settings)
            for table in tables
        ),
        key=lambda standing: (standing.table.name, standing.table.agency, standing.table.id),
    )
    active = [standing for standing in standings if standing.state == "active"]
    return Tables(
        as_of=as_of,
        standings=tuple(standings),
        pairs=tuple(_list_pairs(active, settings)),
        persons=tuple(_list_loads(active, names, "persons")),
        businesses=tuple(_list_loads(active, names, "businesses")),
        settings=settings,
        names=names,
    )


def label_tables(tables: Iterable[Table]) -> dict[str, str]:
    """How each table (id) is called: by its name, or `AGENCY:TABLE` where several agencies have one of that name."""
    known = list(tables)
    bearers = Counter(table.name.casefold() for table in known)
    return {
        table.id: table.name if bearers[table.name.casefold()] == 1 else f"{table.agency}:{table.name}"
        for table in known
    }


def _stand(
    table: Table, label: str, seats: Sequence[Seat], days: Sequence[int], as_of: int, settings: TableSettings
) -> Standing:
    businesses = frozenset(seat.business for seat in seats)
    held = [day for day in days if day <= as_of]
    state: State = "inactive"
    if len(days) < settings.least_meetings:
        state = "one_time"
    elif len(businesses) < settings.least_businesses:
        state = "small"
    elif held and as_of - held[-1] <= max(settings.active_days, settings.active_cadences * (table.cadence_days or 0)):
        state = "active"
    return Standing(
        table=table,
        label=label,
        state=state,
        businesses=businesses,
        persons=frozenset(seat.person for seat in seats),
        met=sum(as_of - settings.year_days < day for day in held),
        known=len(days),
        last_on=held[-1] if held else None,
        next_on=next((day for day in days if day > as_of), None),
    )


def _list_pairs(active: Sequence[Standing], settings: TableSettings) -> list[Pair]:
    """Only tables that share somebody are compared, found by whom they share."""
    at: dict[str, list[int]] = {}
    for place, standing in enumerate(active):
        for member in (*standing.businesses, *standing.persons):
            at.setdefault(member, []).append(place)
    sharing = {two for places in at.values() for two in combinations(places, 2)}
    pairs = [_compare(active[one], active[other], settings) for one, other in sharing]
    return sorted(pairs, key=lambda one: (-one.hours, -len(one.businesses), -one.overlap, one.a.label, one.b.label))


def _compare(a: Standing, b: Standing, settings: TableSettings) -> Pair:
    over = overlap(a.businesses, b.businesses) or 0.0
    same_sector = bool(a.table.sector.strip()) and _plain(a.table.sector) == _plain(b.table.sector)
    return Pair(
        a=a,
        b=b,
        businesses=a.businesses & b.businesses,
        persons=a.persons & b.persons,
        jaccard=jaccard(a.businesses, b.businesses) or 0.0,
        overlap=over,
        person_jaccard=jaccard(a.persons, b.persons) or 0.0,
        person_overlap=overlap(a.persons, b.persons) or 0.0,
        is_candidate=same_sector and over >= settings.candidate_overlap - settings.tolerance,
        same_purpose=bool(a.table.purpose.strip()) and _plain(a.table.purpose) == _plain(b.table.purpose),
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _list_loads(
    active: Iterable[Standing], names: Mapping[str, str], who: Literal["persons", "businesses"]
) -> list[Load]:
    at: dict[str, list[Standing]] = {}
    for standing in active:
        for member in standing.persons if who == "persons" else standing.businesses:
            at.setdefault(member, []).append(standing)
    loads = [
        Load(id, names.get(id, ""), tuple(tables), sum(standing.hours_known for standing in tables))
        for id, tables in at.items()
    ]
    return sorted(loads, key=lambda load: (-load.hours, -len(load.tables), load.name, load.id))
