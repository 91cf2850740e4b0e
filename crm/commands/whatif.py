"""`crm whatif`: what the period would have been with agreements that there were not."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command
from crm.commands.periods import period_options

if TYPE_CHECKING:
    from crm.graph.driver import Store


def draw_what_if(answer: dict[str, Any]) -> str:
    business, staff = (f"{answer[name]:.1f}" for name in ("business_hours", "staff_hours"))
    return "\n".join(
        [
            f"{answer['redundant_before']} knocks were redundant; {answer['redundant_after']} would have been: "
            f"{answer['avoided']} fewer.",
            f"Hours that those cost: {business} of businesses, {staff} of staff.",
        ]
    )


@command("whatif", example='crm whatif --agreement "WDB,College" --sector Manufacturing --json', draw=draw_what_if)
@click.option(
    "--agreement",
    "agreements",
    multiple=True,
    required=True,
    metavar="A,B[,C]",
    help="Agencies that would have shared a lead, on every day. Several of these hold together.",
)
@click.option(
    "--sector", metavar="NAME[@VERSION]", help="The agreement is about the businesses of this sector.  [default: all]"
)
@click.option("--list", "listed", is_flag=True, help="The avoided knocks, and who would lead where, as well.")
@period_options
def whatif(db: "Store", viewer: Viewer, *, first: date | None, last: date | None, **asked: Any) -> dict[str, Any]:
    """How many redundant knocks agreements between agencies would have avoided, and what those cost in hours.

    All knocks of the region are counted, whatever the sector of the agreements. With --list, the businesses with the
    most avoided knocks come first, and the avoided knocks by day.
    """
    from crm.services import whatif as services

    return services.measure(db, viewer, period=(first, last), **asked)
