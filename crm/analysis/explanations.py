"""The knocks of one business one by one, each with the touchpoints that made it and why it has its class.

The same rules as `classes`, found anew from the business's own contacts; beside the class there is the earlier knock
that decided it, so that a reader can check the sentence against the rows; and for a redundant knock what was missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from crm.analysis.chains import Asks, chain_asks
from crm.analysis.classes import Outcome, classify_in_order
from crm.analysis.contacts import Contacts
from crm.analysis.days import Period, get_date, get_last_year
from crm.analysis.doors import Doors, list_links
from crm.analysis.history import History
from crm.analysis.lookups import ProgramSets
from crm.analysis.missing_links import MissingLink, find_missing, tell_missing
from crm.analysis.regions import Directory


@dataclass(frozen=True)
class KnockLine:
    """One entry of `list` in `crm knocks --business`; `agencies` are names, `touchpoints` (agency, key).

    `sources` are the same touchpoints as (agency id, system, key), which is what names each among all. `door` names the
    agencies of the door that it came through, as of the day of the report. `missing` are the fewest links that would
    have made a redundant knock coordinated, and `remedy` is their sentence; both are empty for other classes. These and
    `why` are found when they are read: a page tells them of few of a business's knocks.
    """

    touchpoints: list[tuple[str, str]]
    sources: list[tuple[str, str, str]]
    day: int
    outcome: Outcome
    purpose_class: str
    agencies: list[str]
    burden: float
    door: tuple[str, ...]
    programs: frozenset[str]
    _why: Callable[[], str] = field(repr=False, compare=False)
    _missing: Callable[[], list[MissingLink]] = field(repr=False, compare=False)
    _link_days: int = field(repr=False, compare=False)

    @cached_property
    def why(self) -> str:
        return self._why()

    @cached_property
    def missing(self) -> list[MissingLink]:
        return self._missing() if self.outcome is Outcome.REDUNDANT else []

    @property
    def remedy(self) -> str:
        return tell_missing(self.missing, get_date(self.day).isoformat(), link_days=self._link_days)

    def as_json(self) -> dict[str, Any]:
        return {
            "touchpoints": [{"agency": agency, "key": key} for agency, key in self.touchpoints],
            "date": get_date(self.day).isoformat(),
            "class": self.outcome.word,
            "purpose_class": self.purpose_class,
            "agencies": self.agencies,
            "burden": self.burden,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """What a sentence is made from: the knocks of one business in order, by their days and codes."""

    days: list[int]
    kinds: list[int]
    programs: list[int]
    doors: Doors
    sets: ProgramSets
    directory: Directory
    window: int
    broad: bool


def explain_business(
    history: History, business: str, *, period: Period | None = None, window: int | None = None, broad: bool = False
) -> list[KnockLine]:
    """Its knocks of the period (default: the last 12 months) in order; none for a business without contacts."""
    region, lookups, settings = history.region, history.lookups, history.settings
    period = period or get_last_year(history.as_of, days=settings.year_days)
    contacts = region.contacts.take(region.words.flag([business])[region.contacts.business])
    knocks, asks = chain_asks(contacts, lookups, as_of=history.as_of, settings=settings)
    case = _Case(
        days=knocks.day.tolist(),
        kinds=[0] * len(knocks) if broad else knocks.purpose_class.tolist(),
        programs=knocks.programs.tolist(),
        doors=_open_doors(history, business, contacts),
        sets=lookups.sets,
        directory=region.directory,
        window=settings.window_days if window is None else window,
        broad=broad,
    )
    found = classify_in_order(
        case.days, case.kinds, case.programs, doors=case.doors, sets=case.sets, window=case.window
    )
    sources = _list_sources(contacts, asks, len(knocks))
    lines = []
    for place, (day, (number, other_program)) in enumerate(zip(case.days, found, strict=True)):
        if not period.first <= day <= period.last:
            continue
        outcome, agencies = Outcome(number), lookups.sets.agencies[case.programs[place]]
        lines.append(
            KnockLine(
                touchpoints=[(region.directory.agencies[agency], key) for agency, _, key in sources[place]],
                sources=sources[place],
                day=day,
                outcome=outcome,
                purpose_class=settings.classes[knocks.purpose_class[place]],
                agencies=region.directory.name_mask(agencies),
                burden=float(knocks.burden[place]),
                # The first agency of a set stands for it, as where the doors of a business are counted.
                door=tuple(region.directory.name_mask(case.doors.widen(agencies & -agencies, history.as_of))),
                programs=lookups.sets.programs[case.programs[place]],
                _why=partial(_explain, case, place, outcome, other_program=other_program),
                _missing=partial(_list_missing, case, place),
                _link_days=settings.link_days,
            )
        )
    return lines


def _open_doors(history: History, business: str, contacts: Contacts) -> Doors:
    """The doors of the business on any day, from all its links and not merged ones, so that each can be named."""
    region, agencies = history.region, history.lookups.sets.agencies
    place = region.businesses.places.get(business)
    held = zip(contacts.day.tolist(), contacts.programs.tolist(), strict=True)
    links = list_links(
        business,
        naics=None if place is None else region.businesses.naics[place],
        county=None if place is None else region.businesses.counties[place],
        zip_code=None if place is None else region.businesses.zips[place],
        joint=[(day, agencies[code]) for day, code in held if day <= history.as_of],
        referrals=region.referrals.get(business, ()),
        agreements=region.agreements,
        directory=region.directory,
        link_days=history.settings.link_days,
    )
    return Doors(links)


def _list_sources(contacts: Contacts, asks: Asks, knocks: int) -> list[list[tuple[str, str, str]]]:
    """(agency id, system, key) of the asks of each knock, in order."""
    sources: list[list[tuple[str, str, str]]] = [[] for _ in range(knocks)]
    for knock, source in zip(asks.knock.tolist(), contacts.name_rows(asks.row.tolist()), strict=True):
        sources[knock].append(source)
    return sources


def _explain(case: _Case, place: int, outcome: Outcome, *, other_program: bool) -> str:
    asked = "asked" if case.broad else "asked the same kind of question"
    if outcome is Outcome.FIRST:
        return f"First: nobody had {asked} in the {case.window} days before."
    own, day = case.sets.agencies[case.programs[place]], case.days[place]
    beyond = case.doors.widen(own, day) if outcome is Outcome.REDUNDANT else own
    earlier = _find_decisive(case, place, beyond=0 if outcome is Outcome.OWN_REPEAT else beyond)
    others = case.sets.agencies[case.programs[earlier]]
    before = f"{_join(case.directory.name_mask(others))} had {asked} {_tell_earlier(day - case.days[earlier])}"
    if outcome is Outcome.REDUNDANT:
        return f"Redundant: {before}, and {_name_pair(own, others)} were not in one door that day."
    if outcome is Outcome.COORDINATED:
        reasons = case.doors.list_reasons(own, others, day)
        through = reasons[0] if reasons else "their links with other agencies"
        return f"Coordinated: {before}, and {_name_pair(own, others)} were in one door that day through {through}."
    shared = _join(case.directory.name_mask(own & others))
    if other_program:
        return f"Own repeat: another program of {shared} had {asked} {_tell_earlier(day - case.days[earlier])}."
    return f"Own repeat: {shared} itself had {asked} {_tell_earlier(day - case.days[earlier])}."


def _find_decisive(case: _Case, place: int, *, beyond: int) -> int:
    """The last earlier knock in the window by agencies that are all outside this set."""
    return next(other for other in _list_earlier(case, place) if not case.sets.agencies[case.programs[other]] & beyond)


def _list_earlier(case: _Case, place: int) -> Iterator[int]:
    """The knocks that this one is compared with, the last first."""
    for other in range(place - 1, -1, -1):
        if case.days[place] - case.days[other] > case.window:
            return
        if case.kinds[other] == case.kinds[place]:
            yield other


def _list_missing(case: _Case, place: int) -> list[MissingLink]:
    masks, names = case.sets.agencies, case.directory.names
    earlier = {masks[case.programs[other]] for other in _list_earlier(case, place)}
    pairs = find_missing(masks[case.programs[place]], earlier, doors=case.doors, day=case.days[place])
    return [MissingLink(names[own], names[other]) for own, other in pairs]


def _name_pair(own: int, others: int) -> str:
    return "the two agencies" if (own | others).bit_count() == 2 else "their agencies"


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _tell_earlier(days: int) -> str:
    if days == 0:
        return "earlier the same day"
    return "1 day earlier" if days == 1 else f"{days} days earlier"
