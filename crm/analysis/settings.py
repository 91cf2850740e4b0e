"""The conventions behind every measure, in one place: changeable, and printed with each report (definitions §1-§4).

None of these numbers has an outside source. They are choices of ours, so a region may make others, and a report that
does not say which were used cannot be compared with another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Channel(NamedTuple):
    """What one contact over this channel weighs on the business, and the hours that it costs either side."""

    name: str
    burden: float
    business_hours: float
    staff_hours: float


class Purpose(NamedTuple):
    """What a purpose counts as; a purpose without a class is not an ask."""

    name: str
    purpose_class: str | None


CHANNELS = (
    Channel("visit", 1.0, 1.0, 2.0),
    Channel("survey", 0.8, 0.5, 0.25),
    Channel("call", 0.6, 0.25, 0.5),
    Channel("video", 0.6, 0.5, 0.75),
    Channel("email", 0.4, 0.1, 0.2),
    Channel("text", 0.4, 0.05, 0.05),
    Channel("letter", 0.3, 0.1, 0.2),
    Channel("event", 0.3, 1.0, 1.0),
    Channel("mass_mail", 0.1, 0.02, 0.01),
)

PURPOSES = (
    Purpose("needs", "input"),
    Purpose("survey", "input"),
    Purpose("input", "input"),
    Purpose("sponsorship", "sponsorship"),
    Purpose("job_development", "job_development"),
    Purpose("invitation", "invitation"),
    Purpose("relationship", "relationship"),
    Purpose("", "unstated"),
    Purpose("service", None),
    Purpose("follow_up", None),
)


class Budget(NamedTuple):
    """How much fatigue a business of at least this many employees can carry."""

    least_employees: int
    budget: float


class Size(NamedTuple):
    """Businesses of one line of the table of budgets, both ends in it; without ends, those of unknown size."""

    name: str
    least: int | None
    most: int | None

    def holds(self, employees: int | None) -> bool:
        if employees is None or self.least is None:
            return employees is None and self.least is None
        return self.least <= employees and (self.most is None or employees <= self.most)


@dataclass(frozen=True, slots=True)
class Settings:
    """Hashable, so that a cache can be keyed by the conventions that its numbers were made with."""

    channels: tuple[Channel, ...] = CHANNELS
    purposes: tuple[Purpose, ...] = PURPOSES
    blank_channel: str = "call"
    blank_direction: str = "out"
    blank_reached: str = "yes"
    gap_days: int = 14
    window_days: int = 90
    other_windows: tuple[int, ...] = (30, 180)
    link_days: int = 365
    year_days: int = 365
    half_life_days: float = 45
    budgets: tuple[Budget, ...] = (Budget(0, 1.0), Budget(10, 1.5), Budget(50, 2.5), Budget(250, 4.0))
    unknown_budget: float = 1.0
    person_budget: float = 1.0
    plan_days: int = 14
    recent_days: int = 30
    hotspot_percent: int = 5
    critical_decision_makers: int = 12
    tolerance: float = 1e-9
    replicates: int = 1000
    confidence: float = 0.95
    seed: int = 1

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of asks, in text order; a class's place in it is its code in the columns."""
        return tuple(sorted({purpose.purpose_class for purpose in self.purposes if purpose.purpose_class}))

    def find_channel(self, name: str | None) -> Channel | None:
        """None for a blank and for a word that is no channel of ours: both are counted as assumed."""
        return next((channel for channel in self.channels if channel.name == name), None)

    def get_channel(self, name: str | None) -> Channel:
        """The channel of this name, or the one that a blank counts as."""
        channel = self.find_channel(name) or self.find_channel(self.blank_channel)
        if channel is None:
            raise ValueError(f"the blank channel {self.blank_channel!r} is not in the table of channels")
        return channel

    def find_class(self, purpose: str | None) -> str | None:
        """The class of an ask with this purpose; None where it is no ask. An unknown word counts as a blank."""
        known = {entry.name: entry.purpose_class for entry in self.purposes}
        return known.get(purpose or "", known.get(""))

    def get_budget(self, employees: int | None) -> float:
        if employees is None:
            return self.unknown_budget
        return max(
            (entry for entry in self.budgets if entry.least_employees <= employees), default=self.budgets[0]
        ).budget

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The lines of the table of budgets, the smallest first, the unknown last: 1-9, 10-49, 50-249, 250+."""
        least = [entry.least_employees for entry in self.budgets]
        bands = [Size(f"{max(first, 1)}-{after - 1}", first, after - 1) for first, after in pairwise(least)]
        return (*bands, Size(f"{least[-1]}+", least[-1], None), Size("unknown", None, None))

    def list_values(self) -> list[tuple[str, str]]:
        """(name, value) of every convention in plain words, for the foot of a report."""
        return [
            ("burden of a contact", ", ".join(f"{channel.name} {channel.burden:g}" for channel in self.channels)),
            ("hours of a business", ", ".join(f"{c.name} {c.business_hours:g}" for c in self.channels)),
            ("hours of staff", ", ".join(f"{channel.name} {channel.staff_hours:g}" for channel in self.channels)),
            (
                "kinds of question",
                ", ".join(f"{p.name or 'blank'}: {p.purpose_class or 'no ask'}" for p in self.purposes),
            ),
            ("a blank counts as", f"{self.blank_channel}, {self.blank_direction}, reached: {self.blank_reached}"),
            ("tries count as one knock up to", f"less than {self.gap_days} days apart, until one reaches the business"),
            ("earlier knocks are looked for", f"{self.window_days} days back"),
            ("a joint contact or a referral links for", f"{self.link_days} days"),
            ("the last 12 months", f"{self.year_days} days"),
            ("fatigue halves in", f"{self.half_life_days:g} days"),
            ("fatigue budget by employees", ", ".join(f"{b.least_employees}+: {b.budget:g}" for b in self.budgets)),
            ("fatigue budget, size unknown", f"{self.unknown_budget:g}"),
            ("fatigue budget of a person", f"{self.person_budget:g}"),
            ("plans that turn the light amber", f"next {self.plan_days} days"),
            ("asks that turn the light amber", f"last {self.recent_days} days"),
            ("hotspots", f"highest {self.hotspot_percent} % by fatigue over budget"),
            (
                "critical mass",
                f"{self.critical_decision_makers} decision-makers, by title: owners, heads, chiefs, vice presidents",
            ),
            ("interval", f"{self.confidence:.0%}, {self.replicates} draws of businesses, seed {self.seed}"),
        ]


@dataclass(frozen=True, slots=True)
class TableSettings:
    """The conventions of tables (definitions §1 and §5). None of them has an outside source."""

    least_businesses: int = 2
    least_meetings: int = 2
    active_days: int = 365
    active_cadences: int = 2
    year_days: int = 365
    candidate_overlap: float = 0.5
    clash_days: int = 14
    tolerance: float = 1e-9

    def list_values(self) -> list[tuple[str, str]]:
        """(name, value) of every convention in plain words."""
        return [
            ("a group is a table from", f"{self.least_businesses} businesses and {self.least_meetings} meetings on"),
            (
                "a table is active if it met in the last",
                f"{self.active_days} days, or {self.active_cadences} times its days from meeting to meeting, if more",
            ),
            ("meetings of a year", f"last {self.year_days} days"),
            ("tables that may be merged", f"one sector, overlap by businesses {self.candidate_overlap:g} or more"),
            ("two coming asks clash up to", f"{self.clash_days} days apart"),
        ]
