"""Learn what levels of evidence on businesses are worth, and say how well that does on sets it was not learned from.

    python -m bench.train_dedupe                   one line a set, which is left out of what is learned for it
    python -m bench.train_dedupe --write [FILE]    what all sets teach, with the comments of the file that stands

Logistic regression over the candidate pairs of labelled sets and generated lists, every set with the same weight, and
over the catalogue of hard pairs with little, for levels that no list has. No point that stands in the file counts in
it: a level is drawn only towards its neighbour nearer to "unknown" (0 points), and the points of names towards what was
measured. Agreement never gets less than 0 points nor disagreement more, and they never fall where agreement rises.

- Another list may lack any column, so that each set is learned from as it is and with columns left out.
- How many of the candidates are one differs from set to set: each has an offset of its own, which is forgotten.
- Two that are not one weigh a little more than two that are: a false join costs more than a miss.
- HELD features stand in no list, and stay what they were reasoned to be: an employer number about what a name is; one
  other who is named with both as much as a contact person in common, 100 points more for every doubling.

Then what a sum of points turned out to be worth, as a probability, is fitted to the same sets.

patstat_nl and the bare names are scored but never learned from: their truth is the firm, and a score is on the site. A
generated list is scored twice: with no generated list learned from, and with lists of other seeds. What is measured
(the levels, and the points of two names before they are weighed) is code, and was written with sight of errors on these
sets.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.dedupe import write_name_pairs
from bench.dedupe_calibration import PLACES, Scored, apply_fit, find_error, fit
from bench.dedupe_samples import (
    Columns,
    Floats,
    Sample,
    generate,
    read_sample,
    read_set,
    sample_pairs,
    score_clusters,
)
from crm.dedupe import BUSINESS, BusinessRow, resolve
from crm.dedupe.kinds import Row
from crm.dedupe.pairs import Pairs
from crm.dedupe.weights import FILE, UNKNOWN, Weights, read_weights, use_weights
from tests.hard_pairs import BUSINESSES

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("chicago_childcare", "fodors_zagats")
FIRMS = ("patstat_nl",)
BARE_NAMES = "nk_name_pairs"
GENERATED, HARD_PAIRS = "generated", "hard pairs"
LEARNED_SEEDS, SCORED_SEEDS = (11, 12, 13), (1, 2)  # of the generated lists
SIZE = 10_000
TRUTH = {"same": 1.0, "review": 0.5, "firm": 0.0, "different": 0.0}
MISSING = ((), ("place",), ("phone",), ("place", "phone"), ("address",))
HELD = ("employer number", "co-names", "probability")
DOUBLING = 100  # points for twice as many that are named with both

BIT = np.log(2) / 100  # a point in natural units
WEIGHT, HARD_WEIGHT = 1_000, 150  # of a set, and of the hard pairs, as if it were so many pairs
FALSE_JOIN = 1.25  # what a pair that is not one weighs
HOLD = 0.1 / 100**2  # how strongly a level is drawn to its neighbour, for each point squared
HOLD_NAMES = 3 / 100**2  # and the points of names to what was measured
HOLD_OFFSETS = 1 / 100**2
FIRST = 50  # points from level to level to begin with
STEPS = 100
ROUND = 10  # points

Samples = Mapping[str, Sequence[Sample]]


def read_samples(shared: Path, columns: Columns, made: Path) -> Samples:
    samples = {name: [read_folder(shared / name, columns)] for name in LISTS}
    samples[GENERATED] = [read_folder(generate(shared, made, SIZE, seed), columns) for seed in LEARNED_SEEDS]
    samples[HARD_PAIRS] = [read_hard_pairs(columns)]
    return samples


def read_folder(folder: Path, columns: Columns) -> Sample:
    return read_sample(read_set(folder)[1], folder / "truth.csv", columns)


def read_hard_pairs(columns: Columns) -> Sample:
    rows = [BusinessRow(side, **getattr(pair, side)) for pair in BUSINESSES for side in ("left", "right")]
    each = np.arange(0, len(rows), 2)
    truth = np.array([TRUTH[pair.answer] for pair in BUSINESSES])
    return sample_pairs(Pairs([BUSINESS.read(row) for row in rows], each, each + 1), truth, columns)


# What is learned.


class Steps:
    """Weights as sums of steps from level to level, away from "unknown", none of which is below 0: so they are in order
    whatever the steps are. Weights are `base + toward @ steps`; the steps are drawn to `target`, each by its `hold`."""

    def __init__(self, columns: Columns) -> None:
        self.base = np.zeros(columns.size)
        toward: list[Floats] = []
        drawn: list[tuple[float, float]] = []
        for feature, levels in columns.levels.items():
            of = columns.of(feature)
            if feature in HELD:
                self.base[of] = columns.read()[of]
                continue
            if feature == "prior":
                toward.append(mark(columns, of.start, of.stop, 1))
                drawn.append((0, HOLD))
                self.prior = len(drawn) - 1
                continue
            curve = UNKNOWN not in levels
            zero = levels.index("0" if curve else UNKNOWN)
            for above in range(1, len(levels)):
                up = above > zero
                span = (of.start + above, of.stop, 1) if up else (of.start, of.start + above, -1)
                toward.append(mark(columns, *span))
                drawn.append((float(levels[above]) - float(levels[above - 1]), HOLD_NAMES) if curve else (0, HOLD))
        self.toward = np.array(toward).T
        self.target, self.hold = np.array(drawn).T
        self.bound = np.arange(len(drawn)) != self.prior

    def start(self) -> Floats:
        return np.where(self.bound & (self.target == 0), FIRST, self.target)

    def weigh(self, steps: Floats) -> Floats:
        return self.base + self.toward @ steps


def mark(columns: Columns, start: int, stop: int, value: float) -> Floats:
    answer = np.zeros(columns.size)
    answer[start:stop] = value
    return answer


class Part:
    """One sample as the steps see it. `weight` is of each of its pairs."""

    def __init__(self, sample: Sample, steps: Steps, weight: float) -> None:
        self.site, self.site_base = sample.site @ steps.toward, sample.fixed + sample.site @ steps.base
        self.firm, self.firm_base = sample.firm @ steps.toward, sample.firm @ steps.base
        self.cap, self.truth = sample.cap, sample.truth
        self.weight = weight / sample.count.sum() * sample.count * np.where(sample.truth < 0.5, FALSE_JOIN, 1)

    def likelihood(self, steps: Floats, offset: float) -> float:
        points = self.site_base + self.site @ steps + np.minimum(self.firm_base + self.firm @ steps, self.cap)
        bits = (points + offset) * BIT
        return float((self.weight * (self.truth * bits - np.logaddexp(0, bits))).sum())

    def slope(self, steps: Floats, offset: float) -> tuple[Floats, Floats]:
        """First and second derivatives of the likelihood, after every step and, last, after the offset."""
        firm = self.firm_base + self.firm @ steps
        points = self.site_base + self.site @ steps + np.minimum(firm, self.cap) + offset
        chance = 1 / (1 + np.exp(-np.clip(points * BIT, -30, 30)))
        has = np.column_stack([self.site + self.firm * (firm <= self.cap)[:, None], np.ones(len(points))])
        bend = (has * (self.weight * chance * (1 - chance))[:, None]).T @ has
        return BIT * (has.T @ (self.weight * (self.truth - chance))), BIT**2 * bend


def learn(samples: Samples, columns: Columns) -> Floats:
    """The weights that these samples teach: Newton's method, with steps that would fall below 0 held there."""
    steps = Steps(columns)
    parts: list[Part] = []
    for name, group in samples.items():
        weight = HARD_WEIGHT if name == HARD_PAIRS else WEIGHT
        missing = ((),) if name == HARD_PAIRS else MISSING
        parts += [
            Part(sample.without(columns, features).sum_up(), steps, weight / len(group) / len(missing))
            for sample in group
            for features in missing
        ]
    size = len(steps.target)
    target = np.concatenate([steps.target, np.zeros(len(parts))])
    hold = np.concatenate([steps.hold, np.full(len(parts), HOLD_OFFSETS)])
    bound = np.concatenate([steps.bound, np.zeros(len(parts), dtype=bool)])

    def value(at: Floats) -> float:
        told = sum(part.likelihood(at[:size], at[size + number]) for number, part in enumerate(parts))
        return told - float((hold * (at - target) ** 2).sum()) / 2

    at = np.concatenate([steps.start(), np.zeros(len(parts))])
    best = value(at)
    for _ in range(STEPS):
        slope, bend = -hold * (at - target), np.diag(hold)
        for number, part in enumerate(parts):
            own = [*range(size), size + number]
            first, second = part.slope(at[:size], at[size + number])
            slope[own] += first
            bend[np.ix_(own, own)] += second
        free = ~(bound & (at <= 0) & (slope <= 0))
        move = np.zeros(len(at))
        move[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        before, at, best = at, *go_up(at, move, bound, best, value)
        if np.abs(at - before).max() < 0.5:
            break
    weights = steps.weigh(at[:size])
    shared = weights[columns.of("people")][-1]
    weights[columns.of("co-names")] = [0, *(shared + DOUBLING * times for times in range(4))]
    return weights


def go_up(at: Floats, move: Floats, bound: Any, best: float, value: Any) -> tuple[Floats, float]:
    """As far along as it gets better; where it was if that is nowhere."""
    for _ in range(12):
        there = np.where(bound, np.maximum(at + move, 0), at + move)
        if (reached := value(there)) > best:
            return there, reached
        move = move / 2
    return at, best


def learn_all(samples: Samples, columns: Columns) -> dict[str, Any]:
    """The weights of the file with those of businesses learned, rounded: points, and what they are worth in all."""
    weights = np.rint(learn(samples, columns) / ROUND) * ROUND
    found: dict[str, dict[str, int]] = {}
    for feature, levels in columns.levels.items():
        points = weights[columns.of(feature)].astype(int).tolist()
        found[feature] = {level: worth for level, worth in zip(levels, points, strict=True) if level != UNKNOWN}
    lists = [
        [score_sample(sample, weights) for sample in group] for name, group in samples.items() if name != HARD_PAIRS
    ]
    worth = (np.rint(fit(lists) / ROUND) * ROUND).astype(int).tolist()
    found["probability"] = {f"{place:g}": points for place, points in zip(PLACES, worth, strict=True)}
    return {**read_weights(), BUSINESS.name: found}


def score_sample(sample: Sample, weights: Floats) -> Scored:
    return Scored(sample.points(weights), sample.truth, sample.count)


# What is shown and written.


def write(path: Path, weights: Weights) -> None:
    """The file as it stands, with the numbers of these weights."""
    found, section, lines = weights[BUSINESS.name], "", []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = re.match(rf'\[{BUSINESS.name}\."?([^"\]]+)"?\]', line)
            section = heading[1] if heading else ""
        entry = re.match(r"(-?\w+) = -?\d+(.*)", line)
        if section == "probability" and entry:
            continue
        known = entry and entry[1] in found.get(section, {})
        lines.append(f"{entry[1]} = {found[section][entry[1]]}{entry[2]}" if entry and known else line)
        if section == "probability" and line.startswith("["):
            lines += [f"{place} = {points}" for place, points in found[section].items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compare(shared: Path, samples: Samples, columns: Columns, made: Path) -> None:
    """The table: each set by what stands, which all sets have taught, and by what the others teach."""
    headings = "".join(f"{heading:>10}" for heading in ("precision", "recall", "f1", "bcubed_f1", "error", "of 5 %"))
    print(f"{'set':30}{'learned from':22}{headings}")
    stand, learned = read_weights(), {"": learn_all(samples, columns)}
    for name in (*LISTS, GENERATED):
        learned[name] = learn_all({key: group for key, group in samples.items() if key != name}, columns)
    for name, folder in list_scored(shared, made):
        rows = read_set(folder)[1]
        group = name.split()[0]
        report(name, "the file as it stands", stand, folder, rows, shared)
        if group in learned:
            report(name, "all other sets", learned[group], folder, rows, shared)
        if group not in LISTS:
            report(
                name, "other seeds too" if group == GENERATED else "all other sets", learned[""], folder, rows, shared
            )
    use_weights(stand)


def list_scored(shared: Path, made: Path) -> Iterator[tuple[str, Path]]:
    for name in (*LISTS, *FIRMS):
        yield name, shared / name
    for one in write_name_pairs(shared / BARE_NAMES, made):
        if "organisations" in one.name:
            yield one.name, one.folder
    for seed in SCORED_SEEDS:
        yield f"{GENERATED} {SIZE} seed {seed}", generate(shared, made, SIZE, seed)


def report(name: str, title: str, weights: Weights, folder: Path, rows: Sequence[Row], shared: Path) -> None:
    """One line. Errors are the expected calibration error over all compared pairs and over those of 5 % and more."""
    use_weights(weights)
    found = score_clusters(folder, resolve(BUSINESS, rows).clusters, shared / "score.py")
    shown = "".join(f"{found.get(key, ''):>10}" for key in ("precision", "recall", "f1", "bcubed_f1"))
    if (folder / "truth.csv").exists() and name not in FIRMS:
        columns = Columns()
        scored = score_sample(read_sample(rows, folder / "truth.csv", columns), columns.read())
        places = weights[BUSINESS.name]["probability"]
        said = apply_fit(np.array(sorted(map(float, places))), np.array(sorted(places.values())), scored.points)
        shown += f"{find_error(said, scored, 0):>10.4f}{find_error(said, scored):>10.4f}"
    print(f"{name:30}{title:22}{shown}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--write", type=Path, nargs="?", const=FILE)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        columns = Columns()
        samples = read_samples(chosen.shared, columns, Path(made))
        if chosen.write:
            write(chosen.write, learn_all(samples, columns))
        else:
            compare(chosen.shared, samples, columns, Path(made))


if __name__ == "__main__":
    main()
