"""A made-up region for measuring search: businesses and people as a seed draws them, written straight into a graph.

Names are made of invented family and brand names with the trades, places and legal forms that real registers are full
of; each business is known through one to four records that spell it, shorten it and give it other phones. The same seed
and size give the same region, on either engine.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from crm.dedupe.golden import choose_business, choose_person
from crm.graph import business_records, businesses, people, person_records, resolution
from crm.graph.agencies import add_agencies, agency_id
from crm.graph.businesses import business_id
from crm.graph.driver import Store, Transaction
from crm.graph.people import person_id
from crm.graph.records import record_id
from crm.search.entries import pack_business, pack_person

T = TypeVar("T")


def list_words(text: str, between: str | None = None) -> list[str]:
    return [word.strip() for word in text.split(between)]


AGENCIES = tuple(f"Agency {number:02d}" for number in range(12))
BATCH = 1_000
ONSETS = list_words("b br c ch cl d dr f fl g gr h j k kr l m n p r s sh sl st t tr v w z")
VOWELS = list_words("a e i o u ai ea ee oa ou")
CODAS = list_words("b ck d g l ll m n nd nt r rd rn rt s ss t th tt x")
ENDINGS = list_words("er man son ley ton ford well by wick ski berg stein ini ez sen wood field shaw more")
TRADES = list_words(
    """Machine|Machine Shop|Machining|Tool & Die|Manufacturing|Fabrication|Metal Works|Welding|Foundry|Castings|Plastics
    |Packaging|Construction|Builders|Roofing|Plumbing|Plumbing & Heating|Electric|Electrical Contractors|HVAC|Paving
    |Landscaping|Trucking|Freight|Logistics|Transport|Warehousing|Auto Repair|Automotive|Collision Center|Tire & Auto
    |Bakery|Cafe|Diner|Restaurant|Pizza|Brewing|Catering|Foods|Meats|Farms|Dairy|Market|Grocery|Hardware|Lumber|Supply
    |Equipment|Rentals|Insurance|Insurance Agency|Bank|Credit Union|Financial|Accounting|Law Office|Realty|Properties
    |Management|Consulting|Staffing|Marketing|Printing|Design|Software|Technologies|Systems|Solutions|Laboratories
    |Pharmacy|Medical Center|Family Dental|Clinic|Home Health|Rehabilitation|Assisted Living|Child Care|Learning Center
    |Academy|School|College|Hotel|Motel|Inn|Salon|Barber Shop|Fitness|Church|Foundation|Association|Services|Industries
    |Enterprises|Group|Company""",
    "|",
)
FIRST_WORDS = list_words(
    "Midwest Northern Valley Lakeside Prairie River Heritage Premier Advanced Precision National United First"
)
LEGAL = ("Inc", "Inc.", "LLC", "L.L.C.", "Co", "Corp", "Corporation", "Ltd", "", "", "")
SHORT = {"Manufacturing": "Mfg", "Services": "Svcs", "Company": "Co", "Industries": "Ind", "Center": "Ctr", "&": "and"}
FIRST_NAMES = list_words(
    """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan
    Joseph Jessica Thomas Sarah Carlos Karen Daniel Lisa Matthew Nancy Anthony Betty Mark Margaret Paul Sandra Steven
    Ashley Andrew
    Kimberly Kenneth Emily Joshua Donna Kevin Michelle Brian Carol George Amanda Edward Maria Ronald Rosa Timothy Ana
    Jason Stephanie Jeffrey Rebecca Ryan Laura Jacob Helen Gary Sharon Nicholas Cynthia Eric Kathleen Jonathan Amy""",
)
TITLES = list_words(
    "Owner|President|Plant Manager|HR Manager|HR Director|Office Manager|Controller|CEO|Operations Manager", "|"
)
STREETS = list_words(
    "Main Oak Maple Elm Church Mill Park River Washington Lincoln State Broadway Industrial Commerce Harbor"
)
SUFFIXES = ("St", "Street", "Ave", "Avenue", "Rd", "Road", "Dr", "Blvd", "Pkwy")
NAICS = ("236220", "311811", "332710", "484121", "541511", "623110", "722511", "811111", "332999", "561320")


@dataclass
class Region:
    """The things with their records: id -> (golden row, records); a person's rows also hold `business`."""

    businesses: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=dict)
    people: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = field(default_factory=dict)


def make_region(*, size: int, people: int, seed: int) -> Region:
    """`size` businesses and as many `people` at them."""
    draw = random.Random(seed)
    families = _make_words(draw, 14_000)
    towns = [word.title() for word in _make_words(draw, 260)]
    region = Region()
    for number in range(size):
        _add_business(region, draw, number, families, towns)
    ids = list(region.businesses)
    for number in range(people):
        _add_person(region, draw, number, families, ids)
    return region


