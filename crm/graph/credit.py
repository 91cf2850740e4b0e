"""Whose work a contact is: what coordination credit needs beside the contacts themselves.

A member is told only what they logged themselves: the filter is inside the query, so that no colleague's name and no
number of a colleague's leaves the graph. The owner of the installation sees all staff.
"""

from dataclasses import dataclass

from crm.access import Viewer
from crm.graph.driver import Reader

LOGGED = """
MATCH (s:Staff)
WHERE $email IS NULL OR (s.email = $email AND s.agency_id = $agency_id)
MATCH (s)<-[:LOGGED_BY]-(t:Touchpoint)
RETURN s.id AS id, coalesce(s.email, s.name) AS staff, s.agency_id AS agency_id,
       collect([t.agency_id, t.system, t.key]) AS contacts
ORDER BY staff, id
"""


@dataclass(frozen=True)
class Logged:
    """A member of an agency's staff and the contacts that name them, each as (agency id, system, key)."""

    id: str
    staff: str
    agency_id: str
    contacts: frozenset[tuple[str, str, str]]


def list_logged(db: Reader, viewer: Viewer) -> list[Logged]:
    """By name: the viewer alone, or all staff for the owner."""
    mine = None if viewer.is_owner else viewer.email.strip().casefold()
    rows = db.read(LOGGED, email=mine, agency_id=viewer.agency_id)
    return [
        Logged(row["id"], row["staff"], row["agency_id"], frozenset((a, s, k) for a, s, k in row["contacts"]))
        for row in rows
    ]
