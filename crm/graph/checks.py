"""Checks: pairs of records that were drawn so that what people say of them tells how good the matching is.

A `Check` goes by its pair (`judgements.pair_of`). Which pairs there are to draw from, and what other limits would give,
stands in the `Survey` of their kind, which is made anew with every draw. What people say of a checked pair is a
judgement like any other. A check counts from when its turn came: who is answered earlier, because the answer matters
for some number, was not drawn by lot.
"""

import json
from dataclasses import dataclass
from typing import Any, LiteralString

from crm.access import Viewer
from crm.graph.driver import Reader, Row, Transaction
from crm.graph.stale import Kind


@dataclass(frozen=True)
class Check:
    """One pair to check, as it was when it was drawn. `points` (hundredths of a bit) are its score, `joined_at` the
    limits on trial at which it would be one, `case` the evidence that speaks most against it ("" for none), `agencies`
    the ids of those of its two records. `turn` orders those whose turn has not come; `counted_at` is None for these."""

    id: str
    kind: str
    left: str
    right: str
    points: int
    joined_at: list[int]
    case: str
    agencies: list[str]
    turn: int
    counted_at: str | None


COLUMNS: LiteralString = """
RETURN c.id AS id, c.kind AS kind, c.left AS left, c.right AS right, c.points AS points, c.joined_at AS joined_at,
       c.case AS case, c.agencies AS agencies, c.turn AS turn, c.counted_at AS counted_at
"""

ALL: LiteralString = "MATCH (c:Check {kind: $kind})" + COLUMNS + "ORDER BY turn, id"

NEXT: LiteralString = (
    "MATCH (c:Check) WHERE c.counted_at IS NULL AND ($kind = '' OR c.kind = $kind)"
    + COLUMNS
    + "ORDER BY turn, id LIMIT $limit"
)

PUT = """
UNWIND $rows AS row
MERGE (c:Check {id: row.id})
// What was counted meanwhile stays so.
SET c += row
"""

DROP = "UNWIND $ids AS id MATCH (c:Check {id: id}) DELETE c"

COUNT = "MATCH (c:Check {id: $id}) WHERE c.counted_at IS NULL SET c.counted_at = $at"

UNCOUNT = "MATCH (c:Check {id: $id}) REMOVE c.counted_at"


def list_all(db: Reader, kind: Kind) -> list[Check]:
    """Every check of a kind, in the order of their turns."""
    return [Check(**row) for row in db.read(ALL, kind=kind)]


def list_next(db: Reader, *, kind: str = "", limit: int = 25) -> list[Check]:
    """The checks whose turn comes next, of a kind or of both."""
    return [Check(**row) for row in db.read(NEXT, kind=kind, limit=limit)]


def put_checks(tx: Transaction, rows: list[Check]) -> None:
    if rows:
        tx.run(PUT, rows=[{name: value for name, value in vars(row).items() if value is not None} for row in rows])


def drop_checks(tx: Transaction, ids: list[str]) -> None:
    if ids:
        tx.run(DROP, ids=ids)


def count_check(tx: Transaction, pair: str, *, at: str) -> None:
    """This pair's turn has come and it is answered. Nothing happens for a pair that is no check, or counts already."""
    tx.run(COUNT, id=pair, at=at)


def uncount_check(tx: Transaction, pair: str) -> None:
    """The answer of this pair was taken back, so that it is to be asked again."""
    tx.run(UNCOUNT, id=pair)


# The answers in force, as far as they were asked for by the review, and how many of them are to checks.
NUMBERS = """
MATCH (j:Judgement {is_answer: true})
WHERE j.verdict <> 'withdrawn' AND j.retired_at IS NULL
RETURN count(*) AS answers, coalesce(sum(CASE WHEN j.is_check = true THEN 1 ELSE 0 END), 0) AS checks
"""


def count_answers(db: Reader) -> Row:
    """How many `answers` the review has in force, and how many of these are `checks`."""
    return db.read(NUMBERS)[0]


SAID = """
MATCH (c:Check {kind: $kind})
WHERE c.counted_at IS NOT NULL
MATCH (j:Judgement {pair: c.id})
WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn'
RETURN c.id AS pair, j.verdict AS verdict, j.second AS second
ORDER BY pair
"""


def list_said(db: Reader, viewer: Viewer, kind: Kind) -> dict[str, tuple[str, str | None]]:
    """pair -> what was said of it, and what a second person said, for the checks that count. What people decide about
    the region's records is for all of its members to see."""
    return {row["pair"]: (row["verdict"], row["second"]) for row in db.read(SAID, kind=kind)}


FIND_SURVEY = "MATCH (s:Survey {id: $kind}) RETURN s.at AS at, s.clock AS clock, s.found AS found"

PUT_SURVEY = "MERGE (s:Survey {id: $kind}) SET s.at = $at, s.clock = $clock, s.found = $found"


def find_survey(db: Reader, viewer: Viewer, kind: Kind) -> Row | None:
    """When checks of a kind were drawn last (`at`, and the graph's `clock` then), and what was `found` (as it was put);
    None before the first draw."""
    rows = db.read(FIND_SURVEY, kind=kind)
    return {**rows[0], "found": json.loads(rows[0]["found"])} if rows else None


def put_survey(tx: Transaction, kind: Kind, *, at: str, clock: int, found: dict[str, Any]) -> None:
    tx.run(PUT_SURVEY, kind=kind, at=at, clock=clock, found=json.dumps(found))
