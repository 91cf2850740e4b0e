"""The tables on coverage as they are saved to a file: the same numbers as on the page, unrounded."""

from collections.abc import Callable, Iterable

from crm.access import Viewer
from crm.analysis.days import get_date
from crm.graph import decision_makers
from crm.graph.driver import Store
from crm.services.coverage import CoverageFindings, CoveredBusiness, find_critical_mass, find_met
from crm.views.knock_tables import Table


def make_businesses(rows: Iterable[CoveredBusiness]) -> Table:
    return Table(
        ("Business", "County", "Zip", "Industry", "Employees", "Reached by", "Id"),
        ((one.name, one.county, one.zip, one.naics, one.employees, one.agencies, one.business) for one in rows),
    )


def _make_agencies(db: Store, viewer: Viewer, findings: CoverageFindings) -> Table:
    coverage = findings.coverage
    together = ("All together", coverage.reached, None, coverage.together, None, coverage.together_jobs, None)
    return Table(
        ("Agency", "Businesses", "Only this agency", "Alone", "Adds", "Jobs", "Adds of jobs"),
        [
            together,
            *((a.agency, a.engaged, a.only, a.alone, a.adds, a.jobs, a.adds_jobs) for a in coverage.agencies),
        ],
    )


def _make_strata(db: Store, viewer: Viewer, findings: CoverageFindings) -> Table:
    return Table(
        ("Sub-sector", "Employees", "Businesses", "Reached", "Share", "Share of jobs", "Nobody reaches any"),
        [(c.sub_sector, c.size, c.businesses, c.engaged, c.share, c.jobs, c.is_empty) for c in findings.coverage.cells],
    )


def _make_critical_mass(db: Store, viewer: Viewer, findings: CoverageFindings) -> Table:
    mass = find_critical_mass(db, viewer, findings)
    named = [(f"{c.sub_sector} {c.size}", c.engaged, 1, c.engaged > 0) for c in mass.strata]
    return Table(
        ("Part", "Reached", "Needed", "Met"),
        [
            ("Decision-makers", mass.decision_makers, mass.decision_makers_needed, mass.decision_makers_met),
            *named,
            ("Share of jobs", mass.jobs, mass.jobs_needed, mass.jobs_met),
            ("Critical mass", None, None, mass.met),
        ],
    )


def _make_people(db: Store, viewer: Viewer, findings: CoverageFindings) -> Table:
    met = find_met(db, viewer, findings)
    rows = decision_makers.list_people(db, viewer, [*met.decision_makers, *met.untitled])
    return Table(
        ("Person", "Title", "At", "Decides", "Id"),
        [(one.name, one.title, one.employers, one.id in set(met.decision_makers), one.id) for one in rows],
    )


def _make_settings(db: Store, viewer: Viewer, findings: CoverageFindings) -> Table:
    asked, coverage = findings.question, findings.coverage
    return Table(
        ("Setting", "Value"),
        [
            ("as of", get_date(asked.as_of).isoformat()),
            ("reached in the last", f"{findings.history.settings.year_days} days"),
            ("sector", asked.sector_title or "all"),
            ("NAICS prefixes", "; ".join(asked.sector.naics) if asked.sector else "all"),
            ("places of the sector", "; ".join(asked.sector.places) if asked.sector and asked.sector.places else "all"),
            ("place", asked.place or "all"),
            ("employees", asked.size.name if asked.size else "all"),
            ("businesses", str(coverage.size)),
            ("jobs at businesses of known size", str(coverage.jobs)),
            ("businesses of unknown size", str(coverage.jobs_unknown)),
            ("decision-makers needed", str(findings.history.settings.critical_decision_makers)),
        ],
    )


MAKERS: dict[str, Callable[[Store, Viewer, CoverageFindings], Table]] = {
    "agencies": _make_agencies,
    "critical-mass": _make_critical_mass,
    "people": _make_people,
    "settings": _make_settings,
    "strata": _make_strata,
}
