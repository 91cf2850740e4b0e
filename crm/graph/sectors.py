"""Sectors: a region's working definition of an industry, as versions of NAICS prefixes and places."""

from typing import Any

from crm.errors import NotFound
from crm.graph.driver import Reader, Row, Transaction

PUT = """
UNWIND $rows AS row
MERGE (s:Sector {id: row.props.id})
SET s = row.props
"""


def put_sectors(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Write sector versions whole (`props`)."""
    if rows:
        tx.run(PUT, rows=rows)


SECTORS = """
MATCH (s:Sector)
RETURN s.id AS id, s.sector AS sector, s.naics AS naics, s.places AS places, s.version AS version, s.seq AS seq
ORDER BY sector, seq, id
"""


def list_sectors(db: Reader) -> list[Row]:
    """Every version of every sector, by name, older versions first."""
    return db.read(SECTORS)


def get_sector(db: Reader, said: str) -> Row:
    """The newest version of the sector of this name, or the one of NAME@VERSION, ignoring case.

    Raises NotFound, naming the sectors or the versions that there are.
    """
    rows = list_sectors(db)
    if found := _find_named(rows, said):
        return found[-1]
    name, at, version = said.rpartition("@")
    versions = _find_named(rows, name) if at else []
    wanted = version.strip().casefold()
    for row in reversed(versions):
        if (row["version"] or "").casefold() == wanted:
            return row
    if versions:
        there = ", ".join(row["version"] or "one without a name" for row in versions)
        raise NotFound(f'{versions[-1]["sector"]} has no version "{version.strip()}". Known versions: {there}.')
    known = ", ".join(sorted({row["sector"] for row in rows})) or "none yet: import a sectors file first"
    raise NotFound(f'There is no sector "{said}". Known sectors: {known}.')


def _find_named(rows: list[Row], name: str) -> list[Row]:
    return [row for row in rows if row["sector"].casefold() == name.strip().casefold()]
