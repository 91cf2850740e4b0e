"""Protocols: the life of an agreement beside its row. Who proposed and signed it, who leads, when it is due for review.

A protocol has the id of its agreement, which need not be there yet: nothing counts before all have signed. What
happened is kept step by step; the protocol itself holds only what lists and measures need of it. An agreement that came
with a file gets a protocol with its first step.

That there is an agreement, whom it binds, and how far it has come, every member of the region may know. The steps, with
the names of people in them, are for the agencies that it binds.
"""

import json
from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Transaction
from crm.ids import mint


@dataclass(frozen=True)
class Protocol:
    """`terms` are those of the last proposal, None for an agreement that came with a file; days are ISO dates.

    `signed` are ids of agencies; `ended_on` is the last day, said by those whom it binds; `pending` counts leads to
    which not all have agreed yet.
    """

    id: str
    name: str
    agencies: list[str]
    terms: Row | None
    signed: list[str]
    ended_on: str | None
    is_withdrawn: bool
    review_on: str | None
    pending: int


@dataclass(frozen=True)
class Step:
    """One thing that somebody did: `by` an e-mail, `agency` its id (None: the owner's), `at` an ISO instant."""

    no: int
    kind: str
    by: str
    agency: str | None
    at: str
    detail: Row


PROTOCOLS = """
MATCH (p:Protocol)
WHERE $id IS NULL OR p.id = $id
WITH p, COLLECT { MATCH (p)-[:BETWEEN]->(a:Agency) RETURN a.id } AS bound
// The businesses and leads of a proposal are for those whom it would bind.
WITH p, bound, $agency IS NULL OR $agency IN bound AS is_open
RETURN p.id AS id, p.name AS name, bound AS agencies, p.outline AS outline,
       CASE WHEN is_open THEN p.terms END AS terms, coalesce(p.signed, []) AS signed, p.ended_on AS ended_on,
       coalesce(p.is_withdrawn, false) AS is_withdrawn, CASE WHEN is_open THEN p.review_on END AS review_on,
       CASE WHEN is_open THEN coalesce(p.pending, 0) ELSE 0 END AS pending
ORDER BY name, id
"""


def list_protocols(db: Reader, viewer: Viewer, *, id: str | None = None) -> list[Protocol]:
    """All protocols, or the one of this id; of others' only what every member may know."""
    return [_shape(row) for row in db.read(PROTOCOLS, id=id, agency=get_wall(viewer))]


def get_wall(viewer: Viewer) -> str | None:
    """The agency whose protocols a viewer may read in full; None for who may read all."""
    return None if viewer.is_admin else viewer.agency_id or ""


def _shape(row: Row) -> Protocol:
    text = row.pop("terms") or row["outline"]
    fields: Row = {name: value for name, value in row.items() if name != "outline"}
    fields |= {"terms": json.loads(text) if text else None, "agencies": sorted(row["agencies"])}
    return Protocol(**fields)


STEPS = """
MATCH (p:Protocol {id: $id})
WHERE $agency IS NULL OR EXISTS { MATCH (p)-[:BETWEEN]->(a:Agency) WHERE a.id = $agency }
MATCH (s:AgreementStep {agreement: $id})
RETURN s.no AS no, s.kind AS kind, s.by AS by, s.agency AS agency, s.at AS at, s.detail AS detail
ORDER BY no
"""


def list_steps(db: Reader, viewer: Viewer, id: str) -> list[Step]:
    """What happened to an agreement, in order; nothing for those whom it does not bind."""
    rows = db.read(STEPS, id=id, agency=get_wall(viewer))
    for row in rows:
        row["detail"] = json.loads(row["detail"])
    return [Step(**row) for row in rows]


# The SET takes the node's lock, so of two who sign at once the second sees what the first wrote.
HOLD = """
MERGE (p:Protocol {id: $id})
ON CREATE SET p.name = $name
SET p.locked = $token
WITH p
UNWIND $agencies AS agency
MATCH (a:Agency {id: agency})
MERGE (p)-[:BETWEEN]->(a)
"""


def hold(tx: Transaction, id: str, *, name: str, agencies: list[str], token: str) -> None:
    """Hold a protocol until the transaction ends, made if it is not there; it is between these agencies."""
    tx.run(HOLD, id=id, name=name, agencies=agencies, token=token)


RELEASE = """
MATCH (p:Protocol {id: $id})-[old:BETWEEN]->(a:Agency)
WHERE NOT a.id IN $agencies
DELETE old
"""


def keep_agencies(tx: Transaction, id: str, agencies: list[str]) -> None:
    """Let a protocol be between no others than these."""
    tx.run(RELEASE, id=id, agencies=agencies)


SAY = """
MATCH (p:Protocol {id: $id})
SET p.name = $name, p.terms = $terms, p.outline = $outline, p.signed = $signed, p.ended_on = $ended_on,
    p.is_withdrawn = $is_withdrawn, p.review_on = $review_on, p.leads = $leads, p.pending = $pending
REMOVE p.locked
"""


def say_standing(tx: Transaction, id: str, standing: dict[str, Any]) -> None:
    """Write what lists and measures need: `name, terms, outline, signed, ended_on, is_withdrawn, review_on, leads,
    pending`; terms (whole), outline (what every member may know of them) and leads are JSON."""
    tx.run(SAY, id=id, **standing)


ADD_STEP = """
MERGE (s:AgreementStep {id: $step})
SET s.agreement = $id, s.no = $no, s.kind = $kind, s.by = $by, s.agency = $agency, s.at = $at, s.detail = $detail
"""


def add_step(tx: Transaction, id: str, step: Step) -> None:
    """Keep one step more; its number is free."""
    tx.run(
        ADD_STEP,
        id=id,
        step=mint("y", id, str(step.no)),
        no=step.no,
        kind=step.kind,
        by=step.by,
        agency=step.agency,
        at=step.at,
        detail=json.dumps(step.detail, ensure_ascii=False, sort_keys=True),
    )


DROP_STEP = "MATCH (s:AgreementStep {id: $step}) DELETE s"
DROP = "MATCH (p:Protocol {id: $id}) DETACH DELETE p"


def drop_step(tx: Transaction, id: str, no: int) -> None:
    """Forget a step that was taken back."""
    tx.run(DROP_STEP, step=mint("y", id, str(no)))


def drop(tx: Transaction, id: str) -> None:
    """Forget a protocol in which nothing happened."""
    tx.run(DROP, id=id)
