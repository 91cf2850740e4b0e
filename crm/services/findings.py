"""Findings: what was found for a question about many knocks, with the lists of businesses behind its numbers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crm.analysis.begun import Begun, list_begun
from crm.analysis.fatigue import find_free_day
from crm.analysis.history import History
from crm.analysis.knocks import list_asked_twice
from crm.analysis.reports import RegionKnocks
from crm.services.questions import Question


@dataclass(frozen=True)
class AskedTwice:
    """A topic on which a business was asked through several doors in the last 12 months, and who holds the answer: the
    agencies whose ask reached it last, on which day, and by which contact (agency id, system, key).
    """

    business: str
    name: str
    topic: str
    doors: int
    agencies: tuple[str, ...]
    day: int | None
    source: tuple[str, str, str] | None


@dataclass(frozen=True)
class Untouched:
    """A business of the universe on which nobody knocked in the period."""

    business: str
    name: str
    county: str
    zip: str
    employees: int | None


@dataclass(frozen=True)
class Hotspot:
    """A business with the highest fatigue for its size; `free_on` is None where it can carry it."""

    business: str
    name: str
    knocks: int
    fatigue: float
    budget: float
    free_on: int | None


@dataclass(frozen=True)
class Blanks:
    """How many contacts with a business in the period left a field blank, so that something had to be assumed."""

    business: str
    name: str
    channel: int
    direction: int
    reached: int


@dataclass(frozen=True)
class Findings:
    """What was found for a question; what only some pages show is worked out when it is asked for."""

    question: Question
    history: History
    report: RegionKnocks

    @cached_property
    def _orders(self) -> dict[tuple[str, bool], NDArray[np.int32]]:
        return {}

    def list_places(self, column: str, *, descending: bool) -> NDArray[np.int32]:
        """The places of the ranking in the order of a column (`Ranking.list_places`), worked out once."""
        key = (column, descending)
        if key not in self._orders:
            self._orders[key] = self.report.businesses.list_places(column, descending=descending).astype(np.int32)
        return self._orders[key]

    @cached_property
    def asked_twice(self) -> list[AskedTwice]:
        """Who was asked about one topic through several doors, the most doors first, then by name and topic."""
        known = self.history.region.businesses
        found = [
            AskedTwice(
                pair.business,
                known.names[known.places[pair.business]],
                pair.topic,
                pair.doors,
                pair.agencies,
                pair.day,
                pair.source,
            )
            for pair in list_asked_twice(self.history, scope=self.question.scope)
        ]
        return sorted(found, key=lambda pair: (-pair.doors, pair.name.casefold(), pair.business, pair.topic))

    def flag_universe(self) -> NDArray[np.bool_]:
        """For each business of the ranking whether it is one of the universe."""
        inside = np.zeros(len(self.history.region.businesses) + 1, dtype=bool)  # the last one is that of place -1
        inside[self._universe] = True
        return inside[self.report.businesses.place]

    @cached_property
    def begun(self) -> list[Begun]:
        """The agreements that came into force in the period."""
        return list_begun(self.history, self.question.period, scope=self.question.scope)

    def list_hotspots(self, *, most: int | None = None) -> list[Hotspot]:
        """The hotspots that were knocked on in the period (or only so many of them), the highest fatigue over budget
        first, then by id."""
        ranking, as_of, settings = self.report.businesses, self.question.as_of, self.report.settings
        places = np.flatnonzero(ranking.hotspot)
        load = ranking.fatigue[places] / ranking.budget[places]
        order = np.lexsort((self.history.region.id_ranks[ranking.code[places]], -load))
        rows = [ranking[place] for place in places[order[:most]].tolist()]
        return [
            Hotspot(
                row.business,
                row.name,
                row.knocks,
                row.fatigue,
                row.budget,
                find_free_day(row.fatigue, row.budget, day=as_of, settings=settings),
            )
            for row in rows
        ]

    @cached_property
    def knock_counts(self) -> dict[int, int]:
        """How unequally the knocks fall on the universe: number of knocks -> how many businesses have as many."""
        counts: list[int] = np.bincount(self._knocked[self._universe]).tolist()
        return {number: count for number, count in enumerate(counts) if count}

    @cached_property
    def untouched(self) -> list[Untouched]:
        """On whom no knock fell, the largest employers first. Often most of the region: only for who shows them."""
        known, universe = self.history.region.businesses, self._universe
        none: list[int] = universe[self._knocked[universe] == 0].tolist()
        found = [
            Untouched(known.ids[p], known.names[p], known.counties[p], known.zips[p], known.employees[p]) for p in none
        ]
        return sorted(found, key=lambda one: (-(one.employees or 0), one.name.casefold(), one.business))

    @cached_property
    def _universe(self) -> NDArray[np.int64]:
        """The places of its businesses among all."""
        known = self.history.region.businesses
        return np.flatnonzero(known.flag_universe(self.question.scope, as_of=self.question.as_of))

    @cached_property
    def _knocked(self) -> NDArray[np.int64]:
        """How many knocks each business had, by its place among all."""
        ranking = self.report.businesses
        listed = ranking.place >= 0
        knocked = np.zeros(len(self.history.region.businesses), dtype=np.int64)
        knocked[ranking.place[listed]] = ranking.knocks[listed]
        return knocked

    @cached_property
    def blanks(self) -> list[Blanks]:
        """Whose contacts stand behind `assumed`, the most blanks first."""
        contacts, meant = self.history.region.contacts, self.history.lookups
        rows = self._find_rows()
        business, size = contacts.business[rows], len(contacts.words.business)
        counts = [
            np.bincount(business[blank], minlength=size)
            for blank in (
                meant.blank_channel[contacts.channel[rows]],
                meant.blank_direction[contacts.direction[rows]],
                meant.blank_reached[contacts.reached[rows]],
            )
        ]
        known, ids = self.history.region.businesses, contacts.words.business_ids
        codes: list[int] = np.flatnonzero(sum(counts)).tolist()
        found = [
            Blanks(ids[code], known.names[known.places[ids[code]]], *(int(count[code]) for count in counts))
            for code in codes
        ]
        return sorted(found, key=lambda one: (-(one.channel + one.direction + one.reached), one.name, one.business))

    def _find_rows(self) -> NDArray[np.int64]:
        """The contacts in the period and scope, up to the day of the question."""
        region, asked = self.history.region, self.question
        contacts, last = region.contacts, min(asked.period.last, asked.as_of)
        inside = (contacts.day >= asked.period.first) & (contacts.day <= last)
        if not asked.scope.is_all:
            inside &= region.spread(region.businesses.flag_scope(asked.scope), missing=False)[contacts.business]
        return np.flatnonzero(inside)
