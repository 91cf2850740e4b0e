"""`crm agreements`: agreements and proposals, and what has changed since each began."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command
from crm.commands.periods import DAY

if TYPE_CHECKING:
    from crm.graph.driver import Store


def draw_agreements(answer: list[dict[str, Any]]) -> str:
    return "\n".join(_draw(one) for one in answer) or "No agreement yet."


def _draw(one: dict[str, Any]) -> str:
    change = one["change"]
    rates = [change[side]["rate"] for side in ("before", "after")] if change else [None]
    since = "" if None in rates else f"; redundant {rates[0]:.0%} before, {rates[1]:.0%} since: {change['verdict']}"
    return f"{one['name']}: {one['state'].replace('_', ' ')}, {', '.join(one['agencies'])}{since}"


@command("agreements", example="crm agreements --as-of 2026-06-30 --json", draw=draw_agreements)
@click.option("--as-of", type=DAY, metavar="DATE", help="The day of the report.  [default: today]")
def agreements(db: "Store", viewer: Viewer, *, as_of: date | None) -> list[dict[str, Any]]:
    """Agreements and proposals: how far each has come, and redundancy before and since by the same measure.

    Proposals come first, then what is signed, in force, ended and withdrawn; by name.
    """
    from crm.services import agreement_changes as services

    return services.tell_all(db, viewer, as_of=as_of or date.today())
