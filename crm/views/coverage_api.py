"""The API on coverage, in the shape of `crm coverage`."""

from datetime import date
from typing import Any, TypedDict

from crm.access import Viewer
from crm.graph.driver import Store
from crm.services import coverage
from crm.views.api import endpoint
from crm.views.knock_api import SCOPE
from crm.views.params import Param


class AgencyCoverage(TypedDict):
    agency: str
    alone: float | None
    adds: float | None
    jobs: float | None
    adds_jobs: float | None


class CoveredStratum(TypedDict):
    sub_sector: str
    size: str
    businesses: int
    engaged: int
    share: float | None
    jobs: float | None
    empty: bool


class DecisionMakers(TypedDict):
    engaged: int
    needed: int
    met: bool
    untitled: int


class NamedStratum(TypedDict):
    sub_sector: str
    size: str
    engaged: int
    met: bool


class NamedStrata(TypedDict):
    named: list[NamedStratum]
    met: bool | None


class CoveredJobs(TypedDict):
    coverage: float | None
    needed: float | None
    met: bool | None
    businesses_of_unknown_size: int


class CriticalMass(TypedDict):
    met: bool | None
    decision_makers: DecisionMakers
    strata: NamedStrata
    jobs: CoveredJobs


class Coverage(TypedDict):
    universe: int
    together: float | None
    together_jobs: float | None
    agencies: list[AgencyCoverage]
    strata: list[CoveredStratum]
    critical_mass: CriticalMass


@endpoint(
    "/coverage",
    summary="Which share of the businesses each agency reaches alone, all together, and what each adds.",
    answer=Coverage,
    params=(Param("as_of", "The day of the report; today unless given.", kind=date), *SCOPE),
)
def get_coverage(db: Store, viewer: Viewer, **asked: Any) -> Any:
    return coverage.measure(db, viewer, **asked)
