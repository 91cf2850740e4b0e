"""Retractions: records are taken out of the graph, with what only they had use for.

What a record resolved to is computed again, or goes with its last record; the id of a thing whose founding record goes
leads on to where its other records are.
"""

from dataclasses import dataclass, field

from crm.graph import (
    agencies,
    business_records,
    person_records,
    programs,
    records,
    referrals,
    resolution,
    staff,
    touchpoints,
)
from crm.graph.driver import Transaction
from crm.graph.records import Label
from crm.graph.resolution import Kind

KINDS: dict[Label, Kind] = {"BusinessRecord": "business", "PersonRecord": "person"}


@dataclass
class Loose:
    """What the records that went referred to, and what may have lost its last reason to be there."""

    businesses: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)


def note_ties(tx: Transaction, label: Label, ids: list[str], loose: Loose) -> None:
    """Remember what these records refer to, before they go; the businesses of those must be computed again."""
    found: set[str] = set()
    if label == "Touchpoint":
        found, persons = touchpoints.list_ties(tx, ids)
        loose.persons |= persons
    elif label == "Referral":
        found = referrals.list_business_records(tx, ids)
    elif label == "PersonRecord":
        found = person_records.list_business_records(tx, ids)
    loose.businesses |= found
    resolution.mark_stale(tx, "business", sorted(found))


def delete(tx: Transaction, label: Label, ids: list[str]) -> None:
    """Delete records."""
    kind = KINDS.get(label)
    if kind is None or not ids:
        records.delete_records(tx, label, ids)
        return
    resolution.mark_stale(tx, kind, ids)
    things = set(resolution.find_resolved(tx, kind, ids).values())
    heirs = resolution.list_heirs(tx, kind, ids)
    resolution.forward(tx, heirs)
    # What is left of a thing may be another one without them: whoever matches next looks again.
    records.mark_unmatched(tx, label, [heir["record"] for heir in heirs])
    records.delete_records(tx, label, ids)
    resolution.drop_empty(tx, kind, sorted(things))


def sweep_stubs(tx: Transaction, loose: Loose) -> None:
    """Take out the stubs that only the retracted records had use for."""
    # A person who goes may be the last who kept the stub of an employer.
    loose.businesses |= person_records.list_business_records(tx, sorted(loose.persons))
    delete(tx, "PersonRecord", person_records.list_unused_stubs(tx, sorted(loose.persons)))
    delete(tx, "BusinessRecord", business_records.list_unused_stubs(tx, sorted(loose.businesses)))


def sweep(tx: Transaction, loose: Loose) -> None:
    """Take out the stubs, programs, staff and agencies that only the retracted records had use for."""
    sweep_stubs(tx, loose)
    programs.delete_unused_stubs(tx)
    staff.delete_unused_staff(tx, sorted(loose.agencies))
    agencies.delete_unused_agencies(tx, sorted(loose.agencies))
    agencies.refresh_systems(tx, sorted(loose.agencies))
    tx.tick()
