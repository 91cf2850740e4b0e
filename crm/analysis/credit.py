"""Coordination credit: what an agency, and each of its staff, did so that businesses are not asked twice.

Of a period: holds that it respected (`crm.analysis.holds`), joint visits, referrals given and taken, and beside them
its knocks with those that came after another door's. Each is a `Deed` that a reader can check, with the contacts whose
staff it is credited to. The rules are conventions, told in docs/measures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import EVERYTHING, Scope
from crm.analysis.chains import chain_asks, order_rows
from crm.analysis.classes import Outcome
from crm.analysis.contacts import Mask
from crm.analysis.counts import flag_scope
from crm.analysis.days import Period, get_last_year
from crm.analysis.history import History
from crm.analysis.holds import find_holds
from crm.analysis.sets import list_bits

HOLD, JOINT_VISIT, GIVEN, TAKEN, KNOCK = "hold", "joint_visit", "referral_given", "referral_taken", "knock"
KINDS = (HOLD, JOINT_VISIT, GIVEN, TAKEN, KNOCK)
# (agency id, system, key): what names a contact among all.
Source = tuple[str, str, str]


class Deed(NamedTuple):
    """One thing that is counted for an agency (a number of the directory) at a business (an id).

    `first` and `last` are days, the same for all but a hold. `counts`: a hold that was respected, a knock that was
    redundant; true for the others. `others` are the other agencies of a joint visit or a referral, as bits. Whoever is
    named as staff in one of `sources` is credited with it.
    """

    kind: str
    agency: int
    business: str
    first: int
    last: int
    counts: bool
    others: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each; `holds` and `knocks` are the wholes of `holds_respected` and `redundant`."""

    holds: int
    holds_respected: int
    joint_visits: int
    referrals_given: int
    referrals_taken: int
    knocks: int
    redundant: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def tally(deeds: Iterable[Deed]) -> Tally:
    counts = dict.fromkeys(((kind, counts) for kind in KINDS for counts in (True, False)), 0)
    for deed in deeds:
        counts[deed.kind, deed.counts] += 1
    return Tally(
        holds=counts[HOLD, True] + counts[HOLD, False],
        holds_respected=counts[HOLD, True],
        joint_visits=counts[JOINT_VISIT, True],
        referrals_given=counts[GIVEN, True],
        referrals_taken=counts[TAKEN, True],
        knocks=counts[KNOCK, True] + counts[KNOCK, False],
        redundant=counts[KNOCK, True],
    )


def list_deeds(
    history: History,
    *,
    agencies: Collection[str],
    period: Period | None = None,
    scope: Scope = EVERYTHING,
    window: int | None = None,
    broad: bool = False,
) -> list[Deed]:
    """Everything that counts for these agencies (ids) in a period, up to `as_of`; by kind, day, business and agency.

    A hold belongs to the period in which it ended; one that is not over by `as_of` is not counted yet. A referral
    belongs to the day on which it was accepted, a knock to its own.
    """
    settings = history.settings
    period = period or get_last_year(history.as_of, days=settings.year_days)
    period = Period(period.first, min(period.last, history.as_of))
    window = settings.window_days if window is None else window
    wanted = history.region.directory.mask_agencies(agencies)
    inside = flag_scope(history.region, scope)
    deeds = [
        *_list_holds(history, wanted, period, inside),
        *_list_joint_visits(history, wanted, period, inside),
        *_list_referrals(history, wanted, period, None if scope.is_all else inside),
        *_list_knocks(history, wanted, period, inside, window=window, broad=broad),
    ]
    # A stable order, whatever the order of imports.
    return sorted(deeds, key=lambda deed: (KINDS.index(deed.kind), deed.last, deed.business, deed.agency, deed.sources))


def _list_holds(history: History, wanted: int, period: Period, inside: Mask) -> list[Deed]:
    ids = history.region.words.business_ids
    return [
        Deed(HOLD, held.agency, ids[held.business], held.first, held.last, held.is_respected, 0, (held.source,))
        for held in find_holds(history, agencies=wanted, inside=inside)
        if period.first <= held.last <= period.last
    ]


def _list_joint_visits(history: History, wanted: int, period: Period, inside: Mask) -> list[Deed]:
    contacts, lookups = history.region.contacts, history.lookups
    is_counted = lookups.sets.joint[contacts.programs] & lookups.reached[contacts.reached] & inside[contacts.business]
    rows = np.flatnonzero(is_counted & (contacts.day >= period.first) & (contacts.day <= period.last))
    ids, name, deeds = contacts.words.business_ids, _name_sources(history), list[Deed]()
    for row in rows.tolist():
        made_by, day = lookups.sets.agencies[contacts.programs[row]], int(contacts.day[row])
        for agency in list_bits(made_by & wanted):
            others, business = made_by & ~(1 << agency), ids[contacts.business[row]]
            deeds.append(Deed(JOINT_VISIT, agency, business, day, day, True, others, name([row])))
    return deeds


