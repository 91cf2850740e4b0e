"""Coverage: which share of a sector each agency reaches, all together, and whether that is a critical mass."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from crm.access import Viewer
from crm.analysis.contacts import Mask
from crm.analysis.coverage import Coverage, measure_coverage
from crm.analysis.critical_mass import CriticalMass, Goals, Meetings, Met, judge_critical_mass, list_met
from crm.analysis.history import History
from crm.errors import NotAllowed, NotFound, Refused
from crm.graph import coverage_goals
from crm.graph.coverage_goals import CoverageGoal
from crm.graph.driver import Store
from crm.services.decision_makers import get_meetings
from crm.services.judgements import now
from crm.services.questions import SETTINGS, Question, ask
from crm.services.regions import get_cache

MOST_STRATA = 200


@dataclass(frozen=True)
class CoveredBusiness:
    """A business of the universe, and the names of the agencies that engage it."""

    business: str
    name: str
    county: str
    zip: str
    naics: str
    employees: int | None
    agencies: list[str]


@dataclass(frozen=True)
class CoverageFindings:
    """What was found for a question; lists of businesses are made when they are asked for."""

    question: Question
    history: History
    coverage: Coverage

    def list_places(self, flags: Mask) -> list[int]:
        """The flagged places of the universe, the largest employers first, then by name."""
        order = self.history.region.businesses.largest_first
        return order[(flags & self.coverage.universe)[order]].tolist()

    def read(self, places: Sequence[int]) -> list[CoveredBusiness]:
        known, coverage = self.history.region.businesses, self.coverage
        return [
            CoveredBusiness(
                business=known.ids[p],
                name=known.names[p],
                county=known.counties[p],
                zip=known.zips[p],
                naics=known.naics[p],
                employees=known.employees[p],
                agencies=coverage.list_agencies_of(p),
            )
            for p in places
        ]

    @cached_property
    def _ids(self) -> list[str]:
        """The businesses of the universe."""
        known = self.history.region.businesses
        return [known.ids[place] for place in np.flatnonzero(self.coverage.universe).tolist()]

    @cached_property
    def _met(self) -> dict[str, tuple[Meetings, Met]]:
        return {}

    def find_met(self, meetings: Meetings) -> Met:
        """Who of the people met decides; found once, until other meetings are given."""
        kept = self._met.get("kept")
        if kept is None or kept[0] is not meetings:
            found = list_met(meetings, self._ids, as_of=self.coverage.as_of, settings=SETTINGS)
            self._met["kept"] = kept = (meetings, found)
        return kept[1]


def find_coverage(db: Store, viewer: Viewer, question: Question) -> CoverageFindings:
    """All figures for the businesses and the day of this question; its period and agency do not matter here."""

    def compute(history: History) -> CoverageFindings:
        return CoverageFindings(question, history, measure_coverage(history, scope=question.scope))

    key = ("coverage", question.as_of, question.scope, question.sector_title)
    return get_cache(db).get_answer(key, compute, as_of=question.as_of)


def find_met(db: Store, viewer: Viewer, findings: CoverageFindings) -> Met:
    """The decision-makers whom anybody met at the businesses that the findings are about."""
    return findings.find_met(get_meetings(db))


def find_critical_mass(db: Store, viewer: Viewer, findings: CoverageFindings) -> CriticalMass:
    goal = find_goal(db, viewer, findings.question)
    goals = Goals(tuple(read_cell(cell) for cell in goal.strata), goal.jobs) if goal else Goals()
    return judge_critical_mass(findings.coverage, find_met(db, viewer, findings), goals, SETTINGS)


def measure(db: Store, viewer: Viewer, **asked: Any) -> dict[str, Any]:
    """The answer of `crm coverage` as the contract has it.

    Takes what `questions.ask` takes, and raises what it raises.
    """
    findings = find_coverage(db, viewer, ask(db, viewer, **asked))
    coverage = findings.coverage
    return {
        "universe": coverage.size,
        "together": coverage.together,
        "together_jobs": coverage.together_jobs,
        "agencies": [agency.as_json() for agency in coverage.agencies],
        "strata": [cell.as_json() for cell in coverage.cells],
        "critical_mass": find_critical_mass(db, viewer, findings).as_json(),
    }


def find_goal(db: Store, viewer: Viewer, question: Question) -> CoverageGoal | None:
    """What the region set for the sector of a question, whichever its version; None where it set nothing."""
    return coverage_goals.find_goal(db, viewer, _name_sector(question))


def set_goals(
    db: Store, viewer: Viewer, question: Question, *, strata: Sequence[tuple[str, str]], jobs: float | None
) -> str:
    """Set what critical mass needs in the sector of a question; returns the id, for undo. Nothing at all is allowed.

    Raises NotAllowed for who is no administrator, Refused for cells that this sector has not and for no share of jobs.
    """
    _check_admin(viewer)
    cells = {(cell.sub_sector, cell.size) for cell in find_coverage(db, viewer, question).coverage.cells}
    if unknown := [cell for cell in strata if cell not in cells]:
        raise Refused(f"“{' '.join(unknown[0])}” is no group of businesses of this sector. Open the page again.")
    if len(strata) > MOST_STRATA:
        raise Refused(f"At most {MOST_STRATA} groups of businesses can be named.")
    if jobs is not None and not 0 < jobs <= 1:
        raise Refused("The share of jobs is more than 0 and at most 100 percent.")
    chosen = sorted({" ".join(cell) for cell in strata})
    sector = _name_sector(question)
    return db.transact(
        lambda tx: coverage_goals.add_goal(tx, sector, strata=chosen, jobs=jobs, by=viewer.email, at=now())
    )


def undo_goals(db: Store, viewer: Viewer, id: str) -> str:
    """Take back what was set last for a sector; what was in force before is again. Returns the sector ('': all).

    Raises NotAllowed for who is no administrator, NotFound where something else is in force by now.
    """
    _check_admin(viewer)
    sector = db.transact(lambda tx: coverage_goals.remove_goal(tx, id, at=now()))
    if sector is None:
        raise NotFound("This is not in force any more: it was taken back, or something else was set since.")
    return sector


def read_cell(text: str) -> tuple[str, str]:
    """A cell as it is written down: sub-sector, blank, size."""
    sub_sector, _, size = text.rpartition(" ")
    return sub_sector, size


def _name_sector(question: Question) -> str:
    return question.sector_base.casefold()


def _check_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise NotAllowed("Only an administrator may set what critical mass needs.")
