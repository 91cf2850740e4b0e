"""The best way to give each column one meaning, and each meaning at most one column: the highest total wins.

A greedy choice would give "Business name" the name and leave "DBA" nothing; together they are legal name and name.
"""

from collections.abc import Mapping, Sequence


def assign(scores: Sequence[Mapping[str, float]]) -> list[str | None]:
    """For each row the column (a name) that it gets, None for none, so that the sum of the scores is as high as can be.

    Each name goes to one row at most. Scores are above 0. This is the Hungarian method with a free place for each row.
    """
    asking = [row for row in scores if row]
    found = iter(_assign(asking))
    return [next(found) if row else None for row in scores]


def _assign(scores: Sequence[Mapping[str, float]]) -> list[str | None]:
    names = sorted({name for row in scores for name in row})
    count, width = len(scores), len(names) + len(scores)
    places = {name: place for place, name in enumerate(names)}
    costs = [[0.0] * width for _ in scores]
    for costs_row, row in zip(costs, scores, strict=True):
        for name, score in row.items():
            costs_row[places[name]] = -score
    owner = _match(costs, count, width)
    chosen: list[str | None] = [None] * count
    for place, row in enumerate(owner):
        if row is not None and place < len(names) and names[place] in scores[row]:
            chosen[row] = names[place]
    return chosen


def _match(costs: list[list[float]], count: int, width: int) -> list[int | None]:
    """For each of `width` places the row that takes it, at the least cost: shortest paths with potentials."""
    by_row, by_place = [0.0] * (count + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)  # rows from 1; 0 is nobody
    for row in range(1, count + 1):
        owner[0] = row
        place = 0
        least = [float("inf")] * (width + 1)
        came_from = [0] * (width + 1)
        used = [False] * (width + 1)
        while owner[place]:
            used[place] = True
            at, step, nearest = owner[place], float("inf"), 0
            for other in range(1, width + 1):
                if used[other]:
                    continue
                cost = costs[at - 1][other - 1] - by_row[at] - by_place[other]
                if cost < least[other]:
                    least[other], came_from[other] = cost, place
                if least[other] < step:
                    step, nearest = least[other], other
            for other in range(width + 1):
                if used[other]:
                    by_row[owner[other]] += step
                    by_place[other] -= step
                else:
                    least[other] -= step
            place = nearest
        while place:
            owner[place] = owner[came_from[place]]
            place = came_from[place]
    return [row - 1 if row else None for row in owner[1:]]
