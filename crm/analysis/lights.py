"""The light: may this agency call on a business, or a person, today (definitions §4).

Red: asked too often already, or do-not-contact. Amber: somebody from another door is at it, and is named. Green: go
ahead. Found from the contacts of one business alone, so a page can ask for it without anything computed before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.analysis.days import get_date
from crm.analysis.doors import Doors, list_links
from crm.analysis.fatigue import find_free_day, measure_fatigue
from crm.analysis.lookups import is_outbound, split_topics, tidy_word
from crm.analysis.regions import Agreement, Directory, Referral
from crm.analysis.settings import Settings

RED, AMBER, GREEN = "red", "amber", "green"
# Of how many contacts of partners a green light tells.
PARTNERS_TOLD = 2


@dataclass(frozen=True, slots=True)
class Contact:
    """One touchpoint in full; days are whole days since 1970-01-01, `persons` the ids of those whom it names."""

    agency: str
    key: str
    day: int
    programs: Sequence[str]
    system: str = ""
    channel: str | None = None
    direction: str | None = None
    purpose: str | None = None
    topics: Sequence[str] | str = ()
    persons: Collection[str] = ()
    staff: Sequence[str] = ()
    promise: str | bool | None = None
    promise_due: int | None = None
    promise_kept_on: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A business with all that its light depends on; `agreements` may be all of the region's.

    Of contacts that are long past only the asks still count: they may be left out of `contacts` and given in `past`, as
    (day, weight), where no promise was made and nobody is linked by them any more.
    """

    business: str
    contacts: Sequence[Contact]
    past: Sequence[tuple[int, float]] = ()
    employees: int | None = None
    naics: str | None = None
    county: str | None = None
    zip_code: str | None = None
    referrals: Sequence[Referral] = ()
    agreements: Sequence[Agreement] = ()
    do_not_contact: bool = False
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """`free_on` only where red by fatigue; `ask` only where amber: the lead, else e-mails of staff, else agencies."""

    light: str
    reasons: list[str]
    fatigue: float
    budget: float
    free_on: int | None
    ask: list[str]

    def as_json(self) -> dict[str, Any]:
        """The JSON of `crm light`."""
        free_on = None if self.free_on is None else get_date(self.free_on).isoformat()
        return {
            "light": self.light,
            "reasons": self.reasons,
            "fatigue": self.fatigue,
            "budget": self.budget,
            "free_on": free_on,
            "ask": self.ask,
        }


@dataclass(frozen=True, slots=True)
class _Busy:
    """A contact that is in play, and why: of another door, which makes a light amber, or of a partner in one's own."""

    contact: Contact
    agencies: list[str]
    reasons: list[str]
    is_partner: bool


def light_business(
    subject: Subject, *, agency: str, day: int, directory: Directory, settings: Settings | None = None
) -> Light:
    """The light of a business for an agency (its id)."""
    settings = settings or Settings()
    asks = [*subject.past, *_list_asks(subject.contacts, settings)]
    fatigue = measure_fatigue(asks, day=day, settings=settings)
    return _find_light(
        fatigue=fatigue,
        budget=settings.get_budget(subject.employees),
        forbidden=["Do not contact: a record of this business says so."] if subject.do_not_contact else [],
        busy=_list_busy(subject, subject.contacts, agency=agency, day=day, directory=directory, settings=settings),
        lead=subject.lead,
        day=day,
        settings=settings,
    )


def light_person(
    person: str,
    subjects: Sequence[Subject],
    *,
    works_at: Collection[str],
    agency: str,
    day: int,
    directory: Directory,
    do_not_contact: bool = False,
    lead: str | None = None,
    settings: Settings | None = None,
) -> Light:
    """The light of a person: over the contacts that name them, and red where a business that they work at is.

    `subjects` are the businesses of `works_at` and all others with a contact that names the person, each with all of
    its contacts: the others say which agencies are one door there.
    """
    settings = settings or Settings()
    forbidden = ["Do not contact: a record of this person says so."] if do_not_contact else []
    busy: list[_Busy] = []
    asks: list[tuple[int, float]] = []
    for subject in subjects:
        named = [contact for contact in subject.contacts if person in contact.persons]
        asks += _list_asks(named, settings)
        busy += _list_busy(subject, named, agency=agency, day=day, directory=directory, settings=settings)
        if subject.business in works_at:
            whole = light_business(subject, agency=agency, day=day, directory=directory, settings=settings)
            forbidden += [f"Their business: {reason}" for reason in whole.reasons if whole.light == RED]
    return _find_light(
        fatigue=measure_fatigue(asks, day=day, settings=settings),
        budget=settings.person_budget,
        forbidden=forbidden,
        busy=busy,
        lead=lead,
        day=day,
        settings=settings,
    )


