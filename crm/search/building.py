"""Building a segment from packed entries, in bulk: a region of 120,000 things in one or two seconds.

Nothing here is done once a word in Python where one call can do it for all words of a batch; and batches keep what is
only needed in between small.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any

import numpy as np

from crm.collector import paused_collector
from crm.dedupe.names import word_weight
from crm.search.segments import Labels, Postings, Segment, id_of, list_ranges
from crm.search.words import Floats, Ints, Longs, Vocabulary

BATCH = 8_000


def build_segment(texts: Iterable[str], *, employers: Iterable[str] = ()) -> Segment:
    """The index of these packed entries; `employers` are the texts of businesses at which people among them work.

    Of two texts of one thing the later counts.
    """
    with paused_collector():
        ordered, own = _order(texts, employers)
        draft = Draft()
        for start in range(0, len(ordered), BATCH):
            draft.take(ordered[start : start + BATCH])
        return draft.finish(ordered, own)


def _order(texts: Iterable[str], employers: Iterable[str]) -> tuple[list[str], Container[str] | None]:
    """All texts in the order of ids, and the ids of those that can be found; None if that is all of them."""
    own = {id_of(text): text for text in texts}
    others = {id: text for text in employers if (id := id_of(text)) not in own}
    # A text begins with its id, so this is the order of ids, and businesses come before people.
    return sorted([*own.values(), *others.values()]), own.keys() if others else None


class WordLists:
    """The words of many owners (lines or things); words are numbered in the order in which they come."""

    def __init__(self, numbers: dict[str, int] | None = None) -> None:
        self.numbers: dict[str, int] = {} if numbers is None else numbers
        self._words: list[Longs] = []
        self._counts: list[Longs] = []

    def add(self, texts: Sequence[str]) -> None:
        """One text an owner, its words parted by single blanks."""
        words = " ".join(texts).split()
        for word in dict.fromkeys(words):
            self.numbers.setdefault(word, len(self.numbers))
        self._words.append(_read(map(self.numbers.__getitem__, words), len(words)))
        self._counts.append(_read((text.count(" ") + 1 if text else 0 for text in texts), len(texts)))

    def join(self) -> tuple[Longs, Longs]:
        """The words of all owners one after the other, by number, and how many each owner has."""
        return _join(self._words), _join(self._counts)


class Labeller:
    """One text a thing, out of few."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._codes: list[Longs] = []

    def add(self, texts: Sequence[str]) -> None:
        for text in dict.fromkeys(texts):
            self._numbers.setdefault(text, len(self._numbers))
        self._codes.append(_read(map(self._numbers.__getitem__, texts), len(texts)))

    def finish(self, *, heirs: Ints, of: Longs) -> Labels:
        """Each heir gets the text of the thing beside it in `of`."""
        codes = _join(self._codes).astype(np.int32)
        codes[heirs] = codes[of]
        return Labels(list(self._numbers), codes)


