"""Seats: that a person of a business sits at a table, from one day to another.

`ended_on` is the last day that somebody of the agency has said on the screen. It counts before the row's own `to` until
a row says something newer, and goes with the seat when its import is taken back.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from crm.access import Viewer
from crm.graph.driver import Reader, Transaction

PUT = """
UNWIND $rows AS row
MATCH (t:Table {id: row.table})
MATCH (r:BusinessRecord {id: row.record})
MATCH (p:PersonRecord {id: row.person})
MERGE (s:Seat {id: row.props.id})
WITH t, r, p, s, row, s.ended_on AS ended_on, s.ended_said AS ended_said
SET s = row.props
SET s.ended_on = CASE WHEN ended_said > row.props.said THEN ended_on END,
    s.ended_said = CASE WHEN ended_said > row.props.said THEN ended_said END
MERGE (s)-[:AT]->(t)
MERGE (s)-[:SPEAKS_FOR]->(r)
MERGE (s)-[:FILLED_BY]->(p)
"""

UNLINK = """
UNWIND $ids AS id
MATCH (:Seat {id: id})-[old:AT|SPEAKS_FOR|FILLED_BY]->()
DELETE old
"""


def put_seats(tx: Transaction, rows: list[dict[str, Any]], *, updated: list[str]) -> None:
    """Write seats whole. A row: `props`, and the ids of the `table`, the business `record` and the `person` record."""
    if updated:
        tx.run(UNLINK, ids=updated)
    if rows:
        tx.run(PUT, rows=rows)


TIES = """
UNWIND $ids AS id
MATCH (s:Seat {id: id})-[:SPEAKS_FOR]->(r:BusinessRecord)
MATCH (s)-[:FILLED_BY]->(p:PersonRecord)
RETURN r.id AS record, p.id AS person
"""


def list_ties(db: Reader, ids: list[str]) -> tuple[set[str], set[str]]:
    """The business records and the person records that these seats refer to."""
    rows = db.read(TIES, ids=ids)
    return {row["record"] for row in rows}, {row["person"] for row in rows}


SET_END = """
MATCH (s:Seat {id: $id})
SET s.ended_on = $on, s.ended_said = $said
"""


def set_end(tx: Transaction, id: str, *, on: str | None, said: int | None) -> None:
    """Say the last day (ISO) of a seat, or (None) that its row's own word counts. `said` orders it among all rows."""
    tx.run(SET_END, id=id, on=on, said=said)


@dataclass(frozen=True)
class SeatLine:
    """A seat as the page of a business or person shows it; the days are ISO, None for an open end."""

    id: str
    table_id: str
    table: str
    agency: str
    business_id: str
    business: str
    person_id: str
    person: str
    begins_on: str | None
    ends_on: str | None

    def is_current(self, today: str) -> bool:
        return (self.begins_on or "") <= today <= (self.ends_on or today)


LINE: LiteralString = """
MATCH (s)-[:AT]->(t:Table)
MATCH (a:Agency {id: t.agency_id})
RETURN s.id AS id, t.id AS table_id, t.name AS table, a.name AS agency, b.id AS business_id,
       coalesce(b.name, '(no name)') AS business, e.id AS person_id, coalesce(e.name, e.email, '(no name)') AS person,
       s.from AS begins_on, coalesce(s.ended_on, s.to) AS ends_on
ORDER BY table, person, begins_on, id
LIMIT $limit
"""
OF_BUSINESS: LiteralString = (
    """
MATCH (b:Business {id: $id})<-[:RESOLVES_TO]-(:BusinessRecord)<-[:SPEAKS_FOR]-(s:Seat)
MATCH (s)-[:FILLED_BY]->(:PersonRecord)-[:RESOLVES_TO]->(e:Executive)
"""
    + LINE
)
OF_PERSON: LiteralString = (
    """
MATCH (e:Executive {id: $id})<-[:RESOLVES_TO]-(:PersonRecord)<-[:FILLED_BY]-(s:Seat)
MATCH (s)-[:SPEAKS_FOR]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
"""
    + LINE
)


def list_of_business(db: Reader, id: str, *, viewer: Viewer, limit: int = 200) -> list[SeatLine]:
    """The seats of a business at tables of any agency, by table."""
    return [SeatLine(**row) for row in db.read(OF_BUSINESS, id=id, limit=limit)]


def list_of_person(db: Reader, id: str, *, viewer: Viewer, limit: int = 200) -> list[SeatLine]:
    """The seats of a person at tables of any agency, by table."""
    return [SeatLine(**row) for row in db.read(OF_PERSON, id=id, limit=limit)]