def _make_words(draw: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        word = draw.choice(ONSETS) + draw.choice(VOWELS) + draw.choice(CODAS)
        if draw.random() < 0.4:
            word += draw.choice(VOWELS) + draw.choice(CODAS)
        found[(word + draw.choice(ENDINGS)).title()] = None
    return list(found)


def _pick(draw: random.Random, words: list[str]) -> str:
    """A few words are everywhere, most are rare, as family names are."""
    return words[int(len(words) * draw.random() ** 2.2)]


def _draw_name(draw: random.Random, families: list[str], town: str) -> str:
    trade = draw.choice(TRADES)
    shape = draw.random()
    if shape < 0.40:
        return f"{_pick(draw, families)} {trade}"
    if shape < 0.55:
        return f"{_pick(draw, families)} & {_pick(draw, families)} {trade}"
    if shape < 0.65:
        return f"{_pick(draw, families)} {draw.choice(FIRST_WORDS)} {trade}"
    if shape < 0.75:
        return f"{draw.choice(FIRST_WORDS)} {_pick(draw, families)} {trade}"
    if shape < 0.82:
        return f"{town} {trade} of {_pick(draw, families)}"
    if shape < 0.88:
        return f"{draw.choice(FIRST_NAMES)}'s {_pick(draw, families)} {trade}"
    if shape < 0.93:
        return f"{''.join(draw.choice('ABCDEFGHJKLMPRSTW') for _ in range(3))} {_pick(draw, families)} {trade}"
    return f"{_pick(draw, families)} {_pick(draw, families)}"


def _respell(draw: random.Random, name: str) -> str:
    words = [SHORT.get(word, word) if draw.random() < 0.5 else word for word in name.split()]
    legal = draw.choice(LEGAL)
    spelled = " ".join(words) + (f"{draw.choice((' ', ', '))}{legal}" if legal else "")
    return spelled.upper() if draw.random() < 0.15 else spelled


def _phone(draw: random.Random) -> str:
    return f"({draw.choice((815, 779, 312, 630))}) {draw.randrange(200, 999)}-{draw.randrange(10_000):04d}"


def _add_business(region: Region, draw: random.Random, number: int, families: list[str], towns: list[str]) -> None:
    town = draw.choice(towns)
    name = _draw_name(draw, families, town)
    host = "".join(letter for letter in name.lower() if letter.isalnum())[:18] + ".com"
    street = f"{draw.randrange(1, 9800)} {draw.choice(STREETS + families[:300])} {draw.choice(SUFFIXES)}"
    phone = _phone(draw)
    records = []
    for n in range(draw.choices((1, 2, 3, 4), (55, 27, 12, 6))[0]):
        agency = agency_id(draw.choice(AGENCIES))
        record = {
            "id": record_id("BusinessRecord", agency, "plain", f"B{number}-{n}"),
            "agency_id": agency,
            "system": "plain",
            "key": f"B{number}-{n}",
            "seq": number * 10 + n,
            "said": number * 10 + n,
            "name": name if n == 0 else _respell(draw, name),
            "street": street,
            "city": town,
            "state": "IL",
            "zip": f"{60_000 + towns.index(town)}",
            "phone": phone if draw.random() < 0.8 else _phone(draw),
            "naics": draw.choice(NAICS),
        }
        if n and draw.random() < 0.1:
            record["name"] += f" dba {_pick(draw, families)} {draw.choice(TRADES)}"
        if draw.random() < 0.5:
            record["website"] = f"https://www.{host}/"
        records.append(record)
    id = business_id(records[0]["id"])
    golden = choose_business(records)
    agencies = sorted({record["agency_id"] for record in records})
    row = {
        **golden.values,
        "id": id,
        "search": pack_business(id, golden.values, records, agencies=agencies, contacts=0),
        "sources": "{}",
        "records": len(records),
        "agencies": agencies,
        "contact_count": 0,
        "firm_id": "o" + id[1:],
        "firm_shared": False,
    }
    region.businesses[id] = (row, records)


def _add_person(region: Region, draw: random.Random, number: int, families: list[str], ids: list[str]) -> None:
    business = draw.choice(ids)
    at = region.businesses[business][1][0]
    first, last = draw.choice(FIRST_NAMES), _pick(draw, families)
    record = {
        "id": record_id("PersonRecord", at["agency_id"], "plain", f"P{number}"),
        "agency_id": at["agency_id"],
        "system": "plain",
        "key": f"P{number}",
        "seq": number,
        "said": number,
        "first_name": first,
        "last_name": last,
        "title": draw.choice(TITLES),
        "phone": _phone(draw),
    }
    if "website" in at:
        record["email"] = f"{first}.{last}@{at['website'][12:-1]}".lower()
    id = person_id(record["id"])
    golden = choose_person([record])
    row = {
        **golden.values,
        "id": id,
        "search": pack_person(id, golden.values, [record], agencies=[at["agency_id"]], employers=[business]),
        "sources": "{}",
        "records": 1,
        "agencies": [at["agency_id"]],
        "businesses": [business],
    }
    region.people[id] = (row, record, at["id"])


def write_region(db: Store, region: Region) -> None:
    """Put the region into an empty graph, in batches, as resolved and computed."""
    db.transact(lambda tx: add_agencies(tx, list(AGENCIES)))
    for batch in _batches(region.businesses.items()):
        db.transact(lambda tx, batch=batch: _write_businesses(tx, batch))
    for batch in _batches(region.people.items()):
        db.transact(lambda tx, batch=batch: _write_people(tx, batch))


def _write_businesses(tx: Transaction, batch: list[tuple[str, Any]]) -> None:
    business_records.put_records(tx, [record for _, (_, records) in batch for record in records])
    ties = [{"record": record["id"], "thing": id, "moved": False} for id, (_, records) in batch for record in records]
    resolution.assign(tx, "business", ties)
    stamp = tx.tick()
    businesses.put_businesses(tx, [row | {"stamp": stamp} for _, (row, _) in batch])


def _write_people(tx: Transaction, batch: list[tuple[str, Any]]) -> None:
    person_records.put_records(tx, [{"props": record, "record": at} for _, (_, record, at) in batch])
    ties = [{"record": record["id"], "thing": id, "moved": False} for id, (_, record, _) in batch]
    resolution.assign(tx, "person", ties)
    stamp = tx.tick()
    roles = [{"person": id, "business": row["businesses"][0], "title": row.get("title")} for id, (row, _, _) in batch]
    people.put_people(tx, [row | {"stamp": stamp} for _, (row, _, _) in batch], roles)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield batch
