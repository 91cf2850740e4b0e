"""Judgements: what a person decided about two records. They are kept for ever, and outlive the records themselves.

They name records by the ids that their keys give, so that an import that is undone and comes again finds them in force.
A new judgement of the same pair retires the old one, which stays readable.
"""

from dataclasses import dataclass
from typing import LiteralString

from crm.access import Viewer
from crm.errors import Conflict
from crm.graph.driver import Reader, Row, Transaction
from crm.ids import mint

# `firm`: two sites of one firm; `two_firms`: not even that. Both are for businesses only. `moved`: one person, who went
# from one firm to another.
VERDICTS = ("same", "firm", "two_firms", "moved", "different", "unsure")
# What stands in the place of a judgement that was taken back; it says nothing about the two records.
WITHDRAWN = "withdrawn"
PAGE = 25

ADD = """
MATCH (old:Judgement {pair: $pair})
WHERE old.retired_at IS NULL AND old.id <> $id
SET old.retired_at = $at
"""

PUT = """
MERGE (j:Judgement {id: $id})
ON CREATE SET j.kind = $kind, j.pair = $pair, j.left = $left, j.right = $right, j.verdict = $verdict, j.by = $by,
              j.at = $at, j.why = $why, j.about = $about, j.moved_on = $moved_on, j.is_answer = $is_answer,
              j.wants_second = $wants_second, j.is_check = $is_check
RETURN j.id AS id
"""


def pair_of(left: str, right: str) -> str:
    """What names a pair of records (ids): the two in text order."""
    return "~".join(sorted((left, right)))


def add_judgement(
    tx: Transaction,
    *,
    kind: str,
    left: str,
    right: str,
    verdict: str,
    by: str,
    at: str,
    why: str | None,
    about: str | None = None,
    moved_on: str | None = None,
    is_answer: bool = False,
    wants_second: bool = False,
    is_check: bool = False,
) -> str:
    """Record a verdict on two records (ids) of one kind (`business` or `person`), and return its id.

    `about` is the one of the two that a lopsided verdict is about: of "two_firms" the site that is not of the other's
    firm, of "moved" where the person works now, `moved_on` (ISO) since when if that is known.
    `is_answer`: it answers a pair of the review queue. `wants_second`: somebody else is to look at the same pair,
    without knowing of this. `is_check`: it answers a pair that was drawn to be checked.
    """
    left, right = sorted((left, right))
    pair = pair_of(left, right)
    id = mint("j", pair, verdict, by, at)
    tx.run(ADD, pair=pair, id=id, at=at)
    tx.run(
        PUT, id=id, kind=kind, pair=pair, left=left, right=right, verdict=verdict, by=by, at=at, why=why,
        about=about, moved_on=moved_on, is_answer=is_answer or None,
        wants_second=wants_second or None, is_check=is_check or None,
    )  # fmt: skip
    return id


IN_FORCE = """
MATCH (j:Judgement {kind: $kind})
WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn'
RETURN j.id AS id, j.left AS left, j.right AS right, j.verdict AS verdict, j.about AS about
ORDER BY id
"""


def list_in_force(db: Reader, kind: str) -> list[Row]:
    """The judgements that count, of one kind."""
    return db.read(IN_FORCE, kind=kind)


OF_PAIR = """
MATCH (j:Judgement {pair: $pair})
WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn'
RETURN j.id AS id, j.verdict AS verdict, j.by AS by, j.at AS at, j.why AS why, j.about AS about,
       j.moved_on AS moved_on
ORDER BY at DESC, id
LIMIT 1
"""


def find_of_pair(db: Reader, left: str, right: str) -> Row | None:
    """The judgement that counts about two records (ids), by whom, when and why; None if nobody has judged them."""
    rows = db.read(OF_PAIR, pair=pair_of(left, right))
    return rows[0] if rows else None


@dataclass(frozen=True)
class Judged:
    """A judgement as people look back on it. `by` is an e-mail, or `owner` for the command line; `at` is an instant.
    `about` and `moved_on` are as in `add_judgement`.

    `second` is what somebody else said who was shown the same pair without knowing of this; None if nobody was.
    """

    id: str
    kind: str
    left: str
    right: str
    verdict: str
    by: str
    at: str
    why: str | None
    about: str | None
    moved_on: str | None
    second: str | None
    second_by: str | None
    second_at: str | None

    @property
    def pair(self) -> str:
        return pair_of(self.left, self.right)


COLUMNS: LiteralString = """
RETURN j.id AS id, j.kind AS kind, j.left AS left, j.right AS right, j.verdict AS verdict, j.by AS by, j.at AS at,
       j.why AS why, j.about AS about, j.moved_on AS moved_on, j.second AS second, j.second_by AS second_by,
       j.second_at AS second_at
"""

LIST: LiteralString = (
    """
MATCH (j:Judgement)
WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn'
  AND ($verdict = '' OR j.verdict = $verdict) AND ($kind = '' OR j.kind = $kind)
"""
    + COLUMNS
    + "ORDER BY at DESC, id SKIP $skip LIMIT $limit"
)


def list_judgements(
    db: Reader, viewer: Viewer, *, kind: str = "", verdict: str = "", skip: int = 0, limit: int = PAGE
) -> list[Judged]:
    """The judgements in force, newest first. What people decide about the region's records is for all of its members
    to see."""
    return [Judged(**row) for row in db.read(LIST, kind=kind, verdict=verdict, skip=skip, limit=limit)]


