"""Agencies: the organisations that knock, each with its programs. The same name, however spaced or capitalised, is
one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from crm.access import Viewer
from crm.errors import NotFound
from crm.graph.driver import Reader, Store, Transaction
from crm.ids import mint

SYSTEMS = ("workforce", "education", "economic_development", "other")


@dataclass(frozen=True)
class Agency:
    """One agency. `system` is one of SYSTEMS, or None while nobody has said it."""

    id: str
    name: str
    system: str | None


@dataclass(frozen=True)
class AgencyRow:
    """An agency in the list, with how much of the region it brings."""

    id: str
    name: str
    system: str | None
    programs: int
    records: int


@lru_cache(10_000)
def name_key(name: str) -> str:
    """What makes two spellings of an agency's or a program's name the same one."""
    return " ".join(name.casefold().split())


def agency_id(name: str) -> str:
    return mint("a", name_key(name))


ADD_AGENCIES = """
UNWIND $rows AS row
MERGE (a:Agency {id: row.id})
ON CREATE SET a.name = row.name, a.name_key = row.name_key
"""


def add_agencies(tx: Transaction, names: list[str]) -> None:
    """Create those of these agencies that are not there; those that are stay as they are."""
    rows = [{"id": agency_id(name), "name": " ".join(name.split()), "name_key": name_key(name)} for name in names]
    if rows:
        tx.run(ADD_AGENCIES, rows=rows)


AGENCIES = """
MATCH (a:Agency)
RETURN a.id AS id, a.name AS name, a.system AS system
ORDER BY name, id
"""


def list_agencies(db: Reader, viewer: Viewer) -> list[Agency]:
    """Every agency of the region; that an agency takes part is no secret to the others."""
    return [Agency(**row) for row in db.read(AGENCIES)]


AGENCY = """
MATCH (a:Agency {id: $id})
RETURN a.id AS id, a.name AS name, a.system AS system
"""


def get_agency(db: Reader, id: str, *, viewer: Viewer) -> Agency:
    """Raises NotFound."""
    rows = db.read(AGENCY, id=id)
    if not rows:
        raise NotFound("There is no such agency.")
    return Agency(**rows[0])


NAMED = "MATCH (a:Agency {name_key: $name_key}) RETURN a.id AS id ORDER BY id"


def find_agency_id(db: Reader, name: str) -> str:
    """The id of the agency of this name: as it is called now, else as its files go on calling it."""
    rows = db.read(NAMED, name_key=name_key(name))
    return rows[0]["id"] if rows else agency_id(name)


AGENCY_ROWS = """
MATCH (a:Agency)
OPTIONAL MATCH (p:Program {agency_id: a.id})
WITH a, count(p) AS programs
RETURN a.id AS id, a.name AS name, a.system AS system, programs
ORDER BY name, id
LIMIT $limit
"""


def list_agency_rows(db: Reader, viewer: Viewer, *, records: Mapping[str, int], limit: int = 500) -> list[AgencyRow]:
    """The agencies with their counts of programs and of business `records` (`count_records`)."""
    return [AgencyRow(**row, records=records.get(row["id"], 0)) for row in db.read(AGENCY_ROWS, limit=limit)]


RECORDS_OF = "MATCH (a:Agency) RETURN a.id AS id, COUNT { (a)<-[:OF]-(:BusinessRecord) } AS records"


def count_records(db: Reader, viewer: Viewer) -> dict[str, int]:
    """agency id -> how many business records it has. A walk over all of them."""
    return {row["id"]: row["records"] for row in db.read(RECORDS_OF)}


CHANGE_AGENCY = """
MATCH (a:Agency {id: $id})
SET a.name = $name, a.name_key = $name_key, a.system = $system
RETURN a.id AS id
"""


def change_agency(db: Store, id: str, *, name: str, system: str | None) -> None:
    """Give an agency another display name or system. Its id, and what files call it, stay. Raises NotFound."""

    def change(tx: Transaction) -> None:
        if not tx.run(CHANGE_AGENCY, id=id, name=name, name_key=name_key(name), system=system):
            raise NotFound("There is no such agency.")
        tx.tick()

    db.transact(change)


SYSTEMS_SAID = """
MATCH (a:Agency)
WHERE a.id IN $ids
OPTIONAL MATCH (a)<-[:OF]-(p:Program)
RETURN a.id AS id, p.agency_system AS system, p.said AS said
ORDER BY id, said
"""

SET_SYSTEMS = """
UNWIND $rows AS row
MATCH (a:Agency {id: row.id})
SET a.system = row.system
"""


def refresh_systems(tx: Transaction, ids: list[str]) -> None:
    """Let these agencies' systems be what the newest of their program rows that are left says."""
    systems: dict[str, str | None] = {}
    for row in tx.run(SYSTEMS_SAID, ids=ids):
        systems[row["id"]] = row["system"] or systems.get(row["id"])
    tx.run(SET_SYSTEMS, rows=[{"id": id, "system": system} for id, system in systems.items()])


DELETE_UNUSED = """
MATCH (a:Agency)
WHERE a.id IN $ids AND NOT EXISTS { (a)--() }
  AND NOT EXISTS { MATCH (g:Agreement) WHERE any(ref IN g.covers WHERE ref STARTS WITH a.id + ':') }
DELETE a
"""


def delete_unused_agencies(tx: Transaction, ids: list[str]) -> None:
    """Forget those of these agencies that nothing in the graph belongs to or names any more."""
    tx.run(DELETE_UNUSED, ids=ids)
