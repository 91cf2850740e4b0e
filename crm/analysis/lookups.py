"""What the words of the columns mean: one table per vocabulary, indexed by the codes of the contacts.

A column of 200,000 codes becomes weights, classes or agencies by one indexing. A blank, and a word that no table of
ours has, count as definitions §1 says, and are marked as assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Mask, Vocabulary, Words
from crm.analysis.regions import Directory
from crm.analysis.sets import is_joint
from crm.analysis.settings import Settings

NO_ASK = -1


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of numbers of different lengths, one list a code."""

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    flat: NDArray[np.int64]

    @classmethod
    def read(cls, lists: Sequence[Sequence[int]]) -> Ragged:
        lengths = np.array([len(numbers) for numbers in lists], dtype=np.int64)
        flat = np.array([number for numbers in lists for number in numbers], dtype=np.int64)
        return cls(np.cumsum(lengths) - lengths, lengths, flat)

    def expand(self, codes: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(place in `codes`, number) of every number in the list of each code, in order."""
        times = self.lengths[codes]
        entry = np.repeat(np.arange(len(codes)), times)
        within = np.arange(len(entry)) - np.repeat(np.cumsum(times) - times, times)
        return entry, self.flat[self.starts[codes[entry]] + within]


@dataclass(frozen=True, slots=True)
class ProgramSets:
    """What each combination of programs is, by its code.

    `same` is the code that stands for the set of programs whatever the order in which a touchpoint names them;
    `agency` the first agency of the set; `agencies` all of them as bits; `alone` is false where there are several
    programs. `agency_bits` and `program_bits` say who is in the combination, one row for every 64 agencies or programs.
    """

    same: NDArray[np.int32]
    agency: NDArray[np.int32]
    agencies: list[int]
    programs: list[frozenset[str]]
    alone: Mask
    joint: Mask
    agency_bits: NDArray[np.uint64]
    program_bits: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Lookups:
    """By the codes of each vocabulary; a topic keeps its place in `topics` when later contacts bring new ones."""

    weight: NDArray[np.float64]
    business_hours: NDArray[np.float64]
    staff_hours: NDArray[np.float64]
    blank_channel: Mask
    outbound: Mask
    blank_direction: Mask
    reached: Mask
    blank_reached: Mask
    purpose_class: NDArray[np.int8]
    agency: NDArray[np.int32]
    sets: ProgramSets
    topics: list[str]
    topic_lists: Ragged


def read_lookups(words: Words, directory: Directory, settings: Settings) -> Lookups:
    """Raises KeyError where a touchpoint names an agency or a program that is not in the directory."""
    classes = settings.classes
    codes = {name: code for code, name in enumerate(classes)}

    def flag(vocabulary: Vocabulary, test: Callable[[str], bool]) -> Mask:
        return np.array([test(tidy_word(word)) for word in vocabulary], dtype=bool)

    topics = Vocabulary()
    topic_lists = [[topics[topic] for topic in split_topics(combination)] for combination in words.topics]
    names = [tidy_word(word) for word in words.channel]
    channels = [settings.get_channel(name) for name in names]
    purposes = [settings.find_class(tidy_word(word)) for word in words.purpose]
    return Lookups(
        weight=np.array([channel.burden for channel in channels], dtype=np.float64),
        business_hours=np.array([channel.business_hours for channel in channels], dtype=np.float64),
        staff_hours=np.array([channel.staff_hours for channel in channels], dtype=np.float64),
        blank_channel=np.array([settings.find_channel(name) is None for name in names], dtype=bool),
        outbound=flag(words.direction, lambda word: is_outbound(word, settings)),
        blank_direction=flag(words.direction, lambda word: word not in ("out", "in")),
        reached=flag(words.reached, lambda word: is_reached(word, settings)),
        blank_reached=flag(words.reached, lambda word: word not in ("yes", "no")),
        purpose_class=np.array([NO_ASK if name is None else codes[name] for name in purposes], dtype=np.int8),
        agency=np.array([directory.numbers[str(agency)] for agency in words.agency], dtype=np.int32),
        sets=_read_sets(words.programs, directory),
        topics=[str(topic) for topic in topics],
        topic_lists=Ragged.read(topic_lists),
    )


def tidy_word(word: object) -> str:
    """A word of a vocabulary as the tables have it; a truth value is yes or no."""
    if isinstance(word, bool):
        return "yes" if word else "no"
    return str(word or "").strip().lower()


def is_outbound(word: str, settings: Settings) -> bool:
    return (word if word in ("out", "in") else settings.blank_direction) == "out"


def is_reached(word: str, settings: Settings) -> bool:
    return (word if word in ("yes", "no") else settings.blank_reached) == "yes"


def split_topics(topics: Hashable) -> tuple[str, ...]:
    """Topics trimmed and in lower case, each once, in text order (definitions §3, asked twice)."""
    parts: Iterable[object] = topics if isinstance(topics, list | tuple) else str(topics or "").split(";")
    return tuple(sorted({text for part in parts if (text := str(part).strip().lower())}))


def _read_sets(vocabulary: Vocabulary, directory: Directory) -> ProgramSets:
    programs = [frozenset([word] if isinstance(word, str) else word) for word in vocabulary]  # type: ignore[arg-type]
    first: dict[frozenset[str], int] = {}
    agencies = [directory.mask_programs(combination) for combination in programs]
    numbers = {program: number for number, program in enumerate(directory.programs)}
    return ProgramSets(
        same=np.array(
            [first.setdefault(combination, code) for code, combination in enumerate(programs)], dtype=np.int32
        ),
        agency=np.array([(mask & -mask).bit_length() - 1 for mask in agencies], dtype=np.int32),
        agencies=agencies,
        programs=programs,
        alone=np.array([len(combination) == 1 for combination in programs], dtype=bool),
        joint=np.array([is_joint(mask) for mask in agencies], dtype=bool),
        agency_bits=_pack_bits(agencies, len(directory.agencies)),
        program_bits=_pack_bits(
            [sum(1 << numbers[program] for program in combination) for combination in programs], len(numbers)
        ),
    )


def _pack_bits(masks: Sequence[int], size: int) -> NDArray[np.uint64]:
    """Sets as bits of whole numbers, as bits of machine words: one row for each 64 members, one column a set."""
    low = 2**64 - 1
    rows = [[mask >> shift & low for mask in masks] for shift in range(0, size, 64)]
    return np.array(rows, dtype=np.uint64).reshape(len(rows), len(masks))
