"""Whether the figures on quality are true: drawn pairs answered by a list's own truth, many times, against all pairs.

    python -m bench.quality FOLDER [--draws 200] [--answers 60,150,300]

FOLDER holds records.csv and truth.csv as `generate_businesses.py` writes them. The list is matched as a region is, and
for each draw with other lots the pairs are answered in the order in which reviewers would be given them, and the
estimates and intervals of precision and recall are held against the truth among all pairs that matter. Printed: the
truth, the mean estimate, the mean width of the interval, and how often it held the truth. What recall would be if pairs
that were never compared were counted stands beside.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from bench.dedupe_samples import read_set
from crm.analysis.quality import Answer, Estimate, fill_cells, rate_whole
from crm.dedupe import BUSINESS
from crm.dedupe.checks import Population, draw, list_population, share_out
from crm.dedupe.thresholds import Ground
from crm.services.surveys import order_turns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--answers", default="60,150,300")
    options = parser.parse_args()
    answers = [int(number) for number in options.answers.split(",")]
    print(json.dumps(measure(options.folder, draws=options.draws, answers=answers), indent=2))


def measure(folder: Path, *, draws: int, answers: list[int]) -> dict[str, Any]:
    """Truth and estimates for each number of answers."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        entity = {row["rec_id"]: row["entity_id"] for row in csv.DictReader(file)}
    ground = Ground(BUSINESS, read_set(folder)[1], [])
    population = list_population(ground, ground.try_join(BUSINESS.join))
    of = np.unique([entity[uid] for uid in ground.uids], return_inverse=True)[1]
    same = of[population.left] == of[population.right]
    joined = np.array([band.joined for band in population.bands])[population.band]
    good, missed = int((same & joined).sum()), int((same & ~joined).sum())
    every = sum(size * (size - 1) // 2 for size in Counter(of.tolist()).values())
    truth = {"precision": good / int(joined.sum()), "recall": good / (good + missed)}
    found: dict[str, Any] = {
        "records": len(ground.uids),
        "pairs taken for one": int(joined.sum()),
        "near misses": int((~joined).sum()),
        **truth,
        "recall of all true pairs": good / every,
    }
    orders = [_order(ground, population, number) for number in range(draws)]
    for number in answers:
        estimates = [_estimate(population, order[:number], entity) for order in orders]
        for name, true in truth.items():
            told = [one for pair in estimates if (one := pair[name]) is not None]
            found[f"{name}, {number} answers"] = _sum_up(told, true, draws)
    return found


def _order(ground: Ground, population: Population, salt: int) -> list[tuple[str, str, int]]:
    """Pairs to check in the order of their turns: (left, right, band)."""
    lots = draw(ground, population, salt=salt)
    shares = share_out(population.bands)
    return [(one.left, one.right, one.band) for one in order_turns(lots, [0] * len(shares), shares)]


def _estimate(
    population: Population, order: list[tuple[str, str, int]], entity: dict[str, str]
) -> dict[str, Estimate | None]:
    answers = [Answer(band, float(entity[left] == entity[right])) for left, right, band in order]
    cells = fill_cells([band.size for band in population.bands], answers)
    rates = rate_whole(cells, [band.joined for band in population.bands])
    return {"precision": rates.precision, "recall": rates.recall}


def _sum_up(told: list[Estimate], true: float, draws: int) -> dict[str, Any]:
    if not told:
        return {"told": "never: too few answers"}
    return {
        "told": f"{len(told)} of {draws}",
        "mean": round(float(np.mean([one.value for one in told])), 4),
        "mean width": round(float(np.mean([one.high - one.low for one in told])), 4),
        "held the truth": f"{sum(one.low - 1e-9 <= true <= one.high + 1e-9 for one in told)} of {len(told)}",
    }


if __name__ == "__main__":
    main()
