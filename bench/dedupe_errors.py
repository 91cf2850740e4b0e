"""What the matcher gets wrong, by kind of case: `python -m bench.dedupe_errors FOLDER [--show N] [--examples N]`.

FOLDER holds the records of businesses and their truth; they are read as `crm dedupe cluster` reads them. A wrong pair
is filed under the stage that decided it and under the sign of each feature's evidence:

- false merges: "direct" (the pair's own score joins it) or "chained" (only other records hold it together);
- misses: "no key" (never compared), "score" (compared, and too little), "cluster" (enough, and yet kept apart).

`++` and `--` are strong evidence, `+` and `-` weak; a feature that says nothing is left out.
"""

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.dedupe_samples import read_set
from crm.dedupe import BUSINESS, BusinessRow, MatchIndex, resolve
from crm.dedupe.kinds import JOIN
from crm.dedupe.pairs import Pairs
from crm.dedupe.score import add_points

Pair = tuple[int, int]
STRONG = 300


def group(labels: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The records of each label."""
    groups: dict[str, list[str]] = defaultdict(list)
    for uid, label in labels:
        groups[label].append(uid)
    return groups


def pairs_across(groups: Iterable[list[str]], other: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pairs within these groups that the other grouping keeps apart."""
    for members in groups:
        for left, right in combinations(members, 2):
            if left in other and right in other and other[left] != other[right]:
                yield left, right


class Wrong:
    """Wrong pairs of records, gathered by pairs of forms: equal records err together."""

    def __init__(self, index: MatchIndex, pairs: Iterable[tuple[str, str]]) -> None:
        number_of = index.pool.number_of
        self.index = index
        self.count: Counter[Pair] = Counter()
        self.example: dict[Pair, tuple[str, str]] = {}
        for left, right in pairs:
            ours, theirs = number_of[left], number_of[right]
            pair = (ours, theirs) if ours <= theirs else (theirs, ours)
            self.count[pair] += 1
            self.example.setdefault(pair, (left, right))
        self.pairs = list(self.count)

    def measure(self) -> Iterator[tuple[Pair, int, dict[str, int]]]:
        """Every pair of forms with its score and what each feature gives."""
        if not self.pairs:
            return
        numbers = sorted({number for pair in self.pairs for number in pair})
        left, right = (np.searchsorted(numbers, [pair[side] for pair in self.pairs]) for side in (0, 1))
        batch = Pairs([self.index.pool.forms[number] for number in numbers], left, right)
        start = 0
        for piece in batch.chunks(16_384):
            points = add_points(BUSINESS, piece).tolist()
            weighed = {feature.name: feature.weigh(piece).tolist() for feature in BUSINESS.features}
            for at, score in enumerate(points):
                yield self.pairs[start + at], score, {name: column[at] for name, column in weighed.items()}
            start += len(piece)


def sign(points: int) -> str:
    if abs(points) >= STRONG:
        return "++" if points > 0 else "--"
    return "+" if points > 0 else "-"


def signature(evidence: dict[str, int]) -> str:
    return ", ".join(f"{name} {sign(points)}" for name, points in evidence.items() if points) or "nothing"


def stage_of_miss(index: MatchIndex, pair: Pair, score: int) -> str:
    left, right = (index.pool.forms[number] for number in pair)
    if pair[0] != pair[1] and not index.blocks.share_key(index.kind.keys(left), index.kind.keys(right)):
        return "no key"
    return "cluster" if score >= JOIN else "score"


def describe(row: BusinessRow) -> str:
    cells = (row.name, row.legal_name, row.street, row.city, row.zip, row.phone, row.website, row.email, *row.people)
    return " | ".join(cell or "·" for cell in cells)


def report(title: str, wrong: Wrong, rows: dict[str, BusinessRow], kinds: dict[str, str], options: argparse.Namespace):
    """The commonest kinds of wrong pairs, with examples."""
    filed: dict[tuple[str, str], list[tuple[Pair, int, dict[str, int]]]] = defaultdict(list)
    stages: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    for pair, score, evidence in wrong.measure():
        if title == "misses":
            stage = stage_of_miss(wrong.index, pair, score)
        else:
            stage = "direct" if score >= JOIN else "chained"
        filed[stage, signature(evidence)].append((pair, score, evidence))
        stages[stage] += wrong.count[pair]
        left, right = wrong.example[pair]
        by_kind[" with ".join(sorted({kinds.get(left, ""), kinds.get(right, "")}))] += wrong.count[pair]
    print(f"\n== {title}: {sum(stages.values())} pairs: {dict(stages)}; {dict(by_kind.most_common(6))}")
    sizes = {case: sum(wrong.count[pair] for pair, _, _ in found) for case, found in filed.items()}
    for case in sorted(filed, key=lambda case: (-sizes[case], case))[: options.show]:
        print(f"{sizes[case]:7} {case[0]}: {case[1]}")
        for pair, score, evidence in sorted(filed[case], key=lambda found: -wrong.count[found[0]])[: options.examples]:
            left, right = (rows[uid] for uid in wrong.example[pair])
            said = " ".join(f"{name}{points:+}" for name, points in evidence.items() if points)
            print(f"          {wrong.count[pair]}x {score:+} ({said})\n            {describe(left)}")
            print(f"            {describe(right)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--show", type=int, default=12, help="how many kinds of case")
    options.add_argument("--examples", type=int, default=3)
    chosen = options.parse_args()
    rows = {row.uid: row for row in read_set(chosen.folder)[1]}
    with (chosen.folder / "truth.csv").open(newline="", encoding="utf-8") as file:
        labelled = list(csv.DictReader(file))
    truth = {row["rec_id"]: row["entity_id"] for row in labelled}
    kinds = {row["rec_id"]: row.get("kind", "") for row in labelled}
    found = resolve(BUSINESS, list(rows.values()))
    cluster_of = {uid: cluster[0] for cluster in found.clusters for uid in cluster}
    merged = Wrong(found.index, pairs_across(map(list, found.clusters), truth))
    missed = Wrong(found.index, pairs_across(group(truth.items()).values(), cluster_of))
    report("false merges", merged, rows, kinds, chosen)
    report("misses", missed, rows, kinds, chosen)


if __name__ == "__main__":
    main()
