"""`crm pack`: the region's numbers to take home, as a PDF or a workbook."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command
from crm.commands.periods import period_options, scope_options
from crm.errors import Refused

if TYPE_CHECKING:
    from crm.graph.driver import Store


def draw_pack(answer: dict[str, Any]) -> str:
    lines = [f"{answer['file']} is written."] if answer["file"] else []
    lines += [f"{sheet['title']}: {len(sheet['rows'])} rows" for sheet in answer["sheets"]]
    return "\n".join(lines)


@command("pack", example="crm pack --out pack.pdf --sector Manufacturing --agency 'Harbor College'", draw=draw_pack)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file: .pdf or .xlsx.")
@period_options
@scope_options
@click.option("--agency", metavar="NAME", help="With this agency's own numbers; for its members.")
@click.option("--workshop", metavar="ID", help="Of this workshop: its question, its decisions, its names.")
def pack(
    db: "Store", viewer: Viewer, *, out: Path | None, first: date | None, last: date | None, **asked: Any
) -> dict[str, Any]:
    """The region's numbers, how they were counted, and the settings, to print or to go on working with.

    Agencies stand under their masks, or under their names as they showed them in the workshop. With --json every figure
    of the file is printed, sheet by sheet, in the order of the file.
    """
    from crm.services import packs
    from crm.views import pack_files

    form = out.suffix.lower().removeprefix(".") if out else ""
    if out is not None and form not in pack_files.MIMETYPES:
        raise Refused(f"{out} is no file that can be written. End its name with .pdf or .xlsx.")
    found = packs.find_pack(db, viewer, period=(first, last), **asked)
    if out is not None:
        content = pack_files.write_pack(found, form)
        try:
            out.write_bytes(content)
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror}.") from error
    return {"file": str(out) if out else None, **pack_files.describe(found)}
