"""The API on knocks and lights, in the shapes of `crm knocks` and `crm light`."""

from datetime import date
from typing import Any, Literal, NotRequired, TypedDict

from crm.access import Viewer
from crm.analysis.days import get_date
from crm.graph.driver import Store
from crm.services import knocks, lights, lookups, whatif
from crm.services.dossiers import get_business_name, get_current_business_id
from crm.services.questions import SETTINGS, ask
from crm.views.api import endpoint
from crm.views.params import Param

Outcome = Literal["first", "own_repeat", "coordinated", "redundant"]
Interval = tuple[float, float]


class Assumed(TypedDict):
    direction: int
    reached: int
    channel: int


class UnknownMonth(TypedDict):
    agency: str
    month: str


class KnockedBusiness(TypedDict):
    business: str
    name: str
    knocks: int
    first: int
    own_repeat: int
    coordinated: int
    redundant: int
    agencies: int
    programs: int
    doors: int
    effective_doors: float | None
    fatigue: float
    budget: float
    hotspot: bool


class KnockMonth(TypedDict):
    month: str
    knocks: int
    redundant: int
    rate: float | None
    interval: Interval | None
    unknown: list[str]


class TouchpointName(TypedDict):
    agency: str
    key: str


# `from` and `class` are words of the language, so these are not written as classes.
Knock = TypedDict(
    "Knock",
    {
        "touchpoints": list[TouchpointName],
        "date": date,
        "class": Outcome,
        "purpose_class": str,
        "agencies": list[str],
        "burden": float,
        "why": str,
    },
)


class PairOfAgencies(TypedDict):
    own: str
    other: str


class MissingLinks(TypedDict):
    date: date
    agencies: list[str]
    links: list[PairOfAgencies]
    words: str


Knocks = TypedDict(
    "Knocks",
    {
        "as_of": date,
        "from": date,
        "to": date,
        "window_days": int,
        "broad": bool,
        "knocks": int,
        "first": int,
        "own_repeat": int,
        "coordinated": int,
        "redundant": int,
        "rate": float | None,
        "interval": Interval | None,
        "mean_doors": float | None,
        "share_2_doors": float | None,
        "share_3_doors": float | None,
        "share_5_doors": float | None,
        "top_decile_share": float | None,
        "gini": float | None,
        "asked_twice": int,
        "assumed": Assumed,
        "unknown_months": list[UnknownMonth],
        "businesses": list[KnockedBusiness],
        "months": list[KnockMonth],
        "list": NotRequired[list[Knock]],
    },
)

BusinessKnocks = TypedDict(
    "BusinessKnocks",
    {
        "as_of": date,
        "from": date,
        "to": date,
        "window_days": int,
        "broad": bool,
        "business": str,
        "name": str,
        "list": list[Knock],
        "missing_links": list[MissingLinks],
    },
)


class WouldLead(TypedDict):
    business: str
    name: str
    lead: str | None
    reached: int
    agencies: int
    knocks: int
    avoided: int


class AvoidedKnock(TypedDict):
    business: str
    name: str
    day: date
    agencies: list[str]
    purpose_class: str
    business_hours: float
    staff_hours: float


class WhatIf(TypedDict):
    redundant_before: int
    redundant_after: int
    avoided: int
    business_hours: float
    staff_hours: float
    leads: NotRequired[list[WouldLead]]
    knocks: NotRequired[list[AvoidedKnock]]


class Light(TypedDict):
    light: Literal["green", "amber", "red"]
    reasons: list[str]
    fatigue: float
    budget: float
    free_on: date | None
    ask: list[str]


