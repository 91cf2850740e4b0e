"""Learn what levels of evidence on businesses are worth, and hold it against what stands.

    train_dedupe.py                     one line a set: what stands, and what the other sets teach (the set left out)
    train_dedupe.py --write [FILE]      what all sets teach, written with the comments of the file that stands

Logistic regression over the candidate pairs of labelled sets and generated lists, every set with the same weight.
Points are held to those that stand (L2, `--hold`), so that a level of which no set tells anything stays as it is, and
never fall where agreement rises. Each set has an offset of its own, which is forgotten: how many of the candidates are
one differs from set to set, and must not move the point from which two records join. patstat_nl is not learned from:
its truth is the firm, and here a score is on the site. It is scored all the same.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from dedupe_first import READERS, read_generated, score  # noqa: E402
from dedupe_samples import Columns, Floats, Sample, generate, read_sample  # noqa: E402

from crm.dedupe import BUSINESS, resolve  # noqa: E402
from crm.dedupe.weights import FILE, UNKNOWN, Weights, read_weights, use_weights  # noqa: E402

LABELLED = ("chicago_childcare", "fodors_zagats")
SCORED = (*LABELLED, "patstat_nl")
GENERATED = "generated"
LEARNED_SEEDS, SCORED_SEEDS = (11, 12), (1, 2)  # of the generated lists
SIZE = 10_000
BIT = np.log(2) / 100  # a point in natural units
HOLDS = (100.0, 10.0, 1.0)  # how strongly points are held to where they stand
WEIGHT = 1_000  # of a set
STEPS = 40
ROUND = 5  # points

Samples = Mapping[str, Sequence[Sample]]


def read_samples(shared: Path, columns: Columns, made: Path) -> Samples:
    samples = {
        name: [read_sample(READERS[name](shared / name), shared / name / "truth.csv", columns)] for name in LABELLED
    }
    folders = [generate(shared, made, SIZE, seed) for seed in LEARNED_SEEDS]
    samples[GENERATED] = [read_sample(read_generated(at), at / "truth.csv", columns) for at in folders]
    return samples


def learn(samples: Samples, columns: Columns, hold: float) -> Floats:
    """The weights that these samples teach: Newton's method, put back in order after every step."""
    parts = [(sample, 1 / len(group)) for group in samples.values() for sample in group]
    stand = columns.read()
    held = np.concatenate([np.full(columns.size, hold / 100**2), np.full(len(parts), 1e-4)])
    held[columns.start["prior"]] = 1e9
    weights, offsets = stand.copy(), np.zeros(len(parts))
    for _ in range(STEPS):
        slope = -held * np.concatenate([weights - stand, offsets])
        bend = np.diag(held)
        for number, (sample, share) in enumerate(parts):
            points, within = sample.points(weights)
            chance = 1 / (1 + np.exp(-np.clip((points + offsets[number]) * BIT, -30, 30)))
            each = share * WEIGHT / sample.count.sum() * sample.count
            own = np.zeros((len(points), len(parts)))
            own[:, number] = 1
            has = np.hstack([sample.site + sample.firm * within[:, None], own])
            slope += BIT * (has.T @ (each * (sample.truth - chance)))
            bend += BIT**2 * ((has * (each * chance * (1 - chance))[:, None]).T @ has)
        step = np.clip(np.linalg.solve(bend, slope) / 2, -50, 50)
        weights = columns.order(weights + step[: columns.size])
        offsets = offsets + step[columns.size :]
    return weights


def name_weights(columns: Columns, weights: Floats) -> dict[str, Any]:
    """The weights of the file, with these of businesses, rounded."""
    found: dict[str, dict[str, int]] = {}
    for feature, levels in columns.levels.items():
        start = columns.start[feature]
        rounded = (np.rint(weights[start : start + len(levels)] / ROUND) * ROUND).astype(int).tolist()
        found[feature] = {level: points for level, points in zip(levels, rounded, strict=True) if level != UNKNOWN}
    return {**read_weights(), BUSINESS.name: found}


def write(path: Path, weights: Weights) -> None:
    """The file as it stands, with the numbers of these weights."""
    found, section, lines = weights[BUSINESS.name], "", []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = re.match(rf'\[{BUSINESS.name}\."?([^"\]]+)"?\]', line)
            section = heading[1] if heading else ""
        entry = re.match(r"(-?\w+) = -?\d+(.*)", line)
        known = entry and entry[1] in found.get(section, {})
        lines.append(f"{entry[1]} = {found[section][entry[1]]}{entry[2]}" if entry and known else line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compare(shared: Path, samples: Samples, columns: Columns, made: Path) -> None:
    """Accuracy of every set with the weights that stand, and with those that the other sets teach."""
    stand = read_weights()
    print(f"{'set':26}{'weights':24}{'precision':>10}{'recall':>10}{'f1':>10}{'bcubed_f1':>10}")
    for name, folder in list_scored(shared, made):
        left_out = GENERATED if name.startswith(GENERATED) else name
        rest = {key: group for key, group in samples.items() if key != left_out}
        report(name, "as they stand", stand, folder, shared)
        for hold in HOLDS:
            use_weights(stand)
            learned = name_weights(columns, learn(rest, columns, hold))
            report(name, f"learned, hold {hold:g}", learned, folder, shared)


def list_scored(shared: Path, made: Path) -> Iterator[tuple[str, Path]]:
    for name in SCORED:
        yield name, shared / name
    for seed in SCORED_SEEDS:
        yield f"{GENERATED} {SIZE} seed {seed}", generate(shared, made, SIZE, seed)


def report(name: str, title: str, weights: Weights, folder: Path, shared: Path) -> None:
    use_weights(weights)
    found = score(folder, resolve(BUSINESS, READERS.get(name, read_generated)(folder)).clusters, shared / "score.py")
    shown = "".join(f"{found[key]:>10}" for key in ("precision", "recall", "f1", "bcubed_f1"))
    print(f"{name:26}{title:24}{shown}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--hold", type=float, default=HOLDS[0], help="of the weights that are written")
    options.add_argument("--write", type=Path, nargs="?", const=FILE)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        columns = Columns()
        samples = read_samples(chosen.shared, columns, Path(made))
        if chosen.write:
            write(chosen.write, name_weights(columns, learn(samples, columns, chosen.hold)))
        else:
            compare(chosen.shared, samples, columns, Path(made))


if __name__ == "__main__":
    main()
