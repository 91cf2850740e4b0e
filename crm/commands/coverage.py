"""`crm coverage`: which share of a sector each agency reaches alone, and all together."""

from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import Day, command, draw_table
from crm.commands.periods import scope_options

if TYPE_CHECKING:
    from crm.graph.driver import Store

SHARES = ("alone", "adds", "jobs", "adds_jobs")


def draw_coverage(answer: dict[str, Any]) -> Any:
    from rich.console import Group
    from rich.text import Text

    head = [f"{answer['universe']} businesses: all agencies together reach {tell(answer['together'])}"]
    head[0] += f", with {tell(answer['together_jobs'])} of the jobs."
    mass = answer["critical_mass"]
    people, jobs = mass["decision_makers"], mass["jobs"]
    head.append(f"Decision-makers met: {people['engaged']}; needed {people['needed']}.")
    missing = [f"{cell['sub_sector']} {cell['size']}" for cell in mass["strata"]["named"] if not cell["met"]]
    if mass["strata"]["named"]:
        head.append(f"Groups that nobody reaches yet: {', '.join(missing) or 'none'}.")
    head.append(f"Jobs reached: {tell(jobs['coverage'])}; needed {tell(jobs['needed'], blank='not set')}.")
    head.append(f"Critical mass: {tell_met(mass['met'])}.")
    rows = [{"agency": row["agency"]} | {name: tell(row[name]) for name in SHARES} for row in answer["agencies"]]
    empty = [cell for cell in answer["strata"] if cell["empty"]]
    parts = [Text("\n".join(head)), draw_table(rows, ["agency", *SHARES])]
    if empty:
        parts.append(Text("Nobody reaches any of:"))
        parts.append(draw_table(empty, ["sub_sector", "size", "businesses"]))
    return Group(*parts)


def tell(share: float | None, *, blank: str = "not known") -> str:
    return blank if share is None else f"{share:.1%}"


def tell_met(met: bool | None) -> str:
    return {True: "reached", False: "not reached", None: "not set"}[met]


@command("coverage", example="crm coverage --sector Manufacturing --as-of 2026-06-30 --json", draw=draw_coverage)
@click.option("--as-of", type=Day(), metavar="DATE", help="The day of the report.  [default: today]")
@scope_options
def coverage(db: "Store", viewer: Viewer, **asked: Any) -> dict[str, Any]:
    """Which share of the businesses each agency reached in the last 12 months, all together, and what each adds.

    Agencies come by what they reach alone, the most first, then by name; strata by sub-sector, then by size, the
    unknown last; named groups by sub-sector and size as text.
    """
    from crm.services import coverage as services

    return services.measure(db, viewer, **asked)
