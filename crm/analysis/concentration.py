"""How unequally the knocks fall: a few businesses get most of them, many get none (definitions §3).

From how many businesses have how many knocks each; so nothing of them has to be sorted.
"""

from __future__ import annotations

import numpy as np

from crm.analysis.tallies import Tally


def find_top_share(spread: Tally, *, parts: int = 10) -> float | None:
    """The share of the total that the highest ceil(n/10) have; None over nothing."""
    total = int(spread.numbers @ spread.counts)
    if not total:
        return None
    highest = -(-int(spread.counts.sum()) // parts)
    ends = np.minimum(np.cumsum(spread.counts[::-1]), highest)
    return int(spread.numbers[::-1] @ np.diff(ends, prepend=0)) / total


def find_gini(spread: Tally) -> float | None:
    """2 sum(i x_(i)) / (n sum x) - (n+1)/n, x ascending: 0 where all are alike; None over nothing."""
    total, number = int(spread.numbers @ spread.counts), int(spread.counts.sum())
    if not total:
        return None
    ends = np.cumsum(spread.counts)
    # The places i of those that are alike, added up: from the first of them to the last.
    weighted = int(spread.numbers @ (spread.counts * (2 * ends - spread.counts + 1) // 2))
    # One division of whole numbers, so that equal counts give exactly 0.
    return (2 * weighted - (number + 1) * total) / (number * total)