class Draft:
    """What has been read so far, batch by batch."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.names: list[str] = []
        self.lines, self.addresses, self.employers = WordLists(), WordLists(), WordLists()
        self.others = WordLists(self.lines.numbers)
        self.line_counts: list[Longs] = []
        self.numbers: list[Longs] = []
        self.number_counts: list[Longs] = []
        self.contacts: list[Longs] = []
        self.agencies, self.places, self.naics = Labeller(), Labeller(), Labeller()

    def take(self, texts: Sequence[str]) -> None:
        """The fields are those of `entries.Entry`."""
        columns = zip(*(text.split("\n") for text in texts), strict=True)
        ids, names, agencies, lines, words, phones, addresses, employers, places, naics, contacts = columns
        size = len(texts)
        self.ids += ids
        self.names += map(str.casefold, names)
        self.line_counts.append(_read((text.count("\t") + 1 for text in lines), size))
        self.lines.add("\t".join(lines).split("\t"))
        self.others.add(words)
        self.addresses.add(addresses)
        self.employers.add(employers)
        numbers = " ".join(phones).split()
        self.numbers.append(_read(map(int, numbers), len(numbers)))
        self.number_counts.append(_read((len(text.split()) for text in phones), size))
        self.contacts.append(_read((int(number or 0) for number in contacts), size))
        self.agencies.add(agencies)
        self.places.add(places)
        self.naics.add(naics)

    def finish(self, texts: list[str], own: Container[str] | None) -> Segment:
        """`texts` are all that were taken, in their order; `own` the ids of those that can be found (None: all)."""
        size = len(self.ids)
        words, order = _sort_words(self.lines.numbers)
        weights = np.fromiter(map(word_weight, words.words), dtype=np.float32, count=len(words))
        lines, counts = self.lines.join()
        lines = order[lines]
        line_things = np.repeat(np.arange(size, dtype=np.int32), _join(self.line_counts))
        people, employers = self._list_employed()
        agencies = self.agencies.finish(heirs=people[:0], of=employers[:0])
        agency_counts = np.array([len(text.split()) for text in agencies.texts], dtype=np.int32)[agencies.codes]
        return Segment(
            texts=texts,
            is_own=np.array([own is None or id in own for id in self.ids], dtype=bool),
            is_person=np.array([id.startswith("e") for id in self.ids], dtype=bool),
            agency_counts=agency_counts,
            contacts=_join(self.contacts).astype(np.int32),
            agencies=agencies,
            places=self.places.finish(heirs=people[::-1], of=employers[::-1]),
            naics=self.naics.finish(heirs=people[::-1], of=employers[::-1]),
            rank=_rank(agency_counts, self.names),
            line_things=line_things,
            line_first=_list_first(lines, counts),
            line_weights=_sum_up(weights[lines], counts),
            words=words,
            weights=weights,
            in_names=_post(lines, _own_by(counts), len(words)),
            elsewhere=self._post_others(
                order, lines, np.bincount(line_things, counts, size).astype(np.int64), people, employers
            ),
            **self._finish_addresses(),
            **self._finish_numbers(),
        )

    def _list_employed(self) -> tuple[Ints, Longs]:
        """The places of people and of each one's businesses, as pairs, a person's first business first."""
        place = {id: place for place, id in enumerate(self.ids)}
        of_number = _read((place.get(id, -1) for id in self.employers.numbers), len(self.employers.numbers))
        numbers, counts = self.employers.join()
        employers, people = of_number[numbers], _own_by(counts)
        return people[employers >= 0], employers[employers >= 0]

    def _post_others(self, order: Ints, lines: Ints, named: Longs, people: Ints, employers: Longs) -> Postings:
        """Where the words beside names stand; a person is also found by all words of the employer."""
        others, counts = self.others.join()
        others = order[others]
        words, owners = [others], [_own_by(counts)]
        for of_things, each in ((lines, named), (others, counts)):
            ends = np.cumsum(each)
            places, found = list_ranges((ends - each)[employers], ends[employers])
            words.append(of_things[places])
            owners.append(np.repeat(people, found))
        return _post(np.concatenate(words), np.concatenate(owners), len(order))

    def _finish_addresses(self) -> dict[str, Any]:
        vocabulary, order = _sort_words(self.addresses.numbers, with_forms=False)
        words, counts = self.addresses.join()
        return {"addresses": vocabulary, "at_address": _post(order[words], _own_by(counts), len(vocabulary))}

    def _finish_numbers(self) -> dict[str, Any]:
        numbers, things = _join(self.numbers), _own_by(_join(self.number_counts))
        by_number = np.argsort(numbers, kind="stable")
        return {"numbers": numbers[by_number], "number_things": things[by_number]}


def _read(values: Iterable[int], count: int) -> Longs:
    return np.fromiter(values, dtype=np.int64, count=count)


def _join(parts: list[Longs]) -> Longs:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _own_by(counts: Longs) -> Ints:
    """For each word the place of its owner."""
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def _sort_words(numbers: dict[str, int], *, with_forms: bool = True) -> tuple[Vocabulary, Ints]:
    """The vocabulary, and for each number of a word its place in it."""
    words = sorted(numbers)
    order = np.empty(len(words), dtype=np.int32)
    order[_read(map(numbers.__getitem__, words), len(words))] = np.arange(len(words), dtype=np.int32)
    return Vocabulary(words, with_forms=with_forms), order


def _post(words: Ints, owners: Ints, size: int) -> Postings:
    by_word = np.argsort(words, kind="stable")
    starts = np.searchsorted(words[by_word], np.arange(size + 1)).astype(np.int64)
    return Postings(starts, owners[by_word])


def _list_first(words: Ints, counts: Longs) -> Ints:
    """The first word of each line, -1 where there is none."""
    begins = np.cumsum(counts) - counts
    padded = np.append(words, np.int32(-1))
    return np.where(counts > 0, padded[begins], -1).astype(np.int32)


def _sum_up(weights: Floats, counts: Longs) -> Floats:
    return np.bincount(_own_by(counts), weights, len(counts)).astype(np.float32)


def _rank(agencies: Ints, names: list[str]) -> Ints:
    """Known to more agencies first, then by name; things stand in the order of ids, so equals stay in it."""
    by_name = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    order = by_name[np.argsort(-agencies[by_name], kind="stable")]
    rank = np.empty(len(names), dtype=np.int32)
    rank[order] = np.arange(len(names), dtype=np.int32)
    return rank
