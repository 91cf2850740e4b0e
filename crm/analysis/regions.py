"""The region as the measures see it: who knocks, on whom, and what links agencies to each other.

Plain values that a bulk read of the graph delivers; nothing here knows where they came from. Agencies are numbered by
their name in text order, which is the order of definitions §0, and in sets of agencies each has one bit of an
integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.analysis.businesses import Businesses, Sector
from crm.analysis.contacts import LISTS, Contacts, Mask, Words, read_contacts
from crm.analysis.patches import Patched
from crm.analysis.sets import list_bits

_NO_CONTACTS: Mapping[str, Any] = dict.fromkeys(LISTS, ())


@dataclass(frozen=True)
class Directory:
    """Agencies by id with their names, programs by id with the id of the agency that runs them."""

    agencies: Mapping[str, str]
    programs: Mapping[str, str]

    @cached_property
    def agency_ids(self) -> list[str]:
        """By name, then id: an agency's place here is its number."""
        return sorted(self.agencies, key=lambda agency: (self.agencies[agency], agency))

    @cached_property
    def names(self) -> list[str]:
        return [self.agencies[agency] for agency in self.agency_ids]

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {agency: number for number, agency in enumerate(self.agency_ids)}

    @cached_property
    def program_agencies(self) -> dict[str, int]:
        """The number of each program's agency."""
        return {program: self.numbers[agency] for program, agency in self.programs.items()}

    def mask_agencies(self, agencies: Iterable[str]) -> int:
        """The set of these agencies as bits; an agency that is not in the directory is no part of it."""
        mask = 0
        for agency in agencies:
            if agency in self.numbers:
                mask |= 1 << self.numbers[agency]
        return mask

    def mask_programs(self, programs: Iterable[str]) -> int:
        """The agencies of these programs as bits. Raises KeyError for a program that nobody runs."""
        mask = 0
        for program in programs:
            mask |= 1 << self.program_agencies[program]
        return mask

    def name_mask(self, mask: int) -> list[str]:
        """The names of the agencies in a set, in text order."""
        known = self._named.get(mask)
        if known is None:
            known = self._named[mask] = tuple(self.names[number] for number in list_bits(mask))
        return list(known)

    @cached_property
    def _named(self) -> dict[int, tuple[str, ...]]:
        """The names of the sets that were asked for: a page asks for the same few again and again."""
        return {}


@dataclass(frozen=True, slots=True)
class Referral:
    """A business handed from one program to another; it links their agencies from the day it is accepted on."""

    business: str
    from_program: str
    to_program: str
    accepted_on: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agencies that share a lead, for the businesses named and those of a scope; without either, for all.

    The scope is NAICS prefixes, places (counties or zips) or both: then a business must be in both.
    """

    name: str
    agencies: Sequence[str]
    begins_on: int
    ends_on: int | None = None
    naics: tuple[str, ...] = ()
    businesses: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()

    def covers(self, business: str, naics: str | None, *, county: str | None = "", zip_code: str | None = "") -> bool:
        if not self.naics and not self.places:
            return not self.businesses or business in self.businesses
        if business in self.businesses:
            return True
        if self.naics and not (naics and naics.startswith(self.naics)):
            return False
        return not self.places or Sector(self.naics, self.places).is_at(county=county or "", zip_code=zip_code or "")


@dataclass(frozen=True)
class Region:
    """Everything that the measures of knocks are made from."""

    directory: Directory
    businesses: Businesses
    rows: Patched[Contacts]
    referrals: Mapping[str, Sequence[Referral]] = field(default_factory=dict)
    agreements: Sequence[Agreement] = ()

    @property
    def contacts(self) -> Contacts:
        """Every touchpoint; what is known of a few businesses is had faster by `only`."""
        return self.rows.whole

    @property
    def words(self) -> Words:
        return self.rows.newest.words

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Where the business of each code of the contacts stands in `businesses`, -1 for one that does not."""
        ids, places = self.words.business_ids, self.businesses.places
        return np.fromiter(map(places.get, ids, repeat(-1)), dtype=np.int64, count=len(ids))

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """The id behind each business code of the contacts."""
        return np.array(self.words.business_ids, dtype=object)

    @cached_property
    def id_ranks(self) -> NDArray[np.int64]:
        """The place of each of `ids` in text order."""
        ranks = np.empty(len(self.ids), dtype=np.int64)
        ranks[np.argsort(self.ids.astype(np.str_))] = np.arange(len(ranks))
        return ranks

    def spread(self, values: NDArray[Any], *, missing: Any) -> NDArray[Any]:
        """Values by place in `businesses`, as values by business code of the contacts."""
        return np.append(values, np.array([missing], dtype=values.dtype))[self.places]

    def only(self, flags: Mask) -> Region:
        """The same region with the contacts of the flagged business codes alone."""
        region = replace(self, rows=Patched(*self.rows.take(np.flatnonzero(flags))))
        # The codes are the same, so what was found for them still holds.
        region.__dict__.update(places=self.places, ids=self.ids)
        return region

    def change(
        self,
        *,
        contacts: Iterable[Mapping[str, Any]] = (),
        businesses: Iterable[Mapping[str, Any]] = (),
        referrals: Mapping[str, Sequence[Referral]] | None = None,
        gone: Iterable[str] = (),
    ) -> Region:
        """The region after a write: a given row replaces what was known of its business; `gone` ones are left out."""
        lost = set(gone)
        given = {row["business"]: row for row in contacts}
        emptied = [{"business": business, **_NO_CONTACTS} for business in lost - given.keys()]
        kept = {business: told for business, told in self.referrals.items() if business not in lost}
        region = replace(
            self,
            rows=self._replace_rows([*given.values(), *emptied]),
            businesses=self.businesses.replace(businesses, gone=lost),
            referrals=kept | {business: list(told) for business, told in (referrals or {}).items()},
        )
        region._take_over(self)
        return region

    def _replace_rows(self, rows: Sequence[Mapping[str, Any]]) -> Patched[Contacts]:
        """All contacts of the businesses in these rows anew; a row with empty lists leaves its business without any."""
        fresh = read_contacts(rows, words=self.words)
        touched = np.flatnonzero(fresh.words.flag(row["business"] for row in rows))
        return self.rows.replace(touched, fresh, fresh.business)

    def _take_over(self, earlier: Region) -> None:
        """What was found for the codes of an earlier region, as far as it holds for this one, which has its codes."""
        if len(self.words.business) != len(earlier.words.business):
            return
        kept = ["ids", "id_ranks"]
        if self.businesses.places is earlier.businesses.places:
            kept.append("places")
        self.__dict__.update({name: earlier.__dict__[name] for name in kept if name in earlier.__dict__})


def read_region(
    *,
    directory: Directory,
    contacts: Sequence[Mapping[str, Any]] | Contacts,
    businesses: Iterable[Mapping[str, Any]] = (),
    referrals: Iterable[Referral] = (),
    agreements: Iterable[Agreement] = (),
) -> Region:
    """A region from what bulk reads deliver, in the shapes of `read_contacts` and `Businesses.read`."""
    columns = contacts if isinstance(contacts, Contacts) else read_contacts(contacts)
    told: dict[str, list[Referral]] = {}
    for referral in referrals:
        told.setdefault(referral.business, []).append(referral)
    rows = Patched(columns, columns.business)
    return Region(directory, Businesses.read(businesses), rows, told, tuple(agreements))
