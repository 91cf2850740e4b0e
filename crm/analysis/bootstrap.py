"""How sure a redundancy rate is: a 95 % interval by bootstrap over businesses (definitions §3).

Knocks on one business are not independent, so whole businesses are drawn, with replacement. Businesses with the same
number of knocks and of redundant ones are alike in this: drawing how often each kind comes up is the same as drawing
businesses, needs no list of them, and cannot depend on their order.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crm.analysis.counts import pack_kinds, unpack_kinds
from crm.analysis.settings import Settings
from crm.analysis.tallies import Tally

Interval = tuple[float, float]
# A kind of as many businesses is drawn as one number, those of fewer business by business: whichever is less work.
COMMON = 30
BLOCK = 50_000


def find_interval(knocks: NDArray[np.integer], redundant: NDArray[np.integer], settings: Settings) -> Interval | None:
    """The percentile interval of sum(redundant) / sum(knocks), one entry a knocked business; None without any."""
    return find_interval_of(Tally.count(pack_kinds(knocks.astype(np.int64), redundant.astype(np.int64))), settings)


def find_interval_of(kinds: Tally, settings: Settings) -> Interval | None:
    """The same from how many businesses there are of each kind (`crm.analysis.counts`)."""
    if not len(kinds.numbers):
        return None
    return _draw_interval(tuple(kinds.numbers.tolist()), tuple(kinds.counts.tolist()), settings)


@lru_cache(maxsize=512)
def _draw_interval(kinds: tuple[int, ...], counts: tuple[int, ...], settings: Settings) -> Interval:
    """Remembered, because one logged contact leaves most months of a report as they were."""
    draw = np.random.default_rng(settings.seed)
    packed, number = np.array(kinds, dtype=np.int64), np.array(counts, dtype=np.int64)
    common = number >= COMMON
    rare = np.repeat(packed[~common], number[~common])
    shares = np.append(number[common], len(rare)) / number.sum()
    drawn = draw.multinomial(number.sum(), shares, size=settings.replicates)
    knocks, redundant = (drawn[:, :-1] @ part for part in unpack_kinds(packed[common]))
    if len(rare):
        for sums, part in zip((knocks, redundant), _draw_rare(rare, drawn[:, -1], draw), strict=True):
            sums += part
    tail = (1 - settings.confidence) / 2
    low, high = np.quantile(redundant / knocks, [tail, 1 - tail])
    return float(low), float(high)


def _draw_rare(
    rare: NDArray[np.int64], times: NDArray[np.int64], draw: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(knocks, redundant) of as many draws from these businesses as `times` says, one entry a replicate."""
    # Both in one number, added up at once: neither sum reaches 2**32. A replicate that draws none keeps its zero.
    knocks, redundant = unpack_kinds(rare)
    of_each, sums = knocks << 32 | redundant, np.zeros(len(times), dtype=np.int64)
    # In blocks that stay in the processor's own memory, which makes it several times faster.
    size = max(1, BLOCK // max(1, int(times.max())))
    for first in range(0, len(times), size):
        block = times[first : first + size]
        which = draw.integers(0, len(rare), size=int(block.sum()), dtype=np.uint32)
        drawing = np.flatnonzero(block)
        if len(drawing):
            starts = np.cumsum(block) - block
            # "clip" saves a look at whether each of them is there.
            sums[first + drawing] = np.add.reduceat(of_each.take(which, mode="clip"), starts[drawing])
    return sums >> 32, sums & 2**32 - 1
