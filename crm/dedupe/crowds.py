"""What many records share tells little of any two of them: seen over a whole component, where it can be counted.

It is counted there and not over the region because a component is what is examined anew, entirely, whenever one of its
records comes or goes: so the answer stays that of a fresh index, and a change costs no more. A number that forty firms
of other names carry needs no such care: names that differ are not outweighed by a number.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crm.dedupe.business_evidence import PHONE
from crm.dedupe.contacts import NO_PHONE
from crm.dedupe.pairs import Ints

HEAD_OFFICE = 3  # addresses at which one number is stated: two are of a firm that moved
LESS = 100  # points, once for every doubling of the addresses beyond two


def temper_shared_phones(forms: Sequence[Any], scores: Ints) -> Ints:
    """The scores of all forms of a component with all, less what a phone says for two of them at other addresses when
    it is stated at three or more: a head office's number, or a call centre's, worth no more than a toll-free one."""
    bearers: dict[str, list[int]] = {}
    for at, form in enumerate(forms):
        if form.phone != NO_PHONE and form.street.house:
            bearers.setdefault(form.phone.number[-7:], []).append(at)
    for members in bearers.values():
        houses = [forms[at].street.house for at in members]
        count = len(set(houses))
        if count >= HEAD_OFFICE:
            codes = np.unique(houses, return_inverse=True)[1]
            apart = codes[:, None] != codes[None, :]
            scores[np.ix_(members, members)] -= (excess() + LESS * int(np.log2(count / 2))) * apart
    return scores


def excess() -> int:
    """By how much a number that a firm takes along is worth more than a head office's."""
    return int(PHONE.points[PHONE.at("same_elsewhere")] - PHONE.points[PHONE.at("toll_free")])


def most_tempered(sizes: Ints) -> Ints:
    """What is taken off at most in a component of so many forms."""
    doublings = np.log2(np.maximum(sizes, 2) / 2).astype(np.int64)
    return np.where(sizes < HEAD_OFFICE, 0, excess() + LESS * doublings)
