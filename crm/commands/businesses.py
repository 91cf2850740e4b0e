"""`crm businesses`: the businesses of the region, or those that a text may mean."""

from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command, draw_table

if TYPE_CHECKING:
    from crm.graph.driver import Store


def draw(found: list[dict[str, Any]]) -> Any:
    columns = ["business", "name", "city", "agencies", "records", "light"]
    return draw_table([vars(row) for row in found], columns) if found else "No one knows them yet."


@command("businesses", example="crm businesses --search 'acme tol' --json", draw=draw)
@click.option(
    "--search", metavar="TEXT", default="", help="A name, phone, street, town, web or e-mail address, or part."
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many; without, all.")
def businesses(db: "Store", viewer: Viewer, *, search: str, limit: int | None) -> list[Any]:
    """List the businesses that TEXT may mean, best first: slips of the pen, word order and legal forms do not matter.

    Without --search it lists all businesses, those that most agencies know first, then by name. The light is for the
    agency of --as EMAIL; without it, for an agency that nobody has a link with.
    """
    from crm.services import search as searches

    return searches.list_businesses(db, viewer, search, limit=limit)
