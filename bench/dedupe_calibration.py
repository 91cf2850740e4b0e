"""How well a score keeps its word, set by set: `python -m bench.dedupe_calibration [--shared DIR]`.

Of all pairs that the matcher compares, those with a probability of 70 % should be one in 70 of 100 cases. A line tells
for each tenth of the scale how many pairs have such a probability, what it says on average and how many are one. The
expected calibration error is the difference of the two, weighted by pairs: over all pairs that are compared, and over
those of 5 % and more alone, which is what people see. It is told for points as they stand (100 double the odds), and
for a curve that is fitted to the other sets of the kind; the last lines are the curves fitted to all. That of registers
goes into `weights.toml`; that of businesses is written there with their points by `bench.train_dedupe`, which tells the
error of each set with its points learned from the others too. Sets are read as `crm dedupe cluster` reads them.
patstat_nl is out of line by its nature, and not fitted to: its truth is the firm, and a score is on the site.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.dedupe_samples import Floats, generate, list_candidates, read_set, rise, spread
from crm.dedupe.bulk import FITTED
from crm.dedupe.kinds import Kind
from crm.dedupe.score import score_pairs
from crm.dedupe.tables import KINDS

ROOT = Path(__file__).resolve().parents[1]
SETS = ("chicago_childcare", "fodors_zagats", "patstat_nl", "febrl3", "historical_50k")
NOT_FITTED = ("patstat_nl",)
SIZE, SEEDS = 10_000, (1, 2)
SEEN = 0.05
PLACES = np.array([-1200, -800, -400, -150, 100, 300, 600, 1000], dtype=np.float64)
HOLD, WEIGHT, STEPS = 1.0, 1_000, 40
BIT = np.log(2) / 100


class Scored(NamedTuple):
    """The points of every pair of a set that is compared, which share of its records' pairs are one, and for how many
    pairs it stands."""

    points: Floats
    truth: Floats
    count: Floats


@dataclass(frozen=True)
class Measured:
    """A set and its pairs."""

    name: str
    kind: Kind
    scored: Scored

    @property
    def group(self) -> str:
        """Sets that are left out together, and together count as one."""
        return self.name.split()[0]


def measure(name: str, folder: Path) -> Measured:
    kind, rows = read_set(folder)
    forms, left, right, truth = list_candidates(kind, rows, folder / "truth.csv")
    fitted = kind
    if kind.fit:
        step = -(-len(left) // FITTED)
        fitted = kind.fit(kind, forms, left[::step], right[::step], len(forms), float(step))
    points = score_pairs(fitted, forms, left, right).astype(np.float64)
    return Measured(name, kind, Scored(points, truth, np.ones(len(points))))


def say(worth: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(worth * BIT, -30, 30)))


def fit(groups: Sequence[Sequence[Scored]]) -> Floats:
    """What points are worth at each of the places, by logistic regression; held to the points themselves. Every group
    of sets has the same weight."""
    worth = PLACES.copy()
    parts = [(*spread(PLACES.tolist(), one.points), one, len(group)) for group in groups for one in group]
    for _ in range(STEPS):
        slope, bend = -HOLD * (worth - PLACES) / 100**2, np.eye(len(PLACES)) * HOLD / 100**2
        for hats, beyond, one, share in parts:
            chance = say(hats @ worth + beyond)
            each = WEIGHT / share * one.count / one.count.sum()
            slope += BIT * (hats.T @ (each * (one.truth - chance)))
            bend += BIT**2 * ((hats * (each * chance * (1 - chance))[:, None]).T @ hats)
        worth = rise(worth + np.clip(np.linalg.solve(bend, slope) / 2, -50, 50))
    return worth


def apply_fit(places: Floats, worth: Floats, points: Floats) -> Floats:
    hats, beyond = spread(places.tolist(), points)
    return say(hats @ worth + beyond)


def tenths(said: Floats, scored: Scored) -> Iterator[tuple[int, float, float, float]]:
    """For each tenth of the scale with any pair: its number, how many pairs, what is said and what is true of them."""
    place = np.minimum((said * 10).astype(int), 9)
    for tenth in range(10):
        each = scored.count * (place == tenth)
        if count := float(each.sum()):
            yield tenth, count, float(each @ said) / count, float(each @ scored.truth) / count


def find_error(said: Floats, scored: Scored, least: float = SEEN) -> float:
    """The expected calibration error over the pairs of at least this probability."""
    seen = said >= least
    found = list(tenths(said[seen], Scored(*(column[seen] for column in scored))))
    return sum(count * abs(says - true) for _, count, says, true in found) / max(
        1, sum(count for _, count, _, _ in found)
    )


def show_error(title: str, said: Floats, scored: Scored) -> None:
    errors = find_error(said, scored, 0), find_error(said, scored)
    seen = scored.count[said >= SEEN].sum()
    print(
        f"  {title:34} all {scored.count.sum():7.0f} pairs {errors[0]:.4f}; {seen:7.0f} of 5 % and more {errors[1]:.4f}"
    )


def list_sets(shared: Path, made: Path) -> Iterator[tuple[str, Path]]:
    for name in SETS:
        if (shared / name).is_dir():
            yield name, shared / name
        else:
            print(f"{name}: not found in {shared}, left out")
    for seed in SEEDS:
        yield f"generated {SIZE} seed {seed}", generate(shared, made, SIZE, seed)


def report(one: Measured, sets: Sequence[Measured]) -> None:
    print(one.name)
    show_error("as the points stand", say(one.scored.points), one.scored)
    said = apply_fit(PLACES, fit(gather(sets, one.kind, besides=one.group)), one.scored.points)
    show_error("fitted to the other sets", said, one.scored)
    for tenth, count, says, true in tenths(said, one.scored):
        print(f"    {tenth * 10:3} % {count:9.0f} pairs, says {says:.2f}, true {true:.2f}", flush=True)


def gather(sets: Sequence[Measured], kind: Kind, besides: str = "") -> list[list[Scored]]:
    """The sets of a kind that are fitted to, by group."""
    groups: dict[str, list[Scored]] = {}
    for one in sets:
        if one.kind is kind and one.group not in (besides, *NOT_FITTED):
            groups.setdefault(one.group, []).append(one.scored)
    return list(groups.values())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        sets = [measure(name, folder) for name, folder in list_sets(chosen.shared, Path(made))]
    for one in sets:
        report(one, sets)
    for kind in KINDS.values():
        fitted = fit(gather(sets, kind))
        places = ", ".join(f"{place:g} = {worth:.0f}" for place, worth in zip(PLACES, fitted, strict=True))
        print(f"{kind.odds.kind}, fitted to all its sets: {places}")


if __name__ == "__main__":
    main()
