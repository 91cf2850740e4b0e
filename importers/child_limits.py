"""What every script that reads a file in a process of its own begins and ends with: limits, and words for its failure.

A file made to exhaust memory aborts the process that parses it, and that must not be the one that serves everybody
else. The file is standard input; standard output gets one line of JSON, and then the rows as CSV, each with its line in
the file first.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

MOST_TEXT = 1024 * 1024 * 1024  # bytes that may be written: no list of businesses is so long, a bomb is
REFUSED = 3  # exit status: the reason is on standard error
Numbered = tuple[int, list[str]]


def limit_resources(memory: int, seconds: int) -> None:
    """Cap the address space and processor time of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the sizes were checked before
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_TEXT, MOST_TEXT))
    # At the soft limit comes a signal that names the reason, a second later one that cannot be refused.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def serve(read: Callable[[BinaryIO, list[str]], tuple[dict[str, Any], Iterable[Numbered]]]) -> int:
    """Read standard input and write what `read` gives: what is known of the table, and its rows with their lines.

    The script's arguments: memory in bytes, seconds, then those for `read`. LookupError is for the user's eyes.
    """
    limit_resources(int(sys.argv[1]), int(sys.argv[2]))
    output = open(sys.stdout.fileno(), "w", encoding="utf-8", errors="replace", newline="", closefd=False)  # noqa: SIM115
    try:
        with open(sys.stdin.fileno(), "rb", closefd=False) as stream:
            head, rows = read(stream, sys.argv[3:])
            output.write(json.dumps(head) + "\n")
            csv.writer(output).writerows(_join(rows))
            output.flush()
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return REFUSED
    return 0


def _join(rows: Iterable[Numbered]) -> Iterator[list[str]]:
    for line, cells in rows:
        yield [str(line), *cells]
