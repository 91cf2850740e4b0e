"""The candidate pairs of a labelled set, measured: what weights are learned from and probabilities are held against."""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from dedupe_first import Rows  # noqa: E402

from crm.dedupe import BUSINESS  # noqa: E402
from crm.dedupe.block import Blocks, unpack  # noqa: E402
from crm.dedupe.kinds import Graded, Kind  # noqa: E402
from crm.dedupe.pairs import Ints, Pairs  # noqa: E402
from crm.dedupe.score import PIECE  # noqa: E402
from crm.dedupe.weights import SCALES, UNKNOWN, Curve, Scale  # noqa: E402

Floats = NDArray[np.float64]
SURE, THIN = 800, 20


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

    def thin_out(self, weights: Floats) -> "Sample":
        """Of the pairs that these weights are sure and right about every twentieth, counted as twenty."""
        points, _ = self.points(weights)
        sure = (np.abs(points) > SURE) & ((points > 0) == (self.truth > 0.5))
        keep = ~sure | (np.cumsum(sure) % THIN == 0)
        rows = (column[keep] for column in (self.site, self.firm, self.fixed, self.cap, self.truth))
        return Sample(*rows, np.where(sure, THIN, 1)[keep].astype(np.float64))

    def points(self, weights: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """The points of every pair, and whether its evidence on the firm is within the cap."""
        firm = self.firm @ weights
        return self.fixed + self.site @ weights + np.minimum(firm, self.cap), firm <= self.cap


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

    def read(self) -> Floats:
        """The weights that count now."""
        parts = [
            scale.points if isinstance(scale, Scale) else scale.read(np.array(scale.places))
            for scale in self.scales.values()
        ]
        return np.concatenate(parts).astype(np.float64)

    def order(self, weights: Floats) -> Floats:
        """The nearest weights that rise from level to level, those of nothing to compare at 0."""
        answer = weights.copy()
        for feature, levels in self.levels.items():
            part = answer[self.start[feature] : self.start[feature] + len(levels)]
            if UNKNOWN in levels:
                zero = levels.index(UNKNOWN)
                part[:zero] = np.minimum(rise(part[:zero]), 0)
                part[zero] = 0
                part[zero + 1 :] = np.maximum(rise(part[zero + 1 :]), 0)
            else:
                part[:] = rise(part)
        return answer


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
    gained, _ = Blocks().change({}, {number: list(kind.keys(form)) for number, form in enumerate(forms)})
    left, right = unpack(gained)
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    same = [share_same(entities[forms[one]], entities[forms[other]]) for one, other in pairs]
    return forms, left, right, np.array(same, dtype=np.float64)


def share_same(ours: Counter[str], theirs: Counter[str]) -> float:
    """Which share of the pairs of records across two forms are of one thing."""
    return sum(count * theirs[entity] for entity, count in ours.items()) / (ours.total() * theirs.total())


def read_sample(rows: Rows, truth_file: Path, columns: Columns) -> Sample:
    """Block the rows of a set as the matcher does, and measure every candidate pair."""
    forms, left, right, same = list_candidates(BUSINESS, rows, truth_file)
    parts = [measure(piece, columns) for piece in Pairs(forms, left, right).chunks(PIECE)]
    site, firm, fixed, cap = (np.concatenate([part[column] for part in parts]) for column in range(4))
    return Sample(site, firm, fixed, cap, same, np.ones(len(same))).thin_out(columns.read())


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
    place = slice(columns.start["name"], columns.start["name"] + len(curve.places))
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