DISAGREED: LiteralString = (
    """
MATCH (j:Judgement)
WHERE j.retired_at IS NULL AND j.second IS NOT NULL AND j.second <> j.verdict
"""
    + COLUMNS
    + "ORDER BY at DESC, id LIMIT $limit"
)


def list_disagreed(db: Reader, viewer: Viewer, *, limit: int = 100) -> list[Judged]:
    """Judgements in force of which somebody else, who was shown the same pair, thinks otherwise."""
    return [Judged(**row) for row in db.read(DISAGREED, limit=limit)]


GET: LiteralString = "MATCH (j:Judgement {id: $id}) WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn'" + COLUMNS


def get_in_force(db: Reader, id: str) -> Judged:
    """Raises Conflict when it was taken back, or another took its place."""
    rows = db.read(GET, id=id)
    if not rows:
        raise Conflict("This decision does not count any more: somebody took it back, or decided anew.")
    return Judged(**rows[0])


WANTING: LiteralString = (
    """
MATCH (j:Judgement {wants_second: true})
WHERE j.retired_at IS NULL AND j.verdict <> 'withdrawn' AND j.by <> $by
  AND ($kind = '' OR j.kind = $kind)
"""
    + COLUMNS
    + "ORDER BY at, id LIMIT 20"
)


def list_wanting_second(db: Reader, *, by: str, kind: str = "") -> list[Judged]:
    """Judgements on which somebody other than whoever made them, such as `by`, is to say what they think."""
    return [Judged(**row) for row in db.read(WANTING, by=by, kind=kind)]


PUT_SECOND = """
MATCH (j:Judgement {id: $id})
SET j.asked = $at
WITH j
WHERE j.wants_second = true AND j.retired_at IS NULL AND j.by <> $by
SET j.second = $verdict, j.second_by = $by, j.second_at = $at, j.second_why = $why
REMOVE j.wants_second, j.asked
RETURN j.id AS id
"""

DROP_SECOND = """
MATCH (j:Judgement {id: $id})
WHERE j.second_by = $by
SET j.wants_second = true
REMOVE j.second, j.second_by, j.second_at, j.second_why
RETURN j.id AS id
"""


def put_second(tx: Transaction, id: str, *, verdict: str, by: str, at: str, why: str | None) -> None:
    """Note what somebody else says of the same pair. It changes nothing in the region: it tells how sure people are.

    Raises Conflict when another person has done so, or the judgement does not count any more.
    """
    if not tx.run(PUT_SECOND, id=id, verdict=verdict, by=by, at=at, why=why):
        raise Conflict("Somebody else was faster with this pair. Nothing of yours was needed any more.")


def drop_second(tx: Transaction, id: str, *, by: str) -> None:
    """Take a second opinion back. Raises Conflict when it is not there, or somebody else's."""
    if not tx.run(DROP_SECOND, id=id, by=by):
        raise Conflict("This answer is not there any more.")


COUNTS = """
MATCH (j:Judgement {is_answer: true})
WHERE j.verdict <> 'withdrawn' AND j.retired_at IS NULL
RETURN j.kind AS kind, j.verdict AS verdict, count(*) AS number,
       sum(CASE WHEN j.by = $by AND j.at >= $since THEN 1 ELSE 0 END)
         + sum(CASE WHEN j.second_by = $by AND j.second_at >= $since THEN 1 ELSE 0 END) AS own,
       sum(CASE WHEN j.second IS NOT NULL THEN 1 ELSE 0 END) AS looked_twice,
       sum(CASE WHEN j.second = j.verdict THEN 1 ELSE 0 END) AS agreed
ORDER BY kind, verdict
"""


def count_answers(db: Reader, viewer: Viewer, *, by: str, since: str) -> list[Row]:
    """How many answers to the review queue are in force by `kind` and `verdict` (`number`), how many of them `by` gave
    since an instant (`own`), how many pairs were seen by two people (`looked_twice`), and how many of those the same
    way (`agreed`).
    """
    return db.read(COUNTS, by=by, since=since)


LATEST = """
MATCH (j:Judgement {kind: $kind})
WHERE j.left IN $records OR j.right IN $records
RETURN j.by AS by, j.at AS at
ORDER BY at DESC, j.id
LIMIT 1
"""


def find_latest(db: Reader, kind: str, records: list[str]) -> Row | None:
    """By whom and when any of these records was last judged or a judgement of it taken back: `by`, `at`."""
    rows = db.read(LATEST, kind=kind, records=records)
    return rows[0] if rows else None


OF_VERDICTS: LiteralString = (
    """
MATCH (j:Judgement {kind: $kind})
WHERE j.retired_at IS NULL AND j.verdict IN $verdicts
"""
    + COLUMNS
    + "ORDER BY at, id"
)


def list_of_verdicts(db: Reader, kind: str, verdicts: list[str]) -> list[Judged]:
    """All judgements in force with one of these verdicts, the oldest first."""
    return [Judged(**row) for row in db.read(OF_VERDICTS, kind=kind, verdicts=verdicts)]


MOVES = """
MATCH (j:Judgement {kind: 'person'})
WHERE j.retired_at IS NULL AND j.verdict = 'moved' AND (j.left IN $records OR j.right IN $records)
RETURN j.left AS left, j.right AS right, j.about AS about, j.moved_on AS moved_on
ORDER BY j.at, j.id
"""


def list_moves(db: Reader, records: list[str]) -> list[Row]:
    """What was said of people of these records who went from one firm to another, in the order in which it was said."""
    return db.read(MOVES, records=records) if records else []
