"""How unequally the knocks fall: a few businesses get most of them, many get none (definitions §3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def find_top_share(counts: NDArray[np.integer], *, parts: int = 10) -> float | None:
    """The share of the total that the highest ceil(n/10) have; None over nothing."""
    total = int(counts.sum())
    if not total:
        return None
    highest = -(-len(counts) // parts)
    return int(np.sort(counts)[-highest:].sum()) / total


def find_gini(counts: NDArray[np.integer]) -> float | None:
    """2 sum(i x_(i)) / (n sum x) - (n+1)/n, x ascending: 0 where all are alike; None over nothing."""
    total, number = int(counts.sum()), len(counts)
    if not total:
        return None
    weighted = int(np.sort(counts).astype(np.int64) @ np.arange(1, number + 1))
    # One division of whole numbers, so that equal counts give exactly 0.
    return (2 * weighted - (number + 1) * total) / (number * total)
