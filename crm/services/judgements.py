"""Judging: a person says that two records are one thing, or two, or that it cannot be said; the region follows at
once.
"""

from datetime import UTC, datetime

from crm.access import Viewer
from crm.errors import NotFound, Refused
from crm.graph import judgements, records
from crm.graph.driver import Store
from crm.graph.leases import lease
from crm.graph.stale import RECORD, Kind
from crm.services.resolution import resolve_under


def judge(
    db: Store, viewer: Viewer, *, left: str, right: str, verdict: str, why: str | None = None, kind: Kind = "business"
) -> str:
    """Record a verdict on two records (ids) and let their things join or split by it; returns the judgement's id.

    It is kept for ever; a later one of the same pair takes its place. Raises NotFound, and Refused for a record and
    itself or an unknown verdict.
    """
    if verdict not in judgements.VERDICTS:
        raise Refused(f'A verdict is one of {", ".join(judgements.VERDICTS)}, not "{verdict}".')
    if left == right:
        raise Refused("A record is itself; there is nothing to decide.")
    label = RECORD[kind]
    found = records.find_records(db, "BusinessRecord" if label == "BusinessRecord" else "PersonRecord", [left, right])
    if len(found) < 2:
        raise NotFound("One of the two records is not there.")
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    by = viewer.email or viewer.user_id
    with lease(db, "matching") as held:
        id = db.transact(
            lambda tx: judgements.add_judgement(
                tx, kind=kind, left=left, right=right, verdict=verdict, by=by, at=at, why=why
            )
        )
        resolve_under(db, held, shrunk=True)
    return id
