"""Coverage goals: what a region set for critical mass, sector by sector: cells that must be reached, a share of jobs.

The newest of a sector is in force; earlier ones stay readable, and undo brings the one before back.
"""

from dataclasses import dataclass

from crm.access import Viewer
from crm.graph.driver import Reader, Transaction
from crm.ids import mint

PAGE = 25


@dataclass(frozen=True)
class CoverageGoal:
    """`sector` is a sector's name in lower case, '' for the whole region. `strata` are cells, "sub-sector size";
    `jobs` a share of jobs, None where none was set. By whom (an e-mail) and when (ISO, UTC)."""

    id: str
    sector: str
    strata: list[str]
    jobs: float | None
    by: str
    at: str


RETURNED = "g.id AS id, g.sector AS sector, g.strata AS strata, g.jobs AS jobs, g.by AS by, g.at AS at"
IN_FORCE = f"""
MATCH (g:CoverageGoal {{sector: $sector}})
WHERE g.retired_at IS NULL
RETURN {RETURNED}
ORDER BY at DESC, id
LIMIT 1
"""


def find_goal(db: Reader, viewer: Viewer, sector: str) -> CoverageGoal | None:
    """What is in force for a sector. It concerns all members of the region, so all may see it."""
    rows = db.read(IN_FORCE, sector=sector)
    return CoverageGoal(**rows[0]) if rows else None


RETIRE = """
MATCH (g:CoverageGoal {sector: $sector})
WHERE g.retired_at IS NULL
SET g.retired_at = $at, g.retired_by = $id
"""
ADD = """
MERGE (g:CoverageGoal {id: $id})
ON CREATE SET g.sector = $sector, g.strata = $strata, g.jobs = $jobs, g.by = $by, g.at = $at
"""


def add_goal(tx: Transaction, sector: str, *, strata: list[str], jobs: float | None, by: str, at: str) -> str:
    """Set goals from now on, in the place of those in force; returns their id."""
    id = mint("m", sector, *strata, str(jobs), by, at)
    tx.run(RETIRE, sector=sector, at=at, id=id)
    tx.run(ADD, id=id, sector=sector, strata=strata, jobs=jobs, by=by, at=at)
    return id


REMOVE = """
MATCH (g:CoverageGoal {id: $id})
WHERE g.retired_at IS NULL
SET g.retired_at = $at
RETURN g.sector AS sector
"""
RESTORE = """
MATCH (g:CoverageGoal {retired_by: $id})
SET g.retired_at = NULL, g.retired_by = NULL
"""


def remove_goal(tx: Transaction, id: str, *, at: str) -> str | None:
    """Take back goals that are in force, and put those before in their place; returns their sector, None if there are
    no such goals in force."""
    rows = tx.run(REMOVE, id=id, at=at)
    if rows:
        tx.run(RESTORE, id=id)
    return rows[0]["sector"] if rows else None
