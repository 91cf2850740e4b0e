"""`crm tables`: who sits where too often, what a merge would save, and the coming asks that clash."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import Day, command, draw_table

if TYPE_CHECKING:
    from crm.graph.driver import Store

SHOWN = 20
DAY = Day()
TABLES = ("table", "agency", "active", "businesses", "persons", "hours")
PAIRS = ("a", "b", "shared_businesses", "shared_persons", "jaccard", "overlap", "candidate")
SEATS = ("name", "tables", "hours", "person")
ASKS = ("date", "kind", "what", "agencies", "businesses", "persons")


def draw_tables(answer: dict[str, Any]) -> Any:
    if "asks" in answer:
        return _draw_calendar(answer)
    if "stays" in answer:
        return _tell_merge(answer)
    return _draw_parts(
        ("Tables", answer["tables"], TABLES),
        ("Met once only", answer["one_time"], TABLES),
        ("Pairs that share somebody", answer["pairs"], PAIRS),
        ("Seat load", answer["seats"], SEATS),
    )


def _draw_parts(*parts: tuple[str, list[dict[str, Any]], tuple[str, ...]]) -> Any:
    from rich.console import Group
    from rich.text import Text

    drawn: list[Any] = []
    for title, rows, columns in parts:
        if rows:
            drawn += [Text(f"{title} ({len(rows)})"), draw_table(rows[:SHOWN], list(columns))]
        if len(rows) > SHOWN:
            drawn.append(Text(f"… and {len(rows) - SHOWN} more; --json lists them all."))
    return Group(*drawn) if drawn else "None yet. Import a roster: crm import roster.csv --agency NAME"


def _draw_calendar(answer: dict[str, Any]) -> Any:
    clashes = [
        {
            "first": f"{clash['first']['date']} {clash['first']['what']}",
            "second": f"{clash['second']['date']} {clash['second']['what']}",
            "days": clash["days"],
            "businesses": len(clash["businesses"]),
            "persons": len(clash["persons"]),
        }
        for clash in answer["clashes"]
    ]
    columns = ("first", "second", "days", "businesses", "persons")
    return _draw_parts(("Coming asks", answer["asks"], ASKS), ("Clashes", clashes, columns))


def _tell_merge(answer: dict[str, Any]) -> str:
    lines = [
        f"{' + '.join(answer['tables'])}, going on as {answer['stays']}:",
        f"seats of businesses {answer['seats_before']} -> {answer['seats_after']} ({answer['seats_saved']} fewer)",
        f"seats of people {answer['persons_before']} -> {answer['persons_after']}",
        f"hours a year {answer['hours_before']:.1f} -> {answer['hours_after']:.1f} ({answer['hours_saved']:.1f} fewer)",
        f"businesses at the table: {answer['businesses_kept']}, none is lost.",
    ]
    lines += [f"Ends {one['table']}, which {one['required_by']} requires." for one in answer["ended_by_law"]]
    return "\n".join(lines)


@command("tables", example="crm tables --as-of 2026-06-30 --json", draw=draw_tables)
@click.option("--as-of", type=DAY, metavar="DATE", help="The day of the report.  [default: today]")
@click.option(
    "--merge",
    "merged",
    multiple=True,
    metavar="TABLE",
    help="Say instead what merging this and the other tables so named would save. A table is a name or AGENCY:TABLE.",
)
@click.option("--stays", metavar="TABLE", help="The table that goes on after a merge.  [default: one that is required]")
@click.option("--calendar", is_flag=True, help="List instead the coming meetings and planned asks, and which clash.")
@click.option("--days", type=int, metavar="N", help="How far ahead the calendar looks.  [default: 92]")
def tables(
    db: "Store",
    viewer: Viewer,
    *,
    as_of: date | None,
    merged: tuple[str, ...],
    stays: str | None,
    calendar: bool,
    days: int | None,
) -> dict[str, Any]:
    """Which tables there are, which share members, and who sits at how many.

    Tables come by name, then agency; pairs by the hours that both ask of the people they share, the most first, then by
    shared businesses and overlap; people by hours, then tables, the most first; coming asks and clashes by day.
    """
    from crm.services import tables as services

    if calendar:
        return services.find_calendar(db, viewer, as_of=as_of, days=days or services.AHEAD_DAYS).as_json()
    if merged:
        return services.find_merge(services.find_tables(db, viewer, as_of=as_of), merged, stays=stays).as_json()
    return services.measure(db, viewer, as_of=as_of)
