"""Who already holds the answer to what a business was asked twice: whoever asked about the topic last and reached it.

Of the asks of the last 12 months on a topic that reached the business, the newest in the order of definitions §0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crm.analysis.chains import order_rows, sort_groups
from crm.analysis.history import History
from crm.analysis.lookups import NO_ASK

NOBODY = -1


def find_answers(history: History) -> NDArray[np.int64]:
    """For each of `History.asked_twice` the row of the contacts that has the answer, NOBODY where none was reached."""
    twice, lookups, contacts = history.asked_twice, history.lookups, history.region.contacts
    asked = np.zeros(len(contacts.words.business), dtype=bool)
    asked[twice.business] = True
    age = history.as_of - contacts.day
    wanted = asked[contacts.business] & (age >= 0) & (age < history.settings.year_days)
    wanted &= lookups.reached[contacts.reached] & lookups.outbound[contacts.direction]
    wanted &= lookups.purpose_class[contacts.purpose] != NO_ASK
    rows = order_rows(contacts, np.flatnonzero(wanted), rank=lookups.agency)
    entry, topic = lookups.topic_lists.expand(contacts.topics[rows])
    many = max(1, len(lookups.topics))
    about = contacts.business[rows[entry]].astype(np.int64) * many + topic
    order = sort_groups(about)
    about, entry = about[order], entry[order]
    last = np.ones(len(about), dtype=bool)
    last[:-1] = about[1:] != about[:-1]
    known, newest = about[last], rows[entry[last]]
    pairs = twice.business.astype(np.int64) * many + twice.topic
    if not len(known):
        return np.full(len(pairs), NOBODY, dtype=np.int64)
    place = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
    return np.where(known[place] == pairs, newest[place], NOBODY)
