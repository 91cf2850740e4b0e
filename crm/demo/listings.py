"""Each agency's own list of businesses: 9,000 records of the region's 3,000 establishments.

Who knows whom is drawn once (`share_out`): every site is on somebody's list, those that are asked most are on nearly
everybody's, and each agency knows its own sectors best.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm.demo.agencies import AGENCIES, Agency
from crm.demo.places import STATE
from crm.demo.sites import Site
from crm.demo.spellings import (
    spell_business,
    spell_phone,
    spell_street,
    spell_town,
    spell_website,
    spell_zip,
)

RECORDS = 9_000
TWICE = 120
NOTES = (
    "Met at the fair, asked for a call in spring.", "Prefers mornings.", "Second shift starts at 3.", "Union shop.",
    "Has an apprentice from last year.", "Front desk screens calls.", "Family firm, third generation.",
    "Ask before visiting: safety shoes needed.", "Was on the advisory committee.", "New owner since last summer.",
)  # fmt: skip

Cells = dict[str, str]


@dataclass(frozen=True)
class Listing:
    """One record of an agency about a site; `cells` is its row in the plain file."""

    agency: Agency
    site: Site
    key: str
    cells: Cells


def list_businesses(sites: list[Site], as_of: date) -> list[Listing]:
    """Every agency's records, in the order of its own numbers."""
    rng = Random("demo region: listings")
    known = sorted(share_out(rng, sites))
    # What an agency has typed in a second time.
    known += rng.sample(known, TWICE)
    listings: list[Listing] = []
    for agency in AGENCIES:
        own = [sites[no - 1] for name, no in known if name == agency.name]
        rng.shuffle(own)
        for number, site in enumerate(own, start=1):
            key = agency.habits.key.format(number)
            listings.append(Listing(agency, site, key, write_row(rng, agency, site, key, as_of)))
    return listings


def share_out(rng: Random, sites: list[Site]) -> set[tuple[str, int]]:
    """Which agency (name) has which site (number) on its list."""
    known = {(rng.choices(AGENCIES, [wish(agency, site) for agency in AGENCIES])[0].name, site.no) for site in sites}
    # The smallest of exponential waiting times: a draw without putting back, in proportion to the wish.
    waiting = [
        (rng.expovariate(1) / wish(agency, site), agency.name, site.no)
        for site in sites
        for agency in AGENCIES
        if (agency.name, site.no) not in known
    ]
    waiting.sort()
    known.update((name, no) for _, name, no in waiting[: RECORDS - TWICE - len(known)])
    return known


def wish(agency: Agency, site: Site) -> float:
    """How much an agency wants a site on its list."""
    fits = not agency.sectors or site.trade.naics.startswith(agency.sectors)
    return agency.records * (3.0 if fits else 1.0) * (1 + site.asked) ** 0.8


def write_row(rng: Random, agency: Agency, site: Site, key: str, as_of: date) -> Cells:
    """What this agency has written down about the site."""
    habits = agency.habits
    name, legal_name = spell_business(rng, site, habits)
    address = site.old_address if site.old_address and rng.random() < 0.3 else site.address
    phone = site.head_phone if site.head_phone and rng.random() < 0.2 else site.phone
    email = site.people[0].email if site.people and rng.random() < 0.3 else ""
    has = lambda share=1.0: rng.random() < share * (1 - habits.blank)  # noqa: E731
    closed = site.closed is not None and rng.random() < 0.4
    return {
        "agency": agency.name,
        "source_id": key,
        "name": name,
        "legal_name": legal_name,
        "street": spell_street(rng, address, habits) if has() else "",
        "city": spell_town(rng, address.town.name, habits) if has(1.1) else "",
        "state": STATE if has(1.1) else "",
        "zip": spell_zip(rng, address.zip) if has() else "",
        "county": f"{address.town.county} County" if has(0.7) else "",
        "phone": spell_phone(rng, phone, habits.phone) if has() else "",
        "website": spell_website(rng, site.domain) if site.domain and has(0.6) else "",
        "email": email,
        "ein": site.ein if habits.legal >= 0.6 and has(0.7) else "",
        "naics": site.trade.naics[: rng.choice((6, 6, 4, 3))] if has(0.8) else "",
        "employees": str(max(1, round(site.employees * rng.uniform(0.85, 1.15)))) if has(0.75) else "",
        "parent": site.parent if site.parent and has(0.4) else "",
        "closed_on": (as_of - timedelta(days=site.closed or 0)).isoformat() if closed else "",
        "notes": rng.choice(NOTES) if rng.random() < 0.08 else "",
    }
