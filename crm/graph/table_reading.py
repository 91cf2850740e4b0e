"""What the measures of tables are made from, read in bulk: tables, who sits at them now, and their meetings.

Columns come as lists in one row, because a row to Python costs more than anything else in a bulk read. Nothing of it
is hidden from any member of the region: who sits where is what the agencies come together to see.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from crm.access import Viewer
from crm.graph.driver import Reader, Row

TABLES = """
MATCH (t:Table)
MATCH (a:Agency {id: t.agency_id})
RETURN t.id AS id, t.name AS name, a.id AS agency_id, a.name AS agency, t.sector AS sector, t.purpose AS purpose,
       t.cadence_days AS cadence_days, t.hours AS hours, t.required_by AS required_by
ORDER BY name, agency, id
"""

# From the seats on, which are few, to what their records are now. Blanks come as '', because `collect` leaves nulls
# out and the lists of one row must be equally long.
SEATS = """
MATCH (s:Seat)-[:AT]->(t:Table)
MATCH (s)-[:SPEAKS_FOR]->(:BusinessRecord)-[:RESOLVES_TO]->(b:Business)
MATCH (s)-[:FILLED_BY]->(:PersonRecord)-[:RESOLVES_TO]->(e:Executive)
RETURN collect(s.id) AS id, collect(t.id) AS table, collect(b.id) AS business, collect(e.id) AS person,
       collect(coalesce(s.from, '')) AS begins_on, collect(coalesce(s.ended_on, s.to, '')) AS ends_on,
       collect(coalesce(b.name, '')) AS business_name, collect(coalesce(e.name, e.email, '')) AS person_name
"""

MEETINGS = """
MATCH (m:Meeting)-[:HELD_BY]->(t:Table)
WHERE m.cancelled_at IS NULL
RETURN collect(m.id) AS id, collect(t.id) AS table, collect(m.date) AS date
"""

MET: LiteralString = """
UNWIND $ids AS id
MATCH (c:Touchpoint {id: id})-[:MET]->(:PersonRecord)-[:RESOLVES_TO]->(e:Executive)
RETURN collect(id) AS contact, collect(e.id) AS person, collect(coalesce(e.name, e.email, '')) AS name
"""


@dataclass(frozen=True)
class TableColumns:
    """`tables` are rows of texts (None for a blank); `seats` and `meetings` are columns, '' for a blank day."""

    tables: list[Row]
    seats: dict[str, list[Any]]
    meetings: dict[str, list[Any]]


def read_tables(db: Reader, viewer: Viewer) -> TableColumns:
    """Every table, seat and meeting of the region."""
    return TableColumns(db.read(TABLES), db.read(SEATS)[0], db.read(MEETINGS)[0])


def list_met(db: Reader, viewer: Viewer, ids: list[str]) -> list[tuple[str, str, str]]:
    """(contact, person, the person's name) of those who are named in these contacts."""
    if not ids:
        return []
    row = db.read(MET, ids=ids)[0]
    return list(zip(row["contact"], row["person"], row["name"], strict=True))
