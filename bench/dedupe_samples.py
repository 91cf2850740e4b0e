"""Candidate pairs of labelled sets, measured: what weights are learned from and probabilities are held against."""

import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.dedupe import BUSINESS
from crm.dedupe.block import Blocks, unpack
from crm.dedupe.kinds import Graded, Kind, Row
from crm.dedupe.pairs import Ints, Pairs
from crm.dedupe.partition import Cluster
from crm.dedupe.score import PIECE
from crm.dedupe.tables import KINDS, complete
from crm.dedupe.weights import SCALES, Curve, Scale
from crm.services.clusters import list_records, read_table

Floats = NDArray[np.float64]


@dataclass
class Sample:
    """The candidate pairs of one set. `site` and `firm` have a column a weight and say how far each pair has it;
    `fixed` is what no weight gives; `cap` what evidence on the firm may count at most; `truth` the share of the pairs
    of records across the two forms that are one thing; `count` for how many pairs one stands."""

    site: Floats
    firm: Floats
    fixed: Floats
    cap: Floats
    truth: Floats
    count: Floats

    def sum_up(self) -> "Sample":
        """Pairs that measure alike as one, with the mean of their truths."""
        rows = np.ascontiguousarray(np.column_stack([self.site, self.firm, self.fixed, self.cap]), dtype=np.float32)
        packed = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
        _, first, group = np.unique(packed, return_index=True, return_inverse=True)
        count = np.bincount(group, weights=self.count)
        truth = np.bincount(group, weights=self.truth * self.count) / count
        return Sample(self.site[first], self.firm[first], self.fixed[first], self.cap[first], truth, count)

    def without(self, columns: "Columns", features: Iterable[str]) -> "Sample":
        """The same pairs as if their lists did not have these fields."""
        site, firm = self.site.copy(), self.firm.copy()
        for feature in features:
            site[:, columns.of(feature)] = firm[:, columns.of(feature)] = 0
            if feature == "address":
                # Where two names stand at one address they count otherwise: that too is not known then.
                site[:, columns.of("name")] = 0
        return Sample(site, firm, self.fixed, self.cap, self.truth, self.count)

    def points(self, weights: Floats) -> Floats:
        """The points of every pair."""
        return self.fixed + self.site @ weights + np.minimum(self.firm @ weights, self.cap)


class Columns:
    """The levels of each feature, and where its weights begin among all that are learned."""

    def __init__(self) -> None:
        self.scales = {scale.feature: scale for scale in SCALES.values() if scale.kind == BUSINESS.name}
        self.levels = {feature: list_levels(scale) for feature, scale in self.scales.items()}
        self.start: dict[str, int] = {}
        self.size = 0
        for feature, levels in self.levels.items():
            self.start[feature] = self.size
            self.size += len(levels)

    def of(self, feature: str) -> slice:
        """Where the weights of a feature are."""
        return slice(self.start[feature], self.start[feature] + len(self.levels[feature]))

    def read(self) -> Floats:
        """The weights that count now."""
        parts = [
            scale.points if isinstance(scale, Scale) else scale.read(np.array(scale.places))
            for scale in self.scales.values()
        ]
        return np.concatenate(parts).astype(np.float64)


def list_levels(scale: Scale | Curve) -> Sequence[str]:
    return list(scale.levels) if isinstance(scale, Scale) else [str(place) for place in scale.places]


def rise(values: Floats) -> Floats:
    """The nearest values that do not fall: neighbours that do are pooled."""
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, n), (other, m) = pools[-2:]
            pools[-2:] = [((one * n + other * m) / (n + m), n + m)]
    return np.repeat([value for value, _ in pools], [count for _, count in pools]) if pools else values


