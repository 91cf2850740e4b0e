"""Telephone numbers by what was typed of them: the beginning, with or without the area code, or the last digits."""

import numpy as np

from crm.search.words import BEGINNING, BEGINNING_TOP, EXACT, Floats, Ints, Longs

SHORTEST, FULL, LOCAL, ENDING = 3, 10, 7, 4  # digits
LONGEST = 15
LOCAL_BEGINNING, LOCAL_WHOLE, LAST_DIGITS, NEAR = 0.93, 0.97, 0.95, 0.85


def find_numbers(numbers: Longs, things: Ints, digits: str) -> tuple[Ints, Floats]:
    """The things whose number this may be, the least alike first. `numbers` are sorted, `things` have them.

    One wrong, missing or additional digit, or two changed about, is forgiven where nothing fits better.
    """
    if len(digits) < SHORTEST or len(digits) > LONGEST:
        return things[:0], np.empty(0, dtype=np.float32)
    found: list[tuple[float, Longs]] = [(likeness, places) for likeness, places in _list_exact(numbers, digits)]
    if not any(len(places) for _, places in found) and len(digits) >= LOCAL - 1:
        found = [(NEAR, _find_near(numbers, digits))]
    found.sort(key=lambda pair: pair[0])
    places = np.concatenate([places for _, places in found])
    likeness = np.repeat(np.array([alike for alike, _ in found], dtype=np.float32), [len(p) for _, p in found])
    return things[places], likeness


def _list_exact(numbers: Longs, digits: str) -> list[tuple[float, Longs]]:
    """(likeness, places in `numbers`): numbers that begin so, whole or without area code, or that end so."""
    value, size = int(digits), len(digits)
    found = [
        (_alike(size, length), _find_range(numbers, value, length - size))
        for length in range(max(size, LOCAL), LONGEST)
    ]
    if size <= LOCAL:
        local = numbers % 10**LOCAL // 10 ** (LOCAL - size)
        same = np.flatnonzero((local == value) & (numbers >= 10**LOCAL))
        found.append((LOCAL_WHOLE if size == LOCAL else LOCAL_BEGINNING, same))
    if size == ENDING:
        found.append((LAST_DIGITS, np.flatnonzero(numbers % 10**ENDING == value)))
    return found


def _alike(typed: int, length: int) -> float:
    return EXACT if typed == length else BEGINNING + (BEGINNING_TOP - BEGINNING) * typed / length


def _find_range(numbers: Longs, value: int, missing: int) -> Longs:
    """Where the numbers stand that begin with `value` and have so many more digits."""
    low, high = np.searchsorted(numbers, [value * 10**missing, (value + 1) * 10**missing])
    return np.arange(low, high)


def _find_near(numbers: Longs, digits: str) -> Longs:
    """Numbers of full length, or without their area code, that are one slip away."""
    slips = list_slips(digits)
    full = np.array(sorted(int(text) for text in slips if len(text) == FULL and text[0] != "0"), dtype=np.int64)
    local = np.array(sorted(int(text) for text in slips if len(text) == LOCAL), dtype=np.int64)
    near = np.zeros(len(numbers), dtype=bool)
    for values, among in ((full, numbers), (local, numbers % 10**LOCAL)):
        if len(values):
            near |= values[np.minimum(np.searchsorted(values, among), len(values) - 1)] == among
    return np.flatnonzero(near)


def list_slips(digits: str) -> set[str]:
    """Every text of digits that is one slip away."""
    cuts = [(digits[:place], digits[place:]) for place in range(len(digits) + 1)]
    left_out = {left + right[1:] for left, right in cuts if right}
    changed_about = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    mistaken = {left + digit + right[1:] for left, right in cuts if right for digit in "0123456789"}
    added = {left + digit + right for left, right in cuts for digit in "0123456789"}
    return left_out | changed_about | mistaken | added
