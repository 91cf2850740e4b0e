"""Sets of agencies as the bits of one integer: agency number n is in the set if bit n is."""

from __future__ import annotations


def is_joint(agencies: int) -> bool:
    """Whether this set has two agencies or more."""
    return agencies & (agencies - 1) != 0


def list_bits(mask: int) -> list[int]:
    """The numbers of the agencies in a set, ascending."""
    return [number for number in range(mask.bit_length()) if mask >> number & 1]