def generate(shared: Path, made: Path, size: int, seed: int) -> Path:
    """A generated list in a folder of its own."""
    folder = made / f"{size}-{seed}"
    if not folder.exists():
        command = [sys.executable, str(shared / "generate_businesses.py"), str(size), str(folder), "--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder


def read_set(folder: Path) -> tuple[Kind, list[Row]]:
    """The records of a set as `crm dedupe cluster` reads them."""
    table, layout = read_table(folder / "records.csv", kind=None, maps=[], progress=lambda *_: None)
    return KINDS[layout.kind], list(complete(layout, list_records(layout, table)))


def score_clusters(folder: Path, clusters: Iterable[Cluster], scorer: Path) -> dict[str, float]:
    """What the scorer that lies beside the sets says of these clusters."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("rec_id", "cluster"))
        writer.writerows((uid, cluster[0]) for cluster in clusters for uid in cluster)
        file.flush()
        return json.loads(subprocess.check_output([sys.executable, str(scorer), str(folder), file.name], text=True))


def list_candidates(kind: Kind, rows: Sequence[Any], truth_file: Path) -> tuple[list[Any], Ints, Ints, Floats]:
    """The forms of a set, the pairs of them that the matcher compares, and which share of each pair's records are of
    one thing."""
    with truth_file.open(newline="", encoding="utf-8") as file:
        truth = {row["rec_id"]: row["entity_id"] for row in csv.DictReader(file)}
    entities: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.uid in truth:
            entities[kind.read(row)][truth[row.uid]] += 1
    forms = list(entities)
    gained, _ = Blocks().change([], ((number, kind.keys(form)) for number, form in enumerate(forms)))
    left, right = unpack(gained)
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    same = [share_same(entities[forms[one]], entities[forms[other]]) for one, other in pairs]
    return forms, left, right, np.array(same, dtype=np.float64)


def share_same(ours: Counter[str], theirs: Counter[str]) -> float:
    """Which share of the pairs of records across two forms are of one thing."""
    return sum(count * theirs[entity] for entity, count in ours.items()) / (ours.total() * theirs.total())


def read_sample(rows: Sequence[Row], truth_file: Path, columns: Columns) -> Sample:
    """Block the rows of a set as the matcher does, and measure every candidate pair."""
    forms, left, right, same = list_candidates(BUSINESS, rows, truth_file)
    return sample_pairs(Pairs(forms, left, right), same, columns).sum_up()


def sample_pairs(pairs: Pairs, truth: Floats, columns: Columns) -> Sample:
    parts = [measure(piece, columns) for piece in pairs.chunks(PIECE)]
    site, firm, fixed, cap = (np.concatenate([part[column] for part in parts]) for column in range(4))
    return Sample(site, firm, fixed, cap, truth, np.ones(len(truth)))


def measure(pairs: Pairs, columns: Columns) -> tuple[Floats, Floats, Floats, Floats]:
    """How far each pair has each weight, on the site and on the firm; what is fixed; what the firm may count."""
    each = np.arange(len(pairs))
    on = {about: np.zeros((len(pairs), columns.size)) for about in ("site", "firm")}
    on["site"][:, columns.start["prior"]] = 1
    weighed = {feature.name: feature.weigh(pairs) for feature in BUSINESS.features}
    for feature in BUSINESS.features:
        if isinstance(feature, Graded):
            on[feature.about][each, columns.start[feature.name] + feature.measure(pairs)] = 1
    named = pairs.agreement("any name", lambda form: bool(form.names)) == 1
    lifted = named & (weighed["two names"] > 0)
    curve = columns.scales["name"]
    assert isinstance(curve, Curve)
    once, beyond = spread(curve.places, pairs.measured["name likeness"])
    lift, lift_beyond = spread(curve.places, pairs.measured["name likeness at one address"])
    place = columns.of("name")
    on["firm"][:, place] = once * named[:, None]
    on["site"][:, place] = (lift - once) * lifted[:, None]
    fixed = beyond * named + (lift_beyond - beyond) * lifted
    cap = np.full(len(pairs), float(BUSINESS.firm_most))
    if BUSINESS.elsewhere:
        cap = np.where(BUSINESS.elsewhere(pairs), float(BUSINESS.firm_cap), cap)
    return on["site"], on["firm"], fixed, cap


def spread(places: Sequence[float], measured: Ints) -> tuple[Floats, Floats]:
    """How far each place of a curve counts for these measured points, and what lies beyond its ends."""
    hats = [np.interp(measured, places, np.eye(len(places))[at]) for at in range(len(places))]
    beyond = np.minimum(measured - places[0], 0) + np.maximum(measured - places[-1], 0)
    return np.stack(hats, axis=1), beyond.astype(np.float64)
