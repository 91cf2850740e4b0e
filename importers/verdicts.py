"""What a check can say about one cell besides its value: `Problem`, the row is refused; `Remark`, it is taken."""

from dataclasses import dataclass
from datetime import date

Value = str | int | bool | date | tuple[str, ...] | None


class Verdict:
    """Anything that is not simply the cell's value."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem(Verdict):
    """Why the cell cannot be taken, and what its owner can do."""

    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Unsaid(Problem):
    """A problem that is none once somebody has said what one of these `clues` means."""

    clues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark(Verdict):
    """The value that is taken, with something that its owner should know about it; `is_used` False: taken, that is
    all that can be done with it.
    """

    value: Value
    text: str
    is_used: bool = True


def to_cell(value: Value) -> str:
    """A value as the plain files write it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
