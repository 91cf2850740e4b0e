"""The API on tables, in the shapes of `crm tables`."""

from datetime import date
from typing import Any, Literal, TypedDict

from crm.access import Viewer
from crm.graph.driver import Store
from crm.services import tables
from crm.services.tables import AHEAD_DAYS
from crm.views.api import endpoint
from crm.views.params import Param


class TableRow(TypedDict):
    table: str
    agency: str
    active: bool
    businesses: int
    persons: int
    hours: float | None


class TablePair(TypedDict):
    a: str
    b: str
    shared_businesses: int
    shared_persons: int
    jaccard: float
    overlap: float
    candidate: bool


class SeatLoad(TypedDict):
    person: str
    name: str
    tables: int
    hours: float


class RegionTables(TypedDict):
    tables: list[TableRow]
    one_time: list[TableRow]
    pairs: list[TablePair]
    seats: list[SeatLoad]


class RequiredTable(TypedDict):
    table: str
    required_by: str


class TableMerge(TypedDict):
    tables: list[str]
    stays: str
    seats_before: int
    seats_after: int
    seats_saved: int
    persons_before: int
    persons_after: int
    hours_before: float
    hours_after: float
    hours_saved: float
    businesses_kept: int
    ended_by_law: list[RequiredTable]


class ComingAsk(TypedDict):
    date: date
    kind: Literal["meeting", "contact"]
    what: str
    agencies: list[str]
    businesses: int
    persons: int


class AskClash(TypedDict):
    first: ComingAsk
    second: ComingAsk
    days: int
    businesses: list[str]
    persons: list[str]


class AskCalendar(TypedDict):
    as_of: date
    until: date
    asks: list[ComingAsk]
    clashes: list[AskClash]


class Member(TypedDict):
    business: str
    business_name: str
    person: str
    person_name: str
    begins_on: date | None
    ends_on: date | None
    is_current: bool


class TableMeeting(TypedDict):
    date: date
    is_planned: bool


class OneTable(TypedDict):
    id: str
    table: str
    agency: str
    state: Literal["active", "inactive", "one_time", "small"]
    sector: str
    purpose: str
    cadence_days: int | None
    hours_of_meeting: float | None
    required_by: str
    businesses: int
    persons: int
    hours: float | None
    members: list[Member]
    meetings: list[TableMeeting]


AS_OF = Param("as_of", "The day of the report; today unless given.", kind=date)


@endpoint(
    "/tables", summary="Which tables there are, which share members, who sits at how many.", answer=RegionTables,
    params=(AS_OF,),
)  # fmt: skip
def get_tables(db: Store, viewer: Viewer, *, as_of: date | None) -> Any:
    return tables.measure(db, viewer, as_of=as_of)


@endpoint(
    "/tables/merge",
    summary="What merging tables would save, and which required ones it would end.",
    answer=TableMerge,
    params=(
        Param("table", "The tables, with semicolons between: names, AGENCY:TABLE, or ids.", required=True),
        Param("stays", "The table that goes on; one that a law requires unless given."),
        AS_OF,
    ),
)
def get_merge(db: Store, viewer: Viewer, *, table: str, stays: str | None, as_of: date | None) -> Any:
    found = tables.find_tables(db, viewer, as_of=as_of)
    return tables.find_merge(found, table.split(";"), stays=stays).as_json()


@endpoint(
    "/tables/calendar",
    summary="The coming meetings and planned asks, and which of them clash.",
    answer=AskCalendar,
    params=(AS_OF, Param("days", "How many days ahead.", kind=int, default=AHEAD_DAYS)),
)
def get_calendar(db: Store, viewer: Viewer, *, as_of: date | None, days: int) -> Any:
    return tables.find_calendar(db, viewer, as_of=as_of, days=days).as_json()


@endpoint(
    "/tables/<table_id>", summary="One table with its seats and meetings.", answer=OneTable, params=(AS_OF,)
)  # fmt: skip
def get_table(db: Store, viewer: Viewer, *, table_id: str, as_of: date | None) -> Any:
    return tables.get_table(db, viewer, table_id, as_of=as_of).as_json()
