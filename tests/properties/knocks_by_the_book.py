"""Knocks, doors and the light once more, straight from the words of the definitions: slow, plain, and only for tests.

Nothing is shared with the measures that it checks, and nothing is clever: dates are dates, sets are sets, every rule
is a loop over everything. Where this and `crm.analysis` disagree, one of them has misread the text.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.knock_worlds import Pact, Site, Touch, World

WEIGHT = {
    "visit": 1.0,
    "survey": 0.8,
    "call": 0.6,
    "video": 0.6,
    "email": 0.4,
    "text": 0.4,
    "letter": 0.3,
    "event": 0.3,
    "mass_mail": 0.1,
    "": 0.6,
}
CLASS = {
    "needs": "input",
    "survey": "input",
    "input": "input",
    "sponsorship": "sponsorship",
    "job_development": "job_development",
    "invitation": "invitation",
    "relationship": "relationship",
    "": "unstated",
    "service": None,
    "follow_up": None,
}
Doors = list[set[str]]


@dataclass
class Knock:
    asks: list[Touch]
    agencies: set[str]

    @property
    def on(self) -> date:
        return self.asks[0].on

    @property
    def business(self) -> str:
        return self.asks[0].business

    @property
    def programs(self) -> set[str]:
        return set(self.asks[0].programs)

    @property
    def purpose_class(self) -> str | None:
        return CLASS[self.asks[0].purpose]

    @property
    def burden(self) -> float:
        return sum(WEIGHT[ask.channel] for ask in self.asks)


def get_place(touch: Touch) -> tuple[Any, ...]:
    return (touch.on, touch.agency, touch.key, touch.system)


def is_ask(touch: Touch) -> bool:
    return touch.direction != "in" and CLASS[touch.purpose] is not None


def list_agencies(world: World, programs: Any) -> set[str]:
    return {world.programs[program] for program in programs}


def list_asks(world: World, business: str, as_of: date) -> list[Touch]:
    found = [t for t in world.touches if t.business == business and t.on <= as_of and is_ask(t)]
    return sorted(found, key=get_place)


def list_knocks(world: World, business: str, as_of: date) -> list[Knock]:
    knocks: list[Knock] = []
    for ask in list_asks(world, business, as_of):
        kin = [k for k in knocks if k.programs == set(ask.programs) and k.purpose_class == CLASS[ask.purpose]]
        open_chain = kin[-1] if kin else None
        if (
            open_chain
            and (ask.on - open_chain.asks[-1].on).days < 14
            and all(earlier.reached == "no" for earlier in open_chain.asks)
        ):
            open_chain.asks.append(ask)
        else:
            knocks.append(Knock([ask], list_agencies(world, ask.programs)))
    return knocks


def covers(world: World, pact: Pact, business: str) -> bool:
    if not pact.naics and not pact.businesses and not pact.places:
        return True
    if business in pact.businesses:
        return True
    if not pact.naics and not pact.places:
        return False
    site = next((site for site in world.sites if site.business == business), Site(business))
    in_sector = not pact.naics or any(site.naics.startswith(prefix) for prefix in pact.naics if site.naics)
    where = {site.county.lower(), site.zip.lower()}
    return in_sector and (not pact.places or bool(where & {place.lower() for place in pact.places}))


def list_doors(world: World, business: str, day: date, as_of: date) -> Doors:
    """Every agency in exactly one door."""
    pairs = [
        list_agencies(world, touch.programs)
        for touch in world.touches
        if touch.business == business and touch.on <= as_of and 0 <= (day - touch.on).days <= 365
    ]
    for handover in world.handovers:
        accepted = handover.accepted_on
        if handover.business == business and accepted and accepted <= as_of and 0 <= (day - accepted).days <= 365:
            pairs.append(list_agencies(world, [handover.from_program, handover.to_program]))
    for pact in world.pacts:
        in_force = pact.begins <= day and not (pact.ends is not None and pact.ends < day)
        if in_force and covers(world, pact, business):
            pairs.append(set(pact.agencies))
    doors = [{agency} for agency in world.agencies]
    changed = True
    while changed:
        changed = False
        for pair in pairs:
            touching = [door for door in doors if door & pair]
            if len(touching) > 1:
                doors = [door for door in doors if not door & pair] + [set().union(*touching)]
                changed = True
    return doors


def classify(world: World, business: str, as_of: date, *, window: int, broad: bool) -> list[tuple[Knock, str, bool]]:
    """(knock, class, other program of the same agency) of every knock of the business."""
    knocks = list_knocks(world, business, as_of)
    found = []
    for place, knock in enumerate(knocks):
        doors = list_doors(world, business, knock.on, as_of)
        earlier = [
            other
            for other in knocks[:place]
            if (broad or other.purpose_class == knock.purpose_class) and 0 <= (knock.on - other.on).days <= window
        ]

        def in_one_door(other: Knock, knock: Knock = knock, doors: Doors = doors) -> bool:
            return any(door & knock.agencies and door & other.agencies for door in doors)

        strangers = [other for other in earlier if not other.agencies & knock.agencies]
        other_program = False
        if not earlier:
            name = "first"
        elif any(not in_one_door(other) for other in strangers):
            name = "redundant"
        elif strangers:
            name = "coordinated"
        else:
            name = "own_repeat"
            other_program = all(not other.programs & knock.programs for other in earlier)
        found.append((knock, name, other_program))
    return found


def in_last_year(day: date, as_of: date) -> bool:
    return as_of - timedelta(days=365) < day <= as_of


def find_door(doors: Doors, agencies: set[str]) -> frozenset[str]:
    return frozenset(next(door for door in doors if door & agencies))


def measure_doors(world: World, business: str, as_of: date) -> tuple[int, int, float | None]:
    """(knocks of the last 12 months, doors, effective doors)."""
    doors = list_doors(world, business, as_of, as_of)
    knocks = [knock for knock in list_knocks(world, business, as_of) if in_last_year(knock.on, as_of)]
    burden: dict[frozenset[str], float] = defaultdict(float)
    for knock in knocks:
        burden[find_door(doors, knock.agencies)] += knock.burden
    if not knocks:
        return 0, 0, None
    shares = [value / sum(burden.values()) for value in burden.values()]
    return len(knocks), len(burden), math.exp(-sum(share * math.log(share) for share in shares))


def list_asked_twice(world: World, business: str, as_of: date) -> set[str]:
    doors = list_doors(world, business, as_of, as_of)
    through: dict[str, set[frozenset[str]]] = defaultdict(set)
    for ask in list_asks(world, business, as_of):
        if in_last_year(ask.on, as_of):
            for topic in ask.topics:
                if topic.strip():
                    through[topic.strip().lower()].add(find_door(doors, list_agencies(world, ask.programs)))
    return {topic for topic, found in through.items() if len(found) >= 2}


def get_fatigue(world: World, business: str, as_of: date) -> float:
    return sum(WEIGHT[a.channel] * 2 ** (-(as_of - a.on).days / 45) for a in list_asks(world, business, as_of))


def get_budget(world: World, business: str) -> float:
    employees = next((site.employees for site in world.sites if site.business == business), None)
    if employees is None or employees < 10:
        return 1.0
    return 1.5 if employees < 50 else 2.5 if employees < 250 else 4.0


def is_unknown(world: World, agency: str, month: str, as_of: date) -> bool:
    months = [t.on.strftime("%Y-%m") for t in world.touches if t.agency == agency and t.on <= as_of]
    return not months or month < min(months) or month > max(months)


def list_months(first: date, last: date) -> list[str]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sorted({day.strftime("%Y-%m") for day in days})


def in_sector(world: World, business: str, sector: tuple[tuple[str, ...], tuple[str, ...]] | None) -> bool:
    if sector is None:
        return True
    naics, places = sector
    site = next((site for site in world.sites if site.business == business), None)
    if site is None or not site.naics or not any(site.naics.startswith(prefix) for prefix in naics):
        return False
    lower = [place.lower() for place in places]
    return not places or site.county.lower() in lower or site.zip.lower() in lower


SIZES = {"1-9": (0, 9), "10-49": (10, 49), "50-249": (50, 249), "250+": (250, 10**9)}


def in_place_and_size(world: World, business: str, place: str, size: str) -> bool:
    site = next((site for site in world.sites if site.business == business), Site(business))
    if place and place.lower() not in (site.county.lower(), site.zip.lower()):
        return False
    if not size or size == "unknown":
        return not size or site.employees is None
    return site.employees is not None and SIZES[size][0] <= site.employees <= SIZES[size][1]


def measure_by_the_book(
    world: World,
    as_of: date,
    first: date,
    last: date,
    *,
    window: int = 90,
    broad: bool = False,
    sector: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
    place: str = "",
    size: str = "",
) -> dict[str, Any]:
    """The JSON of `crm knocks` but for intervals and names; businesses by id."""
    everyone = {site.business for site in world.sites} | {touch.business for touch in world.touches}
    scope = sorted(
        business
        for business in everyone
        if in_sector(world, business, sector) and in_place_and_size(world, business, place, size)
    )
    counted = {
        business: [
            entry
            for entry in classify(world, business, as_of, window=window, broad=broad)
            if first <= entry[0].on <= last
        ]
        for business in scope
    }
    names = Counter(name for entries in counted.values() for _, name, _ in entries)
    total = sum(names.values())
    year = {business: measure_doors(world, business, as_of) for business in scope}
    knocked = [business for business in scope if year[business][0]]
    universe = [
        len(counted[site.business])
        for site in world.sites
        if site.business in scope and (site.closed_on is None or site.closed_on > as_of)
    ]
    touches = [t for t in world.touches if t.business in scope and first <= t.on <= min(last, as_of)]
    months = list_months(first, last)
    return {
        "as_of": as_of.isoformat(),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "window_days": window,
        "broad": broad,
        "knocks": total,
        **{name: names[name] for name in ("first", "own_repeat", "coordinated", "redundant")},
        "rate": names["redundant"] / total if total else None,
        "mean_doors": (
            sum(year[b][0] * (year[b][2] or 0) for b in knocked) / sum(year[b][0] for b in knocked) if knocked else None
        ),
        **{
            f"share_{least}_doors": sum(year[b][1] >= least for b in knocked) / len(knocked) if knocked else None
            for least in (2, 3, 5)
        },
        **measure_concentration(universe),
        "asked_twice": sum(len(list_asked_twice(world, business, as_of)) for business in scope),
        "assumed": {
            "direction": sum(t.direction == "" for t in touches),
            "reached": sum(t.reached == "" for t in touches),
            "channel": sum(t.channel == "" for t in touches),
        },
        "unknown_months": [
            {"agency": agency, "month": month}
            for month in months
            for agency in world.agencies
            if is_unknown(world, agency, month, as_of)
        ],
        "businesses": {
            business: describe_business(world, business, entries, as_of, scope)
            for business, entries in counted.items()
            if entries
        },
        "months": [describe_month(world, counted, month, as_of) for month in months],
    }


def measure_concentration(counts: list[int]) -> dict[str, float | None]:
    if not sum(counts):
        return {"top_decile_share": None, "gini": None}
    ascending, n, total = sorted(counts), len(counts), sum(counts)
    return {
        "top_decile_share": sum(sorted(counts, reverse=True)[: math.ceil(n / 10)]) / total,
        "gini": 2 * sum(i * x for i, x in enumerate(ascending, 1)) / (n * total) - (n + 1) / n,
    }


def describe_business(
    world: World, business: str, entries: list[tuple[Knock, str, bool]], as_of: date, scope: list[str]
) -> dict[str, Any]:
    _, doors, effective = measure_doors(world, business, as_of)
    names = Counter(name for _, name, _ in entries)
    return {
        "knocks": len(entries),
        **{name: names[name] for name in ("first", "own_repeat", "coordinated", "redundant")},
        "agencies": len(set().union(*(knock.agencies for knock, _, _ in entries))),
        "programs": len(set().union(*(knock.programs for knock, _, _ in entries))),
        "doors": doors,
        "effective_doors": effective,
        "fatigue": get_fatigue(world, business, as_of),
        "budget": get_budget(world, business),
        "hotspot": business in list_hotspots(world, scope, as_of),
    }


def list_hotspots(world: World, scope: list[str], as_of: date) -> set[str]:
    load = {b: get_fatigue(world, b, as_of) / get_budget(world, b) for b in scope}
    tired = sorted((value for value in load.values() if value > 0), reverse=True)
    if not tired:
        return set()
    last = tired[math.ceil(len(tired) / 20) - 1]
    return {business for business, value in load.items() if value > 0 and value >= last - 1e-9}


def describe_month(world: World, counted: dict[str, Any], month: str, as_of: date) -> dict[str, Any]:
    names = [name for entries in counted.values() for k, name, _ in entries if k.on.strftime("%Y-%m") == month]
    redundant = names.count("redundant")
    return {
        "month": month,
        "knocks": len(names),
        "redundant": redundant,
        "rate": redundant / len(names) if names else None,
        "unknown": [agency for agency in world.agencies if is_unknown(world, agency, month, as_of)],
    }


def light_by_the_book(world: World, business: str, agency: str, day: date, person: str | None = None) -> str:
    """The colour for a business, or for a person who works there and is named in its contacts only."""
    asks = list_asks(world, business, day)
    if person is None:
        over = get_fatigue(world, business, day) > get_budget(world, business) + 1e-9
    else:
        if light_by_the_book(world, business, agency, day) == "red":
            return "red"
        own = [ask for ask in asks if person in ask.persons]
        over = sum(WEIGHT[ask.channel] * 2 ** (-(day - ask.on).days / 45) for ask in own) > 1 + 1e-9
    if over:
        return "red"
    mine = find_door(list_doors(world, business, day, day), {agency})
    for touch in world.touches:
        if touch.business != business or (person is not None and person not in touch.persons):
            continue
        if list_agencies(world, touch.programs) & mine:
            continue
        kept = touch.promise_kept_on is not None and touch.promise_kept_on <= day
        promised = bool(touch.promise) and touch.on <= day and not kept
        planned = 0 < (touch.on - day).days <= 14
        asked = is_ask(touch) and 0 <= (day - touch.on).days <= 30
        if promised or planned or asked:
            return "amber"
    return "green"
