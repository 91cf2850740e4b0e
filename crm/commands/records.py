"""`crm records`, `crm people-records`, `crm recompute`: what agencies said, and which thing each record is."""

from typing import TYPE_CHECKING, Any

from crm.access import Viewer
from crm.commands.output import command, say

if TYPE_CHECKING:
    from crm.graph.driver import Store


@command("records", example="crm records --json")
def records(db: "Store", viewer: Viewer) -> list[dict[str, Any]]:
    """List which business, and which firm, each business record is; by agency, system and key."""
    from crm.graph import business_records

    return business_records.list_resolved_records(db, viewer)


@command("people-records", example="crm people-records --json")
def people_records(db: "Store", viewer: Viewer) -> list[dict[str, Any]]:
    """List which person each person record is; by agency, system and key."""
    from crm.graph import person_records

    return person_records.list_resolved_records(db, viewer)


@command("recompute", example="crm recompute")
def recompute(db: "Store", viewer: Viewer) -> dict[str, Any]:
    """Match every record and compute every business and person again, from what agencies and people said alone."""
    from crm.commands.output import require_admin
    from crm.commands.progress import bar
    from crm.services import resolution

    require_admin(viewer)
    with bar() as report:
        done = resolution.recompute(db, progress=report)
    say("Everything that is computed has been computed again.")
    return {"moved": len(done.moved)}
