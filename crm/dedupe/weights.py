"""What every level of evidence is worth, read from `weights.toml`; `python -m bench.train_dedupe` writes that file.

A feature measures at which level two records stand ("the same building, another unit"); the file says how many points
that level has. So what is measured is code, and what it is worth is data: it can be read, argued with and learned.
"""

import tomllib
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("weights.toml")
UNKNOWN = "unknown"  # the level of pairs of which one side says nothing: no evidence, never anything but 0 points

Weights = Mapping[str, Mapping[str, Mapping[str, int]]]  # kind -> feature -> level -> points


class Scale:
    """The levels of one feature, from the one that speaks most against to the one that speaks most for two records
    being one, and their points, which rise in that order: more agreement never lowers a score."""

    def __init__(self, kind: str, feature: str, *levels: str) -> None:
        self.kind = kind
        self.feature = feature
        self.levels = levels
        self.points: NDArray[np.int64] = np.zeros(len(levels), dtype=np.int64)
        SCALES[kind, feature] = self
        self.use(WEIGHTS)

    def use(self, weights: Weights) -> None:
        """Take the points of these weights. Raises ValueError where they are not those of this scale."""
        said = weights[self.kind][self.feature]
        if said.keys() != set(self.levels) - {UNKNOWN}:
            raise ValueError(f"{self.kind}.{self.feature} has the levels {', '.join(self.levels)}")
        points = [said.get(level, 0) for level in self.levels]
        if points != sorted(points):
            raise ValueError(f"the points of {self.kind}.{self.feature} do not rise from level to level")
        # In place, for every feature holds the same array.
        self.points[:] = points

    def at(self, level: str) -> int:
        """The number of a level."""
        return self.levels.index(level)

    def worth(self, points: NDArray[np.int64]) -> "Scale":
        """The same levels with other points, for one list alone."""
        other = copy(self)
        other.points = points
        return other


class Curve:
    """A feature that is measured in points: the file says what they are worth at some places, with straight lines
    between. Before the first place and behind the last one a point is worth a point more or less."""

    LOW, HIGH = -8_000, 4_000

    def __init__(self, kind: str, feature: str) -> None:
        self.kind = kind
        self.feature = feature
        self.places: Sequence[int] = ()
        self.worth: NDArray[np.int64] = np.zeros(self.HIGH - self.LOW + 1, dtype=np.int64)
        SCALES[kind, feature] = self
        self.use(WEIGHTS)

    def use(self, weights: Weights) -> None:
        """Take the points of these weights. Raises ValueError where more is worth less."""
        said = sorted((int(place), points) for place, points in weights[self.kind][self.feature].items())
        places, points = [place for place, _ in said], [points for _, points in said]
        if points != sorted(points):
            raise ValueError(f"the points of {self.kind}.{self.feature} do not rise from place to place")
        self.places = places
        measured = np.arange(self.LOW, self.HIGH + 1)
        beyond = np.minimum(measured - places[0], 0) + np.maximum(measured - places[-1], 0)
        self.worth[:] = np.rint(np.interp(measured, places, points)).astype(np.int64) + beyond

    def read(self, measured: NDArray[np.int64]) -> NDArray[np.int64]:
        """What so many measured points are worth."""
        return self.worth[np.clip(measured, self.LOW, self.HIGH) - self.LOW]


SCALES: dict[tuple[str, str], Scale | Curve] = {}


def read_weights(path: Path = FILE) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


WEIGHTS: Weights = read_weights()


def use_weights(weights: Weights) -> None:
    """Let every feature count by these weights from now on: for training and for its bench, before any is scored."""
    for scale in SCALES.values():
        scale.use(weights)
