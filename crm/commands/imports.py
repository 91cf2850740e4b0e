"""`crm import`, `crm template`, `crm export`, `crm undo`: files in and out of the region."""

import contextlib
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.access import Viewer
from crm.commands.output import command, draw_table, say

if TYPE_CHECKING:
    from crm.commands.progress import Report
    from crm.graph.driver import Store

KINDS = (
    "programs", "businesses", "people", "touchpoints", "referrals", "agreements", "tables", "seats", "meetings",
    "sectors",
)  # fmt: skip
COUNTS = ("file", "import", "kind", "rows", "created", "updated", "unchanged", "refused", "to_review")
# What rows say of businesses and people beside: count -> its words.
BESIDE = {
    "created": "new",
    "updated": "changed",
    "unchanged": "the same as before",
    "known": "known from another list, which stays as that list says",
    "differing": "said otherwise than by an earlier row, which counts",
    "unplaced": "without saying of which, not taken",
}
SHOWN_REFUSALS = 20
SHOWN_LEFT_OUT = 10
SHOWN_REMARKS = 10
INTERRUPTED = 130  # the usual status of what Ctrl-C ended


def draw_results(results: list[dict[str, Any]]) -> Any:
    from rich.console import Group
    from rich.text import Text

    parts: list[Any] = [draw_table(results, list(COUNTS))]
    for result in results:
        for name, what in (
            ("new_agencies", "New agencies"),
            ("new_programs", "New programs"),
            ("new_tables", "New tables"),
        ):
            if result[name]:
                parts.append(Text(f"{what}: {', '.join(result[name])}"))
        for kind, counts in result["beside"].items():
            if told := [f"{counts[name]:,} {words}" for name, words in BESIDE.items() if counts[name]]:
                parts.append(Text(f"{result['file']} also tells of {kind}: {'; '.join(told)}."))
        parts.extend(
            Text(f"{one['column']} of {result['file']}: {one['remark']} ({one['cells']:,}).")
            for one in result["remarks"][:SHOWN_REMARKS]
        )
        if len(result["remarks"]) > SHOWN_REMARKS:
            parts.append(Text(f"… and {len(result['remarks']) - SHOWN_REMARKS} more remarks; --json lists them all."))
        if result["unused_columns"]:
            parts.append(Text(f"Columns of {result['file']} not used: {', '.join(result['unused_columns'])}"))
        parts.extend(
            Text(f"{result['file']}, line {row['line']}: left out. {row['reason']} (found: {row['text']!r})")
            for row in result["left_out"][:SHOWN_LEFT_OUT]
        )
        if len(result["left_out"]) > SHOWN_LEFT_OUT:
            more = len(result["left_out"]) - SHOWN_LEFT_OUT
            parts.append(Text(f"… and {more} more left out; --json lists them all."))
        if result["no_longer_sent"]:
            parts.append(Text(f"No longer sent: {result['no_longer_sent']:,} rows, which {result['file']} lacks."))
        for refusal in result["refusals"][:SHOWN_REFUSALS]:
            place = f"{result['file']}, line {refusal['line']}" + (
                f", {refusal['column']}" if refusal["column"] else ""
            )
            parts.append(Text(f"{place}: {refusal['reason']} {refusal['fix']} (found: {refusal['value']!r})"))
        if len(result["refusals"]) > SHOWN_REFUSALS:
            parts.append(Text(f"… and {len(result['refusals']) - SHOWN_REFUSALS} more; --json lists them all."))
    return Group(*parts)


