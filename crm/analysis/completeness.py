"""Which months are known: no rows of an agency may mean no work, or a file that nobody sent (definitions §3).

An agency is unknown for a month before its first or after its last touchpoint in its own rows, and throughout without
any rows; in between, a month without any is a true zero. Plans do not count: they say nothing about what has been
sent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm.analysis.contacts import Contacts
from crm.analysis.days import FOREVER, number_months
from crm.analysis.regions import Directory


def list_unknown(contacts: Contacts, directory: Directory, months: Sequence[int], *, as_of: int) -> list[list[str]]:
    """For each month the names of the agencies that are unknown in it, in text order."""
    rows = contacts.day <= as_of
    agency, day = contacts.agency[rows], contacts.day[rows]
    codes = len(contacts.words.agency)
    first, last = np.full(codes, FOREVER, dtype=np.int64), np.full(codes, -FOREVER, dtype=np.int64)
    np.minimum.at(first, agency, day)
    np.maximum.at(last, agency, day)
    known = [
        (str(name), *number_months(np.array([first[code], last[code]])).tolist())
        for name, code in contacts.words.agency.items()
        if first[code] <= last[code]
    ]
    spans = {name: (begin, end) for name, begin, end in known}

    def is_unknown(agency_id: str, month: int) -> bool:
        span = spans.get(agency_id)
        return span is None or not span[0] <= month <= span[1]

    pairs = list(zip(directory.agency_ids, directory.names, strict=True))
    return [[name for agency_id, name in pairs if is_unknown(agency_id, month)] for month in months]


def name_change(before: int | None, after: int | None, *, unknown: bool) -> str:
    """What a report may call the step from one count of knocks to the next; `unknown`: some month of either is."""
    if before is None or after is None:
        return "nothing to compare with"
    if after == before:
        return "the same"
    if after > before:
        return "more"
    return "fewer, but not every agency's contacts are known" if unknown else "fewer"
