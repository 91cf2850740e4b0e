"""Quality in the API: the figures of the page, and what other thresholds would change."""

from dataclasses import dataclass

from crm.access import Viewer
from crm.extensions import wake_worker
from crm.graph.driver import Store
from crm.graph.stale import Kind
from crm.services import quality, surveys, thresholds
from crm.services.quality import Quality, TrialLines
from crm.views.api import endpoint
from crm.views.params import Param

KIND = Param("kind", "What the records are.", ("business", "person"), default="business")
JOIN = Param("join", "From so many points on two records are taken for one.", int, required=True)
ASK = Param("ask", "From so many points on a pair is put to review.", int, required=True)


@dataclass(frozen=True)
class Begun:
    """The job that does what was asked for."""

    job: str


@endpoint(
    "/quality", answer=Quality, params=(KIND,), summary="How good the matching is, by the pairs that were checked."
)
def get_quality(db: Store, viewer: Viewer, *, kind: Kind) -> Quality:
    return quality.find_quality(db, viewer, kind)


@endpoint(
    "/quality/thresholds", answer=TrialLines, params=(KIND, JOIN, ASK),
    summary="What other thresholds would change, before they do.",
)  # fmt: skip
def try_thresholds(db: Store, viewer: Viewer, *, kind: Kind, join: int, ask: int) -> TrialLines:
    return quality.describe_trial(quality.try_thresholds(db, viewer, kind, join=join, ask=ask))


@endpoint(
    "/quality/thresholds", method="POST", answer=Begun, params=(KIND, JOIN, ASK),
    summary="Set other thresholds (administrators); a job matches all records anew.",
)  # fmt: skip
def set_thresholds(db: Store, viewer: Viewer, *, kind: Kind, join: int, ask: int) -> Begun:
    job = thresholds.set_thresholds(db, viewer, kind, join=join, ask=ask)
    wake_worker()
    return Begun(job)


@endpoint(
    "/quality/draw", method="POST", answer=Begun, params=(KIND,),
    summary="Draw pairs to check, and try the thresholds anew.",
)  # fmt: skip
def draw_checks(db: Store, viewer: Viewer, *, kind: Kind) -> Begun:
    job = surveys.ask_for_survey(db, viewer, kind, mark=f"at-{db.clock()}")
    wake_worker()
    return Begun(job)
