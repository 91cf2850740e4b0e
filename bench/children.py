"""Commands as processes of their own, with what they cost: the clock, the processor, memory at the peak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]


class Cost(NamedTuple):
    """Seconds by the clock, seconds of the processor, and the most memory that the process held, in MB."""

    seconds: float
    processor: float
    megabytes: float


def run_crm(environment: dict[str, str], *arguments: str, said: str = "") -> tuple[Any, Cost]:
    """The JSON answer of a command of the product, and what it cost."""
    return run_python(environment, "crm.cli", *arguments, "--json", said=said)


def run_python(
    environment: dict[str, str], module: str, *arguments: str, said: str = "", python: Path | None = None
) -> tuple[Any, Cost]:
    """The same of any module that answers in JSON; `said` is its input, `python` another one than this to run it with.
    What it writes to standard error is passed on.

    A process begins with the peak of the one that started it: whoever measures must be small itself.
    """
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as question:
        question.write(said.encode())
        question.seek(0)
        began = time.perf_counter()
        process = subprocess.Popen(
            [python or sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=question,
            stdout=answer,
        )
        # Popen's own wait would not say what this child alone has used.
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{module} {' '.join(arguments)} ended with status {process.returncode}")
        answer.seek(0)
        # Linux counts in kilobytes, macOS in bytes.
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return json.load(answer), Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)
