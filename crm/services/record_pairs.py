"""Pairs of records: why two are, may be or are not one thing, and what a person decides about them."""

from typing import Any

from crm.access import Viewer
from crm.dedupe import Explanation, explain
from crm.errors import NotFound, Refused
from crm.graph import judgements, resolution
from crm.graph.driver import Reader, Store
from crm.graph.stale import Kind
from crm.services.judgements import judge
from crm.services.lookups import get_record_id
from crm.services.matched_kinds import KINDS, find_kind
from crm.services.matched_rows import TAKEN_AS, list_some_rows

THINGS: dict[Kind, str] = {"business": "businesses", "person": "people"}
# What a verdict makes of two records, whatever their score. Who is unsure wants the pair looked at.
DECISIONS = {**TAKEN_AS, "unsure": "review"}


def explain_pair(db: Store, viewer: Viewer, left: str, right: str, *, kind: Kind | None = None) -> dict[str, Any]:
    """Score, decision and evidence of two records (AGENCY:SOURCE_ID or ids), and the judgement in force about them.

    The two are scored by themselves, without the rest of the region. Raises NotFound.
    """
    kind, ids = find_pair(db, viewer, left, right, kind)
    if ids[0] == ids[1]:
        raise Refused("A record is itself; there is nothing to explain.")
    found = weigh_pair(db, kind, ids)
    judgement = judgements.find_of_pair(db, *ids)
    verdict = judgement["verdict"] if judgement else ""
    things = resolution.find_resolved(db, kind, ids)
    return {
        "kind": kind,
        "score": found.score,
        "decision": DECISIONS.get(verdict, found.decision),
        "features": list_features(found),
        "judgement": judgement,
        "together": len(things) == 2 and len(set(things.values())) == 1,
    }


def decide_pair(
    db: Store,
    viewer: Viewer,
    left: str,
    right: str,
    verdict: str,
    *,
    why: str | None = None,
    kind: Kind | None = None,
    moved_on: str | None = None,
) -> dict[str, Any]:
    """Judge two records (AGENCY:SOURCE_ID or ids); what they belong to now. Of "moved" the right one is where they work
    now, of "two_firms" the one that leaves the firm. Raises NotFound and Refused."""
    kind = "person" if verdict == "moved" and kind is None else kind
    kind, ids = find_pair(db, viewer, left, right, kind)
    judgement = judge(
        db, viewer, left=ids[0], right=ids[1], verdict=verdict, why=why, kind=kind, moved_on=moved_on
    )  # fmt: skip
    return {"judgement": judgement, THINGS[kind]: list_things(db, kind, ids)}


def list_things(db: Reader, kind: Kind, records: list[str]) -> list[dict[str, Any]]:
    """The things that these records resolve to, in the order of the records, each once."""
    resolved = resolution.find_resolved(db, kind, records)
    ids = list(dict.fromkeys(resolved[record] for record in records if record in resolved))
    return [
        {
            "id": id,
            "name": rows[0]["name"] if rows else None,
            "records": [{name: row[name] for name in ("agency", "system", "key")} for row in rows],
        }
        for id, rows in resolution.list_things(db, kind, ids).items()
    ]


def find_pair(db: Store, viewer: Viewer, left: str, right: str, kind: Kind | None) -> tuple[Kind, list[str]]:
    """Of which kind two records are, and their ids; businesses before people where both kinds have them.

    Raises NotFound as it is for the kind that is said, or for businesses.
    """
    missing: NotFound | None = None
    for each in (kind,) if kind else KINDS:
        try:
            return each, [get_record_id(db, viewer, said, kind=each) for said in (left, right)]
        except NotFound as error:
            missing = missing or error
    assert missing is not None
    raise missing


def list_features(found: Explanation) -> list[dict[str, Any]]:
    """The evidence in the order in which it is weighed: `name`, `score` in points, `sentence`."""
    return [{"name": one.name, "score": one.score, "sentence": one.sentence} for one in found.features]


def weigh_pair(db: Reader, kind: Kind, ids: list[str]) -> Explanation:
    """The evidence on two records that are there."""
    rows = {row.uid: row for row in list_some_rows(db, kind, ids)}
    return explain(find_kind(db, kind), rows[ids[0]], rows[ids[1]])
