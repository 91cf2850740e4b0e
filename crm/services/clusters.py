"""Clusters of a file: any table of businesses or people, of one list or of many, read, matched and written again with
the cluster of each row. No graph, and nothing is kept.
"""

import csv
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from heapq import nsmallest
from pathlib import Path
from zlib import crc32

from crm.collector import paused_collector
from crm.dedupe.bulk import group_forms, read_forms
from crm.dedupe.columns import PLURAL, Layout, parse_maps, read_layout
from crm.dedupe.crew import Crew
from crm.dedupe.headings import NONE, REC_ID, KindName, split_heading
from crm.dedupe.kinds import Row
from crm.dedupe.tables import choose_kind, complete, is_bare, list_unused, needs_whole, record_reader
from crm.errors import Refused
from crm.files import write_whole
from crm.memory import peak_memory_mb
from importers.read import open_sheet
from importers.rows import BadRow, LeftOut
from importers.sheets import Sheet

Progress = Callable[[str, int, int | None], None]
SEPARATOR = "\x1f"
SAMPLE = 2_000  # rows whose cells help to tell what a column means
SHOWN = 5
REPORTED = 20_000


@dataclass(frozen=True, slots=True)
class Clustered:
    """What was done with a file: `columns` are (heading, meaning) in its order."""

    kind: KindName
    rows: int
    clusters: int
    seconds: float
    peak_memory_mb: float | None
    layout: Layout


@dataclass(frozen=True)
class Table:
    """The rows of a file: their ids in its order, and the cells of each as one text, which needs far less memory."""

    headers: tuple[str, ...]
    ids: list[str]
    texts: list[str]


def cluster_file(
    path: Path,
    out: Path,
    *,
    kind: KindName | None = None,
    maps: Iterable[str] = (),
    tell: Callable[[str], None],
    progress: Progress,
) -> Clustered:
    """Cluster the records of a file and write `rec_id,cluster` for each of its rows, in its order, to `out`.

    A cluster goes by the first rec_id in it, in text order. The same rows in another order have the same clusters.
    `tell` is given what was found out about the columns before matching begins. Raises Refused, having written nothing.
    """
    start = time.perf_counter()
    if out.exists() and out.samefile(path):
        raise Refused(f"{out} is the file with the records itself. Name another file to write.")
    with paused_collector(), write_whole(out) as file:
        table, layout = read_table(path, kind=kind, maps=list(maps), progress=progress)
        for line in describe(layout):
            tell(line)
        if is_bare(layout) and table.ids:
            raise Refused(
                "No column says anything by which two rows could be compared. Say what the columns mean, such as "
                f'--map "{next((c.header for c in layout.columns if c.meaning == NONE), "Site name")}=name".'
            )
        cluster_of = match(layout, table, progress)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((REC_ID, "cluster"))
        writer.writerows((uid, cluster_of[uid]) for uid in table.ids)
        count = len(set(cluster_of.values()))
    seconds = round(time.perf_counter() - start, 3)
    peak = peak_memory_mb()
    return Clustered(layout.kind, len(table.ids), count, seconds, peak and round(peak, 1), layout)


def describe(layout: Layout) -> Iterator[str]:
    """How each column is read, in words."""
    yield f"Read as a list of {PLURAL[layout.kind]}."
    unused = set(list_unused(layout))
    for column in layout.columns:
        if column.header not in unused:
            yield f"  {column.header}: {column.meaning} ({column.why})"
    known = [column for column in layout.columns if column.header in unused and column.meaning != NONE]
    if known:
        yield "Known, but not weighed: " + ", ".join(f"{column.header} ({column.meaning})" for column in known)
    if nothing := [column for column in layout.columns if column.meaning == NONE]:
        yield "Not used: " + "; ".join(f"{column.header} ({column.why})" for column in nothing)


# Reading.


def read_table(path: Path, *, kind: KindName | None, maps: list[str], progress: Progress) -> tuple[Table, Layout]:
    """The file's rows, and what its columns mean. Raises Refused when a row has no id of its own or cannot be read."""
    with closing(open_with_ids(path, maps)) as sheet:
        place = find_id_column(sheet, maps)
        table = read_rows(sheet, place, progress)
    said = [*maps, f"{table.headers[place]}={REC_ID}"]
    # Which rows are looked at depends on their ids alone, so that another order of the file changes nothing.
    sample = nsmallest(SAMPLE, range(len(table.ids)), key=lambda n: (crc32(table.ids[n].encode()), table.ids[n]))
    cells = [table.texts[number].split(SEPARATOR) for number in sample]
    samples = {header: [row[n] for row in cells if row[n].strip()] for n, header in enumerate(table.headers)}
    return table, read_layout(table.headers, samples, kind=kind, maps=said)


