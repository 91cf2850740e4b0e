"""How sure a redundancy rate is: a 95 % interval by bootstrap over businesses (definitions §3).

Knocks on one business are not independent, so whole businesses are drawn, with replacement. Businesses with the same
number of knocks and of redundant ones are alike in this: drawing how often each kind comes up is the same as drawing
businesses, needs no list of them, and cannot depend on their order.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crm.analysis.settings import Settings

Interval = tuple[float, float]


def find_interval(knocks: NDArray[np.integer], redundant: NDArray[np.integer], settings: Settings) -> Interval | None:
    """The percentile interval of sum(redundant) / sum(knocks), one entry a knocked business; None without any."""
    if not len(knocks):
        return None
    kinds, counts = np.unique(knocks.astype(np.int64) << 32 | redundant.astype(np.int64), return_counts=True)
    return _draw_interval(tuple(kinds.tolist()), tuple(counts.tolist()), settings)


@lru_cache(maxsize=512)
def _draw_interval(kinds: tuple[int, ...], counts: tuple[int, ...], settings: Settings) -> Interval:
    """Remembered, because one logged contact leaves most months of a report as they were."""
    number, packed = sum(counts), np.array(kinds, dtype=np.int64)
    chances = np.array(counts) / number
    drawn = np.random.default_rng(settings.seed).multinomial(number, chances, size=settings.replicates)
    rates = (drawn @ (packed & 0xFFFFFFFF)) / (drawn @ (packed >> 32))
    tail = (1 - settings.confidence) / 2
    low, high = np.quantile(rates, [tail, 1 - tail])
    return float(low), float(high)
