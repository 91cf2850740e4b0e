"""What a kind of thing brings to the matcher: how a row is read, where its like is looked for, and what counts.

A feature is one argument for or against two records being one. It weighs all pairs of a batch at once, in hundredths
of a bit (doubling the odds is 100), and says why in a sentence for any one pair. Its docstring is published as its
explanation, so a feature without one is an error.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from crm.dedupe.pairs import AnyInts, Ints, Pairs
from crm.dedupe.weights import Curve, Scale

# Points (hundredths of a bit). A region may set other limits; see `Kind`.
JOIN = 100  # from here on two records are taken for one: odds of 2 to 1
REVIEW = -150  # from here on a person is asked
# Hears which stage the work is at, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers who do not watch."""


class Row(Protocol):
    """The two things that the matcher itself needs to know about a row."""

    @property
    def uid(self) -> str: ...
    @property
    def seq(self) -> int: ...


@dataclass(frozen=True)
class Feature:
    """`weigh` gives points for every pair; `say` the sentence for one pair and its points.

    `about` tells evidence on the firm (shared by all its sites) from evidence on the site itself. A feature that costs
    much to weigh tells cheaply with `most` what it can give a pair at most, and is weighed only where that matters.
    """

    name: str
    weigh: Callable[[Pairs], Ints]
    say: Callable[[Any, Any, int], str]
    about: Literal["firm", "site"] = "site"
    most: Callable[[Pairs], Ints] | None = None

    def __post_init__(self) -> None:
        if not self.docstring:
            raise TypeError(f"the feature {self.name!r} has no docstring to publish")

    @property
    def docstring(self) -> str:
        return self.weigh.__doc__ or ""

    def explain(self, pairs: Pairs, left: Any, right: Any) -> tuple[int, str]:
        """The points of one pair, and the sentence."""
        points = int(self.weigh(pairs)[0])
        return points, self.say(left, right, points)


@dataclass(frozen=True)
class Graded:
    """A feature of levels: `measure` says at which of the scale's levels each pair stands, and the scale what that is
    worth. `say` gets the level."""

    scale: Scale
    measure: Callable[[Pairs], Ints]
    say: Callable[[Any, Any, str], str]
    about: Literal["firm", "site"] = "site"
    most: Callable[[Pairs], Ints] | None = None

    def __post_init__(self) -> None:
        if not self.docstring:
            raise TypeError(f"the feature {self.name!r} has no docstring to publish")

    @property
    def docstring(self) -> str:
        return self.measure.__doc__ or ""

    @property
    def name(self) -> str:
        return self.scale.feature

    def weigh(self, pairs: Pairs) -> Ints:
        return self.scale.points[self.measure(pairs)]

    def explain(self, pairs: Pairs, left: Any, right: Any) -> tuple[int, str]:
        """The points of one pair, and the sentence."""
        level = int(self.measure(pairs)[0])
        return int(self.scale.points[level]), self.say(left, right, self.scale.levels[level])


@dataclass(frozen=True)
class Kind:
    """Businesses or persons.

    `read` must be a pure function to a hashable form: rows with equal forms are one row to everything that follows.
    `keys` are where a form's like is looked for. `is_sparse` tells forms that could fit anywhere. `prior` is where the
    sum of the points starts, and `odds` what a sum turned out to be worth on labelled sets: the probability.
    `elsewhere` marks pairs that are surely at two places: for them, evidence on the firm counts no more than
    `firm_cap`; and nowhere more than `firm_most`, for a firm's name, web site and employer number say one and the same.
    `temper` gets the forms of a component and all their scores, and gives the scores that hold once it is seen what
    many of them share: less by `most_tempered` of the number of forms at most. A list that is
    read whole and matched once is matched by a kind that is fitted to it: `fit` gets the kind, forms, places in them of
    one in so many of the pairs with a key in common, how many forms there are, and that number. From
    `join` points on two records are taken for one, from `ask` on a person is asked.
    """

    name: str
    read: Callable[[Any], Hashable]
    keys: Callable[[Any], Iterable[str]]
    is_sparse: Callable[[Any], bool]
    features: tuple[Feature | Graded, ...]
    prior: Scale
    odds: Curve
    elsewhere: Callable[[Pairs], Any] | None = None
    firm_cap: int = 500
    firm_most: int = 10_000
    temper: Callable[[Sequence[Any], Ints], Ints] | None = None
    most_tempered: Callable[[Ints], Ints] = np.zeros_like
    fit: "Callable[[Kind, Sequence[Any], AnyInts, AnyInts, int, float], Kind] | None" = None
    join: int = JOIN
    ask: int = REVIEW

    @property
    def start(self) -> int:
        """Where the sum of the points starts."""
        return int(self.prior.points[0])
