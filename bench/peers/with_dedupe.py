"""dedupe with 80 labels: `python -m bench.peers.with_dedupe SET FOLDER CLUSTERS.csv`.

As its manual has it: a variable a column, the pairs that it is least sure of are put to an oracle which answers from
the set's truth, and the records are parted at 0.5. Of a set with labelled pairs instead of a truth, 80 of them are its
labels. Random choices are seeded, yet its workers make two runs differ a little.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dedupe
import numpy as np
from dedupe import serializer, variables

from bench.peers.tables import read_table, write_clusters

LABELS = 80
ASKED = 400  # pairs of which the oracle does not know the answer are passed over; but not for ever
THRESHOLD = 0.5
SEED = 1
SHORT = ("house", "zip", "phone", "born", "postcode", "number")
LISTS = ("partners", "classes")
SKIPPED = ("rec_id", "words", "head")
Record = dict[str, Any]


def variable(column: str) -> Any:
    if column in LISTS:
        return variables.Set(column, has_missing=True)
    if column in SHORT:
        return variables.ShortString(column, has_missing=True)
    if column in ("domain", "email", "job"):
        return variables.Exact(column, has_missing=True)
    return variables.String(column, has_missing=True)


def write_labels(folder: Path, records: dict[str, Record]) -> io.StringIO:
    """Labelled pairs by chance as a file of labels, for dedupe knows only the records of a file before it samples."""
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    marked: dict[str, list[tuple[Record, Record]]] = {"match": [], "distinct": []}
    for pair in random.sample(pairs, min(LABELS, len(pairs))):
        marked["match" if pair["label"] == "1" else "distinct"].append((records[pair["l"]], records[pair["r"]]))
    labels = io.StringIO()
    serializer.write_training(marked, labels)
    labels.seek(0)
    return labels


def read_oracle(folder: Path, id_of: Callable[[Record], str]) -> Callable[[Record, Record], bool | None]:
    """Whether two records are one, by the set's truth; None where it does not say."""
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as file:
        entity = {row["rec_id"]: row["entity_id"] for row in csv.DictReader(file)}

    def answer(left: Record, right: Record) -> bool | None:
        ours, theirs = entity.get(id_of(left)), entity.get(id_of(right))
        return None if ours is None or theirs is None else ours == theirs

    return answer


def main() -> None:
    name, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    random.seed(SEED)
    np.random.seed(SEED)
    table = read_table(name, folder)
    columns = [column for column in table if column not in SKIPPED]
    records: dict[str, Record] = {
        uid: {
            column: tuple(cell) if isinstance(cell, list) else cell for column, cell in zip(columns, cells, strict=True)
        }
        for uid, cells in zip(table.index, table[columns].itertuples(index=False), strict=True)
    }
    deduper = dedupe.Dedupe([variable(column) for column in columns])
    if (folder / "pairs.csv").exists():
        deduper.prepare_training(records, training_file=write_labels(folder, records))
    else:
        deduper.prepare_training(records)
        ask(deduper, read_oracle(folder, identify(records)))
    deduper.train()
    cluster_of = {uid: number for number, (uids, _) in enumerate(deduper.partition(records, THRESHOLD)) for uid in uids}
    print(json.dumps({"rows": len(table), "clusters": write_clusters(out, cluster_of)}))


def identify(records: dict[str, Record]) -> Callable[[Record], str]:
    """From a record, which is handed back without its id, to one of the ids that it may have."""
    uid_of = {tuple(record.values()): uid for uid, record in records.items()}
    return lambda record: uid_of[tuple(record.values())]


def ask(deduper: dedupe.Dedupe, oracle: Callable[[Record, Record], bool | None]) -> None:
    labels = 0
    for _ in range(ASKED):
        pair = deduper.uncertain_pairs()[0]
        same = oracle(*pair)
        if same is None:
            continue
        deduper.mark_pairs({"match": [pair] if same else [], "distinct": [] if same else [pair]})
        labels += 1
        if labels == LABELS:
            return


if __name__ == "__main__":
    main()
