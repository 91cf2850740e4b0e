"""Fatigue: how much a business was asked lately, each ask fading with a half-life of 45 days (definitions §4).

F(D) is the sum over asks up to D of w x 2^(-(D - t)/45). All terms fade alike, so the day on which F is back at the
budget is exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Mask
from crm.analysis.settings import Settings


def measure_fatigue(asks: Iterable[tuple[int, float]], *, day: int, settings: Settings) -> float:
    """F on this day from (day, weight) of each ask; later ones do not count, a joint ask is given once."""
    half_life = settings.half_life_days
    return math.fsum(weight * 2 ** (-(day - asked) / half_life) for asked, weight in asks if asked <= day)


def is_over(fatigue: float, budget: float, settings: Settings) -> bool:
    return fatigue > budget + settings.tolerance


def find_free_day(fatigue: float, budget: float, *, day: int, settings: Settings) -> int | None:
    """The first day on which F is within the budget again if nobody asks before; None if it is now."""
    if not is_over(fatigue, budget, settings):
        return None
    wait = settings.half_life_days * math.log2(fatigue / budget)
    return day + math.ceil(wait - settings.tolerance)


def flag_hotspots(fatigue: NDArray[np.float64], budget: NDArray[np.float64], settings: Settings) -> Mask:
    """The highest ceil(5 %) by F over budget among those with F > 0, ties with the last one included."""
    tired, flags = np.flatnonzero(fatigue > 0), np.zeros(len(fatigue), dtype=bool)
    number = -(-len(tired) * settings.hotspot_percent // 100)
    if number:
        load = fatigue[tired] / budget[tired]
        last = np.partition(load, len(load) - number)[len(load) - number]
        flags[tired[load >= last - settings.tolerance]] = True
    return flags
