"""From features to one score a pair, and from the score to a decision.

Points are hundredths of a bit: they start at the kind's prior and every feature adds its own, so that more agreement
never lowers a score. The score that people see is the probability that the points stand for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from crm.dedupe.kinds import Feature, Graded, Kind, Progress, no_progress
from crm.dedupe.pairs import Columns, Ints, Pairs

PIECE = 16_384
WITHHELD = "what points to one firm does not make two places one site"
COUNTED = "a name, a web site and an employer number in common say one thing: the firm is the same"

Decision = Literal["same", "review", "different"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature's say on one pair: points in hundredths of a bit, and why."""

    name: str
    score: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records are, may be or are not one; `features` in the order in which they are weighed."""

    score: float
    points: int
    decision: Decision
    features: tuple[Evidence, ...]


def score_pairs(
    kind: Kind,
    forms: Sequence[Any],
    left: Ints,
    right: Ints,
    *,
    floor: int | None = None,
    columns: Columns | None = None,
    progress: Progress = no_progress,
) -> Ints:
    """Points for each pair of positions in `forms`. With a floor, pairs below it may get any points below it. `columns`
    are those of the forms that are known already."""
    points = np.zeros(len(left), dtype=np.int64)
    done = 0
    batch = Pairs(forms, left, right)
    batch.cache.update(columns or {})
    for piece in batch.chunks(PIECE):
        points[done : done + len(piece)] = score_piece(kind, piece, floor)
        done += len(piece)
        progress("comparing", done, len(points))
    return points


def score_piece(kind: Kind, pairs: Pairs, floor: int | None) -> Ints:
    if floor is None:
        return add_points(kind, pairs)
    points = most_points(kind, pairs)
    reaching = np.flatnonzero(points >= floor)
    points[reaching] = add_points(kind, pairs.take(reaching))
    return points


def add_points(kind: Kind, pairs: Pairs) -> Ints:
    """What all features say."""
    return sum_up(kind, pairs, lambda feature: feature.weigh)


def most_points(kind: Kind, pairs: Pairs) -> Ints:
    """Points that no pair exceeds, without weighing the features that cost most."""
    return sum_up(kind, pairs, lambda feature: feature.most or feature.weigh)


def sum_up(kind: Kind, pairs: Pairs, weigher: Callable[[Feature | Graded], Callable[[Pairs], Ints]]) -> Ints:
    firm, site = np.zeros(len(pairs), dtype=np.int64), np.full(len(pairs), kind.start, dtype=np.int64)
    for feature in kind.features:
        points = weigher(feature)(pairs)
        if feature.about == "firm":
            firm += points
        else:
            site += points
    firm = np.minimum(firm, kind.firm_most)
    if kind.elsewhere:
        firm = np.where(kind.elsewhere(pairs), np.minimum(firm, kind.firm_cap), firm)
    return firm + site


def probability(kind: Kind, points: int) -> float:
    """What so many points of a kind stand for, to four places."""
    worth = int(kind.odds.read(np.array([points]))[0])
    return round(1 / (1 + 2 ** (-worth / 100)), 4)


def decide(kind: Kind, points: int) -> Decision:
    if points >= kind.join:
        return "same"
    return "review" if points >= kind.ask else "different"


def explain_forms(kind: Kind, left: Any, right: Any) -> Explanation:
    """The score of one pair with each feature's sentence."""
    pairs = Pairs((left, right), np.array([0]), np.array([1]))
    points = int(add_points(kind, pairs)[0])
    features = [Evidence(feature.name, *feature.explain(pairs, left, right)) for feature in kind.features]
    withheld = points - kind.start - sum(evidence.score for evidence in features)
    if withheld:
        why = WITHHELD if kind.elsewhere and kind.elsewhere(pairs)[0] else COUNTED
        features.append(Evidence("firm", withheld, why))
    return Explanation(probability(kind, points), points, decide(kind, points), tuple(features))


def explain(kind: Kind, left: Any, right: Any) -> Explanation:
    """Why two rows are, may be or are not one."""
    return explain_forms(kind, kind.read(left), kind.read(right))
