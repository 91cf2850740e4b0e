"""The kinds of records that are matched, with the thresholds of the region."""

from dataclasses import replace

from crm.dedupe.businesses import BUSINESS
from crm.dedupe.kinds import Kind as MatchedKind
from crm.dedupe.persons import PERSON
from crm.graph import thresholds
from crm.graph.driver import Reader
from crm.graph.stale import Kind

KINDS: dict[Kind, MatchedKind] = {"business": BUSINESS, "person": PERSON}


def find_kind(db: Reader, kind: Kind) -> MatchedKind:
    """A kind as this region matches it: with the thresholds that an administrator set, or the matcher's own."""
    found = thresholds.find_in_force(db, kind)
    return replace(KINDS[kind], join=found["join"], ask=found["ask"]) if found else KINDS[kind]
