"""How fast and how large everything is on a region of a given size: one command, one table, both engines side by side.

    python -m bench.speeds [--engine embedded|neo4j|both] [--businesses 60000] [--people 60000] [--touchpoints 200000]
                           [--seed 1] [--keep FOLDER]

An empty start; the files of `bench.region_files` through `crm import`; `crm knocks` from cold; pages through gunicorn
as deployed, for one client and for several at once; logging contacts; search with slips. The same seed and sizes give
the same region and the same draw of pages. `--keep FOLDER` leaves the embedded engine's region there, and the next time
measures all but the empty start and the imports on it. It ends with status 1 if anything went wrong; a target that was
missed is marked, and is no failure. Neo4j is the one of tests/neo4j_server, with the memory of docker-compose.yml.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from bench.children import run_python
from bench.engines import ENGINES, Engine, start_engine
from bench.machine import tell_machine
from bench.region_files import Files, add_sizes, list_sizes
from bench.steps import (
    Figure,
    measure_imports,
    measure_knocks,
    measure_pages,
    measure_search,
    measure_start,
    say,
)
from crm.graph.schema import open_store

MARK = "bench.json"
Table = dict[str, dict[str, Figure]]
HOW_TO_READ = """\
Times of pages: milliseconds at the median / at 95 of 100 requests, for one client; then for several at once without
pause. cpu: seconds (of a page: milliseconds) of the processor, in the process that does the work + in the engine; on a
machine with other work it is the figure to compare. MB of a process: the most it held.
Engine and workers at rest: their own memory, shared pages by halves. * misses the target."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    add_sizes(parser)
    parser.add_argument("--keep", type=Path, help="keep the embedded engine's region here")
    options = parser.parse_args()
    heading = tell_machine()
    with tempfile.TemporaryDirectory(prefix="bench-files-") as folder:
        # Written when the first engine wants them, once for both.
        files = cache(lambda: write_files(Path(folder), options))
        engines = ENGINES if options.engine == "both" else (options.engine,)
        table = {name: {one.name: one for one in run(name, files, options)} for name in engines}
    print(heading)
    print(
        f"{options.businesses:,} businesses, {options.people:,} people, {options.touchpoints:,} contacts, "
        f"seed {options.seed}"
    )
    print(HOW_TO_READ)
    draw(table)
    errors = sum(one.errors for figures in table.values() for one in figures.values())
    print(f"errors: {errors}")
    sys.exit(errors > 0)


def write_files(folder: Path, options: argparse.Namespace) -> Files:
    """In another process, because those that are measured begin with the peak of this one."""
    say("writing the files of the region")
    paths, _ = run_python({}, "bench.region_files", str(folder), *list_sizes(options))
    one = {name: Path(path) for name, path in paths.items() if name != "contacts"}
    return Files(**one, contacts=[Path(path) for path in paths["contacts"]])


def run(name: str, files: Callable[[], Files], options: argparse.Namespace) -> Iterator[Figure]:
    """All figures of one engine."""
    print(name, file=sys.stderr)
    kept = options.keep.resolve() if options.keep and name == "embedded" else None
    sizes = list_sizes(options)
    is_there = kept is not None and check_kept(kept, sizes)
    with start_engine(name, kept) as engine:
        if not is_there:
            if engine.server is not None and not engine.server.is_ours:
                check_empty(engine)
            yield from measure_start(engine)
        db = open_store(engine.settings)
        try:
            # Now and not when something is wanted of it: with this connection the engine runs from here to the end.
            db.read("RETURN 1 AS one")
            if not is_there:
                yield from measure_imports(engine, files())
                if kept is not None:
                    (kept / MARK).write_text(json.dumps(sizes))
            yield from measure_knocks(engine)
            yield from measure_pages(engine, db, options.seed)
            yield from measure_search(engine, options.seed)
        finally:
            db.close()


def check_kept(folder: Path, sizes: list[str]) -> bool:
    """Whether the region is there already; ends with a word where something else is."""
    mark = folder / MARK
    if not mark.exists():
        if folder.exists() and any(folder.iterdir()):
            raise SystemExit(f"{folder} holds something else, or a region that was not finished: name an empty folder.")
        return False
    if json.loads(mark.read_text()) != sizes:
        raise SystemExit(f"{folder} keeps a region of other sizes: {mark.read_text()}")
    return True


def check_empty(engine: Engine) -> None:
    """A bench must not fill what somebody uses."""
    db = open_store(engine.settings)
    try:
        if db.read("MATCH (a:Agency) RETURN a.id AS id LIMIT 1"):
            raise SystemExit(f"The graph of {engine.settings.uri} is not empty.")
    finally:
        db.close()


def draw(table: Table) -> None:
    """A line for each figure, in the order of the first engine; figures that only another one has come last."""
    targets = {name: one.target for figures in table.values() for name, one in figures.items()}
    cells = [["", *table, "target"]]
    for name, target in targets.items():
        found = [figures.get(name) for figures in table.values()]
        cells.append([name, *(tell(one) for one in found), target])
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    for row in cells:
        print("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())


def tell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    wrong = f" ({figure.errors} ERRORS)" if figure.errors else ""
    return f"{figure.value}{' *' if figure.missed else ''}{wrong}"


if __name__ == "__main__":
    main()
