"""Golden things: everything that is computed about a business or a person, computed again from its records and
contacts.

The same functions serve a contact logged on the telephone (one business, inside the transaction that logs it), an
import (all that it touched) and `crm recompute` (all there are), so the three cannot differ.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from crm.dedupe.golden import choose_business, choose_person
from crm.graph import business_records, businesses, judgements, opt_outs, people, stale, touchpoints
from crm.graph.driver import Reader, Row, Transaction
from crm.search.entries import pack_business, pack_person, repack_contacts

# A role of which nobody said that it is over, or since when it is held.
STAYED: dict[str, Any] = {"is_former": False, "from_on": None, "to_on": None}
NO_FIRM: Row = {"firm_id": None, "is_shared": None}
# Made once: `json.dumps` makes one each time.
QUOTED = json.JSONEncoder()
# What a `ContactList` holds of each contact, in this order (definitions §2-§3 need no more).
CONTACT = ("date", "agency_id", "key", "system", "programs", "channel", "direction", "purpose", "reached", "topics")


class Ahead(NamedTuple):
    """What was computed of a business before the transaction that writes it: good as long as its `stamp` is this."""

    stamp: int | None
    row: Row
    contacts: list[Row]


def compute_ahead(db: Reader, ids: list[str]) -> dict[str, Ahead]:
    """What is computed of those of these businesses that are there, for `compute_businesses`."""
    # Stamps come first: who changes a business while it is read gives it another one, or leaves a mark.
    states = businesses.list_states(db, ids)
    records, contacts = _read_parts(db, ids)
    return {
        id: Ahead(state["stamp"], _business_row(id, records.get(id, []), of, firm=state), of)
        for state in states
        for id in (state["id"],)
        for of in (contacts.get(id, []),)
    }


def compute_businesses(
    tx: Transaction, ids: list[str], *, token: str, ahead: Mapping[str, Ahead] = MappingProxyType({})
) -> int:
    """Compute these businesses again, holding them until the transaction ends; returns how many there were. What was
    computed `ahead` of it (see `compute_ahead`) is taken, unless somebody has written to the business since.

    They are stamped with the graph's clock, so that caches of other processes notice.
    """
    held = businesses.lock_businesses(tx, ids, token) if ids else []
    stale.settle_own(tx, "business", ids)
    if not held:
        return 0
    good = {row["id"]: ahead[row["id"]] for row in held if _is_good(ahead.get(row["id"]), row)}
    others = [row["id"] for row in held if row["id"] not in good]
    records, contacts = _read_parts(tx, others) if others else ({}, {})
    contacts |= {id: known.contacts for id, known in good.items()}
    rows = [
        good[row["id"]].row
        if row["id"] in good
        else _business_row(row["id"], records.get(row["id"], []), contacts.get(row["id"], []), firm=row)
        for row in held
    ]
    _put_contacts(tx, held, contacts)
    stamp = tx.tick()
    businesses.put_businesses(tx, [row | {"stamp": stamp} for row in rows])
    return len(rows)


def _is_good(known: Ahead | None, held: Row) -> bool:
    return known is not None and known.stamp == held["stamp"]


def _read_parts(db: Reader, ids: list[str]) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """The records and the contacts of these businesses, by business."""
    return business_records.list_of_businesses(db, ids), touchpoints.list_of_businesses(db, ids)


def compute_new_businesses(records_of: Mapping[str, list[Row]]) -> list[Row]:
    """What is computed of businesses (id -> records) that are not there yet, without contacts and without a stamp."""
    return [_new_business_row(id, records) for id, records in records_of.items()]


def compute_contacts(tx: Transaction, ids: list[str], *, token: str) -> int:
    """The same where only contacts or referrals came, changed or went: what records say of a business is left alone,
    which is more than half of the work. A business that was never computed is computed whole.
    """
    held = businesses.lock_businesses(tx, ids, token, with_text=True) if ids else []
    stale.settle_own(tx, "contacts", ids)
    known = [row for row in held if row["contact_count"] is not None]
    if known:
        contacts = touchpoints.list_of_businesses(tx, [row["id"] for row in known])
        _put_contacts(tx, known, contacts)
        stamp = tx.tick()
        businesses.put_summaries(tx, [_summarise(row, contacts.get(row["id"], [])) | {"stamp": stamp} for row in known])
    new = [row["id"] for row in held if row["contact_count"] is None]
    return len(known) + (compute_businesses(tx, new, token=token) if new else 0)


def compute_touched(tx: Transaction, ids: list[str], *, token: str) -> None:
    """Compute the businesses of contacts that this transaction changed: whole where it has marked them so."""
    whole = stale.find_own(tx, "business")
    compute_businesses(tx, [id for id in ids if id in whole], token=token)
    compute_contacts(tx, [id for id in ids if id not in whole], token=token)


def _put_contacts(tx: Transaction, held: list[Row], contacts: dict[str, list[Row]]) -> None:
    listed = {id: pack_contacts(of) for id, of in contacts.items() if of}
    businesses.put_contacts(tx, [{"id": id, "contacts": text} for id, text in listed.items()])
    businesses.drop_contacts(tx, [row["id"] for row in held if row["contact_count"] and row["id"] not in listed])


def compute_people(tx: Transaction, ids: list[str], *, token: str) -> int:
    """Compute these people again, with the roles that they hold; returns how many there were."""
    held = people.lock_people(tx, ids, token)
    stale.settle_own(tx, "person", ids)
    if not held:
        return 0
    records = people.list_records_of(tx, held)
    rows, roles = compute_people_of(tx, {id: records.get(id, []) for id in held})
    stamp = tx.tick()
    people.put_people(tx, [row | {"stamp": stamp} for row in rows], roles)
    return len(rows)


def compute_people_ahead(db: Reader, ids: list[str]) -> tuple[list[Row], list[Row]]:
    """What is computed of those of these people who have records, and the roles that they hold; for who cannot wait
    until it is written."""
    return compute_people_of(db, people.list_records_of(db, ids))


def compute_people_of(db: Reader, records_of: Mapping[str, list[Row]]) -> tuple[list[Row], list[Row]]:
    """What is computed of people (id -> records), without a stamp, and the roles that they hold."""
    addresses = {record["email_key"] for of in records_of.values() for record in of if record.get("email_key")}
    opted_out = opt_outs.find_opt_outs(db, addresses)
    rows = [_person_row(id, records, opted_out) for id, records in records_of.items()]
    # Who has moved from one firm to another has a record of each.
    movable = sorted(record["id"] for of in records_of.values() if len(of) > 1 for record in of)
    moves = judgements.list_moves(db, movable)
    return rows, [role for id, records in records_of.items() for role in _list_roles(id, records, moves)]


def name_contact(agency: str, system: str, key: str) -> str:
    """What names a contact among those of a business; cheaper for thousands of them than their ids."""
    return f"{agency} {system} {key}"


def pack_contacts(rows: list[Row]) -> str:
    """Contacts as compact text, in the order of definitions §0, so that equal contacts give equal text."""
    listed = [[row[name] if name != "programs" else sorted(row["programs"]) for name in CONTACT] for row in rows]
    listed.sort(key=lambda contact: contact[:4])
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def _new_business_row(id: str, records: list[Row]) -> dict[str, Any]:
    """What `_business_row` gives without contacts and without a firm: nothing of that need be computed."""
    golden = choose_business(records)
    agencies = sorted({record["agency_id"] for record in records})
    return {
        **golden.values,
        "id": id,
        "search": pack_business(id, golden.values, records, agencies=agencies, contacts=0),
        "contact_count": 0,
        "last_contact_on": None,
        "promised": [],
        "newest": [],
        "sources": _write_sources(golden.sources),
        "records": len(records),
        "agencies": agencies,
        "firm_id": "o" + id[1:],
        "firm_shared": False,
    }


def _business_row(id: str, records: list[Row], contacts: list[Row], *, firm: Row) -> dict[str, Any]:
    golden = choose_business(records)
    agencies = sorted({record["agency_id"] for record in records})
    packed = pack_business(id, golden.values, records, agencies=agencies, contacts=0)
    return {
        **golden.values,
        **_summarise({"id": id, "search": packed}, contacts),
        "sources": _write_sources(golden.sources),
        "records": len(records),
        "agencies": agencies,
        "firm_id": firm["firm_id"] or "o" + id[1:],
        "firm_shared": firm["is_shared"] or False,
    }


def _summarise(business: Row, contacts: list[Row]) -> dict[str, Any]:
    """What contacts make of a business, of which `id` and the `search` text are known."""
    days = [row["date"] for row in contacts]
    return {
        "id": business["id"],
        "search": repack_contacts(business["search"], len(contacts)),
        "contact_count": len(contacts),
        "last_contact_on": max(days, default=None),
        "promised": sorted(
            name_contact(row["agency_id"], row["system"], row["key"]) for row in contacts if row["promised"]
        ),
        "newest": _list_newest(contacts),
    }


def _list_newest(contacts: list[Row]) -> list[str]:
    by_id = sorted(contacts, key=lambda row: row["id"])
    return [row["id"] for row in sorted(by_id, key=lambda row: row["date"], reverse=True)[: businesses.NEWEST]]


def _person_row(id: str, records: list[Row], opted_out: set[str]) -> dict[str, Any]:
    """`opted_out` are the addresses that are not to be written to, whoever has them."""
    golden = choose_person(records)
    if opted_out and any(record.get("email_key") in opted_out for record in records):
        golden.values["do_not_contact"] = "yes"
    agencies = sorted({record["agency_id"] for record in records})
    employers = sorted({record["business"] for record in records if record["business"]})
    return {
        **golden.values,
        "id": id,
        "search": pack_person(id, golden.values, records, agencies=agencies, employers=employers),
        "sources": _write_sources(golden.sources),
        "records": len(records),
        "agencies": agencies,
        "businesses": employers,
    }


def _list_roles(id: str, records: list[Row], moves: list[Row]) -> list[dict[str, Any]]:
    """One role a business; where records give different titles, the newest record's. Of moves the later said counts."""
    if len(records) == 1:
        business, title = records[0]["business"], records[0].get("title") or None
        return [{"person": id, "business": business, "title": title, **STAYED}] if business else []
    roles: dict[str, dict[str, Any]] = {}
    for record in sorted(records, key=lambda record: (record["said"], record["id"])):
        if business := record["business"]:
            role = roles.setdefault(business, {"person": id, "business": business, "title": None, **STAYED})
            role["title"] = record.get("title") or role["title"]
    employer = {record["id"]: record["business"] for record in records}
    for move in moves:
        now, before = move["about"], move["left"] if move["about"] == move["right"] else move["right"]
        new, old = roles.get(employer.get(now) or ""), roles.get(employer.get(before) or "")
        if new is not None and old is not None and new is not old:
            old |= {"is_former": True, "to_on": move["moved_on"]}
            new |= {"is_former": False, "from_on": move["moved_on"], "to_on": None}
    return [roles[business] for business in sorted(roles)]


def _write_sources(sources: dict[str, str]) -> str:
    """As JSON with sorted keys, which are names of fields, and nothing to look for in them."""
    quoted = {record: QUOTED.encode(record) for record in set(sources.values())}
    return "{" + ",".join([f'"{field}":{quoted[sources[field]]}' for field in sorted(sources)]) + "}"
