"""Scores: how well each thing of a segment fits a reading of a query.

Every term of the query looks for its likest word in each line (one name of a thing) and among the thing's other words.
The fit is the mean of these likenesses, rare words counting more. On top of it a name gains when the query says all of
it, when it begins as the query does, and a little the more agencies know the thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crm.search.numbers import find_numbers
from crm.search.segments import Bools, Segment
from crm.search.texts import Term
from crm.search.words import BEGINNING, Floats, Found, Ints, Longs

ELSEWHERE = np.float32(0.85)  # what a word is worth in a street or a town, against the same in a name
IN_ADDRESS = np.float32(0.9)  # what a plain word is worth as the beginning of a web or e-mail address
AT_DOMAIN = np.float32(0.8)  # the organisation's domain, where a whole e-mail address was asked for
SHORTEST_IN_ADDRESS = 4  # letters
WHOLE_NAME, SAME_BEGINNING, KNOWN = 0.15, 0.05, 0.04
MOST_AGENCIES = 8
# What a term counts that tells nearly nothing, and one that nothing is known by.
WEAK, UNKNOWN = 0.2, 0.5
# Words that are this much less alike than the likest do not count when it is asked how rare a term is.
SAME_LIKENESS = 0.05


@dataclass(frozen=True)
class Match:
    """Where a term is found in a segment: lines and things, the least alike first, and how alike.

    `line_shares` is the weight that the found word has in its line; `words` are the words that the term stands for.
    """

    lines: Ints
    line_likeness: Floats
    line_shares: Floats
    things: Ints
    thing_likeness: Floats
    words: Found

    @property
    def best(self) -> float:
        """The likeness of the likest."""
        ends = [float(likeness[-1]) for likeness in (self.line_likeness, self.thing_likeness) if len(likeness)]
        return max(ends, default=0.0)

    def count(self, segment: Segment, alive: Bools, *, least: float) -> int:
        """How many names and things of the living have a word that is at least this alike."""
        lines = self.lines[np.searchsorted(self.line_likeness, least) :]
        things = self.things[np.searchsorted(self.thing_likeness, least) :]
        return int(alive[segment.line_things[lines]].sum() + alive[things].sum())


NOTHING = np.empty(0, dtype=np.int32)
NO_LIKENESS = np.empty(0, dtype=np.float32)
NO_WORDS = Found(np.empty(0, dtype=np.int64), NO_LIKENESS)


def match_term(segment: Segment, term: Term) -> Match:
    """Everything that this term may mean in this segment."""
    if term.kind == "word":
        return _match_word(segment, term)
    if term.kind == "phone":
        found = find_numbers(segment.numbers, segment.number_things, term.text)
    else:
        found = _find_address(segment, term)
    return Match(NOTHING, NO_LIKENESS, NO_LIKENESS, *found, NO_WORDS)


def _match_word(segment: Segment, term: Term) -> Match:
    words = segment.words.find(term.text, is_open=term.open)
    lines, line_counts = segment.in_names.gather(words.ids)
    line_likeness = np.repeat(words.likeness, line_counts)
    shares = np.repeat(segment.weights[words.ids], line_counts) * line_likeness
    things, counts = segment.elsewhere.gather(words.ids)
    elsewhere = things, np.repeat(words.likeness * ELSEWHERE, counts)
    low, high = segment.addresses.find_beginnings(term.text)
    if len(term.text) >= SHORTEST_IN_ADDRESS and high > low:
        at, _ = segment.at_address.gather(np.arange(low, high))
        elsewhere = _merge(elsewhere, (at, np.full(len(at), IN_ADDRESS * BEGINNING, dtype=np.float32)))
    return Match(lines, line_likeness, shares, *elsewhere, words)


def _find_address(segment: Segment, term: Term) -> tuple[Ints, Floats]:
    """Whose web or e-mail addresses begin so, up to a slip; for a whole e-mail address also those of its domain."""
    found = segment.addresses.find(term.text, is_open=True)
    things, counts = segment.at_address.gather(found.ids)
    at = things, np.repeat(found.likeness, counts)
    domain = term.text.partition("@")[2]
    place = segment.addresses.find_place(domain) if domain else None
    if place is None:
        return at
    others, _ = segment.at_address.gather(np.array([place]))
    return _merge(at, (others, np.full(len(others), AT_DOMAIN, dtype=np.float32)))


def _merge(left: tuple[Ints, Floats], right: tuple[Ints, Floats]) -> tuple[Ints, Floats]:
    """Both, the least alike first."""
    likeness = np.concatenate((left[1], right[1]))
    order = np.argsort(likeness, kind="stable")
    return np.concatenate((left[0], right[0]))[order], likeness[order]


def weigh_terms(matches: Sequence[tuple[Segment, Bools, Sequence[Match]]], terms: Sequence[Term], size: int) -> Floats:
    """How much each term counts: the more, the fewer of `size` living things it may mean. `matches`: one a segment."""
    weights = [_weigh_term(term, [(s, alive, of[n]) for s, alive, of in matches], size) for n, term in enumerate(terms)]
    return np.array(weights, dtype=np.float32)


def _weigh_term(term: Term, matches: Sequence[tuple[Segment, Bools, Match]], size: int) -> float:
    best = max((match.best for *_, match in matches), default=0.0)
    count = sum(match.count(segment, alive, least=best - SAME_LIKENESS) for segment, alive, match in matches)
    rarity = float(np.log1p(max(size, 1) / max(count, 1)))
    return rarity * (WEAK if term.weak else 1.0) * (1.0 if count else UNKNOWN)


def fit_lines(segment: Segment, matches: Sequence[Match], weights: Floats) -> Floats:
    """How well each line of the segment fits, from 0 to 1."""
    fit = np.zeros(len(segment.line_things), dtype=np.float32)
    for match, weight in zip(matches, weights, strict=True):
        likeness = np.zeros(len(fit), dtype=np.float32)
        # Of two values for one line the later stays, which is the greater.
        likeness[match.lines] = match.line_likeness
        if len(match.things):
            elsewhere = np.zeros(len(segment), dtype=np.float32)
            elsewhere[match.things] = match.thing_likeness
            np.maximum(likeness, elsewhere[segment.line_things], out=likeness)
        fit += weight * likeness
    return fit / max(float(weights.sum()), 1e-6)


def score_lines(segment: Segment, matches: Sequence[Match], fit: Floats, lines: Longs) -> Floats:
    """The score of these lines (places), for the order of results."""
    said = np.zeros(len(fit), dtype=np.float32)
    for match in matches:
        share = np.zeros(len(fit), dtype=np.float32)
        share[match.lines] = match.line_shares
        said += share
    share = np.minimum(said[lines] / np.maximum(segment.line_weights[lines], 1), 1)
    begins = np.zeros(len(segment.words) + 1, dtype=np.float32)  # The last is for lines without a word.
    if matches:
        begins[matches[0].words.ids] = matches[0].words.likeness
    known = np.minimum(segment.agency_counts[segment.line_things[lines]], MOST_AGENCIES) / MOST_AGENCIES
    bonus = WHOLE_NAME * share**2 + SAME_BEGINNING * begins[segment.line_first[lines]] + KNOWN * known
    return fit[lines] + bonus.astype(np.float32)