def open_with_ids(path: Path, maps: list[str]) -> Sheet:
    """The file, its cells as they stand. Its first row is that of the headings wherever it has rec_id in it."""
    sheet = open_sheet(path, footers=False)
    if sheet.header_row != 0 and not has_ids(sheet) and not maps:
        first = open_sheet(path, header_row=0, footers=False)
        if has_ids(first):
            sheet.close()
            sheet = first
        else:
            first.close()
    # A rec_id goes out as it came in, also with an apostrophe before it.
    return replace(sheet, format="as it stands")


def has_ids(sheet: Sheet) -> bool:
    return any(is_id_heading(header) for header in sheet.headers)


def is_id_heading(header: str) -> bool:
    return "".join(split_heading(header)) == "recid"


def find_id_column(sheet: Sheet, maps: list[str]) -> int:
    """The place of the column with the rows' ids: the one that is said to be it, else the one of that heading."""
    said = parse_maps(maps, sheet.headers)
    named = [header for header, meaning in said.items() if meaning == REC_ID]
    if len(named) > 1:
        raise Refused(f"Two columns are said to be {REC_ID}: {', '.join(named)}. Say one.")
    found = named or [header for header in sheet.headers if is_id_heading(header) and header not in said]
    if found:
        return sheet.headers.index(found[0])
    likely = next((header for header in sheet.headers if split_heading(header)[-1:] == ["id"]), None)
    raise Refused(
        f"{sheet.name} has no column {REC_ID}. Say which column holds each row's own id, such as "
        f'--map "{likely or sheet.headers[0]}={REC_ID}". Its columns are: {", ".join(sheet.headers)}.'
    )


def read_rows(sheet: Sheet, place: int, progress: Progress) -> Table:
    """Every row, with an id of its own. Raises Refused with the lines and the way to mend them."""
    line_of: dict[str, int] = {}
    texts: list[str] = []
    blank: list[int] = []
    twice: list[str] = []
    broken: list[BadRow] = []
    last = len(sheet.headers) - 1
    for row in sheet.rows():
        if isinstance(row, BadRow):
            broken.append(row)
            continue
        assert not isinstance(row, LeftOut), "every row has an id, so none is taken for a footer"
        uid = row.cells[place]
        if not uid.strip():
            blank.append(row.line)
        elif (line := line_of.setdefault(uid, row.line)) != row.line:
            twice.append(f"{uid!r} (lines {line} and {row.line})")
        text = SEPARATOR.join(row.cells)
        if text.count(SEPARATOR) != last:
            text = SEPARATOR.join(cell.replace(SEPARATOR, " ") for cell in row.cells)
        texts.append(text)
        if len(texts) % REPORTED == 0:
            progress("reading", row.line, sheet.lines)
    refuse_broken(sheet, broken)
    refuse_ids(sheet, sheet.headers[place], blank, twice)
    progress("reading", sheet.lines, sheet.lines)
    return Table(sheet.headers, list(line_of), texts)


def refuse_broken(sheet: Sheet, broken: list[BadRow]) -> None:
    if broken:
        more = f" {len(broken) - 1} more rows cannot be read." if len(broken) > 1 else ""
        first = broken[0]
        raise Refused(f"{sheet.name}, line {first.line}: {first.reason} {first.fix}{more}")


def refuse_ids(sheet: Sheet, header: str, blank: list[int], twice: list[str]) -> None:
    fix = f'Give every row an id of its own, or say which column holds one, such as --map "ID={REC_ID}".'
    if blank:
        lines = ", ".join(map(str, blank[:SHOWN])) + (", …" if len(blank) > SHOWN else "")
        raise Refused(f"{sheet.name}: {header} is blank in {len(blank)} rows (line {lines}). {fix}")
    if twice:
        rows = ", ".join(twice[:SHOWN]) + (", …" if len(twice) > SHOWN else "")
        raise Refused(f"{sheet.name}: {header} is not the row's own: {rows}. {fix}")


# Matching.


def match(layout: Layout, table: Table, progress: Progress) -> dict[str, str]:
    """rec_id -> the first rec_id of its cluster. The texts of the table are used up."""
    kind, crew = choose_kind(layout), Crew()
    order = in_order(table)
    whole = list(complete(layout, list_records(layout, table))) if needs_whole(layout) else []

    def rows(start: int, stop: int) -> Iterable[Row]:
        return whole[start:stop] if whole else list_records(layout, table, order[start:stop])

    forms = read_forms(kind, len(order), rows, crew, progress)
    table.texts.clear()
    first = group_forms(kind, forms, crew, progress)
    return {table.ids[number]: table.ids[order[at]] for number, at in zip(order, first.tolist(), strict=True)}


def in_order(table: Table) -> list[int]:
    """The places of the rows in the order of their ids, so that the matcher is given the same whatever theirs."""
    return sorted(range(len(table.ids)), key=table.ids.__getitem__)


def list_records(layout: Layout, table: Table, places: Iterable[int] | None = None) -> Iterator[Row]:
    """The records of these places; without any, all in the order of their ids."""
    read = record_reader(layout)
    for number in in_order(table) if places is None else places:
        yield read(table.ids[number], table.texts[number].split(SEPARATOR))
