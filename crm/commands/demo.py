"""`crm demo`: an invented region to try everything on."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import Day, command, require_admin

if TYPE_CHECKING:
    from crm.graph.driver import Store


def draw_demo(made: dict[str, Any]) -> str:
    if "files" in made:
        return "\n".join(made["files"])
    what = "loaded" if made["loaded"] else "there already"
    lines = [f"The demo region is {what}, as of {made['as_of']}. Sign in as:"]
    lines += [f"  {one['email']}   password: {one['password']}   ({one['agency']})" for one in made["sign_ins"]]
    return "\n".join([*lines, "Run it with: crm serve --demo"])


@command("demo", example="crm demo", draw=draw_demo)
@click.option("--as-of", type=Day(), metavar="DATE", help="The day on which the region stands.  [default: today]")
@click.option(
    "--files",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Only write the region's plain files into this folder, and load nothing.",
)
def demo(db: "Store", viewer: Viewer, *, as_of: date | None, folder: Path | None) -> dict[str, Any]:
    """Load an invented region into an empty graph: twelve agencies, 3,000 employers, two years of contacts.

    The same day gives the same region. Prints sign-ins for three people of different agencies; when the region is there
    already, only these.
    """
    require_admin(viewer)
    if folder is not None:
        from crm.demo.files import write_files

        return {"files": [str(path) for path in write_files(folder, as_of or date.today()).values()]}
    made = make_with_bar(db, as_of=as_of)
    return {"as_of": made.as_of, "loaded": made.loaded, "sign_ins": [vars(one) for one in made.sign_ins]}


def make_with_bar(db: "Store", *, as_of: date | None = None) -> Any:
    """The demo region, with a bar on standard error while it is loaded."""
    from crm.commands.progress import bar
    from crm.services.demo import make_demo

    with bar() as report:
        return make_demo(db, as_of=as_of, progress=report)
