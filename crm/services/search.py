"""Search businesses and people over all agencies: what page, suggestions, command and API show of what is found."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from crm import dedupe
from crm.access import Viewer
from crm.batches import in_batches
from crm.dedupe import BUSINESS, PERSON, explain
from crm.errors import Refused
from crm.graph import agencies
from crm.graph import search as rows
from crm.graph.driver import Store
from crm.graph.search import BusinessRow, PersonRow
from crm.search.filters import EVERYTHING, Filter
from crm.search.index import Hits
from crm.services import lights, lookups
from crm.services.finders import get_finder

R = TypeVar("R", BusinessRow, PersonRow)
PAGE = 20
SUGGESTED = 8
# Rows of one read of a long list.
BATCH = 2_000


@dataclass(frozen=True)
class Found:
    """One page of what was found, best first, and how many there are. `lights` are for the viewer's agency."""

    businesses: list[BusinessRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    business_count: int = 0
    person_count: int = 0
    lights: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundBusiness:
    """A business in the lists of command and API."""

    business: str
    name: str
    city: str | None
    agencies: list[str]
    records: int
    light: str | None


def make_filter(
    db: Store, *, sector: str = "", place: str = "", agency_id: str = "", never_contacted: bool = False
) -> Filter:
    """A filter as a page asks for it: a sector by name. Raises NotFound for an unknown sector."""
    found = lookups.get_sector(db, sector) if sector else None
    return Filter(sector=found, place=place, agency_id=agency_id, never_contacted=never_contacted)


def search(
    db: Store,
    viewer: Viewer,
    text: str,
    *,
    only: Filter = EVERYTHING,
    first: int = 0,
    most: int = PAGE,
    people: bool = False,
) -> Found:
    """One page of the businesses (or people) that the text may mean; the counts are of both. Blank: all there are."""
    found = get_finder(db).get_index().search(text, only=only, first=first, most=most)
    businesses = [] if people else rows.list_businesses(db, viewer, found.businesses.ids)
    persons = rows.list_people(db, viewer, found.people.ids) if people else []
    return Found(
        businesses,
        persons,
        business_count=found.businesses.total,
        person_count=found.people.total,
        lights=find_lights(db, viewer, [row.id for row in businesses]),
    )


def suggest(
    db: Store, viewer: Viewer, text: str, *, most: int = SUGGESTED
) -> tuple[list[BusinessRow | PersonRow], Found]:
    """The best of both kinds in one list, for a box in which somebody types, and both kinds by themselves."""
    found = get_finder(db).get_index().search(text, most=most)
    order = sorted([*_list_scored(found.businesses, 0), *_list_scored(found.people, 1)])[:most]
    chosen = [id for *_, id in order]
    businesses = rows.list_businesses(db, viewer, [id for id in found.businesses.ids if id in chosen])
    persons = rows.list_people(db, viewer, [id for id in found.people.ids if id in chosen])
    by_id = {row.id: row for row in (*businesses, *persons)}
    shown = find_lights(db, viewer, [row.id for row in businesses])
    return [by_id[id] for id in chosen if id in by_id], Found(
        businesses, persons, found.businesses.total, found.people.total, shown
    )


def list_known(typed: str, found: Sequence[R]) -> list[R]:
    """Those of these results that are called so, as far as names alone can tell."""
    return [row for row in found if _is_called(typed, row)]


def _is_called(typed: str, row: BusinessRow | PersonRow) -> bool:
    if isinstance(row, PersonRow):
        said = explain(PERSON, dedupe.PersonRow("typed", 0, name=typed), dedupe.PersonRow(row.id, 1, name=row.name))
    else:
        said = explain(
            BUSINESS, dedupe.BusinessRow("typed", 0, name=typed), dedupe.BusinessRow(row.id, 1, name=row.name)
        )
    return said.decision != "different"


def _list_scored(hits: Hits, kind: int) -> list[tuple[int, int, int, str]]:
    """As (score upside down, kind, place, id), to sort by."""
    return [(-score, kind, place, id) for place, (score, id) in enumerate(zip(hits.scores, hits.ids, strict=True))]


def list_businesses(db: Store, viewer: Viewer, text: str = "", *, limit: int | None = None) -> list[FoundBusiness]:
    """All businesses that the text may mean, best first; without a text all there are, best known first."""
    if limit is not None and limit < 1:
        raise Refused("The limit is a number from 1 on.")
    names = {agency.id: agency.name for agency in agencies.list_agencies(db, viewer)}
    found: list[FoundBusiness] = []
    for row in list_business_rows(db, viewer, text, limit=limit):
        known = sorted(names[id] for id in row.agency_ids if id in names)
        found.append(FoundBusiness(row.id, row.name, row.city, known, row.records, None))
    shown = find_lights(db, viewer, [one.business for one in found])
    return [replace(one, light=shown.get(one.business)) for one in found] if shown else found


def list_business_rows(
    db: Store, viewer: Viewer, text: str, *, only: Filter = EVERYTHING, limit: int | None = None
) -> Iterator[BusinessRow]:
    """Every business of a search, best first, however many they are."""
    found = get_finder(db).get_index().search(text, only=only, most=sys.maxsize if limit is None else limit)
    for ids in in_batches(found.businesses.ids, BATCH):
        yield from rows.list_businesses(db, viewer, ids)


def list_person_rows(db: Store, viewer: Viewer, text: str, *, only: Filter = EVERYTHING) -> Iterator[PersonRow]:
    """Every person of a search, best first."""
    found = get_finder(db).get_index().search(text, only=only, most=sys.maxsize)
    for ids in in_batches(found.people.ids, BATCH):
        yield from rows.list_people(db, viewer, ids)


def find_lights(db: Store, viewer: Viewer, ids: list[str]) -> dict[str, str]:
    """business id -> light, for the viewer's agency; for the owner, who belongs to none, as for one without doors."""
    found: dict[str, str] = {}
    for batch in in_batches(ids, BATCH):
        part = lights.find_lights(db, viewer, batch, agency_id=viewer.agency_id)
        found |= {id: light.light for id, light in part.items()}
    return found
