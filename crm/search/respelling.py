"""Respelling: readings in which a blank stands elsewhere, because a slip may hit the blank between two words too.

"Acmetool" is read as "acme tool", "ac me tool" and "acm etool" too. Only words that nobody knows are taken apart or put
together, and what comes of it must be known.
"""

from collections.abc import Callable, Iterator

from crm.dedupe.words import LEGAL_FORMS, STOP_WORDS
from crm.search.texts import Reading, Term

TELLS_NOTHING = STOP_WORDS | LEGAL_FORMS.keys()
MOST = 4
SHORTEST_PART = 2  # letters
Knows = Callable[[Term], bool]


def list_respellings(reading: Reading, knows: Knows) -> list[Reading]:
    """Other readings of the same letters, the likeliest first."""
    if all(term.kind != "word" or knows(term) for term in reading):
        return []
    found: dict[Reading, int] = {}
    for place, term in enumerate(reading):
        if term.kind == "word" and not knows(term):
            for parts in _split(term, knows):
                found[(*reading[:place], *parts, *reading[place + 1 :])] = min(len(part.text) for part in parts)
        if place + 1 < len(reading) and reading[place + 1].kind == term.kind == "word":
            for parts in _join(term, reading[place + 1], knows):
                found[(*reading[:place], *parts, *reading[place + 2 :])] = min(len(part.text) for part in parts)
    return sorted(found, key=lambda other: -found[other])[:MOST]


def _split(term: Term, knows: Knows) -> Iterator[tuple[Term, ...]]:
    """The word as two: the blank was left out, or a letter was typed for it."""
    for cut in range(SHORTEST_PART, len(term.text) - SHORTEST_PART + 1):
        left = Term(term.text[:cut])
        for rest in (term.text[cut:], term.text[cut + 1 :]):
            right = term._replace(text=rest, weak=False)
            if left.text in TELLS_NOTHING and len(rest) > SHORTEST_PART and knows(right):
                yield (right,)
            elif knows(left) and rest in TELLS_NOTHING:
                yield (left,)
            elif len(rest) > SHORTEST_PART and knows(left) and knows(right):
                yield left, right


def _join(left: Term, right: Term, knows: Knows) -> Iterator[tuple[Term, ...]]:
    """Two words as one, or with the blank one letter further on; at least one of them is unknown."""
    if knows(left) and knows(right):
        return
    joined = right._replace(text=left.text + right.text, weak=False)
    if knows(joined) or not (knows(left) or knows(right)):
        yield (joined,)
    for cut in (len(left.text) - 1, len(left.text) + 1):
        if 0 < cut < len(joined.text):
            parts = Term(joined.text[:cut]), joined._replace(text=joined.text[cut:])
            if all(knows(part) for part in parts):
                yield parts
