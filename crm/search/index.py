"""The index: segments, what of them is still there, and the search over all of them.

An `Index` never changes, so any number of threads search one while another brings forth the next. Each change makes a
small new segment; small ones are joined with their likes, so there are never many to look through.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from crm.search.building import build_segment
from crm.search.filters import EVERYTHING, Filter, flag_things
from crm.search.respelling import list_respellings
from crm.search.scores import Match, fit_lines, match_term, score_lines, weigh_terms
from crm.search.segments import Bools, Segment, id_of
from crm.search.texts import Reading, Term, read_query
from crm.search.words import Floats

# A result fits at least so well, and not much worse than the best one of its kind.
LEAST_FIT, WORSE_THAN_BEST = 0.45, 0.2
AS_TYPED, RESPELLED = np.float32(1), np.float32(0.97)
STEPS = 10_000  # of the score: what differs by less is equal, and goes by agencies and name


class Hits(NamedTuple):
    """Some of the results of a search, the best first, with their scores in steps, and how many there are in all."""

    ids: list[str]
    scores: list[int]
    total: int


class Results(NamedTuple):
    businesses: Hits
    people: Hits


@dataclass(frozen=True)
class Part:
    """A segment, and which of its things are still as it says."""

    segment: Segment
    alive: Bools

    @cached_property
    def count(self) -> int:
        return int(self.alive.sum())

    @cached_property
    def line_flags(self) -> tuple[Bools, Bools]:
        """Which lines are of living businesses, and which of living people."""
        lives = self.alive[self.segment.line_things]
        of_people = self.segment.is_person[self.segment.line_things]
        return lives & ~of_people, lives & of_people


@dataclass(frozen=True)
class Attempt:
    """One reading, matched in every part, and how well each part's lines fit it."""

    matches: list[list[Match]]
    fits: list[Floats]


