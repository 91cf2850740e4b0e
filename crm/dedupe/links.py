"""The pairs of forms that score high enough to matter, as a graph."""

from collections.abc import Callable, Iterable, Iterator, MutableMapping

from crm.dedupe.pool import Keep, in_memory


class Links:
    """Scores by form, both ways; only scores from the review threshold up are kept."""

    def __init__(self, keep: Keep = in_memory) -> None:
        self.scores: MutableMapping[int, dict[int, int]] = keep("scores")

    def put(self, left: int, right: int, score: int) -> None:
        self.scores.setdefault(left, {})[right] = score
        self.scores.setdefault(right, {})[left] = score

    def cut(self, left: int, right: int) -> bool:
        """Whether there was a link to cut."""
        if right not in self.scores.get(left, ()):
            return False
        for one, other in ((left, right), (right, left)):
            del self.scores[one][other]
            if not self.scores[one]:
                del self.scores[one]
        return True

    def drop(self, number: int) -> set[int]:
        """Take a form out; returns the forms that it was linked to."""
        neighbours = set(self.scores.get(number, ()))
        for other in neighbours:
            self.cut(number, other)
        return neighbours

    def of(self, number: int) -> dict[int, int]:
        return self.scores.get(number, {})

    def joined(self, number: int, threshold: int) -> Iterator[int]:
        """The forms that this one may be one thing with."""
        return (other for other, score in self.of(number).items() if score >= threshold)


def find_component(start: int, neighbours: Callable[[int], Iterable[int]]) -> set[int]:
    """Everything that can be reached from the start."""
    seen, todo = {start}, [start]
    while todo:
        for other in neighbours(todo.pop()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen
