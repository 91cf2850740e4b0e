"""Small regions for tests of knocks: plain touchpoints with dates, and the columns that the measures take.

Agencies go by their names here and get ids whose text order is the reverse, so that a measure that orders by id where
the definitions say name is found out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.analysis.contacts import LISTS
from crm.analysis.days import get_day
from crm.analysis.lights import Contact, Subject
from crm.analysis.regions import Agreement, Directory, Referral, Region, read_region


@dataclass(frozen=True)
class Touch:
    business: str
    on: date
    agency: str
    programs: tuple[str, ...]
    key: str
    system: str = "plain"
    channel: str = "visit"
    direction: str = "out"
    purpose: str = "needs"
    reached: str = "yes"
    topics: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    promise: str = ""
    promise_kept_on: date | None = None


@dataclass(frozen=True)
class Handover:
    """A referral."""

    business: str
    from_program: str
    to_program: str
    accepted_on: date | None


@dataclass(frozen=True)
class Pact:
    """An agreement."""

    agencies: tuple[str, ...]
    begins: date
    ends: date | None = None
    naics: tuple[str, ...] = ()
    businesses: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """A business."""

    business: str
    naics: str = ""
    employees: int | None = None
    county: str = ""
    zip: str = ""
    closed_on: date | None = None


@dataclass(frozen=True)
class World:
    """`programs` maps each program to the name of its agency; `others` are agencies without any."""

    programs: dict[str, str]
    touches: Sequence[Touch]
    handovers: Sequence[Handover] = ()
    pacts: Sequence[Pact] = ()
    sites: Sequence[Site] = ()
    others: Sequence[str] = field(default=())

    @property
    def agencies(self) -> list[str]:
        return sorted({*self.programs.values(), *self.others})


def list_ids(world: World) -> dict[str, str]:
    """An id for each agency, in the reverse order of their names."""
    return {name: f"a{999 - place:03d}" for place, name in enumerate(world.agencies)}


def make_directory(world: World) -> Directory:
    ids = list_ids(world)
    return Directory(
        agencies={ids[name]: name for name in world.agencies},
        programs={program: ids[name] for program, name in world.programs.items()},
    )


def make_rows(world: World) -> list[dict[str, object]]:
    """What a bulk read delivers: one row per business with contacts, in the order of the touches."""
    ids = list_ids(world)
    rows: dict[str, dict[str, list[object]]] = {}
    for touch in world.touches:
        row = rows.setdefault(touch.business, {name: [] for name in LISTS})
        values = {
            "agency": ids[touch.agency],
            "day": get_day(touch.on),
            "programs": list(touch.programs),
            "topics": list(touch.topics),
        }
        for name in LISTS:
            row[name].append(values[name] if name in values else getattr(touch, name))
    return [{"business": business, **lists} for business, lists in rows.items()]


def make_referrals(world: World) -> list[Referral]:
    return [
        Referral(h.business, h.from_program, h.to_program, None if h.accepted_on is None else get_day(h.accepted_on))
        for h in world.handovers
    ]


def make_agreements(world: World) -> list[Agreement]:
    ids = list_ids(world)
    return [
        Agreement(
            name=" and ".join(pact.agencies),
            agencies=[ids[name] for name in pact.agencies],
            begins_on=get_day(pact.begins),
            ends_on=None if pact.ends is None else get_day(pact.ends),
            naics=pact.naics,
            businesses=pact.businesses,
            places=pact.places,
        )
        for pact in world.pacts
    ]


def make_sites(world: World) -> list[dict[str, object]]:
    return [
        {
            "business": site.business,
            "name": site.business.title(),
            "naics": site.naics,
            "county": site.county,
            "zip": site.zip,
            "employees": site.employees,
            "closed_on": None if site.closed_on is None else get_day(site.closed_on),
        }
        for site in world.sites
    ]


def make_region(world: World) -> Region:
    return read_region(
        directory=make_directory(world),
        contacts=make_rows(world),
        businesses=make_sites(world),
        referrals=make_referrals(world),
        agreements=make_agreements(world),
    )


def make_subject(world: World, business: str, *, do_not_contact: bool = False, lead: str | None = None) -> Subject:
    """What the light of one business is found from."""
    ids = list_ids(world)
    contacts = [
        Contact(
            agency=ids[touch.agency],
            key=touch.key,
            day=get_day(touch.on),
            programs=touch.programs,
            system=touch.system,
            channel=touch.channel,
            direction=touch.direction,
            purpose=touch.purpose,
            topics=touch.topics,
            persons=touch.persons,
            staff=touch.staff,
            promise=touch.promise,
            promise_kept_on=None if touch.promise_kept_on is None else get_day(touch.promise_kept_on),
        )
        for touch in world.touches
        if touch.business == business
    ]
    site = next((site for site in world.sites if site.business == business), Site(business))
    return Subject(
        business=business,
        contacts=contacts,
        employees=site.employees,
        naics=site.naics,
        county=site.county,
        zip_code=site.zip,
        referrals=[referral for referral in make_referrals(world) if referral.business == business],
        agreements=make_agreements(world),
        do_not_contact=do_not_contact,
        lead=lead,
    )


# One program an agency, of the same name, and two of the College: enough for most of what the rules say.
FIELD = {name: name for name in ("WDB", "College", "Chamber", "VR")} | {"College evening": "College"}


def make_touch(on: str, *programs: str, **changes: Any) -> Touch:
    """A reached visit about needs, logged by the agency of the first program; its key is its date and programs."""
    values = {"key": f"{on} {' + '.join(programs)}", "agency": FIELD[programs[0]], "business": "bakery", **changes}
    return Touch(on=date.fromisoformat(on), programs=programs, **values)


def make_world(*touches: Touch, **changes: Any) -> World:
    """The touches among the programs of `FIELD`; `bakery` is a business without any other value."""
    return World(**{"programs": FIELD, "touches": touches, "sites": [Site("bakery")], **changes})
