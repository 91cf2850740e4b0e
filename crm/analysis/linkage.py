"""All links of the region at once: which agreements cover which business, and what links agencies about it alone.

Most businesses have no joint contact and no referral; what links agencies about them are agreements, which cover many
businesses alike. So businesses are sorted by which agreements cover them (their `cover`), and doors are found once
for a cover and a day. Only the others (`local`) are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crm.analysis.contacts import Codes, Mask
from crm.analysis.days import Period
from crm.analysis.doors import (
    Doors,
    Link,
    join_masks,
    label_agencies,
    link_agreements,
    link_joint_contacts,
    link_referrals,
    merge_links,
)
from crm.analysis.lookups import Lookups
from crm.analysis.regions import Agreement, Referral, Region
from crm.analysis.sets import list_bits
from crm.analysis.settings import Settings


class Covers(NamedTuple):
    """By business code which agreements cover it, all of them in one number, and the links of each such number."""

    cover: Codes
    agreed: list[list[Link]]


@dataclass(frozen=True, slots=True)
class Linkage:
    """`cover` by business code; `agreed` are the links of each cover; `local` those about one business alone."""

    cover: Codes
    agreed: list[list[Link]]
    local: dict[int, list[Link]]
    agencies: int

    def get_doors(self, business: int) -> Doors:
        return Doors([*self.agreed[self.cover[business]], *self.local.get(business, ())])

    def label_covers(self, day: int) -> NDArray[np.int32]:
        """One row a cover, one number an agency, equal for agencies that agreements join on this day."""
        rows = []
        for links in self.agreed:
            doors = join_masks(link.agencies for link in links if link.first <= day <= link.last)
            rows.append(label_agencies(doors, self.agencies))
        return np.array(rows, dtype=np.int32).reshape(len(rows), self.agencies)

    def label_rows(self, business: Codes, agency: Codes, *, day: int) -> Codes:
        """The door on this day of an agency of a business, one number an entry: the lowest agency of the door."""
        labels = self.label_covers(day)[self.cover[business], agency]
        pairs, lowest = self._label_local(np.unique(business), day=day)
        if len(pairs):
            asked = business.astype(np.int64) * self.agencies + agency
            place = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
            labels = np.where(pairs[place] == asked, lowest[place], labels)
        return labels

    def list_epochs(self, period: Period) -> list[Period]:
        """The stretches of this period in which no agreement begins or ends; those without any agreement left out."""
        links = {link for links in self.agreed for link in links}
        cuts = {link.first for link in links} | {link.last + 1 for link in links} | {period.first, period.last + 1}
        days = sorted(cut for cut in cuts if period.first <= cut <= period.last + 1)
        epochs = [Period(first, after - 1) for first, after in pairwise(days)]
        return [epoch for epoch in epochs if any(link.first <= epoch.first <= link.last for link in links)]

    def _label_local(self, businesses: Codes, *, day: int) -> tuple[NDArray[np.int64], Codes]:
        """(business, agency) as one sorted number each, and their door, where links of their own join agencies."""
        found: list[tuple[int, int]] = []
        for business in self.local.keys() & set(businesses.tolist()):
            for door in self.get_doors(business).list_doors(day):
                lowest = (door & -door).bit_length() - 1
                found.extend((business * self.agencies + number, lowest) for number in list_bits(door))
        found.sort()
        pairs = np.array([pair for pair, _ in found], dtype=np.int64)
        return pairs, np.array([lowest for _, lowest in found], dtype=np.int32)


def read_linkage(
    region: Region, lookups: Lookups, *, as_of: int, settings: Settings, covers: Covers | None = None
) -> Linkage:
    """The links of the businesses that the region's contacts are with; `covers` where they are known already."""
    contacts = region.contacts
    covers = covers or sort_covers(region)
    present = np.zeros(len(contacts.words.business), dtype=bool)
    present[contacts.business] = True
    return Linkage(
        *covers,
        local=_list_local(region, lookups, present, as_of=as_of, link_days=settings.link_days),
        agencies=len(region.directory.agencies),
    )


def sort_covers(region: Region) -> Covers:
    """Which agreements cover which business."""
    agreements = link_agreements(region.agreements, region.directory)
    scopes = {_get_scope(agreement): flag_covered(region, agreement) for agreement, _ in agreements}
    cover = np.zeros(len(region.words.business), dtype=np.int64)
    for covered in scopes.values():
        # Numbered anew each time, so that a hundred agreements do not run out of bits.
        cover = cover * 2 + covered
        used = np.bincount(cover) > 0
        cover = (np.cumsum(used) - 1)[cover] if len(cover) else cover
    examples = _find_examples(cover)
    agreed = [
        [link for agreement, link in agreements if scopes[_get_scope(agreement)][example]] for example in examples
    ]
    return Covers(cover.astype(np.int32), agreed)


def _find_examples(cover: NDArray[np.int64]) -> list[int]:
    """A business code of each cover."""
    examples = np.zeros(int(cover.max(initial=-1)) + 1, dtype=np.int64)
    examples[cover] = np.arange(len(cover))
    return examples.tolist()


def _get_scope(agreement: Agreement) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    return agreement.naics, agreement.places, agreement.businesses


def flag_covered(region: Region, agreement: Agreement) -> Mask:
    """True for the business codes that this agreement covers."""
    if not agreement.naics and not agreement.places and not agreement.businesses:
        return np.ones(len(region.words.business), dtype=bool)
    named = region.words.flag(agreement.businesses)
    if agreement.naics or agreement.places:
        scope = region.businesses.flag_places(agreement.places)
        if agreement.naics:
            scope &= region.businesses.flag_naics(agreement.naics)
        named |= region.spread(scope, missing=False)
    return named


def _list_local(
    region: Region, lookups: Lookups, present: Mask, *, as_of: int, link_days: int
) -> dict[int, list[Link]]:
    """The links of joint contacts and referrals, by the code of the business that they are about."""
    contacts, local = region.contacts, dict[int, list[Link]]()
    rows = np.flatnonzero(lookups.sets.joint[contacts.programs] & (contacts.day <= as_of))
    business, day = contacts.business[rows].tolist(), contacts.day[rows].tolist()
    masks = [lookups.sets.agencies[code] for code in contacts.programs[rows].tolist()]
    for code, link in zip(business, link_joint_contacts(zip(day, masks, strict=True), days=link_days), strict=True):
        local.setdefault(code, []).append(link)
    for code, referrals in _list_referrals(region, present):
        if referrals:
            local.setdefault(code, []).extend(link_referrals(referrals, region.directory, days=link_days))
    return {code: merge_links(links) for code, links in local.items() if links}


def _list_referrals(region: Region, present: Mask) -> Iterator[tuple[int, Sequence[Referral]]]:
    """The referrals of these businesses: looked up from whichever side there are fewer."""
    codes = np.flatnonzero(present)
    if len(codes) < len(region.referrals):
        names = region.ids[codes].tolist()
        yield from ((code, region.referrals.get(name, ())) for code, name in zip(codes.tolist(), names, strict=True))
        return
    for name, referrals in region.referrals.items():
        code = region.words.business.get(name)
        if code is not None and present[code]:
            yield code, referrals
