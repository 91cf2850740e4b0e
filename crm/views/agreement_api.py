"""The API on agreements: those that there are with what has changed since, and the steps of their life."""

from datetime import date
from typing import Any, TypedDict

from crm.access import Viewer
from crm.errors import Refused
from crm.graph.driver import Store
from crm.services import agreement_changes, agreement_lists, agreements, lookups
from crm.services.agreements import Terms
from crm.services.dossiers import get_current_business_id
from crm.views.api import endpoint
from crm.views.params import Param

Interval = tuple[float, float]


class UnknownOf(TypedDict):
    agency: str
    month: str


# `from` is a word of the language, so these are not written as classes.
Side = TypedDict(
    "Side",
    {
        "from": date,
        "to": date,
        "knocks": int,
        "redundant": int,
        "rate": float | None,
        "interval": Interval | None,
        "followed": int,
        "followed_rate": float | None,
        "unknown_months": list[UnknownOf],
    },
)


class ChangeMonth(TypedDict):
    month: str
    side: str
    knocks: int
    redundant: int
    followed: int
    rate: float | None
    interval: Interval | None
    unknown: list[str]


class AgreementChange(TypedDict):
    days: int
    businesses: int
    before: Side
    after: Side
    difference: float | None
    interval: Interval | None
    verdict: str
    months: list[ChangeMonth]


AgreementAnswer = TypedDict(
    "AgreementAnswer",
    {
        "agreement": str,
        "name": str,
        "state": str,
        "agencies": list[str],
        "signed": list[str],
        "from": date,
        "to": date | None,
        "sector": str,
        "places": str,
        "review_on": date | None,
        "review_due": bool,
        "change": AgreementChange | None,
    },
)


class StepAnswer(TypedDict):
    agreement: str
    step: int


AS_OF = Param("as_of", "The day of the report; today unless given.", kind=date)


@endpoint(
    "/agreements",
    summary="Agreements and proposals: how far each has come, and what has changed since it began.",
    answer=list[AgreementAnswer],
    params=(AS_OF,),
)
def list_agreements(db: Store, viewer: Viewer, *, as_of: date | None) -> Any:
    return agreement_changes.tell_all(db, viewer, as_of=as_of or date.today())


@endpoint(
    "/agreements/<agreement_id>",
    summary="One agreement, and what has changed since it began.",
    answer=AgreementAnswer,
    params=(AS_OF,),
)
def get_agreement(db: Store, viewer: Viewer, *, agreement_id: str, as_of: date | None) -> Any:
    day = as_of or date.today()
    shown = agreement_lists.get_agreement(db, viewer, agreement_id, today=day).shown
    change = agreement_changes.find_changes(db, viewer, as_of=day, id=agreement_id).get(agreement_id)
    return shown.as_json(day) | {"change": change.as_json() if change else None}


@endpoint(
    "/agreements",
    method="POST",
    summary="Propose an agreement. It counts for nothing before every agency that it binds has signed.",
    answer=StepAnswer,
    params=(
        Param("name", "Its name.", required=True),
        Param("agencies", "The names of the agencies that it binds.", kind=list, required=True),
        Param("from", "Its first day.", kind=date, required=True),
        Param("to", "Its last day.", kind=date),
        Param("sector", "NAICS prefixes with semicolons between them.", default=""),
        Param("places", "Counties or zips with semicolons between them.", default=""),
        Param("businesses", "Ids of the businesses that it names.", kind=list),
        Param("lead", "Who leads: an e-mail, or one of the agencies.", default=""),
        Param("backup", "Who stands in.", default=""),
        Param("review_on", "When to look at it again.", kind=date),
    ),
)
def propose(db: Store, viewer: Viewer, **said: Any) -> Any:
    bound = tuple(lookups.get_agency(db, viewer, name.strip()).id for name in said["agencies"])
    named = tuple(get_current_business_id(db, id.strip()) for id in said["businesses"] or ())
    terms = Terms(
        name=said["name"],
        agencies=bound,
        begins_on=said["from"],
        ends_on=said["to"],
        sector=said["sector"],
        places=said["places"],
        businesses=named,
        lead=said["lead"],
        backup=said["backup"],
        review_on=said["review_on"],
    )
    done = agreements.propose(db, viewer, terms)
    return StepAnswer(agreement=done.id, step=done.no)


@endpoint(
    "/agreements/<agreement_id>/sign",
    method="POST",
    summary="Sign for the agency of the token's user.",
    answer=StepAnswer,
)
def sign(db: Store, viewer: Viewer, *, agreement_id: str) -> Any:
    done = agreements.sign(db, viewer, agreement_id)
    return StepAnswer(agreement=done.id, step=done.no)


@endpoint(
    "/agreements/<agreement_id>/end",
    method="POST",
    summary="End an agreement that has begun.",
    answer=StepAnswer,
    params=(Param("on", "The last day on which it holds.", kind=date, required=True),),
)
def end(db: Store, viewer: Viewer, *, agreement_id: str, on: date) -> Any:
    done = agreements.end(db, viewer, agreement_id, on=on, today=date.today())
    return StepAnswer(agreement=done.id, step=done.no)


@endpoint(
    "/agreements/<agreement_id>/undo",
    method="POST",
    summary="Take back the last step of an agreement.",
    answer=StepAnswer,
    params=(Param("step", "Its number.", kind=int, required=True),),
)
def undo(db: Store, viewer: Viewer, *, agreement_id: str, step: int) -> Any:
    if step < 1:
        raise Refused("A step has a number from 1.")
    agreements.undo(db, viewer, agreement_id, step)
    return StepAnswer(agreement=agreement_id, step=step)
