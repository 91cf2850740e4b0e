"""Splink without labels: `python -m bench.peers.with_splink SET FOLDER CLUSTERS.csv`.

As its manual has it: a comparison a column, with levels of likeness and with the frequency of the value where that
tells; chances of agreement by chance from random pairs; those of matches by expectation maximisation in two or three
sessions that block on different columns; the prior from rules that hardly err. Clusters are the connected components
of the pairs at 0.95.

It takes its columns for independent, so of two that say nearly the same only one is compared: the zip code and not the
town, the name and not the web domain, mailbox or second name, which only bring pairs together. With all of them it is
far less precise.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.peers.tables import read_table, write_clusters

THRESHOLD = 0.95
SEED = 1

# Column -> how it is compared.
COMPARISONS: dict[str, Any] = {
    "name": lambda: cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
    "words": lambda: cl.ArrayIntersectAtSizes("words", [2, 1]),
    "partners": lambda: cl.ArrayIntersectAtSizes("partners", [2, 1]),
    "classes": lambda: cl.ArrayIntersectAtSizes("classes", [3, 1]),
    "house": lambda: cl.ExactMatch("house"),
    "street": lambda: cl.JaroWinklerAtThresholds("street", [0.92, 0.8]),
    "city": lambda: cl.JaroWinklerAtThresholds("city", [0.9]),
    "zip": lambda: cl.ExactMatch("zip").configure(term_frequency_adjustments=True),
    "phone": lambda: cl.LevenshteinAtThresholds("phone", [1]).configure(term_frequency_adjustments=True),
    "person": lambda: cl.JaroWinklerAtThresholds("person", [0.9]),
    "first": lambda: cl.JaroWinklerAtThresholds("first", [0.92, 0.8]).configure(term_frequency_adjustments=True),
    "last": lambda: cl.JaroWinklerAtThresholds("last", [0.92, 0.8]).configure(term_frequency_adjustments=True),
    "born": lambda: cl.LevenshteinAtThresholds("born", [1, 2]),
    "place": lambda: cl.JaroWinklerAtThresholds("place", [0.9]).configure(term_frequency_adjustments=True),
    "postcode": lambda: cl.LevenshteinAtThresholds("postcode", [1, 2]),
    "number": lambda: cl.LevenshteinAtThresholds("number", [1, 2]),
    "job": lambda: cl.ExactMatch("job").configure(term_frequency_adjustments=True),
}

WORD = "words"
# The columns that pairs must share to be compared; a set takes those whose columns it has.
BLOCKS = [
    (WORD,), ("phone",), ("house", "zip"), ("house", "substr(street, 1, 6)"), ("email",), ("domain", "zip"),
    ("head", "zip"),
    ("number",), ("first", "last"), ("born",), ("last", "postcode"), ("first", "postcode"), ("last", "place"),
    ("last", "substr(born, 1, 4)"),
]  # fmt: skip
# In a longer list a word alone brings too many together: pairs grow with the square, and Splink with them.
LONG, WORD_AND_PLACE = 20_000, (WORD, "zip")
SESSIONS = [("head",), ("phone",), ("house", "zip"), ("last", "first"), ("born",), ("postcode",)]
SURE = [("name", "zip"), ("name", "phone"), ("name", "city"), ("number",), ("first", "last", "born")]


def fits(columns: tuple[str, ...], table: Any) -> bool:
    return all(column.removeprefix("substr(").partition(",")[0] in table for column in columns)


def rule(columns: tuple[str, ...]) -> Any:
    """Blocking on the words of a name looks at each of them."""
    return block_on(*columns, arrays_to_explode=[WORD]) if WORD in columns else block_on(*columns)


def main() -> None:
    name, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    table = read_table(name, folder).reset_index(drop=True)
    # Words and spelling of a name are nearly one piece of evidence: both only where there is not much else.
    left_out = {column for column, better in ((WORD, "house"), ("city", "zip")) if better in table}
    blocks = [WORD_AND_PLACE if columns == (WORD,) and len(table) > LONG else columns for columns in BLOCKS]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="rec_id",
        comparisons=[make() for column, make in COMPARISONS.items() if column in table and column not in left_out],
        blocking_rules_to_generate_predictions=[rule(columns) for columns in blocks if fits(columns, table)],
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level="ERROR")
    sure = [columns for columns in SURE if fits(columns, table)] or [("name",)]
    linker.training.estimate_probability_two_random_records_match([rule(columns) for columns in sure], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=SEED)
    for columns in SESSIONS:
        if fits(columns, table):
            linker.training.estimate_parameters_using_expectation_maximisation(rule(columns))
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=THRESHOLD)
    clusters = found.as_pandas_dataframe()
    cluster_of = dict(zip(clusters["rec_id"], clusters["cluster_id"], strict=True))
    print(json.dumps({"rows": len(table), "clusters": write_clusters(out, cluster_of)}))


if __name__ == "__main__":
    main()
