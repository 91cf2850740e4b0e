"""Which pages of a region a bench asks for: drawn from a seed, so that the same region is asked for the same ones.

    python -m bench.pages --agency ID [--seed 1]

prints them as JSON, from the graph of CRM_DATA_DIR or NEO4J_URI: a process of its own, so that the lists of all that is
there make none larger that measures memory.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict, dataclass
from urllib.parse import quote

from bench.region_files import LAST_DAY
from bench.search_region import AGENCIES
from crm.access import OWNER
from crm.config import read_settings
from crm.graph import programs
from crm.graph.driver import Store
from crm.graph.schema import open_store

DRAWN, TYPED, LOGGED = 50, 10, 20
KNOCKS = f"/knocks?as_of={LAST_DAY}"
# Kind -> milliseconds that 95 of 100 requests of one client stay under; 40 where nothing else is said.
TARGETS = {"many knocks, once computed": 300.0}

BUSINESSES = """
MATCH (b:Business)
RETURN b.id AS id, b.name AS name, b.contact_count AS contacts
ORDER BY id
"""
PEOPLE = "MATCH (e:Executive) RETURN e.id AS id, e.name AS name ORDER BY id"
TOUCHPOINTS = """
MATCH (b:Business)<-[:RESOLVES_TO]-(:BusinessRecord)<-[:WITH]-(t:Touchpoint)
WHERE b.id IN $ids
RETURN t.id AS id
ORDER BY id
"""


@dataclass(frozen=True)
class Pages:
    """Addresses by kind, and the businesses with which contacts are logged, in the name of a program."""

    addresses: dict[str, list[str]]
    businesses: list[str]
    program: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agency", required=True, help="the agency of whoever asks")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    db = open_store(read_settings().graph)
    try:
        print(json.dumps(asdict(draw_pages(db, agency_id=options.agency, seed=options.seed))))
    finally:
        db.close()


def draw_pages(db: Store, *, agency_id: str, seed: int) -> Pages:
    draw = random.Random(seed)
    known = db.read(BUSINESSES)
    people = [row["id"] for row in db.read(PEOPLE)]
    names = [row["name"] for row in draw.sample(known, min(DRAWN, len(known)))]
    called = [row["id"] for row in known if row["contacts"]]
    busiest = max(known, key=lambda row: (row["contacts"] or 0, row["id"]))["id"]
    some = draw.sample([row["id"] for row in known], min(DRAWN, len(known)))
    knocked = draw.sample(called, min(DRAWN, len(called)))
    contacts = [row["id"] for row in db.read(TOUCHPOINTS, ids=knocked)]
    typed = [name[:end] for name in names[:TYPED] for end in range(1, len(name) + 1)]
    own = next(one for one in programs.list_programs(db, OWNER) if one.agency_id == agency_id)
    addresses = {
        "home": ["/"],
        "search as one types": [f"/search/suggest?q={quote(text)}" for text in typed],
        "search, page of results": [f"/search?q={quote(name)}" for name in names],
        "business": [f"/businesses/{id}" for id in some],
        "business, the busiest": [f"/businesses/{busiest}"],
        "person": [f"/people/{id}" for id in draw.sample(people, min(DRAWN, len(people)))],
        "many knocks, once computed": [KNOCKS],
        "many knocks, list of businesses": list_rankings(),
        "knocks of one business": [f"/knocks/businesses/{id}?as_of={LAST_DAY}" for id in knocked],
        "my coordination": [f"/knocks/mine?as_of={LAST_DAY}"],
        "coverage": [f"/coverage?as_of={LAST_DAY}"],
        "tables": [f"/tables?as_of={LAST_DAY}"],
        "what if": [f"/whatif?a={quote(f'{AGENCIES[0]},{AGENCIES[1]}')}&as_of={LAST_DAY}"],
        "agreements": ["/agreements"],
        "agencies": ["/agencies"],
        "form of a contact": [f"/log?business={id}" for id in some],
        "contact": [f"/touchpoints/{id}" for id in draw.sample(contacts, min(DRAWN, len(contacts)))],
    }
    return Pages(addresses, draw.sample(some, min(LOGGED, len(some))), own.id)


def list_rankings() -> list[str]:
    """The lists behind the numbers, by several columns, page by page."""
    asked = ("", "&show=redundant", "&show=hotspot", "&doors=3", "&knocks=2", "&sort=name&dir=asc", "&sort=fatigue")
    return [f"/knocks/businesses?as_of={LAST_DAY}{more}&page={page}" for more in asked for page in (1, 2, 3)]


if __name__ == "__main__":
    main()
