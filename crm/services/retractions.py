"""Retractions: records are taken out of the graph, with what only they had use for.

What a record resolved to is computed again, or goes with its last record; the id of a thing whose founding record goes
leads on to where its other records are.
"""

from dataclasses import dataclass, field

from crm.access import OWNER
from crm.graph import (
    agencies,
    agreements,
    business_records,
    opt_outs,
    person_records,
    programs,
    records,
    referrals,
    resolution,
    seats,
    staff,
    stale,
    tables,
    touchpoints,
)
from crm.graph.driver import Reader, Transaction
from crm.graph.records import Label
from crm.graph.stale import Kind

KINDS: dict[Label, Kind] = {"BusinessRecord": "business", "PersonRecord": "person"}


@dataclass
class Loose:
    """What the records that went referred to, and what may have lost its last reason to be there."""

    businesses: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)


def list_all_loose(db: Reader) -> Loose:
    """Everything that may have lost its last reason to be there, for a retraction whose beginning nobody remembers."""
    return Loose(
        businesses=set(records.list_stubs(db, "BusinessRecord")),
        persons=set(records.list_stubs(db, "PersonRecord")),
        agencies={agency.id for agency in agencies.list_agencies(db, OWNER)},
    )


def note_ties(tx: Transaction, label: Label, ids: list[str], loose: Loose) -> None:
    """Remember what these records refer to, before they go; the businesses of those must be computed again."""
    found: set[str] = set()
    if label == "Touchpoint":
        found, persons = touchpoints.list_ties(tx, ids)
        loose.persons |= persons
        stale.mark_met(tx, persons)
    elif label == "Referral":
        found = referrals.list_business_records(tx, ids)
    elif label == "PersonRecord":
        found = person_records.list_business_records(tx, ids)
        opt_outs.mark_people(tx, opt_outs.list_addresses(tx, ids))
    elif label == "Seat":
        found, persons = seats.list_ties(tx, ids)
        loose.persons |= persons
    elif label == "Agreement":
        loose.agencies |= agreements.list_agencies(tx, ids)
    loose.businesses |= found
    stale.mark(tx, "contacts", records=found)


def delete(tx: Transaction, label: Label, ids: list[str]) -> None:
    """Delete records."""
    kind = KINDS.get(label)
    if kind is None or not ids:
        records.delete_records(tx, label, ids)
        return
    resolved = resolution.find_resolved(tx, kind, ids)
    things, going = sorted(set(resolved.values())), set(ids)
    members = resolution.list_members(tx, kind, things)
    left = {thing: [one for one in of if one[1] not in going] for thing, of in members.items()}
    stale.mark(tx, kind, things=[thing for thing in things if left.get(thing)])
    stale.mark_unmatched(tx, ids)
    resolution.forward(tx, resolution.list_heirs(resolved, left))
    resolution.drop_things(tx, kind, [thing for thing in things if not left.get(thing)])
    records.delete_records(tx, label, ids)


def sweep_stubs(tx: Transaction, loose: Loose) -> None:
    """Take out the stubs that only the retracted records had use for."""
    # People first: the business at which one worked, and the agency, may have been there for that stub alone.
    _delete_stubs(tx, "PersonRecord", person_records.list_unused_stubs(tx, sorted(loose.persons)), loose)
    _delete_stubs(tx, "BusinessRecord", business_records.list_unused_stubs(tx, sorted(loose.businesses)), loose)


def sweep(tx: Transaction, loose: Loose) -> None:
    """Take out the stubs, programs, staff and agencies that only the retracted records had use for."""
    sweep_stubs(tx, loose)
    loose.agencies |= programs.delete_unused_stubs(tx) | tables.delete_unused_stubs(tx)
    staff.delete_unused_staff(tx, sorted(loose.agencies))
    agencies.delete_unused_agencies(tx, sorted(loose.agencies))
    agencies.refresh_systems(tx, sorted(loose.agencies))
    tx.tick()


def _delete_stubs(tx: Transaction, label: Label, ids: list[str], loose: Loose) -> None:
    note_ties(tx, label, ids, loose)
    loose.agencies |= {record["agency_id"] for record in records.find_records(tx, label, ids).values()}
    delete(tx, label, ids)
