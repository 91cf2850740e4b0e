"""How fast a file is read, mapped and checked, and what memory that takes beyond the interpreter's.

    python bench/read_check.py [ROWS]

writes ROWS touchpoints (default 100,000) of twelve columns to a temporary file, as CSV and as XLSX, and prints one
line for each: rows, seconds, rows a second, megabytes more at the peak.
"""

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crm.spreadsheets import write_csv, write_xlsx
from importers.check import Checked, check_rows
from importers.keys import content_hash, row_key
from importers.map import map_columns
from importers.read import open_sheet

COLUMNS = (
    "agency", "source_id", "date", "program", "staff", "business", "person", "channel", "purpose", "topics", "reached",
    "notes",
)  # fmt: skip
CHANNELS = ("visit", "call", "email", "event", "letter", "")
PURPOSES = ("needs", "survey", "relationship", "job_development", "service", "")


def make_rows(count: int) -> Iterator[tuple[str, ...]]:
    """Touchpoints of 12 agencies over two years with 30,000 businesses, the same for every run."""
    chance = random.Random(7)
    begin = date(2024, 1, 1)
    for number in range(count):
        agency = chance.randrange(12)
        business = chance.randrange(30_000)
        yield (
            f"Agency {agency}",
            f"T-{number:06}",
            (begin + timedelta(days=chance.randrange(730))).isoformat(),
            f"Program {agency}-{chance.randrange(4)}",
            f"staff{chance.randrange(200)}@example.org",
            f"B-{business:05}",
            f"P-{chance.randrange(40_000):05}" if chance.random() < 0.5 else "",
            chance.choice(CHANNELS),
            chance.choice(PURPOSES),
            chance.choice(("welders", "apprentices;welders", "wages", "")),
            chance.choice(("yes", "no", "")),
            f"Spoke about item {chance.randrange(10**6)}, will call again.\nSecond line." if number % 5 == 0 else "",
        )


def measure(path: Path) -> tuple[int, float, float]:
    """(rows, seconds, megabytes that the peak rose by) for open, map, check, and the two hashes of each row."""
    before = _peak()
    start = time.perf_counter()
    with open_sheet(path) as sheet:
        mapping = map_columns(sheet.headers)
        run = check_rows(sheet, mapping)
        for result in run:
            if isinstance(result, Checked):
                row_key(mapping.kind, result.values)
                content_hash(result.values)
    seconds = time.perf_counter() - start
    if run.refused:
        raise SystemExit(f"{run.refused} rows were refused; every row of this file is right")
    return run.rows, seconds, _peak() - before


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for ending, write in (("csv", write_csv), ("xlsx", write_xlsx)):
            path = Path(folder) / f"touchpoints.{ending}"
            # Written by a child, so that its memory is not counted.
            writer = os.fork()
            if writer == 0:
                with path.open("wb") as file:
                    file.writelines(write(COLUMNS, make_rows(count)))
                os._exit(0)
            os.waitpid(writer, 0)
            rows, seconds, memory = measure(path)
            rate = rows / seconds
            print(f"{ending:4}  {rows:>8,} rows  {seconds:6.2f} s  {rate:>9,.0f} rows/s  {memory:6.1f} MB more")


if __name__ == "__main__":
    main()
