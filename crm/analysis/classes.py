"""The four classes of a knock: first, own repeat, coordinated, redundant (definitions §3).

Written twice. `classify_in_order` says it as the definition does, one knock after the other, for a business where
something of its own links agencies. `classify_knocks` does all other businesses at once: there a knock has one agency
and doors are labels, so "some earlier knock came through another door" is a look at the last knock with another
label.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
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
    recent: dict[int, deque[tuple[int, int]]] = {}
    counts: dict[int, dict[int, int]] = {}
    for day, kind, code in zip(days, kinds, programs, strict=True):
        earlier = recent.setdefault(kind, deque())
        count = counts.setdefault(kind, {})
        while earlier and day - earlier[0][0] > window:
            gone = earlier.popleft()[1]
            count[gone] -= 1
            if not count[gone]:
                del count[gone]
        found.append(_judge(code, count, doors=doors, day=day, sets=sets) if count else (Outcome.FIRST, False))
        earlier.append((day, code))
        count[code] = count.get(code, 0) + 1
    return found


def _judge(code: int, earlier: Iterable[int], *, doors: Doors, day: int, sets: ProgramSets) -> tuple[int, bool]:
    """The class of a knock by this set of programs after knocks by those sets, of which there is one at least."""
    masks, own = sets.agencies, sets.agencies[code]
    if not _has_other(earlier, own, masks):
        return Outcome.OWN_REPEAT, all(sets.programs[other].isdisjoint(sets.programs[code]) for other in earlier)
    # The door holds the agencies themselves, so one test says both "shares no agency" and "not in one door".
    apart = _has_other(earlier, doors.widen(own, day), masks)
    return (Outcome.REDUNDANT if apart else Outcome.COORDINATED), False


def _has_other(earlier: Iterable[int], agencies: int, masks: list[int]) -> bool:
    # A plain loop: it runs for every knock of the busiest businesses, and a generator doubles its time.
    for other in earlier:  # noqa: SIM110
        if not masks[other] & agencies:
            return True
    return False


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