@command("import", example="crm import businesses.csv touchpoints.csv --agency 'Harbor College'", draw=draw_results)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--agency", help="Whose rows these are, where the file has no agency column.")
@click.option("--system", help="The system that the source ids belong to.  [default: plain]")
@click.option("--profile", help="Read the file by this saved column map; with --map, save it under this name.")
@click.option("--map", "maps", multiple=True, metavar="HEADING=COLUMN", help='As in --map "Site name=name".')
@click.option("--date-format", "date_formats", multiple=True, metavar="HEADING=FORMAT", help='As in "Met on=d/m/yyyy".')
@click.option(
    "--value", "values", multiple=True, metavar="COLUMN:THEIRS=OURS", help='As in "channel:Site Visit=visit".'
)
@click.option("--kind", type=click.Choice(KINDS), help="What the rows are, where the headings do not say it.")
@click.option("--encoding", help="How the file's letters are written, where the guess is wrong.")
@click.option("--delimiter", help="What separates the cells: comma, semicolon, tab, pipe, or one character.")
@click.option("--sheet", help="The sheet of a workbook.  [default: the first that looks like a table]")
@click.option("--header-row", type=int, help="The row of the headings, from 0 as `crm inspect` counts; -1 for none.")
@click.option("--keep-footers", is_flag=True, help="Take totals and notes below the table for rows like others.")
@click.option(
    "--complete/--no-complete",
    default=None,
    help="The file is (not) the whole list: what it lacks is marked as no longer sent.  [default: as its map says]",
)
@click.option("--sure", is_flag=True, help="It is the whole list, even if it lacks more than half of the rows so far.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_files(
    db: "Store",
    viewer: Viewer,
    *,
    files: tuple[Path, ...],
    dry_run: bool,
    keep_footers: bool,
    sure: bool,
    **said: Any,
) -> list[dict[str, Any]]:
    """Take files in: plain files as they are, others by a column map.

    A folder or a zip file stands for the files in it; one of them that cannot be read is named, and the others go in.
    The files may stand in any order; they are taken, and listed, in the order of the kinds below. A row that cannot be
    taken is refused with its line, column and the way to mend it, listed by line; the others go in. The same file
    again changes nothing.
    """
    from crm.commands.progress import bar_or_lines
    from crm.services.uploads import clear_old
    from importers import load
    from importers.openings import Said, close_sources, open_sources
    from importers.originals import keep_original
    from importers.previews import Preview

    words = Said(**said, footers=False if keep_footers else None)
    sources = open_sources(
        db, files, words, keep=not dry_run, passed_over=lambda name, why: say(f"Passed over {name}: {why}")
    )
    begun: list[str] = []

    def begin(source: "load.Source", id: str) -> None:
        begun.append(id)
        keep_original(db, viewer, source, id, words)

    try:
        with bar_or_lines() as bar, resumable(db, begun, bar) as report:
            if not dry_run:
                results = load.import_files(
                    db,
                    sources,
                    viewer=viewer,
                    progress=report,
                    begun=begin,
                    notice=lambda text: say(f"Waiting: {text}"),
                    sure=sure,
                )
                clear_old(db)
            else:
                with Preview(db, system=said["system"] or sources[0].profile.system) as preview:
                    for source in sources:
                        preview.add(source, progress=report)
                    results = preview.finish(progress=report)
    finally:
        close_sources(sources)
    return [result.to_json() for result in results]


@contextmanager
def resumable(db: "Store", begun: list[str], report: "Report") -> "Generator[Report]":
    """The same report of progress, at which imports that have `begun` (ids) stop when somebody interrupts the command:
    between two batches, with a word on what is in and how to go on. A second time interrupts at once.
    """
    from crm.access import OWNER
    from crm.graph import imports

    is_asked = False

    def ask(*_: object) -> None:
        nonlocal is_asked
        if is_asked or not begun:
            raise KeyboardInterrupt
        is_asked = True
        say("Stopping after these rows …")

    def look_up(stage: str, done: int, total: int | None) -> None:
        report(stage, done, total)
        if is_asked:
            raise KeyboardInterrupt

    with contextlib.suppress(ValueError):  # Only the main thread hears of signals.
        signal.signal(signal.SIGINT, ask)
    try:
        yield look_up
    except KeyboardInterrupt:
        for id in begun:
            found = imports.get_import(db, id, viewer=OWNER)
            say(
                f"Stopped: {found.rows:,} rows of {found.file} were read, and those that could go in are in. "
                f"The same command goes on from there; `crm undo {id}` takes them back."
            )
        if not begun:
            say("Stopped: no row is in.")
        raise SystemExit(INTERRUPTED) from None
    finally:
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGINT, signal.default_int_handler)


@command("template", example="crm template touchpoints > touchpoints.csv", store=False, draw=lambda made: made["text"])
@click.argument("kind", type=click.Choice(KINDS))
def template(*, kind: str) -> dict[str, Any]:
    """Print the header of a plain file, with one example row."""
    from crm.spreadsheets import write_csv
    from importers.kinds import BY_NAME
    from importers.kinds import template as make_template

    header, example = make_template(BY_NAME[kind])
    text = b"".join(write_csv(header, [example])).decode("utf-8-sig")
    return {"kind": kind, "columns": header, "example": example, "text": text.replace("\r\n", "\n").rstrip("\n")}


@command("export", example="crm export touchpoints --out touchpoints.csv")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--system", help="Only the records of this source system.")
def export(db: "Store", viewer: Viewer, *, kind: str, out: Path, system: str | None) -> dict[str, Any]:
    """Write the region's records of a kind to a plain file, which `crm import` reads back unchanged."""
    from importers.exports import export_file

    return {"kind": kind, "file": str(out), "rows": export_file(db, kind, out, viewer=viewer, system=system)}


@command("undo", example="crm undo i3k9x2m4q7rab")
@click.argument("import_id", metavar="IMPORT")
def undo(db: "Store", viewer: Viewer, *, import_id: str) -> dict[str, Any]:
    """Take an import back, as if it had never been, with the values that it overwrote."""
    from crm.commands.progress import bar
    from importers.undo import undo_import

    with bar() as report:
        done = undo_import(db, import_id, viewer=viewer, progress=report, notice=lambda text: say(f"Waiting: {text}"))
    return {"import": done.id, "removed": done.removed, "restored": done.restored}
