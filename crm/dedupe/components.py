"""The connected parts of the graph of links, and their clustering: the unit of work of an incremental change."""

from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from crm.dedupe.cluster import Link, Node, cluster
from crm.dedupe.judge import Judgements
from crm.dedupe.kinds import Kind, Progress, no_progress
from crm.dedupe.links import Links, find_component
from crm.dedupe.pairs import Columns, Ints
from crm.dedupe.partition import Cluster
from crm.dedupe.pool import Pool
from crm.dedupe.score import score_pairs

LARGEST = 120  # forms; a larger component is cut at its weakest links before it is clustered
STEP = 100  # points by which the cut rises until the pieces are small enough
HIGHEST = 2000  # points; what still hangs together here is clustered whole
SCORED_AT_ONCE = 5_000  # forms

Formed = tuple[Cluster, list[Link]]


@dataclass(frozen=True, slots=True)
class Graph:
    """What a component is found and clustered from. `own` is every form's score with itself: a form that is not even
    sure of being itself ("Council") has no links, and its records stay apart."""

    kind: Kind
    pool: Pool
    links: Links
    judgements: Judgements
    own: MutableMapping[int, int]
    largest: int = LARGEST
    # What is known of these forms already that would be read from them again, to score them.
    columns: Callable[[Sequence[int]], Columns] = lambda _: {}

    def neighbours(self, number: int, threshold: int) -> Iterator[int]:
        """Forms linked from the threshold up, and forms of records that a person called the same."""
        yield from self.links.joined(number, threshold)
        for uid in self.judgements.same_as(self.pool.members[number]):
            if uid in self.pool.number_of:
                yield self.pool.number_of[uid]


def list_components(graph: Graph, start: Iterable[int]) -> list[list[int]]:
    """The components that hold any of these forms, each sorted; too large ones cut into pieces."""
    seen: set[int] = set()
    found: list[list[int]] = []
    for number in start:
        if number not in seen:
            whole = find_component(number, lambda at: graph.neighbours(at, graph.kind.join))
            seen |= whole
            found.extend(cut_component(graph, whole, graph.kind.join))
    return found


def cut_component(graph: Graph, numbers: set[int], threshold: int) -> Iterator[list[int]]:
    """The component, or its pieces when its weakest links are left out, as far as needed."""
    if len(numbers) <= graph.largest or threshold >= HIGHEST:
        yield sorted(numbers)
        return
    left = set(numbers)
    while left:
        piece = find_component(min(left), lambda at: graph.neighbours(at, threshold + STEP))
        left -= piece
        yield from cut_component(graph, piece, threshold + STEP)


def cluster_components(
    graph: Graph, components: Iterable[list[int]], progress: Progress = no_progress
) -> Iterator[Formed]:
    """The clusters of all components; the pairs of those that need more than their links are scored many at once."""
    hard: list[list[int]] = []
    for numbers in components:
        if any(graph.judgements.judged(graph.pool.members[number]) for number in numbers) or len(numbers) > 2:
            hard.append(numbers)
        else:
            yield from cluster_easy(graph, numbers)
    done = 0
    while done < len(hard):
        batch = take_some(hard, done)
        for numbers, scores in zip(batch, score_within(graph, batch), strict=True):
            yield from cluster_hard(graph, numbers, scores)
        done += len(batch)
        progress("clustering", done, len(hard))


def take_some(components: list[list[int]], start: int) -> list[list[int]]:
    """The next of them, until they are many forms."""
    stop, forms = start, 0
    while stop < len(components) and forms < SCORED_AT_ONCE:
        forms += len(components[stop])
        stop += 1
    return components[start:stop]


def cluster_easy(graph: Graph, numbers: list[int]) -> Iterator[Formed]:
    """One form, or two that are linked, without judgements: no rule can keep them apart."""
    if len(numbers) == 1 and graph.own[numbers[0]] < graph.kind.join:
        yield from (((uid,), []) for uid in graph.pool.members[numbers[0]])
        return
    pool = graph.pool
    # A form's number tells when it came; the records' places do not change with that.
    numbers = sorted(numbers, key=lambda number: pool.place(pool.first(number)))
    links = [link for number in numbers for link in link_equals(graph, number, pool.members[number])]
    if len(numbers) == 2:
        left, right = sorted((pool.first(number) for number in numbers), key=pool.place)
        links.append(Link(left, right, graph.links.of(numbers[0])[numbers[1]]))
    yield tuple(sorted((uid for number in numbers for uid in pool.members[number]), key=pool.place)), links


