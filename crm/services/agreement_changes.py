"""What has changed since agreements began: the measure of `crm.analysis.protocols` on the region as it is."""

from datetime import date
from typing import Any

from crm.access import Viewer
from crm.analysis.days import get_day
from crm.analysis.history import History
from crm.analysis.protocols import Change, CountedKnock, list_counted, measure_change
from crm.graph import agreements
from crm.graph.driver import Store
from crm.services import region_rows
from crm.services.agreement_lists import list_agreements
from crm.services.regions import get_cache


def find_changes(db: Store, viewer: Viewer, *, as_of: date, id: str | None = None) -> dict[str, Change]:
    """By the agreement's id, for those that have begun (or the one of this id): before and after, up to this day.

    Counts of the region are for every member, so the changes of an agreement of others are, too.
    """
    rows = [row for row in agreements.list_agreements(db, id=id) if region_rows.is_about_any(row)]
    made = tuple((str(row["id"]), region_rows.shape_agreement(row)) for row in rows)

    def compute(history: History) -> dict[str, Change]:
        found = ((id, measure_change(history, agreement)) for id, agreement in made)
        return {id: change for id, change in found if change is not None}

    day = get_day(as_of)
    return get_cache(db).get_answer(("changes", day, made), compute, as_of=day) if made else {}


def list_knocks(db: Store, viewer: Viewer, id: str, *, as_of: date) -> list[CountedKnock]:
    """The knocks behind the numbers of `find_changes`, by day; none for a proposal and before the first day."""
    rows = [row for row in agreements.list_agreements(db, id=id) if region_rows.is_about_any(row)]
    if not rows:
        return []
    agreement, day = region_rows.shape_agreement(rows[0]), get_day(as_of)

    def compute(history: History) -> list[CountedKnock]:
        return list_counted(history, agreement)

    return get_cache(db).get_answer(("changed knocks", day, agreement), compute, as_of=day)


def tell_all(db: Store, viewer: Viewer, *, as_of: date) -> list[dict[str, Any]]:
    """The answer of `crm agreements`: each agreement and proposal as the viewer may see it, with its `change`."""
    changes = find_changes(db, viewer, as_of=as_of)
    return [
        one.as_json(as_of) | {"change": changes[one.id].as_json() if one.id in changes else None}
        for one in list_agreements(db, viewer, today=as_of)
    ]
