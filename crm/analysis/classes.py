"""The four classes of a knock: first, own repeat, coordinated, redundant (definitions §3).

Written twice. `classify_in_order` says it as the definition does, one knock after the other, for a business where
something of its own links agencies. `classify_knocks` does all other businesses at once: there a knock has one agency
and doors are labels, so "some earlier knock came through another door" is a look at the last knock with another
label.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from crm.analysis.chains import Knocks, sort_groups
from crm.analysis.contacts import Codes, Mask
from crm.analysis.days import Period
from crm.analysis.doors import Doors
from crm.analysis.linkage import Linkage
from crm.analysis.lookups import ProgramSets


class Outcome(IntEnum):
    FIRST = 0
    OWN_REPEAT = 1
    COORDINATED = 2
    REDUNDANT = 3

    @property
    def word(self) -> str:
        """As the plain files and the command line write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One entry a knock: its `Outcome`, and whether an own repeat came from another program of the agency."""

    outcome: NDArray[np.int8]
    other_program: Mask


def classify_knocks(knocks: Knocks, linkage: Linkage, sets: ProgramSets, *, window: int, broad: bool) -> Outcomes:
    """All knocks, also those before a period: later ones are compared with them. `broad` drops "same class"."""
    outcomes = _classify_by_label(knocks, linkage, sets, window=window, broad=broad)
    tangled = np.zeros(len(linkage.cover), dtype=bool)
    tangled[list(linkage.local)] = True
    tangled[knocks.business[~sets.alone[knocks.programs]]] = True
    rows = np.flatnonzero(tangled[knocks.business])
    if len(rows):
        found = _classify_tangled(knocks, rows, linkage, sets, window=window, broad=broad)
        outcomes.outcome[rows], outcomes.other_program[rows] = found
    return outcomes


def classify_in_order(
    days: Sequence[int],
    kinds: Sequence[int],
    programs: Sequence[int],
    *,
    doors: Doors,
    sets: ProgramSets,
    window: int,
) -> list[tuple[int, bool]]:
    """(outcome, other program) of each knock of one business, given in order; only equal `kinds` are compared."""
    found: list[tuple[int, bool]] = []
    recent: dict[int, _Recent] = {}
    for day, kind, code in zip(days, kinds, programs, strict=True):
        earlier = recent.get(kind)
        if earlier is None:
            earlier = recent[kind] = _Recent(sets)
        earlier.forget(day - window)
        found.append(
            _judge(code, earlier, doors=doors, day=day, sets=sets) if earlier.codes else (Outcome.FIRST, False)
        )
        earlier.add(day, code)
    return found


class _Recent:
    """The knocks of one kind within the window: by which sets of programs (`codes`), and by which agencies.

    Agencies that knocked alone are bits of one number, so that whether any is not among others is one operation; only
    joint knocks are looked at one by one. It runs for every knock of the busiest businesses.
    """

    __slots__ = ("_alone", "_entries", "_joint", "_masks", "_times", "codes")

    def __init__(self, sets: ProgramSets) -> None:
        self.codes: dict[int, int] = {}
        self._masks = sets.agencies
        self._entries: deque[tuple[int, int]] = deque()
        self._times: dict[int, int] = {}
        self._alone = 0
        self._joint: set[int] = set()

    def add(self, day: int, code: int) -> None:
        self._entries.append((day, code))
        self.codes[code] = self.codes.get(code, 0) + 1
        mask = self._masks[code]
        times = self._times[mask] = self._times.get(mask, 0) + 1
        if times == 1:
            if mask & (mask - 1):
                self._joint.add(mask)
            else:
                self._alone |= mask

    def forget(self, before: int) -> None:
        """Those before this day."""
        entries = self._entries
        while entries and entries[0][0] < before:
            code = entries.popleft()[1]
            self.codes[code] -= 1
            if not self.codes[code]:
                del self.codes[code]
            mask = self._masks[code]
            self._times[mask] -= 1
            if not self._times[mask]:
                del self._times[mask]
                self._joint.discard(mask)
                self._alone &= ~mask if not mask & (mask - 1) else -1

    def has_other(self, agencies: int) -> bool:
        """Whether there is a knock of none of these agencies."""
        return bool(self._alone & ~agencies) or any(not mask & agencies for mask in self._joint)


def _judge(code: int, earlier: _Recent, *, doors: Doors, day: int, sets: ProgramSets) -> tuple[int, bool]:
    """The class of a knock by this set of programs after those earlier ones, of which there is one at least."""
    own = sets.agencies[code]
    if not earlier.has_other(own):
        return Outcome.OWN_REPEAT, all(sets.programs[other].isdisjoint(sets.programs[code]) for other in earlier.codes)
    # The door holds the agencies themselves, so one test says both "shares no agency" and "not in one door".
    apart = earlier.has_other(doors.widen(own, day))
    return (Outcome.REDUNDANT if apart else Outcome.COORDINATED), False


def _classify_tangled(
    knocks: Knocks, rows: NDArray[np.int64], linkage: Linkage, sets: ProgramSets, *, window: int, broad: bool
) -> tuple[list[int], list[bool]]:
    """The businesses of these rows one by one; rows of a business are together and in order."""
    business = knocks.business[rows]
    starts = np.flatnonzero(np.concatenate([[True], business[1:] != business[:-1]])).tolist()
    codes, days = business.tolist(), knocks.day[rows].tolist()
    programs = knocks.programs[rows].tolist()
    kinds = [0] * len(rows) if broad else knocks.purpose_class[rows].tolist()
    found: list[tuple[int, bool]] = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        part = slice(start, end)
        doors = linkage.get_doors(codes[start])
        found += classify_in_order(days[part], kinds[part], programs[part], doors=doors, sets=sets, window=window)
    return [outcome for outcome, _ in found], [other for _, other in found]


def _classify_by_label(knocks: Knocks, linkage: Linkage, sets: ProgramSets, *, window: int, broad: bool) -> Outcomes:
    """Right where every knock has one program and only agreements link agencies."""
    outcome = np.zeros(len(knocks), dtype=np.int8)
    other_program = np.zeros(len(knocks), dtype=bool)
    if not len(knocks):
        return Outcomes(outcome, other_program)
    kinds = int(knocks.purpose_class.max()) + 1
    group = knocks.business.astype(np.int64) * kinds + (0 if broad else knocks.purpose_class)
    order = sort_groups(group)
    group, day = group[order], knocks.day[order]
    agency, business = sets.agency[knocks.programs[order]], knocks.business[order]

    follows = np.zeros(len(order), dtype=bool)
    follows[1:] = (group[1:] == group[:-1]) & (day[1:] - day[:-1] <= window)
    others = find_other(group, day, agency, window=window)
    redundant = _find_redundant(group, day, business, agency, others, linkage=linkage, window=window)
    outcome[order] = np.where(
        redundant,
        Outcome.REDUNDANT,
        np.where(others, Outcome.COORDINATED, np.where(follows, Outcome.OWN_REPEAT, Outcome.FIRST)),
    )

    same = _find_same_program(group, day, knocks.programs[order], window=window)
    other_program[order] = follows & ~others & ~same
    return Outcomes(outcome, other_program)


def find_other(group: NDArray[np.int64], day: Codes, label: Codes, *, window: int) -> Mask:
    """Whether an earlier entry of the group, at most `window` days back, has another label; entries come in order."""
    place = np.arange(len(group))
    changes = np.ones(len(group), dtype=bool)
    changes[1:] = (group[1:] != group[:-1]) | (label[1:] != label[:-1])
    before = np.maximum.accumulate(np.where(changes, place, 0)) - 1
    found = before >= 0
    before = np.maximum(before, 0)
    return found & (group[before] == group) & (day - day[before] <= window)


def _find_redundant(
    group: NDArray[np.int64],
    day: Codes,
    business: Codes,
    agency: Codes,
    others: Mask,
    *,
    linkage: Linkage,
    window: int,
) -> Mask:
    """Those with another door before them: without an agreement in force every other agency is another door."""
    redundant = others.copy()
    for epoch in linkage.list_epochs(Period(int(day.min()), int(day.max()))):
        near = np.flatnonzero((day >= epoch.first - window) & (day <= epoch.last))
        label = linkage.label_covers(epoch.first)[linkage.cover[business[near]], agency[near]]
        found = find_other(group[near], day[near], label, window=window)
        inside = day[near] >= epoch.first
        redundant[near[inside]] = found[inside]
    return redundant


def _find_same_program(group: NDArray[np.int64], day: Codes, programs: Codes, *, window: int) -> Mask:
    """Whether an earlier entry of the group within the window has the same programs."""
    both = group * (int(programs.max()) + 1) + programs
    order = sort_groups(both)
    before, after = order[:-1], order[1:]
    same = np.zeros(len(group), dtype=bool)
    same[after] = (both[before] == both[after]) & (day[after] - day[before] <= window)
    return same
