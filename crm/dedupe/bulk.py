"""A whole list matched at once, on all cores and in little room; nothing is remembered.

The clusters are those of a `MatchIndex` with the same records, which a test holds it to. Steps: read the records
(`packed`), list the candidate pairs, leave out those that cannot be one by their cheap columns, score the others, and
cluster what hangs together. Every step is cut into tasks for the crew; no answer depends on how it is cut.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from crm.dedupe.block import LIMIT, list_candidates, unpack
from crm.dedupe.components import LARGEST, Graph, cluster_components, list_components
from crm.dedupe.crew import Crew
from crm.dedupe.judge import Judgements
from crm.dedupe.kinds import Kind, Progress, Row
from crm.dedupe.links import Links
from crm.dedupe.own_scores import UNSCORED
from crm.dedupe.packed import Chunk, PackedForms, Recorder, read_chunk
from crm.dedupe.pairs import AnyInts, Pairs
from crm.dedupe.pool import Entry, Pool
from crm.dedupe.score import PIECE, most_points, score_pairs

READ_AT_ONCE = 5_000  # records
SIFTED_AT_ONCE = 16 * PIECE  # pairs
SCORED_AT_ONCE = 25_000  # pairs
CLUSTERED_AT_ONCE = 5_000  # forms
FITTED = 100_000  # pairs from which is told what agreement is worth
ROUNDS = 30  # of putting each form among its like

Rows = Callable[[int, int], Iterable[Row]]


def read_forms(kind: Kind, count: int, rows: Rows, crew: Crew, progress: Progress) -> PackedForms:
    """`rows(start, stop)` gives the records of these places, which are `count`, in order of birth; no uid comes
    twice."""
    return PackedForms(read_rows(kind, count, rows, crew, progress))


def group_forms(
    kind: Kind,
    forms: PackedForms,
    crew: Crew,
    progress: Progress,
    *,
    block_limit: int = LIMIT,
    largest: int = LARGEST,
) -> AnyInts:
    """For each record the place of the first record of its cluster. The forms are used up."""
    left, right = find_candidates(kind, forms, crew, progress, block_limit, kind.join)
    kind = fit_kind(kind, forms, left, right)
    own, left, right, scores = score_candidates(kind, forms, left, right, crew, progress, kind.join)
    return cluster_forms(kind, forms, own, (left, right, scores), crew, progress, largest)


def read_rows(kind: Kind, count: int, rows: Rows, crew: Crew, progress: Progress) -> Iterator[Chunk]:
    recorder = list_columns(kind, rows, count)

    def read(start: int) -> Chunk:
        return read_chunk(kind, rows(start, min(start + READ_AT_ONCE, count)), recorder)

    starts = range(0, count, READ_AT_ONCE)
    for start, chunk in zip(starts, crew.map(read, starts), strict=True):
        progress("preparing", min(start + READ_AT_ONCE, count), count)
        yield chunk


def list_columns(kind: Kind, rows: Rows, count: int) -> Recorder:
    """Which columns of the forms tell cheaply that two cannot be one: none, if no feature is any cheaper."""
    recorder = Recorder([kind.read(row) for row in rows(0, min(count, 1))])
    if count and has_costly(kind):
        most_points(kind, recorder)
    return recorder


def has_costly(kind: Kind) -> bool:
    return any(feature.most for feature in kind.features)


def find_candidates(
    kind: Kind, forms: PackedForms, crew: Crew, progress: Progress, limit: int, floor: int
) -> tuple[AnyInts, AnyInts]:
    """The pairs of forms that may score so high."""
    left, right = unpack(list_candidates(*forms.take_keys(), limit))
    cache = forms.take_columns()
    if not has_costly(kind):
        return left, right
    every = range(len(forms))

    def sift(start: int) -> AnyInts:
        batch = Pairs(every, left[start : start + SIFTED_AT_ONCE], right[start : start + SIFTED_AT_ONCE])
        batch.cache = cache
        kept = [most_points(kind, piece) >= floor for piece in batch.chunks(PIECE)]
        return np.flatnonzero(np.concatenate(kept)).astype(np.int32)

    starts = range(0, len(left), SIFTED_AT_ONCE)
    kept: list[AnyInts] = [np.zeros(0, dtype=np.int64)]
    for start, places in zip(starts, crew.map(sift, starts), strict=True):
        kept.append(start + places.astype(np.int64))
        progress("sifting", start, len(left))
    places = np.concatenate(kept)
    return left[places], right[places]


def fit_kind(kind: Kind, forms: PackedForms, left: AnyInts, right: AnyInts) -> Kind:
    """The kind fitted to these forms, if it can be."""
    if kind.fit is None or not len(left):
        return kind
    step = -(-len(left) // FITTED)
    left, right = left[::step], right[::step]
    numbers = np.unique(np.concatenate([left, right]))
    ours, theirs = np.searchsorted(numbers, left), np.searchsorted(numbers, right)
    return kind.fit(kind, forms.load(numbers), ours, theirs, len(forms), float(step))


def score_candidates(
    kind: Kind,
    forms: PackedForms,
    left: AnyInts,
    right: AnyInts,
    crew: Crew,
    progress: Progress,
    floor: int,
    also: Sequence[int] = (),
) -> tuple[AnyInts, AnyInts, AnyInts, AnyInts]:
    """Each form's score with itself, as far as it matters (`also` to whom; `UNSCORED` elsewhere), and the pairs that
    score so high of forms that are sure of themselves."""
    rank = put_among_like(len(forms), left, right)
    order = np.argsort(np.minimum(rank[left], rank[right]), kind="stable")
    left, right = left[order], right[order]
    # Only forms of several records, or with a link, have a use for their score with themselves.
    several = np.bincount(forms.number_of, minlength=len(forms)) > 1
    several[np.asarray(also, dtype=np.int64)] = True
    several[left] = several[right] = False
    alone = np.flatnonzero(several)
    nobody = alone[:0]
    tasks = [(nobody, left[at : at + SCORED_AT_ONCE], right[at : at + SCORED_AT_ONCE]) for at in cut(left)]
    tasks += [(alone[at : at + SCORED_AT_ONCE], nobody, nobody) for at in cut(alone)]

    def score(task: tuple[AnyInts, AnyInts, AnyInts]) -> tuple[AnyInts, AnyInts, AnyInts]:
        numbers = np.unique(np.concatenate(task))
        each = np.arange(len(numbers))
        ours, theirs = (np.concatenate([each, np.searchsorted(numbers, side)]) for side in task[1:])
        known = forms.look_up(numbers)
        scores = score_pairs(kind, forms.load(numbers), ours, theirs, columns=known).astype(np.int32)
        return numbers.astype(np.int32), scores[: len(numbers)], scores[len(numbers) :]

    own = np.full(len(forms), UNSCORED, dtype=np.int32)
    parts = [np.zeros(0, dtype=np.int32)]
    for at, (numbers, itself, found) in enumerate(crew.map(score, tasks), 1):
        own[numbers] = itself
        parts.append(found)
        progress("comparing", at, len(tasks))
    scores = np.concatenate(parts)
    kept = np.flatnonzero((scores >= floor) & (own[left] >= kind.join) & (own[right] >= kind.join))
    return own, left[kept], right[kept], scores[kept]


def cut(items: AnyInts) -> range:
    return range(0, len(items), SCORED_AT_ONCE)


def put_among_like(count: int, left: AnyInts, right: AnyInts) -> AnyInts:
    """A place in a row for each form, near those that it is to be compared with: who compares a stretch of the row
    needs few forms from elsewhere. Each form goes, again and again, to the middle of its like."""
    places = np.random.default_rng(0).random(count)
    many = np.bincount(left, minlength=count) + np.bincount(right, minlength=count) + 1
    for _ in range(ROUNDS):
        places += np.bincount(left, places[right], count) + np.bincount(right, places[left], count)
        places /= many
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(places, kind="stable")] = np.arange(count)
    return rank


def cluster_forms(
    kind: Kind,
    forms: PackedForms,
    own: AnyInts,
    links: tuple[AnyInts, AnyInts, AnyInts],
    crew: Crew,
    progress: Progress,
    largest: int,
) -> AnyInts:
    """Cluster what hangs together: for each record the first record of its cluster."""
    left, right, scores = links
    whole = label_components(len(forms), left, right)
    sizes = np.bincount(whole, minlength=len(forms))
    # One form, or two that are linked, are one cluster by their link; in a form that is not sure of itself, each
    # record is a cluster of its own.
    first = np.full(len(forms), len(forms.number_of), dtype=np.int64)
    np.minimum.at(first, whole, forms.first)
    answer = first[whole[forms.number_of]]
    apart = own[forms.number_of] < kind.join
    answer[apart] = np.flatnonzero(apart)

    # So are any number of forms of which each is linked with all others, by enough to stand what is taken off.
    strong = np.ones(len(left), dtype=bool)
    if kind.temper:
        strong = (scores >= kind.join + kind.most_tempered(sizes[whole[left]])) | (sizes[whole[left]] == 2)
    linked = np.bincount(whole[left[strong]], minlength=len(forms))
    hard = np.flatnonzero(((linked < sizes * (sizes - 1) // 2) | (sizes > largest))[whole])
    hard = hard[np.argsort(whole[hard], kind="stable")]
    stretches = cut_between(whole[hard], CLUSTERED_AT_ONCE)
    by_link = np.argsort(whole[left], kind="stable")
    link_whole = whole[left][by_link]
    by_record = np.argsort(forms.number_of, kind="stable")
    ends = np.cumsum(np.bincount(forms.number_of, minlength=len(forms)))

    def cluster(stretch: tuple[int, int]) -> list[AnyInts]:
        numbers = hard[stretch[0] : stretch[1]]
        lowest, highest = whole[numbers[0]], whole[numbers[-1]]
        found = by_link[np.searchsorted(link_whole, lowest) : np.searchsorted(link_whole, highest, side="right")]
        pool, graph_links, scored = Pool(), Links(), {}
        local: dict[int, int] = {}
        for number, form in zip(numbers.tolist(), forms.load(numbers), strict=True):
            for record in by_record[ends[number - 1] if number else 0 : ends[number]].tolist():
                local[number] = pool.put_in(Entry(str(record), record, form))
            scored[local[number]] = int(own[number])
        for one, other, score in zip(left[found].tolist(), right[found].tolist(), scores[found].tolist(), strict=True):
            # A component of two that lies between has no form here.
            if one in local:
                graph_links.put(local[one], local[other], score)
        # The pool has numbered them in this order.
        look_up = lambda places: forms.look_up(numbers[places])  # noqa: E731
        graph = Graph(kind, pool, graph_links, Judgements(), scored, largest, look_up)
        components = list_components(graph, pool.forms)
        return [np.array(uids, dtype=np.int32) for uids, _ in cluster_components(graph, components)]

    for stretch, clusters in zip(stretches, crew.map(cluster, stretches), strict=True):
        for records in clusters:
            answer[records] = records[0]
        progress("clustering", stretch[1], len(hard))
    return answer


def cut_between(groups: AnyInts, size: int) -> list[tuple[int, int]]:
    """Stretches of about this size that leave every group whole; `groups` is sorted."""
    edges = np.flatnonzero(np.diff(groups)) + 1
    wanted = np.searchsorted(edges, np.arange(size, len(groups), size))
    cuts = sorted({0, len(groups), *edges[wanted[wanted < len(edges)]].tolist()})
    return list(pairwise(cuts))


def label_components(count: int, left: AnyInts, right: AnyInts) -> AnyInts:
    """For each form the least form that it is connected with."""
    labels = np.arange(count)
    while len(left):
        least = np.minimum(labels[left], labels[right])
        np.minimum.at(labels, labels[left], least)
        np.minimum.at(labels, labels[right], least)
        while (labels[labels] != labels).any():
            labels = labels[labels]
        open_ = labels[left] != labels[right]
        left, right = left[open_], right[open_]
    return labels
