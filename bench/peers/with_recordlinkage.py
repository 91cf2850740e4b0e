"""recordlinkage without labels: `python -m bench.peers.with_recordlinkage SET FOLDER CLUSTERS.csv`.

As its manual has it: blocks, one comparison a column (Jaro-Winkler of 0.88 or more, equal, or an item in common), and
the ECM classifier, which is the one of its classifiers that needs no labels and no number of clusters. Clusters are the
connected components of its matches at 0.95. A set with one column alone leaves nothing to learn: its matches are the
pairs that agree in it.
"""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.index import Block
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bench.peers.tables import read_table, write_clusters

BLOCKS = [
    ("phone",), ("house", "zip"), ("house", "street"), ("email",), ("head", "zip"), ("number",), ("first", "last"),
    ("born",),
    ("last", "postcode"), ("first", "postcode"), ("last", "place"),
]  # fmt: skip
ALIKE = ("name", "dba", "street", "city", "person", "first", "last", "place")
EQUAL = ("house", "zip", "phone", "domain", "email", "born", "postcode", "number", "job")
SHARED = ("partners", "classes")
LIKENESS = 0.88
THRESHOLD = 0.95


def main() -> None:
    name, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    table = read_table(name, folder)
    pairs = find_pairs(table)
    compare = recordlinkage.Compare()
    for column in ALIKE:
        if column in table:
            compare.string(column, column, method="jarowinkler", threshold=LIKENESS, label=column)
    for column in EQUAL:
        if column in table:
            compare.exact(column, column, label=column)
    for column in SHARED:
        if column in table:
            compare.compare_vectorized(share_one, column, column, label=column)
    # A comparison that says the same of all pairs says nothing, and the classifier fails on it.
    features = compare.compute(pairs, table)
    features = features.loc[:, features.nunique() > 1].astype(int)
    matches = classify(features)
    number = {uid: at for at, uid in enumerate(table.index)}
    left, right = ([number[pair[side]] for pair in matches] for side in (0, 1))
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(table), len(table)))
    _, labels = connected_components(graph, directed=False)
    clusters = write_clusters(out, dict(zip(table.index, labels.tolist(), strict=True)))
    print(json.dumps({"rows": len(table), "clusters": clusters}))


def share_one(left: pd.Series, right: pd.Series) -> pd.Series:
    """1 for each pair of lists that have an item in common, else 0."""
    shared = [bool(ours and theirs and set(ours) & set(theirs)) for ours, theirs in zip(left, right, strict=True)]
    return pd.Series(shared, index=left.index).astype(int)


def classify(features: pd.DataFrame) -> pd.MultiIndex:
    """The pairs that match."""
    if features.shape[1] == 1:
        return features.index[features.iloc[:, 0] == 1]
    np.random.seed(1)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    return features.index[classifier.prob(features) >= THRESHOLD]


def find_pairs(table: pd.DataFrame) -> pd.MultiIndex:
    """Pairs that share the values of some block, or a rare word of their names."""
    index = recordlinkage.Index()
    blocks = [columns for columns in BLOCKS if all(column in table for column in columns)]
    for columns in blocks:
        index.add(Block(list(columns)))
    pairs = index.index(table) if blocks else pd.MultiIndex.from_arrays([[], []])
    if "words" not in table:
        return pairs
    rows_of: dict[str, list[str]] = {}
    for uid, words in zip(table.index, table["words"], strict=True):
        for word in words or ():
            rows_of.setdefault(word, []).append(uid)
    shared = {(max(pair), min(pair)) for rows in rows_of.values() for pair in combinations(rows, 2)}
    shared.update((max(pair), min(pair)) for pair in pairs)
    return pd.MultiIndex.from_tuples(sorted(shared))


if __name__ == "__main__":
    main()
