"""How often the meaning of a column is guessed right: `python -m bench.import_headings`.

Each file in `bench/headings` is one export: its headings, the same renamed as agencies rename them, some cells, and
what each column means. A hash of the file's name puts it into the half by which the guesses are built, or into the
half that is held out: of that half only the share is told, never which columns were wrong.
"""

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from importers.inspections import inspect_sheet
from importers.read import open_sheet

FOLDER = Path(__file__).parent / "headings"
ROWS = 24


@dataclass(frozen=True)
class Header:
    """One header row to be guessed: of which export, under which names (0: its own, 1, 2: renamed), and the truth."""

    export: str
    half: str
    naming: int
    kind: str
    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """One column: what it means, and what was guessed."""

    header: Header
    heading: str
    meaning: str
    guess: str
    why: str

    @property
    def is_right(self) -> bool:
        return self.meaning == self.guess


def choose_half(export: str) -> str:
    return "held_out" if sha256(export.encode()).digest()[0] % 2 else "build"


def list_headers(folder: Path = FOLDER) -> list[Header]:
    """All header rows, by export and naming."""
    return [header for path in sorted(folder.glob("*.tsv")) for header in _read(path)]


def _read(path: Path) -> Iterator[Header]:
    first, _, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    for naming in range(3):
        yield Header(
            path.stem,
            choose_half(path.stem),
            naming,
            first.removeprefix("# "),
            tuple(row[0] if naming == 0 else row[1].split("|")[naming - 1] for row in rows),
            tuple(tuple(row[2].split("|")) for row in rows),
            tuple(row[3] for row in rows),
        )


def mark(header: Header) -> list[Mark]:
    """Guess one header row as `crm inspect` does, on a file with its headings and cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header.headings)
    writer.writerows([cells[n % len(cells)] for cells in header.cells] for n in range(ROWS))
    with open_sheet(text.getvalue().encode(), f"{header.export}.csv", header_row=0) as sheet:
        columns = inspect_sheet(sheet).columns
    return [
        Mark(header, heading, meaning, column.meaning, column.why)
        for heading, meaning, column in zip(header.headings, header.meanings, columns, strict=True)
    ]


def share_right(marks: list[Mark]) -> float:
    return sum(one.is_right for one in marks) / max(1, len(marks))


def main() -> None:
    marks = [one for header in list_headers() for one in mark(header)]
    for half in ("build", "held_out"):
        own = [one for one in marks if one.header.half == half]
        plain = [one for one in own if not one.header.naming]
        renamed = [one for one in own if one.header.naming]
        print(f"{half}: {share_right(plain):.1%} of {len(plain)} columns; renamed {share_right(renamed):.1%}")
        for export in sorted({one.header.export for one in own}):
            of_export = [one for one in own if one.header.export == export]
            print(f"    {share_right(of_export):7.1%}  {export}")
    for one in marks:
        if one.header.half == "build" and not one.is_right:
            print(f"  {one.header.export} {one.header.naming}: {one.heading!r} is {one.meaning}, not {one.guess}")
            print(f"      {one.why}")


if __name__ == "__main__":
    sys.exit(main())
