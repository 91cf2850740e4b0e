"""The API on coordination credit, in the shape of `crm credit`."""

from datetime import date
from typing import Any, TypedDict

from crm.access import Viewer
from crm.graph.driver import Store
from crm.services import credit
from crm.views.api import endpoint
from crm.views.knock_api import PERIOD, SCOPE


class AgencyCredit(TypedDict):
    agency: str
    holds: int
    holds_respected: int
    joint_visits: int
    referrals_given: int
    referrals_taken: int
    knocks: int
    redundant: int


class StaffCredit(AgencyCredit):
    staff: str


# `from` is a word of the language, so this is not written as a class.
Credit = TypedDict(
    "Credit",
    {
        "as_of": date,
        "from": date,
        "to": date,
        "window_days": int,
        "broad": bool,
        "agencies": list[AgencyCredit],
        "staff": list[StaffCredit],
    },
)


@endpoint(
    "/credit",
    summary="What your agency, and you, did so that businesses are not asked twice.",
    answer=Credit,
    params=(*PERIOD, *SCOPE),
)
def get_credit(db: Store, viewer: Viewer, **asked: Any) -> Any:
    return credit.measure(db, viewer, period=(asked.pop("from"), asked.pop("to")), **asked)
