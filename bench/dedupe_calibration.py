"""How well a score keeps its word, set by set: `python bench/dedupe_calibration.py [--shared DIR]`.

Of all pairs that the matcher compares, those with a probability of 70 % should be one in 70 of 100 cases. A line tells
for each tenth of the scale how many pairs have such a probability, what it says on average and how many are one. The
expected calibration error is the difference of the two, weighted by pairs: over all pairs that are compared (what a
probability is said of), and over those of 5 % and more alone, which is what people see. Sets are read as `crm dedupe
cluster` reads them. patstat_nl is out of line by its nature: its truth is the firm, and names are all it has.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from dedupe_samples import Floats, generate, list_candidates  # noqa: E402

from crm.dedupe.score import probability, score_pairs  # noqa: E402
from crm.dedupe.tables import KINDS, complete  # noqa: E402
from crm.services.clusters import list_records, read_table  # noqa: E402

SETS = ("chicago_childcare", "fodors_zagats", "patstat_nl", "febrl3", "historical_50k")
SIZE, SEEDS = 10_000, (1, 2)
SEEN = 0.05


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody asked for."""


def measure(folder: Path) -> tuple[Floats, Floats]:
    """What is said of every pair that is compared, and what is true of it."""
    table, layout = read_table(folder / "records.csv", kind=None, maps=[], progress=quiet)
    kind = KINDS[layout.kind]
    rows = list(complete(layout, list_records(layout, table, quiet)))
    forms, left, right, truth = list_candidates(kind, rows, folder / "truth.csv")
    return np.array([probability(points) for points in score_pairs(kind, forms, left, right).tolist()]), truth


def tenths(said: Floats, truth: Floats) -> Iterator[tuple[int, int, float, float]]:
    """For each tenth of the scale with any pair: its number, how many pairs, what is said and what is true of them."""
    place = np.minimum((said * 10).astype(int), 9)
    for tenth in range(10):
        within = place == tenth
        if within.any():
            yield tenth, int(within.sum()), float(said[within].mean()), float(truth[within].mean())


def expected_error(said: Floats, truth: Floats) -> float:
    return sum(count * abs(says - true) for _, count, says, true in tenths(said, truth)) / max(1, len(said))


def list_sets(shared: Path, made: Path) -> Iterator[tuple[str, Path]]:
    for name in SETS:
        if (shared / name).is_dir():
            yield name, shared / name
        else:
            print(f"{name}: not found in {shared}, left out")
    for seed in SEEDS:
        yield f"generated {SIZE} seed {seed}", generate(shared, made, SIZE, seed)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        for name, folder in list_sets(chosen.shared, Path(made)):
            said, truth = measure(folder)
            seen = said >= SEEN
            errors = expected_error(said, truth), expected_error(said[seen], truth[seen])
            print(f"{name}: {len(said)} pairs, error {errors[0]:.4f}; {seen.sum()} of 5 % and more, {errors[1]:.4f}")
            for tenth, count, says, true in tenths(said, truth):
                print(f"    {tenth * 10:3} % {count:9} pairs, says {says:.2f}, true {true:.2f}", flush=True)


if __name__ == "__main__":
    main()
