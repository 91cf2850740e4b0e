"""Excel workbooks: checked before they are opened, parsed in a child process, handed on as rows of text.

A workbook is a zip file, and a small one can unpack to hundreds of megabytes. So its sizes are summed first; then a
child process under memory and time limits (`workbook_child`) turns one sheet into text, which is read from there.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from importers.errors import ReadError
from importers.rows import Row
from importers.sources import SourceFile

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 200
CHILD_MEMORY = 1024 * 1024 * 1024
CHILD_SECONDS = 60  # of processor time
PATIENCE = 180  # seconds by the clock
CHILD = Path(__file__).with_name("workbook_child.py")

TOO_BIG = "Save the sheet that you need as CSV and import that."


@dataclass(frozen=True)
class Workbook:
    """One sheet as text on disk (deleted when closed), with the names of all sheets; `lines` bounds its row numbers."""

    sheet: str
    sheets: tuple[str, ...]
    lines: int
    _text: SourceFile
    _start: int

    def read_rows(self) -> Iterator[Row]:
        """The sheet's rows; `line` is the row's number in the sheet."""
        with self._text.path.open(encoding="utf-8", newline="") as file:
            file.seek(self._start)
            for line, *cells in csv.reader(file):
                yield Row(int(line), cells)

    def close(self) -> None:
        self._text.close()


def open_workbook(source: SourceFile, *, sheet: str | None = None) -> Workbook:
    """Turn one sheet (the first that holds anything, unless named) into text. Raises ReadError."""
    check_zip(source)
    descriptor, generated = tempfile.mkstemp(prefix="crm-sheet-")
    text = SourceFile(Path(generated), source.name, temporary=True)
    try:
        with os.fdopen(descriptor, "wb") as output:
            _run_child(source, output, sheet)
        with text.path.open("rb") as file:
            head = json.loads(file.readline())
            start = file.tell()
            lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except BaseException:
        text.close()
        raise
    return Workbook(head["sheet"], tuple(head["sheets"]), lines, text, start)


def check_zip(source: SourceFile) -> None:
    """Refuse what is no workbook, or unpacks to more than a list of businesses ever would."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise ReadError(f"{source.name} is damaged: it ends early or is not a real workbook. Save it again.") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadError(f"{source.name} is protected by a password. Save it again without one.")
    if len(entries) > MAX_ENTRIES:
        raise ReadError(f"{source.name} is made of {len(entries):,} parts; {MAX_ENTRIES:,} are allowed. {TOO_BIG}")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
        raise ReadError(
            f"{source.name} unpacks to {unpacked / 1e6:,.0f} MB, {unpacked / packed:,.0f} times its size. "
            f"At most {MAX_UNPACKED // 1024**2} MB and {MAX_RATIO} times are allowed. {TOO_BIG}"
        )
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise ReadError(f"{source.name} is a zip file but not an Excel workbook. Save the list as .xlsx or CSV.")


def _run_child(source: SourceFile, text: IO[bytes], sheet: str | None) -> None:
    command = [sys.executable, "-I", str(CHILD), str(CHILD_MEMORY), str(CHILD_SECONDS)]
    with source.path.open("rb") as stdin:
        try:
            # The command is our own script under our own interpreter; the sheet's name is one argument of it.
            done = subprocess.run(  # noqa: S603
                [*command, sheet] if sheet is not None else command,
                stdin=stdin,
                stdout=text,
                stderr=subprocess.PIPE,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ReadError(f"{source.name} takes too long to read. {TOO_BIG}") from None
    if done.returncode != 0:
        raise ReadError(_explain(source.name, done.returncode, done.stderr.decode(errors="replace").strip()))


def _explain(name: str, status: int, error: str) -> str:
    kind, _, message = error.partition(": ")
    if kind == "LookupError":
        return message
    if "Password" in kind:
        return f"{name} is protected by a password. Save it again without one."
    if status in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV) or kind == "MemoryError":
        return f"{name} needs too much memory to read. {TOO_BIG}"
    if status == -getattr(signal, "SIGXCPU", 0):
        return f"{name} takes too long to read. {TOO_BIG}"
    return f"{name} is damaged and cannot be read as a workbook. Open it in Excel and save it again."
