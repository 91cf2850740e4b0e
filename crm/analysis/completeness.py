"""Which months are known: no rows of an agency may mean no work, or a file that nobody sent (definitions §3).

An agency is unknown for a month before its first or after its last touchpoint in its own rows, and throughout without
any rows; in between, a month without any is a true zero. Plans do not count: they say nothing about what has been
sent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm.analysis.contacts import Contacts
from crm.analysis.days import number_months
from crm.analysis.regions import Directory


def list_unknown(contacts: Contacts, directory: Directory, months: Sequence[int], *, as_of: int) -> list[list[str]]:
    """For each month the names of the agencies that are unknown in it, in text order."""
    spans = _find_spans(contacts, as_of=as_of)

    def is_unknown(agency_id: str, month: int) -> bool:
        span = spans.get(agency_id)
        return span is None or not span[0] <= month <= span[1]

    pairs = list(zip(directory.agency_ids, directory.names, strict=True))
    return [[name for agency_id, name in pairs if is_unknown(agency_id, month)] for month in months]


def _find_spans(contacts: Contacts, *, as_of: int) -> dict[str, tuple[int, int]]:
    """The months of the first and the last touchpoint in each agency's own rows, by its id."""
    rows = contacts.day <= as_of
    # One sorted number an entry is several times faster than a running minimum and maximum by agency.
    pairs = np.sort((contacts.agency[rows].astype(np.int64) << 32) + contacts.day[rows])
    codes = (pairs + 2**31) >> 32
    days = pairs - (codes << 32)
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else codes
    ends = np.append(starts[1:], len(codes)) - 1 if len(codes) else codes
    ids = [str(agency) for agency in contacts.words.agency]
    spans = zip(number_months(days[starts]).tolist(), number_months(days[ends]).tolist(), strict=True)
    return {ids[code]: span for code, span in zip(codes[starts].tolist(), spans, strict=True)}


def name_change(before: int | None, after: int | None, *, unknown: bool) -> str:
    """What a report may call the step from one count of knocks to the next; `unknown`: some month of either is."""
    if before is None or after is None:
        return "nothing to compare with"
    if after == before:
        return "the same"
    if after > before:
        return "more"
    return "fewer, but not every agency's contacts are known" if unknown else "fewer"