def link_equals(graph: Graph, number: int, uids: Collection[str]) -> Iterator[Link]:
    """Links between records of one form, from the first to every other."""
    if len(uids) > 1:
        first, *others = sorted(uids, key=graph.pool.place)
        yield from (Link(first, other, graph.own[number]) for other in others)


@lru_cache(maxsize=LARGEST)
def upper_triangle(size: int) -> tuple[Ints, Ints]:
    return np.triu_indices(size)


def score_within(graph: Graph, components: list[list[int]]) -> Iterator[Ints]:
    """For each component the scores of all its forms with all, as a square, in one batch."""
    every = [number for numbers in components for number in numbers]
    forms: list[Any] = [graph.pool.forms[number] for number in every]
    corners = [upper_triangle(len(numbers)) for numbers in components]
    starts = np.cumsum([0, *map(len, components)])
    left = np.concatenate([np.zeros(0, np.int64), *(c[0] + s for c, s in zip(corners, starts, strict=False))])
    right = np.concatenate([np.zeros(0, np.int64), *(c[1] + s for c, s in zip(corners, starts, strict=False))])
    scores = score_pairs(graph.kind, forms, left, right, columns=graph.columns(every))
    done = 0
    for numbers, (rows, columns) in zip(components, corners, strict=True):
        square = np.zeros((len(numbers), len(numbers)), dtype=np.int64)
        square[rows, columns] = square[columns, rows] = scores[done : done + len(rows)]
        done += len(rows)
        if graph.kind.temper:
            square = graph.kind.temper([graph.pool.forms[number] for number in numbers], square)
        weak = [place for place, number in enumerate(numbers) if graph.own[number] < graph.kind.join]
        if weak:
            square[weak] = np.minimum(square[weak], graph.kind.join - 1)
            square[:, weak] = np.minimum(square[:, weak], graph.kind.join - 1)
        yield square


def cluster_hard(graph: Graph, numbers: list[int], scores: Ints) -> Iterator[Formed]:
    """Cluster one component with everything that is known of it."""
    nodes = list_nodes(graph, numbers)
    at = {uid: place for place, node in enumerate(nodes) for uid in node.uids}
    forms = np.array([node.form for node in nodes])
    verdicts: dict[str, set[tuple[int, int]]] = {"same": set(), "different": set(), "unsure": set()}
    for uid in graph.judgements.judged(set(at)):
        for other, verdict in graph.judgements.of(uid).items():
            if other in at:
                verdicts[verdict].add((min(at[uid], at[other]), max(at[uid], at[other])))
    square = scores[np.ix_(forms, forms)]
    found = cluster(
        nodes, square, same=verdicts["same"], different=verdicts["different"], join=graph.kind.join
    )  # fmt: skip
    for group in found.groups:
        uids = sorted((uid for node in group for uid in nodes[node].uids), key=graph.pool.place)
        equal = [link for node in group for link in link_equals(graph, numbers[nodes[node].form], nodes[node].uids)]
        yield tuple(uids), [*equal, *found.links.get(group[0], ())]


def list_nodes(graph: Graph, numbers: list[int]) -> list[Node]:
    """The nodes of a component in order of birth: judged records singly, the others of one form together."""
    nodes: list[Node] = []
    for position, number in enumerate(numbers):
        members = graph.pool.members[number]
        single = set(graph.judgements.judged(members))
        if graph.own[number] < graph.kind.join:
            single = members
        parts: list[tuple[str, ...]] = [(uid,) for uid in single]
        if rest := tuple(sorted(members - single, key=graph.pool.place)):
            parts.append(rest)
        sparse = graph.kind.is_sparse(graph.pool.forms[number])
        nodes.extend(Node(graph.pool.place(part[0]), part, position, sparse) for part in parts)
    return sorted(nodes, key=lambda node: node.place)
