"""Filters: only businesses and people of a sector, of a place, that an agency knows, or that nobody ever contacted."""

from dataclasses import dataclass

import numpy as np

from crm.analysis.businesses import Sector
from crm.search.segments import Bools, Labels, Segment


@dataclass(frozen=True)
class Filter:
    """What all results have in common. `place` is the beginning of a county, town or zip code.

    A person is where the employer is.
    """

    sector: Sector | None = None
    place: str = ""
    agency_id: str = ""
    never_contacted: bool = False

    def __bool__(self) -> bool:
        return bool(self.sector or self.place.strip() or self.agency_id or self.never_contacted)


EVERYTHING = Filter()


def flag_things(segment: Segment, only: Filter) -> Bools:
    """Which things of the segment pass."""
    flags = np.ones(len(segment), dtype=bool)
    if only.sector is not None:
        sector = only.sector
        flags &= _flag(segment.naics, [bool(code) and code.startswith(sector.naics) for code in segment.naics.texts])
        if sector.places:
            flags &= _flag(segment.places, [_is_in_sector(text, sector) for text in segment.places.texts])
    if place := only.place.strip().casefold():
        flags &= _flag(segment.places, [_is_at(text, place) for text in segment.places.texts])
    if only.agency_id:
        flags &= _flag(segment.agencies, [only.agency_id in text.split() for text in segment.agencies.texts])
    if only.never_contacted:
        flags &= (segment.contacts == 0) & ~segment.is_person
    return flags


def _flag(labels: Labels, passes: list[bool]) -> Bools:
    return np.array(passes, dtype=bool)[labels.codes]


def _is_at(places: str, wanted: str) -> bool:
    return any(place.startswith(wanted) for place in places.casefold().split("\t"))


def _is_in_sector(places: str, sector: Sector) -> bool:
    county, _, zip_code = places.split("\t") if places else ("", "", "")
    return sector.is_at(county=county, zip_code=zip_code)
