"""`crm credit`: what agencies and their staff did so that businesses are not asked twice."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command, draw_table
from crm.commands.periods import period_options, scope_options

if TYPE_CHECKING:
    from crm.graph.driver import Store

COUNTS = (
    "holds_respected", "holds", "joint_visits", "referrals_given", "referrals_taken", "redundant", "knocks",
)  # fmt: skip


def draw_credit(answer: dict[str, Any]) -> Any:
    from rich.console import Group
    from rich.text import Text

    parts: list[Any] = [Text(f"Period {answer['from']} to {answer['to']}, as of {answer['as_of']}.")]
    parts.append(draw_table(answer["agencies"], ["agency", *COUNTS]))
    if answer["staff"]:
        parts.append(draw_table(answer["staff"], ["agency", "staff", *COUNTS]))
    return Group(*parts)


@command("credit", example="crm credit --from 2026-01-01 --to 2026-06-30 --json", draw=draw_credit)
@period_options
@scope_options
@click.option("--agency", metavar="NAME", help="Only this agency and its staff.")
def credit(db: "Store", viewer: Viewer, *, first: date | None, last: date | None, **asked: Any) -> dict[str, Any]:
    """Coordination credit: holds respected, joint visits, referrals given and taken, and redundant knocks.

    Of every agency, then of everybody whom its contacts name as staff, both in text order. With --as EMAIL only of
    that user's agency, and of its staff only of that user.
    """
    from crm.services import credit as services

    return services.measure(db, viewer, period=(first, last), **asked)
