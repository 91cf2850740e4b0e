"""`crm graph export` and `crm graph load`: the whole region as one file, a backup or a way to another machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command, require_admin

if TYPE_CHECKING:
    from crm.graph.driver import Store


@click.group(epilog="Example: crm graph export region.jsonl")
def graph() -> None:
    """Write the whole region to a file, and read it back."""


@command("export", group=graph, example="crm graph export region.jsonl")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(db: "Store", viewer: Viewer, *, file: Path) -> dict[str, Any]:
    """Write the region to FILE: a backup.

    Says how much it holds, the hash of what the region knows by it (the same after an import that was undone and done
    again), and the checksum of the file.
    """
    from crm.graph.dump import export_graph

    require_admin(viewer)
    return export_graph(db, file).to_json()


@command("load", group=graph, example="crm graph load region.jsonl")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(db: "Store", viewer: Viewer, *, file: Path) -> dict[str, Any]:
    """Read a region from FILE into an empty graph, on either engine."""
    from crm.graph.dump import load_graph

    require_admin(viewer)
    return load_graph(db.settings, file).to_json()
