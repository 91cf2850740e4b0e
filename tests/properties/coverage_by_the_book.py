"""Coverage once more, as the definitions say it, business by business: slow, plain, and sharing no code."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.knock_worlds import Site, World
from tests.properties.knocks_by_the_book import in_place_and_size, in_sector

Sector = tuple[tuple[str, ...], tuple[str, ...]] | None
SIZES = ("1-9", "10-49", "50-249", "250+", "unknown")


def list_universe(world: World, as_of: date, sector: Sector, place: str = "", size: str = "") -> list[Site]:
    return [
        site
        for site in world.sites
        if in_sector(world, site.business, sector)
        and in_place_and_size(world, site.business, place, size)
        and not (site.closed_on is not None and site.closed_on <= as_of)
    ]


def is_engaged(world: World, business: str, agencies: set[str], as_of: date) -> bool:
    """Whether a touchpoint of one of these agencies reached the business in the last 12 months."""
    return any(
        touch.business == business
        and touch.reached != "no"
        and as_of - timedelta(days=365) < touch.on <= as_of
        and agencies & {world.programs[program] for program in touch.programs}
        for touch in world.touches
    )


def cover(world: World, sites: list[Site], agencies: set[str], as_of: date) -> tuple[float | None, float | None]:
    """Coverage of a set of agencies, by count and by jobs."""
    reached = [site for site in sites if is_engaged(world, site.business, agencies, as_of)]
    jobs = sum(site.employees for site in sites if site.employees is not None)
    held = sum(site.employees for site in reached if site.employees is not None)
    return len(reached) / len(sites) if sites else None, held / jobs if jobs else None


def name_sub_sector(naics: str, sector: Sector) -> str:
    if sector is not None:
        fitting = [prefix for prefix in sector[0] if naics.startswith(prefix)]
        return sorted(fitting, key=len)[-1]
    first = naics[:2]
    for codes in ("31-33", "44-45", "48-49"):
        if first and codes[:2] <= first <= codes[3:]:
            return codes
    return first or "unknown"


def name_size(employees: int | None) -> str:
    if employees is None:
        return "unknown"
    return "1-9" if employees < 10 else "10-49" if employees < 50 else "50-249" if employees < 250 else "250+"


def measure_by_the_book(
    world: World, as_of: date, *, sector: Sector = None, place: str = "", size: str = ""
) -> dict[str, Any]:
    """The JSON of `crm coverage` but for critical mass; agencies by name, cells that have businesses by their names."""
    sites = list_universe(world, as_of, sector, place, size)
    everyone = set(world.agencies)
    together, jobs = cover(world, sites, everyone, as_of)
    agencies = {}
    for agency in world.agencies:
        alone, own_jobs = cover(world, sites, {agency}, as_of)
        without, jobs_without = cover(world, sites, everyone - {agency}, as_of)
        agencies[agency] = {
            "alone": alone,
            "adds": None if together is None or without is None else together - without,
            "jobs": own_jobs,
            "adds_jobs": None if jobs is None or jobs_without is None else jobs - jobs_without,
        }
    cells: dict[tuple[str, str], list[Site]] = {}
    for site in sites:
        cells.setdefault((name_sub_sector(site.naics, sector), name_size(site.employees)), []).append(site)
    strata = {}
    for cell, members in cells.items():
        share, share_of_jobs = cover(world, members, everyone, as_of)
        engaged = sum(is_engaged(world, site.business, everyone, as_of) for site in members)
        strata[cell] = {"businesses": len(members), "engaged": engaged, "share": share, "jobs": share_of_jobs}
    return {"universe": len(sites), "together": together, "together_jobs": jobs, "agencies": agencies, "strata": strata}