class Index:
    """Everything that can be found, as of one moment."""

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self.parts = tuple(parts)

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many businesses and people there are."""
        people = sum(int((part.alive & part.segment.is_person).sum()) for part in self.parts)
        return sum(part.count for part in self.parts) - people, people

    def list_ids(self) -> set[str]:
        """The ids of everything that can be found."""
        return {
            id_of(part.segment.texts[place]) for part in self.parts for place in np.flatnonzero(part.alive).tolist()
        }

    def change(self, texts: Collection[str], *, employers: Iterable[str] = (), gone: Iterable[str] = ()) -> "Index":
        """The index with these packed entries new or instead of older ones of the same id, and without `gone`."""
        parts = [part for part in _without(self.parts, {*gone, *map(id_of, texts)}) if part.count]
        while texts and parts and _are_alike(parts[-1].count, len(texts)):
            # What would be joined right after it is built is built once.
            last = parts.pop()
            texts, employers = [*_list_living(last), *texts], [*_list_employers(last), *employers]
        if texts:
            segment = build_segment(texts, employers=employers)
            parts.append(Part(segment, segment.is_own))
        return Index(_join_small(parts))

    def search(self, text: str, *, only: Filter = EVERYTHING, first: int = 0, most: int = 20) -> Results:
        """What somebody means who has typed this: results `first` to before `first + most` of each kind.

        A blank text means everything, best known first; one without a letter or digit means nothing.
        """
        scores = self._score(text) if text.strip() else [part.alive.astype(np.float32) for part in self.parts]
        flags = [flag_things(part.segment, only) for part in self.parts] if only else None
        return Results(
            *(self._pick(scores, flags, is_person=is_person, first=first, most=most) for is_person in (False, True))
        )

    def _score(self, text: str) -> list[Floats]:
        """For each part the score of each of its things, 0 where it does not fit."""
        attempts = [self._attempt(reading) for reading in read_query(text)]
        for reading in read_query(text)[:1]:
            attempts += [self._attempt(other, RESPELLED) for other in list_respellings(reading, self._knows)]
        scores = [np.zeros(len(part.segment), dtype=np.float32) for part in self.parts]
        for kind in (0, 1):
            fits = [
                (part.line_flags[kind], fit) for a in attempts for part, fit in zip(self.parts, a.fits, strict=True)
            ]
            best = max((float(np.max(fit, where=flags, initial=0)) for flags, fit in fits), default=0.0)
            least = np.float32(max(LEAST_FIT, best - WORSE_THAN_BEST))
            for attempt in attempts:
                self._add_scores(scores, attempt, least, kind)
        return scores

    def _add_scores(self, scores: list[Floats], attempt: Attempt, least: np.float32, kind: int) -> None:
        for part, score, matches, fit in zip(self.parts, scores, attempt.matches, attempt.fits, strict=True):
            lines = np.flatnonzero((fit >= least) & part.line_flags[kind])
            if len(lines):
                things = part.segment.line_things[lines]
                np.maximum.at(score, things, score_lines(part.segment, matches, fit, lines))

    def _attempt(self, reading: Reading, factor: np.float32 = AS_TYPED) -> Attempt:
        matches = [[match_term(part.segment, term) for term in reading] for part in self.parts]
        found = [(part.segment, part.alive, of) for part, of in zip(self.parts, matches, strict=True)]
        weights = weigh_terms(found, reading, sum(self.counts))
        fits = [factor * fit_lines(part.segment, of, weights) for part, of in zip(self.parts, matches, strict=True)]
        return Attempt(matches, fits)

    def _knows(self, term: Term) -> bool:
        return any(part.segment.words.has(term.text, is_open=term.open) for part in self.parts)

    def _pick(self, scores: list[Floats], flags: list[Bools] | None, *, is_person: bool, first: int, most: int) -> Hits:
        """The best things of one kind. Equal ones stand in an order that does not depend on how the index is cut."""
        picked: list[tuple[int, tuple[int, str, str]]] = []
        total = 0
        for number, (part, score) in enumerate(zip(self.parts, scores, strict=True)):
            fits = (score > 0) & (part.segment.is_person == is_person)
            things = np.flatnonzero(fits if flags is None else fits & flags[number])
            total += len(things)
            steps = np.rint(score[things] * STEPS).astype(np.int64)
            keys = steps * (len(part.segment) + 1) - part.segment.rank[things]
            if len(things) > first + most:
                best = np.argpartition(-keys, first + most - 1)[: first + most]
                things, steps = things[best], steps[best]
            picked += [
                (-step, part.segment.order_key(thing))
                for thing, step in zip(things.tolist(), steps.tolist(), strict=True)
            ]
        picked = sorted(picked)[first : first + most]
        return Hits([id for _, (_, _, id) in picked], [-step for step, _ in picked], total)


def _without(parts: Iterable[Part], gone: Collection[str]) -> list[Part]:
    """The parts, in which these things are marked as gone."""
    left: list[Part] = []
    for part in parts:
        places = [place for id in gone if (place := part.segment.find(id)) is not None and part.alive[place]]
        if places:
            alive = part.alive.copy()
            alive[places] = False
            part = Part(part.segment, alive)
        left.append(part)
    return left


def _join_small(parts: list[Part]) -> list[Part]:
    """Join parts until each is at least twice as large as the next, and none is mostly gone."""
    parts = [part for part in parts if part.count]
    while (place := _find_joined(parts)) is not None:
        joined = parts[place : place + 2]
        texts = [text for part in joined for text in _list_living(part)]
        employers = [text for part in joined for text in _list_employers(part)]
        segment = build_segment(texts, employers=employers)
        parts[place : place + 2] = [Part(segment, segment.is_own)]
    return parts


def _find_joined(parts: list[Part]) -> int | None:
    """The first of two parts to be joined, or the last part if it should be built again by itself."""
    for place in range(len(parts) - 1, -1, -1):
        if place + 1 < len(parts) and _are_alike(parts[place].count, parts[place + 1].count):
            return place
        if parts[place].count * 2 < int(parts[place].segment.is_own.sum()):
            return place
    return None


def _are_alike(older: int, newer: int) -> bool:
    """Whether parts with so many things are to be one."""
    return older < 2 * newer


def _list_living(part: Part) -> list[str]:
    """The texts of what can be found in a part."""
    return [part.segment.texts[place] for place in np.flatnonzero(part.alive).tolist()]


def _list_employers(part: Part) -> list[str]:
    """The texts that are there for the words of their people only."""
    return [part.segment.texts[place] for place in np.flatnonzero(~part.segment.is_own).tolist()]