def _list_referrals(history: History, wanted: int, period: Period, inside: Mask | None) -> list[Deed]:
    region, found = history.region, list[tuple[str, str, int, int, int]]()
    codes = region.words.business
    for business, told in region.referrals.items():
        if inside is not None and not (business in codes and inside[codes[business]]):
            continue
        for referral in told:
            day = referral.accepted_on
            giver, taker = (region.directory.program_agencies[p] for p in (referral.from_program, referral.to_program))
            if day is None or giver == taker or not period.first <= day <= period.last:
                continue
            for kind, agency, other in ((GIVEN, giver, taker), (TAKEN, taker, giver)):
                if wanted >> agency & 1:
                    found.append((kind, business, agency, other, day))
    rows, name = _sort_rows(history, {business for _, business, *_ in found}), _name_sources(history)
    deeds = []
    for kind, business, agency, other, day in found:
        handing = _find_handing(history, rows.get(business, ()), agency, day, before=kind == GIVEN)
        deeds.append(Deed(kind, agency, business, day, day, True, 1 << other, name(handing)))
    return deeds


def _find_handing(history: History, rows: Sequence[int], agency: int, day: int, *, before: bool) -> list[int]:
    """Of these rows the agency's last one up to this day, or its first from this day on; none if there is none."""
    contacts, masks = history.region.contacts, history.lookups.sets.agencies
    own = [row for row in rows if masks[contacts.programs[row]] >> agency & 1]
    near = [row for row in own if (contacts.day[row] <= day if before else contacts.day[row] >= day)]
    return near[-1:] if before else near[:1]


def _sort_rows(history: History, businesses: Collection[str]) -> dict[str, list[int]]:
    """The contacts of each of these businesses up to `as_of`, in order."""
    contacts, ids = history.region.contacts, history.region.words.business_ids
    rows = np.flatnonzero(contacts.words.flag(businesses)[contacts.business] & (contacts.day <= history.as_of))
    sorted_rows: dict[str, list[int]] = {}
    for row in order_rows(contacts, rows, rank=history.lookups.agency).tolist():
        sorted_rows.setdefault(ids[contacts.business[row]], []).append(row)
    return sorted_rows


def _list_knocks(
    history: History, wanted: int, period: Period, inside: Mask, *, window: int, broad: bool
) -> list[Deed]:
    knocks, masks = history.knocks, history.lookups.sets.agencies
    held = np.array([bool(mask & wanted) for mask in masks], dtype=bool)
    counted = (knocks.day >= period.first) & (knocks.day <= period.last) & inside[knocks.business]
    places = np.flatnonzero(counted & held[knocks.programs])
    redundant = history.classify(window=window, broad=broad).outcome == Outcome.REDUNDANT
    ids, name, asks = history.region.words.business_ids, _name_sources(history), _find_asks(history, places)
    deeds: list[Deed] = []
    for place, rows in zip(places.tolist(), asks, strict=True):
        business, day = ids[knocks.business[place]], int(knocks.day[place])
        sources = name(rows)
        deeds += [
            Deed(KNOCK, agency, business, day, day, bool(redundant[place]), 0, sources)
            for agency in list_bits(masks[knocks.programs[place]] & wanted)
        ]
    return deeds


def _find_asks(history: History, places: NDArray[np.int64]) -> list[list[int]]:
    """The rows of the contacts that make each of these knocks."""
    region, knocks = history.region, history.knocks
    flags = np.zeros(len(region.words.business), dtype=bool)
    flags[knocks.business[places]] = True
    kept = np.flatnonzero(flags[region.contacts.business])
    again, asks = chain_asks(
        region.contacts.take(kept), history.lookups, as_of=history.as_of, settings=history.settings
    )
    # Businesses may stand in another order here, but the knocks of each are the same ones in the same order.
    here = np.argsort(again.business, kind="stable")
    there = np.flatnonzero(flags[knocks.business])
    there = there[np.argsort(knocks.business[there], kind="stable")]
    number = dict(zip(there.tolist(), here.tolist(), strict=True))
    of_knock: list[list[int]] = [[] for _ in range(len(again))]
    for knock, row in zip(asks.knock.tolist(), kept[asks.row].tolist(), strict=True):
        of_knock[knock].append(row)
    return [of_knock[number[place]] for place in places.tolist()]


def _name_sources(history: History) -> Callable[[Sequence[int]], tuple[Source, ...]]:
    contacts = history.region.contacts

    def name(rows: Sequence[int]) -> tuple[Source, ...]:
        return tuple(contacts.name_rows(rows))

    return name


def tally_staff(deeds: Iterable[Deed], people: Mapping[str, tuple[int, Collection[Source]]]) -> dict[str, Tally]:
    """The tally of each person, given by their agency (a number) and the contacts that name them: what counts for their
    own agency, once where several contacts of theirs stand behind it."""
    named: dict[tuple[int, Source], list[str]] = {}
    for person, (agency, sources) in people.items():
        for source in sources:
            named.setdefault((agency, source), []).append(person)
    done: dict[str, list[Deed]] = {person: [] for person in people}
    for deed in deeds:
        for person in {one for source in deed.sources for one in named.get((deed.agency, source), ())}:
            done[person].append(deed)
    return {person: tally(of) for person, of in done.items()}
