"""Names in a room of rivals: an agency is "Agency B" and a business "Business 7" until its owner shows the name.

The letters come in an order that was drawn by lot, so that they say nothing; an agency keeps its letter for as long as
the workshop lasts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NOBODY = "An agency"
SOMEWHERE = "A business"


def letter(place: int) -> str:
    """A, B … Z, AA, AB …: the name of the place counted from 0."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(LETTERS))
        text = LETTERS[rest] + text
    return text


@dataclass(frozen=True)
class Masks:
    """What everybody is called. `agencies` and `businesses` are ids in the order of their letters and numbers, `names`
    the true names of all of them, `shown` the ids whose owners showed theirs."""

    agencies: Sequence[str]
    businesses: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()

    def call(self, id: str) -> str:
        """The true name where it was shown, else the mask. Who is in neither list has no name of its own."""
        if id in self.shown and self.names.get(id):
            return self.names[id]
        return self.mask(id)

    def mask(self, id: str) -> str:
        """The mask, also of one whose name is shown."""
        if id in self._letters:
            return f"Agency {self._letters[id]}"
        return f"Business {self._numbers[id]}" if id in self._numbers else SOMEWHERE if id[:1] == "b" else NOBODY

    def find(self, mark: str) -> str | None:
        """The id behind a letter or a number."""
        return self._marked.get(mark.strip().upper())

    def mark(self, id: str) -> str:
        """The letter of an agency or the number of a business, as it stands in a form; "" for others."""
        return self._letters.get(id, "") or self._numbers.get(id, "")

    def hide(self, text: str) -> str:
        """What somebody wrote, with the mask in the place of each name that its owner has not shown."""
        if self._hidden is None:
            return text
        return self._hidden.sub(lambda found: self._masks_by_name[_key(found[0])], text)

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {id: letter(place) for place, id in enumerate(self.agencies)}

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {id: str(place) for place, id in enumerate(self.businesses, 1)}

    @cached_property
    def _marked(self) -> dict[str, str]:
        return {mark: id for marks in (self._letters, self._numbers) for id, mark in marks.items()}

    @cached_property
    def _masks_by_name(self) -> dict[str, str]:
        masked = [id for id in (*self.businesses, *self.agencies) if id not in self.shown]
        return {_key(self.names[id]): self.mask(id) for id in masked if _key(self.names.get(id, ""))}

    @cached_property
    def _hidden(self) -> re.Pattern[str] | None:
        # The longest first, because one name may begin with another.
        names = sorted(self._masks_by_name, key=len, reverse=True)
        patterns = [r"\s+".join(re.escape(word) for word in name.split()) for name in names]
        return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) if patterns else None


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
