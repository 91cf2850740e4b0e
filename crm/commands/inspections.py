"""`crm inspect`: how a file will be read, nothing stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.commands.output import command, draw_table, say

if TYPE_CHECKING:
    from importers.inspections import InspectedFile, Inspection
    from importers.profiles import Profile

COLUMNS = ("header", "meaning", "confidence", "date_format", "why")
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def draw_inspections(told: "Inspection | list[InspectedFile]") -> Any:
    from rich.console import Group
    from rich.text import Text

    if not isinstance(told, list):
        return draw_inspection(told)
    parts: list[Any] = []
    for one in told:
        parts += [Text(one.file, style="bold"), Text(one.problem) if one.problem else draw_inspection(one), Text("")]
    return Group(*parts[:-1])


def draw_inspection(inspection: "Inspection") -> Any:
    from dataclasses import asdict

    from rich.console import Group
    from rich.text import Text

    columns = [asdict(column) | {"header": " ".join(column.header.split())} for column in inspection.columns]
    return Group(Text(_describe(inspection)), draw_table(columns, list(COLUMNS)), *map(Text, inspection.notes))


def _describe(told: "Inspection") -> str:
    """How the file is read, in a line."""
    known = f", as {told.profile}" if told.profile else ""
    parts = [f"{told.rows:,} rows: {told.kind or 'nothing that is known'}{known}"]
    if told.sheet is not None:
        parts.append(f"sheet {told.sheet}")
    headings = "no headings" if told.header_row is None else f"headings in row {told.header_row + 1}"
    parts.append(f"{headings} (--header-row {-1 if told.header_row is None else told.header_row})")
    if told.encoding is not None:
        parts.append(f"letters {told.encoding}")
    if told.delimiter is not None:
        parts.append(f"cells between {DELIMITERS.get(told.delimiter, repr(told.delimiter))}")
    return "; ".join(parts)


@command("inspect", example="crm inspect 'Contact list.xlsx' --sheet Members", draw=draw_inspections, store=False)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--sheet", help="The sheet of a workbook, where the first is not meant.")
@click.option("--header-row", type=int, help="The row of the headings, from 0; -1 if there is none.")
@click.option("--delimiter", help="What stands between the cells, where the guess is wrong.")
@click.option("--encoding", help="How the file's letters are written, where the guess is wrong.")
def inspect(
    *, file: Path, sheet: str | None, header_row: int | None, delimiter: str | None, encoding: str | None
) -> "Inspection | list[InspectedFile]":
    """Say how a file will be read: its kind, and what each column means with how sure that is and why.

    Columns are listed in the order of the file. Of a zip file or a folder each file in it is told, in the order in
    which they stand there (a folder's by name), with its path and, where it cannot be read, the problem. Nothing is
    stored, and without a region no engine is started.
    """
    from importers.archives import is_archive, read_archive, read_folder
    from importers.inspections import inspect_parts, inspect_sheet
    from importers.read import open_sheet

    said: dict[str, Any] = {
        "sheet": sheet, "header_row": header_row, "delimiter": delimiter, "encoding": encoding
    }  # fmt: skip
    if file.is_dir():
        return inspect_parts(read_folder(file), _list_profiles(), **said)
    if is_archive(file, file.name):
        return inspect_parts(read_archive(file, file.name), _list_profiles(), **said)
    with open_sheet(file, **said) as opened:
        return inspect_sheet(opened, _list_profiles())


def _list_profiles() -> list[tuple[str, "Profile"]]:
    """The saved profiles, where there is a region that may hold some."""
    from crm.config import read_settings
    from crm.errors import CrmError
    from crm.graph import profiles
    from crm.graph.embedded import has_region
    from crm.graph.schema import open_store
    from importers.profiles import Profile

    settings = read_settings().graph
    if settings.uri is None and not has_region(settings.data_dir):
        return []
    db = open_store(settings)
    try:
        return [(name, Profile.from_json(data)) for name, data in profiles.list_profiles(db).items()]
    except CrmError as error:
        say(f"Saved profiles are not used: {error}")
        return []
    finally:
        db.close()
