"""Trains the reader of headings (`importers.heading_reader`): `python -m bench.train_headings`.

It learns from the lists of `bench/headings`, always in the same way, so that the same lists make the same weights; of
the exports there by which guesses are measured, only from the half that is not held out. With `--apart N` it trains N
times, each without a share of the lists, and tells how often it is right on those: by itself, their kind being known.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.heading_lists import LabelledList, read_lists
from bench.import_headings import list_headers
from importers.columns import Column, look_at_columns
from importers.guesses import sample_cells
from importers.heading_reader import (
    WEIGHTS,
    Features,
    Reader,
    describe,
    describe_kind,
    describe_list,
    hash_features,
    name_thing,
    take_weights,
)
from importers.kinds import BY_NAME
from importers.read import open_sheet

WIDTHS = {"things": 6144, "kinds": 2048}
STEPS, RATE = 160, 0.05
MOST = 127  # of a whole number of eight bits


@dataclass(frozen=True)
class Seen:
    """One list: its columns as they are seen, and what they are."""

    kinds: tuple[str, ...]
    columns: Sequence[Column]
    meanings: tuple[tuple[str, ...], ...]


def see_all(lists: Sequence[LabelledList]) -> list[Seen]:
    seen: list[Seen] = []
    for one in lists:
        with open_sheet(one.write(), "list.csv", header_row=0) as sheet:
            columns = look_at_columns(sheet.headers, sample_cells(sheet))
        seen.append(Seen(tuple(kind for kind in one.kinds if kind in BY_NAME), columns, one.meanings))
    return [one for one in seen if one.kinds]


def list_all() -> list[LabelledList]:
    """The labelled lists, and the exports by which guesses are measured; not those that are held out."""
    exports = [header for header in list_headers() if header.half == "build"]
    return [
        *read_lists(),
        *(LabelledList((one.kind,), one.headings, tuple((m,) for m in one.meanings), one.cells) for one in exports),
    ]


def list_things(lists: Sequence[Seen]) -> tuple[list[Features], list[str]]:
    """Of each column, what is seen of it and the thing that it is."""
    found = [
        (of_list | describe_kind(n, column, one.kinds[0]), name_thing(meanings[0]))
        for one in lists
        for n, (column, of_list, meanings) in enumerate(
            zip(one.columns, describe(one.columns), one.meanings, strict=True)
        )
    ]
    return [features for features, _ in found], [thing for _, thing in found]


def train(rows: Sequence[Features], names: Sequence[str], width: int) -> dict[str, NDArray[Any]]:
    """Softmax regression with weights kept small, by as many steps of Adam over all rows."""
    known = sorted(set(names))
    table = np.zeros((len(rows), width), np.float32)
    for row, seen in zip(table, rows, strict=True):
        places, counts = hash_features(seen, width)
        np.add.at(row, places, counts)
    right = np.zeros((len(rows), len(known)), np.float32)
    right[np.arange(len(rows)), [known.index(name) for name in names]] = 1
    weights, bias = np.zeros((width, len(known)), np.float32), np.zeros(len(known), np.float32)
    parts = (weights, bias)
    means = [(np.zeros_like(part), np.zeros_like(part)) for part in parts]
    for step in range(1, STEPS + 1):
        total = table @ weights + bias
        total -= total.max(axis=1, keepdims=True)
        likely = np.exp(total)
        likely /= likely.sum(axis=1, keepdims=True)
        off = (likely - right) / len(rows)
        rate = RATE * (1 - step / (STEPS + 1))
        for part, slope, (mean, square) in zip(
            parts, (table.T @ off + weights / len(rows), off.sum(axis=0)), means, strict=True
        ):
            mean += 0.1 * (slope - mean)
            square += 0.01 * (slope * slope - square)
            part -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-6) / MOST
    return {
        "names": np.array(known),
        "weights": np.rint(weights / scales).astype(np.int8),
        "scales": scales.astype(np.float32),
        "bias": bias,
    }


def train_both(lists: Sequence[Seen]) -> dict[str, NDArray[Any]]:
    things = train(*list_things(lists), WIDTHS["things"])
    kinds = train([describe_list(one.columns) for one in lists], [one.kinds[0] for one in lists], WIDTHS["kinds"])
    return {f"things_{name}": part for name, part in things.items()} | {
        f"kinds_{name}": part for name, part in kinds.items()
    }


def keep(weights: dict[str, NDArray[Any]], path: Path) -> None:
    np.savez_compressed(path, allow_pickle=False, **weights)


def try_apart(lists: Sequence[Seen], shares: int) -> float:
    """How often the likeliest thing is right, in lists from which the reader did not learn."""
    right = total = 0
    for share in range(shares):
        weights = take_weights(train_both([one for n, one in enumerate(lists) if n % shares != share]))
        for one in lists[share::shares]:
            for told, meanings in zip(Reader(one.columns, weights).read(one.kinds[0]), one.meanings, strict=True):
                right += max(told, key=lambda thing: told[thing]) in set(map(name_thing, meanings))
                total += 1
    return right / total


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=WEIGHTS)
    parser.add_argument("--apart", type=int, metavar="N")
    chosen = parser.parse_args(arguments)
    lists = see_all(list_all())
    if chosen.apart:
        print(f"{try_apart(lists, chosen.apart):.1%} of the columns of lists from which it did not learn")
        return
    keep(train_both(lists), chosen.to)
    columns = sum(len(one.columns) for one in lists)
    print(f"{chosen.to.name}: {chosen.to.stat().st_size / 1000:.0f} kB, from {len(lists)} lists, {columns} columns")


if __name__ == "__main__":
    sys.exit(main())
