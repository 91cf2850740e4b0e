"""`crm profiles`: what agencies said about their files, to be looked at, written to a file, and read from one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command, draw_table, say

if TYPE_CHECKING:
    from crm.graph.driver import Store
    from importers.profile_files import Kept, Shown, Told

LISTED = ("name", "agency", "system", "kind", "version", "headings", "by", "at")


@click.group(epilog="Example: crm profiles export 'College visits' --out visits.json")
def profiles() -> None:
    """Look at what was said about files, and carry it to another installation."""


def draw_list(told: "list[Told]") -> Any:
    from dataclasses import asdict

    return draw_table([asdict(one) for one in told], list(LISTED)) if told else "No profile is saved yet."


@command("list", group=profiles, example="crm profiles list --json", draw=draw_list)
def list_all(db: "Store", viewer: Viewer) -> "list[Told]":
    """List the saved profiles, by name."""
    from importers.profile_files import list_told

    return list_told(db, viewer)


@command("show", group=profiles, example="crm profiles show 'College visits'")
@click.argument("name")
def show(db: "Store", viewer: Viewer, *, name: str) -> "Shown":
    """Show what a profile says, as it is written on the command line of `crm import`."""
    from importers.profile_files import get_shown

    return get_shown(db, viewer, name)


@command("export", group=profiles, example="crm profiles export 'College visits' --out visits.json")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def export(db: "Store", viewer: Viewer, *, names: tuple[str, ...], out: Path) -> dict[str, Any]:
    """Write profiles to a file: those named, or all. What was said of names of businesses and people stays behind."""
    from crm.files import write_whole
    from importers.profile_files import write_profiles

    text, left = write_profiles(db, viewer, names)
    with write_whole(out) as file:
        file.write(text)
    if left:
        say(f"{left} words that say which business or person a name means stay behind: they are of this region.")
    return {"file": str(out), "profiles": text.count('"profile":')}


def draw_kept(kept: "list[Kept]") -> Any:
    from dataclasses import asdict

    return draw_table([asdict(one) for one in kept], ["name", "agency", "version", "state"])


@command("import", group=profiles, example="crm profiles import visits.json --agency 'Harbor College'", draw=draw_kept)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", help="Whose files they are for from now on, in place of the agency that the file says.")
def import_file(db: "Store", viewer: Viewer, *, file: Path, agency: str | None) -> "list[Kept]":
    """Keep the profiles of a file, listed by name. One that is there already gets a new version; older ones stay."""
    from importers.profile_files import keep_profiles, read_profiles

    return keep_profiles(db, viewer, read_profiles(file), agency=agency)