def _find_light(
    *,
    fatigue: float,
    budget: float,
    forbidden: list[str],
    busy: list[_Busy],
    lead: str | None,
    day: int,
    settings: Settings,
) -> Light:
    reasons = list(forbidden)
    free_on = find_free_day(fatigue, budget, day=day, settings=settings)
    if free_on is not None:
        when = f"{get_date(free_on).isoformat()}, in {_count_days(free_on - day)}"
        reasons.append(f"Asked too often lately (fatigue {fatigue:.2f}, at most {budget:g}). Free again on {when}.")
    if reasons:
        return Light(RED, reasons, fatigue, budget, free_on, [])
    others = [entry for entry in busy if not entry.is_partner]
    if others:
        told = [reason for entry in others for reason in entry.reasons]
        return Light(AMBER, told, fatigue, budget, None, _list_whom_to_ask(others, lead))
    last, soon = settings.recent_days, settings.plan_days
    calm = f"No other door asked in the last {last} days, plans to in the next {soon}, or has a promise open."
    # The newest are the last. Whoever sees them on the timeline should not wonder why the light is green.
    partners = [f"In your own door: {reason}" for entry in busy[-PARTNERS_TOLD:] for reason in entry.reasons]
    return Light(GREEN, [calm, *partners], fatigue, budget, None, [])


def weigh_ask(direction: str | None, purpose: str | None, channel: str | None, settings: Settings) -> float | None:
    """The weight of a contact as an ask; None if it is none. Cells as they were said."""
    if not is_outbound(tidy_word(direction), settings) or settings.find_class(tidy_word(purpose)) is None:
        return None
    return settings.get_channel(tidy_word(channel)).burden


def _list_asks(contacts: Iterable[Contact], settings: Settings) -> list[tuple[int, float]]:
    weighed = ((c.day, weigh_ask(c.direction, c.purpose, c.channel, settings)) for c in contacts)
    return [(day, weight) for day, weight in weighed if weight is not None]


def _list_busy(
    subject: Subject,
    contacts: Iterable[Contact],
    *,
    agency: str,
    day: int,
    directory: Directory,
    settings: Settings,
) -> list[_Busy]:
    """Those of these contacts of the business that others than the agency itself made, and that are still in play."""
    held = [(c.day, directory.mask_programs(c.programs)) for c in subject.contacts if c.day <= day]
    links = list_links(
        subject.business,
        naics=subject.naics,
        county=subject.county,
        zip_code=subject.zip_code,
        joint=held,
        referrals=subject.referrals,
        agreements=subject.agreements,
        directory=directory,
        link_days=settings.link_days,
    )
    own = directory.mask_agencies([agency])
    own_door = Doors(links).widen(own, day)
    busy = []
    # Most contacts are long past: they are left out before anything is made of them.
    near = [c for c in contacts if is_near(c.day, day=day, settings=settings) or c.promise or c.promise_due is not None]
    for contact in sorted(near, key=lambda c: (c.day, directory.agencies[c.agency], c.key, c.system)):
        mask = directory.mask_programs(contact.programs)
        names = directory.name_mask(mask)
        if not mask & own and (reasons := _list_reasons(contact, names, day=day, settings=settings)):
            busy.append(_Busy(contact, names, reasons, is_partner=bool(mask & own_door)))
    return busy


def is_near(day_of_contact: int, *, day: int, settings: Settings) -> bool:
    """Whether a contact of that day can be in play on this day at all if nothing was promised in it."""
    return -settings.recent_days <= day_of_contact - day <= settings.plan_days


def _list_reasons(contact: Contact, agencies: list[str], *, day: int, settings: Settings) -> list[str]:
    """Why a contact of another door is in play on this day; none if it is not."""
    who, ahead = " and ".join(agencies), contact.day - day
    about = ", ".join(split_topics(tuple(contact.topics) if not isinstance(contact.topics, str) else contact.topics))
    how = settings.get_channel(tidy_word(contact.channel)).name.replace("_", " ") + (f" about {about}" if about else "")
    have = "has" if len(agencies) == 1 else "have"
    reasons = []
    if (
        -settings.recent_days <= ahead <= 0
        and weigh_ask(contact.direction, contact.purpose, contact.channel, settings) is not None
    ):
        reasons.append(f"{who} asked {_tell_past(-ahead)} ({how}).")
    if 0 < ahead <= settings.plan_days:
        reasons.append(f"{who} {have} a contact planned in {_count_days(ahead)} ({how}).")
    promised = contact.promise or contact.promise_due is not None
    kept = contact.promise_kept_on is not None and contact.promise_kept_on <= day
    if promised and ahead <= 0 and not kept:
        due = f", due on {get_date(contact.promise_due).isoformat()}" if contact.promise_due is not None else ""
        reasons.append(f"{who} {have} a promise open, made {_tell_past(-ahead)}{due}.")
    return reasons


def _list_whom_to_ask(busy: list[_Busy], lead: str | None) -> list[str]:
    """The lead if there is one, else the staff of these contacts, else their agencies; in text order."""
    if lead:
        return [lead]
    # An e-mail address is the same in any case; a name is written as it was said.
    said = {text.strip() for entry in busy for text in entry.contact.staff}
    staff = {text.lower() if "@" in text else text for text in said}
    return sorted(staff) or sorted({name for entry in busy for name in entry.agencies})


def _count_days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _tell_past(days: int) -> str:
    return "today" if days == 0 else f"{_count_days(days)} ago"
