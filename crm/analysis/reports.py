"""What a report of many knocks says: the answer of `crm knocks`, with the names of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.analysis.bootstrap import Interval
from crm.analysis.days import Period, get_date
from crm.analysis.rankings import Ranking
from crm.analysis.settings import Settings


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the period; `unknown` names the agencies of which it is not known whether they knocked in it."""

    month: str
    knocks: int
    redundant: int
    rate: float | None
    interval: Interval | None
    unknown: list[str]


@dataclass(frozen=True, slots=True)
class TopicAskedTwice:
    """A topic on which a business (id) was asked through several doors, and who holds the answer: the newest ask on it
    that reached the business, by the agencies (names) whose it was, its day, and (agency id, system, key). Nobody was
    reached where `source` is None.
    """

    business: str
    topic: str
    doors: int
    agencies: tuple[str, ...] = ()
    day: int | None = None
    source: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class RegionKnocks:
    """The answer of `crm knocks`; `other_program` and what follows `months` come on top of the contract.

    Days are whole days since 1970-01-01. `door_counts` says how many businesses were reached through how many doors.
    """

    as_of: int
    period: Period
    window_days: int
    broad: bool
    knocks: int
    first: int
    own_repeat: int
    coordinated: int
    redundant: int
    other_program: int
    rate: float | None
    interval: Interval | None
    mean_doors: float | None
    share_2_doors: float | None
    share_3_doors: float | None
    share_5_doors: float | None
    top_decile_share: float | None
    gini: float | None
    asked_twice: int
    assumed: dict[str, int]
    businesses: Ranking
    months: list[Month]
    universe: int
    untouched: int
    door_counts: dict[int, int]
    settings: Settings

    @property
    def unknown_months(self) -> list[dict[str, str]]:
        return [{"agency": agency, "month": month.month} for month in self.months for agency in month.unknown]

    def as_json(self) -> dict[str, Any]:
        """The JSON of the contract, exactly; businesses in the order of `Ranking`, months in order of time."""
        same = ("knocks", "first", "own_repeat", "coordinated", "redundant", "rate", "interval", "mean_doors")
        also = ("share_2_doors", "share_3_doors", "share_5_doors", "top_decile_share", "gini", "asked_twice", "assumed")
        return {
            "as_of": get_date(self.as_of).isoformat(),
            "from": get_date(self.period.first).isoformat(),
            "to": get_date(self.period.last).isoformat(),
            "window_days": self.window_days,
            "broad": self.broad,
            **{name: getattr(self, name) for name in same + also},
            "unknown_months": self.unknown_months,
            "businesses": [row._asdict() for row in self.businesses],
            "months": [{name: getattr(month, name) for name in Month.__slots__} for month in self.months],
        }
