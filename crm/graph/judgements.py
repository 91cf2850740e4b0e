"""Judgements: what a person decided about two records. They are kept for ever, and outlive the records themselves.

They name records by the ids that their keys give, so that an import that is undone and comes again finds them in force.
A new judgement of the same pair retires the old one, which stays readable.
"""

from crm.graph.driver import Reader, Row, Transaction
from crm.ids import mint

VERDICTS = ("same", "different", "unsure")

ADD = """
MATCH (old:Judgement {pair: $pair})
WHERE old.retired_at IS NULL AND old.id <> $id
SET old.retired_at = $at
"""

PUT = """
MERGE (j:Judgement {id: $id})
ON CREATE SET j.kind = $kind, j.pair = $pair, j.left = $left, j.right = $right, j.verdict = $verdict, j.by = $by,
              j.at = $at, j.why = $why
RETURN j.id AS id
"""


def add_judgement(
    tx: Transaction, *, kind: str, left: str, right: str, verdict: str, by: str, at: str, why: str | None
) -> str:
    """Record a verdict on two records (ids) of one kind (`business` or `person`), and return its id."""
    left, right = sorted((left, right))
    pair = f"{left}~{right}"
    id = mint("j", pair, verdict, by, at)
    tx.run(ADD, pair=pair, id=id, at=at)
    tx.run(PUT, id=id, kind=kind, pair=pair, left=left, right=right, verdict=verdict, by=by, at=at, why=why)
    return id


IN_FORCE = """
MATCH (j:Judgement {kind: $kind})
WHERE j.retired_at IS NULL
RETURN j.id AS id, j.left AS left, j.right AS right, j.verdict AS verdict
ORDER BY id
"""


def list_in_force(db: Reader, kind: str) -> list[Row]:
    """The judgements that count, of one kind."""
    return db.read(IN_FORCE, kind=kind)


OF_PAIR = """
MATCH (j:Judgement {pair: $pair})
WHERE j.retired_at IS NULL
RETURN j.id AS id, j.verdict AS verdict, j.by AS by, j.at AS at, j.why AS why
ORDER BY at DESC, id
LIMIT 1
"""


def find_of_pair(db: Reader, left: str, right: str) -> Row | None:
    """The judgement that counts about two records (ids), by whom, when and why; None if nobody has judged them."""
    rows = db.read(OF_PAIR, pair="~".join(sorted((left, right))))
    return rows[0] if rows else None
