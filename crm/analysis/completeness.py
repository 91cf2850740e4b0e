"""Which months are known: no rows of an agency may mean no work, or a file that nobody sent (definitions §3).

An agency is unknown for a month before its first or after its last touchpoint in its own rows, and throughout without
any rows; in between, a month without any is a true zero. Plans do not count: they say nothing about what has been
sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm.analysis.history import History


def list_unknown(history: History, months: Sequence[int]) -> list[list[str]]:
    """For each month (since January 1970) the names of the agencies that are unknown in it, in text order."""
    directory, ids = history.region.directory, [str(agency) for agency in history.region.words.agency]
    spans = {ids[code]: span for code, span in history.tallies.find_spans().items()}

    def is_unknown(agency_id: str, month: int) -> bool:
        span = spans.get(agency_id)
        return span is None or not span[0] <= month <= span[1]

    pairs = list(zip(directory.agency_ids, directory.names, strict=True))
    return [[name for agency_id, name in pairs if is_unknown(agency_id, month)] for month in months]
