"""Reads a file of contacts, a calendar, or the table of a web page in a process of its own.

Run as a script, not imported (see `child_limits`).
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

if __name__ == "__main__":  # -I keeps the script's own place off the path
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from importers.child_limits import Numbered, serve


def read(stream: BinaryIO, arguments: list[str]) -> tuple[dict[str, Any], Iterable[Numbered]]:
    """Arguments: vcf, ics or html; for a calendar the name of the region's time zone, if it has one."""
    data = stream.read()
    if arguments[0] == "html":
        from importers.web_tables import read_web_table

        return {}, read_web_table(data)
    if arguments[0] == "vcf":
        from importers import vcards

        return {"headings": vcards.HEADINGS, "notes": []}, vcards.read_cards(data)
    from importers import calendars

    rows, notes = calendars.read_calendar(data, *arguments[1:])
    return {"headings": calendars.HEADINGS, "notes": notes}, rows


if __name__ == "__main__":
    sys.exit(serve(read))
