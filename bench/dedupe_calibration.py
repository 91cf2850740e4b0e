"""How well a score keeps its word, set by set: `python bench/dedupe_calibration.py [--shared DIR]`.

Of all pairs that the matcher compares, those with a probability of 70 % should be one in 70 of 100 cases. A line tells
for each tenth of the scale how many pairs have such a probability, what it says on average and how many are one. The
expected calibration error is the difference of the two, weighted by pairs: over all pairs that are compared, and over
those of 5 % and more alone, which is what people see. It is told for points as they stand (100 double the odds), and
for a curve that is fitted to the other sets of the kind; the last lines are the curves fitted to all, for
`weights.toml`. Sets are read as `crm dedupe cluster` reads them. patstat_nl is out of line by its nature, and not
fitted to: its truth is the firm, and a score is on the site.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from dedupe_samples import Floats, generate, list_candidates, rise, spread  # noqa: E402

from crm.dedupe.bulk import FITTED  # noqa: E402
from crm.dedupe.kinds import Kind  # noqa: E402
from crm.dedupe.pairs import Ints  # noqa: E402
from crm.dedupe.score import score_pairs  # noqa: E402
from crm.dedupe.tables import KINDS, choose_kind, complete  # noqa: E402
from crm.services.clusters import list_records, read_table  # noqa: E402

SETS = ("chicago_childcare", "fodors_zagats", "patstat_nl", "febrl3", "historical_50k")
NOT_FITTED = ("patstat_nl",)
SIZE, SEEDS = 10_000, (1, 2)
SEEN = 0.05
PLACES = np.array([-1200, -800, -400, -150, 100, 300, 600, 1000], dtype=np.float64)
HOLD, WEIGHT, STEPS = 1.0, 1_000, 40
BIT = np.log(2) / 100


@dataclass(frozen=True)
class Measured:
    """The points of every pair of a set that is compared, and which share of its records' pairs are one."""

    name: str
    kind: Kind
    points: Ints
    truth: Floats

    @property
    def group(self) -> str:
        """Sets that are left out together."""
        return self.name.split()[0]


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody asked for."""


def measure(name: str, folder: Path) -> Measured:
    table, layout = read_table(folder / "records.csv", kind=None, maps=[], progress=quiet)
    kind = choose_kind(layout)
    rows = list(complete(layout, list_records(layout, table)))
    forms, left, right, truth = list_candidates(kind, rows, folder / "truth.csv")
    fitted = kind
    if kind.fit:
        step = -(-len(left) // FITTED)
        fitted = kind.fit(kind, forms, left[::step], right[::step], len(forms), float(step))
    return Measured(name, kind, score_pairs(fitted, forms, left, right), truth)


def say(worth: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(worth * BIT, -30, 30)))


def fit(sets: Sequence[Measured]) -> Floats:
    """What points are worth at each of the places, by logistic regression; held to the points themselves."""
    worth = PLACES.copy()
    spreads = [spread(PLACES.tolist(), one.points) for one in sets]
    for _ in range(STEPS):
        slope, bend = -HOLD * (worth - PLACES) / 100**2, np.eye(len(PLACES)) * HOLD / 100**2
        for one, (hats, beyond) in zip(sets, spreads, strict=True):
            chance = say(hats @ worth + beyond)
            each = WEIGHT / len(chance)
            slope += each * BIT * (hats.T @ (one.truth - chance))
            bend += each * BIT**2 * ((hats * (chance * (1 - chance))[:, None]).T @ hats)
        worth = rise(worth + np.clip(np.linalg.solve(bend, slope) / 2, -50, 50))
    return worth


def apply_fit(worth: Floats, points: Ints) -> Floats:
    hats, beyond = spread(PLACES.tolist(), points)
    return say(hats @ worth + beyond)


def tenths(said: Floats, truth: Floats) -> Iterator[tuple[int, int, float, float]]:
    """For each tenth of the scale with any pair: its number, how many pairs, what is said and what is true of them."""
    place = np.minimum((said * 10).astype(int), 9)
    for tenth in range(10):
        within = place == tenth
        if within.any():
            yield tenth, int(within.sum()), float(said[within].mean()), float(truth[within].mean())


def expected_error(said: Floats, truth: Floats) -> float:
    return sum(count * abs(says - true) for _, count, says, true in tenths(said, truth)) / max(1, len(said))


def show_error(title: str, said: Floats, truth: Floats) -> None:
    seen = said >= SEEN
    errors = expected_error(said, truth), expected_error(said[seen], truth[seen])
    print(f"  {title:34} all {len(said):7} pairs {errors[0]:.4f}; {seen.sum():7} of 5 % and more {errors[1]:.4f}")


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
    show_error("as the points stand", say(one.points.astype(np.float64)), one.truth)
    others = [other for other in sets if other.kind is one.kind and other.group not in (one.group, *NOT_FITTED)]
    said = apply_fit(fit(others), one.points)
    show_error("fitted to the other sets", said, one.truth)
    for tenth, count, says, true in tenths(said, one.truth):
        print(f"    {tenth * 10:3} % {count:9} pairs, says {says:.2f}, true {true:.2f}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        sets = [measure(name, folder) for name, folder in list_sets(chosen.shared, Path(made))]
    for one in sets:
        report(one, sets)
    for kind in KINDS.values():
        fitted = fit([one for one in sets if one.kind is kind and one.group not in NOT_FITTED])
        places = ", ".join(f"{place:g} = {worth:.0f}" for place, worth in zip(PLACES, fitted, strict=True))
        print(f"{kind.odds.kind}, fitted to all its sets: {places}")


if __name__ == "__main__":
    main()
