"""A made-up region for measuring knocks: drawn from a seed, written straight into a graph of either engine.

The draws are those of `knocks_compute`; here each of them becomes what an import would have left in the graph:
agencies, programs, staff, records, the businesses that they resolve to, touchpoints with their ties, referrals and
agreements. The same seed and size give the same region.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from bench.knocks_compute import make_agreements, make_directory, make_referrals, make_rows, make_sites
from crm.analysis.contacts import LISTS
from crm.analysis.days import get_date
from crm.analysis.regions import Agreement, Directory, Referral
from crm.graph import agreements, business_records, referrals, staff, touchpoints
from crm.graph.agencies import name_key
from crm.graph.driver import Row, Store, Transaction
from crm.graph.programs import put_programs
from crm.graph.records import record_id
from crm.services.golden import pack_contacts

T = TypeVar("T")
BATCH = 2_000
STAFF_AN_AGENCY = 8

PUT_BUSINESSES = """
UNWIND $rows AS row
MATCH (r:BusinessRecord {id: row.record})
CREATE (b:Business {id: row.props.id})
SET b = row.props
CREATE (r)-[:RESOLVES_TO]->(b)
"""

PUT_AGENCIES = """
UNWIND $rows AS row
MERGE (a:Agency {id: row.id})
SET a = row
"""


def write_region(db: Store, *, touchpoint_count: int, business_count: int, seed: int) -> None:
    """Write a region of this size into an empty graph."""
    directory = make_directory()
    drawn = make_rows(directory, touchpoints=touchpoint_count, businesses=business_count, seed=seed)
    contacts = {id_of(row["business"]): list_contacts(row, directory) for row in drawn}
    _write_directory(db, directory)
    for batch in split(make_sites(businesses=business_count, seed=seed), BATCH):
        _write_businesses(db, directory, batch, contacts)
    for batch in split([contact for of in contacts.values() for contact in of], BATCH):
        _write_touchpoints(db, batch)
    _write_links(db, directory, make_agreements(directory), make_referrals(businesses=business_count, seed=seed))


def split(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def list_contacts(row: dict[str, Any], directory: Directory) -> list[Row]:
    """The contacts of a drawn business, as the graph keeps them."""
    found = []
    for values in zip(*(row[name] for name in LISTS), strict=True):
        said = dict(zip(LISTS, values, strict=True))
        agency = said.pop("agency")
        kept = {name: value or None for name, value in said.items() if name not in ("day", "programs")}
        found.append(
            {
                **kept,
                "id": record_id("Touchpoint", agency, said["system"], said["key"]),
                "business": id_of(row["business"]),
                "agency_id": agency,
                "date": get_date(said["day"]).isoformat(),
                "programs": said["programs"],
                "topics": said["topics"].replace("; ", ";") or None,
            }
        )
    return found


def id_of(drawn: str) -> str:
    """The id of a drawn business, turned round: ids of a real region differ in their first letters."""
    return "b" + drawn[:0:-1]


def record_of(business: str) -> str:
    return "r" + business[1:]


def _write_directory(db: Store, directory: Directory) -> None:
    agency_rows = [{"id": id, "name": name, "name_key": name_key(name)} for id, name in directory.agencies.items()]
    program_rows = [
        {"props": {"id": id, "agency_id": agency, "name": f"Program {id[-3:]}", "name_key": f"program {id[-3:]}"}}
        for id, agency in directory.programs.items()
    ]
    people = [(agency, f"staff{n}@{agency}.example") for agency in directory.agencies for n in range(STAFF_AN_AGENCY)]

    def write(tx: Transaction) -> None:
        tx.run(PUT_AGENCIES, rows=agency_rows)
        put_programs(tx, program_rows)
        staff.add_staff(tx, people)

    db.transact(write)


def _write_businesses(
    db: Store, directory: Directory, sites: Sequence[dict[str, Any]], contacts: dict[str, list[Row]]
) -> None:
    agency = directory.agency_ids[0]
    records, rows = [], []
    for site in sites:
        business = id_of(site["business"])
        of = contacts.get(business, [])
        values = {
            "name": site["name"],
            "street": f"{business[-4:]} Main Street",
            "city": "Rockford",
            "state": "IL",
            "zip": site["zip"],
            "county": site["county"],
            "naics": site["naics"] or None,
            "employees": None if site["employees"] is None else str(site["employees"]),
            "closed_on": None if site["closed_on"] is None else get_date(site["closed_on"]).isoformat(),
        }
        asserted = {"id": record_of(business), "agency_id": agency, "system": "plain", "key": business}
        records.append(asserted | {"ref": f"{agency}:{business}", "seq": len(records), "said": len(records)} | values)
        days = [contact["date"] for contact in of]
        props = values | {
            "id": business,
            "records": 1,
            "agencies": [agency],
            "sources": "{}",
            "contacts": pack_contacts(of),
            "contact_count": len(of),
            "last_contact_on": max(days, default=None),
            "firm_id": "o" + business[1:],
            "firm_shared": False,
        }
        rows.append({"record": record_of(business), "props": props})

    def write(tx: Transaction) -> None:
        business_records.put_records(tx, records)
        stamp = tx.tick()
        tx.run(PUT_BUSINESSES, rows=[row | {"props": row["props"] | {"stamp": stamp}} for row in rows])

    db.transact(write)


def _write_touchpoints(db: Store, contacts: Sequence[Row]) -> None:
    rows = []
    for number, contact in enumerate(contacts):
        agency = contact["agency_id"]
        email = f"staff{number % STAFF_AN_AGENCY}@{agency}.example"
        rows.append(
            {
                "props": {name: value for name, value in contact.items() if name not in ("business", "programs")},
                "record": record_of(contact["business"]),
                "programs": contact["programs"],
                "persons": [],
                "staff": [staff.staff_id(agency, email)],
            }
        )
    db.transact(lambda tx: touchpoints.put_touchpoints(tx, rows, updated=[]))


def _write_links(db: Store, directory: Directory, agreed: Sequence[Agreement], referred: Sequence[Referral]) -> None:
    keeper = directory.agency_ids[0]
    pacts = [
        {
            "props": {
                "id": record_id("Agreement", "", "plain", agreement.name),
                "name": agreement.name,
                "from": get_date(agreement.begins_on).isoformat(),
                "to": None if agreement.ends_on is None else get_date(agreement.ends_on).isoformat(),
                "sector": ";".join(agreement.naics) or None,
                "covers": [f"{keeper}:{id_of(drawn)}" for drawn in sorted(agreement.businesses)],
            },
            "agencies": list(agreement.agencies),
        }
        for agreement in agreed
    ]
    handed = [
        {
            "props": {
                "id": record_id("Referral", "", "plain", f"{referral.business}{number}"),
                "accepted_on": get_date(referral.accepted_on or 0).isoformat(),
            },
            "record": record_of(id_of(referral.business)),
            "from_program": referral.from_program,
            "to_program": referral.to_program,
        }
        for number, referral in enumerate(referred)
    ]
    db.transact(lambda tx: agreements.put_agreements(tx, pacts, updated=[]))
    for batch in split(handed, BATCH):
        db.transact(lambda tx, batch=batch: referrals.put_referrals(tx, list(batch), updated=[]))
