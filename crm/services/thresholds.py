"""Thresholds: from how many points on two records are taken for one, and from how many on a person is asked.

The matcher has its own. An administrator may set others, after having seen what that would change (`surveys`). By whom
and when is recorded, and the earlier ones can be set again. The region follows as it follows everything else: whoever
matches next matches all records anew, by the thresholds in force.
"""

from crm.access import Viewer
from crm.dedupe.thresholds import ASKS, JOINS
from crm.errors import NotAllowed, Refused
from crm.graph import stale, thresholds
from crm.graph.driver import Store, Transaction
from crm.graph.stale import Kind
from crm.services.judgements import name_of, now
from crm.services.matched_kinds import find_kind
from crm.services.surveys import ask_for_survey


def set_thresholds(db: Store, viewer: Viewer, kind: Kind, *, join: int, ask: int) -> str:
    """Set both, in points; the region follows with a job, whose id this returns. Setting what is in force changes
    nothing but asks for a survey. Raises NotAllowed for who is no administrator, and Refused for thresholds that were
    never tried out."""
    if not viewer.is_admin:
        raise NotAllowed("Only an administrator may set from when on two records are taken for one.")
    check_thresholds(join=join, ask=ask)

    def work(tx: Transaction) -> str:
        current = find_kind(tx, kind)
        if (current.join, current.ask) == (join, ask):
            return ask_for_survey(tx, viewer, kind, mark="")
        at = now()
        id = thresholds.add_threshold(tx, kind, join=join, ask=ask, by=name_of(viewer), at=at)
        stale.mark_all_unmatched(tx)
        return ask_for_survey(tx, viewer, kind, mark=id)

    return db.transact(work)


def check_thresholds(*, join: int, ask: int) -> None:
    """Raises Refused for thresholds that no survey tries out."""
    if join not in JOINS:
        raise Refused(f"Two records can be taken for one from {JOINS[0]} to {JOINS[-1]} points on, in steps of 50.")
    if ask not in ASKS:
        raise Refused(f"A person can be asked from {ASKS[0]} to {ASKS[-1]} points on, in steps of 50.")