PERIOD = (
    Param("as_of", "The day of the report; the end of the period, or today, unless given.", kind=date),
    Param("from", "First day of the period; 12 months up to its end unless given.", kind=date),
    Param("to", "Last day of the period, itself in it.", kind=date),
    Param("window", "How many days back earlier knocks are looked for.", kind=int, default=SETTINGS.window_days),
    Param("broad", "Compare knocks of every kind, not only those of the same kind.", kind=bool, default=False),
)
ASKED = (
    *PERIOD,
    Param("agency", "Count only the knocks of this agency (its name)."),
    Param("program", "Count only the knocks of this program: AGENCY:PROGRAM, or its name where only one has it."),
    Param("purpose", "Count only knocks of this kind.", kind=SETTINGS.classes),
)
SCOPE = (
    Param("sector", "Only businesses of this sector: its newest version, or the one of NAME@VERSION."),
    Param("place", "Only businesses of this county or zip."),
    Param("size", f"Only businesses of so many employees: {', '.join(size.name for size in SETTINGS.sizes)}."),
)
BUSINESS = Param("business", "List this one's knocks too: an id, AGENCY:SOURCE_ID, or a name that finds exactly one.")


@endpoint(
    "/knocks",
    summary="How many knocks were redundant, and where.",
    answer=Knocks,
    params=(*ASKED, *SCOPE, BUSINESS),
)
def get_knocks(db: Store, viewer: Viewer, **asked: Any) -> Any:
    return knocks.measure(db, viewer, period=(asked.pop("from"), asked.pop("to")), **asked)


class TopicAskedTwice(TypedDict):
    business: str
    name: str
    topic: str
    doors: int
    held_by: list[str]
    on: date | None
    ask: list[str]


@endpoint(
    "/knocks/asked-twice",
    summary="What businesses were asked through several doors in the last 12 months, and who holds the answer.",
    answer=list[TopicAskedTwice],
    params=(PERIOD[0], *SCOPE),
)
def list_topics(db: Store, viewer: Viewer, **asked: Any) -> Any:
    return knocks.tell_topics(db, viewer, ask(db, viewer, **asked))


@endpoint(
    "/knocks/businesses/<business_id>",
    summary="The knocks on one business, each with why it counts as it does.",
    answer=BusinessKnocks,
    params=ASKED,
)
def get_knocks_on_business(db: Store, viewer: Viewer, *, business_id: str, **asked: Any) -> Any:
    question = ask(db, viewer, period=(asked.pop("from"), asked.pop("to")), **asked)
    current = get_current_business_id(db, business_id)
    lines = knocks.list_knocks(db, viewer, current, question)
    return {
        "as_of": get_date(question.as_of),
        "from": get_date(question.period.first),
        "to": get_date(question.period.last),
        "window_days": question.window,
        "broad": question.broad,
        "business": current,
        "name": get_business_name(db, current),
        "list": [line.as_json() for line in lines],
        "missing_links": knocks.tell_missing_links(lines),
    }


@endpoint(
    "/whatif",
    summary="How many redundant knocks agreements would have avoided, and the hours that those cost.",
    answer=WhatIf,
    params=(
        Param(
            "agreement",
            "Names of the agencies that would have agreed, with commas; several agreements with semicolons.",
            required=True,
        ),
        Param("sector", "The agreements are about the businesses of this sector; all unless given."),
        Param("list", "The avoided knocks, and who would lead where, as well; of one agreement.", kind=bool),
        *PERIOD,
    ),
)
def get_what_if(db: Store, viewer: Viewer, *, agreement: str, **asked: Any) -> Any:
    period, listed = (asked.pop("from"), asked.pop("to")), bool(asked.pop("list"))
    return whatif.measure(db, viewer, agreements=agreement.split(";"), listed=listed, period=period, **asked)


@endpoint(
    "/businesses/<business_id>/light",
    summary="Whether an agency may call on a business.",
    answer=Light,
    params=(
        Param("agency", "The name of the agency that wants to call; the token's own unless given."),
        Param("as_of", "The day of the call; today unless given.", kind=date),
    ),
)
def get_light(db: Store, viewer: Viewer, *, business_id: str, agency: str | None, as_of: date | None) -> Any:
    agency_id = lookups.get_agency(db, viewer, agency).id if agency else viewer.agency_id
    return lights.find_light(db, viewer, business_id, agency_id=agency_id, as_of=as_of).as_json()
