"""Thresholds: from how many points on two records are taken for one, and from how many on a person is asked.

A region without any uses the matcher's own. An administrator may set others; earlier ones stay readable.
"""

from dataclasses import dataclass

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Transaction
from crm.graph.stale import Kind
from crm.ids import mint

PAGE = 25


@dataclass(frozen=True)
class Threshold:
    """Those of one kind, in points: `join` and `ask`; by whom (`by`, as a judgement says it) and when (`at`) they were
    set. `retired_at` is when others took their place; None while they are in force."""

    id: str
    kind: str
    join: int
    ask: int
    by: str
    at: str
    retired_at: str | None


IN_FORCE = """
MATCH (t:Threshold {kind: $kind})
WHERE t.retired_at IS NULL
RETURN t.join AS join, t.ask AS ask, t.at AS at, t.id AS id
ORDER BY at DESC, id
LIMIT 1
"""


def find_in_force(db: Reader, kind: Kind) -> Row | None:
    """The thresholds of a region, `join` and `ask`; None where the matcher's own hold."""
    rows = db.read(IN_FORCE, kind=kind)
    return rows[0] if rows else None


RETIRE = """
MATCH (t:Threshold {kind: $kind})
WHERE t.retired_at IS NULL
SET t.retired_at = $at
"""

ADD = """
MERGE (t:Threshold {id: $id})
ON CREATE SET t.kind = $kind, t.join = $join, t.ask = $ask, t.by = $by, t.at = $at
"""


def add_threshold(tx: Transaction, kind: Kind, *, join: int, ask: int, by: str, at: str) -> str:
    """Set thresholds from now on, in the place of those in force; returns their id."""
    id = mint("l", kind, str(join), str(ask), by, at)
    tx.run(RETIRE, kind=kind, at=at)
    tx.run(ADD, id=id, kind=kind, join=join, ask=ask, by=by, at=at)
    return id


LIST = """
MATCH (t:Threshold {kind: $kind})
RETURN t.id AS id, t.kind AS kind, t.join AS join, t.ask AS ask, t.by AS by, t.at AS at, t.retired_at AS retired_at
ORDER BY at DESC, id
LIMIT $limit
"""


def list_thresholds(db: Reader, viewer: Viewer, kind: Kind) -> list[Threshold]:
    """What was set, newest first. It concerns all members of the region, so all may see it."""
    return [Threshold(**row) for row in db.read(LIST, kind=kind, limit=PAGE)]
