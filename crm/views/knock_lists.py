"""Which businesses stand behind a number: every number of the page on knocks opens one of these lists."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.analysis.rankings import BusinessKnocks, Ranking
from crm.services.findings import Findings
from crm.views.formatting import plural

Flags = NDArray[np.bool_]
SORTED_BY = (
    "knocks", "redundant", "coordinated", "own_repeat", "first", "agencies", "programs", "doors", "effective_doors",
    "fatigue", "name",
)  # fmt: skip
# How many doors are told apart; the last stands for that many or more.
MOST_DOORS = 5
# Businesses by their number of knocks: from, to, and what a reader sees.
Bin = tuple[int, int | None, str]
BINS: tuple[Bin, ...] = (
    (1, 1, "1 knock"),
    (2, 2, "2 knocks"),
    (3, 4, "3 or 4 knocks"),
    (5, 9, "5 to 9 knocks"),
    (10, None, "10 or more knocks"),
)
# The same, finer, for an axis from the least to the most.
AXIS: tuple[Bin, ...] = (
    (1, 1, "1 knock"),
    *((number, number, f"{number} knocks") for number in range(2, 10)),
    *((first, last, f"{first} to {last} knocks") for first, last in ((10, 14), (15, 19), (20, 29), (30, 49), (50, 99))),
    (100, None, "100 or more knocks"),
)
CLASSES = {
    "redundant": "with a redundant knock",
    "coordinated": "with a coordinated knock",
    "own_repeat": "on which an agency repeated itself",
    "first": "with a first knock",
}


@dataclass(frozen=True)
class Choice:
    """Which businesses a list shows: `show` is a class of knocks, hotspot or over; `doors` and `knocks` are numbers."""

    show: str = ""
    doors: str = ""
    knocks: str = ""

    @property
    def args(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class BusinessList:
    """The chosen businesses in order; rows are made when they are read."""

    ranking: Ranking
    places: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.places)

    def read_page(self, page: int, size: int) -> list[BusinessKnocks]:
        return [self.ranking[int(place)] for place in self.places[(page - 1) * size : page * size]]

    def __iter__(self) -> Iterator[BusinessKnocks]:
        return (self.ranking[int(place)] for place in self.places)


def name_bin(first: int, last: int | None) -> str:
    """As it stands in an address."""
    return f"{first}+" if last is None else str(first) if first == last else f"{first}-{last}"


def list_businesses(findings: Findings, choice: Choice, *, sort: str, descending: bool) -> BusinessList:
    """Those of this choice, by a column of the ranking; an unknown choice or column is passed over."""
    ranking = findings.report.businesses
    places = np.arange(len(ranking), dtype=np.int32)
    if (sort, descending) != ("knocks", True) and sort in SORTED_BY:
        places = findings.list_places(sort, descending=descending)
    flags = np.ones(len(ranking), dtype=bool)
    for wanted in (_flag_shown(ranking, findings, choice.show), _flag_doors(ranking, choice.doors)):
        if wanted is not None:
            flags &= wanted
    found = _find_bin(choice.knocks)
    if found is not None:
        first, last = found
        flags &= (ranking.knocks >= first) & (ranking.knocks <= (last or np.inf))
        # A business that closed had its knocks, but is no part of the region's businesses any more.
        flags &= findings.flag_universe()
    return BusinessList(ranking, places[flags[places]])


def _flag_shown(ranking: Ranking, findings: Findings, show: str) -> Flags | None:
    shown: dict[str, Callable[[], Flags]] = {
        "hotspot": lambda: ranking.hotspot,
        "over": lambda: ranking.fatigue > ranking.budget + findings.report.settings.tolerance,
    }
    if show in CLASSES:
        return getattr(ranking, show) > 0
    return shown[show]() if show in shown else None


def _flag_doors(ranking: Ranking, doors: str) -> Flags | None:
    number = doors.removesuffix("+")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    return ranking.doors >= int(number) if doors.endswith("+") else ranking.doors == int(number)


def _find_bin(knocks: str) -> tuple[int, int | None] | None:
    return next(((first, last) for first, last, _ in (*BINS, *AXIS) if name_bin(first, last) == knocks), None)


def tell_choice(choice: Choice, number: int) -> str:
    """What a list shows, for its heading."""
    what = plural(number, "business", "businesses")
    if choice.show in CLASSES:
        return f"{what} {CLASSES[choice.show]}"
    if choice.show == "hotspot":
        return f"{what} with the highest fatigue for their size"
    if choice.show == "over":
        return f"{what} asked more than they can carry"
    if choice.doors:
        number_of = choice.doors.removesuffix("+")
        return f"{what} reached through {number_of}{' or more' if choice.doors.endswith('+') else ''} " + (
            "door" if choice.doors == "1" else "doors"
        )
    found = next((label for first, last, label in (*BINS, *AXIS) if name_bin(first, last) == choice.knocks), None)
    return f"{what} with {found or 'a knock'}"
