"""Programs: what an agency runs, and in whose name its staff knock."""

from dataclasses import dataclass
from typing import Any

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph.agencies import name_key
from crm.graph.driver import Reader, Store, Transaction
from crm.graph.records import record_id

# Programs are named in files, not numbered: the name is the key, in one system for all files.
SYSTEM = "plain"


@dataclass(frozen=True)
class Program:
    """One program. `name` is how it is shown; files may go on using the name that it was created with."""

    id: str
    name: str
    agency_id: str
    agency: str
    contact_email: str | None


def program_id(agency_id: str, name: str) -> str:
    return record_id("Program", agency_id, SYSTEM, name_key(name))


ADD_PROGRAMS = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (p:Program {id: row.id})
ON CREATE SET p = row, p.stub = true
MERGE (p)-[:OF]->(a)
"""


def add_programs(tx: Transaction, programs: list[tuple[str, str]]) -> None:
    """Create those of these (agency id, name) that are not there, as stubs: a contact names them, no row does yet."""
    rows = [
        {
            "id": program_id(agency, name),
            "agency_id": agency,
            "system": SYSTEM,
            "key": name_key(name),
            "name": " ".join(name.split()),
            "name_key": name_key(name),
        }
        for agency, name in programs
    ]
    if rows:
        tx.run(ADD_PROGRAMS, rows=rows)


PUT_PROGRAMS = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.agency_id})
MERGE (p:Program {id: row.id})
SET p = row
SET a.system = coalesce(row.agency_system, a.system)
MERGE (p)-[:OF]->(a)
"""


def put_programs(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Write rows of the programs file (`props`); the newest row's system is its agency's."""
    if rows:
        tx.run(PUT_PROGRAMS, rows=[row["props"] for row in rows])


PROGRAMS = """
MATCH (p:Program)
// From the programs on: ArcadeDB would begin with the few agencies, and walk through all that is of them.
MATCH (a:Agency {id: p.agency_id})
RETURN p.id AS id, p.name AS name, a.id AS agency_id, a.name AS agency, p.contact_email AS contact_email
ORDER BY agency, name, id
"""


def list_programs(db: Reader, viewer: Viewer) -> list[Program]:
    """Every program of the region, by agency and name."""
    return [Program(**row) for row in db.read(PROGRAMS)]


PROGRAM = """
MATCH (p:Program {id: $id})-[:OF]->(a:Agency)
RETURN p.id AS id, p.name AS name, a.id AS agency_id, a.name AS agency, p.contact_email AS contact_email
"""


def get_program(db: Reader, id: str, *, viewer: Viewer) -> Program:
    """Raises NotFound."""
    rows = db.read(PROGRAM, id=id)
    if not rows:
        raise NotFound("There is no such program.")
    return Program(**rows[0])


CHANGE_PROGRAM = """
MATCH (p:Program {id: $id})
SET p.name = $name, p.name_key = $name_key, p.contact_email = $contact_email
RETURN p.id AS id
"""

# A program that somebody added by hand stays, whether or not a contact names it.
KEEP_PROGRAM = "MATCH (p:Program {id: $id}) REMOVE p.stub"


def change_program(db: Store, id: str, *, name: str, contact_email: str | None, keep: bool = False) -> None:
    """Give a program another display name or contact; `keep` makes it more than a stub. Raises NotFound."""

    def change(tx: Transaction) -> None:
        if not tx.run(CHANGE_PROGRAM, id=id, name=name, name_key=name_key(name), contact_email=contact_email):
            raise NotFound("There is no such program.")
        if keep:
            tx.run(KEEP_PROGRAM, id=id)
        tx.tick()

    db.transact(change)


REFERRED_TO = """
UNWIND $ids AS id
MATCH (p:Program {id: id})
WHERE EXISTS { (p)<-[:MADE_BY]-(:Touchpoint) }
   OR EXISTS { (p)<-[:FROM_PROGRAM]-(:Referral) }
   OR EXISTS { (p)<-[:TO_PROGRAM]-(:Referral) }
RETURN p.id AS id
ORDER BY id
"""


def list_referred_to(db: Reader, ids: list[str]) -> list[str]:
    """Those of these programs that contacts or referrals name: without their row they become stubs."""
    return [row["id"] for row in db.read(REFERRED_TO, ids=ids)]


UNUSED_STUBS = """
MATCH (p:Program)
WHERE p.stub = true
  AND NOT EXISTS { (p)<-[:MADE_BY]-(:Touchpoint) }
  AND NOT EXISTS { (p)<-[:FROM_PROGRAM]-(:Referral) }
  AND NOT EXISTS { (p)<-[:TO_PROGRAM]-(:Referral) }
WITH p, p.agency_id AS agency
DETACH DELETE p
RETURN DISTINCT agency
"""


def delete_unused_stubs(tx: Transaction) -> set[str]:
    """Forget the programs that no row tells of and no contact names any more; the ids of their agencies."""
    return {row["agency"] for row in tx.run(UNUSED_STUBS)}


PROGRAMS_BY_ID = """
UNWIND $ids AS id
MATCH (p:Program {id: id})-[:OF]->(a:Agency)
RETURN p.id AS id, p.name AS name, a.id AS agency_id, a.name AS agency, p.contact_email AS contact_email
"""


def list_programs_by_id(db: Reader, ids: list[str]) -> list[Program]:
    """Those of these programs that there are."""
    return [Program(**row) for row in db.read(PROGRAMS_BY_ID, ids=ids)]
