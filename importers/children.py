"""Child processes: a file that a library must parse is parsed in a process of its own, under limits of memory and time.

What comes back is text on disk (rows as CSV, each with its line first), which is read from there as often as needed.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from importers.errors import ReadError
from importers.kept_texts import KeptTexts
from importers.rows import Row
from importers.sources import SourceFile

CHILD_MEMORY = 1024 * 1024 * 1024
CHILD_SECONDS = 60  # of processor time
PATIENCE = 180  # seconds by the clock


TOO_BIG = "Save the sheet that you need as CSV and import that."


@dataclass(frozen=True)
class Parsed:
    """A table as text on disk, deleted when closed; `head` is what the child said of it, `lines` bounds its lines."""

    head: dict[str, Any]
    lines: int
    _text: SourceFile
    _start: int

    def read_rows(self) -> Iterator[Row]:
        """The rows, each with its line in the file."""
        with self._text.path.open(encoding="utf-8", newline="") as file:
            file.seek(self._start)
            for cells in csv.reader(file):
                yield Row(int(cells.pop(0)), cells)

    def close(self) -> None:
        self._text.close()


def parse_file(source: SourceFile, script: str, what: str, *arguments: str, kept: KeptTexts | None = None) -> Parsed:
    """The table that a script of this package makes of a file, which errors call `what`, or that is kept of an earlier
    time. Raises ReadError.
    """
    descriptor, generated = tempfile.mkstemp(prefix="crm-sheet-")
    text = SourceFile(Path(generated), source.name, temporary=True)
    try:
        with os.fdopen(descriptor, "wb") as output:
            if kept is None or not kept.take(source.sha256, (script, *arguments), output):
                _run(source, output, script, what, arguments)
                if kept is not None:
                    kept.keep(source.sha256, (script, *arguments), text.path)
        with text.path.open("rb") as file:
            head = json.loads(file.readline())
            start = file.tell()
            lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except BaseException:
        text.close()
        raise
    return Parsed(head, lines, text, start)


def _run(source: SourceFile, text: IO[bytes], script: str, what: str, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-I", str(Path(__file__).with_name(script)), str(CHILD_MEMORY), str(CHILD_SECONDS)]
    with source.path.open("rb") as stdin:
        try:
            # The command is our own script under our own interpreter; a sheet's name is one argument of it.
            done = subprocess.run(  # noqa: S603
                [*command, *arguments], stdin=stdin, stdout=text, stderr=subprocess.PIPE, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            raise ReadError(f"{source.name} takes too long to read. {TOO_BIG}") from None
    if done.returncode != 0:
        error = done.stderr.decode(errors="replace").strip()
        raise ReadError(_explain(source.name, what, done.returncode, error))


def _explain(name: str, what: str, status: int, error: str) -> str:
    kind, _, message = error.partition(": ")
    if kind == "LookupError":
        return message
    if "Password" in kind:
        return f"{name} is protected by a password. Save it again without one."
    if status in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV) or kind == "MemoryError":
        return f"{name} needs too much memory to read. {TOO_BIG}"
    if status == -getattr(signal, "SIGXCPU", 0):
        return f"{name} takes too long to read. {TOO_BIG}"
    if status == -getattr(signal, "SIGXFSZ", 0) or "File too large" in error:
        return f"{name} holds more text than can be taken at once. {TOO_BIG}"
    return f"{name} is damaged and cannot be read as {what}. Open it where it was made and save it again."
