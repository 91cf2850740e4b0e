"""Firms: which businesses are sites of one owner. (First form: each business is a firm of its own.)"""

from collections.abc import Mapping, Sequence
from typing import Any


def roll_up_firms(businesses: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """business id -> firm id."""
    return {row["id"]: "o" + row["id"][1:] for row in businesses}
