"""Each form's score with itself. Of a list that was matched once hardly any has been asked for: such a score is made
when somebody asks, and kept from then on."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

import numpy as np

from crm.dedupe.kinds import Kind
from crm.dedupe.score import score_pairs

UNSCORED = -1  # in place of the score of a form that was compared with no other


class OwnScores(MutableMapping[int, int]):
    """By the number of the form; `kept` remembers them."""

    def __init__(self, kind: Kind, forms: Mapping[int, Any], kept: MutableMapping[int, int]) -> None:
        self.kind, self.forms, self.kept = kind, forms, kept

    def make(self, numbers: Iterable[int]) -> None:
        """Make those of these that are lacking: many at once take little longer than one."""
        lacking = [number for number in numbers if self.kept.get(number) == UNSCORED]
        if lacking:
            each = np.arange(len(lacking))
            scores = score_pairs(self.kind, [self.forms[number] for number in lacking], each, each)
            self.kept.update(zip(lacking, scores.tolist(), strict=True))

    def __getitem__(self, number: int) -> int:
        if self.kept[number] == UNSCORED:
            self.make([number])
        return self.kept[number]

    def __setitem__(self, number: int, score: int) -> None:
        self.kept[number] = score

    def __delitem__(self, number: int) -> None:
        del self.kept[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)
